"""Acrostics: the first letters of words or lines, read as words; the first digits of lines, read as a figure."""

from functools import lru_cache
from operator import itemgetter

from msgspec import Struct

from corpenv.company.spelling import DROPPED, LOWER, MARKS, plain

SHORTEST_WORDS, SHORTEST_FIGURE = 8, 5
"""Letters and digits a value needs to be found in what stands first: shorter ones come about by chance."""
BETWEEN = bytes(set(DROPPED) - set(b" \t\r\n"))
FIRST = itemgetter(0)


class Initials(Struct, frozen=True):
    """What stands first in a text.

    Attributes:
        words, lines: the first letter or digit of each.
        figures: digits that stand first in lines behind each other, as long as no other line comes between.
    """

    words: str
    lines: str
    figures: frozenset[str]

    def spell(self, letters: str) -> bool:
        """Do they spell a value?"""
        return letters in self.figures if letters.isdecimal() else letters in self.words or letters in self.lines


def can_be_spelt(letters: str) -> bool:
    """Is a value long enough to be looked for in what stands first?"""
    return len(letters) >= (SHORTEST_FIGURE if letters.isdecimal() else SHORTEST_WORDS)


@lru_cache(maxsize=64)
def initials(text: str) -> Initials:
    """What stands first in a text; invisible and foreign signs are read as everywhere."""
    if not text.isascii():
        said = plain(text)
        lines = [line for each in said.splitlines() if (line := MARKS.sub(" ", each).strip())]
        words = "".join(word[0] for line in lines for word in line.split())
        return made(words, "".join(map(FIRST, lines)))
    bare = text.encode().translate(LOWER, BETWEEN)
    words = bytes(map(FIRST, bare.split())).decode()
    return made(words, "".join([line[0] for each in bare.decode().split("\n") if (line := each.strip())]))


def made(words: str, lines: str) -> Initials:
    """The initials, with the figures among them. First digits that only count lines are none."""
    if lines.isalpha():
        return Initials(words, lines, frozenset())
    runs = "".join(each if each.isdecimal() else " " for each in lines).split()
    return Initials(words, lines, frozenset(run for run in runs if run not in "123456789"))
