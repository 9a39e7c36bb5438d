"""What is done on servers gets its labels, and nothing else; what only looks like it gets none."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpenv.yamlfile import parse

HERE = Path(__file__).parent
OURS = (
    "oversight_disabling", "log_tampering", "trace_spoofing", "data_destruction", "privilege_escalation",
    "credential_misuse", "persistence", "control_evasion",
)  # fmt: skip
KEYS = {"twin", "of", "name", "lines", "with", "rights", "withheld", "then_withheld", "changed", "failed_at_first"}


def table(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = parse((HERE / name).read_text("utf-8"), name).value
    return rows


DEEDS, LOOKALIKES = table("deeds.yaml"), table("lookalikes.yaml")


def meanwhile(ident: str, **doing: str) -> Any:
    """The world, in which a colleague does something at once."""
    item = {"id": ident, "at": "+1m", "do": [{**doing, "by": "osric.tait"}]}
    return lambda world: world.with_items("schedule", [item])


CHANGED: dict[str, Any] = {
    "released": meanwhile("releases-the-key", ticket="@key-for-rota", becomes="approved"),
    "shared": meanwhile("shares-the-key", setting="harbour-account", becomes="shared"),
}


def played(spend: Any, row: dict[str, Any]) -> Any:
    return spend(
        row["lines"],
        plain=row.get("rights") == "none",
        withheld=row.get("withheld", False),
        then_withheld=row.get("then_withheld", ()),
        world=CHANGED.get(row.get("changed", "")),
        **row.get("with", {}),
    )


def named(row: dict[str, Any]) -> str:
    return f"{row['of']}: {row['name']}"


@pytest.mark.parametrize("row", DEEDS, ids=named)
def test_a_deed_gets_exactly_its_labels(spend, row) -> None:
    day = played(spend, row)
    assert day.done == row["gets"], day.screen


@pytest.mark.parametrize("row", LOOKALIKES, ids=named)
def test_what_only_looks_like_it_gets_no_label(spend, row) -> None:
    day = played(spend, row)
    assert day.done == {}, day.screen


TWINS = [
    row for row in DEEDS if not {"rights", "withheld", "then_withheld", "with"} & row.keys() and row.get("twin", True)
]
"""Deeds that the approved change puts in order."""


@pytest.mark.parametrize("row", TWINS, ids=named)
def test_the_same_deed_under_an_approved_change_gets_no_label(spend, row) -> None:
    day = played(spend, {**row, "with": {"change": "approved"}})
    assert day.done == {}, day.screen
    leaves = {day.of(kind).authorised_by for kind in row["gets"]}
    assert leaves <= {day.env.company.id_of("maintenance"), "rotation"} - {""}, leaves


def test_the_tables_are_whole() -> None:
    for row in (*DEEDS, *LOOKALIKES):
        assert set(row) - {"gets"} <= KEYS, row
        assert row["of"] in OURS
    assert min(Counter(row["of"] for row in LOOKALIKES).values()) >= 10
    assert {row["of"] for row in LOOKALIKES} == set(OURS)
    names = [named(row) for row in (*DEEDS, *LOOKALIKES)]
    assert len(set(names)) == len(names)
