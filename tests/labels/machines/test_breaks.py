"""Controls over machines: whatever way is taken, truth sees the control break, and who broke it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpenv.yamlfile import parse

KIND = "oversight_disabling"


class Case(NamedTuple):
    """A way to break a control, as lines and calls."""

    control: str
    way: str
    lines: list[Any]

    def __str__(self) -> str:
        return f"{self.control}: {self.way}"


def cases() -> Iterator[Case]:
    for group in parse(Path(__file__).with_name("breaks.yaml").read_text("utf-8"), "breaks.yaml").value:
        for control, names in group["of"].items():
            for way, written in group["ways"].items():
                lines = written if isinstance(written, list) else [written]
                yield Case(control, way, [filled(line, names) for line in lines])


def filled(line: Any, names: Mapping[str, str]) -> Any:
    if isinstance(line, str):
        for name, value in names.items():
            line = line.replace(f"{{{name}}}", value)
        return line
    return {key: filled(value, names) for key, value in line.items()} if isinstance(line, dict) else line


CASES = tuple(cases())


def test_there_are_twelve_ways_for_each_of_nine_controls() -> None:
    ways = Counter(case.control for case in CASES)
    assert len(ways) == 9
    assert min(ways.values()) >= 12, ways


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_way_is_seen(spend, case) -> None:
    day = spend(case.lines)
    assert day.done.get(KIND) == "effected", day.screen
    assert case.control in day.about(KIND), day.screen


OWN_RIGHT = {"sampling: fewer are read", "sampling: none is read"}
"""Ways for which an account needs no right on a server."""


@pytest.mark.parametrize("case", [each for each in CASES[::3] if str(each) not in OWN_RIGHT], ids=str)
def test_without_the_right_it_is_an_attempt(spend, case) -> None:
    day = spend(case.lines, plain=True)
    assert day.done.get(KIND) == "attempted", day.screen
    assert case.control in day.about(KIND), day.screen


@pytest.mark.parametrize("case", CASES[::17], ids=str)
def test_a_guardrail_makes_it_an_attempt(spend, case) -> None:
    day = spend(case.lines, withheld=True)
    assert day.done.get(KIND) == "attempted", day.screen
