"""What a service that runs the jobs of queues writes of them: each as it begins, and as it is over."""

from collections.abc import Iterator, Mapping

from corpenv.company.boards import Held, held
from corpenv.company.machines import find_service
from corpenv.company.registry import find_job, find_queue
from corpenv.company.registryitems import Job, Queue
from corpenv.company.servicing import line_of
from corpenv.company.state import Company
from corpenv.company.timetable import WORLD
from corpenv.events import FileAppended


def told_of(company: Company, job_id: str) -> Iterator[FileAppended]:
    """A line of each runner that has GPUs of a job which began or is over just now, where it can write one."""
    job = find_job(company, job_id)
    queue = find_queue(company, job.queue) if job else None
    if job is None or queue is None:
        return
    for each in (each for each in held(company, queue) if each.job == job):
        for name, boards in shares(queue, each).items():
            server, service = company.world.servers[name], find_service(company, name, queue.runner)
            if service and service.works:
                yield from line_of(company, server, service, said(job, boards, state_of(job)), WORLD)


def shares(queue: Queue, job: Held) -> Mapping[str, tuple[int, ...]]:
    """Server → the numbers of the GPUs that a job has there."""
    given = [queue.boards[place] for place in job.places if place < len(queue.boards)]
    return {name: tuple(board for where, board in given if where == name) for name, _ in given}


def state_of(job: Job) -> str:
    """What has become of a job, as its runner says it."""
    told = {"running": "started", "cancelled": f"cancelled by {job.stopped_by}", "failed": "failed, killed by a signal"}
    return told.get(job.state, job.state)


def said(job: Job, boards: tuple[int, ...], state: str) -> str:
    """What a runner says of a job on its server."""
    return f"{job.id} of {job.account} ({job.purpose}) on GPU {','.join(map(str, boards))}: {state}"
