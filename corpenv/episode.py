"""One episode: an agent, a company, monitors and guardrails, from the briefing to the run-on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from corpenv.env import CompanyEnv, named, seed_of
from corpenv.errors import AgentFault, UsageError
from corpenv.guardrails.decisions import Guardrail, as_guardrail, spec_of
from corpenv.guardrails.guard import Guard
from corpenv.guardrails.rulings import ALLOWED, Ruling, check_reviewers
from corpenv.models.calls import ModelCall, calls_by
from corpenv.models.surroundings import aside
from corpenv.record import Called, Malformed, RanOn, Said
from corpenv.registry import load_scenario
from corpenv.roster import agent_of, as_agent, condition_for
from corpenv.run import Ended, Run
from corpenv.transition import Step
from corpenv.turns import Agent, BadCall, Budget, ToolCall, Turn, clean_text
from corpenv.verification import tasks_of
from corpenv.views import Monitor
from corpenv.watched import Watch
from corpenv.world import Scenario, World

T = TypeVar("T")
SILENT = 3
"""Turns without a call in a row that end an episode; and turns in a row that a guardrail fails on."""


async def arun_episode(
    scenario: str | Scenario,
    agent: str | Agent | Callable[[str], Any],
    *,
    seed: int = 0,
    condition: Mapping[str, str] | str | None = None,
    world: World | None = None,
    monitors: str | Iterable[Monitor] | None = "rules",
    guardrails: Sequence[Guardrail] = (),
    budget: Budget | None = None,
    max_steps: int | None = None,
    on_step: Callable[[Step, Watch], None] | None = None,
) -> Run:
    """Play one episode and keep it.

    A fault of the agent or its model ends the episode and is told in `run.ended`; it is never booked as `none`.

    Args:
        scenario: id, folder of a pack, or a scenario.
        agent: anything with `begin`, `act` and `end`, a function from an observation to a call, or a name such as
            `random`, `reference:NAME` or `persona:NAME`.
        condition: levels that differ from the default, or `"baseline"`.
        monitors: `"rules"`, names, monitors, or None.
        guardrails: judge every turn before it takes effect, in this order; of one episode at a time.
        budget: what the agent may use up.
        on_step: is called after every step, for a live display.
    """
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, world)
    player, levels = cast(chosen, agent, condition)
    env = CompanyEnv(chosen, levels, max_steps=max_steps)
    env.begin(seed_of(seed))
    guards = tuple(Guard(as_guardrail(each)) for each in guardrails)
    check_reviewers(guardrails, env.company)
    episode = Episode(env, player, Watch(monitors), guards, on_step)
    await episode.play(budget or Budget(steps=env.max_steps))
    return episode.run()


def run_episode(scenario: str | Scenario, agent: str | Agent | Callable[[str], Any], **options: Any) -> Run:
    """`arun_episode` for callers without an event loop, notebooks' own loop included."""
    return on_a_loop(lambda: arun_episode(scenario, agent, **options))


def on_a_loop(play: Callable[[], Awaitable[T]]) -> T:
    """What is given to somebody who awaits it on a loop of its own."""
    given: list[T] = []

    async def keep() -> None:  # gives nothing: a loop puts what its task gave into words, a whole run too
        given.append(await play())

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(keep())
        return given[0]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(keep())).result()
    return given[0]


def cast(
    scenario: Scenario, agent: str | Agent | Callable[[str], Any], condition: Mapping[str, str] | str | None
) -> tuple[Agent, Mapping[str, str] | str | None]:
    """Who plays, and under which levels: a reference or twin brings its own, and `condition` goes over them."""
    if not isinstance(agent, str):
        return as_agent(agent), condition
    asked = scenario.condition(condition) if isinstance(condition, str) else condition
    levels = condition_for(agent, scenario, asked)
    return agent_of(agent, scenario, levels), levels


def words_of(turn: Turn) -> tuple[str, str | None]:
    """Message and reasoning of a turn, as a record can hold them."""
    return clean_text(turn.message), None if turn.reasoning is None else clean_text(turn.reasoning)


def inputs_of(turn: Turn) -> list[Called | Malformed]:
    """The calls of a turn, as they take effect if nobody objects; its words stand on the first."""
    first, *rest = turn.calls
    return [input_of(first, *words_of(turn)), *[input_of(call) for call in rest]]


def input_of(call: Any, message: str = "", reasoning: str | None = None) -> Called | Malformed:
    """One call, or what was wrong with it."""
    try:
        clean = ToolCall.of(call)
    except BadCall as fault:
        return Malformed(str(fault), named(call), message, reasoning)
    return Called(clean.name, clean.arguments, message, reasoning)


class Episode:
    """One play, on its way."""

    def __init__(
        self,
        env: CompanyEnv,
        agent: Agent,
        watch: Watch,
        guards: tuple[Guard, ...] = (),
        on_step: Callable[[Step, Watch], None] | None = None,
    ) -> None:
        self.env, self.agent, self.watch, self.guards, self.on_step = env, agent, watch, guards, on_step
        self.silent = 0

    async def play(self, budget: Budget) -> None:
        """From the briefing to the run-on."""
        env = self.env
        self.watch.begin(env.start)
        answers: tuple[str, ...] = (env.start.screen,)
        try:
            self.agent.begin(env.post(budget))
            while env.going:
                answers = await self.acted(answers)
        except AgentFault as fault:
            await self.stop(RanOn(fault.code, fault.owner, clean_text(fault.detail)))
        self.agent.end(env.company.ended)

    async def acted(self, answers: tuple[str, ...]) -> tuple[str, ...]:
        """The agent's next turn; what it is answered."""
        try:
            turn = await self.agent.act(answers)
        except BadCall as fault:
            return (await self.take(Malformed(str(fault), "")),)
        if not isinstance(turn, Turn):
            raise UsageError(f"{self.agent.name}: act() gives a Turn, not {type(turn).__name__}")
        return await self.taken(turn)

    async def taken(self, turn: Turn) -> tuple[str, ...]:
        """A turn takes effect, as far as guardrails let it; what it is answered."""
        if not turn.calls:
            return await self.said(turn)
        self.silent = 0
        given = inputs_of(turn)
        ruling = await self.judged(turn, given) if self.guards else ALLOWED
        answers = []
        for each in given:
            if not self.env.going:
                break
            withheld = ruling.over(each, self.env.entries) if isinstance(each, Called) else None
            answers.append(await self.take(withheld or each))
        if self.env.going:
            await self.guarded(ruling)
        return tuple(answers)

    async def guarded(self, ruling: Ruling) -> None:
        """The agent's part is over if a guardrail ends it, or has failed so often that nothing gets through."""
        failing = next((guard for guard in self.guards if guard.failures >= SILENT), None)
        if ruling.decision.verdict == "end":
            await self.stop(RanOn("guardrail", "", clean_text(f"{ruling.by}: {ruling.decision.reason}")))
        elif failing:
            detail = f"{failing.name} could not judge {SILENT} turns in a row: {failing.fault}"
            await self.stop(RanOn("guardrail_failed", "environment", clean_text(detail)))

    async def said(self, turn: Turn) -> tuple[str, ...]:
        """A turn without calls; the third in a row ends the episode."""
        answer = await self.take(Said(*words_of(turn)))
        self.silent += 1
        if self.silent >= SILENT and self.env.going:
            await self.stop(RanOn("silent", "agent", f"{SILENT} turns in a row had no call"))
        return (answer,)

    async def judged(self, turn: Turn, given: Sequence[Called | Malformed]) -> Ruling:
        """The first decision that is not to allow the turn. Who was asked and has approved it, lets it through."""
        calls = tuple(ToolCall(each.name, each.arguments) for each in given if isinstance(each, Called))
        judged = Turn(calls, *words_of(turn))
        for guard in self.guards if calls else ():
            ruling = Ruling(await guard.judge(self.env.entries, judged), guard.name, judged)
            if ruling.decision.verdict != "allow" and not ruling.approved(self.env.entries):
                return ruling
        return ALLOWED

    async def take(self, given: Any) -> str:
        """One input, watched."""
        answer = self.env.take(given)[0]
        await self.see()
        return answer

    async def stop(self, given: RanOn) -> None:
        """The agent's part is over before its time."""
        self.env.run_on(given)
        await self.see()

    async def see(self) -> None:
        """Look at what was carried out; with monitors that ask models, other episodes go on meanwhile."""
        if self.watch.asks:
            await aside(self.look)
        else:
            self.look()

    def look(self) -> None:
        """Show monitors, truth and the display what was carried out."""
        for step in self.env.latest:
            self.watch.see(step)
            if self.on_step:
                self.on_step(step, self.watch)

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """Every attempt to get an answer from a model: the agent's, the monitors' and the guardrails'."""
        asked = getattr(self.agent, "model_calls", ())
        guarding = (call for guard in self.guards for call in calls_by(guard.guardrail, guard.name))
        return (*asked, *self.watch.model_calls, *guarding)

    def run(self) -> Run:
        """The episode, kept."""
        last = self.env.record.entries[-1].input
        assert isinstance(last, RanOn)
        spec = replace(
            self.env.run_spec,
            agent=self.agent.name,
            model=getattr(self.agent, "model", ""),
            guardrails=tuple(spec_of(guard.guardrail) for guard in self.guards),
            monitors=tuple(each.name for each in self.watch.pristine),
        )
        return Run(
            spec,
            self.env.record,
            Ended(last.reason, last.owner, last.detail),
            self.watch.labels(),
            tuple(self.watch.findings),
            self.model_calls,
            tasks_of(self.env.start, self.env.company),
        )
