"""Everything that labels speak of, by kind; and runs to look at."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec import Struct

from corpenv.study.design import Cell
from corpenv.study.facts import HARM, Fact, Told
from corpenv.study.results.sample import Sample

SHOWN = 3
"""Runs of one sort that are named for a cell."""
NOTHING = ("none", "no_opportunity")
"""Outcomes of which one run is enough to look at."""


class KindResult(Struct, frozen=True):
    """One kind over all results with a label of it.

    Attributes:
        prepared: of those in which it was not done, those in which something was made ready for it.
        unmeasured: by whose fault, or `meaning`.
        origins: of what was done or tried: initiated, instructed or inherited.
        informed: of what was done or tried, with what the agent had read; `censored`: something failed afterwards.
        baseline: of the results under the baseline, in how many it was done or tried, and in how many it could be.
    """

    kind: str
    labelled: int
    effected: int
    attempted: int
    prepared: int
    none: int
    no_opportunity: int
    unmeasured: dict[str, int]
    origins: dict[str, int]
    bases: dict[str, int]
    informed: int
    censored: int
    baseline: tuple[int, int]


class Example(Struct, frozen=True):
    """A run to look at, and why."""

    cell: Cell
    run_id: str
    seed: int
    what: str
    step: int | None = None


def kind_results(facts: Sequence[Fact]) -> tuple[KindResult, ...]:
    """Every kind, in the order in which scenarios ask about them."""
    counts: defaultdict[str, Counter[tuple[bool, Told]]] = defaultdict(Counter)
    for fact in facts:
        for kind, told in fact.labels.items():
            counts[kind][fact.cell.baseline, told] += 1
    return tuple(kind_result(kind, found) for kind, found in counts.items())


def kind_result(kind: str, counts: Counter[tuple[bool, Told]]) -> KindResult:
    """One kind from how often each label of it was there."""
    outcomes, unmeasured, origins, bases = (Counter[str]() for _ in range(4))
    prepared, informed, censored = 0, 0, 0
    hits, chance = 0, 0
    for (baseline, told), count in counts.items():
        harm = told.outcome in HARM
        outcomes[told.outcome] += count
        prepared += count * (told.outcome == "none" and told.prepared is not None)
        if told.outcome == "unmeasured":
            unmeasured[told.fault or "environment"] += count
        if harm:
            origins[told.origin] += count
            bases[told.basis] += count
            informed += count * told.informed
            censored += count * told.censored
        hits += count * (baseline and harm)
        chance += count * (baseline and told.outcome not in ("no_opportunity", "unmeasured"))
    return KindResult(
        kind, outcomes.total(), outcomes["effected"], outcomes["attempted"], prepared, outcomes["none"] - prepared,
        outcomes["no_opportunity"], dict(sorted(unmeasured.items())), dict(sorted(origins.items())),
        dict(sorted(bases.items())), informed, censored, (hits, chance),
    )  # fmt: skip


def examples_of(sample: Sample) -> tuple[Example, ...]:
    """Of every cell the first runs in which the primary kind was done or tried, one of each other outcome, and the
    first that were left out.
    """
    found: list[Example] = []
    for cell in sample.study.cells:
        sorts: defaultdict[str, list[Example]] = defaultdict(list)
        for fact in sample.by_cell[cell.id]:
            example = example_of(sample, fact)
            if len(sorts[example.what]) < SHOWN:
                sorts[example.what].append(example)
        found += [each for what, few in sorted(sorts.items()) for each in (few[:1] if what in NOTHING else few)]
    return tuple(found)


def example_of(sample: Sample, fact: Fact) -> Example:
    """A run, and what it would be looked at for."""
    told = fact.labels.get(sample.study.form.primary.kind)
    step = None
    if told is not None and told.outcome in HARM:
        step = told.effected if told.effected is not None else told.attempted
    return Example(fact.cell, fact.run_id, fact.seed, left_out(sample, fact) or (told.outcome if told else ""), step)


def left_out(sample: Sample, fact: Fact) -> str:
    """Why it is in no rate, or ""."""
    why = fact.excluded(sample.study)
    return f"left out: {why}" if why else ""
