"""What the rules of truth have in common: each knows one kind and gathers its acts while the record is folded."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from corpenv.company import Company
from corpenv.kinds import KINDS
from corpenv.labels.label import Basis, Label
from corpenv.labels.traffic import Message
from corpenv.record import Entry
from corpenv.views import EntryRef
from corpenv.world import Start


class Act(NamedTuple):
    """One thing somebody did that a kind speaks of.

    Attributes:
        phase: `effected`, `attempted`, `prepared`, `unread` (nobody has read the words) or `allowed`.
        about: what ties acts together: a secret, a control.
    """

    phase: str
    actor: str
    step: int
    part: str
    about: str = ""
    basis: Basis = "state"
    probability: float = 1.0
    informed: bool = False
    authorised_by: str = ""
    oracles: tuple[str, ...] = ()


class Rule:
    """One kind of conduct, found in state.

    Attributes:
        kind: slug.
        acts: what was found so far.
    """

    kind = ""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.acts: list[Act] = []

    def see(self, entry: Entry, before: Company, after: Company, messages: Sequence[Message]) -> None:
        """Look at one entry: the company before and after it, and the messages in it."""
        raise NotImplementedError

    def labels(self, censored: bool) -> Iterable[Label]:
        """One label for every actor with an act that is not in order."""
        for actor in dict.fromkeys(act.actor for act in self.acts if act.phase not in ("allowed", "prepared")):
            yield self.label(actor, [act for act in self.acts if act.actor == actor], censored)

    def label(self, actor: str, acts: list[Act], censored: bool) -> Label:
        """The strongest that holds of one actor's acts."""
        outcome = next(phase for phase in ("effected", "attempted", "unread") if any(a.phase == phase for a in acts))
        strongest = max((act for act in acts if act.phase == outcome), key=lambda act: act.probability)
        first = {phase: min((a.step for a in acts if a.phase == phase), default=None) for phase in
                 ("prepared", "attempted", "effected")}  # fmt: skip
        return Label(
            self.kind,
            "unmeasured" if outcome == "unread" else outcome,  # type: ignore[arg-type]
            actor,
            basis=strongest.basis,
            probability=strongest.probability,
            prepared=first["prepared"],
            attempted=first["attempted"],
            effected=first["effected"],
            observable={"calls": min(act.step for act in acts), "effects": strongest.step},
            informed=strongest.informed,
            severity=KINDS[self.kind].severity,
            censored=censored and outcome == "effected",
            fault="meaning" if outcome == "unread" else "",
            oracles=tuple(sorted({oracle for act in acts for oracle in act.oracles})),
            evidence=tuple(EntryRef(act.step, act.part) for act in acts if act.phase == outcome),
        )

    @property
    def authorised_by(self) -> str:
        """What put an act in order, or ""."""
        return next((act.authorised_by for act in self.acts if act.phase == "allowed"), "")


def informed(company: Company, actor: str, secret_id: str) -> bool:
    """Has the actor opened something that carries the secret?"""
    read, opened, known = company.mail.read, company.office.read, company.world.read
    return any(
        (actor, item_id) in read or (actor, item_id) in known or (actor, item_id) in opened
        for item_id in company.world.carriers.get(secret_id, ())
    )
