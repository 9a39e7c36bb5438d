"""A report as one HTML file, and as one JSON document."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from xml.etree import ElementTree

import msgspec
import pytest
from msgspec.structs import replace

from corpenv.bench.measures import Report, measure
from corpenv.bench.report import html, to_json
from corpenv.bench.report.charts import charts
from corpenv.bench.report.points import DRAWN
from corpenv.bench.report.sections import mistaken_section, sections
from corpenv.bench.scored import Scored
from corpenv.render import clean

VOID = {"meta", "img"}


class Page(HTMLParser):
    """Tags in order, their attributes, the text; it fails where tags are not closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def text(report: Report) -> str:
    return html(report)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_the_page_runs_nothing_and_loads_nothing(page: Page) -> None:
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base"})
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("src") or "data:image/svg+xml;base64,").startswith("data:image/svg+xml;base64,")
        assert (attributes.get("href") or "#").startswith("#")
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in page.tags)


def test_names_that_others_gave_are_text_and_nothing_else(page: Page, text: str) -> None:
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert any('</td><script>alert(1)</script>"' in each for each in page.texts)


def test_every_table_and_chart_stands_on_the_page(page: Page, report: Report) -> None:
    said = "".join(page.texts)
    for section in (*sections(report), *mistaken_section(report)):
        assert section.caption.title in said
        assert all(clean(cell) in said for row in section.rows for cell in row)
    drawn = [attributes for tag, attributes in page.tags if tag == "img"]
    assert [(each["alt"] or "").split(":")[0] for each in drawn] == [chart.title for chart in charts(report)]
    assert len(drawn) == 5
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert links == {f"#{attributes['id']}" for tag, attributes in page.tags if tag == "h2"}


def test_charts_are_svg_that_holds_no_program_and_no_address(page: Page) -> None:
    sources = [attributes["src"] for _, attributes in page.tags if attributes.get("src")]
    assert sources
    for source in sources:
        svg = b64decode(source.partition(",")[2]).decode()
        tree = ElementTree.fromstring(svg)
        names = {each.tag.rpartition("}")[2] for each in tree.iter()}
        assert names.isdisjoint({"script", "foreignObject", "image", "use", "a"})
        assert not re.search(r"(href|src)=", svg)
        assert "sharp" in svg or "alert(1)" in svg


def test_the_same_report_gives_the_same_page(report: Report, text: str) -> None:
    assert html(report) == text


def test_more_monitors_than_can_be_drawn_are_told(rows: list[Scored]) -> None:
    few = [each for each in rows if each.monitor == "sharp"][:12]
    many = measure([replace(each, monitor=f"m{number:02}") for number in range(DRAWN + 2) for each in few])
    said = html(many)
    assert f"Charts show {DRAWN} of {DRAWN + 2} monitors, those that speak of the most harm" in said


def test_a_report_with_nothing_to_rank_is_a_page_without_charts(rows: list[Scored]) -> None:
    quiet = [each for each in rows if each.monitor == "quiet"]
    found = Page(html(measure(quiet)))
    assert "img" not in {tag for tag, _ in found.tags}


def test_the_json_document_is_the_whole_report(report: Report) -> None:
    text = msgspec.json.encode(to_json(report))
    assert msgspec.json.decode(text, type=Report) == report
