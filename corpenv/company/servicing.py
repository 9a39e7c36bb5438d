"""What services do by themselves while time passes: lines in their logs, and logs that are sent on.

Nothing is written by a service that does not run, that is paused or is another program now, whose log is gone or
closed to it, or whose disk is full: then the evidence stops. `FOLLOWING` and `DUE` as in `registryplans`.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from corpenv.company.calendar import moment_after
from corpenv.company.hosts import EXECUTE, WRITE, HostFile, Server, Service
from corpenv.company.machines import find_file, find_service, open_log, services_of
from corpenv.company.network import Flow, reached
from corpenv.company.state import Company
from corpenv.company.storage import is_full
from corpenv.company.timetable import WORLD, planned
from corpenv.events import Due, Event, FileAppended

SHIPPED = "ship:"
"""How the cause of a line begins that was sent on: it is not sent any further."""


def moment_of(company: Company, at: int) -> datetime:
    """A simulated second as a moment; servers keep UTC."""
    return moment_after(company.world.start, at)


def log_of(company: Company, server: Server, service: Service) -> HostFile | None:
    """The file a service can write its log into now, wherever that stands."""
    file = open_log(company, server.id, service.log) if service.log else None
    login = server.logins.get(service.account)
    if file is None or file.sort != "file" or login is None or not file.lets(login, WRITE) or file.keeps(grows=True):
        return None
    closed = any(not each.lets(login, EXECUTE) for each in folders_above(company, server, file))
    return None if closed or is_full(company, server) else file


def folders_above(company: Company, server: Server, file: HostFile) -> Iterable[HostFile]:
    """The folders that a file stands in."""
    path = file.path
    while path := path.rpartition("/")[0]:
        if folder := find_file(company, server.id, path):
            yield folder


def line_of(company: Company, server: Server, service: Service, text: str, actor: str) -> Iterable[FileAppended]:
    """A line of a service about itself, where it can write one."""
    if log := log_of(company, server, service):
        line, moved = headed(company, company.now, service, text), service.log if log.path != service.log else ""
        yield FileAppended(at=company.now, actor=actor, server=server.id, path=log.path, text=line, log=moved)


def headed(company: Company, at: int, service: Service, text: str) -> str:
    """A line as services write them, with its moment and who says it."""
    return f"{moment_of(company, at):%Y-%m-%dT%H:%M:%SZ} {service.id}[{service.pid}]: {text}\n"


def ships(company: Company, server: Server, service: Service) -> Flow | None:
    """Where what a service ships arrives: at a service that listens, and can keep it. None if nothing does now, or
    something else than a file stands in the place of one of the logs.
    """
    logs = [find_file(company, server.id, path) for path in service.ships]
    if any(log is not None and log.sort != "file" for log in logs):
        return None
    host, _, port = service.ships_to.partition(":")
    flow = reached(company, server, host, int(port)) if service.works and host else None
    if flow is None or flow.outcome != "open" or flow.server is None or flow.service is None:
        return None
    return flow if log_of(company, flow.server, flow.service) else None


def write(company: Company, due: Due) -> Iterable[Event]:
    """A service writes what it writes every so often."""
    name, _, service_id = due.ref.partition(":")
    server, service = company.world.servers.get(name), find_service(company, name, service_id)
    if server and service and service.every:
        yield planned(company, due.at + service.every, "write", due.ref)
        if service.works:
            yield from line_of(company, server, service, company.text(service.line), WORLD)


def ship(company: Company, event: FileAppended) -> Iterable[Event]:
    """New lines of a log go where they are sent on to, while the way there is open."""
    server = company.world.servers.get(event.server)
    if server is None or event.cause.startswith(SHIPPED):
        return
    for service in services_of(company, server):
        flow = ships(company, server, service) if event.path in service.ships else None
        log = log_of(company, flow.server, flow.service) if flow and flow.server and flow.service else None
        if flow and flow.server and log:
            text = "".join(f"{server.id} {line}\n" for line in event.text.splitlines())
            yield FileAppended(
                at=company.now, actor=event.actor, cause=f"{SHIPPED}{server.id}:{service.id}",
                server=flow.server.id, path=log.path, text=text,
            )  # fmt: skip


FOLLOWING: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {FileAppended: ship}
DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {"write": write}
