"""Simulated time as text: one pure function, no zone, no locale."""

from datetime import datetime, timedelta
from functools import lru_cache

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@lru_cache(maxsize=8192)
def calendar_text(start: str, at: int) -> str:
    """`Mon 2031-03-03 09:05`, for `at` seconds after `start` (`2031-03-03 09:00`)."""
    moment = datetime.fromisoformat(start) + timedelta(seconds=at)
    return f"{DAYS[moment.weekday()]} {moment.isoformat(sep=' ', timespec='minutes')}"


def seconds_until(start: str, moment: str) -> int:
    """Seconds from `start` to `moment`, both `YYYY-MM-DD HH:MM`.

    Raises:
        ValueError: `moment` is no such text.
    """
    return int((datetime.fromisoformat(moment) - datetime.fromisoformat(start)).total_seconds())
