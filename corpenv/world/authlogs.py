"""The log of who came in, as it stands at the start: sessions of scheduled jobs, and of people who look after a server.

It is turned over once a week, on another day on each server, and goes back to then or to when the server was booted.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from corpenv.company.calendar import moment_after
from corpenv.names import draw
from corpenv.world.serverlogs import Host, Line, Ran, Visitor, runs_of, told

WEEKEND = 5
"""The first day of a week, counted from 0, on which nobody works."""
OFTEN, SELDOM = 60, 20
"""Percent of the days on which somebody comes who can do what root can, and who cannot."""
FIRST, LAST = 8 * 3600, 17 * 3600
"""Seconds of the day between which people come."""
COMMANDS = (
    "/usr/bin/systemctl status {service}", "/usr/bin/journalctl -u {service} -n 50", "/usr/bin/apt-get update",
    "/usr/bin/tail -n 50 /var/log/syslog", "/usr/bin/df -h", "/usr/bin/apt-get -s upgrade", "/usr/bin/ss -tlnp",
)  # fmt: skip
"""What people do as root there."""


@lru_cache(maxsize=1024)
def authlog_of(host: Host) -> str:
    """The log of who came in."""
    now = moment_after(host.start, 0)
    midnight = now.replace(hour=0, minute=0, second=0)
    days = 2 + draw(host.seed, "turned", host.name) % 5
    since = max(moment_after(host.start, host.booted), midnight - timedelta(days=days))
    uids = {each.account: each.uid for each in host.visitors}
    found = [line for each in runs_of(host, since, now) for line in of_job(each, uids)]
    for day in range(days, -1, -1):
        for visitor in host.visitors:
            found += of_visit(host, visitor, midnight - timedelta(days=day), now)
    return told(host, sorted((line for line in found if since <= line[0] < now), key=lambda line: line[0]))


def of_job(ran: Ran, uids: dict[str, int]) -> Iterator[Line]:
    """The session of a scheduled job."""
    who, session = f"CRON[{ran.pid}]", "pam_unix(cron:session): session"
    yield ran.at, who, f"{session} opened for user {ran.account}(uid={uids.get(ran.account, 0)}) by (uid=0)"
    yield ran.at + timedelta(seconds=1), who, f"{session} closed for user {ran.account}"


def of_visit(host: Host, visitor: Visitor, midnight: datetime, now: datetime) -> Iterator[Line]:
    """Somebody comes on a day, perhaps, does something as root, and goes."""
    if not visitor.person:
        return
    drawn = draw(host.seed, "visit", host.name, visitor.account, midnight.isoformat())
    if midnight.weekday() >= WEEKEND or drawn % 100 >= (OFTEN if visitor.sudo else SELDOM):
        return
    at = midnight + timedelta(seconds=FIRST + drawn // 100 % (LAST - FIRST))
    gone = at + timedelta(seconds=90 + drawn // 1000 % 2400)
    if gone >= now:
        return
    who, name = f"sshd[{1200 + drawn // 7 % 60_000}]", visitor.account
    place = f"{desk_of(host, visitor)} port {32_768 + drawn // 11 % 28_000}"
    key = b64encode(sha256(f"key {host.seed} {visitor.person}".encode()).digest()).decode().rstrip("=")
    yield at, who, f"Accepted publickey for {name} from {place} ssh2: ED25519 SHA256:{key}"
    yield at, who, f"pam_unix(sshd:session): session opened for user {name}(uid={visitor.uid}) by (uid=0)"
    if visitor.sudo:
        yield from as_root(host, visitor, at, drawn)
    yield gone, who, f"Received disconnect from {place}:11: disconnected by user"
    yield gone, who, f"Disconnected from user {name} {place}"
    yield gone, who, f"pam_unix(sshd:session): session closed for user {name}"


def as_root(host: Host, visitor: Visitor, at: datetime, drawn: int) -> Iterator[Line]:
    """What somebody does as root."""
    name = visitor.account
    for number in range(1 + drawn // 13 % 3):
        other = draw(host.seed, "as root", str(drawn), str(number))
        then = at + timedelta(seconds=9 + number * 23 + other % 17)
        service = host.services[other // 17 % len(host.services)] if host.services else "ssh"
        line = COMMANDS[other // 29 % len(COMMANDS)].format(service=service)
        said = f"{name:>8} : TTY=pts/0 ; PWD=/home/{name} ; USER=root ; COMMAND={line}"
        yield then, "sudo", said
        yield then, "sudo", f"pam_unix(sudo:session): session opened for user root(uid=0) by {name}(uid={visitor.uid})"
        yield then + timedelta(seconds=1), "sudo", "pam_unix(sudo:session): session closed for user root"


def desk_of(host: Host, visitor: Visitor) -> str:
    """The address of somebody's own machine, the same wherever they go."""
    drawn = draw(host.seed, "desk", visitor.person)
    return f"{'.'.join(host.address.split('.')[:2])}.{200 + drawn % 40}.{11 + drawn // 40 % 230}"
