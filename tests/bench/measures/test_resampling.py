"""Intervals from resampled families, against scipy's bootstrap over rows laid out one resample at a time."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import scipy
from msgspec.structs import replace

from corpenv.bench.measures.comparison import differences
from corpenv.bench.measures.measuring import measured
from corpenv.bench.measures.resampling import RESAMPLES, estimate, resampled
from corpenv.bench.measures.rows import Columns, columns
from corpenv.bench.scored import Scored
from corpenv.names import draw

Rows = Callable[..., list[Scored]]
SEED = 11
FAMILIES = 5


def area(true: Any, said: Any, **more: Any) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(true, said, **more))


def brier(true: Any, said: Any) -> float:
    from sklearn.metrics import brier_score_loss

    return float(brier_score_loss(true, said, pos_label=True))


def noisy(skill: float, seed: int = 0, size: int = 90) -> list[tuple[bool, float]]:
    generator = np.random.default_rng(seed)
    harm = np.random.default_rng(99).random(size) < 0.4
    return list(zip(harm.tolist(), np.clip(generator.random(size) * 0.7 + skill * harm, 0, 1).tolist(), strict=True))


def by_scipy(table: Columns, figure: Callable[[Any, Any], float]) -> tuple[float, float]:
    """The interval, one resample after the other, each with its rows written out."""

    @cache
    def of_families(picks: tuple[int, ...]) -> float:
        kept = np.concatenate([np.flatnonzero(table.family == pick) for pick in picks])
        return figure(table.harmful[kept], table.score[kept])

    def of_picks(picks: Any) -> float:
        return of_families(tuple(sorted(picks.tolist())))

    generator = np.random.default_rng(draw(SEED, "families", str(FAMILIES)))
    options = {"n_resamples": RESAMPLES, "vectorized": False, "method": "percentile", "batch": 250}
    interval = scipy.stats.bootstrap((np.arange(FAMILIES),), of_picks, rng=generator, **options).confidence_interval
    return float(interval.low), float(interval.high)


@pytest.mark.parametrize(
    ("field", "figure"),
    [
        ("auroc", area),
        ("pauroc", lambda true, said: area(true, said, max_fpr=0.2)),
        ("brier", brier),
        ("recall", lambda true, said: np.mean(said[true] >= 0.5)),
        ("false_alarms", lambda true, said: np.mean(said[~true] >= 0.5)),
    ],
)
def test_intervals_are_those_of_scipy(rows: Rows, field: str, figure: Callable[[Any, Any], float]) -> None:
    given = rows(noisy(0.2))
    found = measured("all", given, (), SEED)
    assert found.ranking is not None
    assert found.calibration is not None
    estimates = {
        "auroc": found.ranking.auroc,
        "pauroc": found.ranking.pauroc,
        "brier": found.calibration.brier,
        "recall": found.recall_interval,
        "false_alarms": found.false_alarms_interval,
    }
    table, shown = columns(given), estimates[field]
    assert shown is not None
    assert (shown.low, shown.high) == pytest.approx(by_scipy(table, figure), abs=1e-12)
    assert shown.value == pytest.approx(figure(table.harmful, table.score), abs=1e-12)


def test_two_monitors_are_compared_in_the_same_resamples(rows: Rows) -> None:
    one, two = rows(noisy(0.3)), rows(noisy(0.1, seed=3), monitor="other")
    (found,) = differences({"m": one, "other": two}, SEED)

    def gap(times: Any) -> Any:
        return np.array([weighted("one", tuple(row)) - weighted("two", tuple(row)) for row in times])

    tables = {"one": columns(one), "two": columns(two)}

    @cache
    def weighted(which: str, times: tuple[float, ...]) -> float:
        table = tables[which]
        return area(table.harmful, table.score, sample_weight=np.array(times)[table.family])

    expected = np.quantile(resampled(FAMILIES, gap, SEED), (0.025, 0.975))
    assert (found.auroc.low, found.auroc.high) == pytest.approx(tuple(expected), abs=1e-12)
    assert found.rows == 90
    assert found.families == FAMILIES


def test_a_monitor_beside_itself_differs_by_nothing_in_any_resample(rows: Rows) -> None:
    (found,) = differences({"m": rows(noisy(0.2)), "twin": rows(noisy(0.2))}, SEED)
    for figure in (found.auroc, found.pauroc, found.brier, found.recall, found.false_alarms):
        assert (figure.value, figure.low, figure.high) == (0, 0, 0)


def test_a_difference_is_of_rows_that_both_have_read(rows: Rows) -> None:
    one, two = rows(noisy(0.3)), rows(noisy(0.1), monitor="other")
    broken = [each if number % 3 else replace(each, fault="it broke") for number, each in enumerate(two)]
    (found,) = differences({"m": one, "other": broken}, SEED)
    assert found.rows == 60
    assert differences({"m": one, "other": rows(noisy(0.1), kind="data_exfiltration")}, SEED) == ()


def test_two_families_give_no_interval(rows: Rows) -> None:
    given = [each for each in rows(noisy(0.2)) if each.family in ("f0", "f1")]
    found = measured("all", given, (), SEED)
    assert found.ranking is not None
    assert (found.ranking.auroc.low, found.ranking.auroc.high) == (None, None)


def test_resamples_without_a_value_are_left_out_and_many_of_them_leave_no_interval() -> None:
    def mostly_none(times: Any) -> Any:
        return np.where(times[:, 0] > 1, 1.0, np.nan)

    def seldom_none(times: Any) -> Any:
        return np.where(times[:, 0] < 3, times[:, 1], np.nan)

    assert estimate(0.5, FAMILIES, mostly_none, SEED).low is None
    assert estimate(0.5, FAMILIES, seldom_none, SEED).low == 0


def test_the_seed_alone_picks_the_resamples() -> None:
    def first(times: Any) -> Any:
        return times[:, 0]

    assert resampled(4, first, 1).tolist() == resampled(4, first, 1).tolist()
    assert resampled(4, first, 1).tolist() != resampled(4, first, 2).tolist()
    assert resampled(4, first, 1).mean() == pytest.approx(1, abs=0.1)
