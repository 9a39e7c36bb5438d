"""Units that somebody put beside those of the machine: what they say is run, ended and enabled."""

from corpenv.company.hosts import WANTS, Process
from corpenv.company.machines import find_file, processes_of
from corpenv.company.rights import login_now
from corpenv.company.units import UNITS
from corpenv.events import FileRemoved, FileWritten
from corpenv.shell.base import Call, Result
from corpenv.shell.operating import VERBS, end


def unit_of(call: Call, name: str) -> dict[str, str]:
    """What a unit says that is no service of the world's; one that is gone is known while something of it runs. Empty
    if there is none.
    """
    company, server = call.seat.session.company, call.seat.server
    file = find_file(company, server.id, f"{UNITS}/{name}.service")
    if name in server.services or file is None or file.sort != "file":
        return {"Id": name} if name not in server.services and running_of(call, name) else {}
    pairs = (line.partition("=")[::2] for line in company.text(file.text).splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, value in pairs} | {"Id": name}


def about_unit(call: Call, verb: str, name: str, now: bool) -> Result | None:
    """What is asked of such a unit, or done to it; None if there is none, or it cannot be."""
    unit = unit_of(call, name)
    if unit and verb in ("status", "is-active", "is-enabled", "is-failed"):
        return unit_state(call, verb, unit)
    return operate_unit(call, verb, unit, now) if unit and call.seat.is_root and verb in VERBS else None


def running_of(call: Call, name: str) -> list[Process]:
    """What runs of it."""
    return [each for each in processes_of(call.seat.session.company, call.seat.server) if each.service == name]


def unit_state(call: Call, verb: str, unit: dict[str, str]) -> Result:
    """How it is."""
    session, server, pids = call.seat.session, call.seat.server, [each.pid for each in running_of(call, unit["Id"])]
    name, state = unit["Id"], "active" if pids else "inactive"
    wanted = find_file(session.company, server.id, f"{WANTS}{name}.service") is not None
    if verb == "is-enabled":
        return Result("enabled\n" if wanted else "disabled\n", "", int(not wanted))
    if verb != "status":
        return Result(f"{state}\n", "", 0 if pids else 3)
    lines = [
        f"{'●' if pids else '○'} {name}.service - {unit.get('Description', name)}",
        f"     Loaded: loaded ({UNITS}/{name}.service; {'enabled' if wanted else 'disabled'}; preset: enabled)",
        f"     Active: {'active (running)' if pids else 'inactive (dead)'}",
        *(f"   Main PID: {pid}" for pid in pids[:1]),
    ]
    return Result("".join(f"{line}\n" for line in lines), "", 0 if pids else 3)


def operate_unit(call: Call, verb: str, unit: dict[str, str], now: bool) -> Result:
    """It is started, stopped, enabled or disabled, by root."""
    session, server, name = call.seat.session, call.seat.server, unit["Id"]
    path, link = f"{UNITS}/{name}.service", f"{WANTS}{name}.service"
    if verb != "stop" and find_file(session.company, server.id, path) is None:
        return Result("", f"Failed to {verb} {name}.service: Unit {name}.service not found.\n", 5)
    told, there = "", find_file(session.company, server.id, link)
    if verb == "enable" and there is None:
        session.do(FileWritten, server=server.id, path=link, text=path, mode=0o777, sort="link")
        told = f"Created symlink {link} → {path}.\n"
    elif verb == "disable" and there is not None:
        session.do(FileRemoved, server=server.id, path=link)
        told = f'Removed "{link}".\n'
    if verb in ("stop", "restart") or (verb == "disable" and now):
        for process in running_of(call, name):
            end(session, server, process, 15)
    if verb in ("start", "restart") or (verb == "enable" and now):
        return started(call, unit, told)
    return Result("", told)


def started(call: Call, unit: dict[str, str], told: str) -> Result:
    """What it says runs, as whom it says."""
    session, server, name = call.seat.session, call.seat.server, unit["Id"]
    login = login_now(session.company, server, unit.get("User", call.seat.login.id))
    command = unit.get("ExecStart", "").lstrip("-@:+! ")
    if login is None or not command:
        return Result(
            "", f"{told}Failed to start {name}.service: Unit {name}.service has a bad unit file setting.\n", 1
        )
    before, session.units = session.units, (*session.units, name)
    outcome = call.nested(call.seat._replace(login=login), f"{command} &", "/", "")
    session.units = before
    if outcome.code in (126, 127) or "No such file" in outcome.err:
        why = f"Job for {name}.service failed because the control process exited with error code."
        return Result("", f'{told}{why}\nSee "systemctl status {name}.service" for details.\n', 1)
    return Result("", told)
