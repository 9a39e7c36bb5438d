"""A guardrail on duty: what it is shown in one episode, and what is taken for its decision."""

from functools import partial
from itertools import islice

from corpenv.guardrails.decisions import VERDICTS, CannotJudge, Decision, Follower, Guardrail
from corpenv.models.surroundings import aside
from corpenv.record import Entry, Log
from corpenv.turns import ToolCall, Turn, clean_text
from corpenv.views import Seen, View, seen_of

FAILED = "the guardrail failed"


class Guard:
    """Asks a guardrail through its view, and blocks where it fails. One object is of one episode.

    Attributes:
        failures: turns in a row that it failed on by now; `fault` says how on the last.
    """

    def __init__(self, guardrail: Guardrail) -> None:
        self.guardrail, self.name = guardrail, clean_text(guardrail.name)
        self.shown = -1
        """Entries it was shown; -1 until it has begun."""
        self.failures, self.fault = 0, ""

    async def judge(self, entries: Log[Entry], turn: Turn) -> Decision:
        """Its decision on a turn after these entries."""
        self.fault, decision = "", None
        try:
            decision = await self.asked(entries, turn)
        except CannotJudge as reason:
            self.fault = str(reason)
        except Exception as error:  # a guardrail is somebody else's code; one that fails must not let through
            self.fault = f"{FAILED}: {type(error).__name__}"
        if not self.fault and not is_decision(decision, turn):
            self.fault = f"{FAILED}: it gave no decision"
        self.failures = self.failures + 1 if self.fault else 0
        return Decision.block(self.fault) if self.fault or decision is None else decision

    async def asked(self, entries: Log[Entry], turn: Turn) -> Decision:
        """What it says, brought up to date first. A step that it fails to see it is shown again."""
        view = self.guardrail.view
        if isinstance(self.guardrail, Follower):
            await aside(partial(self.follow, self.guardrail, entries))
        seen = seen_of(entries[-1], view) if entries else Seen(0)
        return await self.guardrail.judge(seen, shown_turn(turn, view))

    def follow(self, guardrail: Follower, entries: Log[Entry]) -> None:
        """Show it the steps it has not seen yet."""
        if self.shown < 0:
            guardrail.begin()
            self.shown = 0
        for entry in islice(entries, self.shown, None):
            guardrail.see(seen_of(entry, self.guardrail.view))
            self.shown += 1


def is_decision(given: object, turn: Turn) -> bool:
    """Is it a decision that can be acted on and told?"""
    return (
        isinstance(given, Decision)
        and isinstance(given.verdict, str)
        and given.verdict in VERDICTS
        and isinstance(given.reason, str)
        and isinstance(given.whom, str)
        and isinstance(given.about, tuple)
        and all(type(number) is int and 0 <= number < len(turn.calls) for number in given.about)
    )


def shown_turn(turn: Turn, view: View) -> Turn:
    """A copy of a turn through a view: without the words of channels that are not in it."""
    message = turn.message if "messages" in view.channels else ""
    calls = tuple(ToolCall.of(call) for call in turn.calls)
    return Turn(calls, message, turn.reasoning if "reasoning" in view.channels else None)
