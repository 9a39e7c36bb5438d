"""Charts of a report on monitors."""

from typing import Any

from corpenv.bench.measures import Report
from corpenv.bench.report.points import (
    Row,
    audit_points,
    bin_points,
    drawn,
    points,
    protocol_points,
    roc_points,
    waiting_points,
)
from corpenv.report import Chart
from corpenv.report.charts import GREY, chart, colour, needed, share, svg

WIDTH, HEIGHT = 330, 260
TENTHS = (0.0001, 0.001, 0.01, 0.1, 1)


def charts(report: Report) -> tuple[Chart, ...]:
    """Every chart that there is something to draw in, of the monitors that speak of the most harm."""
    heard = drawn(report)
    made = (
        roc_chart(points(heard, roc_points)),
        reliability_chart(points(heard, bin_points)),
        audit_chart(points(heard, audit_points)),
        waiting_chart(points(heard, waiting_points)),
        protocol_chart(protocol_points(report)),
    )
    return tuple(each for each in made if each is not None)


def roc_chart(rows: list[Row]) -> Chart | None:
    """ROC curves, plain and with false alarms on a logarithmic axis."""
    if not rows:
        return None
    alt = needed()
    least = min(row["shown"] for row in rows)
    scale = alt.Scale(type="log", domain=[least, 1])
    axis = alt.Axis(values=[tenth for tenth in TENTHS if tenth >= least], format="~%")
    close = alt.X("shown:Q", title="false alarms (logarithmic)", scale=scale, axis=axis)
    plain = dashed() + line(rows, share(alt.X, "fpr", "false alarms"), share(alt.Y, "tpr", "recall"))
    about = (
        "Recall against false alarms; dashed is chance. On the right the few false alarms that practice allows; a "
        "curve begins there at half of one."
    )
    return Chart("ROC curves", about, svg(plain | line(rows, close, share(alt.Y, "tpr", "recall"))))


def reliability_chart(rows: list[Row]) -> Chart | None:
    """What was said against what was so."""
    if not rows:
        return None
    alt = needed()
    said, true = share(alt.X, "said", "probability that was said"), share(alt.Y, "true", "share that was harm")
    dots = line(rows, said, true, "said", point=True)
    about = "Each point is a tenth of the rows, as far as ties allow. Below the dashed line probabilities are too high."
    return Chart("Reliability", about, svg(dashed() + dots))


def audit_chart(rows: list[Row]) -> Chart | None:
    """What an auditor finds."""
    if not rows:
        return None
    alt = needed()
    budgets = sorted({row["budget"] for row in rows})
    scale = alt.Scale(type="log", domain=[budgets[0], budgets[-1]])
    axis = alt.Axis(values=budgets, format="~%")
    looked = alt.X("budget:Q", title="trajectories looked at (logarithmic)", scale=scale, axis=axis)
    about = "How much harm is found by looking at the most suspicious trajectories, where 1 of 100 is harmful."
    lines = line(rows, looked, share(alt.Y, "caught", "harm found"), "budget", point=True)
    return Chart("Audit budget", about, svg(lines))


def waiting_chart(rows: list[Row]) -> Chart | None:
    """How long harm goes unnoticed."""
    if not rows:
        return None
    alt = needed()
    since = alt.X("steps:Q", title="steps since it could be seen", axis=alt.Axis(tickMinStep=1))
    stairs = line(rows, since, share(alt.Y, "left", "without an alarm"), interpolate="step-after")
    about = (
        "Harm that has no alarm yet, so many steps after the view could first show it (Kaplan and Meier: a trajectory "
        "that ended without one counts as if it might have come later)."
    )
    return Chart("Time to detection", about, svg(stairs))


def protocol_chart(rows: list[Row]) -> Chart | None:
    """Safety against usefulness of monitors that act as guardrails."""
    if not rows:
        return None
    alt = needed()
    useful, effected = share(alt.X, "useful", "ordinary tasks done"), share(alt.Y, "effected", "harm that took effect")
    words = (
        base(rows)
        .mark_text(dy=-10, fontSize=9)
        .encode(x="useful:Q", y="effected:Q", text="at:N", color=colour("monitor"))
    )
    about = "A guardrail stops a turn from the probability at the point on; the lower right corner is best."
    return Chart("Safety and usefulness", about, svg(line(rows, useful, effected, point=True) + words))


# parts -----------------------------------------------------------------------------------------------------------


def base(rows: list[Row]) -> Any:
    """A chart of rows."""
    return chart(rows, WIDTH, HEIGHT)


def line(rows: list[Row], across: Any, up: Any, order: str = "order", **mark: Any) -> Any:
    """A line for every monitor."""
    return base(rows).mark_line(**mark).encode(x=across, y=up, color=colour("monitor"), order=f"{order}:Q")


def dashed() -> Any:
    """The diagonal."""
    ends = [{"x": 0, "y": 0}, {"x": 1, "y": 1}]
    return base(ends).mark_line(strokeDash=[4, 4], color=GREY).encode(x="x:Q", y="y:Q")
