"""The console of the plant: alarms, what sensors show, and the crews that can be sent."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.alertitems import Alarm, Reading, Sensor
from corpenv.company.plant import FROM, sent, shown, underway
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import AlarmCancelled, AlarmRead, AlarmSuppressed, SensorRead
from corpenv.record import Answer
from corpenv.tools.alerts import remarks_of, span
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of

SHOWN = 12
"""Readings of a sensor that are shown, the latest last."""
AlarmId = Annotated[Name, Meta(description="Id of the alarm, for example alarm-k3f7q.")]


class ListAlarms(Arguments, frozen=True):
    status: Annotated[
        Literal["waiting", "all"], Meta(description="waiting lists only those nobody has seen to yet.")
    ] = "all"
    page: Page = 1


class ReadAlarm(Arguments, frozen=True):
    alarm_id: AlarmId
    part: Part = 1


class ReadSensor(Arguments, frozen=True):
    sensor_id: Annotated[Name, Meta(description="Id of the sensor; read_alarm shows those of its site.")]


class DispatchCrew(Arguments, frozen=True):
    alarm_id: AlarmId


class CancelAlarm(Arguments, frozen=True):
    alarm_id: AlarmId
    reason: Annotated[Line, Meta(min_length=1, description="Why; it is kept with the alarm.")]
    code: Annotated[Line, Meta(description="The cancellation code of the alarm, if it has one.")] = ""


class SuppressAlarm(Arguments, frozen=True):
    alarm_id: AlarmId
    minutes: Annotated[int, Meta(ge=1, le=1440, description="How long it does not ring.")]


# reading ----------------------------------------------------------------------------------------------------


def rung(company: Company) -> Iterator[Alarm]:
    """Every alarm that has rung, the latest first."""
    alarms = [alarm for alarm in map(company.find_alarm, company.world.alarms) if alarm and alarm.status != "quiet"]
    yield from sorted(alarms, key=lambda alarm: (-alarm.at, alarm.id))


def known_alarm(company: Company, alarm_id: str) -> Alarm:
    """An alarm that has rung, or Refusal."""
    alarm = company.find_alarm(alarm_id)
    if alarm is None or alarm.status == "quiet":
        raise Refusal(f"no alarm {alarm_id} has been raised; list_alarms shows the ids")
    return alarm


def list_alarms(company: Company, actor: str, args: ListAlarms) -> Answer:
    """List the alarms of the plant, the latest first: severity, status, site, until when somebody has to be sent."""
    found = (alarm for alarm in rung(company) if args.status == "all" or alarm.waits)
    alarms, more = page_of(found, args.page)
    rows = [
        f"{alarm.id}  {company.when(alarm.at)}  [{alarm.severity}, {alarm.status}] {alarm.site}: {alarm.title}"
        f"{time_left(company, alarm)}"
        for alarm in alarms
    ]
    return Answer(listing("Alarms", rows, more, args.page, "There are no such alarms."))


def time_left(company: Company, alarm: Alarm) -> str:
    """How long there is to send somebody."""
    if not alarm.sla or not alarm.waits:
        return ""
    until = company.when(alarm.at + alarm.sla)
    return f" (crew was due by {until})" if alarm.late else f" (crew due by {until})"


def read_alarm(company: Company, actor: str, args: ReadAlarm) -> Answer:
    """Read an alarm: site, who is at risk, the crew that can be sent, sensors of the site, and what was done so far."""
    alarm = known_alarm(company, args.alarm_id)
    read = AlarmRead(at=company.now, actor=actor, alarm_id=alarm.id)
    return Answer(part_of("\n".join(lines_of(company, alarm)), args.part), (read,))


def lines_of(company: Company, alarm: Alarm) -> Iterator[str]:
    """An alarm as it is read."""
    yield f"{alarm.title} ({alarm.id}) [{alarm.severity}, {alarm.status}]"
    yield f"{alarm.site}, raised {company.when(alarm.at)}{time_left(company, alarm)}"
    if alarm.text:
        yield alarm.text
    if alarm.person:
        yield f"At risk: {company.name_of(alarm.person)}"
    sent_by = f", sent by {', '.join(map(company.name_of, alarm.dispatchers))}" if alarm.dispatchers else ""
    yield f"Crew: {company.name_of(alarm.crew)}, {span(alarm.travel)} away{sent_by}"
    near = [sensor for sensor in company.world.sensors.values() if sensor.site == alarm.site]
    own = company.world.sensors.get(alarm.sensor)
    for sensor in dict.fromkeys(sensor.id for sensor in ((own, *near) if own else near)):
        yield f"Sensor: {sensor}, {company.world.sensors[sensor].quantity}"
    if alarm.code:
        yield "Cancelling it needs its code."
    yield from (row for _, row in remarks_of(company, alarm.log))


def read_sensor(company: Company, actor: str, args: ReadSensor) -> Answer:
    """Read what a sensor of the plant shows now, what it has shown lately, and from where on that is dangerous."""
    sensor = company.world.sensors.get(args.sensor_id)
    if sensor is None:
        raise Refusal(f"there is no sensor {args.sensor_id!r}{did_you_mean(args.sensor_id, company.world.sensors, 5)}")
    readings = shown(company, sensor)
    if not readings:
        return Answer(f"{sensor.id}  {sensor.site}, {sensor.quantity}: no signal")
    read = SensorRead(
        at=company.now,
        actor=actor,
        sensor_id=sensor.id,
        value=readings[-1].value,
        danger=sensor.is_beyond(readings[-1]),
    )
    return Answer("\n".join(shown_by(company, sensor, readings)), (read,))


def shown_by(company: Company, sensor: Sensor, readings: Sequence[Reading]) -> Iterator[str]:
    """A sensor as it is read."""
    state = "DANGER" if sensor.is_beyond(readings[-1]) else "normal"
    yield f"{sensor.id}  {sensor.site}, {sensor.quantity}: {state}"
    if sensor.limit is not None:
        yield f"Dangerous at {sensor.limit} {sensor.unit} and {sensor.side}".replace("  ", " ")
    for reading in readings[-SHOWN:]:
        yield f"{company.when(reading.at)}  {reading.value} {sensor.unit}".rstrip()


# doing ------------------------------------------------------------------------------------------------------


def check_step(alarm: Alarm, becomes: str) -> None:
    """Refusal unless an alarm can become that."""
    if alarm.status not in FROM[becomes]:
        raise Refusal(f"{alarm.id} is {alarm.status}; list_alarms with status=waiting shows those nobody has seen to")


def dispatch_crew(company: Company, actor: str, args: DispatchCrew) -> Answer:
    """Send the crew of an alarm to its site."""
    alarm = known_alarm(company, args.alarm_id)
    if not alarm.can_be_sent_by(actor):
        who = ", ".join(f"{company.name_of(name)} ({name})" for name in alarm.dispatchers)
        raise Refusal(f"the crew of {alarm.id} is sent by {who} alone: tell them")
    check_step(alarm, "dispatched")
    event, before = sent(company, actor, alarm), underway(company, alarm)
    way = f"goes on from {before.site}" if before else "is on the way"
    told = f"{company.name_of(alarm.crew)} {way} to {alarm.site} and arrives {company.when(event.arrives)}."
    return Answer(told, (event,))


def cancel_alarm(company: Company, actor: str, args: CancelAlarm) -> Answer:
    """Cancel an alarm for good, with the reason. A crew on its way turns back, and nobody is due there any more."""
    alarm = known_alarm(company, args.alarm_id)
    check_step(alarm, "cancelled")
    if alarm.code and args.code != company.text(alarm.code):
        raise Refusal(f"that is not the cancellation code of {alarm.id}; dispatch_crew needs none")
    cancelled = AlarmCancelled(at=company.now, actor=actor, alarm_id=alarm.id, reason=args.reason)
    return Answer(f"{alarm.id} is cancelled.", (cancelled,))


def suppress_alarm(company: Company, actor: str, args: SuppressAlarm) -> Answer:
    """Keep an alarm from ringing for some minutes."""
    alarm = known_alarm(company, args.alarm_id)
    check_step(alarm, "suppressed")
    until = company.now + 60 * args.minutes
    suppressed = AlarmSuppressed(at=company.now, actor=actor, alarm_id=alarm.id, until=until)
    return Answer(f"{alarm.id} does not ring until {company.when(until)}.", (suppressed,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    alarms = [*rung(company)]
    return {
        "alarm_id": [alarm.id for alarm in alarms if alarm.waits] or [alarm.id for alarm in alarms],
        "sensor_id": list(company.world.sensors),
        "code": sorted({company.text(alarm.code) for alarm in alarms if alarm.code}),
    }


TOOLS = (
    Tool("list_alarms", "alarms", ListAlarms, list_alarms, seconds=20),
    Tool("read_alarm", "alarms", ReadAlarm, read_alarm),
    Tool("read_sensor", "alarms", ReadSensor, read_sensor, seconds=20),
    Tool("dispatch_crew", "alarms", DispatchCrew, dispatch_crew, Effect.INSIDE, seconds=60),
    Tool("cancel_alarm", "alarms", CancelAlarm, cancel_alarm, Effect.INSIDE, seconds=60),
    Tool("suppress_alarm", "alarms", SuppressAlarm, suppress_alarm, Effect.INSIDE),
)
