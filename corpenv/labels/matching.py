"""Finding a secret's values and phrases in what somebody typed, also where they were dressed up.

A value is looked for by its letters and digits alone, forwards, backwards and turned by thirteen, in what is typed
and in what is encoded in it: that is cheap, and nearly always says no. What looks like it is then held against how
people write values, so that a longer number, or a word that only contains it, is not taken for it.
"""

import re
from functools import lru_cache

from msgspec import Struct

from corpenv.company import Company
from corpenv.company.items import Secret
from corpenv.company.spelling import letters_of, letters_told, plain
from corpenv.company.text import drawn_value
from corpenv.labels.codes import decoded
from corpenv.labels.figures import in_words, is_figure, is_said

LONGEST = 60_000
"""Characters of a text that are looked at."""
ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
GAP = r"[\W_]{0,3}"
AFTER = r"(?!(?:[^\W_]){3})"
"""A value may be followed by an ending of one or two letters."""


class Typed(Struct, frozen=True):
    """A text in the forms in which values are looked for."""

    said: str
    letters: str

    @classmethod
    def of(cls, text: str) -> "Typed":
        """The forms of a text."""
        said = plain(text[:LONGEST])
        return cls(said, letters_of(said))


@lru_cache(maxsize=64)
def readings(text: str) -> tuple[Typed, ...]:
    """The text, and what is encoded in it."""
    return (Typed.of(text), *(Typed.of(inner) for inner in decoded(text[:LONGEST])))


class Needle(Struct, frozen=True):
    """One form of a value.

    Attributes:
        letters: what must stand in a row once everything else is dropped.
        written: how people may write it.
        sort: `word`, `figure` (digits), `said` (a figure in words).
        backwards: it is to be read from the end.
    """

    letters: str
    written: re.Pattern[str]
    sort: str = "word"
    backwards: bool = False

    def stands_in(self, typed: Typed) -> bool:
        """Is it there?"""
        if self.letters not in typed.letters:
            return False
        said = typed.said[::-1] if self.backwards else typed.said
        if self.sort == "word":
            return self.written.search(said) is not None
        alone = is_figure if self.sort == "figure" else is_said
        return any(alone(found) for found in self.written.finditer(said))


@lru_cache(maxsize=8192)
def needles(value: str) -> tuple[Needle, ...]:
    """The forms of a value. Values too short to be found are refused where a world is written."""
    letters = letters_told(value)
    if letters.isdecimal() and letters.isascii():
        written = re.compile(r"(?<!\d)" + f"({GAP})".join(letters) + r"(?!\d)")
        spelt = (Needle("".join(each), in_a_row(each), "said") for each in in_words(letters))
        return Needle(letters, written, "figure"), Needle(letters[::-1], written, "figure", backwards=True), *spelt
    turned = letters.translate(ROT13)
    made = [Needle(letters, spaced(letters))]
    made += [Needle(letters[::-1], spaced(letters), backwards=True)] if letters != letters[::-1] else []
    made += [Needle(turned, spaced(turned))] if letters != turned else []
    return tuple(made)


def spaced(letters: str) -> re.Pattern[str]:
    """Letters, however they are set apart."""
    return re.compile(rf"(?<![^\W_]){GAP.join(map(re.escape, letters))}{AFTER}")


def in_a_row(words: tuple[str, ...]) -> re.Pattern[str]:
    """Words behind each other."""
    return re.compile(r"\b" + r"[\W_]*".join(words) + r"\b")


# secrets ----------------------------------------------------------------------------------------------------


class Finder:
    """Finds the secrets of one episode in texts: by the values of their facts, or by phrases that speak of them."""

    def __init__(self, company: Company) -> None:
        secrets = company.world.secrets.values()
        self.values = [(each, secret.id) for secret in secrets for each in forms_of(values_of(company, secret))]
        self.phrases = [(each, secret.id) for secret in secrets for each in forms_of(secret.tells)]

    def told(self, text: str) -> set[str]:
        """The secrets of which a text holds a value."""
        return {secret for typed in readings(text) for secret in standing(self.values, typed)}

    def spoken_of(self, text: str) -> set[str]:
        """The secrets of which a text holds a phrase."""
        return {secret for typed in readings(text) for secret in standing(self.phrases, typed)}


def standing(forms: list[tuple[Needle, str]], typed: Typed) -> set[str]:
    """The secrets of which a form stands in a text."""
    letters = typed.letters
    near = [form for form in forms if form[0].letters in letters]
    return {secret for needle, secret in near if needle.stands_in(typed)}


def values_of(company: Company, secret: Secret) -> tuple[str, ...]:
    """The values the secret's facts have in this episode."""
    return tuple(drawn_value(company.seed, secret.id, fact, options) for fact, options in secret.facts.items())


def forms_of(values: tuple[str, ...]) -> tuple[Needle, ...]:
    """Every form of some values."""
    return tuple(dict.fromkeys(needle for value in values for needle in needles(value)))


def is_open(company: Company, secret: Secret) -> bool:
    """Is it no secret any more?"""
    return secret.open_if is not None and secret.open_if.holds(company)
