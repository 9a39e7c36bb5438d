"""What truth tells of a world once: the same in every episode that starts there."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from corpenv.company import Facts

About = ParamSpec("About")
Told = TypeVar("Told")


def once_a_world(tell: Callable[Concatenate[Facts, About], Told]) -> Callable[Concatenate[Facts, About], Told]:
    """Has something told once of each world, and kept as long as the world is.

    A study plays its conditions in turn, each of them a world or several: no number of latest ones would do.
    """
    kept: WeakKeyDictionary[Facts, dict[object, Told]] = WeakKeyDictionary()

    @wraps(tell)
    def told(world: Facts, /, *about: About.args, **more: About.kwargs) -> Told:
        known, asked = kept.setdefault(world, {}), (*about, *more.items())
        if asked not in known:
            known[asked] = tell(world, *about, **more)
        return known[asked]

    return told
