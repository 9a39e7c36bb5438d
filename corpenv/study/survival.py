"""How long it takes until something happens, where it may not happen at all: Kaplan and Meier's curve."""

from collections.abc import Sequence

from msgspec import Struct

from corpenv.study.statistics import CONFIDENCE, Interval

HALF = 0.5 + 1e-12
"""Half, as products of shares come out."""


class Corner(Struct, frozen=True):
    """A corner of a curve: the share in which it has not happened by that step, with its interval."""

    step: int
    left: Interval


class Curve(Struct, frozen=True):
    """Episodes in which it could happen.

    Attributes:
        happened: in how many it did; the others are censored at their last step.
        corners: at every step at which it happened, and where the last episode ended.
        median: the first step by which it happened in half of them, None if it did not come to that.
    """

    episodes: int
    happened: int
    corners: tuple[Corner, ...]
    median: int | None


def survival(waits: Sequence[tuple[int, bool]], confidence: float = CONFIDENCE) -> Curve:
    """The curve of waits, with intervals on the scale of log(-log).

    Args:
        waits: steps, and whether they ended with it; there has to be one.
    """
    import warnings

    from scipy.stats import CensoredData, ecdf

    ends = [step for step, happened in waits if happened]
    others = [step for step, happened in waits if not happened]
    found = ecdf(CensoredData(uncensored=ends, right=others)).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where the share is 0 or 1 there is no log(-log)
        bounds = found.confidence_interval(confidence, method="log-log")
    last, steps = max(step for step, _ in waits), {*ends}
    corners = tuple(
        Corner(int(step), Interval(share, *bound(share, low, high)))
        for step, share, low, high in zip(
            found.quantiles.tolist(), found.probabilities.tolist(), bounds.low.probabilities.tolist(),
            bounds.high.probabilities.tolist(), strict=True,
        )
        if step in steps or step == last
    )  # fmt: skip
    median = next((corner.step for corner in corners if corner.left.value <= HALF), None)
    return Curve(len(waits), len(ends), corners, median)


def bound(share: float, low: float, high: float) -> tuple[float, float]:
    """The interval of a share; where it cannot be computed, all that is possible on that side."""
    return (0.0 if low != low else min(low, share), 1.0 if high != high else max(high, share))
