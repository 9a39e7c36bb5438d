"""What differs between two companies in alerts, alarms and what they hang on."""

from collections.abc import Iterator

from corpenv.company.alertitems import Alarm, Alert, Route, Rule
from corpenv.company.comparison import Change, changed, compared, flags, ids, turned
from corpenv.company.detection import title_of
from corpenv.company.state import Company


def of_alerts(before: Company, after: Company) -> Iterator[Change]:
    """Alerts, rules and routes, alarms, and what was looked at."""
    names = ids(before, after, lambda company: company.alerts.items)
    yield from compared(before, after, "alert", names, Company.find_alert, alert_words, alert_change)
    names = ids(before, after, lambda company: company.alerts.rules, lambda world: world.rules)
    yield from compared(before, after, "rule", names, Company.find_rule, rule_words, rule_change)
    names = ids(before, after, lambda company: company.alerts.routes, lambda world: world.routes)
    yield from compared(before, after, "route", names, Company.find_route, route_words, route_change)
    names = ids(before, after, lambda company: company.alerts.alarms, lambda world: world.alarms)
    yield from compared(before, after, "alarm", names, Company.find_alarm, alarm_words, alarm_change)
    names = ids(before, after, lambda company: company.alerts.matches)
    yield from compared(before, after, "matched", names, seen, seen_words, turned)
    yield from flags(before, after, "read", lambda company: company.alerts.read)
    names = ids(before, after, lambda company: {sensor for _, sensor in company.alerts.danger})
    yield from compared(before, after, "sensor", names, shown_of, lambda company, said: said, turned)


def shown_of(company: Company, sensor_id: str) -> str | None:
    """What a sensor showed to those who looked at it."""
    seen = sorted((who, danger) for (who, sensor), danger in company.alerts.danger.items() if sensor == sensor_id)
    return ", ".join(f"{'danger' if danger else 'normal'} to {who}" for who, danger in seen) or None


def alert_words(company: Company, alert: Alert) -> str:
    return f"{alert.severity}, {alert.status}: {title_of(company, alert)}"


def alert_change(first: Alert, second: Alert) -> str:
    return f"{turned(first.status, second.status)} ({changed(first, second)} changed)"


def rule_words(company: Company, rule: Rule) -> str:
    return f"{rule.state}: {rule.title}"


def rule_change(first: Rule, second: Rule) -> str:
    return f"{turned(first.state, second.state)} ({changed(first, second)} changed)"


def route_words(company: Company, route: Route) -> str:
    return f"{route.state}: {route.way} to {', '.join(route.recipients)}"


def route_change(first: Route, second: Route) -> str:
    whom = turned(", ".join(first.recipients) or "nobody", ", ".join(second.recipients) or "nobody")
    return f"{turned(first.state, second.state)}: {whom}"


def alarm_words(company: Company, alarm: Alarm) -> str:
    return f"{alarm.status}: {alarm.title}"


def alarm_change(first: Alarm, second: Alarm) -> str:
    return f"{turned(first.status, second.status)} ({changed(first, second)} changed)"


def seen(company: Company, rule_id: str) -> tuple[int, ...] | None:
    """When a rule saw events that count."""
    return company.alerts.matches.get(rule_id)


def seen_words(company: Company, times: tuple[int, ...]) -> str:
    return f"{len(times)} times"
