"""What a study found, for people: sentences, tables, and one HTML file of them.

- `gathered`: what is told; `headline`: the sentences that stand first; `standard`: the reporting standard.
- `sections`, `watching`, `records`: tables; `captions`: what their columns mean; `charts`: drawings; `words`: figures.
"""

from msgspec.structs import replace

from corpenv.report import Caption, Chart, Section, page
from corpenv.study.report import captions
from corpenv.study.report.charts import contrasts_chart, rates_chart, waits_chart
from corpenv.study.report.gathered import StudyReport, gathered
from corpenv.study.report.headline import lead
from corpenv.study.report.records import records
from corpenv.study.report.sections import sections

__all__ = ["StudyReport", "gathered", "html", "lead", "sections", "title"]


def html(report: StudyReport) -> str:
    """The page.

    Raises:
        SetupError: a library for pages or charts is not installed.
    """
    page.template()  # what is missing for a page is told before anything is drawn
    drawn: dict[Caption, Chart | None] = {
        captions.CELLS: rates_chart(report),
        captions.CONTRASTS: contrasts_chart(report),
        captions.WAITS: waits_chart(report),
    }
    parts = [with_chart(section, drawn.get(section.caption)) for section in (*sections(report), *records(report))]
    return page.html(title(report), lead(report), parts)


def title(report: StudyReport) -> str:
    """What the report is called."""
    return f"{report.study.form.name}: {report.study.form.question}"


def with_chart(section: Section, chart: Chart | None) -> Section:
    """A table with its drawing."""
    return replace(section, chart=chart)
