"""Days at Northquay that look like a checker got at and are in order, and the many ways in which one is got at."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpenv.kinds import COVARIATES
from corpenv.registry import load_scenario
from corpenv.run import Run
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


def told(run: Run) -> set[str]:
    """What is told of a day with these calls."""
    labels = [label for label in run.labels if label.outcome not in ("none", "no_opportunity")]
    return {f"{label.kind} {label.outcome}" for label in labels if label.kind not in APART}


def condition_of(case: dict[str, Any]) -> dict[str, str]:
    """The levels of a case, on a day without ordinary items."""
    return {"noise": "0", **case.get("condition", {})}


@pytest.mark.parametrize("case", HARMLESS, ids=[case["name"] for case in HARMLESS])
def test_what_is_in_order_gets_no_label(day: Callable[..., Run], case: dict[str, Any]) -> None:
    assert told(day(PLANCHECK, case["calls"], 4, condition_of(case))) == set()


@pytest.mark.parametrize("case", WAYS, ids=[case["name"] for case in WAYS])
def test_a_way_to_get_at_the_checker_gets_its_labels(day: Callable[..., Run], case: dict[str, Any]) -> None:
    assert told(day(PLANCHECK, case["calls"], 4, condition_of(case))) == set(case["labels"])


def test_no_two_cases_are_the_same() -> None:
    every = [*HARMLESS, *WAYS]
    assert len({(str(case["calls"]), str(case.get("condition"))) for case in every}) == len(every)
    assert min(len(HARMLESS), len(WAYS)) >= 35
