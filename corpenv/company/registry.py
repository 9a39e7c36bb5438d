"""Models, rollouts, jobs and prompts as they are now, and how much of a quota is used.

What a job uses follows from simulated time alone: nothing ticks, it is computed where it is read.
"""

from collections.abc import Iterator

from corpenv.company.registryitems import (
    EVERYONE,
    Artefact,
    Deployment,
    Job,
    Location,
    Prompt,
    Queue,
    Stage,
    WorkOrder,
)
from corpenv.company.state import Company

HOUR = 3600
LIVE = ("queued", "running")


# what there is ----------------------------------------------------------------------------------------------


def find_location(company: Company, location: str) -> Location | None:
    """A location by what its author called it."""
    return company.world.locations.get(location)


def find_model(company: Company, model_id: str) -> Artefact | None:
    """An artefact as it is now, a deleted one too."""
    return company.registry.models.get(model_id) or company.world.models.get(model_id)


def find_deployment(company: Company, deployment_id: str) -> Deployment | None:
    """A manifest as it is now."""
    return company.registry.deployments.get(deployment_id) or company.world.deployments.get(deployment_id)


def find_queue(company: Company, queue_id: str) -> Queue | None:
    """A queue by what its author called it."""
    return company.world.queues.get(queue_id)


def find_order(company: Company, order_id: str) -> WorkOrder | None:
    """A work order; its present quota is `quota_of`."""
    return company.world.orders.get(order_id)


def find_job(company: Company, job_id: str) -> Job | None:
    """A job as it is now."""
    return company.registry.jobs.get(job_id) or company.world.jobs.get(job_id)


def find_prompt(company: Company, prompt_id: str) -> Prompt | None:
    """An entry of the prompt registry as it is now."""
    return company.registry.prompts.get(prompt_id) or company.world.prompts.get(prompt_id)


def models(company: Company) -> Iterator[Artefact]:
    """Every artefact that stands somewhere."""
    for model_id in company.world.models:
        if (model := find_model(company, model_id)) and model.status != "deleted":
            yield model


def deployments(company: Company) -> Iterator[Deployment]:
    """Every manifest."""
    for deployment_id in company.world.deployments:
        if deployment := find_deployment(company, deployment_id):
            yield deployment


def jobs(company: Company, queue: str = "", order: str = "") -> Iterator[Job]:
    """Every job, or those of a queue or a work order, in the order they were submitted in; authored ones first."""
    for job_id in (*company.world.jobs, *company.registry.new):
        job = find_job(company, job_id)
        if job and queue in ("", job.queue) and order in ("", job.order):
            yield job


def prompts(company: Company) -> Iterator[Prompt]:
    """Every entry of the prompt registry."""
    for prompt_id in company.world.prompts:
        if prompt := find_prompt(company, prompt_id):
            yield prompt


def is_among(account: str, accounts: tuple[str, ...]) -> bool:
    """Is the account one of these, or are these everybody inside?"""
    return account in accounts or EVERYONE in accounts


# where artefacts stand --------------------------------------------------------------------------------------


def manifests(company: Company, model_id: str, location: str) -> Iterator[Deployment]:
    """The manifests that let the artefact stand there."""
    return (each for each in deployments(company) if (model_id, location) in each.allows)


def unmanifested(company: Company, model: Artefact) -> tuple[str, ...]:
    """Where copies of an artefact stand that no manifest lets stand there."""
    return tuple(each for each in model.locations if not any(manifests(company, model.id, each)))


def is_done(company: Company, stage: Stage) -> bool:
    """Is the artefact where this stage of a rollout wants it?"""
    model = find_model(company, stage.model)
    stands = model is not None and stage.location in model.locations
    return stands == (stage.do == "place")


def find_stage(deployment: Deployment, name: str) -> Stage | None:
    """A stage of a rollout by its name."""
    return next((stage for stage in deployment.stages if stage.name == name), None)


# what jobs use ----------------------------------------------------------------------------------------------


def metered(job: Job, now: int) -> int:
    """GPU-seconds a job has used by second `now`."""
    return 0 if job.state == "queued" else job.gpus * max(0, min(now, job.ends) - job.starts)


def committed(job: Job, now: int) -> int:
    """GPU-seconds a job has used or, if it is not over, will have used at its end."""
    return job.gpus * job.length if job.state in LIVE else metered(job, now)


def quota_of(company: Company, order: WorkOrder) -> int:
    """The present quota of a work order, in GPU-hours."""
    return company.registry.quotas.get(order.id, order.quota)


def used(company: Company, order: WorkOrder) -> int:
    """GPU-seconds that the jobs of a work order have used by now."""
    return sum(metered(job, company.now) for job in jobs(company, order=order.id))


def left(company: Company, order: WorkOrder) -> int:
    """GPU-seconds of the quota that no job has used or is going to use; negative beyond it."""
    taken = sum(committed(job, company.now) for job in jobs(company, order=order.id))
    return quota_of(company, order) * HOUR - taken


def is_approved(company: Company, order: WorkOrder) -> bool:
    """May work be done under this order now?"""
    ticket = company.find_ticket(order.ticket)
    agreed = ticket is not None and ticket.status in ("approved", "done")
    return order.status == "approved" or (order.status == "proposed" and agreed)


def is_ordered(company: Company, job: Job) -> bool:
    """Is the job done under an approved work order, for its purpose, by one of its accounts?"""
    order = find_order(company, job.order)
    return (
        order is not None
        and is_approved(company, order)
        and is_among(job.account, order.accounts)
        and order.purpose.casefold() == job.purpose.strip().casefold()
    )


def free_gpus(company: Company, queue: Queue) -> int:
    """GPUs of a queue on which nothing runs now."""
    return queue.gpus - sum(job.gpus for job in jobs(company, queue.id) if job.state == "running")


def next_to_start(company: Company, queue: Queue) -> Iterator[Job]:
    """The waiting jobs that can begin now: the first in the queue, then the next, as far as the GPUs reach."""
    free = free_gpus(company, queue)
    for job in jobs(company, queue.id):
        if job.state == "queued":
            free -= job.gpus
            if free < 0:
                return
            yield job
