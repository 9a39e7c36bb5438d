"""What a tool is: a name, a form for its arguments, and a function that decides.

A tool gets a company and returns text and events; it never changes anything and never asks about permission
tiers: `tools.decide` does.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from corpenv.company import Company
from corpenv.errors import did_you_mean
from corpenv.record import Answer
from corpenv.turns import shorten

PAGE = 20
"""Rows of a list."""
PART = 12_000
"""Characters of a long text that are read at once."""
LONGEST_LINE = 300
"""Characters of a subject or title."""
COMPARED = 1000
"""Names that are compared with a misspelt one at most."""
LONGEST_ROW = 590
"""Characters of a row, where a page of whole rows is longer than a part."""


class Arguments(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """Base of all arguments: an unknown key is refused."""


class Effect(StrEnum):
    """How far a call reaches, from what nobody minds to what few may."""

    READ = "read"
    OWN = "own"
    INSIDE = "inside"
    OUTSIDE = "outside"
    CHANGE = "change"


Name = Annotated[str, Meta(min_length=1, max_length=200)]
Line = Annotated[str, Meta(max_length=LONGEST_LINE)]
Body = Annotated[str, Meta(max_length=20_000)]
Names = Annotated[tuple[Name, ...], Meta(min_length=1, max_length=50)]
Page = Annotated[int, Meta(ge=1, le=10_000, description="Page of the list, from 1.")]
Part = Annotated[int, Meta(ge=1, le=1_000, description="Part of a long text; 1 is its beginning.")]

A = TypeVar("A", bound=Arguments)
Decide = Callable[[Company, str, Any], Answer]


@dataclass(frozen=True)
class Tool:
    """One thing an account can do.

    Attributes:
        system: the group a scenario grants it with.
        decide: (company, actor, arguments) → answer, or raises Refusal.
        effect: how far it reaches, or a function of (company, arguments) that says so.
        seconds: simulated time one use takes.
        draft: what a tier that may only draft does instead; None if there is no such thing.
    """

    name: str
    system: str
    arguments: type[Arguments]
    decide: Decide
    effect: Effect | Callable[[Company, Any], Effect] = Effect.READ
    seconds: int = 30
    draft: Decide | None = None

    @property
    def description(self) -> str:
        """What the model reads: the docstring of the deciding function."""
        return " ".join((self.decide.__doc__ or "").split())

    def reach(self, company: Company, arguments: Any) -> Effect:
        """How far this use reaches."""
        return self.effect if isinstance(self.effect, Effect) else self.effect(company, arguments)


T = TypeVar("T")


def page_of(items: Iterator[T], page: int) -> tuple[list[T], bool]:
    """The rows of a page, and whether there are more behind it."""
    rows = list(islice(items, (page - 1) * PAGE, page * PAGE + 1))
    more = len(rows) > PAGE
    if more:
        rows.pop()
    return rows, more


def listing(title: str, rows: Sequence[str], more: bool, page: int, empty: str) -> str:
    """A list as it is read."""
    if not rows:
        return empty if page == 1 else f"{title}: there is no page {page}."
    foot = f"\nMore: page={page + 1}." if more else ""
    head = title if page == 1 else f"{title}, page {page}"
    text = "\n".join(rows)
    if len(text) > PART:
        text = "\n".join(shorten(row, LONGEST_ROW) for row in rows)
    return f"{head}:\n{text}{foot}"


def conversation(title: str, rows: Sequence[str], more: bool, page: int, part: int, empty: str) -> str:
    """One part of a list of texts people wrote, none of them shortened."""
    if not rows:
        return listing(title, rows, more, page, empty)
    foot = f"\nMore: page={page + 1}." if more else ""
    return part_of(f"{title}{'' if page == 1 else f', page {page}'}:\n" + "\n".join(rows) + foot, part)


def hint(name: str, known: Collection[str], otherwise: str) -> str:
    """A name that is near, if there are few enough to compare with; else `otherwise`."""
    return did_you_mean(name, known, 3) if len(known) <= COMPARED else f"; {otherwise}"


def part_of(text: str, part: int) -> str:
    """One part of a long text, with where it goes on."""
    if len(text) <= PART and part == 1:
        return text
    parts = max(1, -(-len(text) // PART))
    if part > parts:
        return f"(There is no part {part}; the text has {parts}.)"
    foot = f"\n(Part {part} of {parts}; go on with part={part + 1}.)" if part < parts else ""
    return text[(part - 1) * PART : part * PART] + foot
