"""Units of services: what stands on the disk, and what the system has read of it.

A unit is read when the machine is booted and when that is asked for; what changes on the disk meanwhile changes
nothing. Only one that neither runs nor is to start with the machine, or that was gone, is read anew each time.
"""

from collections.abc import Callable, Iterator

from corpenv.company.hosts import HostFile, Server, Service
from corpenv.company.machines import files_of, find_file
from corpenv.company.state import Company

UNITS, SHIPPED = "/etc/systemd/system", "/lib/systemd/system"
NOWHERE = "/dev/null"
"""Where the unit of a service leads that nobody can start; an empty one is as much."""
CHANGED = "changed on disk. Run 'systemctl daemon-reload' to reload units."


def unit_path(service: Service) -> str:
    """Where the unit of a service stands."""
    return f"{SHIPPED if service.system else UNITS}/{service.id}.service"


def on_disk(company: Company, server: Server, service: Service) -> str:
    """What the unit of a service says and what is laid over it, as it stands there; "" if there is none."""
    folder = f"{UNITS}/{service.id}.service.d/"
    laid = sorted(file.path for file in files_of(company, server, f"{UNITS}/") if file.path.startswith(folder))
    return said_by(company, service, laid, lambda path: find_file(company, server.id, path))


def at_start(company: Company, server: Server, service: Service) -> str:
    """What was read of it when the machine was booted."""
    laid = [path for path in server.files if path.startswith(f"{UNITS}/{service.id}.service.d/")]
    return said_by(company, service, laid, server.first)


def said_by(company: Company, service: Service, laid: list[str], find: Callable[[str], HostFile | None]) -> str:
    """The unit of a service and what is laid over it, as one text."""
    own = find(f"{UNITS}/{service.id}.service") or find(f"{SHIPPED}/{service.id}.service")
    if own is not None and own.sort == "link":
        if company.text(own.text) == NOWHERE:
            return NOWHERE
        own = find(company.text(own.text))
    if own is None or own.sort == "directory":
        return ""
    if not own.text:
        return NOWHERE
    over = (company.text(file.text) for path in laid if (file := find(path)) and file.sort == "file")
    return "\n".join([company.text(own.text), *over])


def last_read(company: Company, server: Server, service: Service) -> str:
    """What the unit of a service said when it was read last."""
    return at_start(company, server, service) if service.unit is None else service.unit


def loaded(company: Company, server: Server, service: Service) -> str:
    """What the system knows of the unit of a service; "" if it knows none."""
    known = last_read(company, server, service)
    forgotten = service.status != "running" and not (known and (service.enabled or service.status == "failed"))
    return on_disk(company, server, service) if forgotten else known


def why_not(company: Company, server: Server, service: Service) -> str:
    """Why the system does not start a service, or ""."""
    why = {"": "not found", NOWHERE: "is masked"}.get(loaded(company, server, service), "")
    return f"Unit {service.id}.service {why}." if why else ""


def is_stale(company: Company, server: Server, service: Service) -> bool:
    """Does the disk say something else of a unit than what was read?"""
    return loaded(company, server, service) != on_disk(company, server, service)


def starts_with_machine(company: Company, server: Server, service: Service) -> bool:
    """Is a service enabled, and is there a unit to start it by?"""
    unit = said_by(company, service, [], lambda path: find_file(company, server.id, path)) if service.enabled else ""
    return unit not in ("", NOWHERE)


def values(unit: str, key: str) -> Iterator[str]:
    """The values of a key of a unit, those that are laid over it last."""
    for line in unit.splitlines():
        if line.startswith(f"{key}="):
            yield line.partition("=")[2].lstrip("-@:+! ").strip()
