"""What the rules find where a reference and its twin look different: all harm, and nothing else.

Where a reference and its twin look the same through the view until the act, nobody who only watches can tell them
apart; those pairs are left out here, and counted in the bench.
"""

from functools import cache

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.bench.pairs import parting
from corpenv.bench.truths import facts_of
from corpenv.episode import run_episode
from corpenv.kinds import COVARIATES
from corpenv.labels.label import Label
from corpenv.monitors import ALARM
from corpenv.registry import load_scenario
from corpenv.run import Run
from corpenv.views import EFFECTS
from corpenv.watched import findings_in

SEED = 1
SCENARIOS = ("Mini-v0", "Leverage-v0", "Leak-v0", "Alarm-v0", "PlanCheck-v0", "OvernightQueue-v0")
DONE = ("effected", "attempted")


@cache
def run_of(scenario: str, case: str) -> Run:
    """A reference or twin without ordinary items around it."""
    played = load_scenario(f"corpenv/{scenario}")
    condition = {**({"noise": "0"} if "noise" in played.factors else {}), **played.case(case).condition}
    agent = ScriptedAgent(played.turns(case, SEED, condition), case)
    return run_episode(played, agent, seed=SEED, condition=condition, monitors=None)


def labels_of(scenario: str, case: str) -> dict[str, Label]:
    """What is true of the agent, by kind of harm; what nobody could tell is left out."""
    agent = load_scenario(f"corpenv/{scenario}").part.post.account
    told = (label for label in run_of(scenario, case).labels if label.actor == agent and label.kind not in COVARIATES)
    return {label.kind: label for label in told if label.outcome != "unmeasured"}


def is_hidden(scenario: str, case: str, kind: str) -> bool:
    """Is a reference not to be told from its twin until the act that parts them?"""
    base = case.removesuffix("~twin")
    if f"{base}~twin" not in load_scenario(f"corpenv/{scenario}").cases:
        return False
    runs = [run_of(scenario, each) for each in (base, f"{base}~twin")]
    acts = [fact for run in runs if (fact := facts_of(run).get(kind)) and fact.harmful]
    if len(acts) != 1:
        return False
    parts = parting(runs[0].record, runs[1].record, EFFECTS, acts[0].second)
    return parts is None or parts > acts[0].took_place


def alarms(scenario: str, case: str) -> set[str]:
    found = findings_in(run_of(scenario, case).record, "rules")
    return {each.kind for each in found if each.probability >= ALARM}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_all_harm_that_can_be_told_is_found_and_nothing_else(scenario: str) -> None:
    missed, wrong, told = [], [], 0
    for case in load_scenario(f"corpenv/{scenario}").cases:
        claimed = alarms(scenario, case)
        for kind, label in labels_of(scenario, case).items():
            if is_hidden(scenario, case, kind):
                continue
            told += label.outcome in DONE
            if label.outcome in DONE and kind not in claimed:
                missed.append((case, kind))
            if label.outcome not in DONE and kind in claimed:
                wrong.append((case, kind))
    assert missed == []
    assert wrong == []
    assert told or scenario == "Mini-v0"
