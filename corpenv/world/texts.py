"""Placeholders in authored texts: `{person:eva.long.first_name}`, `{secret:stake.place}`, `{time:+2d 09:00}`,
`{id:evas-note}`. Other braces are literal.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from corpenv.company.calendar import calendar_text, moment
from corpenv.company.items import Person
from corpenv.company.text import Blank, Spans, Text
from corpenv.errors import UnknownName
from corpenv.world.parts import SecretPart

T = TypeVar("T")

SORTS = ("person", "secret", "time", "id")
PLACEHOLDER = re.compile(r"\{(person|secret|time|id):([^{}]+)\}")
MISSPELT = re.compile(r"\{([a-z_]+):[^{}\s][^{}]*\}")
DOTTED = re.compile(r"\{(person|secret)\.([^{}\s]+)\}")
NEAR = 0.8
"""How like a placeholder's word another must be to be taken for a slip."""


class Meaning(NamedTuple):
    """What placeholders stand for in one world."""

    start: str
    people: Mapping[str, Person]
    secrets: Mapping[str, SecretPart]
    ids: Mapping[str, str]

    def text(self, written: str) -> Text:
        """The text with everything filled in that no seed decides.

        Raises:
            ValueError: a placeholder that stands for nothing.
        """
        if "{" not in written:
            return written
        for slip in MISSPELT.finditer(written):
            if slip[1] not in SORTS and get_close_matches(slip[1], SORTS, n=1, cutoff=NEAR):
                raise ValueError(f"{slip[0]}: {UnknownName('placeholder', slip[1], SORTS)}")
        if dotted := DOTTED.search(written):
            raise ValueError(f"{dotted[0]}: a placeholder has a colon: {{{dotted[1]}:{dotted[2]}}}")
        parts: list[str | Blank] = []
        at = 0
        for found in PLACEHOLDER.finditer(written):
            parts += [written[at : found.start()], self.filled(found[0], found[1], found[2])]
            at = found.end()
        parts.append(written[at:])
        return joined(parts)

    def filled(self, written: str, sort: str, name: str) -> str | Blank:
        """What one placeholder stands for; a fault names it."""
        try:
            return self.value(sort, name)
        except ValueError as error:
            raise ValueError(f"{written}: {error}") from None

    def value(self, sort: str, name: str) -> str | Blank:
        """What one placeholder stands for."""
        if sort == "secret":
            return self.blank(name)
        if sort == "time":
            return calendar_text(self.start, moment(self.start, name))
        if sort == "id":
            return look_up("item", name, self.ids)
        account, _, field = name.rpartition(".")
        person = look_up("person", account, self.people)
        return look_up("field of a person", field, fields_of(person))

    def blank(self, name: str) -> Blank:
        """A blank for a fact of a secret."""
        secret_id, _, fact = name.rpartition(".")
        secret = look_up("secret", secret_id, self.secrets)
        return Blank(secret_id, fact, look_up(f"fact of {secret_id}", fact, secret.facts))


def every_text(value: Any) -> Iterator[str]:
    """Every text in the arguments of a call."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from every_text(each)


def look_up(what: str, name: str, known: Mapping[str, T]) -> T:
    """The thing of that name, or a sentence."""
    if name not in known:
        raise ValueError(str(UnknownName(what, name, known)))
    return known[name]


def fields_of(person: Person) -> dict[str, str]:
    """What a placeholder can say of a person."""
    first, _, last = person.name.partition(" ")
    return {
        "name": person.name,
        "first_name": first,
        "last_name": last or first,
        "role": person.role,
        "address": person.address,
        "account": person.id,
    }


def joined(parts: list[str | Blank]) -> Text:
    """Neighbouring texts as one; a plain text if there is no blank."""
    made: list[str | Blank] = []
    for part in parts:
        if isinstance(part, str) and made and isinstance(made[-1], str):
            made[-1] += part
        elif part != "":
            made.append(part)
    if all(isinstance(part, str) for part in made):
        return "".join(part for part in made if isinstance(part, str))
    return Spans(tuple(made))
