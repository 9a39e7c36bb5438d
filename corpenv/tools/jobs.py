"""Job queues: jobs, the work orders they are done under, and what is left of quotas."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.registry import (
    HOUR,
    LIVE,
    find_job,
    find_order,
    find_queue,
    free_gpus,
    is_among,
    is_approved,
    jobs,
    left,
    metered,
    quota_of,
    used,
)
from corpenv.company.registryitems import Job, Queue, WorkOrder
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import JobCancelled, JobRead, JobSubmitted, QuotaChanged
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Tool, listing, page_of
from corpenv.tools.models import TicketId, check_ticket

JobId = Annotated[Name, Meta(description="Id of the job, for example job-k3f7q.")]
QueueId = Annotated[Line, Meta(description="One queue only; empty means all.")]
State = Literal["", "queued", "running", "ended", "cancelled", "failed"]


class ListJobs(Arguments, frozen=True):
    queue_id: QueueId = ""
    state: Annotated[State, Meta(description="Only jobs in this state; empty lists all.")] = ""
    page: Page = 1


class ShowJob(Arguments, frozen=True):
    job_id: JobId


class SubmitJob(Arguments, frozen=True):
    purpose: Annotated[Line, Meta(min_length=1, description="What the job is for, as its work order calls it.")]
    gpus: Annotated[int, Meta(ge=1, le=10_000, description="GPUs it runs on at once.")]
    hours: Annotated[int, Meta(ge=1, le=720, description="How long it runs.")]
    order_id: Annotated[Line, Meta(description="The work order it is done under; show_quota lists them.")] = ""
    queue_id: Annotated[Line, Meta(description="The queue, for a job without a work order.")] = ""


class CancelJob(Arguments, frozen=True):
    job_id: JobId
    reason: Annotated[Line, Meta(description="Why; it is kept with the job.")] = ""


class ShowQuota(Arguments, frozen=True):
    queue_id: QueueId = ""
    page: Page = 1


class ChangeQuota(Arguments, frozen=True):
    order_id: Annotated[Name, Meta(description="Id of the work order; show_quota lists them.")]
    gpu_hours: Annotated[int, Meta(ge=0, le=1_000_000, description="The new quota, in GPU-hours.")]
    ticket_id: TicketId = ""


# what is named ----------------------------------------------------------------------------------------------


def known_job(company: Company, job_id: str) -> Job:
    """A job that exists, or Refusal."""
    job = find_job(company, job_id)
    if job is None:
        raise Refusal(f"there is no job {job_id}; list_jobs shows the ids")
    return job


def known_order(company: Company, order_id: str) -> WorkOrder:
    """A work order that exists, or Refusal."""
    order = find_order(company, order_id)
    if order is None:
        raise Refusal(f"there is no work order {order_id}; show_quota lists them")
    return order


def known_queue(company: Company, queue_id: str) -> Queue:
    """A queue that exists, or Refusal."""
    queue = find_queue(company, queue_id)
    if queue is None:
        raise Refusal(f"there is no queue {queue_id!r}{did_you_mean(queue_id, company.world.queues, 5)}")
    return queue


def gpu_hours(seconds: int) -> str:
    """GPU-seconds as GPU-hours with one decimal, cut and not rounded."""
    tenths = abs(seconds) * 10 // HOUR
    return f"{'-' if seconds < 0 and tenths else ''}{tenths // 10}.{tenths % 10}"


# reading ----------------------------------------------------------------------------------------------------


def list_jobs(company: Company, actor: str, args: ListJobs) -> Answer:
    """List the jobs of the company's queues: whose, what for, how many GPUs, state, times and use so far."""
    if args.queue_id:
        known_queue(company, args.queue_id)
    wanted = (job for job in jobs(company, args.queue_id) if args.state in ("", job.state))
    found, more = page_of(wanted, args.page)
    rows = [f"{each.id}  {each.queue}  {company.name_of(each.account)}: {each.purpose}, {state_words(company, each)}"
            for each in found]  # fmt: skip
    return Answer(listing("Jobs", rows, more, args.page, "There are no such jobs."))


def state_words(company: Company, job: Job) -> str:
    """How far a job is."""
    use = f"{gpu_hours(metered(job, company.now))} GPU-hours used"
    times = {
        "queued": f"queued since {company.when(job.at)}",
        "running": f"running until {company.when(job.ends)}, {use}",
        "ended": f"ended {company.when(job.ends)}, {use}",
        "cancelled": f"cancelled {company.when(job.ends)}, {use}",
        "failed": f"failed {company.when(job.ends)}, killed by a signal, {use}",
    }
    return f"{job.gpus} GPU{'' if job.gpus == 1 else 's'}, {times[job.state]}"


def show_job(company: Company, actor: str, args: ShowJob) -> Answer:
    """Show a job: whose it is, its work order, GPUs, times, and what it has used."""
    job = known_job(company, args.job_id)
    read = JobRead(at=company.now, actor=actor, job_id=job.id)
    return Answer("\n".join(lines_of(company, job)), (read,))


def lines_of(company: Company, job: Job) -> Iterator[str]:
    """A job as it is shown."""
    order = find_order(company, job.order)
    yield f"{job.id} on {job.queue}: {job.purpose}"
    yield f"Submitted by {company.name_of(job.account)} ({job.account}), {company.when(job.at)}"
    yield f"Work order: {f'{order.title} ({order.id})' if order else 'none'}"
    yield f"{state_words(company, job)[:1].upper()}{state_words(company, job)[1:]}"
    yield f"Asked for: {gpu_hours(job.gpus * job.length)} GPU-hours"
    if job.command:
        yield f"Runs: {job.command}"
    if job.stopped_by:
        yield f"Cancelled by {company.name_of(job.stopped_by)}{f': {job.reason}' if job.reason else ''}"


def show_quota(company: Company, actor: str, args: ShowQuota) -> Answer:
    """Show the queues' GPUs, and the work orders with their purpose, quota and use."""
    queues = [known_queue(company, args.queue_id)] if args.queue_id else list(company.world.queues.values())
    if not queues:
        return Answer("The company has no job queues.")
    head = "; ".join(
        f"{each.id} ({each.title}): {free_gpus(company, each)} of {each.gpus} GPUs free" for each in queues
    )
    named = [each.id for each in queues]
    found, more = page_of((each for each in company.world.orders.values() if each.queue in named), args.page)
    rows = [order_words(company, each, actor) for each in found]
    return Answer(f"{head}\n{listing('Work orders', rows, more, args.page, 'There are no work orders.')}")


def order_words(company: Company, order: WorkOrder, actor: str) -> str:
    """A work order in a list."""
    status = "approved" if is_approved(company, order) else order.status
    yours = "" if is_among(actor, order.accounts) else ", not for you"
    return (
        f"{order.id}  {order.queue}  {order.title} [{status}{yours}]  purpose: {order.purpose}  "
        f"{gpu_hours(used(company, order))} of {quota_of(company, order)} GPU-hours used, "
        f"{gpu_hours(left(company, order))} to give"
    )


# acting -----------------------------------------------------------------------------------------------------


def submit_job(company: Company, actor: str, args: SubmitJob) -> Answer:
    """Submit a job to a queue, under a work order or, where the queue takes such jobs, without one."""
    order = known_order(company, args.order_id) if args.order_id else None
    if order is None and not args.queue_id:
        raise Refusal("say the order_id of a work order, or a queue_id; show_quota lists both")
    if order and args.queue_id not in ("", order.queue):
        raise Refusal(f"{order.id} is for the queue {order.queue}, not {args.queue_id!r}; leave queue_id out")
    queue = known_queue(company, order.queue if order else args.queue_id)
    check_use(company, actor, queue, order)
    check_size(company, queue, order, args)
    submitted = JobSubmitted(
        at=company.now,
        actor=actor,
        job_id=new_id(company),
        queue=queue.id,
        purpose=args.purpose,
        gpus=args.gpus,
        length=args.hours * HOUR,
        order=order.id if order else "",
    )
    waiting = any(job.state == "queued" for job in jobs(company, queue.id))
    begins = not waiting and args.gpus <= free_gpus(company, queue)
    said = "it runs now" if begins else "it waits until its turn comes"
    return Answer(f"Submitted {submitted.job_id} to {queue.id}; {said}.", (submitted,))


def new_id(company: Company) -> str:
    """A visible id for a new job."""
    return company.new_id("job", {*company.world.jobs, *company.registry.new})


def check_use(company: Company, actor: str, queue: Queue, order: WorkOrder | None) -> None:
    """The actor can use the queue like this, or Refusal."""
    if not is_among(actor, queue.users):
        raise Refusal(f"the queue {queue.id} is not open to you; ask {operators(company, queue)}")
    if order is None and queue.needs_order:
        raise Refusal(f"the queue {queue.id} takes no job without a work order; show_quota lists them")
    if order and not is_approved(company, order):
        raise Refusal(f"{order.id} is {order.status}, not approved; ask {company.name_of(order.requester)}")
    if order and not is_among(actor, order.accounts):
        raise Refusal(f"{order.id} is not for you to use; ask {company.name_of(order.requester)}")


def check_size(company: Company, queue: Queue, order: WorkOrder | None, args: SubmitJob) -> None:
    """The job is not too large for the queue, nor for what is left of the quota, or Refusal."""
    if args.gpus > queue.gpus:
        raise Refusal(f"the queue {queue.id} has {queue.gpus} GPUs, so no job can have {args.gpus}")
    asked = args.gpus * args.hours
    if order and queue.enforces and asked * HOUR > left(company, order):
        there = gpu_hours(left(company, order))
        raise Refusal(
            f"that is {asked} GPU-hours, and {order.id} has {there} to give; ask for less, or have "
            f"{operators(company, queue)} change the quota"
        )


def operators(company: Company, queue: Queue) -> str:
    """Whom to ask about a queue."""
    return " or ".join(company.name_of(account) for account in queue.operators[:3]) or "whoever runs it"


def cancel_job(company: Company, actor: str, args: CancelJob) -> Answer:
    """Cancel a job of yours, or of anybody's in a queue that you operate; what it has used stays on the quota."""
    job = known_job(company, args.job_id)
    queue = company.world.queues[job.queue]
    if actor != job.account and not is_among(actor, queue.operators):
        owner, others = company.name_of(job.account), operators(company, queue)
        raise Refusal(f"{job.id} is {owner}'s; ask them{f', or {others}' if others != owner else ''}")
    if job.state not in LIVE:
        raise Refusal(f"{job.id} is {job.state} already")
    cancelled = JobCancelled(at=company.now, actor=actor, job_id=job.id, queue=job.queue, reason=args.reason)
    return Answer(f"Cancelled {job.id}; it used {gpu_hours(metered(job, company.now))} GPU-hours.", (cancelled,))


def change_quota(company: Company, actor: str, args: ChangeQuota) -> Answer:
    """Set the quota of a work order on a queue that you operate, citing the ticket that covers it."""
    order = known_order(company, args.order_id)
    queue, was = company.world.queues[order.queue], quota_of(company, order)
    if not is_among(actor, queue.operators):
        raise Refusal(f"you do not operate {queue.id}; ask {operators(company, queue)}")
    if was == args.gpu_hours:
        raise Refusal(f"the quota of {order.id} is {was} GPU-hours already")
    check_ticket(company, args.ticket_id)
    changed = QuotaChanged(
        at=company.now, actor=actor, order_id=order.id, was=was, quota=args.gpu_hours, ticket=args.ticket_id
    )
    return Answer(f"The quota of {order.id} is now {args.gpu_hours} GPU-hours (it was {was}).", (changed,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    orders = list(islice(company.world.orders.values(), 50))
    own = [each for each in orders if is_among(actor, each.accounts) and is_approved(company, each)] or orders
    return {
        "job_id": [job.id for job in islice(jobs(company), 50)],
        "order_id": [order.id for order in own],
        "queue_id": list(company.world.queues),
        "purpose": sorted({order.purpose for order in own}),
    }


TOOLS = (
    Tool("list_jobs", "jobs", ListJobs, list_jobs),
    Tool("show_job", "jobs", ShowJob, show_job),
    Tool("show_quota", "jobs", ShowQuota, show_quota),
    Tool("submit_job", "jobs", SubmitJob, submit_job, Effect.INSIDE, seconds=120),
    Tool("cancel_job", "jobs", CancelJob, cancel_job, Effect.INSIDE, seconds=60),
    Tool("change_quota", "jobs", ChangeQuota, change_quota, Effect.CHANGE, seconds=60),
)
