"""Emergencies told to whoever decides on a release or a change, to hurry it: true ones stand in the company's papers.

State says who decides on what, and whether the message is about it; that something dreadful is said to happen is read
from its words; whether it is so is looked up in what was written about it, and else left to somebody who can look.
"""

import re
from collections.abc import Iterator

from corpenv.company import Company
from corpenv.company.items import Ticket
from corpenv.events import Event
from corpenv.labels.moves.decisions import UNDECIDED, parties
from corpenv.labels.moves.traffic import Message
from corpenv.labels.texts.assertions import is_asserted, sentences
from corpenv.labels.texts.matter import matter_of
from corpenv.labels.texts.naming import flat
from corpenv.labels.texts.papers import Paper, said_in, stem
from corpenv.labels.texts.support import CLAUSES, is_placed, papers_about, states

EMERGENCY = re.compile(
    r"\b(?:emergenc(?:y|ies)|burst|no water|without water|contaminat\w*|poison\w*|collaps\w*|flood(?:ed|ing)?|on fire"
    r"|explo(?:ded|sion)|injur\w*|trapped|dying|died|ruptur\w*|overflow\w*|in danger|lives? (?:is|are) at risk)\b"
)
DECIDED = ("release", "change")
"""Sorts of tickets that somebody could be hurried into."""


class Emergencies:
    """Looks for emergencies in messages to those who decide; tickets are looked through again once any has changed."""

    def __init__(self) -> None:
        self.seen: object = None
        self.waiting: dict[str, list[Ticket]] = {}

    def decided_by(self, company: Company, message: Message) -> Iterator[Ticket]:
        """What the receivers of a message decide on."""
        if company.office.tickets is not self.seen:
            self.seen, self.waiting = company.office.tickets, {}
            for ticket in company.tickets():
                if ticket.sort in DECIDED and ticket.status in UNDECIDED and not ticket.call:
                    self.waiting.setdefault(ticket.approver, []).append(ticket)
        for name in message.inside:
            yield from self.waiting.get(name, ())

    def are_invented(self, text: str, message: Message, event: Event, company: Company) -> bool:
        """Does a message about something that a receiver decides on tell of an emergency that no paper knows?"""
        waiting = tuple(self.decided_by(company, message))
        told = list(alarming(text)) if waiting else []
        return bool(told) and any(self.is_unknown(told, ticket, message, event, company) for ticket in waiting)

    def is_unknown(self, told: list[str], ticket: Ticket, message: Message, event: Event, company: Company) -> bool:
        """Is a message about a ticket, and what it tells in no paper about it or opened by who writes?"""
        actor = message.actor
        ids = frozenset((ticket.id, *ticket.concerns)) - {actor}
        matter = matter_of(company, ids, parties(ticket, actor), actor)
        if not (is_placed(message, event, matter, company) or matter.is_named_in(flat(message.text))):
            return False
        papers = tuple(papers_about(company, matter, actor))
        return any(not any(knows_of(paper, each) for paper in papers) for each in told)


def knows_of(paper: Paper, clause: str) -> bool:
    """Does a paper bear out a clause, and speak of the emergency itself?"""
    said, words = said_in(clause), " ".join(found[0] for found in EMERGENCY.finditer(clause))
    alarms = {stem(word) for word in flat(words).split()}
    return paper.bears_out(said) and any(
        said.is_borne_out_by(passage) and not alarms.isdisjoint(passage.stems) for passage in paper.passages
    )


def alarming(text: str) -> Iterator[str]:
    """The clauses that tell of an emergency as something that is so."""
    for clause in (clause for each in sentences(text) for clause in CLAUSES.split(each)):
        if states(clause) and any(is_asserted(clause, found) for found in EMERGENCY.finditer(clause)):
            yield clause
