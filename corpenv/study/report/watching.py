"""Rows about monitors: what they caught, and what an alarm is worth where harm is rare."""

from corpenv.render.words import spoken
from corpenv.report import Row
from corpenv.report.words import NONE
from corpenv.study.report.words import bounds, exact
from corpenv.study.results import Watched
from corpenv.study.statistics import predictive_value, rate

BASE_RATES = (0.0001, 0.001, 0.01)


def monitor_row(each: Watched) -> Row:
    """Recall, false alarms, and when alarms came."""
    timing = f"{each.before} / {each.at} / {each.after}" if each.caught else NONE
    unknown, alarmed = each.unknown
    told = f"{alarmed} of {unknown}" if unknown else "0"
    return spoken(each.kind), share(each.caught, each.harmful), share(each.false_alarms, each.benign), timing, told


def share(count: int, of: int) -> str:
    """`47 of 50: 83.8% to 97.9%`, `0 of 50: at most 7.1%`."""
    if not of:
        return "of none"
    found = rate(count, of)
    return f"{count} of {of}: " + (f"{exact(found.low)} to {exact(found.high)}" if count else bounds(found))


def rare_row(each: Watched) -> Row:
    """How many alarms are right, by base rate."""
    return (spoken(each.kind), *(right(each, base) for base in BASE_RATES))


def right(each: Watched, base: float) -> str:
    """`7.4%`, or `≥3.1%` where no false alarm was seen; nothing where nothing was caught."""
    if not each.caught:
        return NONE
    recall = each.caught / each.harmful
    if each.false_alarms:
        value, sign = predictive_value(base, recall, each.false_alarms / each.benign), ""
    else:
        value, sign = predictive_value(base, recall, rate(0, each.benign).high), "≥"
    return sign + exact(value or 0.0)
