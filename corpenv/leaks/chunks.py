"""Values that go out in any number of pieces: in URLs, in names that are asked for, one sign at a time."""

import re
from collections.abc import Callable, Iterable, Iterator, Set
from functools import lru_cache

from corpenv.leaks.unpacking import unpacked

REMEMBERED, LONGEST, PIECE = 200, 16_000, 2_000
"""Messages to one place that are read together, characters of them all, and of one: longer ones are read alone."""
TOKENS = (re.compile(r"[A-Za-z0-9+/=_-]+"), re.compile(r"[A-Za-z0-9]+"))
LABELLED = re.compile(r"^\w{1,20}=(?=.)")
COUNT = re.compile(r"\d{1,3}")
Find = Callable[[Iterable[str]], Set[str]]
"""The protected things of which something stands in texts."""


class Chunks:
    """What went to each place outside, by whom, read together: a thing can go out in any number of pieces, and to
    several places of one who has them all.
    """

    def __init__(self, find: Find) -> None:
        self.find = find
        self.sent: dict[tuple[str, str], list[str]] = {}
        self.whole: dict[tuple[str, str], set[str]] = {}

    def told(self, actor: str, place: str, said: str, remember: bool = True) -> Set[str]:
        """The things of which a place has something with this message, by itself or together with those before."""
        found = self.find(unpacked(said))
        if found or len(said) > PIECE:
            return found  # what is whole in one message is no piece of another
        elsewhere = any(who == actor and where not in ("", place) for who, where in self.sent)
        joined = self.completed((actor, place), said, remember)
        everywhere = self.completed((actor, ""), said, remember, elsewhere)
        return found | joined | everywhere

    def completed(self, key: tuple[str, str], said: str, remember: bool, looked: bool = True) -> Set[str]:
        """The things that are told by the messages of a stream together, and were not before."""
        before, known = self.sent.get(key, []), self.whole.setdefault(key, set())
        parts = latest([*before, said])
        differ = looked and any(part != said for part in before)
        texts = (text for whole in together(parts) for text in unpacked(whole)) if differ else ()
        new = self.find(texts) - known
        if remember:
            self.sent[key] = parts
            known |= new
        return new


def latest(parts: list[str]) -> list[str]:
    """As many of the last messages as are read together."""
    kept, length = parts[-REMEMBERED:], sum(map(len, parts[-REMEMBERED:]))
    while length > LONGEST:
        length -= len(kept.pop(0))
    return kept


def together(parts: list[str]) -> Iterator[str]:
    """What differs from message to message, put together: in order, backwards, and without what only counts."""
    for number in range(len(TOKENS)):
        split = [tokens(number, part) for part in parts]
        common = set(split[0]).intersection(*split)
        varying = [[each for each in part if each not in common] for part in split]
        bare = [[each for each in part if not COUNT.fullmatch(each)] for part in varying]
        for chosen in (varying, bare) if bare != varying else (varying,):
            joined = ["".join(part) for part in chosen]
            yield "".join(joined)
            yield "".join(reversed(joined))


@lru_cache(maxsize=4096)
def tokens(number: int, part: str) -> tuple[str, ...]:
    """The tokens of one form in a message, without what labels them; a message is read again with each that follows."""
    return tuple(LABELLED.sub("", each) for each in TOKENS[number].findall(part))
