"""One entry of the record, looked at event by event."""

from msgspec.structs import replace

from corpenv.company import Company, replay
from corpenv.events import Event, TicketDecided, TicketOpened
from corpenv.record import Entry

TICKETS = frozenset({TicketOpened, TicketDecided})


class Scene:
    """An entry, and the company as it was just before any of its events.

    What is true when something happens counts: an entry can hold days of events. States are made when they are asked
    for, from the last one on.

    Attributes:
        given: the company before the entry, for what no event changes: people, channels, the seed.
        messages: number of the event whose messages were read last, and they.
        passed: the message that was asked about last, and what it gives away.
        would: by cause, number of the first event in which a line was stopped, and what it would have done.
    """

    __slots__ = ("_company", "_decided", "_done", "entry", "given", "messages", "passed", "would")

    def __init__(self, entry: Entry, company: Company) -> None:
        self.entry, self.given, self._company, self._done = entry, company, company, 0
        self.messages: tuple[int, tuple[object, ...]] = (-1, ())
        self.passed: tuple[object, object] = (None, None)
        self.would: dict[str, tuple[int, tuple[Event, ...]]] = {}
        self._decided = -1

    @property
    def step(self) -> int:
        """Number of the entry."""
        return self.entry.step

    def event(self, number: int) -> Event:
        """One of the events."""
        return self.entry.events[number]

    def with_tickets(self, number: int) -> Company:
        """The company just before event `number`, as far as its tickets go: cheaper than `before`."""
        if self._decided < 0:
            events = self.entry.events
            self._decided = next((n for n, event in enumerate(events) if type(event) in TICKETS), len(events))
        return self.given if number <= self._decided else self.before(number)

    def before(self, number: int) -> Company:
        """The company just before event `number`. Numbers are asked for in rising order."""
        if number > self._done:
            self._company = replay(self._company, self.entry.events[self._done : number])
            self._done = number
        at = self.entry.events[number].at
        if self._company.now != at:
            self._company = replace(self._company, now=at)
        return self._company
