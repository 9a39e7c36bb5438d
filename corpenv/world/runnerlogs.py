"""The logs of what runs the jobs of queues, as they stand at the start: the jobs since the server was booted."""

from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.boards import held
from corpenv.company.hosts import Server, Service
from corpenv.company.registryitems import Queue
from corpenv.company.runners import said, shares
from corpenv.company.servicing import headed
from corpenv.world.resolve import Resolver

Line = tuple[int, str]
"""When something is said, and what."""


def write_runner_logs(names: Resolver) -> None:
    """Every runner that keeps a log has noted its jobs, unless the author wrote that log."""
    company, servers = Company(names.facts, 0), names.facts.servers
    runners = {(name, queue.runner): None for queue in names.facts.queues.values() for name, _ in queue.boards}
    for name, runner in runners:
        service = servers[name].services.get(runner) if name in servers else None
        log = servers[name].files.get(service.log) if service else None
        if service and log and not log.text:
            lines = lines_of(company, servers[name], service)
            written = replace(log, text="".join(headed(company, at, service, told) for at, told in lines))
            servers[name] = replace(servers[name], files={**servers[name].files, log.path: written})


def lines_of(company: Company, server: Server, service: Service) -> list[Line]:
    """What it noted since the server was booted, in order."""
    queues = (queue for queue in company.world.queues.values() if queue.runner == service.id)
    noted = (line for queue in queues for line in of_queue(company, server, queue))
    return sorted(line for line in noted if server.booted <= line[0] <= 0)


def of_queue(company: Company, server: Server, queue: Queue) -> Iterator[Line]:
    """Beginning and end of every job that a queue had there."""
    for each in held(company, queue):
        if boards := shares(queue, each).get(server.id):
            yield each.job.starts, said(each.job, boards, "started")
            yield each.job.ends, said(each.job, boards, "ended")
