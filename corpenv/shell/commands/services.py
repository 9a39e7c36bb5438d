"""Services: `systemctl` and `service`."""

from fnmatch import filter

from corpenv.company.hosts import WANTS
from corpenv.company.machines import find_file, find_service, services_of
from corpenv.company.units import UNITS, on_disk, unit_path, why_not
from corpenv.events import FileRemoved, FileWritten
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.power import power
from corpenv.shell.commands.processes import kill
from corpenv.shell.commands.timers import about_timer, listed
from corpenv.shell.commands.unitlooks import LOOKS, looked, stale, system_state, units, whole
from corpenv.shell.commands.units import about_unit
from corpenv.shell.entering import denied as refused
from corpenv.shell.operating import OTHERWISE, STARTING, VERBS, operate, read_units

POWER = {
    "poweroff": "poweroff", "reboot": "reboot", "halt": "halt", "isolate": "halt", "rescue": "halt", "kexec": "reboot",
}  # fmt: skip
"""Verbs after which nothing runs any more, and what does that."""
OF_MACHINE = (
    "list-units", "list-unit-files", "list-timers", "daemon-reload", "daemon-reexec", "status", "is-system-running",
)  # fmt: skip
"""Verbs that name no unit."""


def systemctl(call: Call) -> Result:
    found, rest = options(call.argv, "ntsHp", ("type", "state", "lines", "signal", "kill-who", "property"))
    verb, names = (rest[0], named(call, rest[1:])) if rest else ("list-units", [])
    verb = OTHERWISE.get(verb, verb)
    if verb in POWER:
        return power(call._replace(name=POWER[verb], argv=()))
    if verb in OF_MACHINE and (verb != "status" or not names):
        return of_machine(call, verb, found)
    if not names:
        return Result("", "" if any("*" in each for each in rest) else "Too few arguments.\n", 1)
    return about(call, verb, names, found)


def of_machine(call: Call, verb: str, found: dict[str, str]) -> Result:
    """What is asked of all units, or of the machine."""
    if verb in ("daemon-reload", "daemon-reexec"):
        return reread(call)
    if verb in ("status", "is-system-running"):
        return Result(whole(call)) if verb == "status" else system_state(call)
    every, state = "a" in found or "all" in found, "failed" if "failed" in found else found.get("state", "")
    return Result(listed(call) if verb == "list-timers" else units(call, verb, every, state))


def reread(call: Call) -> Result:
    """Units are read again."""
    if not call.seat.is_root:
        return denied("reload daemon")
    read_units(call.seat.session, call.seat.server)
    return Result()


def named(call: Call, words: list[str]) -> list[str]:
    """The services that are meant: what stands for several is each of them that runs."""
    known = [each.id for each in services_of(call.seat.session.company, call.seat.server) if each.status == "running"]
    found: list[str] = []
    for word in (each.removesuffix(".service") for each in words):
        found += filter(known, word) if set("*?[") & set(word) else [word]
    return found


def about(call: Call, verb: str, names: list[str], found: dict[str, str]) -> Result:
    """What is asked of services that are named."""
    if told := about_timer(call, verb, names[0], "now" in found) or about_unit(call, verb, names[0], "now" in found):
        return told
    if verb in LOOKS or verb == "show":
        asked = (found.get("p") or found.get("property", "")).replace("\n", ",").split(",")
        return looked(call, verb, names, asked, "value" in found)
    if verb == "kill":
        return killed(call, names, found)
    if verb in ("mask", "unmask"):
        return masked(call, names, verb == "mask", "now" in found)
    if verb in VERBS:
        return operated(call, verb, names, "now" in found)
    return Result("", f"Unknown command verb '{verb}'.\n", 1)


def denied(what: str) -> Result:
    """What root alone may do."""
    return Result("", f"Failed to {what}: Interactive authentication required.\n", 1)


def not_there(verb: str, name: str) -> Result:
    """What is said of a service of which there is no unit."""
    if verb in ("enable", "disable"):
        return Result("", f"Failed to {verb} unit: Unit file {name}.service does not exist.\n", 1)
    why = "not loaded" if verb == "stop" else "not found"
    return Result("", f"Failed to {verb} {name}.service: Unit {name}.service {why}.\n", 5)


def hindered(call: Call, verb: str, name: str) -> Result | None:
    """Why something is not done to a service, or None."""
    company, server = call.seat.session.company, call.seat.server
    service = find_service(company, server.id, name)
    if service is None or (verb in ("enable", "disable") and not on_disk(company, server, service)):
        return not_there(verb, name)
    if not call.seat.is_root:
        refused(call.seat, "service", name)
        hint = f"See system logs and 'systemctl status {name}.service' for details.\n"
        return Result("", denied(f"{verb} {name}.service").err + hint, 1)
    if verb in STARTING and (why := why_not(company, server, service)):
        return Result("", f"Failed to {verb} {name}.service: {why}\n", 5 if why.endswith("not found.") else 1)
    return None


def operated(call: Call, verb: str, names: list[str], now: bool) -> Result:
    """Services are started, stopped, and so on."""
    session, server, out = call.seat.session, call.seat.server, ""
    for name in names:
        if why := hindered(call, verb, name):
            return why._replace(err=out + why.err)
        if verb in ("enable", "disable"):
            read_units(session, server)
        out += stale(call, name)
        link = f"{WANTS}{name}.service"
        there = find_file(session.company, server.id, link) is not None
        operate(session, server, name, verb)
        found = find_service(session.company, server.id, name)
        if verb in STARTING and found and found.status == "failed":
            told = f"Job for {name}.service failed because the control process exited with error code."
            return Result(out, f'{told}\nSee "systemctl status {name}.service" and "journalctl -xeu {name}.service" for details.\n', 1)  # fmt: skip  # noqa: E501
        if found and verb in ("enable", "disable") and there != (verb == "enable"):
            out += f'Removed "{link}".\n' if there else f"Created symlink {link} → {unit_path(found)}.\n"
        if now and verb in ("enable", "disable"):
            operate(session, server, name, "start" if verb == "enable" else "stop")
    return Result("", out)


def is_masked(call: Call, name: str) -> bool:
    """Does the unit of a service lead nowhere?"""
    unit = find_file(call.seat.session.company, call.seat.server.id, f"{UNITS}/{name}.service")
    return unit is not None and unit.sort == "link"


def killed(call: Call, names: list[str], found: dict[str, str]) -> Result:
    """A signal for the main process of services."""
    company, server = call.seat.session.company, call.seat.server
    services = [each for name in names if (each := find_service(company, server.id, name))]
    if missing := [name for name in names if find_service(company, server.id, name) is None]:
        return Result("", f"Failed to kill unit {missing[0]}.service: Unit {missing[0]}.service not loaded.\n", 1)
    signal = found.get("s") or found.get("signal") or "TERM"
    pids = [str(each.pid) for each in services if each.pid]
    if not call.seat.is_root:
        refused(call.seat, "service", names[0])
        return Result("", denied(f"kill unit {names[0]}.service").err, 1)
    return kill(call._replace(name="kill", argv=(f"-{signal.removeprefix('SIG')}", *pids))) if pids else Result()


def masked(call: Call, names: list[str], on: bool, now: bool) -> Result:
    """Services cannot be started any more, or can again: then the unit of old is there."""
    session, server, out = call.seat.session, call.seat.server, ""
    for name in names:
        path = f"{UNITS}/{name}.service"
        if not call.seat.is_root:
            refused(call.seat, "service", name)
            return Result(out, denied("mask unit" if on else "unmask unit").err, 1)
        if call.disk.tree.is_flagged(path):
            return Result("", f"{out}Failed to {'mask' if on else 'unmask'} unit: File {path} already exists.\n", 1)
        if on and not is_masked(call, name):
            session.do(FileWritten, server=server.id, path=path, text="/dev/null", mode=0o777, sort="link")
            out += f"Created symlink {path} → /dev/null.\n"
            operate(session, server, name, "disable")
            read_units(session, server)
            if now:
                operate(session, server, name, "stop")
        elif not on and is_masked(call, name):
            first = server.files.get(path)
            session.do(FileRemoved, server=server.id, path=path)
            if first:
                session.do(FileWritten, server=server.id, path=path, text=session.company.text(first.text))
            read_units(session, server)
            out += f'Removed "{path}".\n'
    return Result("", out)


def service(call: Call) -> Result:
    """The older way to say it."""
    if len(call.argv) < 2:
        return Result(
            "", "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n", 1
        )
    return systemctl(call._replace(argv=(call.argv[1], call.argv[0])))


COMMANDS: dict[str, Command] = {"systemctl": systemctl, "service": service}
ACTING = tuple(COMMANDS)
