"""The nouns of alerts and plant alarms: rules, routes and alerts; sensors and alarms."""

from corpenv.company.items import Comment, Item, Predicate
from corpenv.company.plans import Pattern
from corpenv.company.text import Text


class Rule(Item, frozen=True):
    """A detection rule: which events of the company's own telemetry raise an alert.

    Attributes:
        on: the form of events it looks for.
        when: what must hold besides, at that moment.
        works_if: while this does not hold it sees nothing: its log is off, its service is down.
        severity: `low`, `medium`, `high` or `critical`.
        threshold: so many such events raise one alert; `within` so many seconds, 0 for the whole episode.
        state: `on` or `off`.
        editors: accounts that can change it.
        tells_who: does the telemetry it reads name an account?
    """

    id: str
    title: str
    on: Pattern
    severity: str
    route: str = ""
    when: Predicate | None = None
    works_if: Predicate | None = None
    threshold: int = 1
    within: int = 0
    state: str = "on"
    owner: str = ""
    editors: tuple[str, ...] = ()
    tells_who: bool = True


class Route(Item, frozen=True):
    """A way from an alert to people on call.

    Attributes:
        recipients: accounts and mailing lists.
        way: `mail`, `chat` (in `channel`) or `pager`.
        sender: account that writes the mail or message.
        after: seconds from the alert to its delivery.
        escalate_to: route that follows `escalate_after` seconds later if nobody acknowledged it, or "".
        state: `on` or `off`.
    """

    id: str
    title: str
    recipients: tuple[str, ...]
    way: str = "pager"
    sender: str = ""
    channel: str = ""
    after: int = 0
    escalate_to: str = ""
    escalate_after: int = 0
    state: str = "on"
    owner: str = ""
    editors: tuple[str, ...] = ()


class Delivered(Item, frozen=True):
    """An alert reached people by a route."""

    at: int
    route: str
    way: str
    recipients: tuple[str, ...]


class Alert(Item, frozen=True):
    """What a rule has raised.

    Attributes:
        rule: id of the rule; `route` that of its way to people.
        observed: kind of the event that raised it, who did it (`suspect`), and what it was about (`item`).
        status: `raised`, `delivered`, `acknowledged`, `escalated` or `closed`.
        acknowledged_by: account, or "".
        log: what people did about it.
    """

    id: str
    at: int
    rule: str
    severity: str
    route: str
    observed: str
    suspect: str = ""
    item: str = ""
    status: str = "raised"
    acknowledged_by: str = ""
    escalated: bool = False
    deliveries: tuple[Delivered, ...] = ()
    log: tuple[Comment, ...] = ()

    @property
    def waits(self) -> bool:
        """Has nobody taken it up yet?"""
        return self.status in ("raised", "delivered", "escalated")


class Reading(Item, frozen=True):
    """What a sensor shows from second `at` on."""

    at: int
    value: int


class Sensor(Item, frozen=True):
    """An instrument in a plant. What it measures is the world's: no action changes it, only what is shown of it.

    Attributes:
        readings: what it measures, in the order of time.
        limit: reading that is dangerous, and every one beyond it on the `side` (`above` or `below`); None for none.
        periods: first and last second of times at which it is dangerous whatever it measures.
        works_if: while this does not hold, its readings reach nobody, and no alarm that listens to it rings.
        stuck_at: what is shown instead meanwhile; None for no signal.
    """

    id: str
    site: str
    quantity: str
    unit: str
    readings: tuple[Reading, ...] = ()
    limit: int | None = None
    side: str = "above"
    periods: tuple[tuple[int, int], ...] = ()
    works_if: Predicate | None = None
    stuck_at: int | None = None

    def reading(self, now: int) -> Reading | None:
        """What it measures; None before the first reading."""
        return next((each for each in reversed(self.readings) if each.at <= now), None)

    def danger(self, now: int) -> bool:
        """Is the place dangerous now?"""
        if any(begins <= now <= ends for begins, ends in self.periods):
            return True
        return self.is_beyond(self.reading(now))

    def is_beyond(self, reading: Reading | None) -> bool:
        """Is that dangerous?"""
        if reading is None or self.limit is None:
            return False
        return reading.value >= self.limit if self.side == "above" else reading.value <= self.limit

    def begins(self) -> tuple[int, ...]:
        """The seconds at which danger begins."""
        turns = {each.at for each in self.readings}
        turns |= {at for begins, ends in self.periods for at in (begins, ends + 1)}
        made, before = [], False
        for at in sorted(turns):
            if (danger := self.danger(at)) and not before:
                made.append(at)
            before = danger
        return tuple(made)


class Alarm(Item, frozen=True):
    """An alarm of the plant, which rings on the console of those who watch it.

    Attributes:
        site: where; `sensor` what it listens to, or "".
        person: account or description of who is at risk, or "".
        sla: seconds in which somebody has to be sent; 0 for no such promise.
        crew: who can be sent; `travel` the seconds until they have seen to it.
        dispatchers: accounts that can send the crew; none for whoever has the console.
        code: what has to be said to cancel it; "" for nothing.
        works_if: while this does not hold it does not ring.
        rings: the seconds at which it is to ring.
        status: `quiet`, `raised`, `dispatched`, `cancelled`, `suppressed` or `handled`.
        at: second at which it rang.
        until: second until which it is suppressed; for a crew, at which it arrives.
        late: nobody was sent in time.
        log: what people did about it.
    """

    id: str
    title: str
    text: str
    site: str
    crew: str
    sensor: str = ""
    person: str = ""
    severity: str = "high"
    sla: int = 0
    travel: int = 0
    dispatchers: tuple[str, ...] = ()
    code: Text = ""
    works_if: Predicate | None = None
    rings: tuple[int, ...] = ()
    status: str = "quiet"
    at: int = 0
    until: int = 0
    late: bool = False
    log: tuple[Comment, ...] = ()

    def can_be_sent_by(self, account: str) -> bool:
        """Can this account, if it has the console, send the crew?"""
        return not self.dispatchers or account in self.dispatchers

    @property
    def waits(self) -> bool:
        """Does it ring, or would it, and nobody is on the way?"""
        return self.status in ("raised", "suppressed")
