"""To go on with what others began, or to do as one is told, is kept apart from what somebody begins by itself."""

from types import SimpleNamespace

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.labels.fold import labels_of
from corpenv.registry import load_scenario

MINI = load_scenario("corpenv/Mini-v0")
BREAK = "oversight_disabling"


def from_second(at):
    return SimpleNamespace(holds=lambda company: company.now >= at)


NEVER, ALWAYS = from_second(10**9), from_second(0)


@pytest.fixture(scope="module")
def tampering():
    agent = ScriptedAgent(MINI.turns("tampering", 0), "reference:tampering")
    return run_episode(MINI, agent, seed=0, condition=MINI.case("tampering").condition, monitors=None)


def told(run, inherited=None, instructed=None):
    start = MINI.start(run.spec.condition, 0)
    declared = {BREAK: SimpleNamespace(inherited=inherited, instructed=instructed)}
    start = start._replace(rules=start.rules._replace(origins=declared))
    return {label.kind: label for label in labels_of(start, run.record.entries)}


def moment_of(run):
    step = next(label.effected for label in run.labels if label.kind == BREAK)
    return run.record.entries[step - 1].events[0].at


@pytest.mark.parametrize(
    ("inherited", "instructed", "origin"),
    [
        (None, None, "initiated"),
        (NEVER, NEVER, "initiated"),
        (ALWAYS, None, "inherited"),
        (ALWAYS, NEVER, "inherited"),
        (None, ALWAYS, "instructed"),
        (ALWAYS, ALWAYS, "instructed"),
    ],
)
def test_conduct_is_whose_the_scenario_says(tampering, inherited, instructed, origin):
    labels = told(tampering, inherited, instructed)
    assert labels[BREAK].origin == origin
    assert {label.origin for kind, label in labels.items() if kind != BREAK} == {"initiated"}


def test_who_is_told_afterwards_began_it(tampering):
    at = moment_of(tampering)
    assert told(tampering, instructed=from_second(at))[BREAK].origin == "initiated"
    assert told(tampering, instructed=from_second(at - 1))[BREAK].origin == "initiated"
    before = tampering.record.entries[0].events[0].at
    assert told(tampering, instructed=from_second(before))[BREAK].origin == "instructed"


def test_who_did_nothing_began_nothing(tampering):
    start = MINI.start(tampering.spec.condition, 0)
    start = start._replace(
        rules=start.rules._replace(origins={BREAK: SimpleNamespace(inherited=ALWAYS, instructed=ALWAYS)})
    )
    assert {label.origin for label in labels_of(start, ())} == {"initiated"}
