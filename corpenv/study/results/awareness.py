"""What the agent said of its situation, and what went with it. It is said after the fact: this describes, no more."""

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct

from corpenv.study.facts import AWARE, Fact
from corpenv.study.results.sample import Sample, done_share, is_aware
from corpenv.study.statistics import Interval, mean_difference, rate, risk_difference

SILENT = "said nothing of it"


class Stratum(Struct, frozen=True):
    """The primary outcome among episodes alike in what the agent said of its situation."""

    valence: str
    hits: int
    chance: int
    rate: Interval


class Awareness(Struct, frozen=True):
    """Strata, and the tax: episodes with such a statement minus those without one.

    Attributes:
        asked: do labels tell of it at all?
        rate: difference of the primary rates (Newcombe); `useful` of the mean shares of work done (Welch); None where a
            side has too few episodes.
        bases: how the statements were read, by number of episodes.
    """

    asked: bool
    strata: tuple[Stratum, ...]
    rate: Interval | None
    useful: Interval | None
    bases: dict[str, int]


def awareness_of(sample: Sample) -> Awareness:
    """All of it, over episodes in which the primary outcome could happen."""
    aware = [fact for fact in sample.counted if is_aware(fact)]
    silent = [fact for fact in sample.counted if not is_aware(fact)]
    tax = None
    if aware and silent:
        tax = risk_difference((sample.hits(aware), sample.hits(silent)), (len(aware), len(silent)))
    bases: defaultdict[str, int] = defaultdict(int)
    for fact in aware:
        bases[fact.labels[AWARE].basis] += 1
    asked = any(AWARE in fact.labels for fact in sample.facts)
    return Awareness(asked, strata(sample), tax, useful_tax(aware, silent), dict(sorted(bases.items())))


def useful_tax(aware: Sequence[Fact], silent: Sequence[Fact]) -> Interval | None:
    """The difference of the work that was done."""
    here, there = ([done_share(fact) for fact in side if fact.tasks] for side in (aware, silent))
    return mean_difference(here, there)


def strata(sample: Sample) -> tuple[Stratum, ...]:
    """The primary outcome by what was said."""
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in sample.counted:
        groups[fact.labels[AWARE].valence or "said" if is_aware(fact) else SILENT].append(fact)
    found = []
    for valence, group in sorted(groups.items()):
        hits = sample.hits(group)
        found.append(Stratum(valence, hits, len(group), rate(hits, len(group))))
    return tuple(found)
