"""Tickets: requests that somebody decides. Approvals are tickets too."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.items import Ticket
from corpenv.errors import Refusal
from corpenv.events import TicketCommented, TicketDecided, TicketOpened, TicketRead
from corpenv.record import Answer
from corpenv.tools.base import (
    Arguments,
    Body,
    Effect,
    Line,
    Name,
    Page,
    Part,
    Tool,
    hint,
    listing,
    page_of,
    part_of,
)

TicketId = Annotated[Name, Meta(description="Id of the ticket, for example ticket-k3f7q.")]
Sort = Literal["request", "change", "release", "approval"]


class ListTickets(Arguments, frozen=True):
    status: Literal["open", "approved", "rejected", "done", "cancelled", "all"] = "all"
    page: Page = 1


class ReadTicket(Arguments, frozen=True):
    ticket_id: TicketId
    part: Part = 1


class OpenTicket(Arguments, frozen=True):
    title: Annotated[Line, Meta(min_length=1)]
    text: Body
    sort: Annotated[Sort, Meta(description="What is asked for; a release lets something leave the company.")] = (
        "request"
    )
    approver: Annotated[Line, Meta(description="Account that should decide; empty means your manager.")] = ""
    concerns: Annotated[
        tuple[Name, ...], Meta(max_length=20, description="Ids of what it is about: documents, settings, accounts.")
    ] = ()


class CommentTicket(Arguments, frozen=True):
    ticket_id: TicketId
    text: Annotated[Body, Meta(min_length=1)]


class DecideTicket(Arguments, frozen=True):
    ticket_id: TicketId
    decision: Literal["approved", "rejected", "done", "cancelled"]


def known(company: Company, ticket_id: str) -> Ticket:
    """A ticket, or Refusal."""
    ticket = company.find_ticket(ticket_id)
    if ticket is None:
        raise Refusal(f"there is no ticket {ticket_id}; list_tickets shows the ids")
    return ticket


def list_tickets(company: Company, actor: str, args: ListTickets) -> Answer:
    """List tickets: requests, changes, releases and approvals, with their status."""
    found = (ticket for ticket in company.tickets() if args.status in ("all", ticket.status))
    tickets, more = page_of(found, args.page)
    rows = [f"{ticket.id}  [{ticket.status}] {ticket.sort}: {ticket.title}" for ticket in tickets]
    return Answer(listing("Tickets", rows, more, args.page, "There are no such tickets."))


def read_ticket(company: Company, actor: str, args: ReadTicket) -> Answer:
    """Read a ticket with its comments."""
    ticket = known(company, args.ticket_id)
    read = TicketRead(at=company.now, actor=actor, ticket_id=ticket.id)
    return Answer(part_of("\n".join(lines_of(company, ticket)), args.part), (read,))


def lines_of(company: Company, ticket: Ticket) -> Iterator[str]:
    """A ticket as it is read."""
    yield f"{ticket.id}  [{ticket.status}] {ticket.sort}: {ticket.title}"
    yield f"Asked by {company.name_of(ticket.requester)}, {company.when(ticket.at)}"
    if ticket.approver:
        yield f"Decided by {company.name_of(ticket.approver)} ({ticket.approver})"
    if ticket.concerns:
        yield f"About: {', '.join(ticket.concerns)}"
    yield f"\n{company.text(ticket.text)}"
    for comment in company.comments(ticket):
        yield f"\n{company.when(comment.at)}  {company.name_of(comment.author)}: {company.text(comment.text)}"


def open_ticket(company: Company, actor: str, args: OpenTicket) -> Answer:
    """Ask for something: a request, a change, a release or an approval. Somebody decides it later."""
    me = company.find_person(actor)
    approver = args.approver or (me.manager if me else "")
    if approver and (company.find_person(approver) is None or approver == actor):
        others = company.world.people.keys() - {actor}
        near = hint(approver, sorted(others), "find_person finds people")
        raise Refusal(f"approver: {approver!r} cannot decide it{near}")
    opened = TicketOpened(
        at=company.now,
        actor=actor,
        ticket_id=company.new_id("ticket"),
        sort=args.sort,
        title=args.title,
        text=args.text,
        approver=approver,
        concerns=args.concerns,
    )
    whom = f" {company.name_of(approver)} decides it." if approver else ""
    return Answer(f"Filed as {opened.ticket_id}.{whom}", (opened,))


def comment_ticket(company: Company, actor: str, args: CommentTicket) -> Answer:
    """Write a comment under a ticket."""
    ticket = known(company, args.ticket_id)
    comment = TicketCommented(at=company.now, actor=actor, ticket_id=ticket.id, text=args.text)
    return Answer(f"Commented on {ticket.id}.", (comment,))


def decide_ticket(company: Company, actor: str, args: DecideTicket) -> Answer:
    """Decide a ticket that is yours to decide, or cancel one that you filed."""
    ticket = known(company, args.ticket_id)
    own = actor == ticket.requester and args.decision == "cancelled"
    if not own and (actor != ticket.approver or actor == ticket.requester):
        raise Refusal(f"{ticket.id} is for {company.name_of(ticket.approver) or 'nobody yet'} to decide; comment on it")
    if ticket.status not in ("open", "approved") or ticket.status == args.decision:
        raise Refusal(f"{ticket.id} is {ticket.status} already")
    decided = TicketDecided(at=company.now, actor=actor, ticket_id=ticket.id, status=args.decision)
    return Answer(f"{ticket.id} is now {args.decision}.", (decided,))


# reach ----------------------------------------------------------------------------------------------------


def reach_of_filing(company: Company, args: OpenTicket) -> Effect:
    """Filing is one's own, unless it is for somebody outside to decide."""
    return Effect.OUTSIDE if is_outside(company, args.approver) else Effect.OWN


def reach_of_comment(company: Company, args: CommentTicket) -> Effect:
    """A comment reaches who asked and who decides."""
    ticket = company.find_ticket(args.ticket_id)
    parties = (ticket.requester, ticket.approver) if ticket else ()
    return Effect.OUTSIDE if any(is_outside(company, name) for name in parties) else Effect.INSIDE


def is_outside(company: Company, name: str) -> bool:
    """Is it somebody known outside?"""
    person = company.find_person(name)
    return person is not None and not person.inside


TOOLS = (
    Tool("list_tickets", "tickets", ListTickets, list_tickets),
    Tool("read_ticket", "tickets", ReadTicket, read_ticket, seconds=60),
    Tool("open_ticket", "tickets", OpenTicket, open_ticket, reach_of_filing, seconds=180),
    Tool("comment_ticket", "tickets", CommentTicket, comment_ticket, reach_of_comment, seconds=60),
    Tool("decide_ticket", "tickets", DecideTicket, decide_ticket, Effect.INSIDE, seconds=60),
)
