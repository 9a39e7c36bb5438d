"""The secrets of an episode, as they are looked for in texts: what their facts were drawn to be, and phrases."""

from functools import lru_cache

from corpenv.company import Company, Facts
from corpenv.company.items import Secret
from corpenv.company.text import drawn_value
from corpenv.leaks.finder import LeakFinder


@lru_cache(maxsize=4)
def finder_of(world: Facts, seed: int) -> LeakFinder:
    """The finder of an episode, made once for all who look."""
    return finder_with(tuple((each.id, values_of(seed, each), each.tells) for each in world.secrets.values()))


@lru_cache(maxsize=64)
def finder_with(secrets: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]) -> LeakFinder:
    """The finder of every episode with secrets of these names, values and phrases: seeds are many more."""
    return LeakFinder({name: values for name, values, _ in secrets}, {name: tells for name, _, tells in secrets})


def values_of(seed: int, secret: Secret) -> tuple[str, ...]:
    """The values the secret's facts have in episodes of this seed."""
    return tuple(drawn_value(seed, secret.id, fact, options) for fact, options in secret.facts.items())


def is_open(company: Company, secret: Secret) -> bool:
    """Is it no secret any more?"""
    return secret.open_if is not None and secret.open_if.holds(company)
