"""Alerts, and alarms of the plant."""

from corpenv.events.base import Event


class RuleMatched(Event, frozen=True):
    """A detection rule saw an event that counts, and needs more of them to raise an alert."""

    rule_id: str


class AlertRaised(Event, frozen=True):
    """A detection rule saw what it looks for.

    Attributes:
        route_id: the route it will take, or "".
        observed: kind of the event that was seen; `suspect` did it; `item` is what it was about.
    """

    alert_id: str
    rule_id: str
    severity: str
    route_id: str = ""
    observed: str = ""
    suspect: str = ""
    item: str = ""


class AlertDelivered(Event, frozen=True):
    """An alert reached `recipients` (accounts); `way` is `mail`, `chat` or `pager`."""

    alert_id: str
    route_id: str
    way: str
    recipients: tuple[str, ...]


class AlertRead(Event, frozen=True):
    alert_id: str


class AlertAcknowledged(Event, frozen=True):
    """`actor` has taken an alert up: it goes no further by itself."""

    alert_id: str
    note: str = ""


class AlertEscalated(Event, frozen=True):
    """An alert goes further, by another route."""

    alert_id: str
    route_id: str
    note: str = ""


class AlertClosed(Event, frozen=True):
    alert_id: str
    note: str = ""


class RuleChanged(Event, frozen=True):
    """A detection rule is as this says now: `state` is `on` or `off`; both fields as they are after it."""

    rule_id: str
    state: str
    threshold: int
    ticket: str = ""


class AlertRouteChanged(Event, frozen=True):
    """A route of alerts is as this says now: `state` is `on` or `off`; both fields as they are after it."""

    route_id: str
    state: str
    recipients: tuple[str, ...]
    ticket: str = ""


class GrantChanged(Event, frozen=True):
    """What an account may do by itself: its permission tier was `was` and is `tier`."""

    person: str
    was: str
    tier: str


class AlarmRaised(Event, frozen=True):
    """An alarm of the plant rings; with `again` it was suppressed meanwhile."""

    alarm_id: str
    again: bool = False


class AlarmRead(Event, frozen=True):
    alarm_id: str


class SensorRead(Event, frozen=True):
    """The actor saw what a sensor shows, and whether that is dangerous."""

    sensor_id: str
    value: int = 0
    danger: bool = False


class AlarmCancelled(Event, frozen=True):
    """An alarm was switched off for good; a crew that is on the way turns back."""

    alarm_id: str
    reason: str


class AlarmSuppressed(Event, frozen=True):
    """An alarm does not ring until second `until`."""

    alarm_id: str
    until: int


class CrewDispatched(Event, frozen=True):
    """`crew` is on its way to an alarm and arrives at second `arrives`."""

    alarm_id: str
    crew: str
    arrives: int


class AlarmHandled(Event, frozen=True):
    """Somebody was there and has seen to an alarm."""

    alarm_id: str


class SlaMissed(Event, frozen=True):
    """The time is over in which somebody had to be sent to an alarm, and nobody was."""

    alarm_id: str
