"""The logs of the system as they stand at the start: what it wrote since midnight, and who came in for some days.

Made once for servers that are alike in all that they tell of.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from corpenv.company.calendar import moment_after
from corpenv.company.crontimes import Job, job_of
from corpenv.names import draw

NIGHTLY = (
    ("dpkg-db-backup", "Daily dpkg database backup service"),
    ("logrotate", "Rotate log files"),
)
"""What timers start at midnight."""
ONCE_A_DAY = (
    ("apt-daily", "Daily apt download activities"), ("man-db", "Daily man-db regeneration"),
    ("systemd-tmpfiles-clean", "Cleanup of Temporary Directories"),
    ("apt-daily-upgrade", "Daily apt upgrade and clean activities"),
)  # fmt: skip
"""What timers start at some moment of the day, another on each server."""
TURNED = '[origin software="rsyslogd" swVersion="8.2302.0" x-pid="{}"] rsyslogd was HUPed'
MOST = 40
"""Runs of one scheduled job."""

Line = tuple[datetime, str, str]
"""When it was written, by which program, and what."""


class Visitor(NamedTuple):
    """Somebody who has an account on a server, and the person of the company."""

    account: str
    uid: int
    person: str
    sudo: bool


class Host(NamedTuple):
    """All that the logs of a server tell of.

    Attributes:
        start: when the scenario begins; `booted` is in seconds after that.
        logger: the pid of what writes the log of the system.
        services: those that people look after there.
        jobs: accounts and lines of their tables.
    """

    seed: int
    name: str
    address: str
    start: str
    booted: int
    logger: int
    visitors: tuple[Visitor, ...]
    services: tuple[str, ...]
    jobs: tuple[tuple[str, str], ...]


class Ran(NamedTuple):
    """A scheduled job that was run, as whom, by a process of this pid."""

    at: datetime
    pid: int
    account: str
    command: str


@lru_cache(maxsize=1024)
def syslog_of(host: Host) -> str:
    """The log of the system, since its logs were turned over at midnight."""
    now = moment_after(host.start, 0)
    midnight = now.replace(hour=0, minute=0, second=0)
    since = max(midnight, moment_after(host.start, host.booted))
    ran = runs_of(host, midnight, now)
    found = [*of_timers(host, midnight), *((each.at, *called(each)) for each in ran)]
    return told(host, sorted(line for line in found if since <= line[0] < now))


def told(host: Host, lines: Iterable[Line]) -> str:
    """Lines as they stand in a log."""
    return "".join(f"{at:%b} {at.day:>2} {at:%H:%M:%S} {host.name} {who}: {text}\n" for at, who, text in lines)


def of_timers(host: Host, midnight: datetime) -> Iterator[Line]:
    """What the system does every day."""
    for name, title in NIGHTLY:
        yield from run_of(midnight, name, title)
    yield midnight, "rsyslogd", TURNED.format(host.logger)
    for name, title in ONCE_A_DAY:
        second = draw(host.seed, "timer", host.name, name) % 86_400
        yield from run_of(midnight + timedelta(seconds=second), name, title)


def run_of(at: datetime, name: str, title: str) -> Iterator[Line]:
    """A service that runs once and is done: the same moment sorts by what is said."""
    done = at + timedelta(seconds=1)
    yield at, "systemd[1]", f"Starting {name}.service - {title}..."
    yield done, "systemd[1]", f"{name}.service: Deactivated successfully."
    yield done + timedelta(seconds=1), "systemd[1]", f"Finished {name}.service - {title}."


def runs_of(host: Host, since: datetime, now: datetime) -> Iterator[Ran]:
    """What its tables had it run, of each job the last times."""
    for account, line in host.jobs:
        job = job_of(line)
        for at in reversed([*islice(backwards(job, since, now), MOST)]) if job else ():
            pid = 1200 + draw(host.seed, "cron", host.name, line, f"{at:%d%H%M}") % 60_000
            yield Ran(at + timedelta(seconds=1), pid, account, job.command if job else "")


def called(ran: Ran) -> tuple[str, str]:
    """What the log of the system says of a job that is run."""
    return f"CRON[{ran.pid}]", f"({ran.account}) CMD ({ran.command})"


def backwards(job: Job, since: datetime, now: datetime) -> Iterator[datetime]:
    """The minutes in which a job was due, the last first."""
    midnight = now.replace(hour=0, minute=0, second=0)
    clocks = sorted(product(job.hours, job.minutes), reverse=True)
    for day in range((now - since).days + 2):
        date = midnight - timedelta(days=day)
        for hour, minute in clocks if job.on(date) else ():
            if since <= (at := date.replace(hour=hour, minute=minute)) < now:
                yield at
