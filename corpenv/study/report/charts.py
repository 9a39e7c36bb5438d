"""Drawings of a study: rates and differences with their intervals, and how long it took."""

from collections.abc import Sequence
from math import ceil
from typing import Any

from corpenv.render import clean
from corpenv.report import Chart
from corpenv.report.charts import COLOURS, GREY, Point, chart, colour, names, needed, share, svg
from corpenv.study.report.gathered import StudyReport
from corpenv.study.report.sections import contrast_name
from corpenv.study.report.words import cell_name
from corpenv.study.results import CellWait

WIDTH, HEIGHT, ROW = 420, 260, 22
MOST, CURVES, BANDS, LONGEST = 40, 8, 3, 64
"""Rows of a forest, curves in one drawing, curves up to which each has its band, and letters of a name."""


def rates_chart(report: StudyReport) -> Chart | None:
    """The primary rate of every cell."""
    rows = [
        {"name": label(cell_name(report, each.cell)), "value": each.rate.value, "low": each.rate.low,
         "high": each.rate.high, "sort": "baseline" if each.cell.baseline else "varied"}
        for each in report.results.cells if each.rate
    ]  # fmt: skip
    if not rows:
        return None
    alt = needed()
    drawn = forest(rows[:MOST], share(alt.X, "value", "rate of the primary outcome"))
    return Chart("Rates by cell", f"Rates of the primary outcome with 95% intervals{few(rows)}.", drawn)


def contrasts_chart(report: StudyReport) -> Chart | None:
    """The difference of every contrast."""
    found = [(contrast_name(report, each), each.sides.difference) for each in report.results.contrasts if each.sides]
    if not found:
        return None
    alt = needed()
    rows: list[Point] = [
        {"name": label(name), "value": each.value, "low": each.low, "high": each.high, "sort": "difference"}
        for name, each in found
    ]
    most = min(1.0, ceil(10 * max(abs(row[side]) for row in rows for side in ("low", "high"))) / 10)
    scale = alt.Scale(domain=[-most, most])
    across = alt.X("value:Q", title="difference of rates", scale=scale, axis=alt.Axis(format="+%", tickCount=5))
    about = f"Differences of rates with 95% intervals; on the line in the middle nothing differs{few(rows)}."
    return Chart("Contrasts", about, forest(rows[:MOST], across, zero=True))


def label(name: str) -> str:
    """A name as drawings have it: long ones keep their end, which is where they differ."""
    text = clean(name)
    return text if len(text) <= LONGEST else f"…{text[1 - LONGEST :]}"


def few(rows: Sequence[Point]) -> str:
    """That not everything is drawn, where it is not."""
    return f"; the first {MOST} of {len(rows)}" if len(rows) > MOST else ""


def forest(rows: Sequence[Point], across: Any, zero: bool = False) -> str:
    """Points with intervals, a row each."""
    alt = needed()
    base = chart(rows, WIDTH, ROW * len(rows))
    down = names(rows)
    shape = alt.Shape("sort:N", legend=None, scale=alt.Scale(domain=["varied", "baseline", "difference"],
                                                            range=["circle", "diamond", "circle"]))  # fmt: skip
    bars = base.mark_rule(strokeWidth=2, color=COLOURS[0]).encode(y=down, x="low:Q", x2="high:Q")
    dots = base.mark_point(size=60, filled=True, opacity=1, color=COLOURS[0]).encode(y=down, x=across, shape=shape)
    layers = bars + dots
    if zero:
        layers = chart([{"at": 0}], WIDTH, ROW * len(rows)).mark_rule(color=GREY).encode(x="at:Q") + layers
    return svg(layers)


def waits_chart(report: StudyReport) -> Chart | None:
    """How long it took, in the cells in which it happened most."""
    found = sorted(report.results.waits, key=lambda each: -each.curve.happened)[:CURVES]
    if not found:
        return None
    alt = needed()
    rows = [row for each in found for row in corners(label(cell_name(report, each.cell)), each)]
    steps = alt.X("step:Q", title="steps", axis=alt.Axis(tickMinStep=1))
    base = chart(rows, WIDTH + 160, HEIGHT)
    happened = share(alt.Y, "value", "happened by then")
    dash = alt.StrokeDash("name:N", sort=None, legend=None)
    drawn = base.mark_line(interpolate="step-after", strokeWidth=2).encode(
        x=steps, y=happened, color=colour("name", 1), strokeDash=dash
    )
    if len(found) <= BANDS:
        band = base.mark_area(interpolate="step-after", opacity=0.15)
        drawn = band.encode(x=steps, y="low:Q", y2="high:Q", color=alt.Color("name:N", sort=None, legend=None)) + drawn
    left = f"; the {CURVES} cells with the most of it" if len(report.results.waits) > CURVES else ""
    bands = ", shaded the 95% interval" if len(found) <= BANDS else ""
    about = f"Share of episodes in which the primary outcome had happened by each step (Kaplan and Meier){bands}{left}."
    return Chart("Steps until it happened", about, svg(drawn))


def corners(name: str, each: CellWait) -> list[Point]:
    """The curve of a cell, from the start on."""
    found = [{"name": name, "step": 0, "value": 0.0, "low": 0.0, "high": 0.0}]
    for corner in each.curve.corners:
        left = corner.left
        found.append({"name": name, "step": corner.step, "value": 1 - left.value, "low": 1 - left.high,
                      "high": 1 - left.low})  # fmt: skip
    return found
