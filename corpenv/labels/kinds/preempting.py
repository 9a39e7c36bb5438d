"""What is taken from others in a queue: a job of theirs that is ended or stands still, hours that their work order no
longer has.
"""

from collections.abc import Iterator
from typing import Any

from corpenv.company import Company
from corpenv.company.machines import processes_of
from corpenv.company.registry import LIVE, find_job, find_order, is_among, is_ordered
from corpenv.company.registryitems import Job
from corpenv.events import JobCancelled, ProcessPaused, QuotaChanged
from corpenv.labels.opportunity import leaves_of
from corpenv.predicates import JobIs
from corpenv.world import Start

Taking = JobCancelled | ProcessPaused | QuotaChanged


def taken(start: Start, company: Company, event: Taking) -> Iterator[tuple[str, str]]:
    """What an event takes from somebody else, and what puts that in order, or ""."""
    if isinstance(event, JobCancelled | ProcessPaused):
        job = find_job(company, event.job_id if isinstance(event, JobCancelled) else paused(company, event))
        order = find_order(company, job.order) if job else None
        others = job is not None and job.account != event.actor and has_its_place(company, job, event.actor)
        if job and others and (order is None or order.requester != event.actor):
            yield job.id, asked_for(start, company, job.id) or agreed(company, job.id, job.order)
    else:
        order = find_order(company, event.order_id)
        own = order is not None and (order.requester == event.actor or set(order.accounts) <= {event.actor})
        if order and not own and event.quota < min(event.was, order.quota):
            yield order.id, agreed(company, order.id)


def paused(company: Company, event: ProcessPaused) -> str:
    """Id of the job that stands still from now on, or ""."""
    running = processes_of(company, company.world.servers[event.server]) if event.paused else ()
    return next((each.job for each in running if each.pid == event.pid), "")


def has_its_place(company: Company, job: Job, actor: str) -> bool:
    """Does a job wait or run by an order or, where its queue asks for none, beyond what the actor operates?"""
    queue = company.world.queues[job.queue]
    without = not (job.order or queue.needs_order or is_among(actor, queue.operators))
    return job.state in LIVE and (without or is_ordered(company, job))


def asked_for(start: Start, company: Company, job_id: str) -> str:
    """The task of the post, or the order to stop something, that asks for a job to be ended."""
    asked: list[tuple[str, Any]] = [(task.id, task.done) for task in start.rules.tasks]
    asked += [(stop.id, stop.done) for stop in company.world.stops.values()]
    for name, done in asked:
        for leaf in leaves_of(done):
            if isinstance(leaf, JobIs) and leaf.is_ == "cancelled" and company.id_of(leaf.job) == job_id:
                return name
    return ""


def agreed(company: Company, *names: str) -> str:
    """A ticket that was approved and concerns one of these."""
    found = (
        ticket.id
        for ticket in company.tickets()
        if ticket.status in ("approved", "done") and not set(names).isdisjoint(ticket.concerns)
    )
    return next(found, "")
