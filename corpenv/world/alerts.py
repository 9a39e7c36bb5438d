"""The rules, routes, sensors and alarms of a world under one condition."""

from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.alertitems import Alarm, Reading, Route, Rule, Sensor
from corpenv.company.calendar import duration
from corpenv.company.items import Predicate
from corpenv.events import Due
from corpenv.predicates import All
from corpenv.world.alertparts import AlarmPart, RoutePart, RulePart, SensorPart
from corpenv.world.plans import check_predicate, pattern_of
from corpenv.world.resolve import Resolver


def make_alerts(names: Resolver) -> None:
    """Sensors, alarms and when they ring; routes; rules, by what they look for."""
    facts = names.facts
    facts.sensors = {part.id: sensor_of(names, part) for part in names.there("sensors")}
    for part in names.there("alarms"):
        put(names, alarm_of(names, part), part)
    facts.routes = {part.id: route_of(names, part) for part in names.there("routes")}
    check_circles(names)
    facts.rules = {part.id: rule_of(names, part) for part in names.there("rules")}
    for rule in facts.rules.values():
        facts.watching[rule.on.kind] = (*facts.watching.get(rule.on.kind, ()), rule)


# alarms -----------------------------------------------------------------------------------------------------


def sensor_of(names: Resolver, part: SensorPart) -> Sensor:
    """One authored sensor."""
    readings = sorted((names.at(each.at), number, each.value) for number, each in enumerate(part.readings))
    for number, each in enumerate(part.danger):
        if names.at(each.ends) < names.at(each.begins):
            names.fault(part, ("danger", number, "to"), f"{each.ends!r} lies before {each.begins!r}")
    check_predicate(names, part, "works_if", part.works_if)
    return Sensor(
        part.id,
        names.plain(part, "site", part.site),
        part.quantity,
        part.unit,
        tuple(Reading(at, value) for at, _, value in readings),
        part.limit,
        part.side,
        tuple((names.at(each.begins), names.at(each.ends)) for each in part.danger),
        part.works_if,
        part.stuck_at,
    )


def alarm_of(names: Resolver, part: AlarmPart) -> Alarm:
    """One authored alarm, quiet."""
    names.recipient(part, "crew", part.crew)
    names.listed(part, "sensor", part.sensor, "sensors")
    check_predicate(names, part, "works_if", part.works_if)
    sensor = names.facts.sensors.get(part.sensor)
    return Alarm(
        names.facts.slugs[part.id],
        names.plain(part, "title", part.title),
        names.plain(part, "text", part.text),
        names.plain(part, "site", part.site),
        part.crew,
        sensor=part.sensor,
        person=names.facts.agent if part.person == "agent" else names.plain(part, "person", part.person),
        severity=part.severity,
        sla=duration(part.sla) if part.sla else 0,
        travel=duration(part.travel),
        dispatchers=names.accounts(part, "dispatchers", part.dispatchers),
        code=names.text(part, "code", part.code),
        works_if=what_it_hangs_on(part, sensor),
        rings=(names.at(part.at),) if part.at is not None else sensor.begins() if sensor else (),
    )


def what_it_hangs_on(part: AlarmPart, sensor: Sensor | None) -> Predicate | None:
    """An alarm hangs on what is said of it, and on what the sensor hangs on that it listens to."""
    said = [each for each in (part.works_if, sensor.works_if if sensor else None) if each]
    return All(all=said) if len(said) > 1 else said[0] if said else None


def put(names: Resolver, alarm: Alarm, part: AlarmPart) -> None:
    """An alarm stands in the world, and what it will do by itself in the schedule."""
    facts, sensor = names.facts, names.facts.sensors.get(alarm.sensor)
    past = [at for at in alarm.rings if at <= 0]
    goes_on = part.at is not None or (sensor is not None and sensor.danger(0))
    works = alarm.works_if is None or alarm.works_if.holds(Company(facts, 0))
    for kind in alarm.works_if.after if alarm.works_if else ():
        facts.hanging[kind] = (*facts.hanging.get(kind, ()), alarm.id)
    if past and goes_on and works:
        late = bool(alarm.sla) and past[-1] + alarm.sla <= 0
        alarm = replace(alarm, status="raised", at=past[-1], late=late)
    facts.alarms[alarm.id] = alarm
    number = len(facts.schedule)
    due = [Due(at, 0, number + nth, sort, alarm.id) for nth, (at, sort) in enumerate(to_come(alarm))]
    facts.schedule = tuple(sorted((*facts.schedule, *due)))


def to_come(alarm: Alarm) -> Iterator[tuple[int, str]]:
    """What an alarm will do: when, and of which sort."""
    if alarm.status == "raised" and alarm.sla and not alarm.late:
        yield alarm.at + alarm.sla, "sla"
    yield from ((at, "ring") for at in alarm.rings if at > 0)


# alerts -----------------------------------------------------------------------------------------------------


def route_of(names: Resolver, part: RoutePart) -> Route:
    """One authored route."""
    for number, name in enumerate(part.to):
        names.recipient(part, ("to", number), name)
        account = names.facts.agent if name == "agent" else name
        if "@" in name or (account in names.facts.people and not names.facts.people[account].inside):
            names.fault(part, ("to", number), f'"{name}" is outside the company, and a route ends inside')
    names.listed(part, "escalate_to", part.escalate_to, "routes")
    return Route(
        part.id,
        names.plain(part, "title", part.title),
        tuple(names.facts.agent if name == "agent" else name for name in part.to),
        part.by,
        names.insider(part, "from", part.sender),
        names.channel(part, "channel", part.channel) if part.channel else "",
        duration(part.after),
        part.escalate_to,
        duration(part.escalate_after),
        part.state,
        owner=names.person(part, "owner", part.owner),
        editors=names.accounts(part, "editors", part.editors),
    )


def check_circles(names: Resolver) -> None:
    """What nobody takes up comes to an end."""
    routes = names.facts.routes
    for part in names.there("routes"):
        seen, here = {part.id}, part.escalate_to
        while here in routes and here not in seen:
            seen.add(here)
            here = routes[here].escalate_to
        if here == part.id:
            names.fault(part, "escalate_to", f'"{part.id}" escalates to itself in the end: leave one of them out')


def rule_of(names: Resolver, part: RulePart) -> Rule:
    """One authored rule."""
    names.listed(part, "route", part.route, "routes")
    check_predicate(names, part, "if", part.when)
    check_predicate(names, part, "works_if", part.works_if)
    return Rule(
        part.id,
        names.plain(part, "title", part.title),
        pattern_of(names, part),
        part.severity,
        part.route,
        part.when,
        part.works_if,
        part.threshold,
        duration(part.within) if part.within else 0,
        part.state,
        owner=names.person(part, "owner", part.owner),
        editors=names.accounts(part, "editors", part.editors),
        tells_who=part.tells_who,
    )
