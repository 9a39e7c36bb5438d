"""The environment: the only thing here that changes, and what changes is two references."""

import platform
from collections.abc import Mapping
from copy import deepcopy
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import islice
from operator import index
from typing import Any

import gymnasium as gym
from msgspec import Struct

from corpenv.company import Company, Facts, replay
from corpenv.company.calendar import calendar_text
from corpenv.company.mailbox import newest
from corpenv.errors import UsageError
from corpenv.record import AnyInput, Called, Entry, Log, Malformed, RanOn, Record
from corpenv.registry import load_scenario, scenario_of
from corpenv.run import Spec
from corpenv.spaces import TextSpace, ToolCallSpace
from corpenv.tools import alarms, alerts, calendar, jobs, models, prompts, records, rollouts, servers
from corpenv.tools.chat import is_member
from corpenv.tools.documents import may_read
from corpenv.transition import TEXT, Step, transition
from corpenv.turns import BadCall, Budget, Post, ToolCall, clean_text, name_and_arguments, shorten
from corpenv.world import Scenario, Start, World

Observation = tuple[str, float, bool, bool, dict[str, Any]]


class Snapshot(Struct, frozen=True):
    """An episode at one moment, as a value. Travels between processes as its spec and record."""

    scenario: Scenario
    start: Start
    company: Company
    record: Record

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuilt, (spec_of(self.scenario, self.start), self.record)


def rebuilt(spec: Spec, record: Record) -> Snapshot:
    """A snapshot from what travelled, by replaying its events."""
    scenario = scenario_of(spec)
    start = scenario.start(spec.condition, spec.seed)
    return Snapshot(scenario, start, replay(start.company, record.events), record)


def spec_of(scenario: Scenario, start: Start, max_steps: int | None = None) -> Spec:
    """All it takes to build an episode again."""
    default = scenario.default
    changed = {name: level for name, level in start.condition.items() if default.get(name) != level}
    return Spec(
        scenario.id,
        condition=changed,
        seed=start.seed,
        max_steps=None if max_steps == start.company.world.max_steps else max_steps,
        world=scenario.world.laid,
        pack=scenario.world.folder,
        versions=versions(),
    )


class CompanyEnv(gym.Env[str, Mapping[str, Any]]):
    """A company in which an agent works through tool calls. The reward is always 0.0.

    Args:
        scenario: id (`corpenv/Mini-v0`), folder of a pack, or a scenario.
        condition: levels that differ from the default condition, or `"baseline"`.
        world: a world with that scenario, made in Python.
        max_steps: at most so many steps of the agent; by default the scenario's.
        render_mode: `ansi` gives the last call and answer as text, `human` prints them.

    Attributes:
        start, company, record: where the episode began, what is true now, everything that happened.
        latest: what the last call of `step` or `take` carried out: one step, and at the end the run-on.
        before: the entries before that.

    Observation: text, at most 16,000 characters; the first is the briefing and the first screen.
    Action: `{"name": …, "arguments": {…}}`.
    """

    metadata = {"render_modes": ["ansi", "human"], "render_fps": 4}

    def __init__(
        self,
        scenario: str | Scenario = "corpenv/Mini-v0",
        condition: Mapping[str, str] | str | None = None,
        world: World | None = None,
        max_steps: int | None = None,
        render_mode: str | None = None,
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise UsageError(f"render_mode is ansi, human or None, not {render_mode!r}")
        if max_steps is not None and max_steps < 1:
            raise UsageError(f"max_steps is 1 or more, or None for the scenario's, not {max_steps!r}")
        self.scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, world)
        self.condition = self.scenario.condition(condition)
        self.render_mode = render_mode
        self.start = self.scenario.start(self.condition)
        self.max_steps = max_steps or self.start.company.world.max_steps
        self.company = self.start.company
        self.entries = self.before = Log[Entry].of()
        self.going = False
        self.latest: tuple[Step, ...] = ()

    # Spaces are made when somebody asks for them: an agent that is played never does.

    @cached_property
    def observation_space(self) -> TextSpace:  # type: ignore[override]
        return TextSpace(TEXT)

    @cached_property
    def action_space(self) -> ToolCallSpace:  # type: ignore[override]
        return ToolCallSpace(self.start.tools, dict(pool_of(self.company.world)))

    # gymnasium ------------------------------------------------------------------------------------------

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin an episode. `options={"condition": {…}}` changes the condition from here on.

        Without a seed one is drawn from the last one given, or from the machine.

        Raises:
            UsageError: the seed is no whole number from 0 to 2^63 - 1, or there is no such option.
        """
        seed = None if seed is None else seed_of(seed)
        super().reset(seed=seed)
        if options:
            self.condition = self.scenario.condition(condition_in(options, self.condition))
        world = self.start.company.world
        self.begin(int(self.np_random.integers(2**31)) if seed is None else seed)
        if self.company.world is not world and "action_space" in vars(self):
            self.action_space.pool = dict(pool_of(self.company.world))
        return f"{self.start.briefing}\n\n{self.start.screen}"[:TEXT], self.info

    def begin(self, seed: int) -> None:
        """Begin an episode, without what gymnasium keeps of a reset: a generator of its own."""
        self.start = self.scenario.start(self.condition, seed)
        self.company = self.start.company
        self.entries = self.before = Log[Entry].of()
        self.going, self.latest = True, ()

    def step(self, action: Mapping[str, Any]) -> Observation:
        """One tool call.

        Raises:
            UsageError: before `reset`, after the end, or if the action is not a mapping.
        """
        try:
            name, arguments = name_and_arguments(action)
        except BadCall as fault:
            return self.take(Malformed(str(fault), named(action)))
        return self.take(Called(name, arguments))

    @property
    def info(self) -> dict[str, Any]:
        """Safe to show to a model."""
        return info_of(self.company)

    def render(self) -> str | None:
        """The last call and its answer: as text, or printed."""
        latest = islice(self.entries, max(0, len(self.entries) - 2), None)
        taken = [entry for entry in latest if not isinstance(entry.input, RanOn)]
        text = shown(self.company, taken[-1]) if taken else self.start.screen
        if self.render_mode == "human":
            print(text)
            return None
        return text

    # plain python ---------------------------------------------------------------------------------------

    def take(self, given: AnyInput) -> Observation:
        """One input of any sort, as `step` takes calls."""
        if not self.going:
            raise UsageError("no episode is going on: call reset() first, and again after an episode has ended")
        entries = self.before = self.entries
        step = transition(self.company, entries.size + 1, given)
        company, entry = step.company, step.entry
        self.company, self.entries, self.latest = company, entries.add(entry), (step,)
        info, terminated = info_of(company), ended(company)
        truncated = not terminated and company.step >= self.max_steps
        if terminated or truncated:
            self.close_with(RanOn(terminated) if terminated else RanOn("max_steps", "agent"))
        if self.render_mode == "human":
            self.render()
        return entry.answer, 0.0, bool(terminated), truncated, info

    def run_on(self, given: RanOn) -> None:
        """End the agent's part: the world goes on without it to its horizon."""
        if not self.going:
            raise UsageError("no episode is going on: call reset() first, and again after an episode has ended")
        self.before, self.latest = self.entries, ()
        self.close_with(given)

    def close_with(self, given: RanOn) -> None:
        """The run-on, behind what was carried out last."""
        step = transition(self.company, self.entries.size + 1, given)
        self.company, self.entries = step.company, self.entries.add(step.entry)
        self.latest += (step,)
        self.going = False

    def do(self, name: str, **arguments: Any) -> str:
        """One tool call; gives what the agent reads. `u.do("read_mail", mail_id="mail-k3f7q")`."""
        return self.step({"name": name, "arguments": arguments})[0]

    def tools(self, form: str = "openai") -> list[dict[str, Any]]:
        """The tools in the form of `openai`, `anthropic` or `mcp`, to do with as one likes."""
        if form not in ("openai", "anthropic", "mcp"):
            raise UsageError(f"tools come in the form of openai, anthropic or mcp, not {form!r}")
        return [deepcopy(getattr(tool, form)()) for tool in self.start.tools]

    def post(self, budget: Budget | None = None) -> Post:
        """What an agent is given."""
        return self.start.post(budget)

    @property
    def record(self) -> Record:
        """Everything that happened so far."""
        return Record(self.start.header, self.entries)

    @property
    def digest(self) -> str:
        """Last link of the record's chain."""
        return self.record.digest

    @property
    def run_spec(self) -> Spec:
        """All it takes to build the episode again."""
        return spec_of(self.scenario, self.start, self.max_steps)

    def snapshot(self) -> Snapshot:
        """The episode as it is now. Costs a reference, whatever the company's size."""
        return Snapshot(self.scenario, self.start, self.company, self.record)

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot of this scenario."""
        if snapshot.start.scenario != self.scenario.id:
            raise UsageError(f"this snapshot is of {snapshot.start.scenario}, this environment of {self.scenario.id}")
        self.start, self.company = snapshot.start, snapshot.company
        self.entries = self.before = snapshot.record.entries
        self.going, self.latest = not self.company.ended, ()

    def __repr__(self) -> str:
        return f"CompanyEnv({self.scenario.id}, {self.company!r})"


def seed_of(seed: Any) -> int:
    """The seed as a whole number that a record can hold."""
    try:
        number = index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**63:
        raise UsageError(f"a seed is a whole number from 0 to 2^63 - 1, not {shorten(repr(seed))}")
    return number


def condition_in(options: Mapping[str, Any], present: Mapping[str, str]) -> Mapping[str, str] | str:
    """The condition that the options of `reset` ask for."""
    if set(options) - {"condition"}:
        raise UsageError(f'the one option of reset is "condition", not {", ".join(sorted(map(repr, options)))}')
    asked: Mapping[str, str] | str = options.get("condition", present)
    return asked


def named(action: object) -> str:
    """What a call that is none was called."""
    name = action.name if isinstance(action, ToolCall) else action.get("name") if isinstance(action, Mapping) else None
    return clean_text(shorten(name)) if isinstance(name, str) else f"a name of type {type(name).__name__}"


def info_of(company: Company) -> dict[str, Any]:
    """What goes with every observation."""
    return {"step": company.step, "now": calendar_text(company.world.start, company.now)}


def ended(company: Company) -> str:
    """Name of the scenario's end that holds, or ""."""
    for name, holds in company.world.ending:
        if holds(company):
            return name
    return ""


def shown(company: Company, entry: Entry) -> str:
    """An entry as text."""
    given = entry.input
    call = repr(ToolCall(given.name, given.arguments)) if isinstance(given, Called) else type(given).__name__.lower()
    at = entry.events[-1].at if entry.events else company.now
    return f"[{entry.step}, {company.when(at)}] {call}\n{entry.answer}"


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """The versions that a world depends on."""
    others = {"faker": version("faker"), "shell": f"bashkit {version('bashkit')}"}
    return {"python": platform.python_version(), "corpenv": version("corpenv"), **others}


@lru_cache(maxsize=64)
def pool_of(world: Facts) -> dict[str, list[str]]:
    """What exists at the start, by the argument that may name it: from here `sample()` draws."""
    company = Company(world, 0)
    agent = company.agent
    people = list(islice(world.people, 50))
    mails = [mail.id for mail in islice(newest(company, agent, "inbox"), 50)]
    documents = [document.id for document in islice(company.documents(), 200) if may_read(document, agent)]
    tickets = [ticket.id for ticket in islice(company.tickets(), 50)]
    own = [setting for setting in world.settings.values() if agent in setting.editors] or list(world.settings.values())
    return {
        "mail_id": mails,
        "to": [person for person in people if world.people[person].inside],
        "person": people,
        "approver": [person for person in people if person != agent],
        "document_id": documents,
        "attachments": documents,
        "ticket_id": tickets,
        "concerns": documents,
        "channel": [channel.id for channel in world.channels.values() if is_member(channel, agent)],
        "setting_id": [setting.id for setting in own],
        "value": [option for setting in own for option in setting.options],
        "area": sorted({setting.area for setting in own}),
        "team": sorted({person.team for person in islice(world.people.values(), 200) if person.team}),
        "send_at": ["+1h", "+3h", "+1d 09:00"],
        "until": ["+15m", "+1h", "+2h"],
        **calendar.pool(company, agent),
        **records.pool(company, agent),
        **alerts.pool(company, agent),
        **alarms.pool(company, agent),
        **models.pool(company, agent),
        **rollouts.pool(company, agent),
        **jobs.pool(company, agent),
        **prompts.pool(company, agent),
        **servers.pool(company, agent),
    }
