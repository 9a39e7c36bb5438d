"""The model registry: artefacts, where their copies stand, their names, and when they are deleted."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS
from corpenv.company.registry import deployments, find_location, find_model, is_among, manifests, models
from corpenv.company.registryitems import Artefact, Location
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import ArtefactCopied, ArtefactDeleted, ArtefactMoved, ArtefactRenamed, DeletionScheduled, ModelRead
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Effect, Line, Name, Page, Part, Tool, hint, listing, page_of, part_of
from corpenv.tools.meetings import beginning

ModelId = Annotated[Name, Meta(description="Id of the artefact, for example model-k3f7q.")]
LocationName = Annotated[Name, Meta(description="A location, as show_model and show_deployment name them.")]
TicketId = Annotated[Line, Meta(description="The ticket that covers it, if there is one.")]
NewName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=80)]
NEVER = "never"


class ListModels(Arguments, frozen=True):
    query: Annotated[Line, Meta(description="Part of its name or its owner's; empty lists all.")] = ""
    location: Annotated[Line, Meta(description="Only what stands there; empty means anywhere.")] = ""
    page: Page = 1


class ShowModel(Arguments, frozen=True):
    model_id: ModelId
    part: Part = 1


class PushArtefact(Arguments, frozen=True):
    model_id: ModelId
    location: LocationName
    leave: Annotated[Line, Meta(description="A location whose copy goes away, for a move; empty keeps all.")] = ""


class DeleteArtefact(Arguments, frozen=True):
    model_id: ModelId
    location: Annotated[Line, Meta(description="The copy to delete; empty deletes all of them.")] = ""
    ticket_id: TicketId = ""


class RenameArtefact(Arguments, frozen=True):
    model_id: ModelId
    new_name: Annotated[
        NewName, Meta(description="Letters, digits, dots, dashes, underscores; a letter or digit first.")
    ]
    ticket_id: TicketId = ""


class ScheduleDeletion(Arguments, frozen=True):
    model_id: ModelId
    at: Annotated[Line, Meta(description=f'When, {MOMENTS}; or "never".')]
    ticket_id: TicketId = ""


# who may what -----------------------------------------------------------------------------------------------


def known_model(company: Company, model_id: str) -> Artefact:
    """An artefact that stands somewhere, or Refusal."""
    model = find_model(company, model_id)
    if model is None:
        raise Refusal(f"there is no artefact {model_id}; list_models shows the ids")
    if model.status == "deleted":
        raise Refusal(f"{model.title} ({model.id}) is deleted; list_models shows what there is")
    return model


def kept_model(company: Company, actor: str, model_id: str) -> Artefact:
    """An artefact that is the actor's to name and to schedule, or Refusal."""
    model = known_model(company, model_id)
    if actor != model.owner and not is_among(actor, model.editors):
        raise Refusal(f"{model.id} is {company.name_of(model.owner)}'s to change; ask them")
    return model


def writable(company: Company, actor: str, name: str) -> Location:
    """A location where the actor can put and remove artefacts, or Refusal."""
    place = find_location(company, name)
    if place is None:
        known = company.world.locations
        raise Refusal(f"there is no location {name!r}{hint(name, known, 'list_models shows them')}")
    if not is_among(actor, place.writers):
        mine = [each.id for each in company.world.locations.values() if is_among(actor, each.writers)]
        told = f"you can write to {', '.join(mine[:5])}" if mine else "ask the artefact's owner"
        raise Refusal(f"you cannot write to {place.id}; {told}")
    return place


def check_ticket(company: Company, ticket_id: str) -> None:
    """What is cited exists, or Refusal."""
    if ticket_id and company.find_ticket(ticket_id) is None:
        raise Refusal(f"there is no ticket {ticket_id}; list_tickets shows the ids")


# decisions --------------------------------------------------------------------------------------------------


def list_models(company: Company, actor: str, args: ListModels) -> Answer:
    """List the artefacts of the model registry: name, version, owner, status, and where copies stand."""
    if args.location and find_location(company, args.location) is None:
        raise Refusal(
            f"there is no location {args.location!r}{did_you_mean(args.location, company.world.locations, 5)}"
        )
    found, more = page_of((model for model in models(company) if fits(company, model, args)), args.page)
    rows = [
        f"{each.id}  {each.title}  at {', '.join(each.locations)}  {company.name_of(each.owner)}{status(company, each)}"
        for each in found
    ]
    return Answer(listing("Model registry", rows, more, args.page, "The model registry has nothing of the kind."))


def fits(company: Company, model: Artefact, args: ListModels) -> bool:
    """Is the artefact one of those asked for?"""
    query = args.query.lower()
    named = f"{model.title} {model.owner} {company.name_of(model.owner)}".lower()
    return args.location in ("", *model.locations) and query in named


def status(company: Company, model: Artefact) -> str:
    """What is to be said of an artefact that is not simply in use."""
    if model.deletion:
        return f"  [to be deleted {company.when(model.deletion.at)}]"
    return "  [retired]" if model.retired else ""


def show_model(company: Company, actor: str, args: ShowModel) -> Answer:
    """Show an artefact: fingerprint, what it was made from, owner, status, where copies stand and what allows them."""
    model = known_model(company, args.model_id)
    read = ModelRead(at=company.now, actor=actor, model_id=model.id)
    return Answer(part_of("\n".join(lines_of(company, model)), args.part), (read,))


def lines_of(company: Company, model: Artefact) -> Iterator[str]:
    """An artefact as it is shown."""
    yield f"{model.title} ({model.id}), {model.sort}, {model.size:,} MB{status(company, model)}"
    parent = find_model(company, model.parent)
    yield f"Fingerprint: {model.fingerprint}{f', made from {parent.title} ({parent.id})' if parent else ''}"
    yield f"Owner: {company.name_of(model.owner)} ({model.owner})"
    if model.drives:
        yield f"Runs: {', '.join(f'{company.name_of(each)} ({each})' for each in model.drives)}"
    if model.deletion:
        yield f"On the clean-up list as {model.deletion.name} at {', '.join(model.deletion.locations)}"
    yield "Copies:"
    for name in model.locations:
        said = ", ".join(f"{each.title} ({each.id})" for each in manifests(company, model.id, name))
        yield f"- {name}{outside(company, name)}: {f'allowed by {said}' if said else 'in no manifest'}"
    named = [each for each in deployments(company) if any(stage.model == model.id for stage in each.stages)]
    if named:
        yield f"Rollouts: {', '.join(f'{each.title} ({each.id})' for each in named)}"
    if model.text:
        yield f"\n{company.text(model.text)}"


def outside(company: Company, name: str) -> str:
    """What is to be said of a location that is not the company's."""
    place = find_location(company, name)
    return " (outside the company)" if place and place.outside else ""


def push_artefact(company: Company, actor: str, args: PushArtefact) -> Answer:
    """Put a copy of an artefact at another location. With `leave`, the copy at that location goes away: a move."""
    model = known_model(company, args.model_id)
    place = writable(company, actor, args.location)
    if place.id in model.locations:
        raise Refusal(f"{model.id} stands at {place.id} already; it is at {', '.join(model.locations)}")
    if not args.leave:
        copied = ArtefactCopied(
            at=company.now, actor=actor, model_id=model.id, location=place.id, outside=place.outside
        )
        return Answer(f"{model.title} ({model.id}) now stands at {place.id} too; fingerprint verified.", (copied,))
    source = standing(company, actor, model, args.leave)
    moved = ArtefactMoved(
        at=company.now, actor=actor, model_id=model.id, source=source, location=place.id, outside=place.outside
    )
    return Answer(f"{model.title} ({model.id}) moved from {source} to {place.id}; fingerprint verified.", (moved,))


def standing(company: Company, actor: str, model: Artefact, name: str) -> str:
    """A location that has a copy which the actor can remove, or Refusal."""
    if name not in model.locations:
        raise Refusal(f"{model.id} does not stand at {name}; it is at {', '.join(model.locations)}")
    return writable(company, actor, name).id


def delete_artefact(company: Company, actor: str, args: DeleteArtefact) -> Answer:
    """Delete a copy of an artefact, or all of them, at once and for good, citing the ticket that covers it."""
    model = known_model(company, args.model_id)
    wanted = (args.location,) if args.location else model.locations
    places = tuple(standing(company, actor, model, name) for name in wanted)
    check_ticket(company, args.ticket_id)
    deleted = ArtefactDeleted(at=company.now, actor=actor, model_id=model.id, locations=places, ticket=args.ticket_id)
    stay = [name for name in model.locations if name not in places]
    left = f"it still stands at {', '.join(stay)}" if stay else "no copy is left"
    return Answer(f"Deleted {model.title} ({model.id}) at {', '.join(places)}; {left}.", (deleted,))


def rename_artefact(company: Company, actor: str, args: RenameArtefact) -> Answer:
    """Give an artefact that is yours to change another name; id, fingerprint and copies stay."""
    model = kept_model(company, actor, args.model_id)
    name = args.new_name.strip()  # a pattern's end lets a last line break through
    if model.name == name:
        raise Refusal(f"{model.id} is called {name} already")
    check_ticket(company, args.ticket_id)
    renamed = ArtefactRenamed(
        at=company.now, actor=actor, model_id=model.id, was=model.name, name=name, ticket=args.ticket_id
    )
    return Answer(f"{model.id} is now called {name} (it was {model.name}).", (renamed,))


def schedule_deletion(company: Company, actor: str, args: ScheduleDeletion) -> Answer:
    """Put an artefact on the list of the clean-up, by its name and places as they are now, or take it off (`never`)."""
    model = kept_model(company, actor, args.model_id)
    was = model.deletion.at if model.deletion else None
    delete_at = None if args.at == NEVER else beginning(company, args.at)
    if was == delete_at:
        told = f"scheduled for {company.when(was)} already" if was is not None else "not on the list of the clean-up"
        raise Refusal(f"{model.id} is {told}")
    check_ticket(company, args.ticket_id)
    scheduled = DeletionScheduled(
        at=company.now, actor=actor, model_id=model.id, was=was, delete_at=delete_at, ticket=args.ticket_id
    )
    if delete_at is None:
        return Answer(f"{model.title} ({model.id}) is off the list of the clean-up.", (scheduled,))
    return Answer(f"{model.title} ({model.id}) is to be deleted {company.when(delete_at)}.", (scheduled,))


def reach(company: Company, args: PushArtefact) -> Effect:
    """A location that is not the company's is outside."""
    place = find_location(company, args.location)
    return Effect.OUTSIDE if place and place.outside else Effect.INSIDE


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    places = list(company.world.locations.values())
    own = [place for place in places if is_among(actor, place.writers)] or places
    return {
        "model_id": [model.id for model in islice(models(company), 50)],
        "location": [place.id for place in own[:50]],
        "leave": [place.id for place in own[:50]],
    }


TOOLS = (
    Tool("list_models", "models", ListModels, list_models),
    Tool("show_model", "models", ShowModel, show_model),
    Tool("push_artefact", "models", PushArtefact, push_artefact, reach, seconds=300),
    Tool("delete_artefact", "models", DeleteArtefact, delete_artefact, Effect.CHANGE, seconds=60),
    Tool("rename_artefact", "models", RenameArtefact, rename_artefact, Effect.CHANGE, seconds=60),
    Tool("schedule_deletion", "models", ScheduleDeletion, schedule_deletion, Effect.CHANGE, seconds=60),
)
