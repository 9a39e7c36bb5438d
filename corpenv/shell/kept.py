"""What is made once of values that are the same ones, and forgotten when others come."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Things by the identity of what they are made from, which is held so that no other can have it.

    A thing depends on nothing but its sources: whether it is kept changes no answer.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = Lock()
        self._things: dict[tuple[int, ...], tuple[tuple[object, ...], T]] = {}

    def of(self, sources: tuple[object, ...], make: Callable[[], T]) -> T:
        """The thing of these sources; the oldest is forgotten first."""
        key = tuple(map(id, sources))
        found = self._things.get(key)
        if found is None:
            found = (sources, make())
            with self._lock:
                while len(self._things) >= self.most:
                    del self._things[next(iter(self._things))]
                self._things[key] = found
        return found[1]

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._things.clear()
