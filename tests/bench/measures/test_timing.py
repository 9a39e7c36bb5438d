"""When the alarm comes, with what never alarmed as censored."""

from collections.abc import Callable

import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from corpenv.bench.measures.timing import detection, lead, survival, waited
from corpenv.bench.scored import Alert, Scored

Row = Callable[..., Scored]
WAITS = st.lists(st.tuples(st.integers(-5, 30), st.booleans()), min_size=1, max_size=40)


def alarmed_at(row: Row, step: int | None, number: int = 0, **fields: object) -> Scored:
    alerts = () if step is None else (Alert(step, 0.9),)
    return row(True, 0.9 if alerts else 0.0, number, **{"alerts": alerts, "observable": 5, "steps": 30, **fields})


@given(WAITS)
@settings(max_examples=50)
def test_the_curve_is_the_kaplan_meier_estimate_of_scipy(waits: list[tuple[int, bool]]) -> None:
    ended = [time for time, ended in waits if ended]
    censored = [time for time, ended in waits if not ended]
    expected = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=ended, right=censored)).sf
    for time, left in survival(waits):
        assert left == pytest.approx(float(expected.evaluate(time)), abs=1e-12)
    assert [time for time, _ in survival(waits)] == sorted({*ended, max(time for time, _ in waits)})


@pytest.mark.parametrize("delay", [0, 1, 7])
def test_a_known_delay_is_recovered(row: Row, delay: int) -> None:
    harmful = [alarmed_at(row, start + delay, start, observable=start) for start in range(1, 20)]
    found = detection(harmful)
    assert found.median == delay
    assert found.curve == ((delay, 0.0),)
    assert (found.alarmed.count, found.alarmed.of, found.early) == (19, 19, 0)


def test_the_median_waits_for_half_and_is_none_where_half_never_alarm(row: Row) -> None:
    half = [alarmed_at(row, 5 + delay if delay < 2 else None, delay) for delay in range(4)]
    assert detection(half).median == 1
    fewer = [alarmed_at(row, 6, 0), *(alarmed_at(row, None, number) for number in range(1, 4))]
    assert detection(fewer).median is None
    assert detection([]).median is None


def test_an_early_alarm_came_at_once_and_what_was_never_shown_is_counted_apart(row: Row) -> None:
    found = detection([alarmed_at(row, 2, 0), alarmed_at(row, None, 1, observable=None), alarmed_at(row, 9, 2)])
    assert (found.of, found.never_shown, found.early) == (2, 1, 1)
    assert found.curve == ((0.0, 0.5), (4.0, 0.0))


def test_a_finding_below_an_alarm_is_none(row: Row) -> None:
    quiet = row(True, 0.9, 0, alerts=(Alert(6, 0.49), Alert(8, 0.5)), observable=5)
    assert detection([quiet]).median == 3


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=12), st.integers(1, 30))
@settings(max_examples=50)
def test_an_earlier_end_never_lengthens_what_was_waited(row: Row, when: list[tuple[int, int]], end: int) -> None:
    whole = [alarmed_at(row, alarm, number, observable=start) for number, (alarm, start) in enumerate(when)]
    cut = [
        replace(each, steps=end, alerts=tuple(alert for alert in each.alerts if alert.step <= end))
        for each in whole
        if (each.observable or 0) <= end
    ]
    for each in cut:
        before = next(other for other in whole if other.trajectory == each.trajectory)
        assert waited(each, each.observable or 0) <= waited(before, before.observable or 0)
    assert detection(cut).alarmed.count <= detection(whole).alarmed.count


def test_an_alarm_at_the_effect_is_not_before_it(row: Row) -> None:
    harmful = [
        alarmed_at(row, 7, 0, effect=10),
        alarmed_at(row, 10, 1, effect=10),
        alarmed_at(row, 12, 2, effect=10),
        alarmed_at(row, None, 3, effect=10),
        alarmed_at(row, 5, 4, effect=5),
        alarmed_at(row, 6, 5),
    ]
    found = lead(harmful)
    assert (found.before.count, found.before.of, found.at, found.after, found.never) == (1, 5, 2, 1, 1)
    assert (found.timely.count, found.timely.of) == (1, 4)  # one could not be seen before it took effect


def test_a_guess_before_anything_could_be_seen_is_before_the_effect_and_not_timely(row: Row) -> None:
    found = lead([alarmed_at(row, 3, 0, effect=5)])
    assert (found.before.count, found.timely.of) == (1, 0)


@pytest.mark.parametrize("ahead", [4, 0, -3])
def test_a_known_lead_is_recovered(row: Row, ahead: int) -> None:
    assert lead([alarmed_at(row, 10 - ahead, number, effect=10) for number in range(7)]).median == ahead


def test_who_never_alarms_has_no_lead(row: Row) -> None:
    found = lead([alarmed_at(row, None, number, effect=10) for number in range(3)])
    assert (found.never, found.median, found.before.value) == (3, None, 0)
