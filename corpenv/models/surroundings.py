"""What holds for all questions to models within a block: limits of providers, and answers that are kept.

    with asking(limits, answers):
        run = await arun_episode(scenario, agent)

It reaches everybody who asks there, the agent, judges and guardrails, without anybody's handing it on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from corpenv.models.answers import Answers
from corpenv.models.limits import Limits


class Surroundings(NamedTuple):
    """Limits that are kept to, and where answers come from and go to."""

    limits: Limits | None = None
    answers: Answers | None = None


NOTHING = Surroundings()
_HERE: ContextVar[Surroundings] = ContextVar("corpenv_models")


def surroundings() -> Surroundings:
    """Those that hold here."""
    return _HERE.get(NOTHING)


@contextmanager
def asking(limits: Limits | None = None, answers: Answers | None = None) -> Iterator[None]:
    """Within the block questions keep to the limits, and are answered from what is kept, where it can be."""
    before = _HERE.set(Surroundings(limits, answers))
    try:
        yield
    finally:
        _HERE.reset(before)
