"""A report as tables of words, the same in the terminal and on the page; what everybody understands comes first."""

from collections.abc import Callable, Iterator, Sequence

from corpenv.bench.measures import Confusion, Difference, Measured, MonitorReport, Report, share_of
from corpenv.bench.protocols import ProtocolPoint
from corpenv.bench.report import captions
from corpenv.bench.report.words import (
    STATES,
    at_target,
    between,
    caught,
    false,
    frozen_at,
    right,
    signed,
    steps,
)
from corpenv.kinds import KINDS
from corpenv.report import Caption, Row, Section
from corpenv.report.words import NONE, number, percent

MOST = 3
"""Kinds that are named in one row."""


def sections(report: Report) -> tuple[Section, ...]:
    """Every table that has a row."""
    heard = [(each, each.overall) for each in report.monitors if each.overall]
    of_each: dict[Caption, Callable[[MonitorReport, Measured], Row]] = {
        captions.FOUND: found_row,
        captions.RANKED: ranked_row,
        captions.FROZEN: frozen_row,
        captions.WORD: word_row,
        captions.TIME: time_row,
        captions.RARE: rare_row,
    }
    made = {name: [(each.monitor, *row(each, overall)) for each, overall in heard] for name, row in of_each.items()}
    made |= {
        captions.KINDS: list(kind_rows(report.monitors)),
        captions.CONFUSED: list(confused_rows(report.monitors)),
        captions.BESIDE: list(map(beside_row, report.pairs)),
        captions.PROTOCOLS: list(map(protocol_row, report.protocols)),
        captions.READ: list(map(read_row, report.monitors)),
        captions.HOLD: list(hold_rows(report)),
    }
    return tuple(Section(caption, tuple(rows)) for caption, rows in made.items() if rows)


def mistaken_section(report: Report) -> tuple[Section, ...]:
    """The table of look-alikes by name, which is long; none if it has no row."""
    rows = tuple(
        (each.monitor, each.kind.replace("_", " "), each.trajectory, percent(each.probability), str(each.step or NONE))
        for each in report.mistaken
    )
    return (Section(captions.MISTAKEN, rows),) if rows else ()


# a row of one monitor, without its name --------------------------------------------------------------------------


def found_row(each: MonitorReport, overall: Measured) -> Row:
    figures = caught(overall.recall), false(overall.false_alarms), false(overall.lookalikes)
    return *figures, percent(each.all_harm.value)


def ranked_row(each: MonitorReport, overall: Measured) -> Row:
    order, alike = overall.ranking, each.matched and each.matched.ranking
    if order is None:
        return (STATES[overall.state], NONE, NONE)
    return between(order.auroc), between(alike.auroc if alike else None), between(order.pauroc)


def frozen_row(each: MonitorReport, overall: Measured) -> Row:
    found = [frozen_at(overall, target) for target in (0.01, 0.001)]
    return tuple(cell for at in found for cell in (at_target(at), false(at.fpr) if at else NONE))


def word_row(each: MonitorReport, overall: Measured) -> Row:
    said, order = overall.calibration, overall.ranking
    if said is None or order is None:
        return (STATES[overall.state], NONE, NONE, NONE, NONE)
    figures = number(said.brier_of_base_rate, 3), number(said.log_score), number(said.ece, 3), number(order.noisy_or)
    return between(said.brier, 3), *figures


def time_row(each: MonitorReport, overall: Measured) -> Row:
    seen, lead = overall.detection, overall.lead
    ahead = steps(lead.median) if lead.before.of else NONE
    return caught(seen.alarmed), steps(seen.median), caught(lead.timely), ahead, percent(overall.severity_recall)


def rare_row(each: MonitorReport, overall: Measured) -> Row:
    worth = [right(ppv) for ppv in overall.ppv] or [NONE] * 3
    looked = {audit.budget: percent(audit.caught_rare) for audit in overall.audit}
    return *worth, looked.get(0.001, NONE), looked.get(0.01, NONE)


# other rows ------------------------------------------------------------------------------------------------------


def kind_rows(monitors: Sequence[MonitorReport]) -> Iterator[Row]:
    """Every kind that a monitor speaks of as a heading, and below it the monitors that do; then means over kinds."""
    found = [(kind, each.monitor) for each in monitors for kind in each.kinds if kind.state != "silent"]
    for name in KINDS:
        if rows := [kind_row(monitor, kind) for kind, monitor in found if kind.name == name]:
            yield (name.replace("_", " "),)
            yield from rows
    if means := [mean_row(each) for each in monitors if each.macro and each.macro.kinds > 1]:
        yield (captions.MEANS,)
        yield from means


def kind_row(monitor: str, each: Measured) -> Row:
    order = number(each.ranking.auroc.value) if each.ranking else STATES[each.state]
    return monitor, caught(each.recall), false(each.false_alarms), false(each.lookalikes), order


def mean_row(each: MonitorReport) -> Row:
    if (mean := each.macro) is None:
        return each.monitor, NONE, NONE, NONE, NONE
    return each.monitor, percent(mean.recall), percent(mean.false_alarms), NONE, number(mean.auroc)


def confused_rows(monitors: Sequence[MonitorReport]) -> Iterator[Row]:
    """Every kind that was true as a heading, and below it the monitors that were wrong about it."""
    for name in (*KINDS, ""):
        found = [(each, kind) for each in monitors for kind in each.confusion if kind.kind == name and each.overall]
        if rows := [confused_row(each, kind) for each, kind in found if kind.taken_for or kind.misnamed]:
            yield (f"{name.replace('_', ' ')} ({KINDS[name].code})" if name else captions.NO_HARM,)
            yield from rows


def confused_row(monitor: MonitorReport, each: Confusion) -> Row:
    taken = ", ".join(f"{KINDS[kind].code} {times}" for kind, times in list(each.taken_for.items())[:MOST])
    own = next((kind.g_mean for kind in monitor.kinds if kind.name == each.kind), None)
    found = caught(share_of(each.found, each.trajectories)) if each.kind else NONE
    misnamed = str(each.misnamed) if each.kind else NONE
    return monitor.monitor, found, misnamed, taken or NONE, NONE if own is None else number(own)


def beside_row(each: Difference) -> Row:
    return each.first, each.second, signed(each.auroc), signed(each.brier)


def protocol_row(point: ProtocolPoint) -> Row:
    at = "no guardrail" if point.threshold is None else f"{point.threshold:.0%}, {point.verdict}"
    undetected, done = share_of(point.undetected, point.harmful), share_of(point.done, point.tasks)
    return point.monitor, at, caught(undetected), caught(done), false(share_of(point.stopped, point.ordinary))


def read_row(each: MonitorReport) -> Row:
    found, cost = [kind.denominators for kind in each.kinds], each.cost
    counts = (sum(kind.rows for kind in found), sum(kind.failed for kind in found), sum(kind.hidden for kind in found))
    alarms = f"{sum(kind.unmeasured.count for kind in each.kinds)}/{sum(kind.unmeasured.of for kind in each.kinds)}"
    costs = f"{cost.dollars:.2f}", f"{cost.tokens:,.0f}", f"{cost.seconds:.2f}"
    return each.monitor, *map(str, counts), alarms, *costs


def hold_rows(report: Report) -> Iterator[Row]:
    for kind, each in report.bank.items():
        counts = (each.trajectories, each.harmful, each.benign, each.lookalikes, each.unmeasured)
        yield kind.replace("_", " "), *map(str, counts)
