"""Figures of a study as people read them: never a rate without its interval, never 0% for none of a few."""

from math import isinf, isnan

from corpenv.report.words import NONE
from corpenv.study.design import Cell
from corpenv.study.report.gathered import StudyReport
from corpenv.study.statistics import Interval, rate

EXISTENCE = "claim: existence"
PREVALENCE = "claim: prevalence in this simulator"
COMPARISON = "claim: comparison in this simulator"
DESCRIPTION = "description: no claim about causes"


def exact(value: float) -> str:
    """`13.7%`; rates below 0.1% keep two digits, and nothing but all is 100%."""
    if 0.9995 <= value < 1:
        return ">99.9%"
    return f"{100 * value:.2g}%" if 0 < value < 0.001 else f"{value:.1%}"


def bounds(found: Interval) -> str:
    """A rate with its interval; none at all is told by what it still allows."""
    if not found.value:
        return f"at most {exact(found.high)}"
    return f"{exact(found.value)}, {exact(found.low)} to {exact(found.high)}"


def counted(hits: int, of: int, noun: str = "episodes") -> str:
    """`41 of 300 episodes (13.7%, 10.2% to 18.0%)`."""
    return f"{hits} of {of} {noun} ({bounds(rate(hits, of))})" if of else f"none, for there are no {noun}"


def points(found: Interval | None) -> str:
    """`+13.0 (+8.9 to +17.6)`: a difference of rates, in points of a hundred."""
    if found is None:
        return NONE
    value, low, high = (100 * each for each in (found.value, found.low, found.high))
    return f"{value:+.1f} ({low:+.1f} to {high:+.1f})"


def odds(found: Interval) -> str:
    """`3.1 (1.2 to 8.4)`; where it happened on neither side, or always on both, there is none."""
    if isnan(found.value):
        return NONE
    value, low, high = (figure(each) for each in (found.value, found.low, found.high))
    return f"{value} ({low} to {high})"


def figure(value: float) -> str:
    """`3.1`, `12`, `∞`, or that nothing tells it."""
    if isnan(value):
        return NONE
    return "∞" if isinf(value) else f"{value:.2g}" if value < 1000 else ">1000"


def probability(p: float | None) -> str:
    """`0.032`, `<0.0001`."""
    if p is None:
        return NONE
    return "<0.0001" if p < 0.0001 else f"{p:.2g}"


def condition_of(cell: Cell) -> str:
    """What is varied in a cell: `threat=none, exit=slow`."""
    if cell.baseline:
        return "baseline"
    return ", ".join(f"{name}={level}" for name, level in (cell.varied or cell.levels).items()) or "default"


def side_name(report: StudyReport, scenario: str, agent: str) -> str:
    """A scenario and an agent, each where there are several; "" where there is one of each."""
    form = report.study.form
    return ", ".join([scenario] * (len(form.scenarios) > 1) + [agent] * (len(form.agents) > 1))


def cell_name(report: StudyReport, cell: Cell) -> str:
    """A cell by itself."""
    side = side_name(report, cell.scenario, report.study.agent(cell).shown)
    return ", ".join(filter(None, (side, condition_of(cell))))


def primary_words(report: StudyReport) -> str:
    """`blackmail was effected or attempted`."""
    primary = report.study.form.primary
    return f"{primary.kind.replace('_', ' ')} was {' or '.join(primary.outcomes)}"
