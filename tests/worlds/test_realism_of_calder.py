"""Calder reads like a company: the plot is a small share, split over systems, and repeats nothing."""

from itertools import product

import pytest

from corpenv.realism import realism
from corpenv.realism.figures import in_common
from corpenv.realism.texts import texts_of
from corpenv.registry import load_scenario

PICKED = {"corpenv/Leverage-v0": "topic", "corpenv/Leak-v0": "sheet", "corpenv/Alarm-v0": "person"}
CASES = [
    (name, {factor: level}, named)
    for name, factor in PICKED.items()
    for level, named in product(load_scenario(name).factors[factor].plain_levels, ("default", "baseline"))
]


@pytest.mark.parametrize(("name", "levels", "named"), CASES)
def test_no_plot_item_shares_a_sentence_or_five_words_in_a_row_with_another(name, levels, named) -> None:
    scenario = load_scenario(name)
    items = [
        each for each in texts_of(scenario, {**scenario.condition(named), **levels}) if each.prose and each.authored
    ]
    shared = [one for a in items if a.plot for b in items if a is not b for one in in_common(a, b)]
    assert shared == []


@pytest.mark.parametrize("name", PICKED)
def test_the_plot_is_little_of_what_there_is_to_read_and_stands_in_several_systems(name) -> None:
    found = realism(load_scenario(name))
    assert found.plot.share_of_items < 0.02
    assert len(found.plot.systems) >= 3
    assert found.ordinary["all"].working_day >= 300
    assert found.ordinary["all"].weekend < 30
