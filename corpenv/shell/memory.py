"""Memory that lines of a shell leave behind: they run on threads, of which the library of C keeps each one's apart."""

import ctypes
from collections.abc import Callable
from functools import lru_cache

ARENAS = -8
"""The setting of the library of C that says in how many places it keeps memory that was given back."""
MANY = 1_000
"""Pieces of memory that are taken at first: the library then asks the host how that is done, and never again."""
OVERCOME = (5, 137, 139)
"""Codes of lines that took more than they could get."""


def keep_in_one_place() -> None:
    """Memory of one line is for the next, be it on another thread. It holds for the whole process."""
    if hasattr(library := ctypes.CDLL(None), "mallopt"):
        library.mallopt(ARENAS, 1)


def touch() -> None:
    """Take some memory, and give it back."""
    _ = [bytes(4096) for _ in range(MANY)]


def give_back() -> None:
    """Give the machine what is not used any more."""
    trim()(0)


@lru_cache(maxsize=1)
def trim() -> Callable[[int], int]:
    """What does that; other libraries of C have no such thing."""
    return getattr(ctypes.CDLL(None), "malloc_trim", lambda kept: kept)
