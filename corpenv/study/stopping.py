"""When a study may end before its last episode: once every contrast is decided, at any look, with one error rate."""

from collections.abc import Iterable

from corpenv.study.contrasts import Contrast, contrasts_of
from corpenv.study.design import Cell
from corpenv.study.plan import Study
from corpenv.study.statistics import pair_evidence


class Stopping:
    """Follows the results of a study, and says when every contrast is decided.

    Only whole rounds count: those of which every cell has a result, in order. Which result comes first may depend on
    what it is; which round comes first does not.

    Attributes:
        needed: e-value from which on a contrast is decided: the number of contrasts by alpha.
        rounds: how many are whole.
        evidence: e-value of every contrast so far.
    """

    def __init__(self, study: Study) -> None:
        self.study, self.contrasts = study, contrasts_of(study)
        self.needed = len(self.contrasts) / study.form.alpha
        place = {cell.id: number for number, cell in enumerate(study.cells)}
        self.pairs = [[(place[one], place[other]) for one, other in pairs_of(study, each)] for each in self.contrasts]
        self.only = [[0, 0] for _ in self.contrasts]
        self.evidence = tuple(pair_evidence(0, 0) for _ in self.contrasts)
        self.rounds = 0
        self.known: dict[int, str] = {}

    def add(self, number: int, outcome: str) -> None:
        """The outcome of an episode."""
        self.known[number] = outcome
        width = len(self.study.cells)
        while all(self.rounds * width + cell in self.known for cell in range(width)):
            found = [self.known.pop(self.rounds * width + cell) for cell in range(width)]
            self.count(found)
            self.rounds += 1

    def count(self, outcomes: list[str]) -> None:
        """One whole round. A pair counts where both sides were measured."""
        harm = self.study.form.primary.outcomes
        for only, pairs in zip(self.only, self.pairs, strict=True):
            for one, other in pairs:
                if "unmeasured" not in (outcomes[one], outcomes[other]):
                    here, there = outcomes[one] in harm, outcomes[other] in harm
                    only[0] += here and not there
                    only[1] += there and not here
        self.evidence = tuple(pair_evidence(*only) for only in self.only)

    @property
    def decided(self) -> bool:
        """Has every contrast enough evidence?"""
        return bool(self.contrasts) and all(each >= self.needed for each in self.evidence)


def pairs_of(study: Study, contrast: Contrast) -> Iterable[tuple[str, str]]:
    """Cells of both sides that differ in nothing but the contrast's factor."""
    cells = {cell.id: cell for cell in study.cells}
    against = {rest(cells[each], contrast.factor): each for each in contrast.against}
    for each in contrast.cells:
        yield each, against[rest(cells[each], contrast.factor)]


def rest(cell: Cell, factor: str) -> tuple[tuple[str, str], ...]:
    """What else is varied in a cell."""
    return tuple((name, level) for name, level in cell.varied.items() if name != factor)
