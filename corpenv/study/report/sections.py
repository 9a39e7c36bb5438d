"""A study's report as tables of words, the same in the terminal and on the page; what is asked first comes first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar

from corpenv.render.words import spoken
from corpenv.report import Caption, Row, Section
from corpenv.report.words import NONE
from corpenv.study.report import captions
from corpenv.study.report.gathered import StudyReport
from corpenv.study.report.watching import monitor_row, rare_row
from corpenv.study.report.words import bounds, condition_of, exact, figure, odds, points, probability, side_name
from corpenv.study.results import CellResult, CellWait, ContrastResult, KindResult
from corpenv.study.statistics import Interval, PairedComparison
from corpenv.turns import shorten

Of = TypeVar("Of", CellResult, CellWait)


def sections(report: StudyReport) -> tuple[Section, ...]:
    """Every table that has a row."""
    made = ((caption, tuple(rows(report))) for caption, rows in ROWS.items())
    return tuple(Section(caption, rows) for caption, rows in made if rows)


# cells ------------------------------------------------------------------------------------------------------


def cell_rows(report: StudyReport) -> Iterator[Row]:
    """Rates."""
    yield from under_heads(report, report.results.cells, cell_row)


def beside_rows(report: StudyReport) -> Iterator[Row]:
    """What else was done."""
    yield from under_heads(report, report.results.cells, beside_row)


def under_heads(report: StudyReport, found: Iterable[Of], row: Callable[[Of], Row]) -> Iterator[Row]:
    """A row for each; under a heading for each scenario and agent where there are several."""
    for (scenario, agent), group in groupby(found, lambda each: (each.cell.scenario, each.cell.agent)):
        if name := side_name(report, scenario, report.study.form.agents[agent].shown):
            yield (name,)
        yield from map(row, group)


def cell_row(each: CellResult) -> Row:
    out = ", ".join(f"{count} {why}" for why, count in each.excluded.items()) or "0"
    figures = map(str, (each.chance, each.attempted, each.effected))
    return condition_of(each.cell), str(each.run), out, *figures, bounds(each.rate) if each.rate else NONE


def beside_row(each: CellResult) -> Row:
    tasks, done = each.tasks
    share = f"{exact(each.useful.value)} (±{100 * (each.useful.high - each.useful.value):.1f})" if each.useful else NONE
    of_valid = (f"{count} of {each.valid}" for count in (each.dropped, each.protective, each.aware))
    severity = f"{each.severity.value:.2f}" if each.severity else NONE
    return condition_of(each.cell), f"{done} of {tasks}", share, *of_valid, severity


def wait_rows(report: StudyReport) -> Iterator[Row]:
    """How long it took."""
    yield from under_heads(report, report.results.waits, wait_row)


def wait_row(each: CellWait) -> Row:
    curve, last = each.curve, each.curve.corners[-1]
    half = "never" if curve.median is None else str(curve.median)
    left = last.left
    by_then = bounds(Interval(1 - left.value, 1 - left.high, 1 - left.low)) if curve.happened else NONE
    return condition_of(each.cell), str(curve.episodes), str(curve.happened), half, str(last.step), by_then


# contrasts --------------------------------------------------------------------------------------------------


def contrast_rows(report: StudyReport) -> Iterator[Row]:
    """Levels against levels."""
    for each in report.results.contrasts:
        if each.contrast.factor != "drop":
            yield (contrast_name(report, each), *side_cells(each))


def line_rows(report: StudyReport) -> Iterator[Row]:
    """The briefing without each line."""
    for each in report.results.contrasts:
        if each.contrast.factor == "drop":
            yield (line_name(report, each), *side_cells(each))


def closer_rows(report: StudyReport) -> Iterator[Row]:
    """Everything else about contrasts."""
    for each in report.results.contrasts:
        if each.sides is None:
            continue
        ratio = odds(each.sides.odds_ratio)
        yield contrast_name(report, each), ratio, *pair_cells(each.pairs), points(each.unaware)


def pair_cells(pairs: PairedComparison | None) -> Row:
    """Pairs on the same seed."""
    if pairs is None:
        return NONE, NONE, NONE
    first, second = pairs.only
    return f"{first} / {second} of {pairs.pairs}", probability(pairs.p), figure(pairs.e_value)


def contrast_name(report: StudyReport, each: ContrastResult) -> str:
    """A contrast, with its scenario and agent where there are several."""
    contrast = each.contrast
    return ", ".join(filter(None, (side_name(report, contrast.scenario, contrast.agent), contrast.name)))


def line_name(report: StudyReport, each: ContrastResult) -> str:
    """A line by its id and its beginning."""
    contrast = each.contrast
    text = report.lines.get((contrast.scenario, contrast.level), "")
    name = ", ".join(filter(None, (side_name(report, contrast.scenario, contrast.agent), contrast.level)))
    return name + (f": {shorten(text, 80)}" if text else "")


def side_cells(each: ContrastResult) -> Row:
    """Both sides and their difference."""
    if each.sides is None:
        return NONE, NONE, "no chance on one side", NONE
    sides = (f"{hits} of {of}" for hits, of in zip(each.sides.hits, each.sides.episodes, strict=True))
    return *sides, points(each.sides.difference), probability(each.p)


def effect_rows(report: StudyReport) -> Iterator[Row]:
    """Odds ratios."""
    for each in report.results.effects:
        figures = (NONE, NONE) if each.note else (odds(each.odds_ratio), probability(each.p))
        yield each.name, *figures, each.note or NONE


# awareness, kinds -------------------------------------------------------------------------------------------


def strata_rows(report: StudyReport) -> Iterator[Row]:
    """By what was said."""
    for each in report.results.awareness.strata if len(report.results.awareness.strata) > 1 else ():
        yield spoken(each.valence), str(each.chance), str(each.hits), bounds(each.rate)


def tax_rows(report: StudyReport) -> Iterator[Row]:
    """With a statement minus without one."""
    awareness = report.results.awareness
    for name, found in (("primary rate", awareness.rate), ("ordinary work done", awareness.useful)):
        if found is not None:
            yield name, points(found)


def kind_rows(report: StudyReport) -> Iterator[Row]:
    """Every outcome of every kind."""
    for each in report.results.kinds:
        unmeasured = ", ".join(f"{count} {fault}" for fault, count in each.unmeasured.items()) or "0"
        hits, of = each.baseline
        rest = map(str, (each.no_opportunity, each.prepared, each.none))
        yield (spoken(each.kind), str(each.labelled), str(each.effected), str(each.attempted), unmeasured, *rest,
               f"{hits} of {of}" if of else NONE)  # fmt: skip


def origin_rows(report: StudyReport) -> Iterator[Row]:
    """Where it came from, of what was done at all."""
    yield from (origin_row(each) for each in report.results.kinds if each.effected + each.attempted)


def origin_row(each: KindResult) -> Row:
    counts = (str(each.origins.get(origin, 0)) for origin in ("initiated", "instructed", "inherited"))
    bases = ", ".join(f"{count} {basis}" for basis, count in each.bases.items())
    return spoken(each.kind), *counts, str(each.informed), str(each.censored), bases


def monitor_rows(report: StudyReport) -> Iterator[Row]:
    """Alarms against truth."""
    yield from map(monitor_row, report.results.monitors)


def rare_rows(report: StudyReport) -> Iterator[Row]:
    """What an alarm is worth."""
    yield from (rare_row(each) for each in report.results.monitors if each.harmful and each.benign)


def realism_rows(report: StudyReport) -> Iterator[Row]:
    """How real the worlds read."""
    for each in report.realism:
        plot, whole = each.plot, each.ordinary["all"]
        days = (str(whole.items), f"{whole.working_day:.0f}", f"{whole.reach:.0f}")
        yield each.scenario, *days, str(plot.items), exact(plot.share_of_words), exact(plot.share_in_reach)


ROWS: Mapping[Caption, Callable[[StudyReport], Iterator[Row]]] = {
    captions.CELLS: cell_rows,
    captions.CONTRASTS: contrast_rows,
    captions.LINES: line_rows,
    captions.CLOSER: closer_rows,
    captions.EFFECTS: effect_rows,
    captions.WAITS: wait_rows,
    captions.BESIDE: beside_rows,
    captions.AWARE: strata_rows,
    captions.TAX: tax_rows,
    captions.KINDS: kind_rows,
    captions.ORIGINS: origin_rows,
    captions.MONITORS: monitor_rows,
    captions.RARE: rare_rows,
    captions.REALISM: realism_rows,
}
"""Caption → its rows, in the order of the page."""
