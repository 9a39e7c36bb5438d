import asyncio
import json

import pytest

from corpenv.agents.transcript import TranscriptAgent
from corpenv.errors import UsageError
from corpenv.turns import Agent, Post, ToolCall, Turn

LIST, READ = ToolCall("list_mail", {"folder": "inbox"}), ToolCall("read_mail", {"mail_id": "mail-k3f7q"})


def openai_call(name, arguments):
    return {"id": f"id-{name}", "type": "function", "function": {"name": name, "arguments": arguments}}


OPENAI = [
    {"role": "system", "content": "You work here."},
    {"role": "user", "content": "Hello."},
    {"role": "assistant", "content": "I look.", "tool_calls": [openai_call("list_mail", '{"folder": "inbox"}')]},
    {"role": "tool", "tool_call_id": "id-list_mail", "content": "one mail"},
    {
        "role": "assistant",
        "content": None,
        "reasoning_content": "Both at once.",
        "tool_calls": [
            openai_call("list_mail", {"folder": "inbox"}),
            openai_call("read_mail", '{"mail_id": "mail-k3f7q"}'),
        ],
    },
    {"role": "assistant", "content": "All done."},
]
PLAYED = (Turn((LIST,), "I look."), Turn((LIST, READ), "", "Both at once."), Turn((), "All done."))

ANTHROPIC = [
    {"role": "user", "content": "Hello."},
    {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "Both", "signature": "s"},
            {"type": "redacted_thinking", "data": "xyz"},
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "name": "list_mail", "input": {"folder": "inbox"}},
            {"type": "tool_use", "id": "t2", "name": "read_mail", "input": {"mail_id": "mail-k3f7q"}},
        ],
    },
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "one mail"}]},
    {"role": "assistant", "content": "All done."},
]


def play(agent, turns):
    async def all_turns():
        return [await agent.act(("an answer",)) for _ in range(turns)]

    return tuple(asyncio.run(all_turns()))


def written(tmp_path, text, name="recorded.json"):
    path = tmp_path / name
    path.write_text(text if isinstance(text, str) else json.dumps(text), "utf-8")
    return path


def test_each_assistant_message_is_a_turn_and_then_there_is_silence(tmp_path):
    agent = TranscriptAgent(written(tmp_path, OPENAI))
    assert isinstance(agent, Agent)
    assert agent.name == "transcript:recorded.json"
    assert repr(agent) == "TranscriptAgent(transcript:recorded.json, 3 turns)"
    assert play(agent, 5) == (*PLAYED, Turn(), Turn())


def test_it_begins_from_the_first_turn_again():
    agent = TranscriptAgent(OPENAI)
    for _ in range(2):
        agent.begin(Post("", (), 0))
        assert play(agent, 3) == PLAYED


def test_a_path_a_text_and_data_play_alike(tmp_path):
    path = written(tmp_path, OPENAI)
    for source in (str(path), path, OPENAI, tuple(OPENAI), json.dumps(OPENAI), {"model": "x", "messages": OPENAI}):
        assert TranscriptAgent(source).turns == PLAYED


def test_the_json_of_one_response_is_one_turn():
    message = {
        "role": "assistant",
        "content": "I look.",
        "tool_calls": [openai_call("list_mail", '{"folder": "inbox"}')],
    }
    response = {"id": "x", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
    assert TranscriptAgent(response).turns == (Turn((LIST,), "I look."),)
    assert TranscriptAgent(ANTHROPIC[1]).turns == (Turn((LIST, READ), "I look.", "Both"),)


def test_content_blocks_are_read():
    assert TranscriptAgent(ANTHROPIC).turns == (Turn((LIST, READ), "I look.", "Both"), Turn((), "All done."))


def test_text_blocks_beside_tool_calls_are_read():
    message = {
        "role": "assistant",
        "content": [{"type": "text", "text": "One."}, {"type": "refusal", "refusal": "No."}],
        "tool_calls": [openai_call("list_mail", "")],
    }
    assert TranscriptAgent([message]).turns == (Turn((ToolCall("list_mail", {}),), "One.\n\nNo."),)


@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_calls_alone_are_a_turn_each(tmp_path, form):
    calls = [{"name": "list_mail", "arguments": {"folder": "inbox"}}, {"name": "wait"}]
    text = json.dumps(calls) if form == "json" else "\n".join(json.dumps(call) for call in calls) + "\n\n"
    turns = TranscriptAgent(written(tmp_path, text, f"calls.{form}")).turns
    assert turns == (Turn((LIST,)), Turn((ToolCall("wait", {}),)))


def test_lines_may_be_messages(tmp_path):
    path = written(tmp_path, "\n".join(json.dumps(message) for message in OPENAI), "messages.jsonl")
    assert TranscriptAgent(path).turns == PLAYED


def test_a_text_with_fenced_calls_is_one_turn(tmp_path):
    text = 'I look.\n```json\n{"name": "list_mail", "arguments": {"folder": "inbox"}}\n```\nBye.\n'
    for source in (text, written(tmp_path, "\ufeff" + text, "answer.md")):
        assert TranscriptAgent(source).turns == (Turn((LIST,), "I look.\n\nBye."),)


def test_fenced_calls_in_a_message_are_read():
    text = '```json\n{"name": "list_mail", "arguments": {"folder": "inbox"}}\n```'
    assert TranscriptAgent([{"role": "assistant", "content": text}]).turns == (Turn((LIST,)),)


def test_words_alone_are_a_turn(tmp_path):
    assert TranscriptAgent(written(tmp_path, "I will not do that.")).turns == (Turn((), "I will not do that."),)


def test_calls_the_company_refuses_are_played(tmp_path):
    turns = TranscriptAgent([{"name": "x" * 90, "arguments": {"a": 2**60}}]).turns
    assert turns[0].calls[0].arguments == {"a": 2**60}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "FILE: there is nothing to play"),
        (" \n", "FILE: there is nothing to play"),
        ("[]", "FILE: there is nothing to play: no message has the role assistant"),
        ('[{"role": "user", "content": "x"}]', "FILE: there is nothing to play: no message has the role assistant"),
        ('[\n{"role": "assistant"', "FILE:2:21: not JSON"),
        ('{"name": "wait"}\n{"name": }', "FILE:2:10: not JSON"),
        ('{"name": "wait"}\n{"nam": "wait"}', "FILE:2: a call is an object such as"),
        ('{"name": "wait"}\n7', "FILE:2: int: a message or a call is an object"),
        ('{"name": "wait", "id": 1}', "FILE: message 1: id: a call has a name and arguments, nothing else"),
        ("[7]", "FILE: message 1: int: a message or a call is an object"),
        ('[{"role": "robot"}]', "FILE: message 1: role: 'robot': there are assistant, system"),
        (
            '[{"role": "assistant", "content": [{"type": "image"}]}]',
            "FILE: message 1: content.0: image: there are text",
        ),
        ('[{"role": "assistant", "content": ["x"]}]', "FILE: message 1: content.0: str: there are text"),
        ('[{"role": "assistant", "content": 7}]', "FILE: message 1: content: int: a text or a list of blocks"),
        ('[{"role": "assistant", "tool_calls": [{}]}]', "FILE: message 1: tool_calls.0: a tool call is"),
        ('[{"role": "assistant", "tool_calls": 7}]', "FILE: message 1: tool_calls: int: a list"),
        (
            '[{"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": "{x"}}]}]',
            "FILE: message 1: tool_calls.0: arguments: not JSON",
        ),
        (
            '[{"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": "[1]"}}]}]',
            "FILE: message 1: tool_calls.0: arguments: an object is needed",
        ),
        (
            '[{"role": "assistant", "content": [{"type": "tool_use", "name": "a", "input": 1}]}]',
            "FILE: message 1: content.0: arguments: an object is needed",
        ),
        ("Hello.\n```json\n{x\n```", "FILE: line 3, column 2: not JSON"),
        ("[" * 100_000, "FILE: not JSON that can be read"),
    ],
)
def test_an_error_names_file_and_place(tmp_path, text, message):
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        TranscriptAgent(path)
    assert str(caught.value).startswith(message.replace("FILE", str(path)))
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_is_a_mistake(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        TranscriptAgent(tmp_path / "missing.json")
    (tmp_path / "bytes").write_bytes(b"ab\xff")
    with pytest.raises(UsageError, match="byte 2: a text in UTF-8 is needed"):
        TranscriptAgent(tmp_path / "bytes")


def test_data_of_another_sort_is_a_mistake():
    with pytest.raises(UsageError, match="transcript: int: a list of messages or calls is needed"):
        TranscriptAgent(7)
