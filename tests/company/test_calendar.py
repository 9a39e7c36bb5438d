from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.calendar import calendar_text, duration, moment, moment_from

START = "2031-03-04 08:30"
SECONDS = st.integers(-(10**9), 10**9)


@given(SECONDS)
def test_a_moment_as_text_and_back_is_the_same_minute(at):
    text = calendar_text(START, at)
    assert moment(START, text) == at - at % 60
    assert datetime.fromisoformat(text[4:]).strftime("%a") == text[:3]


@given(st.integers(-9_999, 9_999), st.sampled_from("mhdw"), SECONDS)
def test_a_length_of_time_counts_from_whoever_says_it(number, unit, now):
    seconds = number * {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}[unit]
    assert moment(START, f"{number:+}{unit}") == seconds
    assert moment_from(START, now, f"{number:+}{unit}") == now + seconds


@given(SECONDS, st.integers(-400, 400), st.integers(0, 23), st.integers(0, 59))
def test_a_days_clock_is_that_of_the_day_seen_from_now(now, days, hour, minute):
    at = moment_from(START, now, f"{days:+}d {hour:02}:{minute:02}")
    today = calendar_text(START, now)[4:14]
    assert calendar_text(START, at)[4:] == calendar_text(f"{today} {hour:02}:{minute:02}", days * 86_400)[4:]


@given(SECONDS, SECONDS)
def test_a_calendar_text_means_the_same_whenever_it_is_said(now, at):
    at -= at % 60
    assert moment_from(START, now, calendar_text(START, at)) == at


@given(
    st.text(max_size=40) | st.from_regex(r"[+-]\d{1,20}[mhdw]( \d\d:\d\d)?|\d{4}-\d\d-\d\d \d\d:\d\d", fullmatch=True)
)
def test_any_other_text_is_told_to_be_no_moment(text):
    try:
        said = calendar_text(START, moment(START, text))
    except ValueError as error:
        said = str(error)
    told = f'{text!r} is no moment such as "+90m", "+2h", "-3d", "+1d 09:00" or "2031-03-03 09:00"'
    assert said == told or datetime.fromisoformat(said[4:])


@pytest.mark.parametrize(("text", "seconds"), [("20m", 1200), ("3h", 10_800), ("2d", 172_800), ("1w", 604_800)])
def test_a_length_of_time_has_a_number_and_a_unit(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "20", "m", "-1h", "+1h", "1 h", "٣h", "1h30m"])
def test_what_is_no_length_of_time_says_what_is(text):
    with pytest.raises(ValueError, match='is no length of time such as "20m", "3h" or "2d"'):
        duration(text)
