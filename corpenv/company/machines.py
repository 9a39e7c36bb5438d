"""How facts change servers: `MACHINES`, kind of event → its change; and what stands and runs on a server now."""

from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from corpenv.company.boards import processes_of_jobs
from corpenv.company.hosts import Egress, HostFile, Process, Server, Service
from corpenv.company.programs import taken_by
from corpenv.company.state import Company
from corpenv.events import (
    CommandRun,
    Connected,
    CronChanged,
    Event,
    FileAppended,
    FileModeChanged,
    FileMoved,
    FileRead,
    FileRemoved,
    FileWritten,
    ProcessEnded,
    ProcessPaused,
    ProcessStarted,
    RouteChanged,
    ServiceChanged,
)
from corpenv.record import Log

# what is there now ------------------------------------------------------------------------------------------


def find_server(company: Company, name: str) -> Server | None:
    """A server by host name, by its full name in the company's domain, or by address."""
    servers = company.world.servers
    bare = name.lower().removesuffix(f".{company.world.domain}")
    return servers.get(bare) or next((each for each in servers.values() if each.address == bare), None)


def find_file(company: Company, server: str, path: str) -> HostFile | None:
    """What stands at a path now; a link is not followed."""
    if (server, path) in company.machines.gone:
        return None
    changed = company.machines.files.get((server, path))
    if changed is not None:
        return changed
    host = company.world.servers.get(server)
    return host.files.get(path) if host else None


def files_of(company: Company, server: Server, below: str = "") -> Iterator[HostFile]:
    """Everything that stands on a server now: what was there at the start first, then the new, in order.

    Args:
        below: what paths begin with.
    """
    state = company.machines
    changed = {path: file for (host, path), file in state.files.items() if host == server.id}
    gone = {path for host, path in state.gone if host == server.id}
    new = (path for path in state.new.get(server.id, ()) if path not in server.files)
    for path in (*server.files, *new):
        if path.startswith(below) and path not in gone and (found := changed.get(path) or server.files.get(path)):
            yield found


def find_service(company: Company, server: str, service: str) -> Service | None:
    """A service as it is now."""
    host = company.world.servers.get(server)
    changed = company.machines.services.get((server, service))
    return changed or (host.services.get(service) if host else None)


def services_of(company: Company, server: Server) -> Iterator[Service]:
    """The services of a server, as they are now."""
    for name in server.services:
        if found := find_service(company, server.id, name):
            yield found


def processes_of(company: Company, server: Server) -> list[Process]:
    """What runs on a server now, services and the jobs of queues included, by pid."""
    running = [
        Process(each.pid, each.account, each.command, each.id, *((0, 0) if each.system else (4, 6)), since=each.since)
        for each in services_of(company, server)
        if each.status == "running"
    ]
    ended, paused = company.machines.ended, company.machines.paused
    others = (
        *server.processes.values(), *company.machines.started.get(server.id, ()), *processes_of_jobs(company, server)
    )  # fmt: skip
    for each in others:
        key = (server.id, each.pid)
        running += [] if key in ended else [replace(each, paused=True)] if key in paused else [each]
    return sorted(running, key=lambda each: each.pid)


def cron_of(company: Company, server: Server, account: str) -> tuple[str, ...]:
    """The scheduled jobs of an account there."""
    changed = company.machines.crons.get((server.id, account))
    return server.cron.get(account, ()) if changed is None else changed


def egress_of(company: Company, server: Server) -> Egress:
    """What a server lets out now."""
    return company.machines.egress.get(server.id) or server.egress


def new_pid(company: Company, server: Server) -> int:
    """The pid of the next process."""
    return max(last_pid(company, server), 1000) + 3 + company.step % 7


def last_pid(company: Company, server: Server) -> int:
    """The highest pid that there ever was, those of jobs apart."""
    taken = company.machines.pids.get(server.id, 0)
    return max(taken, *server.processes, *(each.pid for each in server.services.values()))


# changes ----------------------------------------------------------------------------------------------------


def machines(company: Company, event: Event, **groups: Any) -> Company:
    """The company with something about its servers changed."""
    return replace(company, now=event.at, machines=replace(company.machines, **groups))


def with_file(company: Company, event: Event, server: str, file: HostFile) -> Company:
    """The company with a file as given; a path that is new is remembered in order."""
    state, key = company.machines, (server, file.path)
    gone = state.gone.delete(key) if key in state.gone else state.gone
    new = state.new
    if key not in state.files:
        new = new.set(server, (*new.get(server, ()), file.path))
    return machines(company, event, files=state.files.set(key, file), gone=gone, new=new)


def file_written(event: FileWritten, company: Company) -> Company:
    file = HostFile(
        event.path, event.text, event.owner, event.group, event.mode, event.sort, event.binary, event.at, event.size,
        event.actor, taken_by(company.world, event.text),
    )  # fmt: skip
    return with_file(company, event, event.server, file)


def file_appended(event: FileAppended, company: Company) -> Company:
    file = find_file(company, event.server, event.path) or HostFile(event.path)
    text, journal = company.text(file.text) + event.text, company.machines.journal
    lines: Log[FileAppended] = journal.get(event.server) or Log()
    after = with_file(company, event, event.server, replace(file, text=text, at=event.at))
    return machines(after, event, journal=journal.set(event.server, lines.add(event)))


def file_removed(event: FileRemoved, company: Company) -> Company:
    return machines(company, event, gone=company.machines.gone.set((event.server, event.path), event.at))


def file_moved(event: FileMoved, company: Company) -> Company:
    file = find_file(company, event.server, event.path)
    if file is None:
        return replace(company, now=event.at)
    there = with_file(company, event, event.server, replace(file, path=event.to))
    return machines(there, event, gone=there.machines.gone.set((event.server, event.path), event.at))


def file_mode_changed(event: FileModeChanged, company: Company) -> Company:
    file = find_file(company, event.server, event.path)
    if file is None:
        return replace(company, now=event.at)
    changed = replace(file, mode=event.mode, owner=event.owner, group=event.group)
    return with_file(company, event, event.server, changed)


def process_started(event: ProcessStarted, company: Company) -> Company:
    state = company.machines
    process = Process(
        event.pid, event.account, event.command, event.service, event.cpu, event.memory, event.gpu, event.at,
        event.actor, event.wakes, event.does, event.every,
    )  # fmt: skip
    started = state.started.set(event.server, (*state.started.get(event.server, ()), process))
    return machines(company, event, started=started, pids=state.pids.set(event.server, event.pid))


def process_ended(event: ProcessEnded, company: Company) -> Company:
    return machines(company, event, ended=company.machines.ended.set((event.server, event.pid), event.at))


def process_paused(event: ProcessPaused, company: Company) -> Company:
    paused, key = company.machines.paused, (event.server, event.pid)
    without = paused.delete(key) if key in paused else paused
    return machines(company, event, paused=paused.set(key, event.at) if event.paused else without)


def service_changed(event: ServiceChanged, company: Company) -> Company:
    service, state = find_service(company, event.server, event.service), company.machines
    if service is None:
        return replace(company, now=event.at)
    since = event.at if event.pid != service.pid else service.since
    changed = replace(
        service, status=event.status, enabled=event.enabled, pid=event.pid, since=since,
        command=event.command or service.command, working=event.working,
    )  # fmt: skip
    pids = state.pids.set(event.server, max(event.pid, state.pids.get(event.server, 0)))
    services = state.services.set((event.server, event.service), changed)
    return machines(company, event, services=services, pids=pids)


def cron_changed(event: CronChanged, company: Company) -> Company:
    host, authors = company.world.servers.get(event.server), company.machines.authors
    old = cron_of(company, host, event.account) if host else ()
    for line in event.lines:
        if line not in old:
            authors = authors.set((event.server, event.account, line), event.actor)
    crons = company.machines.crons.set((event.server, event.account), event.lines)
    return machines(company, event, crons=crons, authors=authors)


def route_changed(event: RouteChanged, company: Company) -> Company:
    egress = Egress(event.policy, event.allowed, event.blocked, event.closed, event.gateway)
    return machines(company, event, egress=company.machines.egress.set(event.server, egress))


def file_read(event: FileRead, company: Company) -> Company:
    read = company.machines.read.set((event.actor, f"{event.server}:{event.path}"), event.at)
    return machines(company, event, read=read)


def connected(event: Connected, company: Company) -> Company:
    flows: Log[Connected] = company.machines.flows.get(event.server) or Log()
    return machines(company, event, flows=company.machines.flows.set(event.server, flows.add(event)))


def command_run(event: CommandRun, company: Company) -> Company:
    folders = company.machines.folders
    if event.folder:
        folders = folders.set((event.server, event.account), event.folder)
    return machines(company, event, folders=folders, runs=company.machines.runs + bool(event.cause))


MACHINES: dict[type[Event], Callable[[Any, Company], Company]] = {
    FileWritten: file_written,
    FileAppended: file_appended,
    FileRemoved: file_removed,
    FileMoved: file_moved,
    FileModeChanged: file_mode_changed,
    FileRead: file_read,
    ProcessStarted: process_started,
    ProcessEnded: process_ended,
    ProcessPaused: process_paused,
    ServiceChanged: service_changed,
    CronChanged: cron_changed,
    RouteChanged: route_changed,
    Connected: connected,
    CommandRun: command_run,
}
