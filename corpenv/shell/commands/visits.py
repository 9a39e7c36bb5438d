"""Who was logged in: `last` and `lastlog`, as the log of who came in tells of the days before."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from corpenv.company.hosts import AUTHLOG
from corpenv.company.servicing import moment_of
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.journal import of_this_year
from corpenv.shell.commands.network import CLIENT
from corpenv.shell.machine import KERNEL

WTMP = "/var/log/wtmp"
CAME = re.compile(r"^.{15} \S+ (sshd\[\d+\]): Accepted publickey for (\S+) from (\S+) port")
WENT = re.compile(r"^.{15} \S+ (sshd\[\d+\]): Disconnected from user")


class Visit(NamedTuple):
    """A session that is over."""

    account: str
    place: str
    came: datetime
    went: datetime


def visits(call: Call) -> Iterator[Visit]:
    """The sessions of the days before, the first one first."""
    company, server = call.seat.session.company, call.seat.server
    now, there = moment_of(company, 0), server.files.get(AUTHLOG)
    open_now: dict[str, tuple[str, str, datetime]] = {}
    for line in company.text(there.text).splitlines() if there else ():
        if found := CAME.match(line):
            open_now[found[1]] = (found[2], found[3], of_this_year(now, line))
        elif (found := WENT.match(line)) and found[1] in open_now:
            yield Visit(*open_now.pop(found[1]), of_this_year(now, line))


def last(call: Call) -> Result:
    """Sessions, the last one first, and when the machine was booted."""
    found, rest = options(call.argv, "nf")
    if not call.disk.tree.file(WTMP):
        return call.fail(f"cannot open {WTMP}: No such file or directory")
    company, booted = call.seat.session.company, moment_of(call.seat.session.company, call.seat.server.booted)
    rows = [row(call.seat.login.id, "pts/0", CLIENT, call.seat.session.clock, "  still logged in")]
    for each in reversed([*visits(call)]):
        minutes = int((each.went - each.came).total_seconds()) // 60
        spent = f"- {each.went:%H:%M}  ({minutes // 60:02}:{minutes % 60:02})"
        rows.append(row(each.account, "pts/0", each.place, each.came, spent))
    rows.append(row("reboot", "system boot", KERNEL, booted, "  still running"))
    most = found.get("n") or next((each[1:] for each in call.argv if re.fullmatch(r"-\d+", each)), "")
    shown = [each for each in rows if not rest or each.split()[0] in rest]
    begun = moment_of(company, call.seat.server.booted)
    foot = f"\nwtmp begins {begun:%a %b} {begun.day:>2} {begun:%H:%M:%S %Y}\n"
    return Result("".join(f"{each}\n" for each in shown[: int(most) if most.isdigit() else None]) + foot)


def row(account: str, line: str, place: str, came: datetime, until: str) -> str:
    """A session as `last` shows it."""
    return f"{account:<8.8} {line:<12.12} {place:<16.16} {came:%a %b} {came.day:>2} {came:%H:%M} {until}"


def lastlog(call: Call) -> Result:
    """When each account was last logged in: whoever asks is."""
    found, _ = options(call.argv, "utb")
    now = call.seat.session.clock
    seen = {each.account: (each.place, each.came) for each in visits(call)} | {call.seat.login.id: (CLIENT, now)}
    rows = [f"{'Username':<16} {'Port':<8} {'From':<16} Latest"]
    for name in call.seat.server.logins:
        if name in seen:
            place, at = seen[name]
            rows.append(f"{name:<16} {'pts/0':<8} {place:<16} {at:%a %b} {at.day:>2} {at:%H:%M:%S +0000 %Y}")
        else:
            rows.append(f"{name:<16} {'':<25} **Never logged in**")
    wanted = found.get("u")
    return Result("".join(f"{each}\n" for each in rows if not wanted or each.split()[0] in (wanted, "Username")))


COMMANDS: dict[str, Command] = {"last": last, "lastlog": lastlog}
ACTING = tuple(COMMANDS)
