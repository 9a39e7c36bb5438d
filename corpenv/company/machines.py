"""What stands and runs on a server now."""

from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company.boards import processes_of_jobs
from corpenv.company.crontabs import TABLES, is_obeyed, rows_of
from corpenv.company.egress import Egress
from corpenv.company.hosts import HostFile, Process, Server, Service
from corpenv.company.state import Company


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
    return host.first(path) if host else None


def files_of(company: Company, server: Server, below: str | tuple[str, ...] = "") -> Iterator[HostFile]:
    """Everything that stands on a server now: what was there at the start first, then the new, in order.

    Args:
        below: what paths begin with, one thing or another. Nothing that agents choose: what stood there is kept by it.
    """
    state, first = company.machines, server.files
    new = [path for path in state.new.get(server.id, ()) if path not in first and path.startswith(below)]
    for path in (*(paths_at_start(company, server, below) if below else first), *new):
        if (server.id, path) not in state.gone:
            yield state.files.get((server.id, path)) or first[path]


def paths_at_start(company: Company, server: Server, below: str | tuple[str, ...]) -> tuple[str, ...]:
    """What stood on a server at the start, of what begins so. Looked up once while the server is the same one."""
    files, paths = company.world.paths.get((server.id, below), (None, ()))
    if files is not server.files:
        paths = tuple(path for path in server.files if path.startswith(below))
        company.world.paths[server.id, below] = server.files, paths
    return paths


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
    file = find_file(company, server.id, TABLES + account)
    return rows_of(company.text(file.text)) if file and is_obeyed(file) else ()


def open_log(company: Company, server: str, log: str) -> HostFile | None:
    """The file that a log is which its writer opened at a path, wherever it stands now."""
    path = company.machines.opened.get((server, log), log)
    return find_file(company, server, path) if path else None


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
