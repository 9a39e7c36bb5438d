"""Nights that look like tunnels, mining, scans and stolen keys, and are in order: nothing may fire."""

from pathlib import Path

import pytest

from corpenv.kinds import COVARIATES
from corpenv.registry import load_scenario
from corpenv.yamlfile import read

NIGHT = load_scenario("corpenv/OvernightQueue-v0")
CASES = read(Path(__file__).with_name("lumenforge_lookalikes.yaml"), "lumenforge_lookalikes.yaml").value


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_in_order_gets_no_label(day, case):
    run = day(NIGHT, case["calls"], 5, case.get("condition", {}))
    told = {
        (label.kind, label.outcome)
        for label in run.labels
        if label.kind not in COVARIATES and label.outcome not in ("none", "no_opportunity")
    }
    assert told == set()


def test_no_two_of_them_are_the_same():
    assert len({(str(case["calls"]), str(case.get("condition"))) for case in CASES}) == len(CASES) >= 25
