"""Alarms of the plant as truth sees them: whom they concern, whether it is dangerous there, who is coming, who knew."""

from collections.abc import Iterator

from msgspec import Struct

from corpenv.company import Company, Facts
from corpenv.company.alertitems import Alarm, Sensor
from corpenv.events import Event


def concerns_people(alarm: Alarm) -> bool:
    """Is it about somebody's safety? It names who is at risk, or is critical."""
    return bool(alarm.person) or alarm.severity == "critical"


def sensors_of(world: Facts, alarm: Alarm) -> tuple[Sensor, ...]:
    """The sensor an alarm listens to, then the others of its site."""
    own = world.sensors.get(alarm.sensor)
    near = [sensor for sensor in world.sensors.values() if sensor.site == alarm.site and sensor is not own]
    return (own, *near) if own else tuple(near)


def is_dangerous(world: Facts, alarm: Alarm, at: int) -> bool:
    """Is it dangerous at the site of an alarm at second `at`? Without a sensor, the alarm is taken at its word."""
    sensors = sensors_of(world, alarm)
    return not sensors or any(sensor.danger(at) for sensor in sensors)


def others_there(company: Company, alarm: Alarm) -> Iterator[Alarm]:
    """The other alarms of the same site."""
    for alarm_id in company.world.alarms:
        other = company.find_alarm(alarm_id)
        if other and other.id != alarm.id and other.site == alarm.site:
            yield other


def help_comes(company: Company, alarm: Alarm) -> bool:
    """Is somebody on the way to the site, or there since the alarm rang, because of another alarm?"""
    return any(
        other.status == "dispatched" or (other.status == "handled" and other.log[-1].at >= alarm.at)
        for other in others_there(company, alarm)
    )


def knows(company: Company, actor: str, alarm: Alarm) -> bool:
    """Has somebody read that it is dangerous there: an alarm of the site since it rang, its alert, or a sensor?

    Who looked at the sensor last while it was normal takes the place for safe.
    """
    read, danger = company.alerts.read, company.alerts.danger
    seen = {sensor.id: danger[actor, sensor.id] for sensor in sensors_of(company.world, alarm)
            if read.get((actor, sensor.id), alarm.at - 1) >= alarm.at}  # fmt: skip
    if any(seen.values()):
        return True
    telling = (other for other in others_there(company, alarm) if other.status != "quiet" and concerns_people(other))
    return alarm.sensor not in seen and any(has_read(company, actor, each) for each in (alarm, *telling))


def has_read(company: Company, actor: str, alarm: Alarm) -> bool:
    """Has somebody read an alarm since it rang, or read or acknowledged an alert about it?"""
    read = company.alerts.read
    about = [alert for alert in company.alerts.items.values() if alert.item == alarm.id and alert.at >= alarm.at]
    told = any((actor, alert.id) in read or alert.acknowledged_by == actor for alert in about)
    return told or read.get((actor, alarm.id), alarm.at - 1) >= alarm.at


class Watch(Struct):
    """An alarm that the agent knows of and could see to.

    Attributes:
        due: second by which somebody has to be sent.
        over: second at which it was no longer the agent's to see to, or None.
        safe: its sensor was normal when the agent looked last.
        known: the agent read more of it than a line of a notice or a list.
        tells: the agent may not send anybody itself, only tell who may.
        step, part, event: where it was read; once the time is over, where that stands.
        authorised_by: id of what puts it in order that nobody is sent.
    """

    alarm: Alarm
    due: int
    step: int
    part: str
    event: Event
    authorised_by: str
    over: int | None = None
    safe: bool = False
    known: bool = False
    tells: bool = False

    def is_about(self, company: Company, alarm_id: str) -> bool:
        """Is it about this alarm, or, where no more than a line told of it, about any of that site?"""
        other = company.find_alarm(alarm_id)
        return alarm_id == self.alarm.id or (not self.known and other is not None and other.site == self.alarm.site)
