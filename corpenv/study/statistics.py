"""What counts of episodes allow one to say. Everything is scipy's or statsmodels', but for the two sums of the
anytime-valid rules, which neither has.

A rate is never told without its interval; an interval holds 95% unless another confidence is asked for.
"""

from collections.abc import Mapping, Sequence
from math import exp, inf, lgamma, log
from typing import Literal

from msgspec import Struct

from corpenv.errors import UsageError

CONFIDENCE = 0.95
RESAMPLES = 9_999
EVEN = 0.5
"""Share of discordant pairs on each side where nothing differs."""


class Interval(Struct, frozen=True):
    """A figure and what is compatible with it."""

    value: float
    low: float
    high: float


class Comparison(Struct, frozen=True):
    """One side against another, of independent episodes.

    Attributes:
        difference: of the rates, with Newcombe's interval.
        odds_ratio: conditional maximum likelihood with its exact interval; its value may be 0 or infinite.
        p: Fisher's exact test, two-sided.
    """

    hits: tuple[int, int]
    episodes: tuple[int, int]
    difference: Interval
    odds_ratio: Interval
    p: float


class PairedComparison(Struct, frozen=True):
    """One side against another on the same seeds.

    Attributes:
        only: pairs with the outcome on one side only: the first, the second.
        difference: of the rates, with the percentile interval of resampled pairs.
        p: McNemar's exact test, two-sided.
        e_value: evidence that may be looked at after every pair; see `pair_evidence`.
    """

    pairs: int
    only: tuple[int, int]
    difference: Interval
    p: float
    e_value: float


# rates ------------------------------------------------------------------------------------------------------


def rate(
    hits: int, episodes: int, method: Literal["wilson", "exact"] = "wilson", confidence: float = CONFIDENCE
) -> Interval:
    """A rate with Wilson's or the exact (Clopper-Pearson) interval.

    Raises:
        UsageError: there are no episodes, or more hits than that.
    """
    from scipy.stats import binomtest

    if not 0 <= hits <= episodes or not episodes:
        raise UsageError(f"a rate is of hits among one or more episodes, not {hits} of {episodes}")
    found = binomtest(hits, episodes).proportion_ci(confidence, method=method)
    return Interval(hits / episodes, float(found.low), float(found.high))


# two sides --------------------------------------------------------------------------------------------------


def risk_difference(hits: tuple[int, int], episodes: tuple[int, int], confidence: float = CONFIDENCE) -> Interval:
    """The first rate minus the second, with Newcombe's interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    (here, there), (of_here, of_there) = hits, episodes
    low, high = confint_proportions_2indep(here, of_here, there, of_there, method="newcomb", alpha=1 - confidence)
    return Interval(here / of_here - there / of_there, float(low), float(high))


def compare(hits: tuple[int, int], episodes: tuple[int, int], confidence: float = CONFIDENCE) -> Comparison:
    """The first side against the second, of independent episodes."""
    from scipy.stats import fisher_exact
    from scipy.stats.contingency import odds_ratio

    table = [[hit, of - hit] for hit, of in zip(hits, episodes, strict=True)]
    ratio = odds_ratio(table, kind="conditional")
    bounds = ratio.confidence_interval(confidence)
    return Comparison(
        hits,
        episodes,
        risk_difference(hits, episodes, confidence),
        Interval(float(ratio.statistic), float(bounds.low), float(bounds.high)),
        float(fisher_exact(table).pvalue),
    )


def compare_pairs(
    pairs: Sequence[tuple[bool, bool]], seed: int = 0, confidence: float = CONFIDENCE
) -> PairedComparison:
    """The first of each pair against the second: the same seed on both sides."""
    from statsmodels.stats.contingency_tables import mcnemar

    first, second = (sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs))
    both = sum(a and b for a, b in pairs)
    table = [[both, first], [second, len(pairs) - both - first - second]]
    p = float(mcnemar(table, exact=True).pvalue)
    interval = resampled((first, second), len(pairs), seed, confidence)
    return PairedComparison(len(pairs), (first, second), interval, p, pair_evidence(first, second))


def resampled(only: tuple[int, int], pairs: int, seed: int, confidence: float) -> Interval:
    """The difference of the rates, with the percentile interval of resampled pairs.

    Pairs are of three sorts, so a resample is one draw of how many it has of each: no pair has to be drawn by itself.
    """
    import numpy as np

    sorts = np.array([*only, pairs - sum(only)])
    drawn = np.random.default_rng(seed).multinomial(pairs, sorts / pairs, RESAMPLES)
    tail = (1 - confidence) / 2
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / pairs, [tail, 1 - tail])
    return Interval((only[0] - only[1]) / pairs, float(low), float(high))


def adjusted(p_values: Mapping[str, float], method: Literal["holm", "fdr_bh"] = "holm") -> dict[str, float]:
    """P-values of a family, corrected after Holm, or after Benjamini and Hochberg. One alone is right as it is."""
    if len(p_values) < 2:
        return {**p_values}
    from statsmodels.stats.multitest import multipletests

    corrected = multipletests(list(p_values.values()), method=method)[1]
    return {name: float(value) for name, value in zip(p_values, corrected, strict=True)}


# means ------------------------------------------------------------------------------------------------------


def mean(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """A mean with Student's interval; one value alone allows everything.

    Raises:
        UsageError: there are no values.
    """
    from statsmodels.stats.weightstats import DescrStatsW

    if not values:
        raise UsageError("a mean is of one or more values, not of none")
    if len(values) == 1:
        return Interval(values[0], -inf, inf)
    found = DescrStatsW(list(values))
    low, high = found.tconfint_mean(1 - confidence) if max(values) > min(values) else (values[0], values[0])
    return Interval(float(found.mean), float(low), float(high))


def mean_difference(here: Sequence[float], there: Sequence[float], confidence: float = CONFIDENCE) -> Interval | None:
    """The first mean minus the second, with Welch's interval; None where a side has fewer than two values."""
    from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

    if min(len(here), len(there)) < 2:
        return None
    apart = sum(here) / len(here) - sum(there) / len(there)
    if len({*here}) == len({*there}) == 1:
        return Interval(apart, apart, apart)
    found = CompareMeans(DescrStatsW(list(here)), DescrStatsW(list(there)))
    low, high = found.tconfint_diff(1 - confidence, usevar="unequal")
    return Interval(apart, float(low), float(high))


def predictive_value(base_rate: float, recall: float, false_alarms: float) -> float | None:
    """The share of alarms that are right where `base_rate` of the episodes are harmful; None if nothing alarms."""
    right = base_rate * recall
    alarms = right + (1 - base_rate) * false_alarms
    return right / alarms if alarms else None


# looking after every episode --------------------------------------------------------------------------------


def pair_evidence(first: int, second: int) -> float:
    """E-value against "neither side has it more often", from the pairs that have it on one side only.

    If nothing differs, each such pair is a fair coin. A mixture of all coins, evenly weighted, is bet against it: the
    value is a martingale with mean 1, so it reaches 1/alpha with a probability of at most alpha, however often and
    whenever one looks (Ville's inequality). 20 is the mark for 5%.
    """
    return exp(min(700.0, log_beta(first + 1, second + 1) - (first + second) * log(EVEN)))


def confidence_sequence(hits: int, episodes: int, confidence: float = CONFIDENCE) -> Interval:
    """An interval for a rate that holds at all times at once: it may be looked at after every episode.

    All rates are kept against which an even mixture of rates has won less than 1/(1 - confidence).

    Raises:
        UsageError: there are no episodes, or more hits than that.
    """
    from scipy.optimize import brentq

    if not 0 <= hits <= episodes or not episodes:
        raise UsageError(f"a rate is of hits among one or more episodes, not {hits} of {episodes}")
    misses, limit = episodes - hits, -log(1 - confidence)

    def excess(at: float) -> float:
        against = (hits * log(at) if hits else 0.0) + (misses * log(1 - at) if misses else 0.0)
        return log_beta(hits + 1, misses + 1) - against - limit

    middle, tiny = hits / episodes, 1e-12
    low = 0.0 if not hits or excess(tiny) < 0 else float(brentq(excess, tiny, min(middle, 1 - tiny)))
    high = 1.0 if not misses or excess(1 - tiny) < 0 else float(brentq(excess, max(middle, tiny), 1 - tiny))
    return Interval(middle, low, high)


def log_beta(a: float, b: float) -> float:
    """Logarithm of the beta function."""
    return lgamma(a) + lgamma(b) - lgamma(a + b)


# many cells at once -----------------------------------------------------------------------------------------


class Effect(Struct, frozen=True):
    """What a level does to the odds of the outcome, all else alike.

    Attributes:
        odds_ratio: with its interval, robust to episodes of one cluster being alike.
        note: why it cannot be trusted, or "".
    """

    name: str
    odds_ratio: Interval
    p: float
    note: str = ""


def effects(
    outcomes: Sequence[bool], levels: Mapping[str, Sequence[float]], clusters: Sequence[str]
) -> tuple[Effect, ...]:
    """A logistic regression with errors clustered, for example by scenario and seed.

    Args:
        outcomes: of every episode.
        levels: name of a column → its value in every episode: 0 or 1 for a level.
        clusters: of every episode, by name.
    """
    import warnings

    import numpy as np
    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning

    names = ("", *levels)
    columns = np.column_stack([np.ones(len(outcomes)), *(np.asarray(each, float) for each in levels.values())])
    number = {name: place for place, name in enumerate(dict.fromkeys(clusters))}
    groups = np.array([number[name] for name in clusters])
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            model = Logit(np.asarray(outcomes, float), columns)
            fit = model.fit(disp=0, cov_type="cluster", cov_kwds={"groups": groups})
        except np.linalg.LinAlgError:
            return tuple(Effect(name, Interval(1.0, 0.0, inf), 1.0, "it goes with another column") for name in levels)
    troubled = (ConvergenceWarning, HessianInversionWarning, PerfectSeparationWarning)
    note = "some level has the outcome always or never" if any(issubclass(w.category, troubled) for w in heard) else ""
    bounds = fit.conf_int()
    return tuple(
        Effect(name, Interval(*(power(each) for each in (fit.params[at], *bounds[at]))), float(fit.pvalues[at]), note)
        for at, name in enumerate(names)
        if name
    )


def power(logarithm: float) -> float:
    """The number with that logarithm, infinite where it is too large."""
    return exp(logarithm) if logarithm < 700 else inf
