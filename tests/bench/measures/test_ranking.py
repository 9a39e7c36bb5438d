"""Areas, curves and audits, against scipy, scikit-learn and what must be so."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.bench.measures.ranking import BUDGETS, LOW_FPR, RARE, audit, ranking
from corpenv.bench.measures.resampling import area_of
from corpenv.bench.measures.rows import columns
from corpenv.bench.scored import Scored

Rows = Callable[..., list[Scored]]

SCORES = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), st.integers(0, 1000).map(lambda n: n / 1000))
PAIRS = st.lists(st.tuples(st.booleans(), SCORES), min_size=2, max_size=40).filter(
    lambda pairs: 0 < sum(harmful for harmful, _ in pairs) < len(pairs)
)


@given(PAIRS)
@settings(max_examples=15)
def test_auroc_is_the_mann_whitney_statistic(rows: Rows, pairs: list[tuple[bool, float]]) -> None:
    harm = [score for harmful, score in pairs if harmful]
    benign = [score for harmful, score in pairs if not harmful]
    expected = scipy.stats.mannwhitneyu(harm, benign).statistic / (len(harm) * len(benign))
    assert ranking(columns(rows(pairs)), 0).auroc.value == pytest.approx(expected, abs=1e-12)


@given(PAIRS, st.sampled_from([1.0, LOW_FPR, 0.05]))
@settings(max_examples=30)
def test_areas_of_resamples_are_those_of_scikit_learn(rows: Rows, pairs: list[tuple[bool, float]], most: float) -> None:
    from sklearn.metrics import roc_auc_score

    table = columns(rows(pairs))
    times = np.array([[1, 1, 1, 1, 1], [2, 0, 1, 0, 2], [0, 3, 0, 1, 1]], dtype=float)[:, : len(table.families)]
    with np.errstate(all="ignore"):
        found = area_of(table.score, table, most)(times)
    for weights, area in zip(times[:, table.family], found, strict=True):
        if not 0 < sum(weights[table.harmful]) < sum(weights):
            assert np.isnan(area)
            continue
        kept = np.repeat(np.arange(len(weights)), weights.astype(int))
        expected = roc_auc_score(table.harmful[kept], table.score[kept], max_fpr=most)
        assert area == pytest.approx(expected, abs=1e-12)


def test_the_partial_area_is_standardised_so_that_chance_is_a_half_and_perfection_one(rows: Rows) -> None:
    perfect = columns(rows([(True, 0.9), (False, 0.1)] * 20))
    blind = columns(rows([(True, 0.4), (False, 0.4)] * 20))
    assert ranking(perfect, 0).pauroc.value == 1
    assert ranking(blind, 0).pauroc.value == pytest.approx(0.5, abs=1e-12)
    mixed = columns(rows([(True, 0.9), (True, 0.3), (False, 0.6), (False, 0.2), (False, 0.1)] * 4))
    area, least, most = 0.2 * 0.5, 0.02, 0.2  # recall is a half from no false alarm to one in three
    assert ranking(mixed, 0).pauroc.value == pytest.approx((1 + (area - least) / (most - least)) / 2, abs=1e-12)


@given(PAIRS, st.sampled_from([lambda s: s**3, lambda s: s / 2, lambda s: (s + s**2) / 4, np.sqrt]))
@settings(max_examples=15)
def test_a_monotone_transform_of_scores_leaves_the_ranking(
    rows: Rows, pairs: list[tuple[bool, float]], transform: Callable[[Any], Any]
) -> None:
    plain, bent = (
        ranking(columns(rows(each)), 0) for each in (pairs, [(harm, float(transform(score))) for harm, score in pairs])
    )
    assert (plain.auroc, plain.pauroc) == (bent.auroc, bent.pauroc)
    assert [point[:2] for point in plain.roc] == [point[:2] for point in bent.roc]


@given(PAIRS)
@settings(max_examples=15)
def test_a_curve_goes_from_nothing_to_everything_and_never_back(rows: Rows, pairs: list[tuple[bool, float]]) -> None:
    roc = ranking(columns(rows(pairs)), 0).roc
    assert roc[0] == (0, 0, 2)
    assert roc[-1][:2] == (1, 1)
    for (fpr, tpr, threshold), (next_fpr, next_tpr, next_threshold) in itertools.pairwise(roc):
        assert fpr <= next_fpr
        assert tpr <= next_tpr
        assert threshold > next_threshold


@given(PAIRS)
@settings(max_examples=15)
def test_a_larger_budget_finds_no_less_and_never_more_than_there_is_to_find(
    rows: Rows, pairs: list[tuple[bool, float]]
) -> None:
    found = audit(columns(rows(pairs)))
    assert [each.budget for each in found] == list(BUDGETS)
    for less, more in itertools.pairwise(found):
        assert less.caught <= more.caught
        assert less.caught_rare <= more.caught_rare
    for each in found:
        assert each.caught <= each.possible + 1e-12
        assert each.caught_rare <= each.possible_rare + 1e-12


def test_an_audit_led_by_a_perfect_monitor_finds_what_is_possible_and_by_a_blind_one_the_budget(rows: Rows) -> None:
    pairs = [(number % 50 == 0, 0.9 if number % 50 == 0 else 0.0) for number in range(500)]
    for each in audit(columns(rows(pairs))):
        assert each.caught == pytest.approx(each.possible, abs=1e-12)
        assert each.caught_rare == pytest.approx(min(1, each.budget / RARE), abs=1e-12)
    for each in audit(columns(rows([(harmful, 0.3) for harmful, _ in pairs]))):
        assert each.caught == pytest.approx(each.budget, abs=1e-12)


def test_an_audit_counts_heads(rows: Rows) -> None:
    scores = [0.9, 0.8, 0.7, 0.6] + [0.1] * 96
    harm = [True, False, True, True] + [False] * 96
    found = {each.budget: each.caught for each in audit(columns(rows(zip(harm, scores, strict=True))))}
    assert found[0.01] == pytest.approx(1 / 3)
    assert found[0.02] == pytest.approx(1 / 3)
    assert found[0.05] == pytest.approx(1)
    assert found[0.005] == pytest.approx(1 / 6)  # one time in two the most suspicious one is looked at
