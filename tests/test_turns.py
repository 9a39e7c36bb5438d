"""The one door into the company, and what agents are made of."""

import asyncio
from collections import ChainMap, OrderedDict, UserDict
from enum import IntEnum
from types import MappingProxyType, SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpenv import turns
from corpenv.errors import UsageError
from corpenv.turns import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_INTEGER,
    Agent,
    BadCall,
    Budget,
    FunctionAgent,
    Post,
    ToolCall,
    ToolSpec,
    Turn,
    agent,
    clean_text,
    shorten,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda items: st.lists(items, max_size=4) | st.dictionaries(st.text(st.characters()), items, max_size=4),
    max_leaves=12,
)


class Colour(IntEnum):
    RED = 3


def nested(depth, value=1):
    for _ in range(depth):
        value = [value]
    return value


# A call -----------------------------------------------------------------------------------------------------


@given(st.dictionaries(st.text(st.characters()), JSON, max_size=4))
@example({"a": 2**53 - 1, "b": -(2**53) + 1})
def test_what_comes_through_the_door_is_plain_json_and_a_copy(arguments):
    try:
        call = ToolCall.of({"name": "tool", "arguments": arguments})
    except BadCall:
        return
    encoded = msgspec.json.encode(call.arguments)
    assert msgspec.json.decode(encoded) == call.arguments
    assert "\0" not in encoded.decode("utf-8")
    assert ToolCall.of({"name": "tool", "arguments": call.arguments}) == call
    assert ToolCall.of(call) == call


def test_arguments_are_copied():
    inner = {"to": ["a"]}
    call = ToolCall.of({"name": "tool", "arguments": {"deep": inner}})
    inner["to"].append("b")
    assert call.arguments == {"deep": {"to": ["a"]}}


@pytest.mark.parametrize("kind", [dict, OrderedDict, UserDict, MappingProxyType, ChainMap])
def test_every_mapping_is_a_call(kind):
    call = ToolCall.of(kind({"name": "tool", "arguments": kind({"deep": kind({"a": 1})})}))
    assert call == ToolCall("tool", {"deep": {"a": 1}})
    assert type(call.arguments["deep"]) is dict


def test_arguments_may_be_left_out():
    assert ToolCall.of({"name": "tool"}) == ToolCall("tool", {})


@pytest.mark.parametrize("raw", [None, "list_mail", 3, [("name", "x")], {"name"}, b"{}", object(), np.zeros(2)])
def test_what_is_no_mapping_is_a_mistake_of_the_caller(raw):
    with pytest.raises(UsageError, match=rf'an action is a mapping such as .*"list_mail".*, not {type(raw).__name__}$'):
        ToolCall.of(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ({}, "name: a text of 1 to 64 characters is needed"),
        ({"name": None}, "name: a text of 1 to 64 characters is needed"),
        ({"name": 7, "arguments": {}}, "name: a text of 1 to 64 characters is needed"),
        ({"name": "", "arguments": {}}, "name: a text of 1 to 64 characters is needed"),
        ({"name": "x" * 65, "arguments": {}}, "name: a text of 1 to 64 characters is needed"),
        ({"name": ["x"], "arguments": {}}, "name: a text of 1 to 64 characters is needed"),
        ({"name": "x", "arguments": None}, "arguments: an object is needed"),
        ({"name": "x", "arguments": []}, "arguments: an object is needed"),
        ({"name": "x", "arguments": "{}"}, "arguments: an object is needed"),
        ({"name": "x", "arguments": {}, "id": 1}, "id: a call has a name and arguments, nothing else"),
        ({"name": "x", "z": 1, "b": 2}, "b: a call has a name and arguments, nothing else"),
        ({"name": "x", 5: 1}, "5: a call has a name and arguments, nothing else"),
        ({"name": "x", "k\ud800" * 99: 1}, "k\ufffd" * 32 + ": a call has a name and arguments, nothing else"),
        ({"name": "x", "arguments": {1: 2}}, "arguments: keys are texts"),
        ({"name": "x", "arguments": {"a": {None: 2}}}, "arguments: keys are texts"),
        ({"name": "x", "arguments": {"a": {1, 2}}}, "arguments: set is not JSON"),
        ({"name": "x", "arguments": {"a": b"x"}}, "arguments: bytes is not JSON"),
        ({"name": "x", "arguments": {"a": np.int64(3)}}, "arguments: int64 is not JSON"),
        ({"name": "x", "arguments": {"a": float("nan")}}, "arguments: numbers are finite"),
        ({"name": "x", "arguments": {"a": [float("-inf")]}}, "arguments: numbers are finite"),
        ({"name": "x", "arguments": {"a": MAX_INTEGER}}, "arguments: whole numbers lie between -2^53 and 2^53"),
        ({"name": "x", "arguments": {"a": -MAX_INTEGER}}, "arguments: whole numbers lie between -2^53 and 2^53"),
        ({"name": "x", "arguments": {"a": 10**500}}, "arguments: whole numbers lie between -2^53 and 2^53"),
        ({"name": "x", "arguments": {"a": nested(MAX_DEPTH)}}, "arguments: at most 16 levels deep"),
        ({"name": "x", "arguments": {"a": nested(5_000)}}, "arguments: at most 16 levels deep"),
        ({"name": "x", "arguments": {"a": "x" * MAX_BYTES}}, "arguments: at most 64000 bytes"),
        ({"name": "x", "arguments": {"a": "é" * (MAX_BYTES // 2)}}, "arguments: at most 64000 bytes"),
        ({"name": "x", "arguments": {"a" * MAX_BYTES: 1}}, "arguments: at most 64000 bytes"),
        ({"name": "x", "arguments": {"a": [0] * 10**6}}, "arguments: at most 64000 bytes"),
        ({"name": "x", "arguments": {"a": ["x" * 400] * 60_000}}, "arguments: at most 64000 bytes"),
    ],
)  # fmt: skip
def test_what_has_no_form_of_a_call_says_why(raw, why):
    with pytest.raises(BadCall) as caught:
        ToolCall.of(raw)
    assert str(caught.value) == why


def test_the_bounds_themselves_are_let_through():
    arguments = {"deep": nested(MAX_DEPTH - 1), "long": "x" * (MAX_BYTES - 200), "big": MAX_INTEGER - 1, "real": 1.5}
    assert ToolCall.of({"name": "n" * 64, "arguments": arguments}).arguments == arguments


def test_kinds_of_texts_and_numbers_become_plain_ones():
    call = ToolCall.of(
        {"name": np.str_("tool"), "arguments": {np.str_("a"): np.str_("t"), "b": Colour.RED, "c": np.float64(2.5)}}
    )
    assert [type(value) for value in (call.name, *call.arguments.values())] == [str, str, int, float]
    assert [type(key) for key in call.arguments] == [str, str, str]


def test_a_key_of_another_sort_becomes_plain_though_an_equal_one_was_seen():
    for key in ("seen", np.str_("seen")):
        call = ToolCall.of({"name": "tool", "arguments": {key: 1}})
        assert [type(name) for name in call.arguments] == [str]


def test_names_that_are_remembered_are_a_thousand_at_most(monkeypatch):
    monkeypatch.setattr("corpenv.turns.PLAIN", set())
    for number in range(1_200):
        assert ToolCall.of({"name": f"tool_{number}", "arguments": {"a": 1}}).name == f"tool_{number}"
    assert len(turns.PLAIN) == 1_000


@pytest.mark.parametrize("width", [2, 10, 1000])
def test_what_holds_itself_many_times_over_is_not_walked_through(width):
    loop = []
    loop.extend([loop] * width)
    wide = [1]
    for _ in range(MAX_DEPTH - 3):
        wide = [wide] * width
    for value in (loop, wide, {"a": wide}):
        if width > 2 or value is loop:
            with pytest.raises(BadCall, match="at most"):
                ToolCall.of({"name": "x", "arguments": {"a": value}})


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"), ("\0", "\ufffd"), ("a\0é", "a\ufffdé"), ("\ud800", "\ufffd"),
        ("\udfff\ud800x", "\ufffd\ufffdx"),
        ("\ud83d\ude00", "😀"), ("😀\ud83d", "😀\ufffd"), ("\u202etxt", "\u202etxt"), ("\ufeffa", "\ufeffa"), ("", ""),
    ],
)  # fmt: skip
def test_texts_are_cleaned_of_what_no_record_can_hold(text, clean):
    assert clean_text(text) == clean
    assert ToolCall.of({"name": "x", "arguments": {text: [text]}}).arguments == {clean: [clean]}


@given(st.text(st.characters()))
def test_a_cleaned_text_is_unicode_and_stays_as_it_is(text):
    clean = clean_text(text)
    clean.encode("utf-8")
    assert clean_text(clean) == clean
    assert len(clean) <= len(text)


def test_a_call_shows_itself_shortly():
    assert repr(ToolCall("send_mail", {"to": ["a"], "body": "x" * 500})) == f"send_mail(to=['a'], body='{'x' * 58}…)"
    assert shorten("x" * 61) == "x" * 59 + "…"
    assert shorten("x" * 60) == "x" * 60


# Other forms ------------------------------------------------------------------------------------------------


def test_a_call_comes_out_of_a_models_answer_as_mapping_or_object():
    function = {"name": "read_mail", "arguments": '{"mail_id": "mail-k3f7q"}'}
    expected = ToolCall("read_mail", {"mail_id": "mail-k3f7q"})
    assert ToolCall.from_openai({"id": "call-1", "function": function}) == expected
    assert ToolCall.from_openai(SimpleNamespace(function=SimpleNamespace(**function))) == expected
    for empty in (None, "", "{}"):
        assert ToolCall.from_openai({"function": {"name": "list_mail", "arguments": empty}}) == ToolCall("list_mail")


@pytest.mark.parametrize("arguments", ["{", "[1]", '"x"', '{"a": NaN}', "nonsense", '{"a": 9007199254740993}'])
def test_a_models_answer_that_is_no_call_is_told(arguments):
    with pytest.raises(BadCall, match=r"^arguments: "):
        ToolCall.from_openai({"function": {"name": "x", "arguments": arguments}})


def test_a_tool_is_told_in_the_form_of_each_interface():
    spec = ToolSpec("look", "Look.", {"type": "object"})
    assert spec.openai() == {
        "type": "function", "function": {"name": "look", "description": "Look.", "parameters": {"type": "object"}},
    }  # fmt: skip
    assert spec.anthropic() == {"name": "look", "description": "Look.", "input_schema": {"type": "object"}}
    assert spec.mcp() == {"name": "look", "description": "Look.", "inputSchema": {"type": "object"}}


# Agents made of functions -----------------------------------------------------------------------------------


def turn_of(policy, *answers):
    return asyncio.run(FunctionAgent(policy).act(answers or ("screen",)))


def test_a_function_is_an_agent():
    seen = []

    @agent
    def reader(observation):
        seen.append(observation)
        return {"name": "list_mail"}

    assert isinstance(reader, Agent)
    assert (reader.name, repr(reader)) == ("reader", "agent(reader)")
    reader.begin(Post("", (), 0, Budget()))
    assert asyncio.run(reader.act(("one", "two"))) == Turn((ToolCall("list_mail"),))
    reader.end("handed_over")
    assert seen == ["one\n\ntwo"]
    assert reader("again") == {"name": "list_mail"}


def test_a_function_may_give_a_turn_a_call_a_mapping_or_nothing():
    call = ToolCall("list_mail")
    assert turn_of(lambda text: Turn((call, call), "Both.")) == Turn((call, call), "Both.")
    assert turn_of(lambda text: call) == turn_of(lambda text: {"name": "list_mail"}) == Turn((call,))
    assert turn_of(lambda text: None) == Turn()


def test_a_function_that_gives_anything_else_is_told():
    with pytest.raises(UsageError, match="not str"):
        turn_of(lambda text: "list_mail")
    with pytest.raises(BadCall):
        turn_of(lambda text: {"name": 3})
