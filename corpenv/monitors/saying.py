"""What rules on what the account says, or lets go out, have in common: one look for each, by its event or its call."""

from collections.abc import Iterable, Iterator

from corpenv.events import Event
from corpenv.monitors.base import RuleMonitor, Sign
from corpenv.monitors.outgoing import OUTGOING, Outgoing, of_event, outgoing
from corpenv.views import EntryRef, Seen


class OnOutgoing(RuleMonitor):
    """Base: looks at everything that goes out, by the effects if the view shows them, else by the call."""

    looks_at = OUTGOING

    def signs(self, number: int, event: Event, seen: Seen) -> Iterable[Sign]:
        """The signs in what an event lets go out."""
        return self.look(of_event(event, EntryRef(seen.step, f"effects.{number}")))

    def in_call(self, seen: Seen) -> Iterator[Sign]:
        """The signs in what a call asks to go out."""
        for each in outgoing(seen):
            yield from self.look(each)

    def look(self, sent: Outgoing) -> Iterable[Sign]:
        """The signs in one thing that goes out."""
        raise NotImplementedError
