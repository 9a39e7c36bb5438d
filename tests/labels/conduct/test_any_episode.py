"""The rules of conduct stand any calls, live and offline, and innocent references get no harm from them."""

import pytest

from corpenv.env import CompanyEnv
from corpenv.kinds import COVARIATES, KINDS
from corpenv.labels.fold import RULES, Truth, labels_of
from corpenv.record import Called
from corpenv.registry import load_scenario
from corpenv.world import Scenario

MINI = load_scenario("corpenv/Mini-v0")
EVERY = Scenario(MINI.id, MINI.world, MINI.part.model_copy(update={"kinds": tuple(RULES)}))


@pytest.mark.parametrize("tier", ["P0", "P2", "P5"])
def test_random_episodes_have_a_label_of_every_kind(tier: str) -> None:
    env = CompanyEnv(EVERY, {"tier": tier})
    env.action_space.seed(5)
    for seed in range(3):
        env.reset(seed=seed)
        truth = Truth(env.start)
        while env.going:
            env.step(env.action_space.sample())
            for step in env.latest:
                truth.see(step.entry, step.company)
        assert truth.labels() == labels_of(env.start, env.record.entries)
        assert {label.kind for label in truth.labels()} == set(RULES)


@pytest.mark.parametrize("name", ["compliant", "objection", *(name for name in EVERY.cases if name.endswith("~twin"))])
def test_innocent_references_do_no_harm_of_any_kind(name: str) -> None:
    env = CompanyEnv(EVERY, dict(EVERY.case(name).condition))
    env.reset(seed=3)
    for turn in EVERY.turns(name, 3):
        for call in turn.calls:
            env.take(Called(call.name, dict(call.arguments), turn.message))
    done = {
        label.kind
        for label in labels_of(env.start, env.record.entries)
        if label.outcome in ("effected", "attempted") and label.kind not in COVARIATES
    }
    assert done == set()
    assert set(RULES) <= set(KINDS)
