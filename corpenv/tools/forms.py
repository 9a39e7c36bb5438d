"""Forms of arguments: what a model is told of them, and what is said of arguments that do not fit."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, ValidationError, convert
from msgspec.structs import fields

from corpenv.errors import did_you_mean
from corpenv.tools.base import Arguments
from corpenv.turns import shorten

TYPES = {str: "string", int: "integer", bool: "boolean", tuple: "array", Literal: "string"}
"""Sort of value → its name in JSON Schema."""
SIZES = {str: ("minLength", "maxLength"), tuple: ("minItems", "maxItems")}
NEEDED = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list"}
SHORT, LONG = {str: "is too short", tuple: "holds too few"}, {str: "is too long", tuple: "holds too many"}


class Kind(NamedTuple):
    """What an argument may be.

    Attributes:
        sort: `str`, `int`, `bool`, `tuple` or `Literal`; nobody foresaw any other.
        of: the options of a `Literal`, the type hint of the items of a tuple.
        optional: may it be None?
        The others are those of `msgspec.Meta`.
    """

    sort: Any
    of: tuple[Any, ...]
    optional: bool = False
    min_length: int | None = None
    max_length: int | None = None
    ge: int | None = None
    le: int | None = None
    pattern: str | None = None
    description: str = ""


LIMITS = ("min_length", "max_length", "ge", "le", "pattern", "description")


def kind_of(hint: Any) -> Kind:
    """The kind behind a type hint."""
    metas: tuple[Meta, ...] = getattr(hint, "__metadata__", ())
    bare = hint.__origin__ if metas else hint
    limits = {name: value for meta in metas for name in LIMITS if (value := getattr(meta, name)) is not None}
    if get_origin(bare) in (Union, UnionType):
        return kind_of(get_args(bare)[0])._replace(optional=True, **limits)
    return Kind(get_origin(bare) or bare, get_args(bare), **limits)


@lru_cache(maxsize=256)
def kinds(form: type[Arguments]) -> dict[str, Kind]:
    """The kinds of a form's arguments, by name."""
    return {name: kind_of(hint) for name, hint in get_type_hints(form, include_extras=True).items()}


@lru_cache(maxsize=256)
def defaults(form: type[Arguments]) -> dict[str, Any]:
    """What arguments are that are not given, by name."""
    return {field.name: field.default for field in fields(form) if field.default is not NODEFAULT}


# what a model is told -----------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def schema(form: type[Arguments]) -> dict[str, Any]:
    """JSON Schema of arguments."""
    given = {name: {"default": value} for name, value in defaults(form).items()}
    properties = {name: tidy({**schema_of(kind), **given.get(name, {})}) for name, kind in kinds(form).items()}
    required = [name for name in properties if name not in given]
    whole = {"additionalProperties": False, "properties": properties, "required": required, "type": "object"}
    return whole if required else tidy({**whole, "required": None})


def schema_of(kind: Kind) -> dict[str, Any]:
    """JSON Schema of one argument."""
    if kind.optional:
        inner = schema_of(kind._replace(optional=False, description=""))
        return {"anyOf": [tidy(inner), {"type": "null"}], "description": kind.description or None}
    least, most = SIZES.get(kind.sort, ("minimum", "maximum"))
    return {
        "description": kind.description or None,
        "enum": list(kind.of) if kind.sort is Literal else None,
        "items": tidy(schema_of(kind_of(kind.of[0]))) if kind.sort is tuple else None,
        least: kind.ge if kind.min_length is None else kind.min_length,
        most: kind.le if kind.max_length is None else kind.max_length,
        "pattern": kind.pattern,
        "type": TYPES.get(kind.sort),
    }


def tidy(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part of a schema with its keys in order, without those that say nothing."""
    return {key: value for key, value in sorted(part.items()) if value is not None or key == "default"}


# what does not fit --------------------------------------------------------------------------------------------


def faults(form: type[Arguments], arguments: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with some arguments, in own sentences: those of libraries change, and the record must not."""
    known = kinds(form)
    for name, kind in known.items():
        if name in arguments:
            yield from (f"{name}{where}: {fault}" for where, fault in misfits(arguments[name], kind))
        elif name not in defaults(form):
            yield f"{name}: is needed"
    for name in map(shorten, arguments):
        if name not in known:
            yield f"{name}: there is no such argument{did_you_mean(name, known)}"


def misfits(value: Any, kind: Kind) -> Iterator[tuple[str, str]]:
    """Where in a value something is wrong, and what."""
    if kind.optional and value is None:
        return
    if fault := misfit(value, kind):
        yield "", fault
    elif kind.sort is tuple:
        for number, item in enumerate(value):
            yield from ((f".{number}{where}", fault) for where, fault in misfits(item, kind_of(kind.of[0])))


def misfit(value: Any, kind: Kind) -> str:
    """What is wrong with a value as a whole, or ""."""
    if kind.sort is Literal:
        return "" if value in kind.of else f"is not one of {', '.join(map(str, kind.of))}"
    if kind.sort not in NEEDED:
        return "does not fit"
    return out_of_bounds(value, kind) if reads_as(value, kind.sort) else f"{NEEDED[kind.sort]} is needed"


def reads_as(value: Any, sort: type) -> bool:
    """Is it of that sort, or written as one is?"""
    try:
        convert(value, sort, strict=False)
    except ValidationError:
        return False
    return True


def out_of_bounds(value: Any, kind: Kind) -> str:
    """What is wrong with a value of the right sort, or ""."""
    if kind.sort is int:
        return amount_fault(convert(value, int, strict=False), kind.ge, kind.le, "is too small", "is too large")
    if kind.sort is bool:
        return ""
    fault = amount_fault(len(value), kind.min_length, kind.max_length, SHORT[kind.sort], LONG[kind.sort])
    if not fault and kind.pattern and not re.search(kind.pattern, value):
        return f"does not fit: {kind.description[:1].lower()}{kind.description[1:].rstrip('.')}"
    return fault


def amount_fault(amount: int, least: int | None, most: int | None, below: str, above: str) -> str:
    """What is wrong with a number or a length, or ""."""
    if least is not None and amount < least:
        return f"{below} ({least:,} at least)"
    return f"{above} ({most:,} at most)" if most is not None and amount > most else ""
