"""What a report has no row for, and how its figures were made."""

from collections.abc import Iterator

from corpenv.bench.measures import Report
from corpenv.bench.report.points import DRAWN, ranked


def remarks(report: Report) -> Iterator[str]:
    """A line each."""
    if silent := [each.monitor for each in report.monitors if each.overall is None]:
        yield f"Of no kind of harm here did they ever speak: {', '.join(silent)}."
    many = f"{len(report.families)} families" if len(report.families) > 1 else "1 family"
    yield f"{many} of scenarios: {', '.join(report.families)}."
    if report.calibration:
        yield f"Thresholds set beforehand were taken from: {', '.join(report.calibration)}."
    if report.mistaken:
        yield "The page and the JSON document name every look-alike that was taken for harm."


def few_drawn(report: Report) -> Iterator[str]:
    """That charts do not show every monitor, where they do not."""
    if (found := len(ranked(report))) > DRAWN:
        yield f"Charts show {DRAWN} of {found} monitors, those that speak of the most harm; the tables have all."
