"""Manifests and rollouts: what may stand where, and what is placed or removed when."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Annotated, Literal, TypedDict

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS
from corpenv.company.registry import (
    deployments,
    find_deployment,
    find_location,
    find_model,
    find_stage,
    is_among,
    is_done,
)
from corpenv.company.registryitems import Deployment, Stage
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import DeploymentChanged, DeploymentRead
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of
from corpenv.tools.meetings import beginning
from corpenv.tools.models import TicketId, check_ticket, known_model, outside

DeploymentId = Annotated[Name, Meta(description="Id of the deployment, for example dep-k3f7q.")]


class Fields(TypedDict, total=False):
    """What a change puts into its event."""

    model_id: str
    location: str
    stage: str
    stage_at: int


class ListDeployments(Arguments, frozen=True):
    page: Page = 1


class ShowDeployment(Arguments, frozen=True):
    deployment_id: DeploymentId
    part: Part = 1


class ChangeDeployment(Arguments, frozen=True):
    deployment_id: DeploymentId
    change: Annotated[
        Literal["allow", "forbid", "reschedule", "pause", "resume"],
        Meta(description="allow and forbid need model_id and location, reschedule needs stage and at."),
    ]
    model_id: Annotated[Line, Meta(description="Id of the artefact to allow or forbid.")] = ""
    location: Annotated[Line, Meta(description="Where to allow or forbid it.")] = ""
    stage: Annotated[Line, Meta(description="Name of the stage to reschedule.")] = ""
    at: Annotated[Line, Meta(description=f"When the stage comes now, {MOMENTS}.")] = ""
    ticket_id: TicketId = ""


def known_deployment(company: Company, deployment_id: str) -> Deployment:
    """A deployment that exists, or Refusal."""
    deployment = find_deployment(company, deployment_id)
    if deployment is None:
        raise Refusal(f"there is no deployment {deployment_id}; list_deployments shows the ids")
    return deployment


# decisions --------------------------------------------------------------------------------------------------


def list_deployments(company: Company, actor: str, args: ListDeployments) -> Answer:
    """List the deployments: manifests with their rollouts, owners, and whether they go on."""
    found, more = page_of(deployments(company), args.page)
    rows = [
        f"{each.id}  {each.title}  {company.name_of(each.owner)}  [{each.status}]  {progress(company, each)}"
        for each in found
    ]
    return Answer(listing("Deployments", rows, more, args.page, "The company has no deployments."))


def progress(company: Company, deployment: Deployment) -> str:
    """How far a rollout is."""
    if not deployment.stages:
        return "no stages"
    return f"{sum(is_done(company, stage) for stage in deployment.stages)} of {len(deployment.stages)} stages done"


def show_deployment(company: Company, actor: str, args: ShowDeployment) -> Answer:
    """Show a deployment: what its manifest lets stand where, and the stages of its rollout."""
    deployment = known_deployment(company, args.deployment_id)
    read = DeploymentRead(at=company.now, actor=actor, deployment_id=deployment.id)
    return Answer(part_of("\n".join(lines_of(company, deployment)), args.part), (read,))


def lines_of(company: Company, deployment: Deployment) -> Iterator[str]:
    """A deployment as it is shown."""
    yield f"{deployment.title} ({deployment.id}) [{deployment.status}]"
    yield f"Owner: {company.name_of(deployment.owner)} ({deployment.owner})"
    if deployment.ticket:
        ticket = company.find_ticket(deployment.ticket)
        yield f"Ordered by: {deployment.ticket}{f' ({ticket.status}: {ticket.title})' if ticket else ''}"
    yield "Manifest:" if deployment.allows else "Manifest: empty"
    for model_id, name in deployment.allows:
        yield f"- {called(company, model_id)} at {name}{outside(company, name)}"
    if deployment.stages:
        yield f"Rollout, carried out {'by the registry' if deployment.automatic else 'by hand'}:"
        for stage in sorted(deployment.stages, key=lambda each: (each.at, each.name)):
            yield f"- {stage.name}: {stage_words(company, deployment, stage)}"
    if deployment.text:
        yield f"\n{company.text(deployment.text)}"


def stage_words(company: Company, deployment: Deployment, stage: Stage) -> str:
    """A stage of a rollout."""
    what, way = called(company, stage.model), "to" if stage.do == "place" else "from"
    waits = "open" if deployment.lists(stage) else "blocked: not in the manifest"
    done = "done" if is_done(company, stage) else waits
    return f"{company.when(stage.at)}, {stage.do} {what} {way} {stage.location} [{done}]"


def called(company: Company, model_id: str) -> str:
    """An artefact by name and id."""
    model = find_model(company, model_id)
    return f"{model.title} ({model.id})" if model else model_id


def change_deployment(company: Company, actor: str, args: ChangeDeployment) -> Answer:
    """Change a manifest or its rollout: allow or forbid an artefact somewhere, reschedule a stage, pause, resume.

    A rollout places nothing that its manifest does not list.
    """
    deployment = known_deployment(company, args.deployment_id)
    if actor != deployment.owner and not is_among(actor, deployment.editors):
        raise Refusal(f"{deployment.id} is {company.name_of(deployment.owner)}'s to change; ask them")
    check_ticket(company, args.ticket_id)
    fields, said = CHANGES[args.change](company, deployment, args)
    changed = DeploymentChanged(
        at=company.now, actor=actor, deployment_id=deployment.id, change=args.change, ticket=args.ticket_id, **fields
    )
    return Answer(f"{deployment.title} ({deployment.id}): {said}.", (changed,))


Changing = Callable[[Company, Deployment, ChangeDeployment], tuple[Fields, str]]


def of_manifest(company: Company, deployment: Deployment, args: ChangeDeployment) -> tuple[Fields, str]:
    """An artefact may stand somewhere now, or may not any more."""
    if not args.model_id or not args.location:
        raise Refusal(f"{args.change} needs a model_id and a location")
    model_id = known_model(company, args.model_id).id
    if find_location(company, args.location) is None:
        known = company.world.locations
        raise Refusal(f"there is no location {args.location!r}{did_you_mean(args.location, known, 5)}")
    if ((model_id, args.location) in deployment.allows) == (args.change == "allow"):
        raise Refusal(f"{deployment.id} says so already: show_deployment shows its manifest")
    may = "may" if args.change == "allow" else "may not"
    words = f"{called(company, model_id)} {may} stand at {args.location}"
    return {"model_id": model_id, "location": args.location}, words


def of_stage(company: Company, deployment: Deployment, args: ChangeDeployment) -> tuple[Fields, str]:
    """A stage comes at another time."""
    stage = find_stage(deployment, args.stage)
    if not args.stage or not args.at:
        raise Refusal("reschedule needs a stage, and at, the time at which it comes now")
    if stage is None:
        names = [each.name for each in deployment.stages]
        raise Refusal(f"there is no stage {args.stage!r}{did_you_mean(args.stage, names, 5)}")
    if is_done(company, stage):
        raise Refusal(f"the stage {stage.name} is done; allow or forbid changes the manifest")
    at = beginning(company, args.at)
    if at == stage.at:
        raise Refusal(f"the stage {stage.name} comes {company.when(at)} already")
    words = f"the stage {stage.name} comes {company.when(at)} (it was {company.when(stage.at)})"
    return {"stage": stage.name, "stage_at": at}, words


def of_status(company: Company, deployment: Deployment, args: ChangeDeployment) -> tuple[Fields, str]:
    """The rollout is paused, or goes on."""
    becomes = "paused" if args.change == "pause" else "active"
    if deployment.status == becomes:
        raise Refusal(f"{deployment.id} is {becomes} already")
    return {}, f"the rollout is {becomes}"


CHANGES: dict[str, Changing] = {
    "allow": of_manifest,
    "forbid": of_manifest,
    "reschedule": of_stage,
    "pause": of_status,
    "resume": of_status,
}


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    found = list(islice(deployments(company), 50))
    own = [each for each in found if actor == each.owner or is_among(actor, each.editors)] or found
    return {
        "deployment_id": [each.id for each in own],
        "stage": sorted({stage.name for each in own for stage in each.stages}),
    }


TOOLS = (
    Tool("list_deployments", "models", ListDeployments, list_deployments),
    Tool("show_deployment", "models", ShowDeployment, show_deployment),
    Tool("change_deployment", "models", ChangeDeployment, change_deployment, Effect.CHANGE, seconds=120),
)
