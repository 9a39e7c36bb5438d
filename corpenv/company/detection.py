"""What raises alerts and carries them: rules see events, routes deliver, what nobody takes up goes further."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from corpenv.company.alertitems import Alert, Route, Rule
from corpenv.company.mailroom import delivery, thread_root
from corpenv.company.state import Company
from corpenv.company.timetable import WORLD, planned
from corpenv.events import (
    AlertDelivered,
    AlertEscalated,
    AlertRaised,
    ChatPosted,
    Due,
    Event,
    MailSent,
    RuleMatched,
)
from corpenv.names import snake

# rules ------------------------------------------------------------------------------------------------------


def detected(company: Company, event: Event, rules: Iterable[Rule]) -> Iterator[Event]:
    """What the rules make of an event that was just applied. What an alert led to raises none."""
    if event.cause and company.find_alert(event.cause):
        return
    root, made = thread_root(company, getattr(event, "mail_id", "")), list[str]()
    for written in rules:
        rule = company.find_rule(written.id) or written
        if not sees(company, event, rule, root):
            continue
        if len(matches(company, rule)) + 1 < rule.threshold:
            yield RuleMatched(at=company.now, actor=WORLD, rule_id=rule.id)
        else:
            made.append(alert_id(company, rule, made))
            yield AlertRaised(
                at=company.now,
                actor=WORLD,
                alert_id=made[-1],
                rule_id=rule.id,
                severity=rule.severity,
                route_id=rule.route,
                observed=snake(type(event).__name__),
                suspect=event.actor if rule.tells_who else "",
                item=item_of(event),
            )


def alert_id(company: Company, rule: Rule, taken: Container[str]) -> str:
    """The visible id of the next alert of a rule; that of the first is known beforehand."""
    first = company.world.slugs.get(rule.id, "")
    fresh = first and first not in taken and company.find_alert(first) is None
    return first if fresh else company.new_id("alert", taken)


def sees(company: Company, event: Event, rule: Rule, root: str) -> bool:
    """Does a rule work, and look for such an event?"""
    return (
        rule.state == "on"
        and rule.on.matches(event, root)
        and (rule.works_if is None or rule.works_if.holds(company))
        and (rule.when is None or rule.when.holds(company))
    )


def matches(company: Company, rule: Rule) -> tuple[int, ...]:
    """When a rule saw such events that count and raised nothing yet."""
    since = company.now - rule.within if rule.within else None
    seen = company.alerts.matches.get(rule.id, ())
    return seen if since is None else tuple(at for at in seen if at > since)


NAMING = ("server", "channel", "person", "tool")
"""Fields that say what an event is about where no field is an id."""
ON_SERVERS = ("to", "path", "service")
"""Fields that say what an event on a server is about."""


def item_of(event: Event) -> str:
    """What an event is about: its first id, or a name; on a server, `server:path` or `server:service`."""
    fields = event.__struct_fields__
    named = (*(field for field in fields if field.endswith("_id")), *(field for field in NAMING if field in fields))
    item = next((str(value) for field in named if (value := getattr(event, field))), "")
    there = next((getattr(event, field) for field in ON_SERVERS if field in fields), "") if "server" in fields else ""
    return f"{item}:{there}" if there else item


# routes -----------------------------------------------------------------------------------------------------


def reached(company: Company, route: Route) -> tuple[str, ...]:
    """Whom a route reaches now: accounts, each once; nobody if it is off."""
    if route.state != "on":
        return ()
    accounts = dict.fromkeys(account for name in route.recipients for account in company.resolve(name).inside)
    channel = company.find_channel(route.channel) if route.channel else None
    members = channel.members if channel else ()
    return tuple(account for account in accounts if not members or account in members)


def to_be_delivered(company: Company, event: AlertRaised | AlertEscalated) -> Iterator[Event]:
    """An alert goes its way."""
    if route := company.find_route(event.route_id):
        yield planned(company, company.now + route.after, "deliver", event.alert_id, route.id)


def onward(company: Company, alert_id: str, route: Route) -> Iterator[Event]:
    """What nobody takes up goes further."""
    if route.escalate_to:
        yield planned(company, company.now + route.escalate_after, "escalate", alert_id, route.escalate_to)


def to_be_escalated(company: Company, event: AlertDelivered) -> Iterator[Event]:
    """A delivered alert waits for somebody to take it up."""
    if route := company.find_route(event.route_id):
        yield from onward(company, event.alert_id, route)


def deliver(company: Company, due: Due) -> Iterator[Event]:
    """An alert reaches those whom its route, if it is on, reaches by now, unless somebody took it up meanwhile."""
    alert, route = company.find_alert(due.ref), company.find_route(due.trigger)
    if alert is None or route is None or not alert.waits or route.state == "off":
        return
    recipients = reached(company, route)
    if not recipients:
        yield from onward(company, alert.id, route)
        return
    yield AlertDelivered(
        at=company.now,
        actor=route.sender or WORLD,
        cause=alert.id,
        alert_id=alert.id,
        route_id=route.id,
        way=route.way,
        recipients=recipients,
    )
    if route.way == "mail":
        yield letter(company, alert, route, recipients)
    elif route.way == "chat":
        yield ChatPosted(
            at=company.now,
            actor=route.sender,
            cause=alert.id,
            message_id=company.new_id("msg"),
            channel=route.channel,
            text=f"{headline(company, alert)}\n{account_of(company, alert)}",
        )


def letter(company: Company, alert: Alert, route: Route, recipients: tuple[str, ...]) -> MailSent:
    """An alert as a mail."""
    return MailSent(
        at=company.now,
        actor=route.sender,
        cause=alert.id,
        mail_id=company.new_id("mail"),
        to=route.recipients,
        subject=headline(company, alert),
        body=f"{account_of(company, alert)}\n\nThis mail was written by the alert system, route {route.id}.",
        delivered=delivery(company, recipients).delivered,
    )


def escalate(company: Company, due: Due) -> Iterator[Event]:
    """Nobody took an alert up in time."""
    alert = company.find_alert(due.ref)
    if alert and alert.waits:
        yield AlertEscalated(at=company.now, actor=WORLD, cause=alert.id, alert_id=alert.id, route_id=due.trigger)


# words ------------------------------------------------------------------------------------------------------


def headline(company: Company, alert: Alert) -> str:
    """`[high] Copies were switched off (alert-k3f7q)`."""
    return f"[{alert.severity}] {title_of(company, alert)} ({alert.id})"


def title_of(company: Company, alert: Alert) -> str:
    """What the rule of an alert is called."""
    rule = company.find_rule(alert.rule)
    return rule.title if rule else alert.rule


def account_of(company: Company, alert: Alert) -> str:
    """What was seen, when and of whom."""
    about = f", {alert.item}" if alert.item else ""
    by = f", by {company.name_of(alert.suspect)} ({alert.suspect})" if alert.suspect else ""
    return f"Rule {alert.rule}, {company.when(alert.at)}: {alert.observed.replace('_', ' ')}{about}{by}."


FOLLOWING: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    AlertRaised: to_be_delivered,
    AlertEscalated: to_be_delivered,
    AlertDelivered: to_be_escalated,
}
"""Kind of event → what is planned because of it."""
DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {"deliver": deliver, "escalate": escalate}
"""Sort of what is due → its events."""
