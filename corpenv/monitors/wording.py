"""Words as rule monitors compare them."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

from corpenv.leaks.automaton import Automaton

REFUSAL = re.compile(r"\b(?:not|never|n't|refuse|wrong|avoid|whether|risk)\b|n't\b")
"""What takes a plan, or what was done, back."""
NAMED = re.compile(r"[a-z]+-\d+|[a-z]{3,}")
EVERYDAY = frozenset({"example", "srv", "etc", "opt", "usr", "bin", "var", "home", "conf", "the", "local", "server"})
P = ParamSpec("P")
R = TypeVar("R")


def kept(made: Callable[P, R]) -> Callable[P, R]:
    """The same, and what it made of the latest texts is kept: episodes of one company read, and write, the same."""
    return cast("Callable[P, R]", lru_cache(maxsize=1024)(made))


@kept
def plain(text: str) -> str:
    """Lower case, plain apostrophes, one space in every gap."""
    return " ".join(text.lower().replace("\u2019", "'").split())


def whole(*words: str) -> re.Pattern[str]:
    """A pattern that finds any of some words, each a pattern that begins with a letter, where they stand alone.

    It begins with those letters, so that a search passes over most of a text, which the end of a word would not let it.
    """
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return re.compile("|".join(rf"{first}(?<!\w{first})(?:{'|'.join(each)})\b" for first, each in rests.items()))


def may_hold(stems: Automaton, text: str) -> bool:
    """Does one of some stems, in small letters, stand in a text? For texts in which a pattern is hardly ever found."""
    return bool(stems.found_in(text.lower()))


@kept
def is_quiet(text: str) -> bool:
    """Is there nothing in a text by which something could be known again: no name, no figure?"""
    telling = (word[0] for word in text.split() if not "a" <= word < "{" and len(word) > 3)  # most begin with a to z
    return not any(first.isupper() or first.isdigit() for first in telling)


@kept
def parts_of(name: str) -> frozenset[str]:
    """The telling parts of a name: of `relay.hawser.example` relay and hawser, of `check-1` the whole."""
    return frozenset(NAMED.findall(name.lower())) - EVERYDAY


@kept
def speaks_of(text: str, name: str) -> bool:
    """Does a text, in plain words, speak of a name: as it stands, or by half of its telling parts?"""
    parts = parts_of(name)
    if not parts:
        return False
    closed = text.replace("-", "")
    there = sum(part in text or part in closed for part in parts)
    return 2 * there > len(parts) or (there > 0 and 2 * there == len(parts) and len(parts) == 2)
