"""When the lines of a cron table are due."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

NAMED = {
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}  # fmt: skip
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELD = re.compile(r"(\*|\d+(?:-\d+)?)(?:/(\d+))?")
FURTHEST = 366
"""Days that are looked ahead."""


class Job(NamedTuple):
    """A line of a table: the minutes, hours, days, months and weekdays it is due, and what it runs.

    Attributes:
        any_day: a day counts if it is one of the month or of the week, as both are restricted.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    command: str

    def on(self, day: datetime) -> bool:
        """Is it due some time on that day?"""
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return day.month in self.months and (of_month or of_week if self.any_day else of_month and of_week)

    def at(self, moment: datetime) -> bool:
        """Is it due in that minute?"""
        return moment.minute in self.minutes and moment.hour in self.hours and self.on(moment)


def numbers(field: str, place: int) -> frozenset[int] | None:
    """The numbers that a field of a line stands for; None if it is none."""
    low, high = BOUNDS[place]
    names = {3: dict(zip(MONTHS, range(1, 13), strict=True)), 4: dict(zip(DAYS, range(7), strict=True))}.get(place, {})
    found: set[int] = set()
    for part in field.lower().split(","):
        read = FIELD.fullmatch(re.sub("[a-z]+", lambda word: str(names.get(word[0], word[0])), part))
        if read is None:
            return None
        first, _, last = (read[1] if read[1] != "*" else f"{low}-{high}").partition("-")
        end = int(last) if last else high if read[2] else int(first)
        step = int(read[2] or 1)
        if step == 0 or not low <= int(first) <= end <= high:
            return None
        found |= set(range(int(first), end + 1, step))
    return frozenset(each % 7 for each in found) if place == 4 else frozenset(found)


@lru_cache(maxsize=1024)
def job_of(line: str, system: bool = False) -> Job | None:
    """A line of a table as a job; None if it is none, or only due when the server boots.

    Args:
        system: the line names an account before the command, as in /etc/crontab.
    """
    words = line.split(None, 1)
    known = NAMED.get(words[0]) if words else None
    words = [*known.split(), *words[1:]] if known else line.split(None, 5)
    if len(words) != 6:
        return None
    fields = [numbers(words[place], place) for place in range(5)]
    command = words[5].split(None, 1)[-1] if system else words[5]
    if any(field is None for field in fields) or not command:
        return None
    minutes, hours, days, months, weekdays = (field or frozenset() for field in fields)
    both = not words[2].startswith("*") and not words[4].startswith("*")
    return Job(minutes, hours, days, months, weekdays, both, command)


def next_due(jobs: Iterable[Job], after: datetime) -> datetime | None:
    """The first minute after a moment in which one of some jobs is due."""
    found = [due for job in jobs if (due := next_of(job, after))]
    return min(found, default=None)


@lru_cache(maxsize=1024)
def next_of(job: Job, after: datetime) -> datetime | None:
    """The first minute after a moment in which a job is due."""
    first = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    midnight = first.replace(hour=0, minute=0)
    for day in range(FURTHEST):
        date = midnight + timedelta(days=day)
        if job.on(date):
            earliest = first if day == 0 else date
            for hour in sorted(job.hours):
                for minute in sorted(job.minutes):
                    due = date.replace(hour=hour, minute=minute)
                    if due >= earliest:
                        return due
    return None
