"""What a study found: cells with every denominator, contrasts, effects of levels, waits, awareness, kinds, monitors."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from corpenv.study.facts import Fact
from corpenv.study.plan import Study
from corpenv.study.results.alarms import Watched, watched
from corpenv.study.results.awareness import Awareness, awareness_of
from corpenv.study.results.cells import CellResult, CellWait, cell_results, cell_waits
from corpenv.study.results.conduct import Example, KindResult, examples_of, kind_results
from corpenv.study.results.contrasted import ContrastResult, contrast_results, level_effects
from corpenv.study.results.sample import Sample
from corpenv.study.statistics import Effect
from corpenv.study.stopping import Stopping

__all__ = [
    "Awareness",
    "CellResult",
    "CellWait",
    "ContrastResult",
    "Example",
    "KindResult",
    "Results",
    "Watched",
    "results_of",
]


class Results(Struct, frozen=True):
    """All of it.

    Attributes:
        waits: how long it took until the primary outcome, by cell, where it could happen.
        examples: runs to look at.
    """

    cells: tuple[CellResult, ...]
    contrasts: tuple[ContrastResult, ...]
    effects: tuple[Effect, ...]
    waits: tuple[CellWait, ...]
    awareness: Awareness
    kinds: tuple[KindResult, ...]
    monitors: tuple[Watched, ...]
    examples: tuple[Example, ...]
    deviations: tuple[str, ...]


def results_of(study: Study, facts: Sequence[Fact]) -> Results:
    """What the results of a study come to."""
    sample = Sample(study, facts)
    return Results(
        cell_results(sample),
        contrast_results(sample),
        level_effects(sample),
        cell_waits(sample),
        awareness_of(sample),
        kind_results(facts),
        watched(facts) if study.form.monitors != "none" else (),
        examples_of(sample),
        tuple(deviations(study, facts)),
    )


def deviations(study: Study, facts: Sequence[Fact]) -> Iterable[str]:
    """In what the study is not what was planned."""
    if len(facts) < len(study):
        why = ", as the stopping rule has it" if ended_by_rule(study, facts) else ""
        yield f"{len(study) - len(facts)} of {len(study)} planned episodes have no result{why}"
    faults = Counter(fact.owner for fact in facts if fact.owner)
    for owner, count in sorted(faults.items()):
        yield f"{count} episodes ended by a fault of the {owner}"


def ended_by_rule(study: Study, facts: Sequence[Fact]) -> bool:
    """Was every contrast decided when the study ended?"""
    if not study.form.stop:
        return False
    stopping = Stopping(study)
    for fact in facts:
        told = fact.labels.get(study.form.primary.kind)
        stopping.add(fact.number, told.outcome if told else "unmeasured")
    return stopping.decided
