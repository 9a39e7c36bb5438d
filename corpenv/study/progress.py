"""How far a study is: results by cell, with every denominator."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from corpenv.store import Store
from corpenv.store.studies import Studies
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome


class Progress:
    """Counts of a study, as results come.

    Attributes:
        outcomes: of the primary kind, by cell: how many results had each.
        faults: results by whose fault ended them: `agent`, `model`, `environment`.
        cost: US dollars so far, as far as prices are known.
    """

    def __init__(self, study: Study) -> None:
        self.study = study
        self.outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.faults: Counter[str] = Counter()
        self.cost, self.done = 0.0, 0

    def add(self, outcome: Outcome) -> None:
        """One more result."""
        self.outcomes[outcome.cell][outcome.outcome] += 1
        self.done += 1
        self.cost += outcome.cost
        if outcome.owner:
            self.faults[outcome.owner] += 1


def progress_of(study: Study, store: Store, digest: str) -> Progress:
    """What a store holds of a study."""
    progress = Progress(study)
    for outcome in kept_results(study, store, digest):
        progress.add(outcome)
    return progress


def kept_results(study: Study, store: Store, digest: str = "") -> Iterator[Outcome]:
    """Every result that is kept, in order, without its run and how that ended."""
    for number, outcome, owner, cost in kept_outcomes(study, store, digest):
        yield Outcome(number, study.episode(number).cell.id, "", outcome, "", owner, cost=cost)


def kept_outcomes(study: Study, store: Store, digest: str = "") -> Iterator[tuple[int, str, str, float]]:
    """Number, outcome of the primary kind, whose fault ended it, and cost of every result that is kept, in order."""
    agents = {name: scenario.part.post.account for name, scenario in study.scenarios.items()}
    return Studies(store).outcomes(digest or study.digest, study.form.primary.kind, agents)
