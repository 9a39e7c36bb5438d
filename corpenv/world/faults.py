"""What is wrong with something authored, as sentences: `file:line: key: what is wrong (what would be right)`."""

import re
from collections.abc import Hashable, Iterator, Sequence
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpenv.errors import PackError, did_you_mean
from corpenv.world.forms import SLUG_PATTERN, STARTS_PATTERN
from corpenv.yamlfile import Document, Key, Place


def checked(form: Any, document: Document) -> Any:
    """A document, checked against a pydantic form.

    Raises:
        PackError: every fault, one a line, each with its place.
    """
    adapter = adapter_of(form)
    try:
        return adapter.validate_python(document.value)
    except ValidationError as error:
        raise PackError("\n".join(faults(error, adapter, document))) from None


@cache
def adapter_of(form: Any) -> TypeAdapter[Any]:
    """What checks values against a form, made once."""
    return TypeAdapter(form)


def faults(error: ValidationError, adapter: TypeAdapter[Any], document: Document) -> list[str]:
    """One sentence for every place and key that is at fault, in the order they stand in the file."""
    found: dict[tuple[Place, str], str] = {}
    for key, where, text in sentences(error, adapter, document.value):
        found.setdefault((document.place(*where), key), text)
    return [f"{place}: {key}: {text}" for (place, key), text in sorted(found.items())]


def laid_faults(error: ValidationError, adapter: TypeAdapter[Any], items: list[Any], where: str) -> list[str]:
    """One sentence for every item and key that is at fault among items that were given in Python."""
    found: dict[tuple[str, str], str] = {}
    for key, way, text in sentences(error, adapter, items):
        item = items[way[0]] if way and isinstance(way[0], int) else {}
        found.setdefault((str(item.get("id", "")), key), text)
    return [
        f"{where}: {f'{item}: ' if item and item != key else ''}{key}: {text}" for (item, key), text in found.items()
    ]


def sentences(error: ValidationError, adapter: TypeAdapter[Any], value: Any) -> Iterator[tuple[str, Key, str]]:
    """The key, the way to it, and what is wrong, for every fault of a value."""
    schema, found = adapter.json_schema(by_alias=True), error.errors(include_url=False)
    for fault in found:
        if fault["type"] == "too_short" and any(is_below(each["loc"], fault["loc"]) for each in found):
            continue  # its parts are at fault, and do not count therefore
        way, last = fault["loc"], str(fault["loc"][-1]) if fault["loc"] else ""
        if fault["type"] == "extra_forbidden":
            where = reached(value, way)
            yield dotted(value, where), where, f"there is no such key{did_you_mean(last, known_keys(schema, way))}"
        elif fault["type"] == "missing":
            where = reached(value, way[:-1])
            where = where if isinstance(part_at(value, where), dict | list) else where[:-1]
            yield dotted(value, (*where, last)), where, "is missing"
        else:
            where = reached(value, way)
            yield dotted(value, where), where, sentence(dict(fault))


def is_below(way: Key, other: Key) -> bool:
    """Does a way lead through the end of another?"""
    return len(way) > len(other) and way[: len(other)] == other


def reached(value: Any, way: Sequence[Hashable]) -> Key:
    """The keys on the way that a value has: pydantic names others too, such as the form a union took."""
    where: list[Hashable] = []
    for number, key in enumerate(way):
        after = way[number + 1] if number + 1 < len(way) else None
        if has(value, key) and (after is None or isinstance(value[key], dict | list) or not has(value, after)):
            where.append(key)
            value = value[key]
    return tuple(where)


def has(value: Any, key: Any) -> bool:
    """Is there something under the key?"""
    if isinstance(value, list | tuple):
        return isinstance(key, int) and key < len(value)
    return isinstance(value, dict) and key in value


def part_at(value: Any, where: Key) -> Any:
    """What stands at the end of a way."""
    for key in where:
        value = value[key]
    return value


def dotted(value: Any, where: Key) -> str:
    """The keys of a way; for a whole item, what its author called it."""
    names = [str(key) for key in where if not isinstance(key, int)]
    if names:
        return ".".join(names)
    item = part_at(value, where)
    return str(item.get("id", "item")) if isinstance(item, dict) and where else "item" if where else "document"


def known_keys(schema: dict[str, Any], way: Sequence[Hashable]) -> list[str]:
    """The keys that may stand where the last one of a way does."""
    at = resolved(schema, schema)
    for key in way[:-1]:
        choices = forms(schema, at)
        if len(choices) > 2:  # a union of many forms, and the key tells which of them
            at = next((each for each in choices if key in each.get("properties", ())), at)
        else:
            at = next((found for each in choices if (found := below(schema, each, key)) is not None), at)
    return [name for form in forms(schema, at) for name in form.get("properties", {})]


def forms(schema: dict[str, Any], at: dict[str, Any]) -> list[dict[str, Any]]:
    """The forms that a part of a schema leaves open, or the part itself."""
    choices = [resolved(schema, each) for each in (*at.get("anyOf", ()), *at.get("oneOf", ()))]
    return [form for each in choices for form in forms(schema, each)] or [at]


def below(schema: dict[str, Any], at: dict[str, Any], key: Hashable) -> dict[str, Any] | None:
    """The schema under a key, if there is one."""
    if isinstance(key, int):
        items = at.get("items")
        return resolved(schema, items) if items else None
    inner = at.get("properties", {}).get(key) or at.get("additionalProperties")
    return resolved(schema, inner) if isinstance(inner, dict) else None


def resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of a schema, or what it refers to."""
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["$defs"][name] if name else part
    return found


PATTERNS = {
    SLUG_PATTERN: "is no name: lower case letters and digits, with . _ or - between them",
    STARTS_PATTERN: 'is no moment such as "2031-03-03 09:00"',
}
NEEDED = {
    "string_type": "a text is needed (put it into quotes)",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "float_type": "a number is needed",
    "float_parsing": "a number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "list_type": "a list is needed",
    "tuple_type": "a list is needed",
    "dict_type": "keys with values are needed",
    "model_type": "keys with values are needed",
    "model_attributes_type": "keys with values are needed",
    "too_short": "at least {min_length} needed, not {actual_length}",
    "too_long": "at most {max_length}, not {actual_length}",
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "{given!r} {form}",
    "greater_than_equal": "{given} is less than {ge:g}",
    "less_than_equal": "{given} is more than {le:g}",
}
"""What pydantic finds wrong → a sentence that holds without it."""


def sentence(fault: dict[str, Any]) -> str:
    """What is wrong, and where it can, what would be right."""
    kind, given = fault["type"], fault.get("input")
    context = {"given": given, "form": "has another form", **fault.get("ctx", {})}
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        options = [each.strip("' ") for each in re.split(r", | or ", context["expected"])]
        return f"{given!r} is not there{did_you_mean(str(given), options)}"
    if kind == "string_pattern_mismatch":
        context["form"] = PATTERNS.get(context["pattern"], context["form"])
    said = str(fault["msg"])
    return NEEDED[kind].format_map(context) if kind in NEEDED else f"{said[:1].lower()}{said[1:]}"
