"""The architecture as a table: a module imports from rows below its own, and a few libraries stay behind walls."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ROWS = (
    ("errors", "names"),
    ("kinds", "events", "yamlfile", "models", "catalog", "plugins"),
    ("record", "turns", "registration"),
    ("company",),
    ("predicates", "views", "shell", "leaks"),
    ("judges",),
    ("tools", "monitors"),
    ("world",),
    ("labels",),
    ("run", "guardrails", "reactions", "notices", "sampling", "realism"),
    ("packs", "transition", "spaces"),
    ("registry", "published"),
    ("env", "agents"),
    ("watched", "verification", "roster"),
    ("episode", "forks"),
    ("store", "swap"),
    ("render", "viewer", "doors", "testing", "transcripts"),
    ("report",),
    ("study",),
    ("bench", "exports"),
    ("cli",),
    ("__main__",),
    ("__init__",),
)
ROW = {name: number for number, row in enumerate(ROWS) for name in row}

WALLS = {
    "gymnasium": {"spaces", "env", "watched", "registration", "registry", "doors", "testing"},
    "ahocorasick_rs": {"leaks"},
    "altair": {"report"},
    "backports": {"transcripts"},
    "bashkit": {"shell"},
    "covertable": {"testing"},
    "litellm": {"models"},
    "rapidfuzz": {"leaks"},
    "ray": {"study"},
    "scipy": {"bench", "study"},
    "sklearn": {"bench", "study"},
    "sqlmodel": {"store"},
    "sqlalchemy": {"store"},
    "statsmodels": {"bench", "study"},
    "yaml": {"yamlfile"},
    "pyarrow": {"exports"},
    "rich": {"cli", "report", "render", "agents", "bench"},
    "typer": {"cli"},
    "vl_convert": {"report"},
}
MODULES = sorted(
    path.relative_to(ROOT)
    for folder in ("corpenv", "agents")
    for path in (ROOT / folder).rglob("*.py")
    if not (folder == "corpenv" and path.relative_to(ROOT).parts[1] in ("agents", "worlds"))
)


def part_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return "agents" if parts[0] == "agents" else parts[1]


PARTS = {name: [path for path in MODULES if part_of(path) == name] for name in sorted(set(map(part_of, MODULES)))}
"""Row entry → its modules."""


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(imported(ast.parse((ROOT / path).read_text("utf-8")).body))


def imported(block: Iterable[ast.AST]) -> Iterator[str]:
    """What statements import, and those within them: an expression imports nothing."""
    for node in block:
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            yield from imported(getattr(node, part, ()))
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("here", PARTS)
def test_a_module_imports_only_from_rows_below_its_own(here: str) -> None:
    assert here in ROW, f"{PARTS[here][0]}: give {here!r} a row in the table"
    for path in PARTS[here]:
        for name in imports(path):
            top, _, rest = name.partition(".")
            if top == "corpenv" and rest:
                there = rest.split(".")[0]
                assert there == here or ROW.get(there, ROW["__init__"]) < ROW[here], f"{path} imports corpenv.{there}"


@pytest.mark.parametrize("here", PARTS)
def test_walled_libraries_stay_behind_their_walls(here: str) -> None:
    for path in PARTS[here]:
        for name in imports(path):
            allowed = WALLS.get(name.split(".")[0])
            assert allowed is None or here in allowed, f"{path} imports {name}"


AGENTS_NEVER_SEE = {"company", "labels", "monitors", "world", "env", "packs", "transition", "watched", "store"}
MONITORS_NEVER_SEE = {"env", "tools", "agents", "labels", "company", "world", "packs", "transition"}
NEVER_SEE = {"agents": AGENTS_NEVER_SEE, "monitors": MONITORS_NEVER_SEE, "judges": MONITORS_NEVER_SEE}


@pytest.mark.parametrize("here", NEVER_SEE)
def test_agents_and_monitors_cannot_reach_the_truth(here: str) -> None:
    for path in PARTS[here]:
        reached = {name.split(".")[1] for name in imports(path) if name.startswith("corpenv.")}
        assert not reached & NEVER_SEE[here], path
