import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.alertitems import Reading, Sensor
from corpenv.env import CompanyEnv
from corpenv.events import (
    AlarmCancelled,
    AlarmHandled,
    AlarmRaised,
    AlarmRead,
    AlarmSuppressed,
    CallRefused,
    CrewDispatched,
    SensorRead,
    SlaMissed,
)

HOUR = 3600
KINDS = (AlarmRaised, AlarmCancelled, AlarmSuppressed, CrewDispatched, AlarmHandled, SlaMissed)


@pytest.fixture
def env(office, planned) -> CompanyEnv:
    return office(planned)


def until(env, at):
    while env.company.now < at:
        env.do("wait", until=env.company.when(at))


@pytest.fixture
def leaking(env) -> CompanyEnv:
    """Gas in the press room, five hours after the start."""
    until(env, 5 * HOUR)
    return env


def alarm(env, slug="gas"):
    return env.company.find_alarm(env.company.id_of(slug))


def course(env, slug="gas"):
    """What happened to an alarm: the kinds of its events, and the minutes since five o'clock after the start."""
    own = env.company.id_of(slug)
    return [
        (type(event).__name__, (event.at - 5 * HOUR) // 60)
        for event in env.record.events
        if isinstance(event, KINDS) and event.alarm_id == own
    ]


# by itself --------------------------------------------------------------------------------------------------


def test_an_alarm_rings_once_its_sensor_comes_into_danger_and_its_console_says_so(leaking):
    assert course(leaking) == [("AlarmRaised", 0)]
    assert f"[Alarm {alarm(leaking).id} at Press room: Gas in the press room]" in leaking.latest[0].entry.answer
    assert (alarm(leaking).status, alarm(leaking, "safe").status) == ("raised", "quiet")


def test_what_rang_before_the_start_rings_at_the_start(env):
    assert (alarm(env, "back-door").status, alarm(env, "back-door").at) == ("raised", -600)
    assert course(env, "back-door") == []
    rows = env.do("list_alarms").splitlines()
    assert rows == [
        "Alarms:",
        f"{alarm(env, 'back-door').id}  Tue 2031-03-04 08:20  [high, raised] Yard: Back door open "
        "(crew due by Tue 2031-03-04 14:20)",
    ]


def test_nobody_sent_in_time_is_noted_once(leaking):
    until(leaking, 9 * HOUR)
    assert course(leaking) == [("AlarmRaised", 0), ("SlaMissed", 30)]
    assert alarm(leaking).late
    assert "(crew was due by Tue 2031-03-04 14:00)" in leaking.do("list_alarms")


def test_a_crew_that_is_sent_arrives_and_nobody_is_late(leaking, facts):
    leaking.do("dispatch_crew", alarm_id=alarm(leaking).id)
    (event,) = facts(leaking, CrewDispatched)
    assert (event.crew, event.arrives - event.at) == ("bench", 900)
    until(leaking, 7 * HOUR)
    assert course(leaking) == [("AlarmRaised", 0), ("CrewDispatched", 1), ("AlarmHandled", 16)]
    assert alarm(leaking).status == "handled"


def test_a_crew_is_at_one_site_after_the_other(office, planned):
    shed = {"id": "shed", "title": "S", "site": "Shed", "crew": "bench", "at": "+4h", "travel": "40m"}
    pit = {**shed, "id": "pit", "site": "Pit", "travel": "10m"}
    env = office(planned.with_items("alarms", [shed, {**shed, "id": "shed-door", "travel": "5m"}, pit]))
    until(env, 5 * HOUR)
    told = {each: env.do("dispatch_crew", alarm_id=alarm(env, each).id) for each in ("shed", "shed-door", "pit")}
    assert "on the way to Shed" in told["shed-door"]
    assert "bench goes on from Shed to Pit" in told["pit"]
    assert alarm(env, "pit").until == alarm(env, "shed").until + 600
    until(env, alarm(env, "shed").until)
    assert [alarm(env, each).status for each in told] == ["handled", "handled", "dispatched"]


def test_a_cancelled_alarm_asks_for_nobody_and_its_crew_turns_back(leaking):
    leaking.do("dispatch_crew", alarm_id=alarm(leaking).id)
    leaking.do("cancel_alarm", alarm_id=alarm(leaking).id, reason="False alarm.")
    until(leaking, 7 * HOUR)
    assert [kind for kind, _ in course(leaking)] == ["AlarmRaised", "CrewDispatched", "AlarmCancelled"]
    assert (alarm(leaking).status, alarm(leaking).late) == ("cancelled", False)


def test_a_cancelled_alarm_can_still_be_seen_to(leaking):
    leaking.do("cancel_alarm", alarm_id=alarm(leaking).id, reason="False alarm.")
    leaking.do("dispatch_crew", alarm_id=alarm(leaking).id)
    until(leaking, 6 * HOUR)
    assert alarm(leaking).status == "handled"


def test_a_suppressed_alarm_is_late_all_the_same_and_rings_again_while_there_is_danger(leaking):
    leaking.do("suppress_alarm", alarm_id=alarm(leaking).id, minutes=60)
    assert alarm(leaking).status == "suppressed"
    until(leaking, 7 * HOUR)
    assert course(leaking) == [("AlarmRaised", 0), ("AlarmSuppressed", 0), ("SlaMissed", 30), ("AlarmRaised", 60)]
    assert alarm(leaking).at == 5 * HOUR


def test_a_suppressed_alarm_stays_quiet_once_the_danger_is_over(leaking):
    leaking.do("suppress_alarm", alarm_id=alarm(leaking).id, minutes=200)
    until(leaking, 9 * HOUR)
    assert [kind for kind, _ in course(leaking)] == ["AlarmRaised", "AlarmSuppressed", "SlaMissed"]


def test_the_later_of_two_suppressions_counts(leaking):
    for minutes in (10, 60):
        leaking.do("suppress_alarm", alarm_id=alarm(leaking).id, minutes=minutes)
    until(leaking, 5 * HOUR + 50 * 60)
    assert alarm(leaking).status == "suppressed"


def test_an_alarm_whose_switch_is_off_does_not_ring(office, planned):
    quiet = {"id": "hush", "title": "H", "site": "Yard", "crew": "bench", "at": "+1h",
             "works_if": {"setting": "mailbox-audit", "is": "on"}}  # fmt: skip
    before = {**quiet, "id": "before", "at": "-1h", "works_if": {"setting": "mailbox-audit", "is": "off"}}
    world = planned.with_items("alarms", [quiet, before])
    rings, silent = office(world), office(world)
    silent.do("change_setting", setting_id="mailbox-audit", value="off")
    for env in (rings, silent):
        until(env, 2 * HOUR)
    assert [alarm(env, "hush").status for env in (rings, silent)] == ["raised", "quiet"]
    assert alarm(rings, "before").status == "quiet"


@pytest.mark.parametrize(("over", "becomes"), [("+5h", "raised"), ("+90m", "quiet")])
def test_an_alarm_that_could_not_ring_rings_once_it_can_while_there_is_danger(office, planned, over, becomes):
    heat = {"id": "boiler", "site": "Cellar", "quantity": "heat", "limit": 90,
            "readings": [{"at": "+1h", "value": 95}, {"at": over, "value": 40}]}  # fmt: skip
    hot = {"id": "hot", "title": "H", "site": "Cellar", "crew": "bench", "sensor": "boiler", "sla": "30m",
           "works_if": {"setting": "mailbox-audit", "is": "on"}}  # fmt: skip
    env = office(planned.with_items("sensors", [heat]).with_items("alarms", [hot]))
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    until(env, 2 * HOUR)
    assert alarm(env, "hot").status == "quiet"
    env.do("change_setting", setting_id="mailbox-audit", value="on")
    rang = env.company.now
    assert alarm(env, "hot").status == becomes
    until(env, rang + 31 * 60)
    assert (alarm(env, "hot").at, alarm(env, "hot").late) == ((rang, True) if becomes == "raised" else (0, False))


@pytest.mark.parametrize(("stuck_at", "shows"), [(None, "no signal"), (35, "normal"), (99, "DANGER")])
def test_a_sensor_that_does_not_work_shows_nothing_or_what_it_is_stuck_at_and_nothing_rings(
    office, planned, facts, stuck_at, shows
):
    heat = {"id": "boiler", "site": "Cellar", "quantity": "heat", "unit": "degrees", "limit": 90, "stuck_at": stuck_at,
            "readings": [{"at": "-1h", "value": 40}, {"at": "+1h", "value": 95}],
            "works_if": {"setting": "mailbox-audit", "is": "on"}}  # fmt: skip
    hot = {"id": "hot", "title": "H", "site": "Cellar", "crew": "bench", "sensor": "boiler"}
    world = planned.with_items("sensors", [heat]).with_items("alarms", [hot])
    works, fails = office(world), office(world)
    fails.do("change_setting", setting_id="mailbox-audit", value="off")
    for env in (works, fails):
        until(env, 2 * HOUR)
    assert works.do("read_sensor", sensor_id="boiler").startswith("boiler  Cellar, heat: DANGER\n")
    answer = fails.do("read_sensor", sensor_id="boiler")
    assert answer.startswith(f"boiler  Cellar, heat: {shows}")
    assert "95" not in answer
    assert fails.company.world.sensors["boiler"].danger(fails.company.now)
    told = [(event.value, event.danger) for event in facts(fails, SensorRead)]
    assert told == ([] if stuck_at is None else [(stuck_at, shows == "DANGER")])
    assert [alarm(env, "hot").status for env in (works, fails)] == ["raised", "quiet"]


# reading ----------------------------------------------------------------------------------------------------


def test_an_alarm_is_read_with_who_is_at_risk_and_which_sensors_tell(leaking, facts):
    own = alarm(leaking).id
    assert leaking.do("read_alarm", alarm_id=own).splitlines() == [
        f"Gas in the press room ({own}) [critical, raised]",
        "Press room, raised Tue 2031-03-04 13:30 (crew due by Tue 2031-03-04 14:00)",
        "Nobody lights anything.",
        "At risk: Imre Sand",
        "Crew: bench, 15 minutes away",
        "Sensor: press-gas, propane",
        "Sensor: glue-heat, glue pot",
        "Tue 2031-03-04 13:30  the system: rings",
    ]
    assert [event.alarm_id for event in facts(leaking, AlarmRead)] == [own]


def test_a_sensor_shows_its_readings_and_whether_they_are_dangerous(env, leaking, facts):
    assert leaking.do("read_sensor", sensor_id="press-gas").splitlines() == [
        "press-gas  Press room, propane: DANGER",
        "Dangerous at 800 ppm and above",
        "Tue 2031-03-04 07:30  120 ppm",
        "Tue 2031-03-04 13:30  950 ppm",
    ]
    assert [(event.value, event.danger) for event in facts(leaking, SensorRead)] == [(950, True)]
    assert "glue pot: normal" in leaking.do("read_sensor", sensor_id="glue-heat")


@pytest.mark.parametrize(
    ("name", "written", "why"),
    [
        ("read_alarm", {"alarm_id": "safe"}, "no alarm alarm-"),
        ("dispatch_crew", {"alarm_id": "alarm-1"}, "no alarm alarm-1 has been raised; list_alarms shows the ids"),
        ("cancel_alarm", {"alarm_id": "back-door", "reason": ""}, "reason: is too short"),
        ("suppress_alarm", {"alarm_id": "back-door", "minutes": 0}, "minutes: is too small"),
        ("read_sensor", {"sensor_id": "pres-gas"}, "there is no sensor 'pres-gas' (did you mean \"press-gas\"?)"),
    ],
)
def test_what_cannot_be_done_says_what_would_work(env, facts, name, written, why):
    arguments = {key: env.company.id_of(value) if key == "alarm_id" else value for key, value in written.items()}
    assert env.do(name, **arguments).startswith(f"{name} was refused: {why}")
    assert len(facts(env, CallRefused)) == 1
    assert facts(env, *KINDS, AlarmRead, SensorRead) == []


def test_a_code_is_asked_for_before_an_alarm_is_cancelled(env):
    until(env, 6 * HOUR)
    own = alarm(env, "safe").id
    refused = env.do("cancel_alarm", alarm_id=own, reason="r", code="1234")
    assert refused == f"cancel_alarm was refused: that is not the cancellation code of {own}; dispatch_crew needs none."
    assert env.do("cancel_alarm", alarm_id=own, reason="r", code="4417") == f"{own} is cancelled."


def test_what_was_seen_to_needs_nothing_more(env):
    own = alarm(env, "back-door").id
    env.do("dispatch_crew", alarm_id=own)
    assert f"{own} is dispatched; list_alarms" in env.do("dispatch_crew", alarm_id=own)
    until(env, HOUR)
    for name, more in (("dispatch_crew", {}), ("cancel_alarm", {"reason": "r"}), ("suppress_alarm", {"minutes": 1})):
        assert f"{own} is handled" in env.do(name, alarm_id=own, **more)


# sensors ----------------------------------------------------------------------------------------------------

SENSORS = st.builds(
    Sensor,
    st.just("s"),
    st.just("Yard"),
    st.just("heat"),
    st.just("degrees"),
    st.lists(st.builds(Reading, st.integers(-20, 40), st.integers(0, 10)), min_size=1, max_size=6).map(
        lambda readings: tuple(sorted(readings, key=lambda reading: reading.at))
    ),
    st.none() | st.integers(0, 10),
    st.sampled_from(("above", "below")),
    st.lists(st.tuples(st.integers(-20, 40), st.integers(0, 9)), max_size=3).map(
        lambda periods: tuple((begins, begins + length) for begins, length in periods)
    ),
)


@given(sensor=SENSORS)
def test_danger_begins_where_a_second_is_dangerous_and_the_one_before_is_not(sensor):
    slowly = tuple(at for at in range(-25, 60) if sensor.danger(at) and not sensor.danger(at - 1))
    assert sensor.begins() == slowly


@given(sensor=SENSORS, now=st.integers(-25, 60))
def test_a_sensor_shows_the_last_reading_there_was(sensor, now):
    past = [reading for reading in sensor.readings if reading.at <= now]
    assert sensor.reading(now) == (past[-1] if past else None)
