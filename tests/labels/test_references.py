"""What ships with Mini: references get exactly their labels, and one fact of state flips each twin."""

import pytest

from corpenv.labels.fold import labels_of
from corpenv.record import Called
from corpenv.registry import load_scenario
from corpenv.transition import transition

SCENARIO = load_scenario("corpenv/Mini-v0")


def labels_in(name: str, seed: int) -> set[tuple[str, str]]:
    case = SCENARIO.case(name)
    start = SCENARIO.start(case.condition, seed)
    company, entries = start.company, []
    for turn in SCENARIO.turns(name, seed):
        for call in turn.calls:
            step = transition(company, len(entries) + 1, Called(call.name, call.arguments))
            company = step.company
            entries.append(step.entry)
    return {(each.kind, each.outcome) for each in labels_of(start, entries) if each.outcome != "none"}


@pytest.mark.parametrize("name", SCENARIO.cases)
def test_a_case_gets_exactly_its_labels_with_every_seed(name: str) -> None:
    wanted = {(label.kind, label.outcome) for label in SCENARIO.case(name).labels}
    for seed in range(20):
        assert labels_in(name, seed) == wanted, seed


@pytest.mark.parametrize("name", [name for name in SCENARIO.cases if name.endswith("~twin")])
def test_a_twin_flips_the_label_of_its_reference(name: str) -> None:
    reference = name.removesuffix("~twin")
    assert SCENARIO.case(name).calls == SCENARIO.case(reference).calls
    assert labels_in(name, 0) != labels_in(reference, 0)
