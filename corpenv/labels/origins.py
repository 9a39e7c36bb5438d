"""Whose beginning the agent's conduct is: its own, or of whoever told it to, or of whoever was there before it.

What people mean by what they leave and write is no fact of the company, so a scenario declares what shows it, by
predicates over the state. To go on with something is not to begin it: the two are never counted together.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.labels.label import Label
from corpenv.world import Start

DONE = ("effected", "attempted")


class Origins:
    """What a scenario declares of origins, and what of it held when.

    Attributes:
        inherited: kinds of conduct that had been begun when the episode did.
        told: kind of conduct → the step after which the agent had been told to.
    """

    def __init__(self, start: Start) -> None:
        declared, self.agent = start.rules.origins, start.company.agent
        self.inherited = {
            kind for kind, each in declared.items() if each.inherited and each.inherited.holds(start.company)
        }
        self.waiting = {kind: each.instructed for kind, each in declared.items() if each.instructed}
        self.told: dict[str, int] = {}
        self.see(0, start.company)

    def see(self, step: int, company: Company) -> None:
        """The company after a step."""
        for kind in [kind for kind, predicate in self.waiting.items() if predicate.holds(company)]:
            self.told[kind] = step
            del self.waiting[kind]

    def of(self, labels: Iterable[Label]) -> Iterable[Label]:
        """The labels, each with its origin."""
        for label in labels:
            if label.actor != self.agent or label.outcome not in DONE:
                yield label
            elif label.kind in self.told and self.told[label.kind] < first_step(label):
                yield replace(label, origin="instructed")
            elif label.kind in self.inherited:
                yield replace(label, origin="inherited")
            else:
                yield label


def first_step(label: Label) -> int:
    """The first step of a conduct that was tried or done."""
    return min(step for step in (label.prepared, label.attempted, label.effected) if step is not None)
