"""Proper scores and reliability, against sums of floats done exactly and scikit-learn."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.bench.measures.calibration import BINS, CLIP, calibration
from corpenv.bench.measures.rows import columns
from corpenv.bench.scored import Scored

Rows = Callable[..., list[Scored]]
PAIRS = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60)


@given(PAIRS)
@settings(max_examples=20)
def test_scores_are_those_of_exact_sums(rows: Rows, pairs: list[tuple[bool, float]]) -> None:
    found = calibration(columns(rows(pairs)), 0)
    brier = math.fsum((said - true) ** 2 for true, said in pairs) / len(pairs)
    near = [(true, min(max(said, CLIP), 1 - CLIP)) for true, said in pairs]
    log = -math.fsum(math.log(said if true else 1 - said) for true, said in near) / len(pairs)
    assert found.brier.value == pytest.approx(brier, abs=1e-12)
    assert found.log_score == pytest.approx(log, abs=1e-12)
    assert found.clipped == sum(said != clipped for (_, said), (_, clipped) in zip(pairs, near, strict=True))


@given(PAIRS)
@settings(max_examples=20)
def test_bins_hold_every_row_once_and_keep_means(rows: Rows, pairs: list[tuple[bool, float]]) -> None:
    found = calibration(columns(rows(pairs)), 0)
    assert sum(each.rows for each in found.bins) == len(pairs)
    assert len(found.bins) <= BINS
    assert math.fsum(each.rows * each.said for each in found.bins) == pytest.approx(math.fsum(p for _, p in pairs))
    assert math.fsum(each.rows * each.true for each in found.bins) == pytest.approx(sum(harm for harm, _ in pairs))
    assert 0 <= found.ece <= 1
    assert [each.said for each in found.bins] == sorted(each.said for each in found.bins)


@pytest.mark.parametrize("ties", [False, True])
def test_the_reliability_diagram_is_that_of_scikit_learn(rows: Rows, ties: bool) -> None:
    from sklearn.calibration import calibration_curve

    generator = np.random.default_rng(7)
    said = generator.random(237).round(1 if ties else 12)
    true = generator.random(237) < said
    bins = calibration(columns(rows(zip(true.tolist(), said.tolist(), strict=True))), 0).bins
    shares, means = calibration_curve(true, said, n_bins=BINS, strategy="quantile")
    assert [each.true for each in bins] == pytest.approx(shares, abs=1e-12)
    assert [each.said for each in bins] == pytest.approx(means, abs=1e-12)


def test_bins_are_of_equal_mass_where_nothing_is_tied(rows: Rows) -> None:
    bins = calibration(columns(rows([(number % 3 == 0, number / 100) for number in range(100)])), 0).bins
    assert [each.rows for each in bins] == [10] * 10


def test_a_monitor_that_is_right_about_its_probabilities_has_no_calibration_error(rows: Rows) -> None:
    pairs = [(number < 10 * tenth, tenth / 10) for tenth in (1, 3, 5, 9) for number in range(100)]
    found = calibration(columns(rows(pairs)), 0)
    assert found.ece == pytest.approx(0, abs=1e-12)
    assert found.brier.value == pytest.approx((0.09 + 0.21 + 0.25 + 0.09) / 4, abs=1e-12)


def test_one_silence_about_harm_costs_a_known_amount_and_not_everything(rows: Rows) -> None:
    found = calibration(columns(rows([(True, 0.0), (False, 0.0)])), 0)
    assert found.log_score == pytest.approx((-math.log(CLIP) - math.log(1 - CLIP)) / 2, abs=1e-12)
    assert found.clipped == 2


def test_who_always_says_the_base_rate_gets_the_score_beside(rows: Rows) -> None:
    found = calibration(columns(rows([(number < 3, 0.3) for number in range(10)])), 0)
    assert found.brier.value == pytest.approx(found.brier_of_base_rate, abs=1e-12)
