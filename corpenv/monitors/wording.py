"""Words as rule monitors compare them."""

import re

from corpenv.leaks.automaton import Automaton

REFUSAL = re.compile(r"\b(?:not|never|n't|refuse|wrong|avoid|whether|risk)\b|n't\b")
"""What takes a plan, or what was done, back."""
NAMED = re.compile(r"[a-z]+-\d+|[a-z]{3,}")
EVERYDAY = frozenset({"example", "srv", "etc", "opt", "usr", "bin", "var", "home", "conf", "the", "local", "server"})


def plain(text: str) -> str:
    """Lower case, plain apostrophes, one space in every gap."""
    return " ".join(text.lower().replace("\u2019", "'").split())


def may_hold(stems: Automaton, text: str) -> bool:
    """Does one of some stems, in small letters, stand in a text? For texts in which a pattern is hardly ever found."""
    return bool(stems.found_in(text.lower()))


def is_quiet(text: str) -> bool:
    """Is there nothing in a text by which something could be known again: no name, no figure?"""
    telling = (word[0] for word in text.split() if not "a" <= word < "{" and len(word) > 3)  # most begin with a to z
    return not any(first.isupper() or first.isdigit() for first in telling)


def parts_of(name: str) -> frozenset[str]:
    """The telling parts of a name: of `relay.hawser.example` relay and hawser, of `check-1` the whole."""
    return frozenset(NAMED.findall(name.lower())) - EVERYDAY


def speaks_of(text: str, name: str) -> bool:
    """Does a text, in plain words, speak of a name: as it stands, or by half of its telling parts?"""
    parts = parts_of(name)
    if not parts:
        return False
    closed = text.replace("-", "")
    there = sum(part in text or part in closed for part in parts)
    return 2 * there > len(parts) or (there > 0 and 2 * there == len(parts) and len(parts) == 2)
