"""What stands in the log of the system at the start: what it wrote since its logs were turned over at midnight."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from corpenv.company.crontimes import Job, job_of, next_of
from corpenv.company.servicing import moment_after
from corpenv.names import draw
from corpenv.world.resolve import Resolver, holds_under
from corpenv.world.serverparts import ServerPart

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
"""Lines of one scheduled job."""

Line = tuple[datetime, str, str]
"""When it was written, by which program, and what."""


def syslog_of(names: Resolver, part: ServerPart, logger: int) -> str:
    """The log of the system, in the order of time. `logger` is the pid of what writes it."""
    now = moment_after(names.facts.start, 0)
    found = [*of_timers(names, part, now, logger), *of_cron(names, part, now)]
    since = moment_after(names.facts.start, names.at(part.booted))
    kept = sorted(line for line in found if since <= line[0] < now)
    return "".join(f"{at:%b} {at.day:>2} {at:%H:%M:%S} {part.id} {who}: {text}\n" for at, who, text in kept)


def of_timers(names: Resolver, part: ServerPart, now: datetime, logger: int) -> Iterator[Line]:
    """What the system does every day."""
    midnight = now.replace(hour=0, minute=0, second=0)
    for name, title in NIGHTLY:
        yield from run_of(midnight, name, title)
    yield midnight, "rsyslogd", TURNED.format(logger)
    for name, title in ONCE_A_DAY:
        second = draw(names.facts.seed, "timer", part.id, name) % 86_400
        yield from run_of(midnight + timedelta(seconds=second), name, title)


def run_of(at: datetime, name: str, title: str) -> Iterator[Line]:
    """A service that runs once and is done: the same moment sorts by what is said."""
    done = at + timedelta(seconds=1)
    yield at, "systemd[1]", f"Starting {name}.service - {title}..."
    yield done, "systemd[1]", f"{name}.service: Deactivated successfully."
    yield done + timedelta(seconds=1), "systemd[1]", f"Finished {name}.service - {title}."


def of_cron(names: Resolver, part: ServerPart, now: datetime) -> Iterator[Line]:
    """What its tables had it run today."""
    for each in part.cron:
        job = None if each.inert or not holds_under(each.if_level, names.condition) else job_of(each.line)
        for at in moments_of(job, now) if job else ():
            pid = 1200 + draw(names.facts.seed, "cron", part.id, each.line, f"{at:%H%M}") % 60_000
            yield at + timedelta(seconds=1), f"CRON[{pid}]", f"({each.account}) CMD ({job.command if job else ''})"


def moments_of(job: Job, now: datetime) -> Iterable[datetime]:
    """The last minutes of the day in which a job was due."""
    found, at = list[datetime](), next_of(job, now.replace(hour=0, minute=0) - timedelta(minutes=1))
    while at and at < now:
        found.append(at)
        at = next_of(job, at)
    return found[-MOST:]
