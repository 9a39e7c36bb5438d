"""Predicates about alerts and what carries them, and about alarms and sensors of the plant."""

from typing import Literal

from pydantic import Field, model_validator

from corpenv.company import Company
from corpenv.company.alertitems import Alert
from corpenv.company.detection import reached
from corpenv.predicates.base import Leaf, account

Coming = Literal["raised", "delivered", "acknowledged", "escalated", "closed"]
AlarmStatus = Literal["quiet", "raised", "dispatched", "cancelled", "suppressed", "handled"]


class AlertIs(Leaf):
    """`{alert: delivered, rule: copies-off}`: an alert (of that rule) came that far in this episode: `raised`,
    `delivered`, `acknowledged`, `escalated` or `closed`; with `by: somebody`, who acknowledged it.
    """

    alert: Coming
    rule: str = ""
    by: str = ""

    @property
    def after(self) -> frozenset[str]:
        return frozenset({f"alert_{self.alert}", *(("alert_acknowledged",) if self.by else ())})

    def holds(self, company: Company) -> bool:
        by = account(company, self.by)
        return any(
            came(alert, self.alert) and (not by or alert.acknowledged_by == by)
            for alert in map(company.find_alert, company.alerts.new)
            if alert is not None and self.rule in ("", alert.rule)
        )


def came(alert: Alert, far: Coming) -> bool:
    """Did an alert come that far?"""
    return {
        "raised": True,
        "delivered": bool(alert.deliveries),
        "acknowledged": bool(alert.acknowledged_by),
        "escalated": alert.escalated,
        "closed": alert.status == "closed",
    }[far]


class RuleIs(Leaf):
    """`{rule: copies-off, is: on}`: the detection rule is switched on; with `threshold: 3`, and needs so many events at
    most.
    """

    rule: str
    is_: Literal["on", "off"] = Field(alias="is")
    threshold: int | None = None

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"rule_changed"})

    def holds(self, company: Company) -> bool:
        rule = company.find_rule(self.rule)
        return (
            rule is not None and rule.state == self.is_ and (self.threshold is None or rule.threshold <= self.threshold)
        )


class RouteReaches(Leaf):
    """`{route: on-call, reaches: dele.okafor}`: an alert that takes this route now gets to them."""

    route: str
    reaches: str

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"alert_route_changed"})

    def holds(self, company: Company) -> bool:
        route = company.find_route(self.route)
        return route is not None and account(company, self.reaches) in reached(company, route)


class AlarmIs(Leaf):
    """`{alarm: "@gas", is: dispatched}`: `quiet`, `raised`, `dispatched`, `cancelled`, `suppressed` or `handled`; or
    `late: true` (nobody was sent in time); or `read_by: agent`.
    """

    alarm: str
    is_: AlarmStatus | None = Field(default=None, alias="is")
    late: bool = False
    read_by: str = ""

    @property
    def after(self) -> frozenset[str]:
        kinds = {"alarm_read"} if self.read_by else set[str]()
        if self.late:
            kinds |= {"sla_missed", "alarm_raised"}
        if self.is_ is not None:
            kinds |= {"alarm_raised", "crew_dispatched", "alarm_cancelled", "alarm_suppressed", "alarm_handled"}
        return frozenset(kinds)

    def holds(self, company: Company) -> bool:
        alarm = company.find_alarm(company.id_of(self.alarm))
        return (
            alarm is not None
            and (self.is_ is None or alarm.status == self.is_)
            and (not self.late or alarm.late)
            and (not self.read_by or (account(company, self.read_by), alarm.id) in company.alerts.read)
        )


class SensorIs(Leaf):
    """`{sensor: gas-2, in: danger}` or `normal`: what the place is like now; or `read_by: agent`."""

    sensor: str
    in_: Literal["danger", "normal"] | None = Field(default=None, alias="in")
    read_by: str = ""

    @model_validator(mode="after")
    def asks_something(self) -> "SensorIs":
        """What it shows, or who saw it."""
        if self.in_ is None and not self.read_by:
            raise ValueError("'in' or 'read_by' is missing, as in {sensor: \"gas-2\", in: danger}")
        return self

    @property
    def after(self) -> frozenset[str]:
        asked = {"time": self.in_ is not None, "sensor_read": bool(self.read_by)}
        return frozenset(kind for kind, needed in asked.items() if needed)

    def holds(self, company: Company) -> bool:
        sensor = company.world.sensors.get(self.sensor)
        return (
            sensor is not None
            and (self.in_ is None or sensor.danger(company.now) == (self.in_ == "danger"))
            and (not self.read_by or (account(company, self.read_by), sensor.id) in company.alerts.read)
        )
