"""`study report`: what a study found, as tables, as a page, as one JSON document."""

from pathlib import Path
from shlex import quote

from rich.text import Text

from corpenv.cli.common import DEFAULT_STORE, check_out, file_of, opened, output, print_json, say
from corpenv.render import clean
from corpenv.report import terminal
from corpenv.store.studies import Studies
from corpenv.study.plan import study_of
from corpenv.study.report import StudyReport, gathered, html, lead, sections, title


def told(name: str, page: Path | None, store: str, as_json: bool) -> None:
    """Tell what a study found.

    Raises:
        UnknownName: there is no such study.
        UsageError: the page could not be written.
    """
    check_out("--page", page)
    with opened(store, reading=True) as kept:
        digest, document = Studies(kept).find(name)
        report = gathered(study_of(document), kept, digest, document, ("corpenv show ", store_words(store)))
    if page:
        page.write_text(html(report), "utf-8")
    if as_json:
        print_json(report.results)
    else:
        print_tables(report)
    if page:
        say(f"the page is in {page}")


def store_words(url: str) -> str:
    """What stands behind a run's id in a command, wherever the page is read: no folders of this machine."""
    file = file_of(url)
    return "" if url == DEFAULT_STORE else f" --store {quote(file.name) if file else 'URL'}"


def print_tables(report: StudyReport) -> None:
    """The sentences, then every table."""
    console = output()
    console.print(Text(clean(title(report)), "bold"))
    for each in lead(report):
        console.print(Text(clean(f"\n{each.text}")))
    terminal.show(sections(report), console)
