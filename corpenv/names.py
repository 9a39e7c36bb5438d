"""Names, and what is drawn from them: ids and chance without a generator."""

import re
from hashlib import blake2b

SLUG = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
ALPHABET = "23456789bcdfghjkmnpqrstvwxyz"  # no vowels and no look-alikes: an id never spells a word
PAIRS = tuple(first + second for second in ALPHABET for first in ALPHABET)


def draw(seed: int, *names: str) -> int:
    """64 bits that depend on the seed and the names alone, never on what was drawn before.

    >>> draw(7, "secret", "stake", "place") == draw(7, "secret", "stake", "place")
    True
    """
    text = "\x1f".join((str(seed), *names))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def drawn_id(noun: str, seed: int, *names: str) -> str:
    """`noun-xxxxx`, five characters drawn from the seed and the names."""
    number = draw(seed, "id", noun, *names)
    high, low, last = number // 784 % 784, number % 784, number // 614_656 % 28
    return f"{noun}-{PAIRS[low]}{PAIRS[high]}{ALPHABET[last]}"


def snake(name: str) -> str:
    """`MailSent` → `mail_sent`: the tag of an event."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
