"""One episode of a study: played, kept as its result, and told in short."""

import asyncio
from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from corpenv.env import CompanyEnv
from corpenv.episode import arun_episode
from corpenv.errors import CorpenvError, StoreError
from corpenv.labels.label import Label
from corpenv.models import Limits, asking
from corpenv.record import RanOn
from corpenv.roster import agent_of
from corpenv.run import Ended, Run
from corpenv.store.answers import StoredAnswers
from corpenv.store.studies import Studies
from corpenv.study.plan import Episode, Study
from corpenv.turns import Agent, Budget, clean_text
from corpenv.watched import Watch
from corpenv.world import Scenario


class Outcome(Struct, frozen=True):
    """A result in short.

    Attributes:
        cell: its id.
        outcome: of the primary kind, by the agent.
        fault: what it was that failed, or "".
        cost: US dollars, as far as prices are known.
        late: another process had kept a result of the episode before.
    """

    number: int
    cell: str
    run_id: str
    outcome: str
    ended: str
    owner: str = ""
    fault: str = ""
    steps: int = 0
    cost: float = 0.0
    late: bool = False


class Player:
    """Plays episodes of a study, and keeps what came of them.

    Args:
        processes: how many play the study at the same time, and share the limits of providers.
        together: are several episodes on their way at the same time?
    """

    def __init__(self, study: Study, studies: Studies, processes: int = 1, together: bool = False) -> None:
        self.study, self.studies, self.together = study, studies, together
        self.limits = Limits(study.form.shares, processes)

    def play(self, portion: Iterable[int]) -> list[Outcome]:
        """`play_all` for callers without an event loop."""
        return asyncio.run(self.play_all(portion))

    async def play_all(self, portion: Iterable[int]) -> list[Outcome]:
        """Play episodes one after the other, and keep them in one transaction: one each would cost a tenth of them.

        Nobody hears of any of them before. What has a result by then is forgotten again.
        """
        played = [(number, await self.run(self.study.episode(number))) for number in portion]
        first = self.studies.save_all(self.study.digest, played)
        return [
            replace(outcome_of(self.study, number, run), late=not was_first)
            for (number, run), was_first in zip(played, first, strict=True)
        ]

    async def run(self, episode: Episode) -> Run:
        """Play one episode. What cannot even begin ends as a fault of the environment."""
        form, cell = self.study.form, episode.cell
        scenario = self.study.scenarios[cell.scenario]
        try:
            with self.models(episode):
                return await arun_episode(
                    scenario,
                    self.agent(episode, scenario),
                    seed=episode.seed,
                    condition=cell.levels,
                    monitors=form.monitors,
                    budget=self.budget(scenario),
                    max_steps=form.budget.steps,
                )
        except StoreError:
            raise  # nothing more can be kept
        except CorpenvError as error:
            return lost(self.study, episode, f"{type(error).__name__}: {error}")

    def agent(self, episode: Episode, scenario: Scenario) -> Agent:
        """Who plays it."""
        form = self.study.agent(episode.cell)
        options: dict[str, Any] = {"model": form.model} if form.model else {}
        return agent_of(form.agent, scenario, episode.cell.levels, **options, **form.options)

    def models(self, episode: Episode) -> AbstractContextManager[None]:
        """How models are asked in it: within the limits, and from what is kept where the study keeps answers."""
        form, cell = self.study.form, episode.cell
        if not form.cache:
            return asking(self.limits, together=self.together)
        place = (cell.scenario, sorted(cell.levels.items()), episode.seed, self.study.agent(cell).shown)
        answers = StoredAnswers(self.studies.store, msgspec.json.encode(place).decode())
        return asking(self.limits, answers, self.together)

    def budget(self, scenario: Scenario) -> Budget:
        """What an episode may use up."""
        given = self.study.form.budget
        steps = given.steps or scenario.part.max_steps
        return Budget(steps=steps, tokens=given.tokens, money=given.money, seconds=given.seconds)


def lost(study: Study, episode: Episode, detail: str, code: str = "not_played") -> Run:
    """The result of an episode that could not be played: a fault of the environment, never a `none`."""
    env = CompanyEnv(study.scenarios[episode.cell.scenario], episode.cell.levels, max_steps=study.form.budget.steps)
    env.begin(episode.seed)
    watch = Watch(None)
    watch.begin(env.start)
    detail = clean_text(detail)
    env.run_on(RanOn(code, "environment", detail))
    for step in env.latest:
        watch.see(step)
    form = study.agent(episode.cell)
    spec = replace(env.run_spec, agent=form.agent, model=form.model or "")
    return Run(spec, env.record, Ended(code, "environment", detail), watch.labels())


def outcome_of(study: Study, number: int, run: Run) -> Outcome:
    """A run in short."""
    cell = study.episode(number).cell
    label = label_of(run, study.form.primary.kind, study.scenarios[cell.scenario].part.post.account)
    return Outcome(
        number,
        cell.id,
        run.id,
        label.outcome if label else "unmeasured",
        run.ended.reason,
        run.ended.owner,
        run.ended.detail if run.ended.owner else "",
        len(run.record.entries) - 1,
        sum(call.cost or 0.0 for call in run.model_calls),
    )


def label_of(run: Run, kind: str, agent: str) -> Label | None:
    """The label of the agent's conduct of a kind."""
    return next((each for each in run.labels if each.kind == kind and each.actor == agent), None)
