"""When lines of cron tables are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.crontimes import job_of, next_due, next_of

START = datetime(2031, 3, 4, 8, 30, tzinfo=UTC)  # a Tuesday


def fields(low: int, high: int) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high)
    spans = st.tuples(numbers, numbers).map(lambda pair: f"{min(pair)}-{max(pair)}")
    one = st.one_of(st.just("*"), numbers.map(str), spans, st.integers(1, high).map(lambda step: f"*/{step}"))
    return st.lists(one, min_size=1, max_size=2).map(",".join)


LINES = st.tuples(fields(0, 59), fields(0, 23), fields(1, 28), fields(1, 12), fields(0, 7)).map(" ".join)
FIRST = datetime(2029, 11, 3, tzinfo=UTC)
MOMENTS = st.integers(0, 500_000).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("*/15 * * * * x", "2031-03-04 08:45"),
        ("30 8 * * * x", "2031-03-05 08:30"),
        ("15 2 * * * x", "2031-03-05 02:15"),
        ("0 9-17/4 * * 1-5 x", "2031-03-04 09:00"),
        ("0 6 * * sun x", "2031-03-09 06:00"),
        ("0 6 * * 7 x", "2031-03-09 06:00"),
        ("0 6 1 * fri x", "2031-03-07 06:00"),  # the first of a month, or a Friday
        ("5 0 29 feb * x", "2032-02-29 00:05"),
        ("@hourly x", "2031-03-04 09:00"),
        ("@weekly x", "2031-03-09 00:00"),
        ("@monthly x", "2031-04-01 00:00"),
    ],
)
def test_a_line_is_due_when_cron_would_run_it(line, due):
    job = job_of(line)
    assert f"{next_of(job, START):%Y-%m-%d %H:%M}" == due
    assert job.command == "x"


@pytest.mark.parametrize(
    "line",
    ["", "# x", "@reboot x", "PATH=/bin", "60 * * * * x", "* * 0 * * x", "5-1 * * * * x", "*/0 * * * * x", "* * *"],
)
def test_what_is_no_line_with_a_time_is_never_due(line):
    assert job_of(line) is None


def test_a_day_that_never_comes_is_never_due():
    assert next_of(job_of("0 0 31 2 * x"), START) is None


def test_a_line_of_the_system_names_an_account_before_its_command():
    assert job_of("17 * * * * root run-parts /etc/cron.hourly", system=True).command == "run-parts /etc/cron.hourly"


@given(LINES, MOMENTS)
def test_the_next_minute_is_the_first_that_fits(line, after):
    job = job_of(f"{line} x")
    due = next_of(job, after)
    assert due is None or (due > after and job.at(due))
    minute = after.replace(second=0) + timedelta(minutes=1)
    for _ in range(3 * 60):
        if due is not None and minute >= due:
            break
        assert not job.at(minute)
        minute += timedelta(minutes=1)


@given(st.lists(LINES, min_size=1, max_size=3), MOMENTS)
def test_of_several_lines_the_earliest_comes_first(lines, after):
    jobs = [job_of(f"{line} x") for line in lines]
    dues = [due for job in jobs if (due := next_of(job, after))]
    assert next_due(jobs, after) == (min(dues) if dues else None)
