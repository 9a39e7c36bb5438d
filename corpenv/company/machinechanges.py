"""How facts change servers: `MACHINES`, kind of event → its change."""

from collections.abc import Callable
from typing import Any

from immutables import Map
from msgspec.structs import replace

from corpenv.company.calendar import moment_after
from corpenv.company.crontabs import GROUP, MODE, TABLES, owner_of, rows_of, text_of
from corpenv.company.egress import Egress
from corpenv.company.hosts import WANTS, HostFile, Process
from corpenv.company.machines import find_file, find_service
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

RELOAD = "reload"
"""What is asked of a service that then opens its logs anew, as it does when it starts."""


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
    old = find_file(company, event.server, event.path)
    file = HostFile(
        event.path, event.text, event.owner, event.group, event.mode, event.sort, event.binary, event.at, event.size,
        event.actor, taken_by(company.world, event.text), old.flags if old else "",
    )  # fmt: skip
    after = with_file(company, event, event.server, file)
    after = with_authors(after, company, event, event.path) if owner_of(event.path) else after
    return wanted(after, event.server, event.path, True)


def wanted(company: Company, server: str, path: str, now: bool) -> Company:
    """The company in which a service starts with its machine, or not any more, if that is what a path is about."""
    name = path.removeprefix(WANTS).removesuffix(".service") if path.startswith(WANTS) else ""
    service, state = find_service(company, server, name) if name else None, company.machines
    if service is None or service.enabled == now:
        return company
    services = state.services.set((server, name), replace(service, enabled=now))
    return replace(company, machines=replace(state, services=services))


def file_appended(event: FileAppended, company: Company) -> Company:
    journal = company.machines.journal
    lines: Log[FileAppended] = journal.get(event.server) or Log.of()
    if event.path:
        file = find_file(company, event.server, event.path) or HostFile(event.path)
        text = company.text(file.text) + event.text
        company = with_file(company, event, event.server, replace(file, text=text, at=event.at))
    return machines(company, event, journal=journal.set(event.server, lines.add(event)))


def file_removed(event: FileRemoved, company: Company) -> Company:
    gone, opened = company.machines.gone, opened_after(company, event.server, event.path, "")
    after = machines(company, event, gone=gone.set((event.server, event.path), event.at), opened=opened)
    return wanted(after, event.server, event.path, False)


def opened_after(company: Company, server: str, path: str, to: str) -> Map[tuple[str, str], str]:
    """Where logs that are open stand, after what stood at a path is elsewhere, or nowhere."""
    host, opened = company.world.servers.get(server), company.machines.opened
    for log in (log for service in host.services.values() for log in service.logs) if host else ():
        if opened.get((server, log), log) == path:
            opened = opened.set((server, log), to)
    return opened


def file_moved(event: FileMoved, company: Company) -> Company:
    file = find_file(company, event.server, event.path)
    if file is None:
        return replace(company, now=event.at)
    there = with_file(company, event, event.server, replace(file, path=event.to))
    there = with_authors(there, company, event, event.to) if owner_of(event.to) else there
    there = machines(there, event, opened=opened_after(there, event.server, event.to, ""))
    there = wanted(wanted(there, event.server, event.path, False), event.server, event.to, True)
    return machines(
        there, event, gone=there.machines.gone.set((event.server, event.path), event.at),
        opened=opened_after(there, event.server, event.path, event.to),
    )  # fmt: skip


def file_mode_changed(event: FileModeChanged, company: Company) -> Company:
    file = find_file(company, event.server, event.path)
    if file is None:
        return replace(company, now=event.at)
    changed = replace(file, mode=event.mode, owner=event.owner, group=event.group, flags=event.flags)
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
        unit=service.unit if event.unit is None else event.unit,
    )  # fmt: skip
    pids = state.pids.set(event.server, max(event.pid, state.pids.get(event.server, 0)))
    services, opened = state.services.set((event.server, event.service), changed), state.opened
    anew = [(event.server, log) for log in service.logs] if event.pid != service.pid or event.done == RELOAD else []
    for key in anew:
        opened = opened.delete(key) if key in opened else opened
    return machines(company, event, services=services, pids=pids, opened=opened)


def cron_changed(event: CronChanged, company: Company) -> Company:
    path = TABLES + event.account
    if not event.lines:
        return machines(company, event, gone=company.machines.gone.set((event.server, path), event.at))
    text = text_of(event.lines, moment_after(company.world.start, event.at))
    table = HostFile(path, text, event.account, GROUP, MODE, at=event.at, by=event.actor)
    return with_authors(with_file(company, event, event.server, table), company, event, path)


def with_authors(after: Company, before: Company, event: Event, path: str) -> Company:
    """The company that knows who put the lines of a table there that are new."""
    server, account = event.server, owner_of(path)  # type: ignore[attr-defined]
    old, new = (find_file(each, server, path) for each in (before, after))
    known, authors = rows_of(before.text(old.text)) if old else (), after.machines.authors
    for line in rows_of(after.text(new.text)) if new else ():
        if line not in known:
            authors = authors.set((server, account, line), event.actor)
    return machines(after, event, authors=authors)


def route_changed(event: RouteChanged, company: Company) -> Company:
    egress = Egress(event.policy, event.allowed, event.blocked, event.closed, event.gateway)
    return machines(company, event, egress=company.machines.egress.set(event.server, egress))


def file_read(event: FileRead, company: Company) -> Company:
    read = company.machines.read.set((event.actor, f"{event.server}:{event.path}"), event.at)
    return machines(company, event, read=read)


def connected(event: Connected, company: Company) -> Company:
    flows: Log[Connected] = company.machines.flows.get(event.server) or Log.of()
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
