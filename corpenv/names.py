"""Names, and what is drawn from them: ids and chance without a generator."""

import re
from functools import lru_cache
from hashlib import blake2b

SLUG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"  # no vowels and no look-alikes: an id never spells a word
STEPS, SECONDS, ATTEMPTS = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
"""Odd numbers without a pattern: what differs a little in step or second differs everywhere in its id."""
MASK = 2**64 - 1
PAIRS = tuple(first + second for second in ALPHABET for first in ALPHABET)


def draw(seed: int, *names: str) -> int:
    """64 bits that depend on the seed and the names alone, never on what was drawn before.

    >>> draw(7, "secret", "stake", "place") == draw(7, "secret", "stake", "place")
    True
    """
    return bits_of("\x1f".join((str(seed), *names)))


def bits_of(text: str) -> int:
    """64 bits that depend on a text alone."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def drawn_id(noun: str, seed: int, *names: str) -> str:
    """`noun-xxxxx`, five characters drawn from the seed and the names."""
    return id_of(noun, draw(seed, "id", noun, *names))


@lru_cache(maxsize=256)
def first_of(noun: str, seed: int) -> int:
    """Where the ids of what an episode makes begin."""
    return draw(seed, "id", noun, "new")


def made_id(noun: str, seed: int, step: int, at: int, attempt: int = 0) -> str:
    """The id of something that an episode makes at a step and second. Without a hash: steps wait for it."""
    number = (first_of(noun, seed) + step * STEPS + at * SECONDS + attempt * ATTEMPTS) & MASK
    return id_of(noun, number ^ number >> 29)


def id_of(noun: str, number: int) -> str:
    """`noun-xxxxx` for a number of 64 bits."""
    high, low, last = number // 784 % 784, number % 784, number // 614_656 % 28
    return f"{noun}-{PAIRS[low]}{PAIRS[high]}{ALPHABET[last]}"


def snake(name: str) -> str:
    """`MailSent` → `mail_sent`: the tag of an event."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
