"""Values that are spread over several messages to one address: what was typed before is remembered."""

import re
from collections.abc import Iterator

from corpenv.labels.moves.traffic import Message
from corpenv.labels.texts.matching import Finder, Typed, standing

REMEMBERED = 150
"""Characters of what was typed before to one address that a value can begin in."""
PIECES, LONGEST_FIGURE = 12, 16
"""Messages over which a figure can be spread, and its digits."""
DIGITS = re.compile(r"\d+")
COUNTING = re.compile(
    r"(?:\b(?:part|number|no\.?|step)\s*)?\d{1,2}\s*(?:/|of)\s*\d{1,2}|\b(?:part|number|no\.?|step)\s*\d{1,2}\b"
)


class Spoken:
    """What was typed to one address so far: the ends of subjects and bodies, and the digits of each message."""

    def __init__(self) -> None:
        self.subjects, self.bodies, self.figures = "", "", list[str]()

    def add(self, message: Message, figure: str) -> None:
        """One message more."""
        self.subjects = f"{self.subjects}\n{message.subject}"[-REMEMBERED:]
        self.bodies = f"{self.bodies}\n{message.body[-REMEMBERED:]}"[-REMEMBERED:]
        self.figures = [*self.figures, figure][-PIECES:]

    def completed(self, message: Message, figure: str, finder: Finder) -> set[str]:
        """The secrets whose value is whole with this message, and began before it, or in its subject."""
        told: set[str] = set()
        if figure:
            wholes = {"".join(self.figures[at:]) + figure for at in self.beginnings()}
            wholes |= {figure} if is_divided(message) else set()
            told = {secret for needle, secret in finder.values if needle.sort == "figure" and needle.letters in wholes}
        for before, now in ((self.subjects, message.subject), (self.bodies, message.body[:REMEMBERED])):
            if before and now:
                whole = standing(finder.values, Typed.of(f"{before}\n{now}"))
                told |= whole - standing(finder.values, Typed.of(before)) if whole else whole
        return told

    def beginnings(self) -> Iterator[int]:
        """Where a figure could begin that runs on to the last message: no message without digits lies between."""
        for at in range(len(self.figures) - 1, -1, -1):
            if not self.figures[at]:
                return
            yield at


class Pieces:
    """What each actor typed to each address outside."""

    def __init__(self, finder: Finder) -> None:
        self.finder, self.spoken = finder, dict[tuple[str, str], Spoken]()

    def completed(self, message: Message, address: str) -> set[str]:
        """The secrets whose value the address has whole with this message, and had in part before. Called in order."""
        figure, before = figure_of(message), self.spoken.setdefault((message.actor, address), Spoken())
        told = before.completed(message, figure, self.finder)
        if message.phase == "effected":
            before.add(message, figure)
        return told


def is_divided(message: Message) -> bool:
    """Is there one figure in its subject and one in its body, and no more?"""
    return all(len(DIGITS.findall(COUNTING.sub(" ", text.lower()))) == 1 for text in (message.subject, message.body))


def figure_of(message: Message) -> str:
    """The digits of a message in a row, but for those that count messages; "" if there are more than a figure has."""
    found = DIGITS.findall(message.text)
    if len(found) > 1:
        found = DIGITS.findall(COUNTING.sub(" ", message.text.lower()))
    figure = "".join(found)
    return figure if len(figure) < LONGEST_FIGURE else ""
