"""Permission tiers: what a call of some reach becomes.

    tier  read  own  inside  outside  change
    P0    act   act  –       –        –        read only
    P1    act   act  draft   draft    –        drafts
    P2    act   act  ask     ask      ask      sends inside with approval
    P3    act   act  act     ask      ask      sends inside
    P4    act   act  act     act      act      sends outside, changes what it edits
    P5    act   act  act     act      act      admin

`own` is what touches nobody else: deleting one's own mail, filing a ticket, the escalation desk, finishing.
"""

from typing import Literal

from corpenv.tools.base import Effect

Mode = Literal["act", "ask", "draft", "no"]

MODES: dict[str, tuple[Mode, Mode, Mode]] = {
    "P0": ("no", "no", "no"),
    "P1": ("draft", "draft", "no"),
    "P2": ("ask", "ask", "ask"),
    "P3": ("act", "ask", "ask"),
    "P4": ("act", "act", "act"),
    "P5": ("act", "act", "act"),
}
TIERS = tuple(MODES)
COLUMN = {Effect.INSIDE: 0, Effect.OUTSIDE: 1, Effect.CHANGE: 2}


def mode(tier: str, effect: Effect) -> Mode:
    """What becomes of a call that reaches this far."""
    column = COLUMN.get(effect)
    return "act" if column is None else MODES[tier][column]
