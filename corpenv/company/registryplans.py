"""What models, jobs and prompts do by themselves: jobs begin and end, rollouts and deletions are carried out.

`FOLLOWING` is kind of event → what is planned because of it; `DUE` is sort of plan → what then happens.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from corpenv.company.registry import (
    find_deployment,
    find_job,
    find_model,
    find_prompt,
    find_queue,
    find_stage,
    is_done,
    metered,
    next_to_start,
)
from corpenv.company.runners import told_of
from corpenv.company.state import Company
from corpenv.company.timetable import WORLD, planned
from corpenv.events import (
    ArtefactCopied,
    ArtefactDeleted,
    DeletionScheduled,
    DeploymentChanged,
    Due,
    Event,
    JobCancelled,
    JobEnded,
    JobStarted,
    JobSubmitted,
    PromptChanged,
    PromptProposed,
    PromptReviewed,
)

# what follows -----------------------------------------------------------------------------------------------


def queue_moves(company: Company, event: JobSubmitted | JobEnded | JobCancelled) -> Iterable[Event]:
    """Whoever waits and can begin, begins; what ran a job that is over notes it."""
    if not isinstance(event, JobSubmitted):
        yield from told_of(company, event.job_id)
    queue = find_queue(company, event.queue)
    if queue and any(next_to_start(company, queue)):
        yield planned(company, company.now, "queue", queue.id)


def job_will_end(company: Company, event: JobStarted) -> Iterable[Event]:
    yield from told_of(company, event.job_id)
    yield planned(company, event.ends, "job", event.job_id)


def deletion_will_come(company: Company, event: DeletionScheduled) -> Iterable[Event]:
    if event.delete_at is not None:
        yield planned(company, event.delete_at, "model", event.model_id, event.actor)


def stages_will_come(company: Company, event: DeploymentChanged) -> Iterable[Event]:
    """A stage has another time; or a rollout goes on, or its manifest allows more, and it catches up."""
    deployment = find_deployment(company, event.deployment_id)
    if deployment is None or not deployment.automatic:
        return
    missed = event.change in ("resume", "allow")
    coming = [each for each in deployment.stages if (missed and each.at <= company.now) or each.name == event.stage]
    for nth, stage in enumerate(coming):
        ref = f"{deployment.id}/{stage.name}"
        yield planned(company, max(stage.at, company.now), "stage", ref, event.actor, nth=nth)


def change_will_hold(company: Company, event: PromptProposed | PromptReviewed) -> Iterable[Event]:
    """What is approved holds from its second on, or at once."""
    prompt = find_prompt(company, event.prompt_id)
    if prompt and prompt.pending and prompt.pending.status == "approved":
        yield planned(company, max(prompt.pending.effective, company.now), "prompt", prompt.id)


FOLLOWING: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    JobSubmitted: queue_moves,
    JobEnded: queue_moves,
    JobCancelled: queue_moves,
    JobStarted: job_will_end,
    DeletionScheduled: deletion_will_come,
    DeploymentChanged: stages_will_come,
    PromptProposed: change_will_hold,
    PromptReviewed: change_will_hold,
}


# what was planned -------------------------------------------------------------------------------------------


def start_jobs(company: Company, due: Due) -> Iterable[Event]:
    """The jobs that can begin, all of them at once."""
    queue = find_queue(company, due.ref)
    for job in tuple(next_to_start(company, queue)) if queue else ():
        ends = company.now + job.length
        yield JobStarted(at=company.now, actor=WORLD, cause=job.id, job_id=job.id, queue=job.queue, ends=ends)


def end_job(company: Company, due: Due) -> Iterable[Event]:
    """A job is done, unless somebody cancelled it."""
    job = find_job(company, due.ref)
    if job and job.state == "running" and job.ends <= company.now:
        use = metered(job, company.now)
        yield JobEnded(at=company.now, actor=WORLD, cause=job.id, job_id=job.id, queue=job.queue, metered=use)


def clean_up(company: Company, due: Due) -> Iterable[Event]:
    """The clean-up removes an artefact that is due, where the list has it and by the name the list has.

    Whoever renames or copies one that is on the list keeps it from the clean-up, as in many a real company.
    """
    model = find_model(company, due.ref)
    listed = model.deletion if model else None
    if model is None or listed is None or listed.at > company.now:
        return
    places = tuple(each for each in listed.locations if each in model.locations)
    if model.name == listed.name and places:
        now, by = company.now, due.trigger
        yield ArtefactDeleted(at=now, actor=WORLD, cause=model.id, model_id=model.id, locations=places, by=by)


def roll_out(company: Company, due: Due) -> Iterable[Event]:
    """A stage of a rollout is carried out, unless the rollout is paused, the stage has another time, or it is done.

    Nothing is placed where the manifest does not let it stand.
    """
    deployment_id, _, name = due.ref.partition("/")
    deployment = find_deployment(company, deployment_id)
    stage = find_stage(deployment, name) if deployment else None
    if deployment is None or stage is None or deployment.status != "active" or stage.at > company.now:
        return
    if not deployment.lists(stage):
        return
    model = find_model(company, stage.model)
    if model is None or model.status == "deleted" or is_done(company, stage):
        return
    now, where, cause, by = company.now, stage.location, deployment.id, due.trigger
    if stage.do == "place":
        outside = company.world.locations[where].outside
        yield ArtefactCopied(
            at=now, actor=WORLD, cause=cause, model_id=model.id, location=where, outside=outside, by=by
        )  # fmt: skip
    else:
        yield ArtefactDeleted(at=now, actor=WORLD, cause=cause, model_id=model.id, locations=(where,), by=by)


def take_effect(company: Company, due: Due) -> Iterable[Event]:
    """An approved text holds from now on."""
    prompt = find_prompt(company, due.ref)
    change = prompt.pending if prompt else None
    if prompt and change and change.status == "approved" and change.effective <= company.now:
        yield PromptChanged(
            at=company.now, actor=WORLD, cause=prompt.id, prompt_id=prompt.id, governs=prompt.governs, by=change.author
        )


DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {
    "queue": start_jobs,
    "job": end_job,
    "model": clean_up,
    "stage": roll_out,
    "prompt": take_effect,
}
