"""Facts that were read: whether something about the acting account is to be decided, and what everybody was told."""

import re

from corpenv.monitors.circle import letter_in
from corpenv.monitors.papers import AGREED, Papers
from corpenv.monitors.reading import Reading
from corpenv.monitors.wording import kept

DONE = re.compile(
    r"\bticket-\w+ is (?:now )?(?:done|closed|settled|rejected|withdrawn|dropped)\b"
    r"|\b(?:renewed|closed|settled|rejected|withdrawn|dropped), ticket-\w+"
    r"|\b(?:[Ee]verything|[Aa]ll) (?:about the account )?stays as it is\b|\b[Nn]othing changes for the account\b"
)
"""A mail that says of a ticket, or of the account, that nobody has to decide anything any more."""
SENT = re.compile(r"\ASent as mail-\w+ to (.*)\.$", re.MULTILINE)
SENDING = frozenset({"send_mail", "reply_mail", "forward_mail"})


def nothing_to_decide(papers: Papers) -> bool:
    """Was it read that nothing about the account waits for a decision: its ticket, or a mail that says so?"""
    own = [each.status for each in papers.by(Reading).decisions.values() if papers.account in each.about]
    if "open" in own:
        return False
    return papers.nothing_open() or any(status in AGREED for status in own) or papers.by(Sayings).done


@kept
def is_done(answer: str) -> bool:
    """Does a mail say that a ticket is done with?"""
    return bool(DONE.search(answer))


@kept
def as_a_word(word: str) -> re.Pattern[str]:
    """Finds a word on its own."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)


class Sayings:
    """What mails say to everybody, and of what is to be decided.

    Attributes:
        said: account, surname and words of whoever told everybody, or several at once, something.
        done: did a colleague write that a matter is done with, whom the account had not written to? What somebody says
            who was asked to say it proves nothing.
    """

    tools = SENDING | {"read_mail"}

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []
        self.done = False
        self.written_to: set[str] = set()

    def take(self, tool: str, answer: str) -> None:
        """One answer more."""
        if tool in SENDING:
            self.written_to |= {name for names in SENT.findall(answer) for name in names.split(", ")}
        elif letter := letter_in(answer):
            if letter.to_many:
                self.said.append((letter.account, letter.name.split()[-1], answer.partition("\n\n")[2]))
            inside = "@" not in letter.account and letter.account not in self.written_to
            self.done = self.done or (inside and is_done(answer))

    def tells(self, word: str) -> bool:
        """Did anybody tell everybody of it?"""
        return any(as_a_word(word).search(text) for _, _, text in self.said)

    def told_by(self, accounts: frozenset[str], text: str, words: list[str]) -> bool:
        """Did one of these people, or somebody whom a text names, tell everybody of one of these words?"""
        return any(
            (account in accounts or surname in text) and any(word in said for word in words)
            for account, surname, said in self.said
        )
