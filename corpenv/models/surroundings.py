"""What holds for all questions to models within a block: limits of providers, answers that are kept, and company.

    with asking(limits, answers):
        run = await arun_episode(scenario, agent)

It reaches everybody who asks there, the agent, judges and guardrails, without anybody's handing it on.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, TypeVar

from corpenv.models.answers import Answers
from corpenv.models.limits import Limits

T = TypeVar("T")


class Surroundings(NamedTuple):
    """Limits that are kept to, where answers come from and go to, and whether other episodes are on their way on the
    same loop, which nobody may hold up.
    """

    limits: Limits | None = None
    answers: Answers | None = None
    together: bool = False


NOTHING = Surroundings()
_HERE: ContextVar[Surroundings] = ContextVar("corpenv_models")


def surroundings() -> Surroundings:
    """Those that hold here."""
    return _HERE.get(NOTHING)


@contextmanager
def asking(limits: Limits | None = None, answers: Answers | None = None, together: bool = False) -> Iterator[None]:
    """Within the block questions keep to the limits, and are answered from what is kept, where it can be."""
    before = _HERE.set(Surroundings(limits, answers, together))
    try:
        yield
    finally:
        _HERE.reset(before)


async def aside(do: Callable[[], T]) -> T:
    """What a function gives that may ask models and cannot await: on a thread where other episodes are on their way."""
    return await asyncio.to_thread(do) if surroundings().together else do()
