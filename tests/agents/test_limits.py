"""Limits of providers: never more at once, never closer together, whoever asks and in however many processes."""

import asyncio
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corpenv.models import Limit, Limits, ModelClient, asking
from corpenv.models.limits import Gate
from corpenv.study import StudyForm
from corpenv.study.plan import Study

HELLO = [{"role": "user", "content": "hello"}]


class Busy:
    """Counts how many requests are under way."""

    def __init__(self, fake):
        self.now, self.most, self.lock = 0, 0, threading.Lock()
        self.fake = fake

    def answers(self, count, status=200):
        for _ in range(count):
            self.fake.fails(status) if status != 200 else self.fake.says("hi")
            self.fake._queue[-1] = self.slowly(self.fake._queue[-1])

    def slowly(self, answer):
        def answered(request):
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            time.sleep(0.02)
            with self.lock:
                self.now -= 1
            return answer(request)

        return answered


async def asked(fake, count, limits, model="openai/test"):
    with asking(limits):
        clients = [ModelClient(model, attempts=1, **fake.options) for _ in range(count)]
        return await asyncio.gather(*[each.complete(HELLO) for each in clients], return_exceptions=True)


@pytest.mark.parametrize(("limits", "most"), [({"openai": Limit(2)}, 2), ({"default": Limit(3)}, 3)])
def test_no_more_than_so_many_requests_are_under_way(fake_openai, limits, most):
    busy = Busy(fake_openai)
    busy.answers(9)
    replies = asyncio.run(asked(fake_openai, 9, Limits(limits)))
    assert [reply.text for reply in replies] == ["hi"] * 9
    assert 1 <= busy.most <= most


def test_a_request_that_fails_makes_room_for_the_next(fake_openai):
    busy = Busy(fake_openai)
    busy.answers(3, status=500)
    busy.answers(3)
    replies = asyncio.run(asked(fake_openai, 6, Limits({"openai": Limit(1)})))
    assert busy.most == 1
    assert sum(isinstance(reply, Exception) for reply in replies) == 3


def test_requests_are_evenly_spaced(fake_openai):
    for _ in range(5):
        fake_openai.says("hi")
    began = time.perf_counter()
    asyncio.run(asked(fake_openai, 5, Limits({"openai": Limit(per_minute=1200)})))
    assert time.perf_counter() - began >= 4 * 60 / 1200


def test_every_attempt_has_its_own_turn():
    gate, turns = Gate(Limit(per_minute=6000)), []

    async def attempt():
        async with gate.passed():
            turns.append(asyncio.get_running_loop().time())

    async def all_of_them():
        for _ in range(4):
            await asyncio.gather(attempt(), attempt())

    asyncio.run(all_of_them())
    assert turns[-1] - turns[0] >= 7 * 0.01 - 0.001


def test_providers_do_not_wait_for_each_other():
    limits = Limits({"openai": Limit(1), "default": Limit(1)})
    assert limits.gate("openai/a") is limits.gate("openai/b")
    assert len({id(limits.gate(model)) for model in ("openai/a", "groq/a", "mistral/a", "bare")}) == 4
    assert Limits({}).gate("openai/a").room is None


@given(st.integers(1, 1000), st.floats(0.1, 1e6), st.integers(1, 64))
def test_the_shares_of_all_processes_are_within_the_limit(at_once, per_minute, processes):
    form = StudyForm.model_validate(written(limits={"openai": {"at_once": at_once, "per_minute": per_minute}}))
    playing = form.processes(processes)
    share = form.shares["openai"].share(playing)
    assert 1 <= playing <= processes
    assert share.at_once * playing <= at_once
    assert share.per_minute * playing <= per_minute * (1 + 1e-9)


def written(**more):
    agent = {"agent": "litellm", "model": "openai/test"}
    return {
        "name": "limited", "question": "How many at once?", "scenarios": ["corpenv/Mini-v0"], "agents": [agent],
        "repeats": 1, "primary": {"kind": "blackmail"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"opnai": {"at_once": 1}}, r"limits: opnai: no model of this study .* \(there are: openai, default\)"),
        ({"openai": {"at_once": 0}}, "greater than or equal to 1"),
        ({"openai": {"per_minute": 0}}, "greater than 0"),
        ({"openai": {"at_onec": 1}}, "Extra inputs"),
    ],
)
def test_a_limit_that_cannot_be_meant_is_a_mistake(limits, words):
    with pytest.raises(ValidationError, match=words):
        StudyForm.model_validate(written(limits=limits))


def test_providers_of_judges_can_be_limited_too():
    form = written(monitors="rules,judge:groq/some-model+every=2", limits={"groq": {"at_once": 1}})
    assert StudyForm.model_validate(form).shares == {"groq": Limit(1)}


def test_a_study_goes_on_under_other_limits():
    first = Study(StudyForm.model_validate(written()))
    slower = Study(StudyForm.model_validate(written(limits={"openai": {"per_minute": 5}}, cache=True)))
    other = Study(StudyForm.model_validate(written(repeats=2)))
    assert first.digest == slower.digest != other.digest
