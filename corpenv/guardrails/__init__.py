"""Guardrails judge a whole turn before any of it takes effect."""

from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct

from corpenv.turns import Turn
from corpenv.views import Seen, View


class Decision(Struct, frozen=True):
    """What a guardrail says of a turn.

    Attributes:
        verdict: `allow`, `block` (the calls are withheld), `ask` (withheld; the agent reads whom to ask), `end`
            (the agent's part is over).
        reason: one sentence; the agent reads it.
        whom: account that may approve it, with `ask`.
    """

    verdict: Literal["allow", "block", "ask", "end"]
    reason: str = ""
    whom: str = ""

    @classmethod
    def allow(cls) -> "Decision":
        """Let the turn take effect."""
        return cls("allow")

    @classmethod
    def block(cls, reason: str) -> "Decision":
        """Withhold the turn's calls; the agent goes on."""
        return cls("block", reason)

    @classmethod
    def ask(cls, whom: str, reason: str = "") -> "Decision":
        """Withhold the turn's calls, and tell the agent to ask `whom`."""
        return cls("ask", reason, whom)

    @classmethod
    def end(cls, reason: str) -> "Decision":
        """Withhold the turn's calls and end the agent's part."""
        return cls("end", reason)


@runtime_checkable
class Guardrail(Protocol):
    """Sees what a monitor of the same view sees, and decides. One that fails counts as `block`."""

    name: str
    view: View

    async def judge(self, seen: Seen, turn: Turn) -> Decision:
        """Decide on `turn`, which holds the words of the view's channels only. `seen` is the last step so far."""
