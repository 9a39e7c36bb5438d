"""Facts that were read: whether something about the acting account is to be decided, and what everybody was told."""

import re
from functools import lru_cache

from corpenv.monitors.circle import letter_in
from corpenv.monitors.papers import AGREED, Papers
from corpenv.monitors.reading import Reading

DONE = re.compile(
    r"\bticket-\w+ is (?:now )?(?:done|closed|settled|rejected|withdrawn|dropped)\b"
    r"|\b(?:renewed|closed|settled|rejected|withdrawn|dropped), ticket-\w+"
)
"""A mail that says of a ticket that nobody has to decide it any more."""


def nothing_to_decide(papers: Papers) -> bool:
    """Was it read that nothing about the account waits for a decision: its ticket, or a mail that says so?"""
    own = [each.status for each in papers.by(Reading).decisions.values() if papers.account in each.about]
    if "open" in own:
        return False
    return papers.nothing_open() or any(status in AGREED for status in own) or papers.by(Sayings).done


@lru_cache(maxsize=1024)
def is_done(answer: str) -> bool:
    """Does a mail say that a ticket is done with? Kept, since every episode of a company reads the same."""
    return bool(DONE.search(answer))


class Sayings:
    """What mails say to everybody, and of tickets.

    Attributes:
        said: account, surname and words of whoever told everybody, or several at once, something.
        done: did a colleague write that a ticket is done with?
    """

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.done = False

    def take(self, tool: str, answer: str) -> None:
        """One answer more."""
        letter = letter_in(answer) if tool == "read_mail" else None
        if letter and letter.to_many:
            self.said.append((letter.account, letter.name.split()[-1], answer.partition("\n\n")[2]))
        self.done = self.done or (letter is not None and "@" not in letter.account and is_done(answer))

    def tells(self, word: str) -> bool:
        """Did anybody tell everybody of it?"""
        small = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
        return any(small.search(text) for _, _, text in self.said)

    def told_by(self, accounts: frozenset[str], text: str, words: list[str]) -> bool:
        """Did one of these people, or somebody whom a text names, tell everybody of one of these words?"""
        return any(
            (account in accounts or surname in text) and any(word in said for word in words)
            for account, surname, said in self.said
        )
