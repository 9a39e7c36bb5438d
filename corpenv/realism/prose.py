"""How much a body of texts repeats itself: sentences with their slots masked, n-grams, types and tokens."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|#+")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
DATES = frozenset((*DAYS, *MONTHS, "november", "december"))
LONG = 5
"""Words in a row that are a phrase."""


class Prose(NamedTuple):
    """Figures of a body of texts; shares are between 0 and 1.

    Attributes:
        texts: how many; `words` in all of them, `mean_words` a text.
        types: different words; `type_token` is their share of all words.
        sentences: those of three words or more that are not names and numbers alone; `repeated` is the share of them
            that occurs more than once, slots masked.
        most_repeated: the sentence that occurs most, and how often.
        distinct: share of different n-grams for n of 1, 2 and 3, slots masked.
    """

    texts: int
    words: int
    mean_words: float
    types: int
    type_token: float
    sentences: int
    repeated: float
    most_repeated: tuple[str, int]
    distinct: tuple[float, float, float]


def words_in(text: str) -> list[str]:
    """The words of a text, lower case."""
    return WORD.findall(text.lower())


def sentences_in(text: str) -> Iterator[str]:
    """The sentences and lines of a text that have three words or more."""
    for each in ENDS.split(text):
        if len(words_in(each)) >= 3:
            yield each.strip(" -*")


def masked(text: str, names: Set[str]) -> str:
    """The text with `_` for what fills a slot: numbers, days, months and the names given, in lower case."""
    said = (("_" if word in names or word in DATES or any(map(str.isdigit, word)) else word) for word in words_in(text))
    return re.sub(r"_(?: _)+", "_", " ".join(said))


def phrases_in(text: str, length: int = LONG) -> Iterator[tuple[str, ...]]:
    """Every so many words in a row."""
    words = words_in(text)
    return zip(*(words[at:] for at in range(length)), strict=False)


def prose(texts: Iterable[str], names: Set[str]) -> Prose:
    """The figures of a body of texts."""
    bodies = list(texts)
    words = [word for body in bodies for word in words_in(body)]
    said = (masked(each, names) for body in bodies for each in sentences_in(body))
    sentences = Counter(each for each in said if each != "_")
    total = sum(sentences.values())
    top = max(sentences.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    grams = [masked(body, names).split() for body in bodies]
    return Prose(
        len(bodies),
        len(words),
        share(len(words), len(bodies)),
        len(set(words)),
        share(len(set(words)), len(words)),
        total,
        share(sum(count for count in sentences.values() if count > 1), total),
        top,
        (distinct(grams, 1), distinct(grams, 2), distinct(grams, 3)),
    )


def distinct(bodies: Iterable[list[str]], length: int) -> float:
    """Different n-grams as a share of all."""
    found = [gram for words in bodies for gram in zip(*(words[at:] for at in range(length)), strict=False)]
    return share(len(set(found)), len(found))


def share(part: int, whole: int) -> float:
    """A quotient to four places; 0 of nothing is 0."""
    return round(part / whole, 4) if whole else 0.0
