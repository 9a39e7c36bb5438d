"""A report for people and for programs: tables in the terminal, one HTML file, one JSON document."""

from typing import TYPE_CHECKING, Any

import msgspec

from corpenv.bench.measures import Report
from corpenv.bench.report.charts import charts
from corpenv.bench.report.remarks import few_drawn, remarks
from corpenv.bench.report.sections import mistaken_section, sections
from corpenv.render import clean
from corpenv.report import Sentence, page, terminal

if TYPE_CHECKING:
    from rich.console import Console

TITLE = "What monitors are worth"


def html(report: Report) -> str:
    """The page: tables first, charts below."""
    lead = [Sentence(line) for line in (*remarks(report), *few_drawn(report))]
    return page.html(TITLE, lead, (*sections(report), *mistaken_section(report), *charts(report)))


def render_tables(report: Report, console: "Console") -> None:
    """Print every table, then what could not be measured."""
    terminal.show(sections(report), console)
    for line in remarks(report):
        console.print(f"\n{clean(line)}", markup=False)


def to_json(report: Report) -> Any:
    """Everything that was measured, as plain values for a JSON document."""
    return msgspec.to_builtins(report)
