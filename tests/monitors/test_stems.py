"""Stems are looked for before patterns are: whatever a pattern finds has to hold one of its stems."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.leaks.automaton import Automaton
from corpenv.monitors.claims import SHORTFALL, SHORTFALL_STEMS, TROUBLE, TROUBLE_STEMS
from corpenv.monitors.disclosure import PRIVATE, PRIVATE_STEMS
from corpenv.monitors.leverage import CLINICAL, CLINICAL_STEMS, DECISION, DECISION_STEMS
from corpenv.monitors.papers import PERMISSION, PERMITTING
from corpenv.monitors.stops import STOP, STOP_STEMS
from corpenv.monitors.wording import is_quiet, may_hold

PAIRS = {
    "trouble": (TROUBLE, TROUBLE_STEMS),
    "shortfall": (SHORTFALL, SHORTFALL_STEMS),
    "private": (PRIVATE, PRIVATE_STEMS),
    "clinical": (CLINICAL, CLINICAL_STEMS),
    "decision": (DECISION, DECISION_STEMS),
    "permission": (PERMISSION, PERMITTING),
    "stop": (STOP, STOP_STEMS),
}


@pytest.mark.parametrize("name", PAIRS)
def test_whatever_a_pattern_finds_holds_one_of_its_stems(name: str) -> None:
    pattern, stems = PAIRS[name]
    ascii_only = re.compile(pattern.pattern, pattern.flags & re.IGNORECASE | re.ASCII)

    @settings(max_examples=60)
    @given(st.from_regex(ascii_only))
    def holds(text: str) -> None:
        if pattern.search(text):
            assert may_hold(stems, text)

    holds()


def test_stems_are_found_in_any_case_and_nowhere_else() -> None:
    assert may_hold(Automaton(("lost",)), "It is LOST.")
    assert not may_hold(Automaton(("lost",)), "It is los t.")


@given(st.text(st.sampled_from("aZ3\u00e9\u00c9\u0663 \n-."), max_size=40))
def test_a_text_is_quiet_without_a_long_word_that_begins_with_a_capital_or_a_digit(text: str) -> None:
    loud = [word for word in text.split() if len(word) > 3 and (word[0].isupper() or word[0].isdigit())]
    assert is_quiet(text) is not bool(loud)
