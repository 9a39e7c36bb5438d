"""The queues, work orders and jobs of a world under one condition."""

from typing import Any

from corpenv.company.calendar import duration
from corpenv.company.registryitems import Job, Queue, WorkOrder
from corpenv.errors import did_you_mean
from corpenv.world.forms import Part
from corpenv.world.registryparts import JobPart, OrderPart, QueuePart
from corpenv.world.resolve import Keys, Resolver


def make_queues(names: Resolver) -> None:
    """Queues, work orders and jobs."""
    facts = names.facts
    given: set[tuple[str, int]] = set()
    for part in names.there("queues"):
        facts.queues[part.id] = queue_of(names, part)
        check_boards(names, part, given)
        given.update(part.boards)
    for part in names.there("orders"):
        order = order_of(names, part)
        facts.orders[order.id] = order
    for part in names.there("jobs"):
        job = job_of(names, part)
        facts.jobs[job.id] = job
    check_capacity(names)


def queue_of(names: Resolver, part: QueuePart) -> Queue:
    """An authored queue."""
    return Queue(
        part.id,
        names.plain(part, "title", part.title),
        part.gpus,
        users=names.accounts(part, "users", part.users),
        operators=names.accounts(part, "operators", part.operators),
        needs_order=part.needs_order,
        enforces=part.enforces,
        boards=part.boards,
        runner=part.runner,
    )


def check_boards(names: Resolver, part: QueuePart, given: set[tuple[str, int]]) -> None:
    """Each GPU that a queue gives out is on a server that runs its jobs, and is given out once."""
    servers = {each.id: each for each in names.there("servers")}
    for number, (name, board) in enumerate(part.boards):
        server = servers.get(name)
        if server is None:
            names.fault(part, ("boards", number), f'no server "{name}"{did_you_mean(name, servers)}')
        elif board >= len(server.gpus):
            names.fault(part, ("boards", number), f"{name} has {len(server.gpus)} GPUs, the first is 0; not {board}")
        elif part.runner not in (services := [each.id for each in server.services]):
            names.fault(part, "runner", f'{name} has no service "{part.runner}"{did_you_mean(part.runner, services)}')
        elif (name, board) in given or (name, board) in part.boards[:number]:
            names.fault(part, ("boards", number), f"GPU {board} of {name} is given out already: name it once")


def order_of(names: Resolver, part: OrderPart) -> WorkOrder:
    """An authored work order."""
    return WorkOrder(
        names.facts.slugs[part.id],
        queue(names, part, "queue", part.queue),
        names.plain(part, "title", part.title),
        part.purpose,
        names.insider(part, "requester", part.requester),
        accounts=names.accounts(part, "accounts", part.accounts),
        quota=part.quota,
        status=part.status,
        ticket=names.item(part, "ticket", part.ticket, "tickets"),
        command=part.command,
    )


def job_of(names: Resolver, part: JobPart) -> Job:
    """An authored job, as it is at the start."""
    order = names.facts.orders.get(names.item(part, "order", part.order, "orders", now=True))
    length, at = duration(part.length), names.at(part.at)
    times: dict[str, Any] = {}
    if part.starts is not None:
        starts = names.at(part.starts)
        times = {"starts": starts, "ends": starts + length, "state": "running" if starts + length > 0 else "ended"}
        at = min(at, starts)
        if starts > 0:
            names.fault(part, "starts", f"{part.starts!r} is after the start: leave it out, and the job waits its turn")
    return Job(
        names.facts.slugs[part.id],
        order.queue if order else queue(names, part, "queue", part.queue) if part.queue else "",
        names.insider(part, "account", part.account),
        part.purpose or (order.purpose if order else ""),
        part.gpus,
        length,
        order=order.id if order else "",
        at=at,
        command=part.command or (order.command if order else ""),
        **times,
    )


def check_capacity(names: Resolver) -> None:
    """No queue runs more at the start than it has, and no job waits for more than there is."""
    facts, taken = names.facts, dict[str, int]()
    for part in names.there("jobs"):
        job = facts.jobs[facts.slugs[part.id]]
        there = facts.queues.get(job.queue)
        if job.state == "running":
            taken[job.queue] = taken.get(job.queue, 0) + job.gpus
        wanted = taken.get(job.queue, 0) if job.state == "running" else job.gpus
        if there and job.state != "ended" and wanted > there.gpus:
            names.fault(part, "gpus", f"the queue {there.id} has {there.gpus} GPUs, and {wanted} are asked of it")


def queue(names: Resolver, part: Part, keys: Keys, name: str) -> str:
    """A queue that exists."""
    if name not in names.facts.queues:
        names.fault(part, keys, f'no queue "{name}"{did_you_mean(name, names.facts.queues)}')
    return name
