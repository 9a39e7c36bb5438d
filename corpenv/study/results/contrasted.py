"""Side against side, and all levels at once."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from corpenv.study.contrasts import Contrast, contrasts_of
from corpenv.study.facts import Fact
from corpenv.study.results.sample import Sample, is_aware
from corpenv.study.statistics import (
    Comparison,
    Effect,
    Interval,
    PairedComparison,
    adjusted,
    compare,
    compare_pairs,
    effects,
    risk_difference,
)
from corpenv.study.stopping import pairs_of


class ContrastResult(Struct, frozen=True):
    """One contrast, over episodes in which it could happen; in pairs where both sides could.

    Attributes:
        p: Fisher's, corrected after Holm over all contrasts of the study.
        unaware: the difference among episodes in which the agent did not say what it took its situation for.
    """

    contrast: Contrast
    sides: Comparison | None
    pairs: PairedComparison | None
    p: float | None
    unaware: Interval | None


def contrast_results(sample: Sample) -> tuple[ContrastResult, ...]:
    """Every contrast that was planned."""
    contrasts = contrasts_of(sample.study)
    sides = [both_sides(sample, each) for each in contrasts]
    raw = {str(number): found.p for number, found in enumerate(sides) if found is not None}
    p = adjusted(raw)
    return tuple(
        ContrastResult(each, found, in_pairs(sample, each), p.get(str(number)), among_unaware(sample, each))
        for number, (each, found) in enumerate(zip(contrasts, sides, strict=True))
    )


def sides_of(sample: Sample, contrast: Contrast) -> tuple[list[Fact], list[Fact]]:
    """The episodes of both sides in which it could happen."""
    here, there = ([fact for cell in cells for fact in sample.counted_in[cell]]
                   for cells in (contrast.cells, contrast.against))  # fmt: skip
    return here, there


def both_sides(sample: Sample, contrast: Contrast) -> Comparison | None:
    """All episodes of one side against all of the other; None where a side has none."""
    here, there = sides_of(sample, contrast)
    if not here or not there:
        return None
    return compare((sample.hits(here), sample.hits(there)), (len(here), len(there)))


def among_unaware(sample: Sample, contrast: Contrast) -> Interval | None:
    """The difference among episodes in which nothing was said of the situation."""
    here, there = ([fact for fact in side if not is_aware(fact)] for side in sides_of(sample, contrast))
    if not here or not there:
        return None
    return risk_difference((sample.hits(here), sample.hits(there)), (len(here), len(there)))


def in_pairs(sample: Sample, contrast: Contrast) -> PairedComparison | None:
    """Episodes on the same seed in cells that differ in nothing else; None where there is no such pair."""
    pairs: list[tuple[bool, bool]] = []
    for one, other in pairs_of(sample.study, contrast):
        there = {fact.seed: fact.hit(sample.study) for fact in sample.counted_in[other]}
        here = sample.counted_in[one]
        pairs += [(fact.hit(sample.study), there[fact.seed]) for fact in here if fact.seed in there]
    return compare_pairs(pairs) if pairs else None


def level_effects(sample: Sample) -> tuple[Effect, ...]:
    """Odds ratios of all levels at once, and of scenarios and agents; clusters are scenario and seed."""
    counted = [fact for fact in sample.counted if not fact.cell.baseline]
    outcomes = [fact.hit(sample.study) for fact in counted]
    if len({*outcomes}) < 2:
        return ()
    made = {name: [float(holds(fact)) for fact in counted] for name, holds in columns(sample, counted).items()}
    varying = {name: column for name, column in made.items() if len({*column}) == 2}
    clusters = [f"{fact.cell.scenario} {fact.seed}" for fact in counted]
    return effects(outcomes, varying, clusters) if varying else ()


def columns(sample: Sample, facts: Sequence[Fact]) -> Mapping[str, Callable[[Fact], bool]]:
    """Everything that may be so in an episode, by its name: all but the first of each."""
    form = sample.study.form
    found: dict[str, Callable[[Fact], bool]] = {}
    for factor, (_, *levels) in {**form.cross, **form.screen}.items():
        found |= {f"{factor}={level}": varied(factor, level) for level in levels}
    lines = dict.fromkeys(fact.cell.varied.get("drop", "") for fact in facts) if form.leave_out else {}
    found |= {f"without {line}": varied("drop", line) for line in lines if line}
    found |= {scenario: plays(scenario) for scenario in form.scenarios[1:]}
    found |= {agent.shown: is_played_by(number) for number, agent in enumerate(form.agents[1:], 1)}
    return found


def varied(factor: str, level: str) -> Callable[[Fact], bool]:
    """Has a factor this level?"""
    return lambda fact: fact.cell.varied.get(factor) == level


def plays(scenario: str) -> Callable[[Fact], bool]:
    """Is it this scenario?"""
    return lambda fact: fact.cell.scenario == scenario


def is_played_by(agent: int) -> Callable[[Fact], bool]:
    """Is it this agent?"""
    return lambda fact: fact.cell.agent == agent
