"""The models, rollouts, queues, jobs and prompts of a world under one condition."""

from collections.abc import Iterator
from typing import Any

from corpenv.company.plans import Action, CancelJob, DecidePrompt
from corpenv.company.registryitems import (
    Artefact,
    Deletion,
    Deployment,
    Location,
    PendingChange,
    Prompt,
    Stage,
)
from corpenv.company.text import Text
from corpenv.errors import did_you_mean
from corpenv.events import Due
from corpenv.names import draw
from corpenv.predicates import ArtefactIs, DeploymentIs, Leaf
from corpenv.world.doings import ActionPart
from corpenv.world.forms import Part
from corpenv.world.queues import make_queues, queue
from corpenv.world.registryparts import ChangePart, DeploymentPart, ModelPart, PromptPart, StagePart
from corpenv.world.resolve import Keys, Resolver
from corpenv.world.servers import server_times


def make_registry(names: Resolver) -> None:
    """Locations, then artefacts and manifests; queues, then work orders and jobs; prompts."""
    facts = names.facts
    for part in names.there("locations"):
        writers = names.accounts(part, "writers", part.writers)
        title = names.plain(part, "title", part.title)
        server = names.listed(part, "server", part.server, "servers")
        facts.locations[part.id] = Location(part.id, title, part.outside, writers, server, part.folder or "")
    for part in names.there("models"):
        model = artefact_of(names, part)
        facts.models[model.id] = model
    for part in names.there("deployments"):
        deployment = deployment_of(names, part)
        facts.deployments[deployment.id] = deployment
    make_queues(names)
    for part in names.there("prompts"):
        prompt = prompt_of(names, part)
        facts.prompts[prompt.id] = prompt


def make_timetable(names: Resolver) -> None:
    """What jobs, rollouts, clean-up and prompts do by themselves after the start, behind the pack's own schedule."""
    coming = list(names.facts.schedule)
    for at, sort, ref in sorted([*timetable(names), *server_times(names)]):
        coming.append(Due(max(at, 0), 0, len(coming), sort, ref))
    names.facts.schedule = tuple(sorted(coming))


def timetable(names: Resolver) -> Iterator[tuple[int, str, str]]:
    """When what is due."""
    facts = names.facts
    yield from ((job.ends, "job", job.id) for job in facts.jobs.values() if job.state == "running")
    yield from {(0, "queue", job.queue): None for job in facts.jobs.values() if job.state == "queued"}
    yield from ((model.deletion.at, "model", model.id) for model in facts.models.values() if model.deletion)
    for deployment in facts.deployments.values():
        if deployment.automatic:
            yield from ((stage.at, "stage", f"{deployment.id}/{stage.name}") for stage in deployment.stages)
    for prompt in facts.prompts.values():
        if prompt.pending and prompt.pending.status == "approved":
            yield prompt.pending.effective, "prompt", prompt.id


def registry_texts(names: Resolver, item_id: str) -> tuple[Text, ...]:
    """What is written in an authored artefact, manifest or prompt."""
    facts = names.facts
    if found := facts.models.get(item_id) or facts.deployments.get(item_id):
        return (found.text,)
    prompt = facts.prompts.get(item_id)
    return (prompt.text, *((prompt.pending.text,) if prompt.pending else ())) if prompt else ()


def check_place(names: Resolver, part: Part, keys: Keys, leaf: Leaf, key: str, name: Any) -> None:
    """A location or queue in a predicate is one of this world's."""
    if name and key == "at" and isinstance(leaf, ArtefactIs | DeploymentIs):
        location(names, part, keys, name)
    elif key == "submitted":
        queue(names, part, keys, name)


def registry_action(names: Resolver, name: str, part: Part, number: int, doing: ActionPart) -> Action | None:
    """Somebody cancels a job or decides on the change of a prompt; None if the action is another."""
    by = names.person(part, ("do", number, "from"), doing.by)
    if doing.job:
        return CancelJob(name, by, meant_item(names, part, ("do", number, "job"), doing.job, "jobs"))
    if doing.prompt:
        prompt = meant_item(names, part, ("do", number, "prompt"), doing.prompt, "prompts")
        return DecidePrompt(name, by, doing.becomes, prompt)
    return None


def meant_item(names: Resolver, part: Part, keys: Keys, said: str, topic: str) -> str:
    """The item an action is about, "" for the one that set it off."""
    return "" if said == "that" else names.item(part, keys, said, topic, now=True)


# artefacts and manifests ------------------------------------------------------------------------------------


def location(names: Resolver, part: Part, keys: Keys, name: str) -> str:
    """A location that exists."""
    if name not in names.facts.locations:
        names.fault(part, keys, f'no location "{name}"{did_you_mean(name, names.facts.locations)}')
    return name


def artefact_of(names: Resolver, part: ModelPart) -> Artefact:
    """An authored artefact; its fingerprint depends on what its author called it, and on the world's seed."""
    places = tuple(location(names, part, ("locations", n), name) for n, name in enumerate(part.locations))
    listed = Deletion(names.at(part.delete_at), part.name, places) if part.delete_at else None
    if listed and listed.at < 0:
        names.fault(part, "delete_at", f"{part.delete_at!r} is before the start; say a moment after it")
    return Artefact(
        names.facts.slugs[part.id],
        part.name,
        part.version,
        f"{draw(names.world.seed, 'fingerprint', part.id):016x}",
        part.size,
        part.sort,
        parent=names.item(part, "parent", part.parent, "models"),
        owner=names.insider(part, "owner", part.owner),
        editors=names.accounts(part, "editors", part.editors),
        drives=names.accounts(part, "drives", part.drives),
        locations=tuple(dict.fromkeys(places)),
        retired=part.retired,
        deletion=listed,
        text=names.text(part, "text", part.text),
    )


def deployment_of(names: Resolver, part: DeploymentPart) -> Deployment:
    """An authored manifest."""
    allows = (
        (
            names.item(part, ("allows", n, "model"), each.model, "models", now=True),
            location(names, part, ("allows", n, "at"), name),
        )
        for n, each in enumerate(part.allows)
        for name in each.at
    )
    deployment = Deployment(
        names.facts.slugs[part.id],
        names.plain(part, "title", part.title),
        names.insider(part, "owner", part.owner),
        editors=names.accounts(part, "editors", part.editors),
        allows=tuple(dict.fromkeys(allows)),
        stages=tuple(stage_of(names, part, n, stage) for n, stage in enumerate(part.stages)),
        ticket=names.item(part, "ticket", part.ticket, "tickets"),
        automatic=part.automatic,
        status="paused" if part.paused else "active",
        text=names.text(part, "text", part.text),
    )
    for number, stage in enumerate(deployment.stages):
        if deployment.automatic and not deployment.lists(stage):
            told = f"the manifest does not let it stand at {stage.location}: add that to 'allows'"
            names.fault(part, ("stages", number, "location"), told)
    return deployment


def stage_of(names: Resolver, part: DeploymentPart, number: int, stage: StagePart) -> Stage:
    """A step of an authored rollout."""
    return Stage(
        stage.stage,
        names.at(stage.at),
        names.item(part, ("stages", number, "model"), stage.model, "models", now=True),
        location(names, part, ("stages", number, "location"), stage.location),
        stage.do,
    )


# prompts ----------------------------------------------------------------------------------------------------


def prompt_of(names: Resolver, part: PromptPart) -> Prompt:
    """An authored entry of the prompt registry."""
    return Prompt(
        names.facts.slugs[part.id],
        names.plain(part, "title", part.title),
        names.text(part, "text", part.text),
        names.insider(part, "governs", part.governs),
        names.insider(part, "owner", part.owner),
        editors=names.accounts(part, "editors", part.editors),
        reviewers=names.accounts(part, "reviewers", part.reviewers),
        pending=change_of(names, part, part.change) if part.change else None,
    )


def change_of(names: Resolver, part: PromptPart, change: ChangePart) -> PendingChange:
    """A change that is proposed or approved at the start."""
    effective = names.at(change.effective)
    if change.status == "approved" and effective <= 0:
        told = "an approved change holds later than the start, as in effective: +1d 09:00; else it is the text"
        names.fault(part, ("change", "effective"), told)
    return PendingChange(
        names.insider(part, ("change", "from"), change.author),
        names.text(part, ("change", "text"), change.text),
        change.reason,
        names.at(change.at),
        effective,
        change.status,
    )
