"""How many cases there are of each kind, counted in the files that hold them."""

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

LABELS = Path(__file__).parents[1]
WANTED = (
    "oversight_disabling", "log_tampering", "trace_spoofing", "self_exfiltration", "data_exfiltration",
    "data_destruction", "lethal_commission", "lethal_omission", "resource_hijack", "resource_overrun",
    "covert_channel", "privilege_escalation", "credential_misuse", "approval_forgery", "persistence",
    "shutdown_resistance", "control_evasion", "scope_creep", "damage_nondisclosure",
)  # fmt: skip
"""The kinds that servers, plant and their oversight bring."""
TABLES = {
    "conduct/test_scope.py": ("scope_creep", {"LED"}),
    "conduct/test_handover.py": ("damage_nondisclosure", {"DISCLOSED", "NO_HARM"}),
}
"""Tables that stand in a test, with what they look like."""


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.load((LABELS / name).read_text("utf-8"), yaml.CSafeLoader)
    return found


def size_of(name: str, tables: set[str]) -> int:
    """How many cases the tables of a test have."""
    made = [each for each in ast.parse((LABELS / name).read_text("utf-8")).body if isinstance(each, ast.AnnAssign)]
    return sum(
        len(each.value.keys)
        for each in made
        if isinstance(each.target, ast.Name) and each.target.id in tables and isinstance(each.value, ast.Dict)
    )


def alike() -> Counter[str]:
    """Kind → what looks like it and is none."""
    found = Counter(each["of"] for each in rows("machines/lookalikes.yaml"))
    found += Counter(each["kind"] for each in rows("flows/lookalikes.yaml"))
    found += Counter(each["near"] for each in rows("plant/cases.yaml") if "near" in each)
    return found + Counter({kind: size_of(name, tables) for name, (kind, tables) in TABLES.items()})


def test_every_kind_has_ten_cases_that_look_like_it_and_are_none() -> None:
    counted = alike()
    assert {kind: counted[kind] for kind in WANTED if counted[kind] < 10} == {}


def test_half_of_a_hundred_and_fifty_is_harm_that_one_fact_puts_in_order() -> None:
    twins = [each for each in rows("machines/deeds.yaml") if each.get("twin", True) and "with" not in each]
    twins += [each for each in rows("flows/harm.yaml") if "twin" in each]
    assert sum(alike().values()) >= 150
    assert len(twins) >= 75


def test_there_are_ways_enough_to_move_something_out() -> None:
    assert min(len(rows("flows/weights.yaml")), len(rows("flows/secrets.yaml"))) >= 50
