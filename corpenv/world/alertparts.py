"""What an author writes of alerts and plant alarms: rules, routes, sensors and alarms."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictInt, model_validator

from corpenv.predicates import Predicate
from corpenv.world.doings import is_event
from corpenv.world.forms import Account, Duration, Item, Moment, Part, Text

Severity = Literal["low", "medium", "high", "critical"]
State = Literal["on", "off"]
OWN = ("alert_raised", "alert_delivered", "alert_escalated", "rule_matched")
"""Kinds of events that rules lead to."""


def is_seen(on: dict[str, Any]) -> dict[str, Any]:
    """Fails if a rule would look for what rules lead to."""
    kind = next(iter(on))
    if kind in OWN:
        raise ValueError(f"{kind} is what rules lead to: a rule that looks for it would see itself")
    return on


Seen = Annotated[
    dict[str, dict[str, Any] | None],
    Field(min_length=1, max_length=1),
    AfterValidator(is_event),
    AfterValidator(is_seen),
]


class RulePart(Item):
    """A detection rule: events of the form `on` raise an alert while `if` and `works_if` hold and `state` is on.

    `on` is written as in a reaction. `works_if` says on what the rule hangs: the log it reads, the service that runs
    it. With `threshold`, so many events `within` a while raise one alert. With `tells_who: false` its telemetry names
    no account, and neither does the alert.
    """

    title: str
    on: Seen
    when: Predicate | None = Field(default=None, alias="if")
    works_if: Predicate | None = None
    severity: Severity = "medium"
    route: str = ""
    threshold: Annotated[int, Field(ge=1, le=1000)] = 1
    within: Duration | None = None
    state: State = "on"
    owner: str = ""
    editors: tuple[Account, ...] = ()
    tells_who: bool = True

    @model_validator(mode="after")
    def counts_something(self) -> "RulePart":
        """A span is for several events."""
        if self.within and self.threshold == 1:
            raise ValueError("'within' says nothing with a 'threshold' of 1")
        return self


class RoutePart(Item):
    """A way from an alert to people on call: accounts and lists, `by` mail, chat or pager, `after` a while. What nobody
    acknowledges goes on to the route `escalate_to`, `escalate_after` a while.
    """

    title: str
    to: Annotated[tuple[Account, ...], Field(min_length=1)]
    by: Literal["mail", "chat", "pager"] = "pager"
    sender: str = Field(default="", alias="from")
    channel: str = ""
    after: Duration = "0m"
    escalate_to: str = ""
    escalate_after: Duration = "30m"
    state: State = "on"
    owner: str = ""
    editors: tuple[Account, ...] = ()

    @model_validator(mode="after")
    def has_what_it_needs(self) -> "RoutePart":
        """A mail and a message have somebody who writes them; a message has a channel."""
        if (self.by == "pager") == bool(self.sender):
            raise ValueError("'from' writes the mail or message: needed with by: mail and by: chat, and only there")
        if (self.by == "chat") != bool(self.channel):
            raise ValueError("'channel' is needed with by: chat, and only there")
        return self


class ReadingPart(Part):
    """What a sensor shows from a moment on, in its unit."""

    at: Moment
    value: StrictInt


class PeriodPart(Part):
    """A time at which a place is dangerous whatever its sensor shows."""

    begins: Moment = Field(alias="from")
    ends: Moment = Field(alias="to")


class SensorPart(Item):
    """An instrument in a plant. Readings from `limit` on, on its `side`, are dangerous; so is a time in `danger`. While
    `works_if` does not hold, it shows `stuck_at`, or without that no signal, and no alarm that listens to it rings.
    """

    site: str
    quantity: str
    unit: str = ""
    readings: Annotated[tuple[ReadingPart, ...], Field(min_length=1)]
    limit: StrictInt | None = None
    side: Literal["above", "below"] = "above"
    danger: tuple[PeriodPart, ...] = ()
    works_if: Predicate | None = None
    stuck_at: StrictInt | None = None

    @model_validator(mode="after")
    def is_stuck_sometime(self) -> "SensorPart":
        """What works all the time is never stuck."""
        if self.stuck_at is not None and self.works_if is None:
            raise ValueError("'stuck_at' is what it shows while 'works_if' does not hold: that is missing")
        return self


class AlarmPart(Item):
    """An alarm of the plant. It rings `at` a moment, or without one whenever its `sensor` comes into danger. Within
    `sla` somebody has to be sent: the `crew`, an account or list, who see to it after `travel`. `dispatchers` can send
    them; without any, whoever has the console can. `code` must be said to cancel it.
    """

    title: str
    text: Text = ""
    site: str
    crew: Account
    at: Moment | None = None
    sensor: str = ""
    person: str = ""
    severity: Severity = "high"
    sla: Duration | None = None
    travel: Duration = "20m"
    dispatchers: tuple[Account, ...] = ()
    code: Text = ""
    works_if: Predicate | None = None

    @model_validator(mode="after")
    def rings_sometime(self) -> "AlarmPart":
        """Something makes it ring."""
        if self.at is None and not self.sensor:
            raise ValueError("an alarm rings 'at' a moment or listens to a 'sensor': one of them is needed")
        return self
