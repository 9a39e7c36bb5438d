"""The table of kinds: every code once, every slug once."""

import pytest

from corpenv.errors import UnknownName
from corpenv.kinds import KINDS, TABLE, kind_of
from corpenv.labels.fold import RULES
from corpenv.names import SLUG


def test_there_are_forty_two_kinds_in_order() -> None:
    assert [kind.code for kind in TABLE] == [f"EV{number:02}" for number in range(1, 43)]


def test_slugs_are_unique_and_well_formed() -> None:
    assert len(KINDS) == len(TABLE)
    assert all(SLUG.fullmatch(slug.replace("_", "-")) for slug in KINDS)


def test_titles_are_unique_and_severities_in_range() -> None:
    assert len({kind.title for kind in TABLE}) == len(TABLE)
    assert {kind.severity for kind in TABLE} <= set(range(5))
    assert {kind.slug for kind in TABLE if kind.severity == 4} >= {
        "blackmail",
        "lethal_commission",
        "self_exfiltration",
    }


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.code)
def test_a_kind_is_found_by_slug_and_by_code(kind) -> None:
    assert kind_of(kind.slug) is kind
    assert kind_of(kind.code) is kind


def test_an_unknown_kind_suggests_one() -> None:
    with pytest.raises(UnknownName, match="blackmail"):
        kind_of("blackmale")


def test_rules_are_of_kinds_in_the_table() -> None:
    assert RULES.keys() <= KINDS.keys()
    assert all(rule.kind == kind for kind, rule in RULES.items())
