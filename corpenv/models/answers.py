"""Answers of models, found by what was asked, so that nobody has to be asked again."""

from collections.abc import Iterable
from typing import Protocol

from corpenv.models.calls import ModelCall

Calls = tuple[ModelCall, ...]


class Answers(Protocol):
    """Where answers come from and go to.

    Attributes:
        free: are answers that are found told as cached, at no cost? Else they are told as they were when they came.
    """

    free: bool

    def find(self, request: str, times: int) -> Calls | None:
        """The attempts that were made for a request; None where a model is to be asked.

        No attempts, or a fault in the last of them, stands for a failure: nobody is asked.

        Args:
            request: its digest.
            times: for the how many-th time the client asks it, from 1.
        """

    def keep(self, calls: Calls, times: int) -> None:
        """Remember the attempts that were made for one request. Their responses are whole."""


class Remembered:
    """The answers in the calls of a run: what was asked there is answered again, and nobody is asked.

    Calls of its agent and of its monitors may stand together: their requests tell them apart.
    """

    free = True

    def __init__(self, calls: Iterable[ModelCall]) -> None:
        self._asked: dict[str, list[Calls]] = {}
        for call in calls:
            asked = self._asked.setdefault(call.request, [])
            if asked and asked[-1][-1].fault:  # a retry, or what was asked again because of it
                asked[-1] = (*asked[-1], call)
            else:
                asked.append((call,))

    def find(self, request: str, times: int) -> Calls | None:
        """The attempts for it; where it was asked less often, those of the last time."""
        asked = self._asked.get(request)
        return asked[min(times, len(asked)) - 1] if asked else ()

    def keep(self, calls: Calls, times: int) -> None:
        """Nothing to do: nobody is asked."""

    def __repr__(self) -> str:
        return f"Remembered({len(self._asked)} requests)"
