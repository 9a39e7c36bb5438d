"""What is shown of services and their units: what `systemctl` says of them without doing anything."""

from collections.abc import Callable

from corpenv.company.hosts import Service
from corpenv.company.machines import find_file, find_service, services_of
from corpenv.company.servicing import moment_of
from corpenv.company.units import CHANGED, NOWHERE, is_stale, loaded, on_disk, unit_path
from corpenv.shell.base import Call, Result
from corpenv.shell.commands import journal

STATES = {"running": "active (running)", "stopped": "inactive (dead)", "failed": "failed (Result: signal)"}
ACTIVE = {"running": "active", "stopped": "inactive", "failed": "failed"}
SUB = {"running": "running", "stopped": "dead", "failed": "failed"}


def system_state(call: Call) -> Result:
    """Is everything well?"""
    every = services_of(call.seat.session.company, call.seat.server)
    degraded = any(each.status == "failed" for each in every)
    return Result("degraded\n" if degraded else "running\n", "", int(degraded))


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


def stale(call: Call, name: str) -> str:
    """What is said where the disk has another unit than the one that was read."""
    company, server = call.seat.session.company, call.seat.server
    service = find_service(company, server.id, name)
    if service is None or not is_stale(company, server, service):
        return ""
    return f"Warning: The unit file, source configuration file or drop-ins of {name}.service {CHANGED}\n"


def looked(call: Call, verb: str, names: list[str], asked: list[str], bare: bool) -> Result:
    """What services are."""
    out, err, code = "", "", 0
    for name in names:
        service = find_service(call.seat.session.company, call.seat.server.id, name)
        unit = loaded(call.seat.session.company, call.seat.server, service) if service else ""
        if service is None or (not unit and service.status != "running" and verb != "show"):
            one = unknown(verb, name)
        else:
            one = (
                Result(shown(call, service, unit, asked, bare)) if verb == "show" else LOOKS[verb](call, service, unit)
            )
        out, err, code = out + one.out, err + one.err, code or one.code
    return Result(out, err, code)


def unknown(verb: str, name: str) -> Result:
    """What is said of a service that the system does not know."""
    if verb in ("is-active", "is-failed"):
        return Result("inactive\n", "", 3 if verb == "is-active" else 4)
    return Result("", f"Unit {name}.service could not be found.\n", 4)


def is_active(call: Call, service: Service, unit: str) -> Result:
    """Does it run?"""
    return Result(f"{ACTIVE[service.status]}\n", "", 0 if service.status == "running" else 3)


def is_failed(call: Call, service: Service, unit: str) -> Result:
    """Has it failed?"""
    return Result(f"{ACTIVE[service.status]}\n", "", int(service.status != "failed"))


def cat(call: Call, service: Service, unit: str) -> Result:
    """The unit of a service, as it stands on the disk."""
    file = find_file(call.seat.session.company, call.seat.server.id, unit_path(service))
    if file is None:
        return Result("", f"No files found for {service.id}.service.\n", 1)
    return Result(f"# {unit_path(service)}\n{call.seat.session.company.text(file.text)}", stale(call, service.id))


def is_enabled(call: Call, service: Service, unit: str) -> Result:
    """Does a service start with the machine?"""
    there = on_disk(call.seat.session.company, call.seat.server, service)
    if not there:
        return Result("", f"Failed to get unit file state for {service.id}.service: No such file or directory\n", 1)
    state = "masked" if there == NOWHERE else "enabled" if service.enabled else "disabled"
    return Result(f"{state}\n", "", int(state != "enabled"))


def edit(call: Call, service: Service, unit: str) -> Result:
    """Without a terminal no editor opens."""
    return Result("", "Cannot edit units if not on a tty.\n", 1)


def load_state(unit: str) -> str:
    """What the system knows of a unit."""
    return "masked" if unit == NOWHERE else "loaded" if unit else "not-found"


def shown(call: Call, service: Service, unit: str, asked: list[str], bare: bool) -> str:
    """`systemctl show`, all of it or what is asked for; `bare` values have no name."""
    values = {
        "Id": f"{service.id}.service", "Description": service.title, "LoadState": load_state(unit),
        "ActiveState": ACTIVE[service.status], "SubState": SUB[service.status], "MainPID": str(service.pid),
        "UnitFileState": "enabled" if service.enabled else "disabled", "FragmentPath": unit_path(service),
        "User": service.account, "NeedDaemonReload": "yes" if stale(call, service.id) else "no",
    }  # fmt: skip
    rows = ((key, value) for key, value in values.items() if asked == [""] or key in asked)
    return "".join(f"{value}\n" if bare else f"{key}={value}\n" for key, value in rows)


def status(call: Call, service: Service, unit: str) -> Result:
    """`systemctl status`."""
    since = moment_of(call.seat.session.company, service.since)
    enabled = is_enabled(call, service, unit).out.strip() or "bad"
    known = {
        "loaded": f"loaded ({unit_path(service)}; {enabled}; preset: enabled)",
        "masked": f"masked (Reason: Unit {service.id}.service is masked.)",
        "not-found": f"not-found (Reason: Unit {service.id}.service not found.)",
    }  # fmt: skip
    title = f" - {service.title}" if load_state(unit) == "loaded" else ""
    lines = [
        f"{'●' if service.status == 'running' else '×' if service.status == 'failed' else '○'} "
        f"{service.id}.service{title}",
        f"     Loaded: {known[load_state(unit)]}",
        f"     Active: {STATES[service.status]} since {since:%a %Y-%m-%d %H:%M:%S} UTC",
    ]
    if service.pid:
        program = service.command.split()[0].rpartition("/")[2].rstrip(":")
        lines += [f"   Main PID: {service.pid} ({program})", f"     CGroup: /system.slice/{service.id}.service"]
        lines += [f"             └─{service.pid} {service.command}"]
    tail = [journal.shown(call, line) for line in journal.lines_of(call, service.id)[-10:]]
    text = "\n".join([*lines, *([""] if tail else []), *tail, ""])
    return Result(text, stale(call, service.id), 0 if service.status == "running" else 3)


def units(call: Call, verb: str, every: bool, state: str) -> str:
    """The services as a table."""
    company, server = call.seat.session.company, call.seat.server
    services = sorted(services_of(company, server), key=lambda each: each.id)
    if verb == "list-unit-files":
        states = ((each.id, is_enabled(call, each, "").out.strip()) for each in services)
        rows = [f"{name + '.service':<32} {state:<9} enabled" for name, state in states if state]
        return "\n".join([f"{'UNIT FILE':<32} {'STATE':<9} PRESET", *rows, "", f"{len(rows)} unit files listed.", ""])
    there = [each for each in services if each.status == "running" or loaded(company, server, each)]
    shown = [each for each in there if every or each.status != "stopped"]
    shown = [each for each in shown if not state or state in (each.status, ACTIVE[each.status], SUB[each.status])]
    width = max((len(each.id) + 8 for each in shown), default=4)
    known = [load_state(loaded(company, server, each)) for each in shown]
    wide = max(map(len, ("LOAD", *known)))
    rows = [
        f"  {each.id + '.service':<{width}} {load:<{wide}} {ACTIVE[each.status]:<8} {SUB[each.status]:<7} {each.title}"
        for each, load in zip(shown, known, strict=True)
    ]
    head = f"  {'UNIT':<{width}} {'LOAD':<{wide}} ACTIVE   SUB     DESCRIPTION"
    return "\n".join([head, *rows, "", f"{len(rows)} loaded units listed.", ""])


LOOKS: dict[str, Callable[[Call, Service, str], Result]] = {
    "status": status, "is-active": is_active, "is-enabled": is_enabled, "is-failed": is_failed, "cat": cat,
    "edit": edit,
}  # fmt: skip
"""What can be asked of a service and its unit → what is said."""
