"""Simulated time as text and back: pure functions, no zone, no locale."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
CLOCK = re.compile(r"([+-][0-9]+)d ([0-9]{2}):([0-9]{2})")
AFTER = re.compile(r"([+-][0-9]+)([mhdw])")
CALENDAR = re.compile(r"(?:[A-Z][a-z]{2} )?([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})")
MOMENTS = 'such as "+90m", "+2h", "-3d", "+1d 09:00" or "2031-03-03 09:00"'


@lru_cache(maxsize=8192)
def calendar_text(start: str, at: int) -> str:
    """`Mon 2031-03-03 09:05`, for `at` seconds after `start` (`2031-03-03 09:00`)."""
    then = datetime.fromisoformat(start) + timedelta(seconds=at)
    return f"{DAYS[then.weekday()]} {then.isoformat(sep=' ', timespec='minutes')}"


def moment_after(start: str, at: int) -> datetime:
    """So many seconds after the start of a scenario, as servers keep it."""
    return beginning(start) + timedelta(seconds=at)


@lru_cache(maxsize=8192)
def log_stamp(start: str, at: int) -> str:
    """A moment after the start, as logs of a system have it: `Mar  3 09:05:00`."""
    then = moment_after(start, at)
    return f"{then:%b} {then.day:>2} {then:%H:%M:%S}"


@lru_cache(maxsize=64)
def beginning(start: str) -> datetime:
    """The moment a scenario begins, as its author wrote it."""
    return datetime.fromisoformat(start).replace(tzinfo=UTC)


@lru_cache(maxsize=8192)
def moment(start: str, text: str) -> int:
    """Seconds from `start` to a moment: `+90m`, `+2h`, `-3d`; `+1d 09:00` (that day's clock); or a calendar text.

    Raises:
        ValueError: the text is none of these, or lies outside the years 1 to 9999.
    """
    first = datetime.fromisoformat(start)
    try:
        then = meant(first, text)
    except (ValueError, OverflowError):  # an hour, a day or a year that no calendar has
        then = None
    if then is None:
        raise ValueError(f"{text!r} is no moment {MOMENTS}")
    return int((then - first).total_seconds())


def meant(first: datetime, text: str) -> datetime | None:
    """The moment a text names, seen from `first`; None if it has no such form."""
    if found := CLOCK.fullmatch(text):
        day = first + timedelta(days=int(found[1]))
        return day.replace(hour=int(found[2]), minute=int(found[3]), second=0)
    if found := AFTER.fullmatch(text):
        return first + timedelta(seconds=int(found[1]) * SECONDS[found[2]])
    if found := CALENDAR.fullmatch(text):
        return datetime.fromisoformat(found[1])
    return None


def moment_from(start: str, now: int, text: str) -> int:
    """Seconds from `start` to a moment somebody names at second `now`: `+2h` and `+1d 09:00` count from then.

    Raises:
        ValueError: as `moment`.
    """
    here = datetime.fromisoformat(start) + timedelta(seconds=now)
    return now + moment(here.isoformat(sep=" "), text)


def duration(text: str) -> int:
    """Seconds of a length of time such as `20m`, `3h`, `2d`.

    Raises:
        ValueError: the text is none.
    """
    found = re.fullmatch(r"([0-9]+)([mhdw])", text)
    if not found:
        raise ValueError(f'{text!r} is no length of time such as "20m", "3h" or "2d"')
    return int(found[1]) * SECONDS[found[2]]
