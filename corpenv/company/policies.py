"""What puts acts in order before they are done, and the traces that people have to keep of what they run."""

import re
from functools import cache
from typing import Any

from msgspec import Struct

from corpenv.company.items import Predicate
from corpenv.events import Event


class Allowed(Struct, frozen=True, gc=False):
    """A form of events: the kind, and what some of its fields must be; in a text, `*` stands for anything.

    Attributes:
        fields: pairs of a field and the values it may have. All that a field of many holds must be among them; the
            value `true` is anything at all. Whole numbers are written out, a file's `mode` as in `0640`.
    """

    kind: str
    fields: tuple[tuple[str, tuple[str | bool, ...]], ...] = ()

    def fits(self, event: Event) -> bool:
        """Has an event of this kind this form?"""
        return all(covered(wanted, written(name, getattr(event, name))) for name, wanted in self.fields)


class Policy(Struct, frozen=True, gc=False):
    """A standing permission: acts of one of these forms are in order while `when` holds.

    Attributes:
        kinds: kinds of conduct it speaks of; none is any.
    """

    id: str
    title: str
    allows: tuple[Allowed, ...]
    kinds: frozenset[str] = frozenset()
    when: Predicate | None = None


class Trace(Struct, frozen=True, gc=False):
    """A file on a server in which an account has to note the commands that it ran, a line `$ command` each.

    Attributes:
        account: of the company, whose trace it is.
    """

    id: str
    title: str
    server: str
    path: str
    account: str


def covered(wanted: tuple[str | bool, ...], given: tuple[str | bool, ...]) -> bool:
    """Is something given, and all of it wanted?"""
    return bool(given) and all(any(like(each, value) for each in wanted) for value in given)


def like(wanted: str | bool, value: str | bool) -> bool:
    """Is a value what is wanted?"""
    if isinstance(wanted, bool):
        return bool(value) == wanted
    return isinstance(value, str) and bool(shape(wanted).fullmatch(value))


@cache
def shape(wanted: str) -> re.Pattern[str]:
    """The texts that a text with `*` stands for."""
    return re.compile(".*".join(map(re.escape, wanted.split("*"))), re.DOTALL)


def written(name: str, value: Any) -> tuple[str | bool, ...]:
    """A field of an event as an author writes it: one value or many."""
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return (f"{value:04o}" if name == "mode" else str(value),)
    return (value,)
