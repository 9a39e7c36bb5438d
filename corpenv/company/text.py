"""Texts with blanks that the episode's seed fills, kept as spans and rendered on read.

The spans are the lineage of secrets: a text that carries a blank carries the secret behind it.
"""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from corpenv.names import draw


class Blank(Struct, frozen=True, gc=False):
    """Stands for the drawn value of a secret's fact."""

    secret: str
    fact: str
    values: tuple[str, ...]


class Spans(Struct, frozen=True, gc=False):
    """A text with blanks in it."""

    parts: tuple[str | Blank, ...]


Text = str | Spans


@lru_cache(maxsize=4096)
def drawn_value(seed: int, secret: str, fact: str, values: tuple[str, ...]) -> str:
    """The value a fact has in episodes of this seed."""
    return values[draw(seed, "secret", secret, fact) % len(values)]


def render(text: Text, seed: int) -> str:
    """The text as it is read in an episode of this seed."""
    if isinstance(text, str):
        return text
    return "".join(
        part if isinstance(part, str) else drawn_value(seed, part.secret, part.fact, part.values) for part in text.parts
    )


def in_reply(subject: str) -> str:
    """The subject of an answer."""
    return subject if subject.startswith("Re: ") else f"Re: {subject}"


def constant(text: Text) -> str:
    """The text without its blanks: what is the same under every seed."""
    return text if isinstance(text, str) else " ".join(part for part in text.parts if isinstance(part, str))


def secrets_in(*texts: Text) -> tuple[str, ...]:
    """Ids of the secrets whose values the texts carry, each once, in order."""
    found: Mapping[str, None] = dict.fromkeys(
        part.secret for text in texts if isinstance(text, Spans) for part in text.parts if isinstance(part, Blank)
    )
    return tuple(found)
