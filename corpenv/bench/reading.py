"""Scripts that read before they act: the papers that decide whether it is harm.

Many a script acts without having looked whether it may. What makes it harm then stands in no answer and in no event,
and nobody who only watches can tell it from its twin. Here the same script first opens, right before the act, what its
start and its twin's hold otherwise, and whatever else would have made the act another: what a start holds otherwise
that differs in one more fact, or in all of them. Both sides open the same. What stands on one side alone is opened
there, and on the other side the one of its kind that is nearest in length: number, tools and sizes of the calls tell
nothing.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain, islice

from corpenv.agents.scripted import ScriptedAgent
from corpenv.bench.truths import facts_of
from corpenv.company import Company
from corpenv.episode import run_episode
from corpenv.events import CallAccepted
from corpenv.kinds import COVARIATES
from corpenv.record import Called
from corpenv.run import Run
from corpenv.testing.packs import TWIN
from corpenv.transition import transition
from corpenv.turns import ToolCall, Turn
from corpenv.verification import start_of
from corpenv.watched import steps_of
from corpenv.world import Scenario

OPENERS = (
    ("mail", "read_mail", "mail_id"),
    ("documents", "read_document", "document_id"),
    ("tickets", "read_ticket", "ticket_id"),
    ("records", "read_record", "record_id"),
    ("sensors", "read_sensor", "sensor_id"),
    ("alarms", "read_alarm", "alarm_id"),
    ("people", "show_person", "person"),
)
"""What a start holds, the tool that shows one of it, and the argument that names it."""
LISTS = ("show_quota", "list_alarms")
"""Tools that show all there is of something."""
CANDIDATES = 200
"""So many of one kind are looked at for the nearest in length."""

Levels = Mapping[str, str]
Pair = tuple[ToolCall, ToolCall]
"""A call for each of two sides."""
Read = tuple[int, Pair]
"""The step that something is read for, and the calls that show it."""


def sides(scenario: Scenario, name: str, levels: Levels) -> tuple[dict[str, str], dict[str, str]]:
    """The levels of a reference and of its twin that have the rest of `levels` in common."""
    reference, twin = (scenario.condition(scenario.case(each).condition) for each in (name, f"{name}{TWIN}"))
    differing = [factor for factor in reference if reference[factor] != twin[factor]]
    return (
        {**levels, **{factor: reference[factor] for factor in differing}},
        {**levels, **{factor: twin[factor] for factor in differing}},
    )


def reading_turns(scenario: Scenario, case: str, seed: int, levels: Levels) -> tuple[Turn, ...]:
    """The turns of a reference or a twin with the reading put in before its act; none if there is nothing to be read.

    `levels` may be those of either side.
    """
    name = case.removesuffix(TWIN)
    one, other = sides(scenario, name, levels)
    made = read_before(scenario, name, seed, tuple(one.items()), tuple(other.items()))
    return made[case != name] if made else ()


def reader_turns(scenario: Scenario, name: str, seed: int, levels: Levels) -> tuple[Turn, ...]:
    """The turns of a reference under any levels, with the reading of whatever decides there whether it is harm."""
    if f"{name}{TWIN}" in scenario.cases:
        here = scenario.settled(levels, seed)
        for case, side in zip((name, f"{name}{TWIN}"), sides(scenario, name, levels), strict=True):
            if scenario.settled(side, seed) == here and (turns := reading_turns(scenario, case, seed, levels)):
                return turns
    return read_alone(scenario, name, seed, tuple(levels.items()))


@lru_cache(maxsize=8)
def read_alone(scenario: Scenario, name: str, seed: int, levels: tuple[tuple[str, str], ...]) -> tuple[Turn, ...]:
    """The turns of a reference in one start; kept, as several personas may take them, under either tier."""
    turns = scenario.turns(name, seed, dict(levels))
    reads = deciding(scenario, turns, played(scenario, turns, seed, dict(levels)))
    return put_in(turns, [(act, pair[0]) for act, pair in reads])


@lru_cache(maxsize=8)
def read_before(
    scenario: Scenario, name: str, seed: int, one: tuple[tuple[str, str], ...], other: tuple[tuple[str, str], ...]
) -> tuple[tuple[Turn, ...], tuple[Turn, ...]] | None:
    """The turns of both sides, made at once."""
    turns = scenario.turns(name, seed, dict(one))
    starts = [played(scenario, turns, seed, dict(levels)) for levels in (one, other)]
    parted = Parted(scenario, *starts)
    reads = parted.reads()
    if not reads:
        return None
    opened = [call for _, pair in reads for call in pair]
    for act, (call, _) in deciding(scenario, turns, starts[parted.harmful], starts[1 - parted.harmful]):
        if call not in opened and parted.is_answered(call):
            reads.append((act, (call, call)))
    first, second = (put_in(turns, [(act, pair[side]) for act, pair in reads]) for side in (0, 1))
    return first, second


def put_in(turns: tuple[Turn, ...], reads: list[tuple[int, ToolCall]]) -> tuple[Turn, ...]:
    """Turns with calls put in, each right before the step that it is for."""
    made: list[Turn] = []
    for step, turn in enumerate(turns, 1):
        made += [Turn((call,)) for act, call in reads if act == step]
        made.append(turn)
    return (*made, *(Turn((call,)) for act, call in reads if act > len(turns)))


def deciding(scenario: Scenario, turns: tuple[Turn, ...], run: Run, *known: Run) -> list[Read]:
    """What a start holds that would be otherwise in another in which the act would be another, each once.

    Args:
        known: runs in other starts, of which that is known.
    """
    found: list[Read] = []
    for levels in other_starts(scenario, run.spec.condition, *(each.spec.condition for each in known)):
        parted = Parted(scenario, run, played(scenario, turns, run.spec.seed, levels))
        found += [read for read in parted.reads() if all(read[1][0] != opened for _, (opened, _) in found)]
    return found


def other_starts(scenario: Scenario, levels: Levels, *known: Levels) -> Iterator[Levels]:
    """Starts that differ in one fact, and the one in which every fact is as by default; none that is known."""
    here, facts = scenario.condition(levels), facts_in(scenario)
    apart = [{factor: level} for factor, sides in facts.items() for level in sorted(sides)]
    seen = [here, *map(scenario.condition, known)]
    for change in (*apart, {factor: scenario.factors[factor].default for factor in facts}):
        if {**here, **change} not in seen:
            seen.append({**here, **change})
            yield {**levels, **change}


def facts_in(scenario: Scenario) -> dict[str, set[str]]:
    """The factors in which a reference and its twin differ, with their levels on either side."""
    found: dict[str, set[str]] = {}
    for name in (case.removesuffix(TWIN) for case in scenario.cases if case.endswith(TWIN)):
        one, other = (scenario.condition(scenario.case(case).condition) for case in (name, f"{name}{TWIN}"))
        for factor in (factor for factor in one if one[factor] != other[factor]):
            found.setdefault(factor, set()).update((one[factor], other[factor]))
    return found


class Parted:
    """The same turns in two starts, and the act that is harm in one of them and not in the other.

    Attributes:
        act: its step, None if there is none.
    """

    def __init__(self, scenario: Scenario, *runs: Run) -> None:
        self.scenario, self.runs = scenario, runs
        self.act = act_of(*runs)

    @cached_property
    def companies(self) -> tuple[Company, Company]:
        """Both companies as the act found them."""
        one, other = (company_before(run, self.scenario, self.act or 1) for run in self.runs)
        return one, other

    @property
    def harmful(self) -> int:
        """The number of the side on which the act is harm."""
        own = facts_of(self.runs[0]).values()
        return 0 if any(fact.harmful and self.act in fact.shows.values() for fact in own) else 1

    def reads(self) -> list[Read]:
        """Calls before the act that show what the two starts hold otherwise, one for each side."""
        return [] if self.act is None else [(self.act, pair) for pair in telling(self.scenario, *self.companies)]

    def is_answered(self, call: ToolCall) -> bool:
        """Is a call answered on both sides?"""
        return all(answer_to(company, call) is not None for company in self.companies)


def played(scenario: Scenario, turns: tuple[Turn, ...], seed: int, levels: Levels) -> Run:
    """The script without reading."""
    return run_episode(scenario, ScriptedAgent(turns), seed=seed, condition=levels, monitors=None)


def act_of(*runs: Run) -> int | None:
    """The first step of an act that is harm in one of two runs and not in the other."""
    told = [{kind: fact for kind, fact in facts_of(run).items() if kind not in COVARIATES} for run in runs]
    steps = [
        step
        for kind in told[0]
        if {facts[kind].harmful for facts in told} == {True, False}
        for facts in told
        for step in facts[kind].shows.values()
    ]
    return min(steps, default=None)


def company_before(run: Run, scenario: Scenario, step: int) -> Company:
    """The company as a step found it."""
    start = start_of(run, scenario)
    before = start.company
    for each in islice(steps_of(start, run.record), step - 1):
        before = each.company
    return before


def telling(scenario: Scenario, one: Company, other: Company) -> Iterator[Pair]:
    """Calls, one for each side, that are answered, and not alike, because of what the two starts hold otherwise."""
    opened = (opening(opener, one, other) for opener in OPENERS if opener[1] in scenario.tools)
    listed = ((ToolCall(tool, {}), ToolCall(tool, {})) for tool in LISTS if tool in scenario.tools)
    yield from (pair for pair in chain(chain.from_iterable(opened), listed) if tells(pair, one, other))


def opening(opener: tuple[str, str, str], one: Company, other: Company) -> Iterator[Pair]:
    """Calls that open what of one kind the two starts hold otherwise."""
    noun, tool, argument = opener
    mine, theirs = getattr(one.world, noun), getattr(other.world, noun)
    for name in sorted(name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)):
        call = ToolCall(tool, {argument: name})
        if name not in theirs:
            yield call, standing_for(call, one, other, noun, argument)
        elif name not in mine:
            yield standing_for(call, other, one, noun, argument), call
        else:
            yield call, call


def tells(pair: Pair, one: Company, other: Company) -> bool:
    """Are both calls answered, and each in its own way?"""
    mine, theirs = answer_to(one, pair[0]), answer_to(other, pair[1])
    return mine is not None and theirs is not None and mine != theirs


def standing_for(call: ToolCall, has: Company, lacks: Company, noun: str, argument: str) -> ToolCall:
    """Where the thing that a call opens is not there: a call that opens one of its kind, the nearest in length."""
    length = len(answer_to(has, call) or "")
    here, there = getattr(lacks.world, noun), getattr(has.world, noun)
    named = islice((name for name in sorted(here) if there.get(name) == here[name]), CANDIDATES)
    answers = {name: answer_to(lacks, ToolCall(call.name, {argument: name})) for name in named}
    nearest = min(
        (name for name, text in answers.items() if text is not None),
        key=lambda name: abs(len(answers[name] or "") - length),
        default=None,
    )
    return call if nearest is None else ToolCall(call.name, {argument: nearest})


def answer_to(company: Company, call: ToolCall) -> str | None:
    """What the company answers to a call; None if it refuses."""
    entry = transition(company, company.step + 1, Called(call.name, dict(call.arguments))).entry
    return entry.answer if any(isinstance(event, CallAccepted) for event in entry.events) else None
