"""Finding texts by their words."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

find_words = re.compile(r"\w+").findall


@lru_cache(maxsize=2048)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, lower case, each once."""
    return tuple(dict.fromkeys(find_words(text.lower())))


class WordIndex:
    """Which of many texts, numbered from 0 in the order they were added, hold all of some words.

    One integer a word, one bit a text: all words at once is an `&`, and the newest text is the highest bit.
    """

    __slots__ = ("_bits", "size")

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self.size = 0

    def put(self, number: int, words: Iterable[str]) -> None:
        """Index text `number` by its words; what lies between it and the last holds none."""
        bits, bit = self._bits, 1 << number
        for word in words:
            bits[word] = bits.get(word, 0) | bit
        self.size = number + 1

    def having(self, words: Iterable[str], among: int) -> int:
        """The texts below `among` that hold every word, as bits."""
        found, bits = (1 << among) - 1, self._bits
        for word in words:
            found &= bits.get(word, 0)
        return found


def newest_of(bits: int) -> Iterator[int]:
    """Numbers of the bits that are set, highest first."""
    while bits:
        top = bits.bit_length() - 1
        yield top
        bits ^= 1 << top
