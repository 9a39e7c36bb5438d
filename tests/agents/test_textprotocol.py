import json

import pytest

from corpenv.agents.conversation import read_call
from corpenv.agents.textprotocol import LABELS, explain, read_text
from corpenv.models import RawCall
from corpenv.turns import BadCall, ToolCall

LIST = ToolCall("list_mail", {"folder": "inbox"})
CALL = '{"name": "list_mail", "arguments": {"folder": "inbox"}}'


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{CALL}\n```",
        f"```call\n{CALL}\n```",
        f"```\n{CALL}\n```",
        f"```JSON\n{CALL}\n```",
        f"  ```json  \n\n   {CALL}  \n\n  ```  ",
        f"```json {CALL} ```",
        f"```json\r\n{CALL}\r\n```",
        f"```json\n[{CALL}]\n```",
        '```json\n{\n  "arguments": {\n    "folder": "inbox"\n  },\n  "name": "list_mail"\n}\n```',
    ],
)
def test_one_call_in_many_spellings(text):
    assert read_text(text) == ("", (LIST,), ())


def test_several_calls_keep_their_order_and_the_text_around_them():
    text = f'First.\n```json\n{CALL}\n```\nThen.\n```json\n[{CALL}, {{"name": "wait"}}]\n```\nEnd.'
    assert read_text(text) == ("First.\n\nThen.\n\nEnd.", (LIST, LIST, ToolCall("wait", {})), ())


def test_texts_in_calls_may_hold_fences_and_line_breaks():
    body = "look:\n```\nrm -rf /\n```\nbye"
    call = ToolCall("send_mail", {"body": body})
    proper = json.dumps({"name": "send_mail", "arguments": {"body": body}})
    loose = proper.replace("\\n", "\n")
    assert read_text(f"```json\n{proper}\n```").calls == (call,)
    assert read_text(f"```json\n{loose}\n```") == ("", (call,), ())


@pytest.mark.parametrize(
    "text",
    [
        "No call at all.",
        CALL,
        f"Inline ```{CALL}``` is text.",
        "```bash\nls -l\n```",
        f"```python\n{CALL}\n```",
        "```\nplain words\n```",
        '```\n{"a": 1}\n```',
        "```\nnever closed",
    ],
)
def test_what_is_not_marked_as_a_call_is_text(text):
    assert read_text(text) == (text, (), ())


@pytest.mark.parametrize(
    ("inside", "mistake"),
    [
        ('{"name": "list_mail", ', "line 3, column 1: not JSON"),
        ("{broken}", "line 2, column 2: not JSON"),
        ("", "line 3, column 1: not JSON"),
        ('{"tool": "list_mail"}', "line 1: a call is an object"),
        ('{"name": ""}', "line 1: a call is an object"),
        ('"list_mail"', "line 1: a call is an object"),
        (CALL[:-1] + ', "id": 7}', "line 1: id: a call has a name and arguments, nothing else"),
        ('{"name": "list_mail", "arguments": []}', "line 1: arguments: an object is needed"),
        (f"{CALL}\n{CALL}", "line 1: the block goes on after its JSON"),
        ("[" * 100_000, "line 1: not JSON that can be read"),
    ],
)
@pytest.mark.parametrize("label", LABELS)
def test_a_block_that_should_be_a_call_and_is_none_is_told_with_its_place(label, inside, mistake):
    said = read_text(f"```{label}\n{inside}\n```\nBye.")
    assert said.calls == ()
    assert said.message == "Bye."
    assert len(said.mistakes) == 1
    assert said.mistakes[0].startswith(mistake)


def test_a_mistake_leaves_the_other_calls_alone():
    said = read_text(f"```json\n{CALL}\n```\n```json\n{{\n```\n```json\n{CALL}\n```")
    assert said.calls == (LIST, LIST)
    assert said.mistakes == ("line 6, column 1: not JSON",)


def test_the_example_of_the_explanation_is_a_call(tools):
    said = read_text(explain(tools))
    assert said.calls == (ToolCall("the_tool", {"one": "value", "another": 2}),)
    assert said.mistakes == ()


@pytest.mark.parametrize("arguments", ["{broken", "[" * 100_000, "1" * 5000, '{"a": ' + "1" * 5000 + "}"])
def test_arguments_that_no_reader_can_take_are_a_mistake(arguments):
    assert isinstance(read_call(RawCall("id", "list_mail", arguments)), BadCall)


def test_no_arguments_are_an_empty_object():
    assert read_call(RawCall("id", "list_mail", "")) == ToolCall("list_mail", {})


def test_numbers_the_company_refuses_are_left_to_it():
    call = read_call(RawCall("id", "list_mail", '{"a": 1e999}'))
    assert isinstance(call, ToolCall)
    assert call.arguments == {"a": float("inf")}
