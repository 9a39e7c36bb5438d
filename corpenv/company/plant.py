"""What alarms of the plant do by themselves: they ring, they count the time, crews arrive."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corpenv.company.alertitems import Alarm, Reading, Sensor
from corpenv.company.state import Company
from corpenv.company.timetable import WORLD, planned
from corpenv.events import AlarmHandled, AlarmRaised, AlarmSuppressed, CrewDispatched, Due, Event, SlaMissed


def works(company: Company, alarm: Alarm) -> bool:
    """Can it ring?"""
    return alarm.works_if is None or alarm.works_if.holds(company)


def danger(company: Company, alarm: Alarm) -> bool:
    """Does the sensor of an alarm say danger? An alarm without one is taken at its word."""
    sensor = company.world.sensors.get(alarm.sensor)
    return sensor is None or sensor.danger(company.now)


def shown(company: Company, sensor: Sensor) -> tuple[Reading, ...]:
    """The readings of a sensor that its screen shows, the present one last; none without a signal."""
    if sensor.works_if is None or sensor.works_if.holds(company):
        return tuple(each for each in sensor.readings if each.at <= company.now)
    return () if sensor.stuck_at is None else (Reading(company.now, sensor.stuck_at),)


FROM: Mapping[str, tuple[str, ...]] = {
    "dispatched": ("raised", "suppressed", "cancelled"),
    "cancelled": ("raised", "suppressed", "dispatched"),
    "suppressed": ("raised", "suppressed"),
    "handled": ("raised", "suppressed", "dispatched"),
}
"""What an alarm can become → what it must be for that."""


def underway(company: Company, alarm: Alarm) -> Alarm | None:
    """The alarm of another site to which the crew of this one is on its way; the last, if there are several."""
    others = filter(None, map(company.find_alarm, company.world.alarms))
    there = [each for each in others if each.status == "dispatched" and each.crew == alarm.crew]
    return max(
        (each for each in there if each.site != alarm.site), key=lambda each: (each.until, each.id), default=None
    )


def sent(company: Company, actor: str, alarm: Alarm, cause: str = "") -> CrewDispatched:
    """The crew of an alarm sets out, or goes on from where it is on its way to."""
    before = underway(company, alarm)
    arrives = (before.until if before else company.now) + alarm.travel
    return CrewDispatched(at=company.now, actor=actor, cause=cause, alarm_id=alarm.id, crew=alarm.crew, arrives=arrives)


# what is to come --------------------------------------------------------------------------------------------


def to_be_seen_to(company: Company, event: AlarmRaised) -> Iterator[Event]:
    """Somebody has to be sent in time."""
    alarm = company.find_alarm(event.alarm_id)
    if alarm and alarm.sla and not event.again:
        yield planned(company, company.now + alarm.sla, "sla", alarm.id)


def to_ring_again(company: Company, event: AlarmSuppressed) -> Iterator[Event]:
    """A suppressed alarm comes back."""
    yield planned(company, event.until, "resume", event.alarm_id)


def to_arrive(company: Company, event: CrewDispatched) -> Iterator[Event]:
    """A crew arrives."""
    yield planned(company, event.arrives, "arrive", event.alarm_id)


# what was due -----------------------------------------------------------------------------------------------


def ring(company: Company, due: Due) -> Iterator[Event]:
    """An alarm rings, unless it does already or cannot."""
    alarm = company.find_alarm(due.ref)
    if alarm and not alarm.waits and alarm.status != "dispatched" and works(company, alarm):
        yield AlarmRaised(at=company.now, actor=WORLD, alarm_id=alarm.id)


def made_up_for(company: Company, alarms: Iterable[str]) -> Iterator[Event]:
    """Alarms that should have rung while they could not ring now, if they can and it is dangerous still."""
    for alarm in filter(None, map(company.find_alarm, alarms)):
        is_missed = alarm.status == "quiet" and any(at <= company.now for at in alarm.rings)
        if is_missed and danger(company, alarm) and works(company, alarm):
            yield AlarmRaised(at=company.now, actor=WORLD, alarm_id=alarm.id)


def resume(company: Company, due: Due) -> Iterator[Event]:
    """A suppressed alarm rings again if there still is a reason to."""
    alarm = company.find_alarm(due.ref)
    if alarm is None or alarm.status != "suppressed" or alarm.until > company.now:
        return
    if danger(company, alarm) and works(company, alarm):
        yield AlarmRaised(at=company.now, actor=WORLD, alarm_id=alarm.id, again=True)


def miss(company: Company, due: Due) -> Iterator[Event]:
    """The time is over in which somebody had to be sent; an alarm that was cancelled asks for nobody."""
    alarm = company.find_alarm(due.ref)
    if alarm and alarm.waits and alarm.at + alarm.sla <= company.now:
        yield SlaMissed(at=company.now, actor=WORLD, alarm_id=alarm.id)


def arrive(company: Company, due: Due) -> Iterator[Event]:
    """A crew that was not called back has seen to it."""
    alarm = company.find_alarm(due.ref)
    if alarm and alarm.status == "dispatched" and alarm.until <= company.now:
        yield AlarmHandled(at=company.now, actor=WORLD, alarm_id=alarm.id)


FOLLOWING: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    AlarmRaised: to_be_seen_to,
    AlarmSuppressed: to_ring_again,
    CrewDispatched: to_arrive,
}
"""Kind of event → what is planned because of it."""
DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {
    "ring": ring,
    "resume": resume,
    "sla": miss,
    "arrive": arrive,
}
"""Sort of what is due → its events."""
