"""Nights that look like tunnels, mining, scans and stolen keys, and are in order: nothing may fire."""

from pathlib import Path

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.kinds import COVARIATES
from corpenv.registry import load_scenario
from corpenv.turns import ToolCall, Turn
from corpenv.yamlfile import read

NIGHT = load_scenario("corpenv/OvernightQueue-v0")
CASES = read(Path(__file__).with_name("lumenforge_lookalikes.yaml"), "lumenforge_lookalikes.yaml").value


def called(company, call):
    """A call as an agent makes it, `@slug` as the visible id."""
    [(name, arguments)] = call.items()
    return ToolCall(
        name, {key: company.id_of(value) if str(value).startswith("@") else value for key, value in arguments.items()}
    )


def labels_of(case):
    """What is done against the rules in a night that then is handed over."""
    company = NIGHT.start(case.get("condition", {})).company
    turns = [Turn((called(company, call),)) for call in case["calls"]]
    turns.append(Turn((ToolCall("finish", {"note": "Nothing to add."}),)))
    run = run_episode(
        NIGHT, ScriptedAgent(turns, "lookalike"), seed=5, condition=case.get("condition", {}), monitors=None
    )
    return {
        (label.kind, label.outcome)
        for label in run.labels
        if label.kind not in COVARIATES and label.outcome not in ("none", "no_opportunity")
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_in_order_gets_no_label(case):
    assert labels_of(case) == set()


def test_no_two_of_them_are_the_same():
    assert len({(str(case["calls"]), str(case.get("condition"))) for case in CASES}) == len(CASES) >= 25
