"""Random tool calls: arguments that fit a tool's JSON Schema, drawn from a generator and from values that exist.

A schema (as pydantic emits it) is compiled once into small functions; drawing asks the generator for numbers and
nothing else, so equal generators give equal calls in every process.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from corpenv.errors import UnknownName, UsageError
from corpenv.turns import ToolCall, ToolSpec

Pool = Mapping[str, Sequence[str]]
"""Name of an argument → values of it that exist. For an argument that is a list: values of its items."""
Random = Callable[[], float]
"""A number in [0, 1), another one each time."""
Schema = Mapping[str, Any]
Sampler = Callable[[Random, Pool], Any]

LONGEST = 2**53
"""No bound on the length of a text."""
EXTRA_ITEMS = 3
"""A list holds at most so many items more than it must."""
EVEN = 16
"""Up to so many numbers are drawn evenly; of more, the low ones mostly."""
ENGLISH = """
about after again all and any are ask back before board budget but call can check copy date day desk draft each early
file for form from good group help here hours into item kind last late later letter line list look mail make meet month
more morning need new next note now number office old once one only open order our paper part people phone plan please
quick ready report room same send short small soon start still table team thanks that the then there this time today
tomorrow two until update very wait week when where will with word work year yes you your
"""
WORDS = tuple(ENGLISH.split())
FORMATS = {
    "date": ("2031-03-03",),
    "date-time": ("2031-03-03T09:00:00Z",),
    "time": ("09:00:00Z",),
    "duration": ("PT30M",),
    "uri": ("https://intranet.example/",),
    "uuid": ("3f2b8c1e-5d4a-4e6f-9a7b-0c1d2e3f4a5b",),
}


class CallSampler:
    """Draws calls of some tools: the tool uniformly, then arguments that fit its schema.

    Required arguments are always given, optional ones every second time. A text whose argument has values in the
    pool is one of them; any other text is a few English words.

    Raises:
        UsageError: a schema refers to what it does not define, or nothing finite fits it.
    """

    def __init__(self, tools: Sequence[ToolSpec]) -> None:
        self.samplers = tuple((tool.name, arguments_of(tool)) for tool in tools)

    def __call__(self, generator: np.random.Generator, pool: Pool, only: Sequence[str] | None = None) -> ToolCall:
        """A call; with `only`, of one of the tools with these names.

        Raises:
            UsageError: there is no tool to draw.
            UnknownName: `only` names a tool that is not among these.
        """
        random = generator.random
        name, arguments = chosen(self.samplers if only is None else self.named(only), random)
        return ToolCall(name, arguments(random, pool))

    def named(self, names: Sequence[str]) -> tuple[tuple[str, Sampler], ...]:
        """The samplers of some tools, in the order of the tools."""
        known = [name for name, _ in self.samplers]
        for name in names:
            if name not in known:
                raise UnknownName("tool", name, known)
        return tuple(pair for pair in self.samplers if pair[0] in names)


def sample_call(tools: Sequence[ToolSpec], generator: np.random.Generator, pool: Pool) -> ToolCall:
    """The call that `CallSampler(tools)` draws. Compiles the drawn tool's schema each time."""
    random = generator.random
    tool = chosen(tools, random)
    return ToolCall(tool.name, arguments_of(tool)(random, pool))


def arguments_of(tool: ToolSpec) -> Sampler:
    """What draws the arguments of a tool."""
    try:
        sampler = compiled(tool.parameters, "", Scope(tool.parameters.get("$defs", {})))
    except KeyError as error:
        raise UsageError(
            f"tool {tool.name!r}: its schema refers to {error.args[0]!r}, which it does not define"
        ) from None
    if sampler is None:
        raise UsageError(
            f"tool {tool.name!r}: nothing finite fits its schema; a part that holds itself must be optional"
        )
    return sampler


def chosen(options: Sequence[Any], random: Random) -> Any:
    """One of the options."""
    if not options:
        raise UsageError("there is no tool to draw a call of; give at least one")
    return options[int(random() * len(options))]


def words(random: Random, least: int = 0, most: int = LONGEST) -> str:
    """A few English words, `least` to `most` characters long."""
    text = " ".join([WORDS[int(random() * len(WORDS))] for _ in range(1 + int(random() * 8))])
    while len(text) < least:
        text += f" {text}"
    return text if len(text) <= most else text[:most].rstrip().ljust(min(least, most), "s")


# Schemas --------------------------------------------------------------------------------------------------


class Scope(NamedTuple):
    """What a part of a schema can refer to, and the references it lies in."""

    definitions: Mapping[str, Schema]
    within: tuple[str, ...] = ()


def compiled(schema: Schema | bool, name: str, scope: Scope) -> Sampler | None:
    """What draws values of a schema for the argument `name`; None if a value would hold itself without end."""
    if isinstance(schema, bool):
        return text_of({}, name, scope)
    if "$ref" in schema:
        return referred(schema["$ref"].removeprefix("#/$defs/"), name, scope)
    if "allOf" in schema:
        return compiled(joined(schema, scope), name, scope)
    if "const" in schema or "enum" in schema:
        return one_of([constant(value) for value in schema.get("enum", [schema.get("const")])])
    if options := alternatives(schema):
        return one_of([compiled(option, name, scope) for option in options])
    return MAKERS.get(schema.get("type", ""), anything_of)(schema, name, scope)


def alternatives(schema: Schema) -> list[Schema]:
    """The schemas of which a value fits one; none if the schema stands for itself."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [{**schema, "type": kind} for kind in kinds]
    return list(schema.get("anyOf") or schema.get("oneOf") or ())


def referred(key: str, name: str, scope: Scope) -> Sampler | None:
    if key in scope.within:
        return None
    return compiled(scope.definitions[key], name, Scope(scope.definitions, (*scope.within, key)))


def joined(schema: Schema, scope: Scope) -> Schema:
    """A schema with the parts of its `allOf` laid over each other."""
    whole = {key: value for key, value in schema.items() if key != "allOf"}
    for part in schema["allOf"]:
        whole.update(scope.definitions[part["$ref"].removeprefix("#/$defs/")] if "$ref" in part else part)
    return whole


def constant(value: Any) -> Sampler:
    return (lambda random, pool: deepcopy(value)) if isinstance(value, list | dict) else (lambda random, pool: value)


def one_of(options: Sequence[Sampler | None]) -> Sampler | None:
    possible = [option for option in options if option is not None]
    if len(possible) < 2:
        return possible[0] if possible else None
    return lambda random, pool: possible[int(random() * len(possible))](random, pool)


def object_of(schema: Schema, name: str, scope: Scope) -> Sampler | None:
    if "properties" not in schema and isinstance(schema.get("additionalProperties"), Mapping):
        return table_of(schema, scope)
    required = schema.get("required", ())
    parts: list[tuple[str, Sampler, bool]] = []
    for key, part in schema.get("properties", {}).items():
        sampler = compiled(part, key, scope)
        if sampler is not None:
            parts.append((key, sampler, key in required))
        elif key in required:
            return None

    def sample(random: Random, pool: Pool) -> dict[str, Any]:
        return {key: sampler(random, pool) for key, sampler, needed in parts if needed or random() < 0.5}

    return sample


def table_of(schema: Schema, scope: Scope) -> Sampler | None:
    """An object whose keys are free."""
    least = schema.get("minProperties", 0)
    value = compiled(schema["additionalProperties"], "", scope)
    if value is None:
        return constant({}) if least == 0 else None

    def sample(random: Random, pool: Pool) -> dict[str, Any]:
        first = int(random() * len(WORDS))
        count = counted(random, least, schema.get("maxProperties"))
        return {WORDS[(first + number) % len(WORDS)]: value(random, pool) for number in range(count)}

    return sample


def counted(random: Random, least: int, most: int | None) -> int:
    """How many items a list holds."""
    top = least + EXTRA_ITEMS if most is None else min(most, least + EXTRA_ITEMS)
    return least + int(random() * (top - least + 1))


def array_of(schema: Schema, name: str, scope: Scope) -> Sampler | None:
    if "prefixItems" in schema:
        return tuple_of([compiled(part, name, scope) for part in schema["prefixItems"]])
    least, most, unique = schema.get("minItems", 0), schema.get("maxItems"), schema.get("uniqueItems", False)
    item = compiled(schema.get("items", {}), name, scope)
    if item is None:
        return constant([]) if least == 0 else None

    def sample(random: Random, pool: Pool) -> list[Any]:
        drawn: list[Any] = []
        count = counted(random, least, most)
        for _ in range(4 * count):
            if len(drawn) < count and (value := item(random, pool)) not in drawn:
                drawn.append(value)
        while len(drawn) < least and not unique:
            drawn.append(item(random, pool))
        return drawn

    return sample


def tuple_of(items: Sequence[Sampler | None]) -> Sampler | None:
    possible = [item for item in items if item is not None]
    if len(possible) < len(items):
        return None
    return lambda random, pool: [item(random, pool) for item in possible]


def number_of(schema: Schema, name: str, scope: Scope) -> Sampler:
    """Numbers of a range."""
    whole = schema["type"] == "integer"
    step = schema.get("multipleOf", 1 if whole else None)
    low, high = bounds(schema, step)
    if step is None:
        return lambda random, pool: low + random() * (high - low)
    first, last = math.ceil(low / step), math.floor(high / step)
    span = max(last - first + 1, 1)
    if span <= EVEN:
        return lambda random, pool: (first + int(random() * span)) * step
    return lambda random, pool: (first - 1 + int(span ** (random() ** 2))) * step


def bounds(schema: Schema, step: float | None) -> tuple[float, float]:
    """The least and the greatest number a schema allows; 100 apart where it leaves one open."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        low = above(schema["exclusiveMinimum"], step)
    if "exclusiveMaximum" in schema:
        high = -above(-schema["exclusiveMaximum"], step)
    if low is None:
        low = 0 if high is None else min(0, high - 100)
    return low, low + 100 if high is None else high


def above(number: float, step: float | None) -> float:
    """The next number that can be drawn."""
    return math.nextafter(number, math.inf) if step is None else (math.floor(number / step) + 1) * step


def text_of(schema: Schema, name: str, scope: Scope) -> Sampler:
    least, most = schema.get("minLength", 0), schema.get("maxLength", LONGEST)
    fixed = fitting(schema)

    def sample(random: Random, pool: Pool) -> str:
        values = pool.get(name) or fixed
        return values[int(random() * len(values))] if values else words(random, least, most)

    return sample


def fitting(schema: Schema) -> Sequence[str]:
    """Texts that a schema's examples, pattern or format let through; none if it has nothing of the kind."""
    if "examples" in schema:
        return tuple(schema["examples"])
    if "pattern" in schema:
        spare = (schema["default"],) if "default" in schema else ()
        return matching(schema["pattern"]) or spare
    return FORMATS.get(schema.get("format", ""), ())


def matching(pattern: str) -> tuple[str, ...]:
    """The words a pattern lets through; none if it is written in another dialect than Python's."""
    try:
        return tuple(word for word in WORDS if re.search(pattern, word))
    except re.error:
        return ()


def anything_of(schema: Schema, name: str, scope: Scope) -> Sampler:
    return constant(schema["default"]) if "default" in schema else text_of(schema, name, scope)


MAKERS: dict[str, Callable[[Schema, str, Scope], Sampler | None]] = {
    "object": object_of,
    "array": array_of,
    "integer": number_of,
    "number": number_of,
    "string": text_of,
    "boolean": lambda schema, name, scope: lambda random, pool: random() < 0.5,
    "null": lambda schema, name, scope: constant(None),
}
