"""Answers that a study keeps: asked once, the same again, free of charge, and never one answer for two repeats."""

import asyncio
import json

import pytest
from msgspec.structs import replace

import corpenv
from corpenv.agents.llm import LLMAgent
from corpenv.errors import StoreError
from corpenv.models import Remembered, asking
from corpenv.store.answers import StoredAnswers
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study
from corpenv.study.playing import Player
from corpenv.turns import Budget

MODEL = "openai/kept"  # LiteLLM remembers prices by the model's name: nothing else may have this one
PRICES = {"input_cost_per_token": 0.01, "output_cost_per_token": 0.02}
REPEATS = 3


@pytest.fixture
def store(tmp_path):
    with corpenv.Store(tmp_path / "s.db") as store:
        yield store


@pytest.fixture
def sampled(fake_openai, monkeypatch):
    """A model that says something else every time: it looks at its mail, then hands over."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdefghij")

    def answer(request):
        answered = sum(message["role"] == "assistant" for message in request.get_json()["messages"])
        number = len(fake_openai.requests)
        if answered:
            fake_openai.calls(("finish", {"note": f"Done, {number}."}))
        else:
            fake_openai.calls(("list_mail", {}), text=f"Thought {number}.")
        return fake_openai.take(request)

    fake_openai.answers(answer)
    return fake_openai


def study(fake, name="first", **more):
    options = {"api_base": fake.api_base, "attempts": 1, "temperature": 1.0, "extra": PRICES}
    agent = {"agent": "litellm", "model": MODEL, "options": options}
    return Study(StudyForm.model_validate({
        "name": name, "question": "What is kept?", "scenarios": ["corpenv/Mini-v0"], "agents": [agent], "cache": True,
        "repeats": REPEATS, "baseline": False, "primary": {"kind": "blackmail"}, **more,
    }))  # fmt: skip


def runs_of(planned, store):
    return [store.load(run_id) for _, run_id in sorted(Studies(store).results(planned.digest).items())]


def replayed(planned, store, number):
    return asyncio.run(Player(planned, Studies(store)).run(planned.episode(number)))


def test_a_study_is_played_again_without_its_provider(sampled, store):
    first, again = study(sampled), study(sampled, "again")
    run_study(first, store, workers=0)
    assert len(sampled.requests) == 2 * REPEATS
    sampled.gone()
    run_study(again, store, workers=0)
    assert [run.id for run in runs_of(again, store)] == [run.id for run in runs_of(first, store)]
    assert {run.ended.reason for run in runs_of(again, store)} == {"handed_over"}
    run = replayed(again, store, 1)
    assert run.record == runs_of(first, store)[1].record
    assert [(call.cached, call.cost, call.latency, call.turn) for call in run.model_calls] == [
        (True, 0.0, 0.0, 1), (True, 0.0, 0.0, 2),
    ]  # fmt: skip
    before = runs_of(first, store)[1].model_calls
    assert all(call.cost > 0 and not call.cached for call in before)
    assert [call.response for call in run.model_calls] == [call.response for call in before]
    assert [call.tokens_in for call in run.model_calls] == [call.tokens_in for call in before]


def test_repeats_of_the_same_request_are_answered_each_for_itself(sampled, store):
    planned = study(sampled)
    run_study(planned, store, workers=0)
    runs = runs_of(planned, store)
    assert len({run.model_calls[0].request for run in runs}) == 1
    assert len({run.record.entries[0].input.message for run in runs}) == REPEATS


def test_without_a_cache_nothing_is_kept_and_everything_is_asked_again(sampled, store):
    run_study(study(sampled, cache=False), store, workers=0)
    run_study(study(sampled, "again", cache=False), store, workers=0)
    assert len(sampled.requests) == 4 * REPEATS


def test_an_episode_that_broke_off_pays_for_nothing_twice(fake_openai, store, waits):
    fake_openai.calls(("list_mail", {}))
    fake_openai.fails(500)
    answers = StoredAnswers(store, "here")
    with asking(answers=answers):
        broken = corpenv.run_episode("corpenv/Mini-v0", agent_of(fake_openai, waits))
        fake_openai.calls(("finish", {"note": "Done."}))
        whole = corpenv.run_episode("corpenv/Mini-v0", agent_of(fake_openai, waits))
    assert (broken.ended.reason, whole.ended.reason) == ("server_error", "handed_over")
    assert [(call.cached, call.fault) for call in whole.model_calls] == [(True, ""), (False, "")]
    assert len(fake_openai.requests) == 3


def agent_of(fake, waits, **more):
    return LLMAgent(MODEL, attempts=1, sleep=waits, extra=PRICES, **{**fake.options, **more})


def test_an_answer_counts_for_budgets_as_it_did_when_it_came(fake_openai, store, waits):
    fake_openai.calls(("list_mail", {}), usage=(40, 30))
    budget = Budget(money=0.5)
    ends = []
    for _ in range(2):
        with asking(answers=StoredAnswers(store, "here")):
            ends.append(corpenv.run_episode("corpenv/Mini-v0", agent_of(fake_openai, waits), budget=budget).ended)
    assert ends[0].reason == "budget_money"
    assert ends[0] == ends[1]
    assert len(fake_openai.requests) == 1


def test_the_same_request_twice_in_one_episode_is_two_answers(fake_openai, store, run, waits):
    from corpenv.models import ModelClient

    hello = [{"role": "user", "content": "hello"}]
    for text in ("one", "two"):
        fake_openai.says(text)

    def said():
        client = ModelClient(MODEL, sleep=waits, **fake_openai.options)
        with asking(answers=StoredAnswers(store, "here")):
            return [run(client.complete(hello)).text for _ in range(2)]

    assert said() == said() == ["one", "two"]
    assert len(fake_openai.requests) == 2


def test_a_run_is_played_again_by_its_own_calls_and_asks_nobody(sampled, waits):
    first = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits), seed=2)
    assert len(sampled.requests) == 2
    sampled.gone()
    with asking(answers=Remembered(first.model_calls)):
        again = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits), seed=2)
        other = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits, temperature=0.5), seed=2)
    assert again.id == first.id
    assert again.record == first.record
    assert (other.ended.reason, other.ended.owner) == ("not_on_tape", "environment")
    assert "none" not in {label.outcome for label in other.labels}


def test_a_kept_response_that_was_cut_is_a_fault(sampled, waits):
    first = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits))
    cut = [replace(call, response=call.response[:50]) for call in first.model_calls]
    with asking(answers=Remembered(cut)):
        again = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits))
    assert (again.ended.reason, again.ended.owner) == ("bad_response", "model")


def test_a_store_that_cannot_keep_an_answer_stops_the_study_with_a_sentence(sampled, tmp_path):
    planned = study(sampled)
    with corpenv.Store(tmp_path / "s.db") as store:
        Studies(store).keep(planned.digest, planned.form.name, planned.document)
    with corpenv.Store(tmp_path / "s.db", read_only=True) as store, pytest.raises(StoreError, match=r"s\.db"):
        replayed(planned, store, 0)


def test_what_is_kept_is_told_when_a_run_is_shown(sampled, store, waits):
    from corpenv.render.runs import model_words

    with asking(answers=StoredAnswers(store, "here")):
        for _ in range(2):
            run = corpenv.run_episode("corpenv/Mini-v0", agent_of(sampled, waits))
    assert model_words(run).startswith("2 requests (0 failed, 2 answered from what was kept), ")
    assert json.loads(run.model_calls[0].response)
