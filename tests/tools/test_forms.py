"""Forms of arguments: what is read and what is said of the rest go together, for every tool."""

import re
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from corpenv.errors import Refusal
from corpenv.tools import TOOLS, Arguments, parsed
from corpenv.tools.forms import faults, schema

TEXTS = st.text(max_size=4) | st.sampled_from(["x" * 201, "x" * 301, "x" * 20_001, "2", "2.0", "true", "inbox", "open"])
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = PLAIN | st.lists(PLAIN, max_size=3) | st.just(["a"] * 51) | st.dictionaries(TEXTS, PLAIN, max_size=2)
CALLS = st.one_of(
    st.tuples(
        st.just(tool),
        st.dictionaries(st.sampled_from([*tool.arguments.__struct_fields__, "stranger"]), VALUES, max_size=6),
    )
    for tool in TOOLS.values()
)


@settings(max_examples=400)
@given(CALLS)
def test_arguments_are_read_or_told_what_is_wrong_with_them(call):
    tool, arguments = call
    told = list(faults(tool.arguments, arguments))
    if told:
        with pytest.raises(Refusal, match=re.escape("; ".join(told[:5]))):
            parsed(tool, arguments)
    else:
        assert isinstance(parsed(tool, arguments), tool.arguments)


@pytest.mark.parametrize(
    ("given_", "read"),
    [({"page": "2"}, 2), ({"page": 2.0}, 2), ({"page": "2.0"}, 2), ({}, 1), ({"page": 10_000}, 10_000)],
)
def test_numbers_are_read_as_models_write_them(given_, read):
    assert parsed(TOOLS["list_mail"], given_).page == read


@pytest.mark.parametrize("page", [True, "two", "1_0", 2.5, "", None, [2], 2**70])
def test_what_is_no_number_is_none(page):
    with pytest.raises(Refusal, match=r"^page: (a whole number is needed|is too large \(10,000 at most\))$"):
        parsed(TOOLS["list_mail"], {"page": page})


def test_a_form_is_told_as_json_schema():
    class Odd(Arguments, frozen=True):
        code: Annotated[str, Meta(pattern="^[a-z]+$", max_length=9, description="Small letters.")]
        names: Annotated[Annotated[tuple[str, ...], Meta(max_length=2)] | None, Meta(description="Some names.")] = None

    assert schema(Odd) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["code"],
        "properties": {
            "names": {
                "anyOf": [{"type": "array", "items": {"type": "string"}, "maxItems": 2}, {"type": "null"}],
                "default": None,
                "description": "Some names.",
            },
            "code": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 9, "description": "Small letters."},
        },
    }
    assert list(faults(Odd, {"names": ["a", 2], "code": "X"})) == [
        "code: does not fit: small letters", "names.1: a text is needed",
    ]  # fmt: skip
    assert list(faults(Odd, {"names": None, "code": "abc"})) == []
