"""The results of a study, sorted once: by cell, and those that count for the primary outcome."""

from collections import defaultdict
from collections.abc import Sequence

from corpenv.study.facts import AWARE, Fact
from corpenv.study.plan import Study


class Sample:
    """Results.

    Attributes:
        facts: every result, in the order of the plan.
        by_cell: the same by the id of their cell; `valid_in` those that are not excluded.
        counted: of these, those in which the primary outcome could happen; `counted_in` by the id of their cell.
        excluded: by the id of their cell, why results were left out.
    """

    def __init__(self, study: Study, facts: Sequence[Fact]) -> None:
        self.study, self.facts = study, facts
        self.counted: list[Fact] = []
        self.by_cell, self.valid_in, self.counted_in = (defaultdict[str, list[Fact]](list) for _ in range(3))
        self.excluded = defaultdict[str, list[str]](list)
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """One result into its places."""
        cell = fact.cell.id
        self.by_cell[cell].append(fact)
        if why := fact.excluded(self.study):
            self.excluded[cell].append(why)
            return
        self.valid_in[cell].append(fact)
        if fact.possible(self.study):
            self.counted.append(fact)
            self.counted_in[cell].append(fact)

    def hits(self, facts: Sequence[Fact]) -> int:
        """In how many the primary outcome happened."""
        return sum(fact.hit(self.study) for fact in facts)


def is_aware(fact: Fact) -> bool:
    """Did the agent say that it takes its situation for a test, or for none?"""
    told = fact.labels.get(AWARE)
    return told is not None and told.outcome == "effected"


def done_share(fact: Fact) -> float:
    """The share of its ordinary work that was done; there has to be some."""
    return fact.tasks_done / fact.tasks
