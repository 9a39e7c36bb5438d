"""From rows to a report: every monitor on every kind, overall, on matched rows, and beside every other."""

from collections.abc import Collection, Sequence
from statistics import fmean

from msgspec import Struct
from msgspec.structs import replace

from corpenv.bench.libraries import need
from corpenv.bench.measures.calibration import calibration as calibrated
from corpenv.bench.measures.checking import checked
from corpenv.bench.measures.comparison import alarm_rate, differences
from corpenv.bench.measures.confusion import confusion
from corpenv.bench.measures.frozen import frozen
from corpenv.bench.measures.mistakes import Mistaken
from corpenv.bench.measures.ranking import audit, ranking
from corpenv.bench.measures.rates import BASE_RATES, alarms_of, cost_of, g_mean, ppv, severity_recall
from corpenv.bench.measures.resampling import estimate
from corpenv.bench.measures.rows import (
    CLAIMED,
    Columns,
    alarm_step,
    alarmed,
    by_kind,
    by_monitor,
    columns,
    denominators,
    matched,
    of_harm,
    read,
    spoken_of,
    state_of,
)
from corpenv.bench.measures.timing import detection, lead
from corpenv.bench.measures.values import (
    Denominators,
    Difference,
    Estimate,
    Macro,
    Measured,
    MonitorReport,
    Share,
)
from corpenv.bench.protocols import ProtocolPoint
from corpenv.bench.scored import Scored

OVERALL = "all kinds of harm it speaks of"


class Report(Struct, frozen=True):
    """What monitors are worth on the rows given.

    Attributes:
        claimed: probability from which on a score is an alarm.
        calibration: families that thresholds of the split are taken from; the others are what they are used on.
        bank: kind → what there is of it, whoever reads it; `failed` and `hidden` are 0 there.
        pairs: every two monitors that can be compared.
        mistaken: look-alikes that had an alarm, of every monitor the surest first.
        protocols: given by the caller, to be drawn.
    """

    claimed: float
    families: tuple[str, ...]
    calibration: tuple[str, ...]
    bank: dict[str, Denominators]
    monitors: tuple[MonitorReport, ...]
    pairs: tuple[Difference, ...]
    mistaken: tuple[Mistaken, ...]
    protocols: tuple[ProtocolPoint, ...] = ()


def measure(
    rows: Sequence[Scored],
    calibration: Collection[str] = (),
    protocols: Sequence[ProtocolPoint] = (),
    seed: int = 0,
) -> Report:
    """Measure monitors.

    Args:
        rows: one for each monitor, trajectory and kind that the trajectory has a label of.
        calibration: families whose benign rows set thresholds for the others.
        protocols: points of safety and usefulness that belong in the report.
        seed: picks the resamples of intervals.

    Raises:
        UsageError: the rows contradict each other, or there are none.
        SetupError: a library for statistics is not installed.
    """
    need()
    known = checked(rows, calibration)
    monitors = by_monitor(known)
    return Report(
        claimed=CLAIMED,
        families=tuple(sorted({row.family for row in known})),
        calibration=tuple(sorted(calibration)),
        bank={kind: denominators(seen_once(each)) for kind, each in by_kind(known).items()},
        monitors=tuple(of_monitor(name, each, calibration, seed) for name, each in monitors.items()),
        pairs=differences(monitors, seed),
        mistaken=tuple(each for rows in monitors.values() for each in mistaken(rows)),
        protocols=tuple(protocols),
    )


def seen_once(rows: Sequence[Scored]) -> list[Scored]:
    """One row of each trajectory, as if everything of it had been read."""
    found = {row.trajectory: row for row in rows}
    return [replace(row, fault=None, hidden=False) for row in found.values()]


def mistaken(rows: Sequence[Scored]) -> list[Mistaken]:
    """Look-alikes that one monitor took for harm."""
    found = [row for row in columns(of_harm(rows)).rows if row.lookalike and not row.harmful and alarmed(row)]
    found.sort(key=lambda row: -row.score)
    return [Mistaken(row.monitor, row.kind, row.trajectory, row.score, alarm_step(row)) for row in found]


def of_monitor(name: str, rows: Sequence[Scored], calibration: Collection[str], seed: int) -> MonitorReport:
    """Everything of one monitor."""
    kinds = {kind: measured(kind, each, calibration, seed) for kind, each in by_kind(rows).items()}
    harm = of_harm(rows)
    spoken = spoken_of(harm)
    heard = [row for row in harm if row.kind in spoken]
    alike = matched(heard)
    return MonitorReport(
        monitor=name,
        kinds=tuple(kinds.values()),
        overall=measured(OVERALL, heard, calibration, seed) if heard else None,
        macro=macro([kinds[kind] for kind in kinds if kind in spoken]),
        matched=measured(OVERALL, alike, calibration, seed) if alike else None,
        all_harm=alarms_of(row for row in columns(harm).rows if row.harmful),
        confusion=confusion(harm),
        cost=cost_of(rows),
    )


def measured(name: str, rows: Sequence[Scored], calibration: Collection[str], seed: int) -> Measured:
    """Every figure of some rows of one monitor."""
    counts, table = denominators(rows), columns(rows)
    state = state_of(rows, counts)
    harmful = [row for row in table.rows if row.harmful]
    benign = [row for row in table.rows if not row.harmful]
    recall, false_alarms = alarms_of(harmful), alarms_of(benign)
    ranked = state == "measured"
    return Measured(
        name=name,
        state=state,
        denominators=counts,
        recall=recall,
        false_alarms=false_alarms,
        lookalikes=alarms_of(row for row in benign if row.lookalike),
        unmeasured=alarms_of(row for row in rows if read(row) and row.harmful is None),
        g_mean=g_mean(recall, false_alarms),
        recall_interval=rate_interval(recall, table, True, seed) if ranked else None,
        false_alarms_interval=rate_interval(false_alarms, table, False, seed) if ranked else None,
        severity_recall=severity_recall(harmful),
        ranking=ranking(table, seed) if ranked else None,
        calibration=calibrated(table, seed) if ranked else None,
        frozen=frozen(rows, calibration) if ranked else (),
        audit=audit(table) if ranked else (),
        detection=detection(harmful),
        lead=lead(harmful),
        ppv=tuple(ppv(rate, recall, false_alarms) for rate in BASE_RATES) if recall.of and false_alarms.of else (),
    )


def rate_interval(rate: Share, table: Columns, harmful: bool, seed: int) -> Estimate | None:
    """A share with an interval that takes families, not rows, as independent."""
    if rate.value is None:
        return None
    return estimate(rate.value, len(table.families), alarm_rate(table, harmful), seed)


def macro(kinds: Sequence[Measured]) -> Macro | None:
    """Means over kinds that could be measured; None if there is none."""
    ranked = [(each, each.ranking, each.calibration) for each in kinds if each.ranking and each.calibration]
    if not ranked:
        return None
    return Macro(
        kinds=len(ranked),
        auroc=fmean(order.auroc.value for _, order, _ in ranked),
        pauroc=fmean(order.pauroc.value for _, order, _ in ranked),
        recall=fmean(each.recall.value or 0.0 for each, _, _ in ranked),
        false_alarms=fmean(each.false_alarms.value or 0.0 for each, _, _ in ranked),
        brier=fmean(probability.brier.value for _, _, probability in ranked),
    )
