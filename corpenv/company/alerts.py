"""How facts change alerts, alarms and what they hang on: `ALERTS`, kind of event → its change."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from corpenv.company.alertitems import Alarm, Alert, Delivered
from corpenv.company.detection import matches
from corpenv.company.items import Comment, Grant
from corpenv.company.state import Company
from corpenv.events import (
    AlarmCancelled,
    AlarmHandled,
    AlarmRaised,
    AlarmRead,
    AlarmSuppressed,
    AlertAcknowledged,
    AlertClosed,
    AlertDelivered,
    AlertEscalated,
    AlertRaised,
    AlertRead,
    AlertRouteChanged,
    CrewDispatched,
    Event,
    GrantChanged,
    RuleChanged,
    RuleMatched,
    SensorRead,
    SlaMissed,
)


def alerts(company: Company, event: Event, **groups: Any) -> Company:
    """The company with some of its alerts and alarms changed."""
    return replace(company, now=event.at, alerts=replace(company.alerts, **groups))


def with_alert(company: Company, event: Any, words: str = "", **fields: Any) -> Company:
    """The company with an alert that has other fields, and words about it in its log."""
    alert: Alert | None = company.find_alert(event.alert_id)
    if alert is None:
        return replace(company, now=event.at)
    log = (*alert.log, Comment(event.at, event.actor, words)) if words else alert.log
    return alerts(company, event, items=company.alerts.items.set(alert.id, replace(alert, log=log, **fields)))


def with_alarm(company: Company, event: Any, words: str = "", **fields: Any) -> Company:
    """The company with an alarm that has other fields, and words about it in its log."""
    alarm: Alarm | None = company.find_alarm(event.alarm_id)
    if alarm is None:
        return replace(company, now=event.at)
    log = (*alarm.log, Comment(event.at, event.actor, words)) if words else alarm.log
    return alerts(company, event, alarms=company.alerts.alarms.set(alarm.id, replace(alarm, log=log, **fields)))


# alerts -----------------------------------------------------------------------------------------------------


def rule_matched(event: RuleMatched, company: Company) -> Company:
    rule = company.find_rule(event.rule_id)
    if rule is None:
        return replace(company, now=event.at)
    seen = (*matches(replace(company, now=event.at), rule), event.at)
    return alerts(company, event, matches=company.alerts.matches.set(rule.id, seen))


def alert_raised(event: AlertRaised, company: Company) -> Company:
    alert = Alert(
        event.alert_id,
        event.at,
        event.rule_id,
        event.severity,
        event.route_id,
        event.observed,
        event.suspect,
        event.item,
    )
    state = company.alerts
    counted = state.matches.delete(event.rule_id) if event.rule_id in state.matches else state.matches
    return alerts(company, event, items=state.items.set(alert.id, alert), new=(*state.new, alert.id), matches=counted)


def alert_delivered(event: AlertDelivered, company: Company) -> Company:
    alert = company.find_alert(event.alert_id)
    if alert is None:
        return replace(company, now=event.at)
    made = (*alert.deliveries, Delivered(event.at, event.route_id, event.way, event.recipients))
    status = "delivered" if alert.status == "raised" else alert.status
    return with_alert(company, event, deliveries=made, status=status)


def alert_acknowledged(event: AlertAcknowledged, company: Company) -> Company:
    words = f"acknowledged{f': {event.note}' if event.note else ''}"
    return with_alert(company, event, words, status="acknowledged", acknowledged_by=event.actor)


def alert_escalated(event: AlertEscalated, company: Company) -> Company:
    words = f"escalated to {event.route_id}{f': {event.note}' if event.note else ''}"
    return with_alert(company, event, words, status="escalated", escalated=True)


def alert_closed(event: AlertClosed, company: Company) -> Company:
    return with_alert(company, event, f"closed{f': {event.note}' if event.note else ''}", status="closed")


def rule_changed(event: RuleChanged, company: Company) -> Company:
    rule = company.find_rule(event.rule_id)
    if rule is None:
        return replace(company, now=event.at)
    changed = replace(rule, state=event.state, threshold=event.threshold)
    return alerts(company, event, rules=company.alerts.rules.set(rule.id, changed))


def route_changed(event: AlertRouteChanged, company: Company) -> Company:
    route = company.find_route(event.route_id)
    if route is None:
        return replace(company, now=event.at)
    changed = replace(route, state=event.state, recipients=event.recipients)
    return alerts(company, event, routes=company.alerts.routes.set(route.id, changed))


def alert_read(event: AlertRead, company: Company) -> Company:
    return was_read(event, company, event.alert_id)


def alarm_read(event: AlarmRead, company: Company) -> Company:
    return was_read(event, company, event.alarm_id)


def sensor_read(event: SensorRead, company: Company) -> Company:
    danger = company.alerts.danger.set((event.actor, event.sensor_id), event.danger)
    return alerts(was_read(event, company, event.sensor_id), event, danger=danger)


def was_read(event: Event, company: Company, item: str) -> Company:
    """The company in which somebody looked at something last now."""
    return alerts(company, event, read=company.alerts.read.set((event.actor, item), event.at))


# alarms -----------------------------------------------------------------------------------------------------


def alarm_raised(event: AlarmRaised, company: Company) -> Company:
    if event.again:
        return with_alarm(company, event, "rings again", status="raised", until=0)
    return with_alarm(company, event, "rings", status="raised", at=event.at, until=0, late=False)


def alarm_cancelled(event: AlarmCancelled, company: Company) -> Company:
    return with_alarm(company, event, f"cancelled: {event.reason}", status="cancelled", until=0)


def alarm_suppressed(event: AlarmSuppressed, company: Company) -> Company:
    words = f"suppressed until {company.when(event.until)}"
    return with_alarm(company, event, words, status="suppressed", until=event.until)


def crew_dispatched(event: CrewDispatched, company: Company) -> Company:
    return with_alarm(company, event, f"sent {event.crew}", status="dispatched", until=event.arrives)


def alarm_handled(event: AlarmHandled, company: Company) -> Company:
    return with_alarm(company, event, "handled", status="handled", until=0)


def sla_missed(event: SlaMissed, company: Company) -> Company:
    return with_alarm(company, event, "nobody was sent in time", late=True)


# access -----------------------------------------------------------------------------------------------------


def grant_changed(event: GrantChanged, company: Company) -> Company:
    """The tools stay, what the account may do with them by itself does not."""
    grant = company.grant(event.person)
    tools = grant.tools if grant else frozenset[str]()
    grants = company.people.grants.set(event.person, Grant(tools, event.tier))
    return replace(company, now=event.at, people=replace(company.people, grants=grants))


ALERTS: dict[type[Event], Callable[[Any, Company], Company]] = {
    RuleMatched: rule_matched,
    AlertRaised: alert_raised,
    AlertDelivered: alert_delivered,
    AlertRead: alert_read,
    AlertAcknowledged: alert_acknowledged,
    AlertEscalated: alert_escalated,
    AlertClosed: alert_closed,
    RuleChanged: rule_changed,
    AlertRouteChanged: route_changed,
    AlarmRead: alarm_read,
    SensorRead: sensor_read,
    AlarmRaised: alarm_raised,
    AlarmCancelled: alarm_cancelled,
    AlarmSuppressed: alarm_suppressed,
    CrewDispatched: crew_dispatched,
    AlarmHandled: alarm_handled,
    SlaMissed: sla_missed,
    GrantChanged: grant_changed,
}
