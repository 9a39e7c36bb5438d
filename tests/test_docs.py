"""What README and documents say is true: code runs and prints what stands below it, tables are made from the code."""

import doctest
import re
import runpy
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from corpenv import transition, turns
from corpenv.agents.llm import MALFORMED_IN_A_ROW
from corpenv.episode import SILENT
from corpenv.models.client import LONGEST_ASKED, LONGEST_WAIT
from corpenv.tools import UNKNOWN_SECONDS, base

ROOT = Path(__file__).parents[1]
REFRESH = runpy.run_path(str(ROOT / "docs" / "refresh.py"))
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/decisions/*.md")
    for path in ROOT.glob(pattern)
)
DECISIONS = [name for name in PAGES if name.startswith("docs/decisions/")]
FILE = re.compile(r"`((?:[\w.-]+/)*[a-z][\w.-]*\.(?:py|md|toml|txt|ipynb))`|`((?:[\w.-]+/)+)`")
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([\w-]+))?\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def python_blocks(name: str) -> list[str]:
    return [block.code for block in REFRESH["blocks"](text_of(name)) if block.language == "python"]


@pytest.mark.parametrize("name", REFRESH["DOCUMENTS"])
def test_code_prints_what_stands_below_it_and_tables_are_those_of_the_code(name: str) -> None:
    assert text_of(name) == REFRESH["refreshed"](name), "stale: python docs/refresh.py writes it again"


SHOWING = sorted(
    path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
    for path in (ROOT / "corpenv").rglob("*.py")
    if ">>>" in path.read_text("utf-8")
)
"""Modules in whose docstrings a session stands."""


@pytest.mark.parametrize("name", SHOWING)
def test_a_docstring_shows_what_python_prints(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_sessions_are_found() -> None:
    assert {"corpenv", "corpenv.leaks.finder"} <= {*SHOWING}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_only_files_that_exist(name: str) -> None:
    named = [file or folder for file, folder in FILE.findall(text_of(name))]
    assert [each for each in named if not (ROOT / each).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_only_to_pages_and_headings_that_exist(name: str) -> None:
    for target, heading in LINK.findall(text_of(name)):
        page = (ROOT / name).parent / target if target else ROOT / name
        assert page.exists(), target
        assert not heading or heading in headings(page), f"{target}#{heading}"


def headings(page: Path) -> Iterator[str]:
    for title in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE):
        yield re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_speaks_of_no_machine(name: str) -> None:
    assert not re.search(r"(?<![\w.])/(?:work|home|root|tmp|Users|usr)/", text_of(name))


def test_the_loop_in_the_readme_has_fifteen_lines_and_the_employee_ten() -> None:
    loop, _, employee = python_blocks("README.md")
    assert len(loop.splitlines()) <= 15
    assert len(employee.splitlines()) <= 10


def test_the_readme_leads_to_every_page() -> None:
    pages = [name for name in PAGES if name.startswith("docs/") and name not in DECISIONS]
    assert pages
    assert [name for name in pages if f"({name})" not in text_of("README.md")] == []


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("semantics", f"at most {transition.TEXT:,} characters"),
        ("semantics", f"{base.PAGE} rows a page, long texts {base.PART:,} characters a part"),
        ("semantics", f"a name of 1 to {turns.MAX_NAME} characters"),
        ("semantics", f"at most {turns.MAX_BYTES:,} bytes, {turns.MAX_DEPTH} levels deep"),
        ("semantics", f"at most {transition.MOST} events, {transition.MOST_LATER:,} while"),
        ("semantics", f"shape {UNKNOWN_SECONDS} seconds, a turn without calls {transition.SPEAKING_SECONDS}"),
        ("agents", f"waiting up to {LONGEST_WAIT:.0f} s, or as long as the server asks up to {LONGEST_ASKED:.0f} s"),
    ],
)
def test_a_limit_on_a_page_is_that_of_the_code(page: str, words: str) -> None:
    assert words in " ".join(text_of(f"docs/{page}.md").split())


def test_three_in_a_row_are_three() -> None:
    assert SILENT == MALFORMED_IN_A_ROW == 3, "docs/agents.md and docs/semantics.md say so in words"


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_is_one_page_with_context_choice_and_cost(name: str) -> None:
    text = text_of(name)
    assert len(text.splitlines()) <= 40
    assert text.startswith(f"# {Path(name).name[:4]} ")
    assert text.index("**Context.**") < text.index("**Choice.**") < text.index("**Cost.**")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(Path(name).name[:4]) for name in DECISIONS] == list(range(1, len(DECISIONS) + 1))
