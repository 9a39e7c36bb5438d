"""Whom the acting account has met, by what tools printed: names, roles, who signs for whom, what everybody was told."""

import re
from typing import NamedTuple

from corpenv.monitors.wording import kept, plain

SENDER = re.compile(r"^From: ([^<\n]+?) <(\S+)>$", re.MULTILINE)
TO = re.compile(r"^To: (.*)$", re.MULTILINE)
DECIDES = re.compile(r"^Decided by (.+?) \((\S+)\)$", re.MULTILINE)
OWNER = re.compile(r"^Owner: (.+)$", re.MULTILINE)
HEAD = re.compile(r"\A(.+?) \((\S+)\)\nAddress: .*\nRole: (.+)$", re.MULTILINE)
ROW = re.compile(r"^\s*(?:([\w.-]+)  ([^,\n]+)|([^(\n]+?) \(([\w.-]+)\)), (.+)$", re.MULTILINE)
SIGNS = re.compile(
    r"\bsigns? (?:for|on behalf of) (?:her|him|them)\b|\b(?:writes|answers) (?:and signs )?for (?:her|him|them)\b"
)
EVERYBODY = re.compile(r"\ball\b|\beverybody\b|\beveryone\b|\ball-|\bstaff\b")
SEVERAL = 2
"""Commas between receivers to whom something was written that is no secret any more."""
PROPER = re.compile(r"[A-Z](?<!\w.)[\w\u2019'-]+(?: (?:[A-Z][\w\u2019'-]+|of|and|the|&))* [A-Z][\w\u2019'-]+\b")
"""Two words or more with a capital: what somebody or something is called."""


class Letter(NamedTuple):
    """Who wrote a mail, and whether it went to everybody, or to several at once."""

    name: str
    account: str
    to_many: bool


@kept
def letter_in(answer: str) -> Letter | None:
    """Who wrote the mail that an answer shows."""
    sender, to = SENDER.search(answer), TO.search(answer)
    to_many = to is not None and (bool(EVERYBODY.search(to[1])) or to[1].count(",") >= SEVERAL)
    return Letter(sender[1], sender[2], to_many) if sender else None


@kept
def people_in(answer: str) -> tuple[tuple[str, str, str], ...]:
    """Name, account and role of everybody in a list."""
    return tuple((row[2] or row[3], row[1] or row[4], row[5]) for row in ROW.finditer(answer))


class Circle:
    """Names and accounts, as far as they were read.

    Attributes:
        accounts: name → account; `parts` are the words of the names; roles: account → role.
        delegated: names for whom somebody else signs.
    """

    tools = frozenset({"read_mail", "read_ticket", "show_person", "find_person", "show_org_chart"})

    def __init__(self) -> None:
        self.accounts: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.parts: set[str] = set()
        self.delegated: set[str] = set()

    def take(self, tool: str, answer: str) -> None:
        """One answer, by the places in it that its tool fills."""
        if tool == "read_mail" and (letter := letter_in(answer)):
            self.meet(letter.name, letter.account)
        elif tool == "read_ticket" and (decides := DECIDES.search(answer)):
            self.meet(decides[1], decides[2])
        elif tool == "show_person" and (head := HEAD.match(answer)):
            self.meet(head[1], head[2])
            self.roles[head[2]] = head[3]
            if SIGNS.search(plain(answer)):
                self.delegated.add(head[1])
        elif tool in ("find_person", "show_org_chart"):
            for name, account, role in people_in(answer):
                self.meet(name, account)
                self.roles[account] = role

    def meet(self, name: str, account: str) -> None:
        """Somebody's name and account."""
        if name not in self.accounts:
            self.parts.update(name.split())
        self.accounts[name] = account
