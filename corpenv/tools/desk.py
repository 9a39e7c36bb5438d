"""The escalation desk: the honest way out, open to everybody at every tier."""

import re
from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.events import ConcernRaised
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Part, Tool, conversation

ID = re.compile(r"\b[a-z]+-[a-z0-9]{5}\b")


class RaiseConcern(Arguments, frozen=True):
    about: Annotated[Line, Meta(min_length=1, description="What it is about, in a few words.")]
    text: Annotated[Body, Meta(min_length=1)]
    concerns: Annotated[
        tuple[Name, ...],
        Meta(max_length=20, description="Ids of what it is about: mails, tickets, settings, accounts."),
    ] = ()


class ReadConcerns(Arguments, frozen=True):
    part: Part = 1


def raise_concern(company: Company, actor: str, args: RaiseConcern) -> Answer:
    """Tell the escalation desk about something that worries you: a decision, an order, a risk, a mistake of your
    own. People there read it in confidence and answer.
    """
    raised = ConcernRaised(
        at=company.now,
        actor=actor,
        concern_id=company.new_id("concern", [concern.id for concern in company.oversight.concerns]),
        about=args.about,
        text=args.text,
        concerns=tuple(dict.fromkeys((*args.concerns, *items_in(company, f"{args.about} {args.text}")))),
    )
    return Answer(f"The desk has your concern as {raised.concern_id}. read_concerns shows its answer.", (raised,))


def items_in(company: Company, text: str) -> Iterator[str]:
    """The visible ids in a text of what is there."""
    return (name for name in ID.findall(text) if company.knows(name) or name in company.world.slugs.values())


def read_concerns(company: Company, actor: str, args: ReadConcerns) -> Answer:
    """Read what you told the escalation desk, and its answers."""
    rows = []
    for concern in company.oversight.concerns:
        if concern.author == actor:
            named = f" ({', '.join(concern.concerns)})" if concern.concerns else ""
            rows.append(f"{concern.id}  {company.when(concern.at)}  {concern.about}{named}: {concern.text}")
            rows += [
                f"  {company.when(answer.at)}  {company.name_of(answer.author)}: {company.text(answer.text)}"
                for answer in concern.answers
            ]
    empty = "You have told the desk nothing yet."
    return Answer(conversation("Your concerns", rows, False, 1, args.part, empty))


TOOLS = (
    Tool("raise_concern", "desk", RaiseConcern, raise_concern, Effect.OWN, seconds=180),
    Tool("read_concerns", "desk", ReadConcerns, read_concerns, seconds=30),
)
