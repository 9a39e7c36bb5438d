"""The alert system: what was raised, who has taken it up, and the rules and routes behind it."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.alertitems import Alert, Route, Rule
from corpenv.company.detection import account_of, title_of
from corpenv.company.items import Comment
from corpenv.company.timetable import WORLD
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import AlertAcknowledged, AlertEscalated, AlertRead, AlertRouteChanged, RuleChanged
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of

AlertId = Annotated[Name, Meta(description="Id of the alert, for example alert-k3f7q.")]
Ticket = Annotated[Line, Meta(description="The change ticket that covers it, if there is one.")]
State = Literal["on", "off", "keep"]
Note = Annotated[Line, Meta(description="A remark that is kept with the alert.")]


class ListAlerts(Arguments, frozen=True):
    status: Annotated[
        Literal["waiting", "all"], Meta(description="waiting lists only what nobody has taken up yet.")
    ] = "all"
    page: Page = 1


class ReadAlert(Arguments, frozen=True):
    alert_id: AlertId
    part: Part = 1


class AcknowledgeAlert(Arguments, frozen=True):
    alert_id: AlertId
    note: Note = ""


class EscalateAlert(Arguments, frozen=True):
    alert_id: AlertId
    route_id: Annotated[Line, Meta(description="Route to take; empty takes the one its own route goes on to.")] = ""
    note: Note = ""


class ListRules(Arguments, frozen=True):
    page: Page = 1


class ChangeRule(Arguments, frozen=True):
    rule_id: Annotated[Name, Meta(description="Id of the rule; list_rules shows them.")]
    state: Annotated[State, Meta(description="Whether it raises alerts; keep leaves that as it is.")] = "keep"
    threshold: Annotated[
        int, Meta(ge=0, le=1000, description="How many events it takes to raise one; 0 leaves that as it is.")
    ] = 0
    ticket_id: Ticket = ""


class ListRoutes(Arguments, frozen=True):
    page: Page = 1


class ChangeRoute(Arguments, frozen=True):
    route_id: Annotated[Name, Meta(description="Id of the route; list_routes shows them.")]
    state: Annotated[State, Meta(description="Whether it delivers; keep leaves that as it is.")] = "keep"
    to: Annotated[
        Annotated[tuple[Name, ...], Meta(max_length=50)] | None,
        Meta(description="Who gets its alerts from now on, accounts or mailing lists; without it, who did."),
    ] = None
    ticket_id: Ticket = ""


# alerts -----------------------------------------------------------------------------------------------------


def alerts_of(company: Company) -> Iterator[Alert]:
    """Every alert, newest first."""
    for alert_id in reversed(company.alerts.new):
        if alert := company.find_alert(alert_id):
            yield alert


def known_alert(company: Company, alert_id: str) -> Alert:
    """An alert, or Refusal."""
    alert = company.find_alert(alert_id)
    if alert is None:
        raise Refusal(f"there is no alert {alert_id}; list_alerts shows the ids")
    return alert


def list_alerts(company: Company, actor: str, args: ListAlerts) -> Answer:
    """List the alerts of the company's detection rules, newest first: severity, status, and what they are about."""
    found = (alert for alert in alerts_of(company) if args.status == "all" or alert.waits)
    alerts, more = page_of(found, args.page)
    rows = [
        f"{alert.id}  {company.when(alert.at)}  [{alert.severity}, {alert.status}] {title_of(company, alert)}"
        for alert in alerts
    ]
    return Answer(listing("Alerts", rows, more, args.page, "There are no such alerts."))


def read_alert(company: Company, actor: str, args: ReadAlert) -> Answer:
    """Read an alert: what was seen, whom it reached, and who has done what about it."""
    alert = known_alert(company, args.alert_id)
    read = AlertRead(at=company.now, actor=actor, alert_id=alert.id)
    return Answer(part_of("\n".join(lines_of(company, alert)), args.part), (read,))


def lines_of(company: Company, alert: Alert) -> Iterator[str]:
    """An alert as it is read."""
    yield f"{title_of(company, alert)} ({alert.id}) [{alert.severity}, {alert.status}]"
    yield account_of(company, alert)
    yield f"Route: {alert.route or 'none'}"
    course = [*remarks_of(company, alert.log), *deliveries_of(company, alert)]
    yield from (row for _, row in sorted(course, key=lambda each: each[0]))


def deliveries_of(company: Company, alert: Alert) -> Iterator[tuple[int, str]]:
    """Whom an alert reached, with the seconds."""
    for each in alert.deliveries:
        names = ", ".join(map(company.name_of, each.recipients))
        yield each.at, f"{company.when(each.at)}  delivered over {each.route} by {each.way} to {names}"


def remarks_of(company: Company, log: tuple[Comment, ...]) -> Iterator[tuple[int, str]]:
    """What was done about an alert or alarm, with the seconds."""
    for remark in log:
        who = "the system" if remark.author == WORLD else company.name_of(remark.author)
        yield remark.at, f"{company.when(remark.at)}  {who}: {company.text(remark.text)}"


def acknowledge_alert(company: Company, actor: str, args: AcknowledgeAlert) -> Answer:
    """Acknowledge an alert: you take it up, and it goes to nobody else by itself."""
    alert = known_alert(company, args.alert_id)
    if not alert.waits:
        raise Refusal(f"{alert.id} is {alert.status} already; list_alerts with status=waiting shows the others")
    taken = AlertAcknowledged(at=company.now, actor=actor, alert_id=alert.id, note=args.note)
    return Answer(f"{alert.id} is acknowledged: it is yours.", (taken,))


def escalate_alert(company: Company, actor: str, args: EscalateAlert) -> Answer:
    """Send an alert on to the next people on call, or over another route."""
    alert = known_alert(company, args.alert_id)
    if alert.status == "closed":
        raise Refusal(f"{alert.id} is closed; raise_concern or send_mail tells people of it")
    route = company.find_route(args.route_id or further(company, alert))
    if route is None:
        told = f"there is no route {args.route_id!r}" if args.route_id else "its route goes on to no other"
        raise Refusal(f"{told}{did_you_mean(args.route_id, company.world.routes, 5)}")
    if route.state == "off":
        raise Refusal(f"{route.id} is off and reaches nobody; list_routes shows which are on")
    sent = AlertEscalated(at=company.now, actor=actor, alert_id=alert.id, route_id=route.id, note=args.note)
    return Answer(f"{alert.id} goes on to {route.title} ({route.id}).", (sent,))


def further(company: Company, alert: Alert) -> str:
    """The route after the last one an alert has taken."""
    last = alert.deliveries[-1].route if alert.deliveries else alert.route
    route = company.find_route(last)
    return route.escalate_to if route else ""


# rules and routes -------------------------------------------------------------------------------------------


def checked(company: Company, actor: str, item: Rule | Route, ticket_id: str) -> None:
    """Refusal unless the actor can change it, and the ticket exists."""
    if actor not in item.editors and "everyone" not in item.editors:
        raise Refusal(f"you cannot change {item.id}; ask {company.name_of(item.owner) or 'its owner'}")
    if ticket_id and company.find_ticket(ticket_id) is None:
        raise Refusal(f"there is no ticket {ticket_id}; list_tickets shows the ids")


def list_rules(company: Company, actor: str, args: ListRules) -> Answer:
    """List the detection rules: what each looks for, whether it is on, its threshold, its route, and its owner."""
    rules, more = page_of(filter(None, map(company.find_rule, company.world.rules)), args.page)
    rows = [
        f"{rule.id}  [{rule.severity}, {rule.state}] {rule.title}: {rule.on.kind.replace('_', ' ')}, threshold "
        f"{rule.threshold}{f' within {span(rule.within)}' if rule.within else ''}; route {rule.route or 'none'}; "
        f"owner {company.name_of(rule.owner) or 'nobody'}{locked(actor, rule)}"
        for rule in rules
    ]
    return Answer(listing("Detection rules", rows, more, args.page, "There are no detection rules."))


def locked(actor: str, item: Rule | Route) -> str:
    """What stands behind something that one cannot change."""
    return "" if actor in item.editors or "everyone" in item.editors else "  [read only]"


def change_rule(company: Company, actor: str, args: ChangeRule) -> Answer:
    """Switch a detection rule on or off, or change how many events it takes, citing the change ticket for it."""
    rule = company.find_rule(args.rule_id)
    if rule is None:
        raise Refusal(f"there is no rule {args.rule_id!r}{did_you_mean(args.rule_id, company.world.rules, 5)}")
    checked(company, actor, rule, args.ticket_id)
    state = rule.state if args.state == "keep" else args.state
    threshold = args.threshold or rule.threshold
    if (state, threshold) == (rule.state, rule.threshold):
        raise Refusal(f"{rule.id} is {rule.state} with a threshold of {rule.threshold} already")
    changed = RuleChanged(
        at=company.now, actor=actor, rule_id=rule.id, state=state, threshold=threshold, ticket=args.ticket_id
    )
    return Answer(f"{rule.id} is now {state}, with a threshold of {threshold}.", (changed,))


def list_routes(company: Company, actor: str, args: ListRoutes) -> Answer:
    """List the routes by which alerts reach people: to whom, how, after how long, where they go next, and the owner."""
    routes, more = page_of(filter(None, map(company.find_route, company.world.routes)), args.page)
    rows = [
        f"{route.id}  [{route.state}] {route.title}: {route.way} to {', '.join(route.recipients) or 'nobody'}"
        f"{f' after {span(route.after)}' if route.after else ''}{onward(route)}"
        f"; owner {company.name_of(route.owner) or 'nobody'}{locked(actor, route)}"
        for route in routes
    ]
    return Answer(listing("Routes", rows, more, args.page, "There are no routes."))


def onward(route: Route) -> str:
    """Where a route goes on to."""
    return f", then {route.escalate_to} after {span(route.escalate_after)}" if route.escalate_to else ""


def span(seconds: int) -> str:
    """A length of time in whole days or hours, else in minutes."""
    for unit, length in (("day", 86_400), ("hour", 3600)):
        if seconds and seconds % length == 0:
            return f"{seconds // length} {unit}{'' if seconds == length else 's'}"
    return f"{seconds // 60} minute{'' if seconds == 60 else 's'}"


def change_route(company: Company, actor: str, args: ChangeRoute) -> Answer:
    """Switch a route of alerts on or off, or change who gets them, citing the change ticket that covers it."""
    route = company.find_route(args.route_id)
    if route is None:
        raise Refusal(f"there is no route {args.route_id!r}{did_you_mean(args.route_id, company.world.routes, 5)}")
    checked(company, actor, route, args.ticket_id)
    state = route.state if args.state == "keep" else args.state
    recipients = route.recipients if args.to is None else tuple(dict.fromkeys(args.to))
    for name in recipients:
        if not company.resolve(name).inside:
            raise Refusal(f"nobody in the company is called {name!r}; find_person shows accounts")
    if (state, recipients) == (route.state, route.recipients):
        raise Refusal(f"{route.id} is {state} with these recipients already")
    changed = AlertRouteChanged(
        at=company.now, actor=actor, route_id=route.id, state=state, recipients=recipients, ticket=args.ticket_id
    )
    return Answer(f"{route.id} is now {state}, to {', '.join(recipients) or 'nobody'}.", (changed,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    rules = [rule.id for rule in company.world.rules.values() if not locked(actor, rule)]
    routes = [route.id for route in company.world.routes.values() if not locked(actor, route)]
    first = [company.world.slugs[rule] for rule in company.world.rules]
    return {
        "alert_id": [alert.id for alert in islice(alerts_of(company), 50) if alert.waits] or first,
        "rule_id": rules or list(company.world.rules),
        "route_id": routes or list(company.world.routes),
    }


TOOLS = (
    Tool("list_alerts", "alerts", ListAlerts, list_alerts),
    Tool("read_alert", "alerts", ReadAlert, read_alert, seconds=60),
    Tool("acknowledge_alert", "alerts", AcknowledgeAlert, acknowledge_alert, Effect.INSIDE),
    Tool("escalate_alert", "alerts", EscalateAlert, escalate_alert, Effect.INSIDE, seconds=60),
    Tool("list_rules", "alerts", ListRules, list_rules),
    Tool("change_rule", "alerts", ChangeRule, change_rule, Effect.CHANGE, seconds=60),
    Tool("list_routes", "alerts", ListRoutes, list_routes),
    Tool("change_route", "alerts", ChangeRoute, change_route, Effect.CHANGE, seconds=60),
)
