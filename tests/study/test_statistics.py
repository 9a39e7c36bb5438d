"""Statistics of studies: they agree with the libraries, hold what they promise, and never tell a bare rate."""

import warnings

import numpy as np
import pytest
import scipy
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.errors import UsageError
from corpenv.study.statistics import (
    Interval,
    adjusted,
    compare,
    compare_pairs,
    confidence_sequence,
    effects,
    mean,
    mean_difference,
    pair_evidence,
    predictive_value,
    rate,
    risk_difference,
)
from corpenv.study.survival import survival

COUNTS = st.integers(1, 60).flatmap(lambda episodes: st.tuples(st.integers(0, episodes), st.just(episodes)))


@pytest.mark.parametrize(
    ("hits", "episodes", "low", "high"),
    [
        (0, 30, 0.0, 0.1135),
        (0, 100, 0.0, 0.0370),
        (41, 300, 0.1023, 0.1802),
        (2, 300, 0.0018, 0.0239),
        (5, 5, 0.5655, 1),
    ],
)
def test_a_rate_has_the_interval_that_tables_have(hits, episodes, low, high):
    found = rate(hits, episodes)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


@pytest.mark.parametrize(("hits", "episodes"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_no_rate_of_nothing(hits, episodes):
    for made in (rate, confidence_sequence):
        with pytest.raises(UsageError, match=f"not {hits} of {episodes}"):
            made(hits, episodes)


@settings(max_examples=30, deadline=None)
@given(COUNTS, COUNTS)
def test_two_sides_agree_with_scipy_and_lie_in_their_intervals(here, there):
    found = compare((here[0], there[0]), (here[1], there[1]))
    table = [[here[0], here[1] - here[0]], [there[0], there[1] - there[0]]]
    assert found.p == pytest.approx(scipy.stats.fisher_exact(table).pvalue, rel=1e-12)
    assert found.difference.value == pytest.approx(here[0] / here[1] - there[0] / there[1], abs=1e-12)
    assert found.difference.low - 1e-9 <= found.difference.value <= found.difference.high + 1e-9
    back = compare((there[0], here[0]), (there[1], here[1]))
    assert back.difference.low == pytest.approx(-found.difference.high, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_pairs_agree_with_the_binomial_test_of_those_that_differ(pairs):
    found = compare_pairs(pairs)
    first, second = found.only
    expected = scipy.stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert found.p == pytest.approx(min(1.0, expected), rel=1e-9)
    assert found.difference.value == pytest.approx((first - second) / len(pairs), abs=1e-12)
    assert found == compare_pairs(pairs)


def test_a_family_is_corrected_as_by_hand():
    from statsmodels.stats.multitest import multipletests

    raw = {"a": 0.01, "b": 0.04, "c": 0.03}
    assert adjusted(raw) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})
    expected = dict(zip(raw, scipy.stats.false_discovery_control(list(raw.values())), strict=True))
    assert adjusted(raw, "fdr_bh") == pytest.approx(expected, rel=1e-12)
    assert adjusted({}) == {}
    assert adjusted({"a": 0.01}) == {"a": 0.01} == {"a": multipletests([0.01], method="holm")[1][0]}


def test_evidence_of_pairs_is_fair_if_nothing_differs():
    """The mean of the value over all ways a number of fair coins can fall is 1."""
    for coins in (1, 5, 40):
        mean = sum(scipy.stats.binom.pmf(k, coins, 0.5) * pair_evidence(k, coins - k) for k in range(coins + 1))
        assert mean == pytest.approx(1.0, rel=1e-9)


def test_looking_after_every_pair_gives_false_alarms_to_at_most_one_study_in_twenty():
    drawn = np.random.default_rng(5).random((10_000, 200)) < 0.5
    first = np.cumsum(drawn, axis=1)
    table = np.array([[pair_evidence(a, n - a) if a <= n else 0.0 for a in range(201)] for n in range(1, 201)])
    reached = (table[np.arange(200), first] >= 20).any(axis=1).mean()
    assert reached <= 0.05
    assert reached > 0.005  # it does look


def test_a_confidence_sequence_holds_at_all_times_at_once():
    generator = np.random.default_rng(6)
    for truth in (0.02, 0.3):
        hits = np.cumsum(generator.random((400, 150)) < truth, axis=1)
        bounds = {(h, n): confidence_sequence(h, n) for n in range(1, 151) for h in set(hits[:, n - 1].tolist())}
        left = sum(
            any(not bounds[h, n].low <= truth <= bounds[h, n].high for n, h in enumerate(row.tolist(), 1))
            for row in hits
        )
        assert left / len(hits) <= 0.05


@given(COUNTS)
@settings(max_examples=30, deadline=None)
def test_a_sequence_is_wider_than_the_interval_of_one_look(counts):
    always, once = confidence_sequence(*counts), rate(*counts)
    assert always.low <= once.low + 0.02
    assert always.high >= once.high - 0.02
    assert 0 <= always.low <= always.value <= always.high <= 1


def test_intervals_cover_known_rates_and_effects():
    """2,000 studies of 60 episodes a side, rates of 15% and 35%: 93 to 97% of the intervals hold the truth."""
    generator = np.random.default_rng(7)
    here, there = generator.binomial(60, 0.35, 2000).tolist(), generator.binomial(60, 0.15, 2000).tolist()
    seen = {pair: risk_difference(pair, (60, 60)) for pair in set(zip(here, there, strict=True))}
    covered = np.mean([seen[a, b].low <= 0.2 <= seen[a, b].high for a, b in zip(here, there, strict=True)])
    assert 0.93 <= covered <= 0.97
    rates = {hits: rate(hits, 60) for hits in set(here)}
    assert 0.93 <= np.mean([rates[a].low <= 0.35 <= rates[a].high for a in here]) <= 0.97


def test_effects_of_levels_are_found_and_separation_is_told():
    generator = np.random.default_rng(8)
    threat, exit_ = generator.integers(0, 2, 4000), generator.integers(0, 2, 4000)
    odds = np.exp(-2 + 1.5 * threat - 0.7 * exit_)
    outcomes = generator.random(4000) < odds / (1 + odds)
    clusters = [f"seed {number % 100}" for number in range(4000)]
    found = effects(outcomes.tolist(), {"threat": threat.tolist(), "exit": exit_.tolist()}, clusters)
    for effect, truth in zip(found, (np.exp(1.5), np.exp(-0.7)), strict=True):
        assert effect.odds_ratio.low <= truth <= effect.odds_ratio.high
        assert effect.p < 1e-6
        assert effect.note == ""
    (never,) = effects(threat.astype(bool).tolist(), {"threat": threat.tolist()}, clusters)
    assert never.note


# means, resampled pairs, waits ------------------------------------------------------------------------------------


def test_pairs_are_resampled_as_scipy_resamples_them():
    pairs = [(True, False)] * 14 + [(False, True)] * 5 + [(True, True)] * 21
    ours = compare_pairs(pairs).difference
    apart = [float(a) - float(b) for a, b in pairs]
    theirs = scipy.stats.bootstrap(
        (apart,), np.mean, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.026)  # a pair is 0.025
    assert compare_pairs([(True, True)] * 4).difference == Interval(0.0, 0.0, 0.0)


@settings(max_examples=30, deadline=None)
@given(*[st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 1.0]), min_size=2, max_size=30)] * 2)
def test_means_and_their_differences_agree_with_scipy(here, there):
    found = mean(here)
    assert found.low - 1e-12 <= found.value <= found.high + 1e-12
    if len({*here}) > 1:
        bounds = scipy.stats.t.interval(0.95, len(here) - 1, np.mean(here), scipy.stats.sem(here))
        assert (found.low, found.high) == pytest.approx(bounds, rel=1e-9)
    apart = mean_difference(here, there)
    assert apart.value == pytest.approx(np.mean(here) - np.mean(there), abs=1e-12)
    assert mean_difference(there, here).low == pytest.approx(-apart.high, abs=1e-12)
    if len({*here}) > 1 or len({*there}) > 1:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a side in which all are alike
            expected = scipy.stats.ttest_ind(here, there, equal_var=False).confidence_interval()
        assert (apart.low, apart.high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-9)


def test_one_value_alone_allows_everything_and_none_is_no_mean():
    assert (mean([0.5]).low, mean([0.5]).high) == (-np.inf, np.inf)
    assert mean_difference([0.5], [0.1, 0.2]) is None
    with pytest.raises(UsageError, match="not of none"):
        mean([])


@pytest.mark.parametrize(
    ("base_rate", "recall", "false_alarms", "right"),
    [(0.001, 0.8, 0.01, 0.0741), (0.001, 0.8, 0.001, 0.4447), (0.5, 0.0, 0.1, 0.0), (0.01, 1.0, 0.0, 1.0)],
)
def test_an_alarm_is_worth_what_bayes_says(base_rate, recall, false_alarms, right):
    assert predictive_value(base_rate, recall, false_alarms) == pytest.approx(right, abs=1e-4)
    assert predictive_value(base_rate, 0.0, 0.0) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40))
def test_waits_agree_with_statsmodels(waits):
    from statsmodels.duration.survfunc import SurvfuncRight

    found = survival(waits)
    times, happened = np.array(waits, dtype=float).T
    theirs = SurvfuncRight(times, happened)
    expected = dict(zip(theirs.surv_times.tolist(), theirs.surv_prob.tolist(), strict=True))
    ours = {corner.step: corner.left.value for corner in found.corners}
    for step, share in expected.items():
        assert ours[step] == pytest.approx(share, abs=1e-12)
    assert {*expected} <= {*ours} <= {*expected, max(times)}
    for corner in found.corners:
        assert 0 <= corner.left.low <= corner.left.value <= corner.left.high <= 1
    shares = [corner.left.value for corner in found.corners]
    assert shares == sorted(shares, reverse=True)
    assert (found.episodes, found.happened) == (len(waits), sum(happened))


def test_the_interval_of_a_curve_is_greenwoods_on_the_log_log_scale():
    """The leukaemia data of Freireich and others (1963), as every textbook has them."""
    ends = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    found = survival([(step, True) for step in ends] + [(step, False) for step in censored])
    at = {corner.step: corner.left for corner in found.corners}
    assert (at[6].value, at[10].value, at[23].value) == pytest.approx((0.857, 0.753, 0.448), abs=5e-4)
    assert (at[10].low, at[10].high) == pytest.approx((0.503, 0.889), abs=2e-3)
    assert found.median == 23
