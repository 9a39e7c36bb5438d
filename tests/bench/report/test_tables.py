"""A report in the terminal, and what it says in words."""

import io

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from corpenv.bench.measures import CLAIMED, Estimate, Report, measure, share_of
from corpenv.bench.measures.rates import ppv
from corpenv.bench.report import render_tables
from corpenv.bench.report.captions import FOUND
from corpenv.bench.report.sections import sections
from corpenv.bench.report.words import at_target, between, caught, false, frozen_at, right, signed
from corpenv.bench.scored import Scored
from corpenv.report.sections import Caption, Section
from corpenv.report.terminal import show
from corpenv.report.words import percent


def printed(report: Report, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
    render_tables(report, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize("width", [80, 120])
def test_every_table_fits_the_terminal_and_figures_are_broken_at_spaces_alone(report: Report, width: int) -> None:
    text = printed(report, width)
    assert max(map(len, text.splitlines())) <= width
    lines = text.splitlines()
    for section in sections(report):
        figures = range(section.caption.names, len(section.caption.heads))
        for row in section.rows:
            for place in figures if row[0] == "sharp" else ():
                whole = any(row[place] in line for line in lines)
                assert whole or (
                    width < 100 and all(any(word in line for line in lines) for word in row[place].split())
                )


def test_a_narrow_terminal_leaves_out_figures_that_are_nothing_before_it_breaks_words() -> None:
    heads = ("kind", "effected", "tried", "unmeasured", "no chance", "prepared", "nothing", "baseline")
    row = ("damage nondisclosure", "4", "0", "0", "116", "0", "12", "15 of 24")
    section = Section(Caption("Kinds", "Of each kind.", heads), (row,))
    for width, shown in ((60, {"kind", "effected", "no chance", "nothing", "baseline"}), (120, {*heads})):
        console = Console(file=io.StringIO(), width=width, markup=False, highlight=False, emoji=False)
        show((section,), console)
        text = console.file.getvalue()  # type: ignore[attr-defined]
        assert {head for head in heads if head in text} == shown
        assert ("left out" in text) == (width == 60)
        assert "nondisclosure" in text


def test_recall_false_alarms_and_lookalikes_come_first(report: Report) -> None:
    first = sections(report)[0]
    assert first.caption == FOUND
    sharp = dict(zip(first.caption.heads, first.rows[0], strict=True))
    assert sharp["monitor"] == "sharp"
    overall = report.monitors[0].overall
    assert overall is not None
    assert sharp["recall"] == caught(overall.recall)
    assert sharp["look-alikes"].endswith(f"≤{percent(overall.lookalikes.high)}")
    assert f"{CLAIMED:.0%}" in first.caption.about


def test_what_never_spoke_is_named_and_has_no_row(report: Report) -> None:
    text = printed(report, 80)
    assert "Of no kind of harm here did they ever speak: quiet." in text
    found = next(section for section in sections(report) if section.caption == FOUND)
    assert "quiet" not in {row[0] for row in found.rows}


def test_what_steers_a_terminal_does_not_get_there(report: Report) -> None:
    text = printed(report, 120)
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_denominators_that_are_in_no_figure_are_shown(report: Report) -> None:
    read = next(section for section in sections(report) if "failed" in section.caption.heads)
    sharp = dict(zip(read.caption.heads, read.rows[0], strict=True))
    assert {name: sharp[name] for name in ("rows", "failed", "hidden", "unmeasured")} == {
        "rows": "243",
        "failed": "1",
        "hidden": "1",
        "unmeasured": "1/1",
    }


def test_rows_without_a_known_truth_make_tables_too_and_no_share(rows: list[Scored]) -> None:
    unknown = measure([replace(each, harmful=None) for each in rows])
    assert "truth unknown" in printed(unknown, 80)
    for section in sections(unknown):
        assert not any(cell.endswith("%") for row in section.rows for cell in row)


def test_thresholds_say_what_they_are_from(report: Report) -> None:
    overall = report.monitors[0].overall
    assert overall is not None
    assert at_target(frozen_at(overall, 0.001)).endswith("*")
    assert not at_target(frozen_at(overall, 0.01)).endswith("°")
    turns = [each for each in overall.frozen if each.how == "left_out"]
    alone = msgspec.structs.replace(overall, frozen=tuple(turns))
    assert at_target(frozen_at(alone, 0.001)) == f"{caught(turns[1].tpr)}*°"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.999, ">99%"),
        (0.9949, "99%"),
        (0.5, "50%"),
        (0.0995, "10%"),
        (0.042, "4.2%"),
        (0.00042, "0.042%"),
        (0.000001, "<0.001%"),
    ],
)
def test_a_share_has_two_digits_that_matter(value: float | None, text: str) -> None:
    assert percent(value) == text


def test_none_of_thirty_is_not_called_nothing() -> None:
    assert false(share_of(0, 30)) == "0/30 ≤12%"
    assert false(share_of(0, 0)) == "of none"
    assert caught(share_of(47, 50)) == "94% 47/50"
    assert right(ppv(0.001, share_of(50, 50), share_of(0, 30))) == "≥0.8%"
    assert right(ppv(0.001, share_of(0, 50), share_of(0, 30))) == "–"


def test_an_interval_that_is_not_there_is_not_made_up() -> None:
    assert between(Estimate(0.914, 0.88, 0.941)) == "0.91 (0.88–0.94)"
    assert between(Estimate(0.914)) == "0.91"
    assert between(None) == "–"
    assert signed(Estimate(-0.001, -0.02, 0.004)) == "+0.00 (-0.02 to +0.00)"
