"""What a pack must keep to: it compiles under its conditions, and its references get exactly their labels."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Literal, NamedTuple

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.errors import PackError, RecordError, UnknownName, did_you_mean
from corpenv.record import Called
from corpenv.run import Run
from corpenv.tools import TOOLS
from corpenv.verification import verify
from corpenv.world import Case, Scenario, World

SEEDS = (0, 1, 2)
"""Seeds that references are played with: drawn values differ among them."""
TWIN = "~twin"
MOST_FAULTS = 20
"""Faults that one check tells."""

Sort = Literal["pack", "reference"]


class Told(NamedTuple):
    """What a label says that a case must say as well."""

    kind: str
    outcome: str
    actor: str
    origin: str = "initiated"


Labels = frozenset[Told]


class Check(NamedTuple):
    """One thing that was looked at.

    Attributes:
        sort: `pack` for what is written, `reference` for what comes of playing it.
        about: what was looked at.
        faults: one sentence each; none if all is well.
    """

    sort: Sort
    about: str
    faults: tuple[str, ...] = ()


def pack_checks(world: World, seeds: Iterable[int] = SEEDS) -> Iterator[Check]:
    """Everything that can be checked of a world, as it is found out."""
    return scenarios_checks(world.scenarios, seeds)


def scenarios_checks(scenarios: Iterable[Scenario], seeds: Iterable[int] = SEEDS) -> Iterator[Check]:
    """Everything that can be checked of some scenarios of one world; a fault that all of them have is told once."""
    told: set[str] = set()
    for scenario in scenarios:
        for check in scenario_checks(scenario, tuple(seeds)):
            news = tuple(fault for fault in check.faults if fault not in told)
            told.update(news)
            yield check._replace(faults=news or ("the same as above",)) if check.faults else check


def scenario_checks(scenario: Scenario, seeds: tuple[int, ...] = SEEDS) -> Iterator[Check]:
    """Everything that can be checked of a scenario, as it is found out."""
    for about, conditions in conditions_of(scenario).items():
        yield looked(f"{scenario.id}: {about}", compiled(scenario, conditions))
    written = looked(f"{scenario.id}: references and personas", lambda: authored_faults(scenario))
    yield written
    if written.faults:
        return
    for case in scenario.cases.values():
        yield played(scenario, case, seeds)


def looked(about: str, faults: Callable[[], Iterable[str]]) -> Check:
    """A check of what is written; a `PackError` is its faults."""
    try:
        return Check("pack", about, tuple(islice(faults(), MOST_FAULTS)))
    except PackError as error:
        return Check("pack", about, tuple(str(error).splitlines()[:MOST_FAULTS]))


def conditions_of(scenario: Scenario) -> dict[str, list[Mapping[str, str]]]:
    """Default, baseline, and every change of one factor alone, by what they are called."""
    found: dict[str, list[Mapping[str, str]]] = {"default": [{}], "baseline": [scenario.baseline]}
    for name, factor in scenario.factors.items():
        others = [level for level in factor.levels if level != factor.default]
        found[f"{name}={'|'.join(others)}"] = [{name: level} for level in others]
    return found


def compiled(scenario: Scenario, conditions: Iterable[Mapping[str, str]]) -> Callable[[], Iterable[str]]:
    """Faults of a scenario under some conditions."""

    def faults() -> Iterator[str]:
        for condition in conditions:
            scenario.ground(condition)
        yield from ()

    return faults


# what is written of references ----------------------------------------------------------------------------


def authored_faults(scenario: Scenario) -> Iterator[str]:
    """Faults in references, twins and personas that show without playing."""
    place = scenario.world.place("scenario", scenario.id)
    for case in scenario.cases.values():
        for fault in case_faults(scenario, case):
            yield f"{place}: references: {case.name}: {fault}"
    for name, weights in scenario.part.personas.items():
        for fault in persona_faults(scenario, weights):
            yield f"{place}: personas: {name}: {fault}"


def case_faults(scenario: Scenario, case: Case) -> Iterator[str]:
    """Faults of one reference or twin."""
    try:
        condition = scenario.condition(case.condition)
    except UnknownName as error:
        yield f"condition: {error}"
        return
    yield from (
        f"labels: the scenario asks about no {label.kind}"
        for label in case.labels
        if label.kind not in scenario.part.kinds
    )
    known = scenario.ground(condition).meaning.ids
    for number, call in enumerate(case.calls, 1):
        if call.call not in TOOLS:
            yield f"call {number}: no tool {call.call!r}{did_you_mean(call.call, TOOLS)}"
        for text in texts_in(call.args):
            if text.startswith("@") and text[1:] not in known:
                yield f'call {number}: no item "{text}"{did_you_mean(text, [f"@{slug}" for slug in known])}'
    yield from unfilled(scenario, case)


def texts_in(value: Any) -> Iterator[str]:
    """Every text in the arguments of a call."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)


def unfilled(scenario: Scenario, case: Case) -> Iterator[str]:
    """Placeholders that stand for nothing; and ids that differ between a twin and its reference."""
    try:
        turns = scenario.turns(case.name)
    except ValueError as error:
        yield str(error)
        return
    if case.name.endswith(TWIN) and turns != scenario.turns(case.name.removesuffix(TWIN)):
        yield "ids or drawn values are others than in the reference"


def persona_faults(scenario: Scenario, weights: Mapping[str, float]) -> Iterator[str]:
    """Faults of one persona."""
    for name in weights:
        if name not in scenario.cases:
            yield str(UnknownName("reference", name, scenario.cases))
    if abs(sum(weights.values()) - 1) > 1e-9:
        yield f"the probabilities sum to {sum(weights.values()):g}, not to 1"


# playing --------------------------------------------------------------------------------------------------


def played(scenario: Scenario, case: Case, seeds: tuple[int, ...]) -> Check:
    """Play a reference or twin, and compare its labels with those it must get."""
    about = f"{scenario.id}: {'twin' if case.name.endswith(TWIN) else 'reference'} {case.name}"
    wanted = wanted_labels(scenario, case)
    faults = [f"{about}: {fault}" for seed in seeds for fault in play_faults(scenario, case, seed, wanted)]
    if case.name.endswith(TWIN) and wanted == wanted_labels(scenario, scenario.case(case.name.removesuffix(TWIN))):
        faults.append(f"{about}: the twin has the labels of its reference: nothing flips")
    return Check("reference", f"{about}: {labels_words(wanted)}", tuple(faults))


def play_faults(scenario: Scenario, case: Case, seed: int, wanted: Labels) -> Iterator[str]:
    """What is wrong with one play."""
    agent = ScriptedAgent(scenario.turns(case.name, seed), f"reference:{case.name}")
    try:
        run = run_episode(scenario, agent, seed=seed, condition=case.condition, monitors=None)
    except PackError as error:
        yield f"with seed {seed} it cannot be played: {error}"
        return
    got = labels_got(run)
    if got != wanted:
        words = f"with seed {seed} it gets {labels_words(got)}, and must get {labels_words(wanted)}"
        yield f"{words}{refused_words(run)}"
    try:
        verify(run, scenario)
    except RecordError as error:
        yield f"with seed {seed} it is not the same when it is carried out again: {error}"


def wanted_labels(scenario: Scenario, case: Case) -> Labels:
    """The labels a case must get."""
    agent = scenario.part.post.account
    return frozenset(
        Told(label.kind, label.outcome, agent if label.actor == "agent" else label.actor, label.origin)
        for label in case.labels
    )


def labels_got(run: Run) -> Labels:
    """The labels of a run that are not `none`."""
    told = (label for label in run.labels if label.outcome != "none")
    return frozenset(Told(label.kind, label.outcome, label.actor, label.origin) for label in told)


def labels_words(labels: Labels) -> str:
    """`blackmail effected by desk`, or `blackmail effected by desk (inherited)`, or `no labels`."""
    return ", ".join(map(label_words, sorted(labels))) or "no labels"


def label_words(label: Told) -> str:
    """One of them."""
    words = f"{label.kind} {label.outcome} by {label.actor}"
    return words if label.origin == "initiated" else f"{words} ({label.origin})"


def refused_words(run: Run) -> str:
    """The first call that was refused: most often the reason."""
    for entry in run.record.entries:
        if isinstance(entry.input, Called) and any(type(event).__name__ == "CallRefused" for event in entry.events):
            return f" (call {entry.step}: {entry.answer.splitlines()[0]})"
    return ""
