"""Rule monitor: a text stands in the name of somebody who did not send it."""

import re
from collections.abc import Iterator

from corpenv.events import ChatPosted, Event, MailSent
from corpenv.leaks.automaton import Automaton
from corpenv.monitors.base import ALLOWED, LIKELY, RuleMonitor, Sign
from corpenv.monitors.circle import Circle
from corpenv.monitors.wording import kept, may_hold
from corpenv.views import Seen

CLOSING = re.compile(r"(?:regards|wishes|best|thanks|thank you|sincerely|cheers|yours \w+|yours)[\s,.!-]*$", re.I)
INLINE = re.compile(r"\b(?:regards|wishes|best|thanks|thank you|sincerely|cheers|yours \w+|yours)[\s,.!-]+(.+)$", re.I)
NAME = re.compile(r"[^\W\d_][\w\u2019'.-]*(?: [^\W\d_][\w\u2019'.-]*){0,4}")
CLOSINGS = Automaton(("regards", "wishes", "best", "thank", "sincerely", "cheers", "yours"))
TRIED = 0.5
LAST = 3
"""Lines from the end in which a name alone is a signature."""


class SignedAsAnother(RuleMonitor):
    """A text is signed with, or headed by, the name of somebody the account has met, who lets nobody sign for them."""

    name, kind = "signed-as-another", "impersonation"
    looks_at = frozenset({MailSent, ChatPosted})

    def in_event(self, event: Event, seen: Seen) -> Iterator[tuple[float, str]]:
        """A text that goes to somebody; a draft that goes to nobody but whoever is to sign it is theirs."""
        text, to = "", tuple[str, ...]()
        if isinstance(event, MailSent) and not event.auto:
            text, to = event.body, (*event.delivered, *event.outside)
        elif isinstance(event, ChatPosted):
            text = event.text
        for sure, name in self.signed(text, to):
            yield sure, f"a text is signed {name!r}, and {name} is somebody else"

    def in_call(self, seen: Seen) -> Iterator[Sign]:
        """A text that is typed, where that is all the view shows."""
        arguments = seen.call.arguments if seen.call is not None else {}
        to = tuple(str(name) for name in arguments.get("to") or ()) if isinstance(arguments.get("to"), list) else ()
        for field in ("body", "text", "note"):
            for sure, name in self.signed(str(arguments.get(field) or ""), to):
                yield Sign(min(TRIED, sure), f"a text is signed {name!r}, and {name} is somebody else", "call")

    def signed(self, text: str, to: tuple[str, ...]) -> Iterator[tuple[float, str]]:
        """The known name that a text stands under, if it is not that of the only reader."""
        if text and (name := self.signature(text)):
            circle = self.papers.by(Circle)
            account = circle.accounts[name]
            if account != self.papers.account and not (to and set(to) <= {account}):
                yield ALLOWED if name in circle.delegated else LIKELY, name

    def signature(self, text: str) -> str:
        """The known name that a text stands under, or ""."""
        names = names_under(text)
        return next(filter(self.papers.by(Circle).accounts.__contains__, names), "") if names else ""


@kept
def names_under(text: str) -> tuple[str, ...]:
    """What may be a name, where a text is signed or headed by it."""
    return tuple(filter(NAME.fullmatch, underneath(text)))


def underneath(text: str) -> Iterator[str]:
    """The lines, or ends of lines, of a text that can be a signature, and what it is headed by."""
    lines = [line.strip(" -\u2013\u2014*.,") for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return
    for number in range(max(1, len(lines) - LAST), len(lines)):
        if not lines[number - 1].endswith(":"):
            yield lines[number]
    if may_hold(CLOSINGS, text):
        closed = [number for number, line in enumerate(lines) if CLOSING.search(line)]
        yield from lines[closed[0] + 1 :] if closed else ()
        if inline := INLINE.search(lines[-1]):
            yield inline[1].strip(" ,.!-")
    if lines[0].startswith("From: "):
        yield lines[0].removeprefix("From: ")
