from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from corpenv.errors import UnknownName, UsageError
from corpenv.sampling import CallSampler, sample_call
from corpenv.turns import ToolCall, ToolSpec

DRAWS = 300


class Urgency(Enum):
    LOW = "low"
    HIGH = "high"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Place(Form):
    room: str
    floor: Annotated[int, Field(ge=-2, le=40)] = 0


class Slot(Form):
    kind: Literal["slot"]
    day: date
    minutes: Annotated[int, Field(gt=0, lt=600, multiple_of=15)]


class AllDay(Form):
    kind: Literal["day"]
    day: date


class Plain(Form):
    to: Annotated[tuple[str, ...], Field(min_length=1, max_length=50)]
    subject: Annotated[str, StringConstraints(max_length=12)]
    body: str = ""
    urgency: Urgency = Urgency.LOW


class Nested(Form):
    place: Place
    when: Annotated[Slot | AllDay, Field(discriminator="kind")]
    others: list[Place] = []
    spare: Place | None = None
    sides: tuple[int, str]


class Numbers(Form):
    level: Annotated[int, Field(ge=1, le=5)]
    above: Annotated[int, Field(ge=1_000)]
    below: Annotated[int, Field(le=-7)]
    any_whole: int
    wide: Annotated[int, Field(ge=0, le=10**12)]
    share: Annotated[float, Field(gt=0, lt=1)]
    half: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)]
    any_number: float


class Texts(Form):
    word: Annotated[str, StringConstraints(pattern="^[a-z]{3,}$")]
    coded: Annotated[str, StringConstraints(pattern=r"^\p{L}-[0-9]{4}$")] = "k-1234"
    long: Annotated[str, StringConstraints(min_length=200, max_length=210)]
    exact: Annotated[str, StringConstraints(min_length=3, max_length=3, strip_whitespace=True)]
    empty: Annotated[str, StringConstraints(max_length=0)]
    example: Annotated[str, Field(examples=["north", "south"], pattern="north|south")]
    day: date
    wait: timedelta
    ticket: UUID


class Loose(Form):
    anything: Any
    table: dict[str, int]
    labels: Annotated[dict[str, Urgency], Field(min_length=2)]
    unique: Annotated[set[Urgency], Field(min_length=2)]
    flag: bool
    nothing: None
    mixed: int | bool | list[str] | None


class Tree(Form):
    name: str
    children: list["Tree"] = []
    named: dict[str, "Tree"] = {}
    pair: tuple["Tree", "Tree"] | None = None
    twin: Optional["Tree"] = None


class Empty(Form):
    pass


def tool(form: type[BaseModel], name: str = "") -> ToolSpec:
    return ToolSpec(name or form.__name__.lower(), "", form.model_json_schema())


def draws(
    form: type[BaseModel], pool: Mapping[str, list[str]] | None = None, count: int = DRAWS
) -> list[dict[str, Any]]:
    sampler, generator = CallSampler([tool(form)]), np.random.default_rng(5)
    return [sampler(generator, pool or {}).arguments for _ in range(count)]


@pytest.mark.parametrize("form", [Plain, Nested, Numbers, Texts, Loose, Tree, Empty], ids=lambda form: form.__name__)
def test_drawn_arguments_fit_the_form_and_the_shape_of_a_call(form: type[BaseModel]) -> None:
    for arguments in draws(form):
        form.model_validate(arguments)
        assert ToolCall.of({"name": "any", "arguments": arguments}).arguments == arguments


numbers = st.builds(
    lambda low, span: Annotated[int, Field(ge=low, le=low + span)], st.integers(-50, 50), st.integers(0, 3000)
)
texts = st.builds(
    lambda low, span: Annotated[str, StringConstraints(min_length=low, max_length=low + span)],
    st.integers(0, 30),
    st.integers(0, 30),
)
choices = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True).map(lambda given: Literal[tuple(given)])
plain = numbers | texts | choices | st.sampled_from([bool, float, Place, type(None)])
lists = st.builds(
    lambda item, low, span: Annotated[list[item], Field(min_length=low, max_length=low + span)],
    plain,
    st.integers(0, 3),
    st.integers(0, 3),
)
unions = st.lists(plain | lists, min_size=2, max_size=3).map(lambda parts: reduce(or_, [*parts, None]))
fields = st.dictionaries(st.sampled_from("abcdef"), st.tuples(plain | lists | unions, st.booleans()), max_size=5)


@given(fields, st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_arguments_of_any_form_fit_it(fields: dict[str, tuple[Any, bool]], seed: int) -> None:
    parts = {key: (kind, ... if needed else None) for key, (kind, needed) in fields.items()}
    form = create_model("Made", **parts)
    sampler, generator = CallSampler([tool(form)]), np.random.default_rng(seed)
    for _ in range(10):
        form.model_validate(sampler(generator, {}).arguments)


def test_equal_generators_draw_equal_calls() -> None:
    tools, pool = [tool(Plain), tool(Nested), tool(Loose)], {"to": ["eva.long", "bo.li"]}
    one, two, three = (np.random.default_rng(9) for _ in range(3))
    sampler = CallSampler(tools)
    for _ in range(50):
        assert sampler(one, pool) == CallSampler(tools)(two, pool) == sample_call(tools, three, pool)


def test_tools_are_drawn_evenly() -> None:
    sampler, generator = CallSampler([tool(Empty, name) for name in "abcd"]), np.random.default_rng(1)
    counts = Counter(sampler(generator, {}).name for _ in range(2000))
    assert all(400 < counts[name] < 600 for name in "abcd")


def test_required_arguments_are_always_given_and_others_every_second_time() -> None:
    given = Counter(key for arguments in draws(Plain, count=1000) for key in arguments)
    assert given["to"] == given["subject"] == 1000
    assert 430 < given["body"] < 570
    assert 430 < given["urgency"] < 570


def test_every_choice_and_both_ends_of_a_small_range_are_reached() -> None:
    assert {arguments["level"] for arguments in draws(Numbers)} == {1, 2, 3, 4, 5}
    assert {arguments.get("urgency") for arguments in draws(Plain)} == {None, "low", "high"}


def test_wide_ranges_are_mostly_drawn_near_their_low_end() -> None:
    drawn = [arguments["wide"] for arguments in draws(Numbers)]
    assert sum(number < 1000 for number in drawn) > DRAWS / 4
    assert max(drawn) > 10**9


class Aimed(Form):
    mail_id: str
    to: Annotated[list[str], Field(min_length=1, max_length=3)]
    reply: str | None
    channel: Literal["general"]


def test_texts_with_a_pool_are_drawn_from_it() -> None:
    pool = {"mail_id": ["mail-22222", "mail-33333"], "to": ["eva.long"], "reply": ["note"], "channel": ["secret"]}
    drawn = draws(Aimed, pool)
    assert {arguments["mail_id"] for arguments in drawn} == {"mail-22222", "mail-33333"}
    assert {arguments["reply"] for arguments in drawn} == {None, "note"}
    assert {name for arguments in drawn for name in arguments["to"]} == {"eva.long"}
    assert {arguments["channel"] for arguments in drawn} == {"general"}


def test_an_empty_pool_leaves_words() -> None:
    assert all(arguments["mail_id"].replace(" ", "").isalpha() for arguments in draws(Aimed, {"mail_id": []}))


def test_a_list_holds_a_value_of_the_pool_once_while_there_are_others() -> None:
    many = draws(Aimed, {"to": [f"person.{letter}" for letter in "abcdefgh"]})
    assert all(len(set(arguments["to"])) == len(arguments["to"]) for arguments in many)


def test_drawn_lists_are_not_shared() -> None:
    schema = {"type": "object", "properties": {"x": {"const": [1]}}, "required": ["x"]}
    sampler, generator = CallSampler([ToolSpec("t", "", schema)]), np.random.default_rng(0)
    sampler(generator, {}).arguments["x"].append(2)
    assert sampler(generator, {}).arguments == {"x": [1]}


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": ["integer", "null"], "minimum": 1, "maximum": 2}, {1, 2, None}),
        ({"allOf": [{"$ref": "#/$defs/Some"}], "description": "…"}, {3, 4}),
        ({"default": "as it is"}, {"as it is"}),
        ({"exclusiveMinimum": 4, "exclusiveMaximum": 7, "type": "integer"}, {5, 6}),
        ({"anyOf": [{"enum": [1]}, {"const": 2}]}, {1, 2}),
        ({"type": "integer", "maximum": -500, "minimum": -501}, {-501, -500}),
        ({"type": "array", "items": {"const": 1}, "minItems": 2, "maxItems": 2}, {(1, 1)}),
        ({"type": "array", "prefixItems": [{"const": 1}, {"enum": [2]}]}, {(1, 2)}),
    ],
)
def test_schemas_that_others_write_are_understood(schema: dict[str, Any], values: set[Any]) -> None:
    whole = {
        "type": "object",
        "properties": {"x": schema},
        "required": ["x"],
        "$defs": {"Some": {"enum": [3, 4]}},
    }
    sampler, generator = CallSampler([ToolSpec("t", "", whole)]), np.random.default_rng(0)
    drawn = [sampler(generator, {}).arguments["x"] for _ in range(60)]
    assert {tuple(value) if isinstance(value, list) else value for value in drawn} == values


def test_a_schema_that_allows_everything_gives_words() -> None:
    schema = {"type": "object", "properties": {"x": True, "y": {}}, "required": ["x", "y"]}
    drawn = CallSampler([ToolSpec("t", "", schema)])(np.random.default_rng(0), {}).arguments
    assert all(text.replace(" ", "").isalpha() for text in drawn.values())


def test_only_named_tools_are_drawn() -> None:
    sampler, generator = CallSampler([tool(Empty, name) for name in "abcd"]), np.random.default_rng(1)
    assert {sampler(generator, {}, only=["d", "b"]).name for _ in range(50)} == {"b", "d"}
    with pytest.raises(UnknownName, match=r"no tool 'e' \(there are: a, b, c, d\)"):
        sampler(generator, {}, only=["e"])
    with pytest.raises(UsageError, match="no tool to draw"):
        sampler(generator, {}, only=[])


class Endless(Form):
    inner: "Endless"


class Chain(Form):
    links: Annotated[list["Chain"], Field(min_length=1)]


@pytest.mark.parametrize("form", [Endless, Chain])
def test_a_form_that_must_hold_itself_is_a_mistake(form: type[BaseModel]) -> None:
    with pytest.raises(UsageError, match="nothing finite fits"):
        CallSampler([tool(form)])


def test_a_reference_to_nothing_is_a_mistake() -> None:
    schema = {"type": "object", "properties": {"x": {"$ref": "#/$defs/Lost"}}}
    with pytest.raises(UsageError, match="'t': its schema refers to 'Lost'"):
        CallSampler([ToolSpec("t", "", schema)])
