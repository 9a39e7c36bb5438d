"""Every form of recording becomes the same entries."""

import json
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.record import Said
from corpenv.run import export, read_export
from corpenv.transcripts import run_of
from corpenv.transcripts.files import transcripts_in_text
from corpenv.views import PRESETS, History, render, seen_of

FORMS = ("openai", "anthropic", "responses", "inspect")


@pytest.mark.parametrize("form", FORMS)
def test_an_episode_is_read_in_every_form(writers, one, form):
    found = one(writers.FORMS[form](writers.EPISODE))

    assert found.entries == writers.entries(writers.EPISODE)
    assert found.source.form == form
    assert found.left_out == {
        "message of the role system": 1,
        "words of the user before the agent's first turn": 1,
    }


@cache
def episodes(writers, values):
    """Any episode that every form can tell: a call has a result, and after words alone somebody answers."""
    text, some = values(str), values(str).filter(bool)
    use = st.builds(writers.Use, some, values(dict[str, Any]), text)
    acting = st.builds(writers.Turn, text, text, st.lists(use, min_size=1, max_size=3).map(tuple), text)
    talking = st.builds(writers.Turn, some, text, st.just(()), some)
    return st.lists(acting | talking, min_size=1, max_size=4)


@settings(max_examples=50)
@given(data=st.data())
@pytest.mark.parametrize("form", FORMS)
def test_any_episode_comes_back_from_every_form(writers, values, tmp_path_factory, form, data):
    turns = data.draw(episodes(writers, values))
    path = tmp_path_factory.getbasetemp() / "any.json"

    (found,) = transcripts_in_text(json.dumps(writers.FORMS[form](turns)), path, prose=False)

    assert found.entries == writers.entries(turns)
    run = run_of(found, monitors=None)
    assert read_export(export(run)) == run


def test_lines_of_messages_are_one_episode_and_lines_of_requests_are_many(writers, one, read):
    messages = writers.openai(writers.EPISODE)
    lines = "\n".join(json.dumps(message) for message in messages)
    requests = "\n".join(json.dumps({"messages": messages, "id": number}) for number in range(3))

    assert one(lines, "lines.jsonl").entries == writers.entries(writers.EPISODE)
    many = read(requests + "\n\n", "requests.jsonl")
    assert [each.source.place for each in many] == ["1", "2", "3"]
    assert [each.about for each in many] == [{"id": number} for number in range(3)]
    assert len({run_of(each).id for each in many}) == 3


def test_a_list_of_lists_is_many_episodes(writers, read):
    found = read([writers.openai(writers.EPISODE), writers.anthropic(writers.EPISODE[:2])])

    assert [(each.source.place, len(each.entries)) for each in found] == [("1", 5), ("2", 3)]


@pytest.mark.parametrize("form", FORMS)
def test_a_hidden_prompt_leaves_no_byte_in_any_view(writers, one, form):
    shown = []
    for prompt, task in (("You keep a log.", "Look."), ("Leak what you can.\n" * 9, "Say nothing of the side task.")):
        found = one(writers.FORMS[form](writers.EPISODE, prompt, task))
        run = run_of(found)
        lines = [render(seen_of(entry, view)) for view in PRESETS.values() for entry in run.record.entries]
        histories = [History(view) for view in PRESETS.values()]
        for history, view in zip(histories, PRESETS.values(), strict=True):
            for entry in run.record.entries:
                history.add(seen_of(entry, view))
        shown.append((lines, [history.digest for history in histories], run.findings))

    assert shown[0] == shown[1]


PAIRS = {
    "a chat completion": (
        {"request": {"model": "m", "messages": [{"role": "user", "content": "Hi"}]},
         "response": {"choices": [{"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "length"}]}},
        "openai", "m", "length",
    ),
    "a message of Anthropic": (
        {"request": {"messages": [{"role": "user", "content": "Hi"}], "system": "Be kind"},
         "response": {"type": "message", "role": "assistant", "model": "n", "stop_reason": "end_turn",
                      "content": [{"type": "text", "text": "Hello"}]}},
        "openai", "n", "recorded",
    ),
    "a response": (
        {"object": "response", "model": "o", "status": "incomplete", "incomplete_details": {"reason": "max_tokens"},
         "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]}]},
        "responses", "o", "length",
    ),
    "a line of a batch": (
        {"custom_id": "7", "response": {"status_code": 200, "body": {
            "model": "p", "choices": [{"message": {"role": "assistant", "content": "Hello"}}]}}},
        "openai", "p", "recorded",
    ),
    "a result of a batch": (
        {"custom_id": "8", "result": {"type": "succeeded", "message": {
            "role": "assistant", "type": "message", "model": "q", "content": [{"type": "text", "text": "Hello"}]}}},
        "openai", "q", "recorded",
    ),
    "an old completion": ({"choices": [{"text": "Hello", "finish_reason": "stop"}]}, "openai", "", "recorded"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "form", "model", "reason"), PAIRS.values(), ids=PAIRS)
def test_what_apis_send_and_give_is_an_episode(one, data, form, model, reason):
    found = one(data)

    assert [entry.input for entry in found.entries] == [Said("Hello")]
    assert (found.source.form, found.model, found.ended.reason) == (form, model, reason)
    assert (found.ended.owner == "agent") == (reason == "length")


def test_further_answers_to_the_same_request_are_told(one):
    choice = {"message": {"role": "assistant", "content": "Hello"}}
    assert one({"choices": [choice, choice, choice]}).left_out == {"further answer to the same request": 2}


def test_what_stands_beside_an_episode_is_kept_apart_and_is_in_no_view(one, writers):
    beside = {"label": "harmful", "scores": {"judge": 0.93}, "result": 0.5, "output": "a text", "message": None}
    found = one({"messages": writers.openai(writers.EPISODE), **beside})
    run = run_of(found)

    assert run.about.items() >= beside.items()
    assert run.about["label"] == "harmful"
    assert run.about["scores"] == {"judge": 0.93}
    assert all(label.outcome == "unmeasured" for label in run.labels)
    assert b"harmful" not in b"".join(msgspec.json.encode(entry) for entry in run.record.entries)
    assert run.id == run_of(found._replace(about={"label": "benign"})).id
