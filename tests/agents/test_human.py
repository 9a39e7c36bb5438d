import asyncio
import io
import sys

import pytest

from corpenv.agents.human import HumanAgent
from corpenv.turns import Agent, Post, ToolCall, ToolSpec, Turn


@pytest.fixture
def sit(post):
    """A person who types these lines: the turns they make of so many screens, and what they were shown."""

    def play(*lines: str, screens=(("You have 2 mails.",),), at: Post = post) -> tuple[list[Turn], str]:
        shown = io.StringIO()
        agent = HumanAgent(io.StringIO("".join(f"{line}\n" for line in lines)), shown)
        agent.begin(at)

        async def all_turns() -> list[Turn]:
            return [await agent.act(answers) for answers in screens]

        turns = asyncio.run(all_turns())
        agent.end("finished")
        return turns, shown.getvalue()

    return play


def calls(turns: list[Turn]) -> list[ToolCall]:
    return [call for turn in turns for call in turn.calls]


def test_it_is_an_agent():
    assert isinstance(HumanAgent(), Agent)
    assert (HumanAgent().name, repr(HumanAgent())) == ("human", "HumanAgent()")


def test_briefing_answers_and_end_are_shown_as_they_stand(sit, tools):
    nasty = "[bold]not bold[/bold] [/] :smile: \x1b[2Jgone \x07bell " + "long " * 60
    _, shown = sit("quit", screens=((nasty, "second"),), at=Post("[red]You[/red] work here.", tools, 1))
    assert "[red]You[/red] work here." in shown
    assert "[bold]not bold[/bold] [/] :smile: \ufffd[2Jgone \ufffdbell " + "long " * 60 in shown
    assert "second" in shown
    assert "The episode is over: finished" in shown


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        ('send_mail to=eva.long subject="The move"', {"to": ["eva.long"], "subject": "The move"}),
        ("send_mail to=eva.long,finance subject=x", {"to": ["eva.long", "finance"], "subject": "x"}),
        ("""send_mail to='["a b", "c"]' subject=x""", {"to": ["a b", "c"], "subject": "x"}),
        ("send_mail to=a subject=7 urgent=yes", {"to": ["a"], "subject": "7", "urgent": True}),
        ("send_mail to=a subject=a=b urgent=FALSE", {"to": ["a"], "subject": "a=b", "urgent": False}),
        ("send_mail to=a subject=x copies=3 mood=warm", {"to": ["a"], "subject": "x", "copies": 3, "mood": "warm"}),
        ('send_mail {"to": ["a"], "subject": "x"}', {"to": ["a"], "subject": "x"}),
        ('{"name": "send_mail", "arguments": {"to": "odd"}}', {"to": "odd"}),
        ("  send_mail to=a subject=''  ", {"to": ["a"], "subject": ""}),
    ],
)
def test_a_line_is_a_call(sit, line, arguments):
    turns, _ = sit(line)
    assert turns == [Turn((ToolCall("send_mail", arguments),))]


def test_a_tool_without_needs_is_called_by_its_name(sit):
    assert calls(sit("list_mail")[0]) == [ToolCall("list_mail", {})]


def test_a_name_alone_asks_for_what_is_needed_one_by_one(sit):
    turns, shown = sit("send_mail", "eva.long, finance", "The move")
    assert calls(turns) == [ToolCall("send_mail", {"to": ["eva.long", "finance"], "subject": "The move"})]
    assert "to (list of text) accounts: " in shown
    assert "subject (text): " in shown
    assert "body" not in shown


def test_what_is_still_missing_is_asked_for(sit):
    turns, _ = sit("send_mail subject=x", "eva.long")
    assert calls(turns) == [ToolCall("send_mail", {"subject": "x", "to": ["eva.long"]})]


def test_an_empty_line_drops_the_call(sit):
    turns, shown = sit("send_mail", "", "list_mail")
    assert calls(turns) == [ToolCall("list_mail", {})]
    assert "send_mail was not called: to is needed." in shown


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("send_male", "There is no tool 'send_male' (did you mean \"send_mail\"?)."),
        ('{"name": "send_male"}', "There is no tool 'send_male' (did you mean \"send_mail\"?)."),
        ("help send_male", "There is no tool 'send_male' (did you mean \"send_mail\"?)."),
        ("send_mail eva.long", "send_mail: 'eva.long' has no name: write key=value, or key=\"more words\"."),
        ("send_mail subjekt=x", "send_mail takes no 'subjekt' (did you mean \"subject\"?)."),
        ('send_mail subject="x', "send_mail: a quotation mark is not closed."),
        ("send_mail urgent=perhaps", "send_mail: urgent: 'perhaps' does not fit: yes or no is needed."),
        ("send_mail copies=many", "send_mail: copies: 'many' does not fit: whole number is needed."),
        ("send_mail to=[1", "send_mail: to: '[1' does not fit: list of text is needed."),
        ("send_mail extra=7", "send_mail takes no 'extra'"),
        ("{broken", "This is not JSON: "),
        ('{"tool": "x"}', "This is no call: a call is an object such as"),
        ("send_mail {broken", "This is not JSON: "),
    ],
)
def test_what_cannot_be_meant_gets_a_sentence_and_another_try(sit, line, sentence):
    turns, shown = sit(line, "list_mail")
    assert calls(turns) == [ToolCall("list_mail", {})]
    assert sentence in shown


def test_a_value_that_does_not_fit_is_asked_for_again(sit):
    tool = ToolSpec("wait", "Wait.", {"properties": {"minutes": {"type": "integer"}}, "required": ["minutes"]})
    turns, shown = sit("wait", "soon", "5", at=Post("", (tool,), 1))
    assert calls(turns) == [ToolCall("wait", {"minutes": 5})]
    assert "wait: minutes: 'soon' does not fit: whole number is needed." in shown


@pytest.mark.parametrize("word", ["?", "help"])
def test_help_lists_the_tools(sit, word):
    turns, shown = sit(word, "list_mail")
    assert len(calls(turns)) == 1
    assert "list_mail: List the mails in a folder." in shown
    assert "send_mail: Send a mail.\n" in shown
    assert "It arrives at once." not in shown


def test_help_with_a_name_shows_what_the_tool_takes(sit):
    _, shown = sit("help send_mail", "quit")
    for line in (
        "send_mail: Send a mail.\nIt arrives at once.",
        "  to (list of text) accounts",
        "  subject (text)",
        "  urgent (yes or no, optional)",
        "  copies (whole number, optional)",
        "  mood (plain or warm, optional)",
    ):
        assert f"{line}\n" in shown


@pytest.mark.parametrize("lines", [("quit",), ("exit",), (), ("", "quit"), ("send_mail",), ("send_mail to=a", "")])
def test_quitting_and_the_end_of_input_end_the_acting_for_good(sit, lines):
    turns, _ = sit(*lines, screens=((), ("go on",), ("go on",)))
    assert turns == [Turn(), Turn(), Turn()]


def test_after_beginning_again_a_person_who_quit_acts_again(post):
    agent = HumanAgent(io.StringIO("quit\nlist_mail\n"), io.StringIO())
    for expected in (Turn(), Turn((ToolCall("list_mail", {}),))):
        agent.begin(post)
        assert asyncio.run(agent.act(("screen",))) == expected


def test_without_streams_it_is_the_terminal(post, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("list_mail folder=sent\n\n"))
    agent = HumanAgent()
    agent.begin(post)
    assert asyncio.run(agent.act(("screen",))).calls == (ToolCall("list_mail", {"folder": "sent"}),)
    assert asyncio.run(agent.act(("inbox",))) == Turn()
    shown = capsys.readouterr().out
    assert "You work in the office." in shown
    assert "screen" in shown


def test_an_object_that_is_none_is_asked_for_again(sit):
    tool = ToolSpec("set", "Set it.", {"properties": {"it": {"type": "object"}}, "required": ["it"]})
    turns, shown = sit("set", "[1]", '{"a": 1}', at=Post("", (tool,), 1))
    assert calls(turns) == [ToolCall("set", {"it": {"a": 1}})]
    assert "JSON object is needed" in shown


@pytest.mark.parametrize(
    ("schema", "form", "typed", "value"),
    [
        ({"type": "number"}, "number", "2.5", 2.5),
        ({"type": "object"}, "JSON object", '{"a": 1}', {"a": 1}),
        ({"const": "now"}, "now", "now", "now"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "text or whole number", "7", 7),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, "whole number or text", "soon", "soon"),
        ({"type": "array", "items": {"type": "integer"}}, "list of whole number", "[1, 2]", [1, 2]),
        ({}, "JSON", "[1]", [1]),
        ({"type": "array"}, "list of JSON", "a", ["a"]),
    ],
)
def test_values_are_read_as_the_schema_says(sit, schema, form, typed, value):
    tool = ToolSpec("set", "Set it.", {"properties": {"it": schema}, "required": ["it"]})
    turns, shown = sit("set", typed, at=Post("", (tool,), 1))
    assert calls(turns) == [ToolCall("set", {"it": value})]
    assert f"it ({form}): " in shown
