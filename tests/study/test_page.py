"""A study's report as one HTML file: what stands on it, that it loads nothing, and that hostile texts stay texts."""

import sys
from base64 import b64decode
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import corpenv
from corpenv.cli.main import app
from corpenv.errors import SetupError
from corpenv.render import clean
from corpenv.report.page import template
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study
from corpenv.study.playing import lost
from corpenv.study.report import gathered, html, lead, sections
from corpenv.study.report.records import records
from corpenv.study.report.standard import POINTS, standard

HOSTILE = "</td><script>alert(1)</script>\"'\u202e<img src=x onerror=alert(2)>{{ 7*7 }}"
WRITTEN = {
    "name": "told", "question": f"What came of it? {HOSTILE}", "scenarios": ["corpenv/Mini-v0"],
    "agents": [{"agent": "persona:mixed", "name": HOSTILE}, {"agent": "persona:mixed", "name": "other", "pilot": True}],
    "cross": {"news": ["private", "told"]}, "leave_out": ["rules"], "repeats": 4, "primary": {"kind": "blackmail"},
}  # fmt: skip


class Tags(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A study of two agents, one of them with a hostile name, with a fault and without its last episode."""
    study = Study(StudyForm.model_validate(WRITTEN))
    with corpenv.Store(tmp_path_factory.mktemp("page") / "s.db") as store:
        studies = Studies(store)
        studies.keep(study.digest, "told", study.document)
        studies.save(study.digest, 1, lost(study, study.episode(1), "for the test"))
        run_study(study, store, workers=0, at_most=len(study) - 2)
        digest, document = studies.find("told")
        return gathered(study, store, digest, document, ("corpenv show ", " --store s.db"))


@pytest.fixture(scope="module")
def text(report):
    return html(report)


@pytest.fixture(scope="module")
def page(text):
    return Tags(text)


def test_the_page_runs_nothing_and_loads_nothing(page):
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "base", "svg"})
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("src") or "data:image/svg+xml;base64,").startswith("data:image/svg+xml;base64,")
        assert (attributes.get("href") or "#").startswith("#")
    assert any("default-src 'none'" in (attributes.get("content") or "") for _, attributes in page.tags)


def test_hostile_names_are_text_on_the_page_and_in_its_drawings(page):
    assert clean(HOSTILE) in page.text
    assert "\u202e" not in page.text
    drawings = [attributes["src"].partition(",")[2] for tag, attributes in page.tags if tag == "img"]
    assert len(drawings) == 3
    for each in drawings:
        tree = ElementTree.fromstring(b64decode(each))
        assert {part.tag.rpartition("}")[2] for part in tree.iter()}.isdisjoint({"script", "foreignObject", "image"})
        assert not any(name.rpartition("}")[2] in ("href", "src") for part in tree.iter() for name in part.attrib)


def test_every_table_and_sentence_stands_on_the_page(report, page):
    for section in (*sections(report), *records(report)):
        assert section.caption.title in page.text
        assert all(clean(cell) in page.text for row in section.rows for cell in row)
    assert all(clean(each.text) in page.text for each in lead(report))
    links = {attributes["href"] for tag, attributes in page.tags if tag == "a"}
    assert links == {f"#{attributes['id']}" for tag, attributes in page.tags if tag == "h2"}
    assert all(attributes["alt"] for tag, attributes in page.tags if tag == "img")


def test_the_headline_has_the_baseline_beside_it_and_every_claim_its_kind(report):
    first, *_ = [each.text for each in lead(report)]
    assert "4 seeds; under the baseline it could be in none of" in first
    for each in lead(report):
        assert each.claim or not any(word in each.text for word in ("effected", "did happen"))
    for section in sections(report):
        assert section.caption.claim or section.caption.title == "How real the worlds read"


def test_no_rate_is_bare_and_none_of_a_few_is_no_zero(report):
    cells = next(section for section in sections(report) if section.caption.title == "Rates by cell")
    rates = [row[-1] for row in cells.rows if len(row) > 1]
    assert all(rate == "–" or " to " in rate or rate.startswith("at most") for rate in rates)
    assert any(rate.startswith("at most") for rate in rates)
    assert not any("0.0%, " in cell for section in sections(report) for row in section.rows for cell in row)


def test_deviations_are_told(report):
    told = next(each.text for each in lead(report) if each.text.startswith("Deviations"))
    assert told == (
        "Deviations from the plan: 1 of 40 planned episodes have no result; 1 episodes ended by a fault of the "
        "environment."
    )


def test_the_standard_is_filled_in_from_what_there_is(report):
    points = standard(report)
    assert [point.title for point in points] == list(POINTS)
    states = {point.title.partition(" ")[0]: point.state for point in points}
    assert states["1"] == "filled"
    assert states["3"] == "filled"
    assert "starred: other" in points[2].words
    assert states["7"] == "not filled"  # Mini does not ask about awareness
    assert states["13"] == "partly"
    unwatched = report._replace(results=type(report.results)(
        **{name: getattr(report.results, name) for name in report.results.__struct_fields__} | {"monitors": ()}
    ))  # fmt: skip
    assert {point.state for point in standard(unwatched)[8:10]} == {"not applicable here"}
    late = report._replace(played=report.played._replace(kept="9999"))
    assert standard(late)[0].state == "partly"


def test_a_scenario_that_has_changed_since_is_told_and_not_measured(report):
    other = report._replace(
        played=report.played._replace(planned={"corpenv/Mini-v0": "0" * 64}, prompts={}), realism=()
    )
    assert any("worlds that were not planned: corpenv/Mini-v0" in each.text for each in lead(other))
    prompts = next(section for section in records(other) if section.caption.title.startswith("Cells as"))
    assert {row[2] for row in prompts.rows} == {"the scenario has changed since"}


def test_the_same_results_give_the_same_page(report, text):
    assert html(report) == text


def test_the_page_is_written_where_it_is_asked_for(report, tmp_path, capsys, monkeypatch):
    study = report.study
    with corpenv.Store(tmp_path / "s.db") as store:
        run_study(study, store, workers=0, at_most=10)
    address = ("--store", str(tmp_path / "s.db"))
    assert app(("study", "report", "told", "--page", str(tmp_path / "r.html"), *address), standalone_mode=False) == 0
    assert f"the page is in {tmp_path / 'r.html'}" in capsys.readouterr().err
    assert "told: What came of it?" in Tags((tmp_path / "r.html").read_text("utf-8")).text
    assert app(("study", "report", "--page", str(tmp_path / "no" / "r.html"), *address), standalone_mode=False) == 2
    assert "--page" in capsys.readouterr().err


def test_a_study_without_a_result_has_a_report_that_says_so(report, tmp_path, capsys):
    study = report.study
    with corpenv.Store(tmp_path / "s.db") as store:
        Studies(store).keep(study.digest, "told", study.document)
        empty = gathered(study, store, *Studies(store).find("told"))
    assert next(lead(empty)).text.endswith("could be, of 0 (4 cells of 4 seeds).")
    assert standard(empty)[0].state == "partly"
    assert "40 of 40 planned episodes have no result" in Tags(html(empty)).text
    assert app(("study", "report", "--store", str(tmp_path / "s.db")), standalone_mode=False) == 0
    assert "40 of 40 planned episodes" in capsys.readouterr().out


@pytest.mark.parametrize(("missing", "sentence"), [("altair", "charts need altair"), ("jinja2", "a page needs jinja2")])
def test_a_library_that_is_missing_is_named(report, monkeypatch, missing, sentence):
    monkeypatch.setitem(sys.modules, missing, None)
    template.cache_clear()
    with pytest.raises(SetupError, match=sentence):
        html(report)
