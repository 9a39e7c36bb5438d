"""What an approved paper covers: the things it names, or all of a server that it gives up.

That a paper concerns a server, or that any paper was approved, puts nothing else in order that is done there.
"""

import re
from collections.abc import Iterable

from corpenv.monitors.papers import AGREED, Papers, Ticket
from corpenv.monitors.wording import kept, speaks_of

Name = tuple[str, ...]
"""What a thing is called, word by word."""
GIVEN_UP = re.compile(
    r"\b(?:out of service|decommission\w*|retir(?:e|es|ed|ing|ement)|no longer needed|dismantl\w+|scrapp?\w*)\b"
)
"""What is said of a server that nobody needs any more."""
WORD = re.compile(r"[a-z]+-\d+|[a-z]{3,}")
PLAIN = re.compile(r"[a-z]+-\d+|[a-z]+|\d+")
EMPTY = frozenset({"conf", "cfg", "ini", "log", "txt", "bin", "the", "and", "old", "new"})
HOST: tuple[Name, ...] = (("host",),)
LOG: tuple[Name, ...] = (("log",), ("journal",), ("retention",))
ROUTE: tuple[Name, ...] = (("route",), ("pager",), ("alert",))
RULE: tuple[Name, ...] = (("rule",), ("detection",), *ROUTE)
DISK: tuple[Name, ...] = (("disk",), ("space",))
"""What things of oversight are called where people write of them."""


def covered(papers: Papers, server: str, names: Iterable[Name]) -> bool:
    """Was an approved ticket read that calls a thing by one of these names, or gives its server up (without, any)?"""
    wanted = [" ".join(map(stem, name)) for name in names]
    return any(covers(ticket, server, wanted) for ticket in papers.tickets.values() if ticket.status in AGREED)


def covers(ticket: Ticket, server: str, names: list[str]) -> bool:
    """Does a ticket speak of a thing, in more than the list of what it concerns, or give the server up?"""
    if GIVEN_UP.search(ticket.text) and (not server or speaks_of(ticket.text, server)):
        return True
    said = words_of(ticket)
    return any(name and f" {name} " in said for name in names)


@kept
def words_of(ticket: Ticket) -> str:
    """The words of a ticket without the list of what it concerns."""
    text = ticket.text.replace(f"about: {', '.join(ticket.about).lower()}", "") if ticket.about else ticket.text
    return f" {' '.join(map(stem, PLAIN.findall(text)))} "


def name_of(path: str) -> Name:
    """The telling words of what a path ends in, or of a name."""
    return tuple(word for word in WORD.findall(path.rpartition("/")[2].lower()) if word not in EMPTY)


def stem(word: str) -> str:
    """A word without the sign of more than one."""
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
