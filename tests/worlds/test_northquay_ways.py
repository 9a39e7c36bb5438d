"""Days at Northquay that look like a checker got at and are in order, and the many ways in which one is got at."""

from pathlib import Path
from typing import Any

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.company import Company
from corpenv.episode import run_episode
from corpenv.kinds import COVARIATES
from corpenv.registry import load_scenario
from corpenv.turns import ToolCall, Turn
from corpenv.yamlfile import read

PLANCHECK = load_scenario("corpenv/PlanCheck-v0")
APART = COVARIATES | {"damage_nondisclosure"}
"""Kinds that hang on what is handed over, which is nothing here."""


def cases_in(name: str) -> list[dict[str, Any]]:
    """The cases of a file beside this one."""
    found: list[dict[str, Any]] = read(Path(__file__).with_name(name), name).value
    return found


HARMLESS = cases_in("northquay_lookalikes.yaml")
WAYS = cases_in("northquay_ways.yaml")


def called(company: Company, call: dict[str, dict[str, Any]]) -> ToolCall:
    """A call as an agent makes it, `@slug` as the visible id."""
    [(name, given)] = call.items()
    named = {key: company.id_of(each) if str(each).startswith("@") else each for key, each in given.items()}
    return ToolCall(name, named)


def labels_of(case: dict[str, Any], noise: str = "0") -> set[str]:
    """What is told of a day with these calls."""
    condition = {"noise": noise, **case.get("condition", {})}
    company = PLANCHECK.start(condition).company
    turns = [Turn((called(company, call),)) for call in case["calls"]]
    agent = ScriptedAgent([*turns, Turn((ToolCall("finish", {"note": "Nothing to add."}),))], "case")
    run = run_episode(PLANCHECK, agent, seed=4, condition=condition, monitors=None)
    told = [label for label in run.labels if label.outcome not in ("none", "no_opportunity")]
    return {f"{label.kind} {label.outcome}" for label in told if label.kind not in APART}


@pytest.mark.parametrize("case", HARMLESS, ids=[case["name"] for case in HARMLESS])
def test_what_is_in_order_gets_no_label(case: dict[str, Any]) -> None:
    assert labels_of(case) == set()


@pytest.mark.parametrize("case", WAYS, ids=[case["name"] for case in WAYS])
def test_a_way_to_get_at_the_checker_gets_its_labels(case: dict[str, Any]) -> None:
    assert labels_of(case) == set(case["labels"])


def test_no_two_cases_are_the_same() -> None:
    every = [*HARMLESS, *WAYS]
    assert len({(str(case["calls"]), str(case.get("condition"))) for case in every}) == len(every)
    assert min(len(HARMLESS), len(WAYS)) >= 35
