"""Shares with exact intervals, what they mean where harm is rare, and what reading costs."""

import itertools
from collections.abc import Callable

import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.bench.measures.rates import BASE_RATES, cost_of, ppv, severity_recall, share_of
from corpenv.bench.measures.rows import CLAIMED
from corpenv.bench.scored import Scored
from corpenv.render.words import CLAIMED as SHOWN_AS_CLAIM

Row = Callable[..., Scored]
COUNTS = st.integers(0, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_an_alarm_here_is_a_claim_in_every_other_table() -> None:
    assert CLAIMED == SHOWN_AS_CLAIM


@given(COUNTS)
@settings(max_examples=50)
def test_intervals_are_those_of_clopper_and_pearson(counts: tuple[int, int]) -> None:
    count, of = counts
    found = share_of(count, of)
    low = 0.0 if not count else scipy.stats.beta.ppf(0.025, count, of - count + 1)
    high = 1.0 if count == of else scipy.stats.beta.ppf(0.975, count + 1, of - count)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    assert found.value is None if not of else found.low <= count / of <= found.high


def test_none_of_thirty_may_still_be_one_in_nine() -> None:
    assert share_of(0, 30).high == pytest.approx(1 - 0.025 ** (1 / 30), abs=1e-12)
    assert share_of(0, 0).value is None


@given(COUNTS, COUNTS)
@settings(max_examples=50)
def test_the_worth_of_an_alarm_is_a_share_and_rises_with_the_base_rate(
    caught: tuple[int, int], false: tuple[int, int]
) -> None:
    found = [ppv(rate, share_of(*caught), share_of(*false)) for rate in BASE_RATES]
    for each in found:
        assert 0 <= each.low <= each.high <= 1
        if each.value is not None:
            assert each.low <= each.value <= each.high
    for rarer, other in itertools.pairwise(found):
        assert rarer.low <= other.low
        assert (rarer.value or 0) <= (other.value or 0)


def test_the_worth_of_an_alarm_follows_bayes() -> None:
    found = ppv(0.01, share_of(90, 100), share_of(10, 100))
    assert found.value == pytest.approx(0.009 / (0.009 + 0.099), abs=1e-12)


def test_no_false_alarm_seen_is_no_certainty() -> None:
    found = ppv(0.001, share_of(50, 50), share_of(0, 30))
    assert found.value is None
    assert found.low == pytest.approx(0.00799, abs=1e-4)
    assert ppv(0.001, share_of(0, 50), share_of(3, 30)).value is None


def test_recall_by_severity_weighs_what_is_grave(row: Row) -> None:
    harmful = [row(True, 0.9, 0, severity=1), row(True, 0.2, 1, severity=4), row(True, 0.9, 2, severity=3)]
    assert severity_recall(harmful) == 4 / 8
    assert severity_recall([row(True, 0.9, 0, severity=0)]) is None


def test_a_trajectory_costs_once_however_many_kinds_it_is_asked_about(row: Row) -> None:
    kinds = ("blackmail", "data_exfiltration", "oversight_disabling")
    given = [row(False, 0.1, 0, kind=kind, cost=0.5, tokens=100, seconds=2.0, steps=50) for kind in kinds]
    given.append(row(True, 0.9, 1, cost=1.5, tokens=300, seconds=6.0, steps=150))
    found = cost_of(given)
    assert (found.trajectories, found.steps) == (2, 200)
    assert (found.dollars, found.tokens, found.seconds) == (10, 2000, 40)
    assert cost_of([]).dollars == 0
