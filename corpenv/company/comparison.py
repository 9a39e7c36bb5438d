"""Comparing things of two companies, one by one."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from corpenv.company.facts import Facts
from corpenv.company.items import Item
from corpenv.company.state import Company
from corpenv.turns import shorten

LINE = 160
"""Characters of a line."""

T = TypeVar("T")
Find = Callable[[Company, str], T | None]


class Change(NamedTuple):
    """One thing in which two companies differ.

    Attributes:
        sign: `+` only the second has it, `-` only the first, `~` both have it, and it is another.
        noun: `time`, `person`, `mail`, `draft`, `read`, `deleted`, `channel`, `message`, `document`, `ticket`,
            `comment`, `setting`, `meeting`, `record`, `alert`, `rule`, `route`, `matched`, `alarm`, `artefact`,
            `copy`, `deployment`, `job`, `quota`, `prompt`, `concern`, `answer`, `due`, `fired`, `mark`, `fact`,
            `step`, `seed`, `end`, `note`.
        id: of the thing, or "".
        text: what is to be said of it.
    """

    sign: str
    noun: str
    id: str
    text: str

    def __str__(self) -> str:
        return shorten(" ".join([self.sign, self.noun, *self.id.split(), *self.text.split()]), LINE)


def ids(
    before: Company,
    after: Company,
    added: Callable[[Company], Iterable[str]],
    base: Callable[[Facts], Iterable[str]] | None = None,
) -> list[str]:
    """Ids of what one of the episodes touched; where the worlds differ, of all they have. Sorted."""
    found = {*added(before), *added(after)}
    if base and before.world is not after.world:
        found.update(base(before.world), base(after.world))
    return sorted(found)


def compared(
    before: Company, after: Company, noun: str, names: Iterable[str], find: Find[T], tell: Callable[[Company, T], str],
    change: Callable[[T, T], str],
) -> Iterator[Change]:  # fmt: skip
    """Things by their ids, on both sides."""
    for name in names:
        first, second = find(before, name), find(after, name)
        if first is None and second is not None:
            yield Change("+", noun, name, tell(after, second))
        elif first is not None and second is None:
            yield Change("-", noun, name, tell(before, first))
        elif first is not None and second is not None and first != second:
            yield Change("~", noun, name, change(first, second))


def rows(noun: str, name: str, first: Iterable[tuple[T, str]], second: Iterable[tuple[T, str]]) -> Iterator[Change]:
    """Things in a row, each with what is to be said of it: what only one of the rows has."""
    one, other = list(first), list(second)
    known, wanted = [value for value, _ in one], [value for value, _ in other]
    yield from (Change("-", noun, name, text) for value, text in one if value not in wanted)
    yield from (Change("+", noun, name, text) for value, text in other if value not in known)


def flags(
    before: Company, after: Company, noun: str, find: Callable[[Company], Mapping[tuple[str, str], int]]
) -> Iterator[Change]:
    """What an account did with a thing, and when."""
    first, second = find(before), find(after)
    for pair in sorted({*first, *second}, key=lambda pair: (pair[1], pair[0])):
        account, item = pair
        if pair not in first or pair not in second:
            yield Change("+" if pair in second else "-", noun, item, f"by {account}")
        elif first[pair] != second[pair]:
            yield Change("~", noun, item, f"by {account}: {turned(before.when(first[pair]), after.when(second[pair]))}")


def changed(first: Item, second: Item) -> str:
    """Names of the fields in which two things differ."""
    return ", ".join(name for name in first.__struct_fields__ if getattr(first, name) != getattr(second, name))


def turned(before: object, after: object) -> str:
    return str(before) if before == after else f"{before} → {after}"
