"""How facts change models, rollouts, jobs and prompts: `REGISTRY`, kind of event → its change.

Where a location is a folder on a server, copies there are files: each follows the other (`LANDINGS`).
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from corpenv.company.artefactfiles import content_of, copies_at, file_name, location_at
from corpenv.company.hosts import HostFile
from corpenv.company.machinechanges import MACHINES, with_file
from corpenv.company.registry import find_deployment, find_job, find_model, find_order, find_prompt
from corpenv.company.registryitems import Artefact, Deletion, Deployment, Job, PendingChange
from corpenv.company.state import Company
from corpenv.events import (
    ArtefactCopied,
    ArtefactDeleted,
    ArtefactMoved,
    ArtefactRenamed,
    DeletionScheduled,
    DeploymentChanged,
    DeploymentRead,
    Event,
    FileAppended,
    FileMoved,
    FileRemoved,
    FileWritten,
    JobCancelled,
    JobEnded,
    JobRead,
    JobStarted,
    JobSubmitted,
    ModelRead,
    PromptChanged,
    PromptProposed,
    PromptRead,
    PromptReviewed,
    QuotaChanged,
)


def registry(company: Company, event: Event, **groups: Any) -> Company:
    """The company with some of its registry changed."""
    return replace(company, now=event.at, registry=replace(company.registry, **groups))


def read(company: Company, event: Event, item_id: str) -> Company:
    return registry(company, event, read=company.registry.read.set((event.actor, item_id), event.at))


# artefacts --------------------------------------------------------------------------------------------------


def with_model(company: Company, event: Event, model: Artefact, **groups: Any) -> Company:
    return registry(company, event, models=company.registry.models.set(model.id, model), **groups)


def artefact_copied(event: ArtefactCopied, company: Company) -> Company:
    return placed(event, company)


def artefact_moved(event: ArtefactMoved, company: Company) -> Company:
    return placed(event, company, leaving=event.source)


def placed(event: ArtefactCopied | ArtefactMoved, company: Company, leaving: str = "") -> Company:
    model = find_model(company, event.model_id)
    if model is None:
        return replace(company, now=event.at)
    stay = tuple(each for each in model.locations if each not in (leaving, event.location))
    copied = company.registry.copied.set((model.id, event.location), event.actor)
    after = with_model(company, event, replace(model, locations=(*stay, event.location)), copied=copied)
    return filed(cleared(after, event, model, (leaving,)), event, model, event.location)


def artefact_deleted(event: ArtefactDeleted, company: Company) -> Company:
    model = find_model(company, event.model_id)
    if model is None:
        return replace(company, now=event.at)
    stay = tuple(each for each in model.locations if each not in event.locations)
    return cleared(with_model(company, event, replace(model, locations=stay)), event, model, event.locations)


def artefact_renamed(event: ArtefactRenamed, company: Company) -> Company:
    model = find_model(company, event.model_id)
    return with_model(company, event, replace(model, name=event.name)) if model else replace(company, now=event.at)


def deletion_scheduled(event: DeletionScheduled, company: Company) -> Company:
    model = find_model(company, event.model_id)
    if model is None:
        return replace(company, now=event.at)
    listed = None if event.delete_at is None else Deletion(event.delete_at, model.name, model.locations)
    return with_model(company, event, replace(model, deletion=listed))


# files of artefacts -----------------------------------------------------------------------------------------


def filed(company: Company, event: Event, model: Artefact, location: str) -> Company:
    """The company in which the artefact stands as a file where the location is a folder."""
    place = company.world.locations.get(location)
    if place is None or not place.server or any(copies_at(company, model, place)):
        return company
    original = company.world.models[model.id]
    path = f"{place.folder.rstrip('/')}/{file_name(original)}"
    file = HostFile(path, content_of(company.world.seed, original), at=event.at)
    return with_file(company, event, place.server, file)


def cleared(company: Company, event: Event, model: Artefact, locations: tuple[str, ...]) -> Company:
    """The company without the files of an artefact in the folders that these locations are."""
    for place in (company.world.locations.get(name) for name in locations):
        if place and place.server:
            gone = company.machines.gone
            for path in copies_at(company, model, place):
                gone = gone.set((place.server, path), event.at)
            company = replace(company, machines=replace(company.machines, gone=gone))
    return company


FileEvent = FileWritten | FileAppended | FileRemoved | FileMoved


def with_copies(change: Callable[[Any, Company], Company]) -> Callable[[Any, Company], Company]:
    """What a fact about a file changes, with what that makes of the copies at locations that are folders."""

    def changed(event: FileEvent, company: Company) -> Company:
        after = change(event, company)
        return located(event, after) if company.world.folders else after

    return changed


def located(event: FileEvent, company: Company) -> Company:
    """The company in which artefacts stand where their files do."""
    paths = (event.path, event.to) if isinstance(event, FileMoved) else (event.path,)
    for place in (location_at(company, event.server, path) for path in paths):
        for model_id in company.world.models if place else ():
            model = find_model(company, model_id)
            if place and model and (place.id in model.locations) != any(copies_at(company, model, place)):
                company = turned(company, event, model, place.id)
    return company


def turned(company: Company, event: Event, model: Artefact, location: str) -> Company:
    """The company in which an artefact stands at a location where it did not, or no longer where it did."""
    if location in model.locations:
        return with_model(company, event, replace(model, locations=tuple(n for n in model.locations if n != location)))
    copied = company.registry.copied.set((model.id, location), event.actor)
    return with_model(company, event, replace(model, locations=(*model.locations, location)), copied=copied)


# rollouts ---------------------------------------------------------------------------------------------------


def deployment_changed(event: DeploymentChanged, company: Company) -> Company:
    deployment = find_deployment(company, event.deployment_id)
    if deployment is None:
        return replace(company, now=event.at)
    changed = CHANGED[event.change](deployment, event)
    return registry(company, event, deployments=company.registry.deployments.set(deployment.id, changed))


def allowed(deployment: Deployment, event: DeploymentChanged) -> Deployment:
    pair = (event.model_id, event.location)
    return replace(deployment, allows=(*(each for each in deployment.allows if each != pair), pair))


def forbidden(deployment: Deployment, event: DeploymentChanged) -> Deployment:
    pair = (event.model_id, event.location)
    return replace(deployment, allows=tuple(each for each in deployment.allows if each != pair))


def rescheduled(deployment: Deployment, event: DeploymentChanged) -> Deployment:
    stages = (replace(stage, at=event.stage_at) if stage.name == event.stage else stage for stage in deployment.stages)
    return replace(deployment, stages=tuple(stages))


CHANGED: dict[str, Callable[[Deployment, DeploymentChanged], Deployment]] = {
    "allow": allowed,
    "forbid": forbidden,
    "reschedule": rescheduled,
    "pause": lambda deployment, event: replace(deployment, status="paused"),
    "resume": lambda deployment, event: replace(deployment, status="active"),
}
"""What a change of a manifest makes of it."""


# jobs -------------------------------------------------------------------------------------------------------


def with_job(company: Company, event: Event, job_id: str, **fields: Any) -> Company:
    """The company with a job that has other fields."""
    job = find_job(company, job_id)
    if job is None:
        return replace(company, now=event.at)
    return registry(company, event, jobs=company.registry.jobs.set(job_id, replace(job, **fields)))


def job_submitted(event: JobSubmitted, company: Company) -> Company:
    order = find_order(company, event.order)
    job = Job(
        event.job_id,
        event.queue,
        event.actor,
        event.purpose,
        event.gpus,
        event.length,
        event.order,
        at=event.at,
        command=order.command if order else "",
    )
    state = company.registry
    return registry(company, event, jobs=state.jobs.set(job.id, job), new=(*state.new, job.id))


def job_started(event: JobStarted, company: Company) -> Company:
    return with_job(company, event, event.job_id, state="running", starts=event.at, ends=event.ends)


def job_cancelled(event: JobCancelled, company: Company) -> Company:
    job = find_job(company, event.job_id)
    times = {"starts": event.at} if job and job.state == "queued" else {}
    if event.signal:  # the queue sees a process that is gone, and not who ended it
        return with_job(company, event, event.job_id, state="failed", ends=event.at, **times)
    by = {"stopped_by": event.actor, "reason": event.reason}
    return with_job(company, event, event.job_id, state="cancelled", ends=event.at, **by, **times)


def job_ended(event: JobEnded, company: Company) -> Company:
    return with_job(company, event, event.job_id, state="ended")


def quota_changed(event: QuotaChanged, company: Company) -> Company:
    return registry(company, event, quotas=company.registry.quotas.set(event.order_id, event.quota))


# prompts ----------------------------------------------------------------------------------------------------


def with_prompt(company: Company, event: Event, prompt_id: str, **fields: Any) -> Company:
    """The company with an entry of the prompt registry that has other fields."""
    prompt = find_prompt(company, prompt_id)
    if prompt is None:
        return replace(company, now=event.at)
    return registry(company, event, prompts=company.registry.prompts.set(prompt_id, replace(prompt, **fields)))


def prompt_proposed(event: PromptProposed, company: Company) -> Company:
    """A new text takes the place of one that was waiting, and of the reviews it had."""
    prompt = find_prompt(company, event.prompt_id)
    status = "open" if prompt and prompt.reviewers else "approved"
    change = PendingChange(event.actor, event.text, event.reason, event.at, event.effective, status)
    return with_prompt(company, event, event.prompt_id, pending=change)


def prompt_reviewed(event: PromptReviewed, company: Company) -> Company:
    prompt = find_prompt(company, event.prompt_id)
    if prompt is None or prompt.pending is None:
        return replace(company, now=event.at)
    approved = replace(prompt.pending, status="approved") if event.verdict == "approved" else None
    return with_prompt(company, event, prompt.id, pending=approved)


def prompt_changed(event: PromptChanged, company: Company) -> Company:
    prompt = find_prompt(company, event.prompt_id)
    if prompt is None or prompt.pending is None:
        return replace(company, now=event.at)
    return with_prompt(company, event, prompt.id, text=prompt.pending.text, pending=None)


REGISTRY: dict[type[Event], Callable[[Any, Company], Company]] = {
    ModelRead: lambda event, company: read(company, event, event.model_id),
    DeploymentRead: lambda event, company: read(company, event, event.deployment_id),
    JobRead: lambda event, company: read(company, event, event.job_id),
    PromptRead: lambda event, company: read(company, event, event.prompt_id),
    ArtefactCopied: artefact_copied,
    ArtefactMoved: artefact_moved,
    ArtefactDeleted: artefact_deleted,
    ArtefactRenamed: artefact_renamed,
    DeletionScheduled: deletion_scheduled,
    DeploymentChanged: deployment_changed,
    JobSubmitted: job_submitted,
    JobStarted: job_started,
    JobCancelled: job_cancelled,
    JobEnded: job_ended,
    QuotaChanged: quota_changed,
    PromptProposed: prompt_proposed,
    PromptReviewed: prompt_reviewed,
    PromptChanged: prompt_changed,
}
LANDINGS: dict[type[Event], Callable[[Any, Company], Company]] = {
    kind: with_copies(MACHINES[kind]) for kind in (FileWritten, FileAppended, FileRemoved, FileMoved)
}
