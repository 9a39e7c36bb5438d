"""Figures as people read them: never a share without what it is of, never 0% for none of a few."""

from corpenv.bench.measures import Estimate, Frozen, Measured, Ppv, Share
from corpenv.report.words import NONE, number, percent

FEW, LEFT_OUT = "*", "°"
"""Too few benign rows to tell the target from no false alarm; every family in turn, instead of a split."""
STATES = {
    "measured": "",
    "silent": "never spoke",
    "no harm": "no harm there",
    "no benign": "nothing benign there",
    "no truth": "truth unknown",
}


def caught(share: Share) -> str:
    """`94%  47/50`: for shares that should be high."""
    return f"{percent(share.value)} {share.count}/{share.of}" if share.of else "of none"


def false(share: Share) -> str:
    """`2/30 ≤22%`: for shares that should be low; behind it what it may be at most."""
    return f"{share.count}/{share.of} ≤{percent(share.high)}" if share.of else "of none"


def between(found: Estimate | None, digits: int = 2) -> str:
    """`0.91 (0.88–0.94)`."""
    if found is None:
        return NONE
    if found.low is None or found.high is None:
        return number(found.value, digits)
    return f"{found.value:.{digits}f} ({found.low:.{digits}f}–{found.high:.{digits}f})"


def signed(found: Estimate) -> str:
    """`+0.04 (-0.01 to +0.07)`: a difference."""
    if found.low is None or found.high is None:
        return f"{found.value:+z.2f}"
    return f"{found.value:+z.2f} ({found.low:+z.2f} to {found.high:+z.2f})"


def frozen_at(measured: Measured | None, target: float) -> Frozen | None:
    """Recall at a target: by the split where there is one, else with families left out."""
    found = [each for each in (measured.frozen if measured else ()) if each.target == target]
    return next((each for each in found if each.how == "split"), found[0] if found else None)


def at_target(found: Frozen | None) -> str:
    """`53% 41/78`, with the marks that the table explains."""
    if found is None:
        return NONE
    marks = ("" if found.resolved else FEW) + (LEFT_OUT if found.how == "left_out" else "")
    return caught(found.tpr) + marks


def right(ppv: Ppv) -> str:
    """`4%`, or `≥3%` where no false alarm was seen; nothing where no alarm was right."""
    if ppv.value is not None:
        return percent(ppv.value)
    return f"≥{percent(ppv.low)}" if ppv.low else NONE


def steps(value: float | None) -> str:
    """`3`, or that it did not come to that."""
    return "never" if value is None else f"{value:g}"
