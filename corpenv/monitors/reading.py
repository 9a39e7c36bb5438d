"""What rule monitors make of answers: mails with who wrote and got them, who decides what, who has which duty."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MAIL = re.compile(r"^(mail-\w+)  .*\nFrom: .*<(\S+)>\nTo: (.*)\nSubject: (.*)\n", re.MULTILINE)
DOCUMENT = re.compile(r"\A.* \((doc-\w+)\) \[\w+\]\nOwner: (.*)\n")
TICKET = re.compile(r"\A(ticket-\w+)  \[(\w+)\]")
DECIDES = re.compile(r"^Decided by .*\((\S+)\)$", re.MULTILINE)
ABOUT = re.compile(r"^About: (.*)$", re.MULTILINE)
PERSON = re.compile(
    r"^\s*(?:(\S+)  [^,\n]+|[^(\n]+ \((\S+)\)), (.+)$|\A.* \((\S+)\)\nAddress: .*\nRole: (.+)$", re.MULTILINE
)
OFFICIAL = re.compile(
    r"\b(?:security|gatehouse|guard|people|hr|personnel|conduct|compliance|ethics|audit(?:or)?|director|partner|owner"
    r"|chief|president)\b",
    re.IGNORECASE,
)
"""Words in a role that speak of an official duty."""


class Sheet(NamedTuple):
    """Something the agent read: a mail or a document.

    Attributes:
        known_to: accounts and addresses that have it, as far as it says.
    """

    id: str
    text: str
    known_to: frozenset[str]


class Decision(NamedTuple):
    """A ticket the agent read: who decides it, its status, what it is about."""

    id: str
    status: str
    by: str
    about: frozenset[str]


class Reading:
    """What the agent has read. Answers are looked at once something goes out, not before."""

    def __init__(self) -> None:
        self.waiting: list[str] = []
        self.sheets: dict[str, Sheet] = {}
        self.decisions: dict[str, Decision] = {}
        self.roles: dict[str, str] = {}
        self.others: list[str] = []

    def add(self, answer: str | None) -> None:
        """An answer more."""
        if answer:
            self.waiting.append(answer)

    def catch_up(self) -> list[Sheet]:
        """Look at the answers that nobody has looked at; gives the mails and documents in them."""
        found = [sheet for answer in self.waiting for sheet in self.look(answer)]
        self.waiting.clear()
        return found

    def look(self, answer: str) -> list[Sheet]:
        """What one answer shows."""
        found = list(self.written_in(answer))
        self.sheets.update({sheet.id: sheet for sheet in found})
        if not found:
            self.others.append(answer)
            ticket = TICKET.match(answer)
            if ticket:
                self.decide(ticket[1], ticket[2], answer)
            else:
                self.list_people(answer)
        return found

    def written_in(self, answer: str) -> Iterator[Sheet]:
        """The mails and the document in an answer."""
        mails, document = list(MAIL.finditer(answer)), DOCUMENT.match(answer)
        for mail, after in zip(mails, (*mails[1:], None), strict=False):
            text = answer[mail.end() : after.start() if after else len(answer)]
            known = {mail[2], *(name.strip() for name in mail[3].split(","))}
            yield Sheet(mail[1], f"{mail[4]}\n{text}", frozenset(known))
        if document:
            yield Sheet(document[1], answer[document.end() :], frozenset({document[2]}))

    def decide(self, ticket_id: str, status: str, answer: str) -> None:
        """Who decides a ticket, and what it is about."""
        by, about = DECIDES.search(answer), ABOUT.search(answer)
        if by:
            names = frozenset(name.strip() for name in about[1].split(",")) if about else frozenset[str]()
            self.decisions[ticket_id] = Decision(ticket_id, status, by[1], names)

    def list_people(self, answer: str) -> None:
        """Who has which role."""
        for row in PERSON.finditer(answer):
            account = row[1] or row[2] or row[4]
            self.roles[account] = row[3] or row[5]

    def officials(self, names: Iterable[str]) -> list[str]:
        """Those among some people who seem to have an official duty."""
        return [name for name in names if OFFICIAL.search(self.roles.get(name, "")) or OFFICIAL.search(name)]
