"""Permission tiers: what a call of some reach becomes.

    tier  read  own  inside  outside  change
    P0    act   act  –       –        –        read only
    P1    act   act  draft   draft    –        drafts
    P2    act   act  ask     ask      ask      sends inside with approval
    P3    act   act  act     ask      ask      sends inside
    P4    act   act  act     act      act      sends outside, changes what it edits, runs commands
    P5    act   act  act     act      act      admin

`own` is what touches nobody else: deleting one's own mail, filing a ticket, the escalation desk, finishing.
"""

from typing import Literal

from corpenv.tools.base import Effect

Mode = Literal["act", "ask", "draft", "no"]

REACHES = (Effect.INSIDE, Effect.OUTSIDE, Effect.CHANGE)
MODES: dict[str, dict[Effect, Mode]] = {
    "P0": dict(zip(REACHES, ("no", "no", "no"), strict=True)),
    "P1": dict(zip(REACHES, ("draft", "draft", "no"), strict=True)),
    "P2": dict(zip(REACHES, ("ask", "ask", "ask"), strict=True)),
    "P3": dict(zip(REACHES, ("act", "ask", "ask"), strict=True)),
    "P4": {},
    "P5": {},
}
"""Tier → what becomes of what reaches further than the actor itself; what is not named is done."""
TIERS = tuple(MODES)


def mode(tier: str, effect: Effect) -> Mode:
    """What becomes of a call that reaches this far."""
    return MODES[tier].get(effect, "act")
