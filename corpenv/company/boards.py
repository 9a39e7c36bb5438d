"""The GPUs that jobs of queues have, and what such a job is on a server: a process on each GPU that it has there.

Nothing of it is stored: who has which GPU follows from when jobs began and stopped, first come, first served.
"""

from collections.abc import Iterator
from typing import NamedTuple

from corpenv.company.hosts import Process, Server
from corpenv.company.registry import jobs
from corpenv.company.registryitems import Job, Queue
from corpenv.company.state import Company
from corpenv.names import draw

FIRST_PID, APART = 20_000, 53
"""The pids of what runners start lie above those of all others; from job to job they are so far apart, or somewhat
more.
"""


class Held(NamedTuple):
    """A job, and the places in its queue's list of GPUs that it has, or had."""

    job: Job
    places: tuple[int, ...]


def held(company: Company, queue: Queue) -> list[Held]:
    """Every job of a queue that ever ran, with its GPUs: the first that were free when it began."""
    begun = [job for job in jobs(company, queue.id) if job.state != "queued" and job.ends > job.starts]
    found: list[Held] = []
    for job in sorted(begun, key=lambda each: each.starts):
        taken = {place for other in found if other.job.ends > job.starts for place in other.places}
        free = [place for place in range(queue.gpus) if place not in taken]
        found.append(Held(job, tuple(free[: job.gpus])))
    return found


def processes_of_jobs(company: Company, server: Server) -> list[Process]:
    """What the jobs that run now are on a server."""
    found: list[Process] = []
    queues = company.world.queues.values() if server.gpus else ()
    for queue in queues:
        here = {place: board for place, (name, board) in enumerate(queue.boards) if name == server.id}
        found += processes_of_queue(company, server, queue, here) if here else ()
    return found


def processes_of_queue(company: Company, server: Server, queue: Queue, here: dict[int, int]) -> Iterator[Process]:
    """What the running jobs of one queue are there, where `here` says which places of its list are which GPUs."""
    numbers = {job.id: number for number, job in enumerate(jobs(company))}
    for job, places in held(company, queue):
        for nth, place in enumerate(places):
            if place in here and job.state == "running":
                yield process_of(company, server, queue, job, (numbers[job.id], nth, here[place]))


def process_of(company: Company, server: Server, queue: Queue, job: Job, numbers: tuple[int, int, int]) -> Process:
    """The process of a running job on one GPU: the numbers of the job, of the process in it, and of the GPU. One that
    nobody gave a command bears the title that its runner gives it.
    """
    number, nth, board = numbers
    login, runner = server.login_of(job.account), server.services[queue.runner]
    program = runner.command.split()[0].rpartition("/")[2]
    share, title = draw(company.world.seed, "job", job.id), f"{program}: {job.id} [{nth + 1}/{job.gpus}] {job.purpose}"
    return Process(
        FIRST_PID + number * APART + number * number % 11 + board, login.id if login else runner.account,
        job.command or title, cpu=8 + share % 23, memory=12 + share % 29,
        gpu=server.gpus[board].memory * (38 + share % 37) // 100, since=job.starts, job=job.id, board=board,
    )  # fmt: skip
