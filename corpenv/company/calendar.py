"""Simulated time as text and back: pure functions, no zone, no locale."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SECONDS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
MOMENTS = 'such as "+90m", "+2h", "-3d", "+1d 09:00" or "2031-03-03 09:00"'


@lru_cache(maxsize=8192)
def calendar_text(start: str, at: int) -> str:
    """`Mon 2031-03-03 09:05`, for `at` seconds after `start` (`2031-03-03 09:00`)."""
    then = datetime.fromisoformat(start) + timedelta(seconds=at)
    return f"{DAYS[then.weekday()]} {then.isoformat(sep=' ', timespec='minutes')}"


@lru_cache(maxsize=8192)
def moment(start: str, text: str) -> int:
    """Seconds from `start` to a moment: `+90m`, `+2h`, `-3d`; `+1d 09:00` (that day's clock); or a calendar text.

    Raises:
        ValueError: the text is none of these.
    """
    first = datetime.fromisoformat(start)
    if found := re.fullmatch(r"([+-]\d+)d (\d\d):(\d\d)", text):
        day = first + timedelta(days=int(found[1]))
        return int((day.replace(hour=int(found[2]), minute=int(found[3])) - first).total_seconds())
    if found := re.fullmatch(r"([+-]\d+)([mhdw])", text):
        return int(found[1]) * SECONDS[found[2]]
    if found := re.fullmatch(r"(?:[A-Z][a-z]{2} )?(\d{4}-\d\d-\d\d \d\d:\d\d)", text):
        return int((datetime.fromisoformat(found[1]) - first).total_seconds())
    raise ValueError(f"{text!r} is no moment {MOMENTS}")


def duration(text: str) -> int:
    """Seconds of a length of time such as `20m`, `3h`, `2d`.

    Raises:
        ValueError: the text is none.
    """
    found = re.fullmatch(r"(\d+)([mhdw])", text)
    if not found:
        raise ValueError(f'{text!r} is no length of time such as "20m", "3h" or "2d"')
    return int(found[1]) * SECONDS[found[2]]
