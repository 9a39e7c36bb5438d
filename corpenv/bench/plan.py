"""What the bank is made of: which agent plays what, under which condition, with which seed. Nothing is played here."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

from corpenv.bench.lookalikes import Lookalike, lookalikes
from corpenv.bench.reading import sides
from corpenv.bench.scored import Source
from corpenv.catalog import NAMESPACE, scenarios
from corpenv.kinds import COVARIATES
from corpenv.names import draw
from corpenv.registry import load_scenario
from corpenv.testing.covering import conditions
from corpenv.testing.packs import TWIN
from corpenv.world import Scenario
from corpenv.world.scenarioparts import LabelPart

Size = Literal["small", "full"]
Levels = Mapping[str, str]


class Planned(Struct, frozen=True):
    """An episode of the bank, before it is played.

    Attributes:
        id: `Scenario-v0/agent/seed`, and behind it the row of the covering set where there is one.
        agent: `reference:NAME`, `reading:NAME`, `reader:PERSONA`, `lookalike:NAME` or `random`.
        levels: what differs from the default condition.
        pair: the same call scripts under two conditions share it; "" has none.
        max_steps: of agents that do not end by themselves.
        calls_under: the levels that its calls are made for, where it is played under others.
    """

    id: str
    scenario: str
    agent: str
    seed: int
    levels: dict[str, str]
    source: Source
    pair: str = ""
    lookalike: bool = False
    max_steps: int | None = None
    calls_under: dict[str, str] | None = None


class Extent(Struct, frozen=True):
    """How much of everything.

    Attributes:
        seeds: of references and twins under the condition they are written for.
        rows: of the covering set, about so many, under which each pair is played besides.
        personas: does every persona play under every row?
        alike: one look-alike of so many.
        alike_seeds: of look-alikes, and of ordinary work.
        random: seeds of the random agent, under the default and the baseline each.
    """

    seeds: tuple[int, ...]
    rows: int
    personas: bool
    alike: int
    alike_seeds: tuple[int, ...]
    random: tuple[int, ...]


EXTENTS: dict[Size, Extent] = {
    "small": Extent((0,), 0, False, 8, (0,), (0,)),
    "full": Extent((0, 1, 2), 4, True, 1, (0, 1), tuple(range(8))),
}
RANDOM_STEPS = 40
WITHOUT, USUAL = "/without", "/usual-tier"
"""Ends of names: the other side of a look-alike, and of a persona."""


@cache
def plan(size: Size = "full") -> tuple[Planned, ...]:
    """The episodes of the bank over every scenario that comes with the package, in the order they are played.

    Raises:
        SetupError: the covering sets of the full bank need covertable.
    """
    shipped = [load_scenario(name) for name in scenarios() if name.startswith(f"{NAMESPACE}/")]
    extent = EXTENTS[size]
    return tuple(each for scenario in shipped for each in of_scenario(scenario, extent))


def of_scenario(scenario: Scenario, extent: Extent) -> Iterator[Planned]:
    """The episodes of one scenario."""
    rows = conditions(scenario) if extent.rows or extent.personas else ()
    for seed in extent.seeds:
        yield from scripted(scenario, seed)
        yield from reading(scenario, seed)
    yield from ordinary(scenario, extent)
    yield from alike(scenario, extent)
    for number, row in enumerate(rows):
        if extent.personas:
            yield from personas(scenario, number, row)
        yield from reading(scenario, number, row, f"row-{number}", extent.rows / len(rows))


def scripted(scenario: Scenario, seed: int) -> Iterator[Planned]:
    """Every reference and every twin as they are written."""
    for name, case in scenario.cases.items():
        reference = name.removesuffix(TWIN)
        pair = reference if f"{reference}{TWIN}" in scenario.cases else ""
        yield planned(scenario, f"reference:{name}", seed, case.condition, pair=pair)


def reading(
    scenario: Scenario, seed: int, row: Levels | None = None, named: str = "", share: float = 1.0
) -> Iterator[Planned]:
    """References and their twins that read before they act, under their own condition or a row of the covering set.

    A share of the pairs is drawn for every row: both sides, or none.
    """
    for twin in scenario.cases:
        name = twin.removesuffix(TWIN)
        if twin == name or draw(seed, "bank", scenario.id, name) / 2**64 >= share:
            continue
        levels = {**(row or {}), **scenario.cases[name].condition}
        for case, own in zip((name, twin), sides(scenario, name, levels), strict=True):
            yield planned(scenario, f"reading:{case}", seed, own, named, f"reading:{name}")


def personas(scenario: Scenario, number: int, row: Levels) -> Iterator[Planned]:
    """Every persona under a row; and where that has another tier than usual, the same calls under the usual one.

    What it reads is what decides under the usual tier: under a lower one much cannot be done at all.
    """
    usual = {**row, "tier": scenario.factors["tier"].default}
    differs = scenario.condition(row) != scenario.condition(usual)
    for end, levels in (("", row), (USUAL, usual)) if differs else (("", row),):
        for agent in (f"reader:{name}" for name in scenario.part.personas):
            pair = agent if differs else ""
            yield planned(scenario, agent, number, levels, f"row-{number}{end}", pair, calls_under=usual)


def ordinary(scenario: Scenario, extent: Extent) -> Iterator[Planned]:
    """Work without a plot: under the baseline scripts that do no harm, and calls at random."""
    baseline = scenario.baseline
    for seed in extent.alike_seeds:
        for name in harmless(scenario):
            yield planned(scenario, f"reference:{name}", seed, baseline, "baseline", source="ordinary")
    for seed in extent.random:
        for named, levels in (("", {}), ("baseline", baseline)):
            yield planned(scenario, "random", seed, levels, named, source="ordinary", max_steps=RANDOM_STEPS)


def harmless(scenario: Scenario) -> list[str]:
    """Scripts of personas, which can be played under any condition, that are no harm as they are written."""
    named = dict.fromkeys(name for weights in scenario.part.personas.values() for name in weights)
    return [name for name in named if not any(is_harm(label) for label in scenario.case(name).labels)]


def is_harm(label: LabelPart) -> bool:
    """Does a label that a reference must get tell of harm, or of something nobody can tell?"""
    return label.kind not in COVARIATES and label.outcome in ("effected", "attempted", "unmeasured")


def alike(scenario: Scenario, extent: Extent) -> Iterator[Planned]:
    """Look-alikes, and where one fact is what permits them, the same calls without it."""
    cases = [case for case in lookalikes().values() if case.scenario == scenario.id and not case.fires]
    for case in cases[:: extent.alike]:
        for seed in extent.alike_seeds:
            yield from both(scenario, case, seed)


def both(scenario: Scenario, case: Lookalike, seed: int) -> Iterator[Planned]:
    """A look-alike, and its calls where they are harm."""
    pair, agent = case.id if case.without else "", f"lookalike:{case.id}"
    yield planned(scenario, agent, seed, case.condition, pair=pair, source="lookalike", lookalike=True)
    if case.without:
        levels = {**case.condition, **case.without.condition}
        yield planned(scenario, agent, seed, levels, WITHOUT.strip("/"), pair, source="twin")


def planned(
    scenario: Scenario,
    agent: str,
    seed: int,
    levels: Levels,
    named: str = "",
    pair: str = "",
    source: Source | None = None,
    lookalike: bool = False,
    max_steps: int | None = None,
    calls_under: Levels | None = None,
) -> Planned:
    """An episode; `named` tells its condition from the one that the agent's name brings along."""
    short = scenario.id.rpartition("/")[2]
    behind = "/".join((str(seed), *filter(None, (named,))))
    return Planned(
        f"{short}/{agent}/{behind}",
        scenario.id,
        agent,
        seed,
        dict(levels),
        source or source_of(agent),
        f"{short}/{pair}/{behind.removesuffix(WITHOUT).removesuffix(USUAL)}" if pair else "",
        lookalike,
        max_steps,
        None if calls_under is None else dict(calls_under),
    )


def source_of(agent: str) -> Source:
    """Where the calls of an agent come from."""
    form, _, name = agent.partition(":")
    if form == "reader":
        return "persona"
    return "twin" if name.endswith(TWIN) else "reference"
