"""Limits of providers: how many requests at once, and how many a minute.

Several processes share a limit by halves, thirds and so on: none asks what another leaves unused, and none knows of
another, so the sum never goes over the limit.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from msgspec import Struct

OTHERS = "default"
"""Stands for every provider that is not named."""


class Limit(Struct, frozen=True):
    """What a provider takes; None is no bound.

    Attributes:
        at_once: requests that are under way at the same time.
        per_minute: requests in a minute, evenly spaced: no burst at its beginning.
    """

    at_once: int | None = None
    per_minute: float | None = None

    def share(self, processes: int) -> "Limit":
        """The part of one process among so many. One request at once is the least."""
        at_once = None if self.at_once is None else max(1, self.at_once // processes)
        return Limit(at_once, None if self.per_minute is None else self.per_minute / processes)


class Gate:
    """Lets requests to one provider through. All of them come from one event loop."""

    def __init__(self, limit: Limit) -> None:
        self.room = None if limit.at_once is None else asyncio.Semaphore(limit.at_once)
        self.gap = 0.0 if limit.per_minute is None else 60 / limit.per_minute
        self.next = 0.0

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """A request's time with the provider, once there is room for it."""
        if self.room is None:
            await self.turn()
            yield
            return
        async with self.room:
            await self.turn()
            yield

    async def turn(self) -> None:
        """Wait until so much time lies between this request and the one before."""
        if self.gap:
            now = asyncio.get_running_loop().time()
            self.next = max(now, self.next) + self.gap
            await asyncio.sleep(self.next - self.gap - now)


class Limits:
    """The gates of all providers.

    Args:
        limits: by provider, the part of a model's name before the first `/`; `default` is for each of the others.
        processes: how many share them.
    """

    def __init__(self, limits: Mapping[str, Limit], processes: int = 1) -> None:
        self._limits = {name: limit.share(processes) for name, limit in limits.items()}
        self._gates: dict[str, Gate] = {}

    def gate(self, model: str) -> Gate:
        """The gate to the provider of a model."""
        provider = provider_of(model)
        if provider not in self._gates:
            limit = self._limits.get(provider) or self._limits.get(OTHERS) or Limit()
            self._gates[provider] = Gate(limit)
        return self._gates[provider]

    def __repr__(self) -> str:
        return f"Limits({self._limits!r})"


def provider_of(model: str) -> str:
    """The provider that a model's name begins with, "" where it names none."""
    provider, slash, _ = model.partition("/")
    return provider if slash else ""
