"""Services: `systemctl` and `service`."""

from fnmatch import filter

from corpenv.company.hosts import Service
from corpenv.company.machines import find_file, find_service, services_of
from corpenv.events import FileRemoved, FileWritten
from corpenv.shell.base import Call, Command, Result, moment_of, options
from corpenv.shell.commands import journal
from corpenv.shell.commands.power import power
from corpenv.shell.commands.processes import kill
from corpenv.shell.commands.timers import about_timer, listed
from corpenv.shell.commands.units import about_unit
from corpenv.shell.entering import denied as refused
from corpenv.shell.operating import OTHERWISE, UNITS, VERBS, operate

STATES = {"running": "active (running)", "stopped": "inactive (dead)", "failed": "failed (Result: signal)"}
ACTIVE = {"running": "active", "stopped": "inactive", "failed": "failed"}
POWER = {
    "poweroff": "poweroff", "reboot": "reboot", "halt": "halt", "isolate": "halt", "rescue": "halt", "kexec": "reboot",
}  # fmt: skip
"""Verbs after which nothing runs any more, and what does that."""
SUB = {"running": "running", "stopped": "dead", "failed": "failed"}


def systemctl(call: Call) -> Result:
    found, rest = options(call.argv, "ntsHp", ("type", "state", "lines", "signal", "kill-who", "property"))
    verb, names = (rest[0], named(call, rest[1:])) if rest else ("list-units", [])
    verb = OTHERWISE.get(verb, verb)
    if verb in ("list-units", "list-unit-files", "list-timers"):
        every = "a" in found or "all" in found
        return Result(listed(call) if verb == "list-timers" else units(call, verb, every, found.get("state", "")))
    if verb in ("daemon-reload", "daemon-reexec"):
        return Result() if call.seat.is_root else denied("reload daemon")
    if verb in POWER:
        return power(call._replace(name=POWER[verb], argv=()))
    if verb in ("status", "is-system-running") and not names:
        return Result(whole(call)) if verb == "status" else system_state(call)
    if not names:
        return Result("", "" if any("*" in each for each in rest) else "Too few arguments.\n", 1)
    return about(call, verb, names, found)


def system_state(call: Call) -> Result:
    """Is everything well?"""
    every = services_of(call.seat.session.company, call.seat.server)
    degraded = any(each.status == "failed" for each in every)
    return Result("degraded\n" if degraded else "running\n", "", int(degraded))


def named(call: Call, words: list[str]) -> list[str]:
    """The services that are meant: what stands for several is each of them that runs."""
    known = [each.id for each in services_of(call.seat.session.company, call.seat.server) if each.status == "running"]
    found: list[str] = []
    for word in (each.removesuffix(".service") for each in words):
        found += filter(known, word) if set("*?[") & set(word) else [word]
    return found


def whole(call: Call) -> str:
    """`systemctl status`: how the machine is."""
    company, server = call.seat.session.company, call.seat.server
    failed = [each for each in services_of(company, server) if each.status == "failed"]
    since = moment_of(company, server.booted)
    return (
        f"● {server.id}\n    State: {'degraded' if failed else 'running'}\n    Units: {104 + len(server.services)} "
        f"loaded (incl. loaded aliases)\n     Jobs: 0 queued\n   Failed: {len(failed)} units\n"
        f"    Since: {since:%a %Y-%m-%d %H:%M:%S} UTC\n  systemd: 252.33-1~deb12u1\n"
    )


def unit_path(service: Service) -> str:
    """Where the unit of a service stands."""
    return f"{'/lib/systemd/system' if service.system else UNITS}/{service.id}.service"


def about(call: Call, verb: str, names: list[str], found: dict[str, str]) -> Result:
    """What is asked of services that are named."""
    if told := about_timer(call, verb, names[0], "now" in found) or about_unit(call, verb, names[0], "now" in found):
        return told
    if verb in ("status", "is-active", "is-enabled", "is-failed", "cat", "show"):
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


def operated(call: Call, verb: str, names: list[str], now: bool) -> Result:
    """Services are started, stopped, and so on."""
    session, server, out = call.seat.session, call.seat.server, ""
    for name in names:
        if find_service(session.company, server.id, name) is None:
            return Result(out, f"Failed to {verb} {name}.service: Unit {name}.service not found.\n", 5)
        if not call.seat.is_root:
            refused(call.seat, "service", name)
            hint = f"See system logs and 'systemctl status {name}.service' for details.\n"
            return Result(out, denied(f"{verb} {name}.service").err + hint, 1)
        if verb in ("start", "restart") and is_masked(call, name):
            return Result(out, f"Failed to {verb} {name}.service: Unit {name}.service is masked.\n", 1)
        operate(session, server, name, verb)
        found = find_service(session.company, server.id, name)
        if verb in ("start", "restart") and found and found.status == "failed":
            told = f"Job for {name}.service failed because the control process exited with error code."
            return Result(out, f'{told}\nSee "systemctl status {name}.service" and "journalctl -xeu {name}.service" for details.\n', 1)  # fmt: skip  # noqa: E501
        if verb in ("enable", "disable"):
            link = f"/etc/systemd/system/multi-user.target.wants/{name}.service"
            unit = f"/etc/systemd/system/{name}.service"
            out += f"Created symlink {link} → {unit}.\n" if verb == "enable" else f'Removed "{link}".\n'
        if now and verb in ("enable", "disable"):
            operate(session, server, name, "start" if verb == "enable" else "stop")
    return Result("", out)


def is_masked(call: Call, name: str) -> bool:
    """Is a service kept from being started?"""
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
        if on and not is_masked(call, name):
            session.do(FileWritten, server=server.id, path=path, text="/dev/null", mode=0o777, sort="link")
            out += f"Created symlink {path} → /dev/null.\n"
            operate(session, server, name, "disable")
            if now:
                operate(session, server, name, "stop")
        elif not on and is_masked(call, name):
            first = server.files.get(path)
            session.do(FileRemoved, server=server.id, path=path)
            if first:
                session.do(FileWritten, server=server.id, path=path, text=session.company.text(first.text))
            out += f'Removed "{path}".\n'
    return Result("", out)


def looked(call: Call, verb: str, names: list[str], asked: list[str], bare: bool) -> Result:
    """What services are."""
    company, server, out, code = call.seat.session.company, call.seat.server, "", 0
    for name in names:
        service = find_service(company, server.id, name)
        if service is None:
            told = {"is-active": "inactive\n", "is-failed": "inactive\n"}.get(verb, "")
            why = f"Unit {name}.service could not be found.\n"
            return Result(out + told, "" if told else why, 3 if verb == "is-active" else 4)
        if verb == "cat":
            unit = find_file(company, server.id, unit_path(service))
            text = company.text(unit.text) if unit else ""
            out += f"# {unit_path(service)}\n{text}"
        elif verb == "show":
            out += shown(service, asked, bare)
        elif verb == "is-enabled":
            out, code = out + ("enabled\n" if service.enabled else "disabled\n"), code or int(not service.enabled)
        elif verb == "is-failed":
            out, code = out + f"{ACTIVE[service.status]}\n", code or int(service.status != "failed")
        else:
            out += f"{ACTIVE[service.status]}\n" if verb == "is-active" else status(call, service)
            code = code or (0 if service.status == "running" else 3)
    return Result(out, "", code)


def shown(service: Service, asked: list[str], bare: bool) -> str:
    """`systemctl show`, all of it or what is asked for; `bare` values have no name."""
    values = {
        "Id": f"{service.id}.service", "Description": service.title, "LoadState": "loaded",
        "ActiveState": ACTIVE[service.status], "SubState": SUB[service.status], "MainPID": str(service.pid),
        "UnitFileState": "enabled" if service.enabled else "disabled", "FragmentPath": unit_path(service),
        "User": service.account,
    }  # fmt: skip
    rows = ((key, value) for key, value in values.items() if asked == [""] or key in asked)
    return "".join(f"{value}\n" if bare else f"{key}={value}\n" for key, value in rows)


def status(call: Call, service: Service) -> str:
    """`systemctl status`."""
    since = moment_of(call.seat.session.company, service.since)
    enabled = "enabled" if service.enabled else "disabled"
    lines = [
        f"{'●' if service.status == 'running' else '×' if service.status == 'failed' else '○'} "
        f"{service.id}.service - {service.title}",
        f"     Loaded: loaded ({unit_path(service)}; {enabled}; preset: enabled)",
        f"     Active: {STATES[service.status]} since {since:%a %Y-%m-%d %H:%M:%S} UTC",
    ]
    if service.pid:
        program = service.command.split()[0].rpartition("/")[2].rstrip(":")
        lines += [f"   Main PID: {service.pid} ({program})", f"     CGroup: /system.slice/{service.id}.service"]
        lines += [f"             └─{service.pid} {service.command}"]
    tail = [journal.shown(call, line) for line in journal.lines_of(call, service.id)[-10:]]
    return "\n".join([*lines, *([""] if tail else []), *tail, ""])


def units(call: Call, verb: str, every: bool, state: str) -> str:
    """The services as a table."""
    services = sorted(services_of(call.seat.session.company, call.seat.server), key=lambda each: each.id)
    if verb == "list-unit-files":
        rows = [
            f"{each.id + '.service':<32} {'enabled' if each.enabled else 'disabled':<9} enabled" for each in services
        ]
        return "\n".join([f"{'UNIT FILE':<32} {'STATE':<9} PRESET", *rows, "", f"{len(rows)} unit files listed.", ""])
    shown = [each for each in services if every or each.status != "stopped"]
    shown = [each for each in shown if not state or state in (each.status, ACTIVE[each.status], SUB[each.status])]
    width = max((len(each.id) + 8 for each in shown), default=4)
    rows = [
        f"  {each.id + '.service':<{width}} loaded {ACTIVE[each.status]:<8} {SUB[each.status]:<7} {each.title}"
        for each in shown
    ]
    head = f"  {'UNIT':<{width}} LOAD   ACTIVE   SUB     DESCRIPTION"
    return "\n".join([head, *rows, "", f"{len(rows)} loaded units listed.", ""])


def service(call: Call) -> Result:
    """The older way to say it."""
    if len(call.argv) < 2:
        return Result(
            "", "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n", 1
        )
    return systemctl(call._replace(argv=(call.argv[1], call.argv[0])))


COMMANDS: dict[str, Command] = {"systemctl": systemctl, "service": service}
ACTING = tuple(COMMANDS)
