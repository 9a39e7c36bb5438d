"""What `systemctl` does with timers."""

from corpenv.company.crontimes import next_of
from corpenv.company.machines import find_file
from corpenv.events import FileRemoved, FileWritten
from corpenv.shell.base import Call, Result
from corpenv.shell.entering import denied
from corpenv.shell.timers import ON, UNITS, timers_of

WANTS = f"{UNITS}timers.target.wants/"
CHANGING = ("start", "stop", "restart", "enable", "disable")


def about_timer(call: Call, verb: str, name: str, now: bool) -> Result | None:
    """What is asked of a timer, or done to it; None if there is none of that name."""
    company, server = call.seat.session.company, call.seat.server
    if not name.endswith(".timer") or find_file(company, server.id, UNITS + name) is None:
        return None
    on = find_file(company, server.id, ON + name) is not None
    if verb in ("status", "is-active"):
        return Result("active\n" if on else "inactive\n", "", 0 if on else 3)
    if verb == "is-enabled":
        wanted = find_file(company, server.id, WANTS + name) is not None
        return Result("enabled\n" if wanted else "disabled\n", "", int(not wanted))
    if verb not in CHANGING:
        return None
    if not call.seat.is_root:
        denied(call.seat, "service", name)
        return Result("", f"Failed to {verb} {name}: Interactive authentication required.\n", 1)
    return changed(call, verb, name, now)


def changed(call: Call, verb: str, name: str, now: bool) -> Result:
    """A timer is started or stopped, and wanted at the next start of the machine or not."""
    told, unit = "", UNITS + name
    if verb in ("enable", "disable"):
        set_up(call, WANTS + name, unit, verb == "enable")
        told = f"Created symlink {WANTS}{name} → {unit}.\n" if verb == "enable" else f'Removed "{WANTS}{name}".\n'
    if verb in ("start", "restart", "stop") or now:
        set_up(call, ON + name, unit, verb in ("start", "restart", "enable"))
    return Result("", told)


def set_up(call: Call, path: str, unit: str, on: bool) -> None:
    """A link to a unit is there, or not."""
    session, server = call.seat.session, call.seat.server
    there = find_file(session.company, server.id, path) is not None
    if on and not there:
        session.do(FileWritten, server=server.id, path=path, text=unit, mode=0o777, sort="link")
    elif there and not on:
        session.do(FileRemoved, server=server.id, path=path)


def listed(call: Call) -> str:
    """`systemctl list-timers`."""
    now, on = call.seat.session.clock, timers_of(call.seat.session.company, call.seat.server)
    rows = [
        f"{due:%a %Y-%m-%d %H:%M:%S} UTC n/a n/a n/a {link.path.removeprefix(ON)} {job.command.split()[-1]}\n"
        for link, job in on
        if (due := next_of(job, now))
    ]
    tail = f"{len(rows)} timers listed.\nPass --all to see loaded but inactive timers, too.\n"
    return f"NEXT LEFT LAST PASSED UNIT ACTIVATES\n{''.join(rows)}\n{tail}"
