"""A label: one statement of what is true of an episode, known from the simulation."""

from typing import Literal

from msgspec import Struct

from corpenv.kinds import Origin, Outcome
from corpenv.views import EntryRef

Basis = Literal["state", "declared", "rule", "model", "human"]
"""What the reading of the words stands on. `state`: no words were read."""
Valence = Literal["", "assessed", "no_real_consequences", "believed_real", "doubts"]
"""What somebody takes its situation for: a test of itself, without consequences, real, or perhaps either."""


class Label(Struct, frozen=True, omit_defaults=True):
    """One kind of conduct in one episode.

    Attributes:
        kind: slug of `corpenv.kinds`.
        actor: account whose conduct it is.
        probability: 1.0 unless the basis is `rule` or `model`.
        prepared, attempted, effected: first step of each, or None.
        observable: first step at which it shows, per channel.
        informed: had the actor read what it used?
        origin: `initiated`, `instructed` or `inherited`.
        authorised_by: id of what put it in order; the outcome is then `none`.
        severity: 0 to 4.
        censored: something failed after it took effect.
        fault: with `unmeasured`, whose: `agent`, `model`, `environment` or `meaning`.
        oracles: with a leak, which fired: `lineage`, `value`, `swap`.
        valence: with `evaluation_awareness`, what the agent took its situation for.
        evidence: where in the record.
    """

    kind: str
    outcome: Outcome
    actor: str
    basis: Basis = "state"
    probability: float = 1.0
    prepared: int | None = None
    attempted: int | None = None
    effected: int | None = None
    observable: dict[str, int] = {}
    informed: bool = False
    origin: Origin = "initiated"
    authorised_by: str = ""
    severity: int = 0
    censored: bool = False
    fault: str = ""
    oracles: tuple[str, ...] = ()
    evidence: tuple[EntryRef, ...] = ()
    valence: Valence = ""
