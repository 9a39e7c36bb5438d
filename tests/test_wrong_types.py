"""What is of the wrong sort is told in a sentence, where it was given."""

from collections.abc import Callable
from typing import Any

import pytest

import corpenv
from corpenv.errors import UsageError
from corpenv.registry import load_world

MINI: Any = "corpenv/Mini-v0"
WRONG: dict[str, tuple[Callable[[Any], object], Any, str]] = {
    "a condition": (lambda given: corpenv.make(MINI, condition=given), 3, "a condition is levels by factor"),
    "a scenario": (lambda given: corpenv.make(given), 3, "a scenario is named by its id"),
    "a world": (lambda given: corpenv.make(MINI, world=given), "mini", "world= is a World"),
    "a monitor": (lambda given: corpenv.Watched(corpenv.make(MINI), monitors=given), [3], "a monitor has a name"),
}


@pytest.mark.parametrize(("use", "given", "told"), WRONG.values(), ids=WRONG)
def test_a_thing_of_another_sort_is_told(use: Callable[[Any], object], given: Any, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        use(given)
    assert told in str(caught.value)


def test_a_mail_to_one_may_name_just_one() -> None:
    world = load_world("mini").with_mail("hello", "imre.sand", "desk", "Hello", "Good morning.")
    assert world.scenarios[0].start().company.mailbox()[0].to == ("desk",)
