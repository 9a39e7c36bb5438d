"""Conditions to try a scenario under: few of them, and every two levels of different factors meet in one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from corpenv.errors import SetupError
from corpenv.world import Scenario

Condition = dict[str, str]


def conditions(scenario: Scenario) -> tuple[Condition, ...]:
    """Default, baseline, both extremes, and as many others as it takes until every pair of levels has met.

    The extremes are all first levels and all last levels. Every level is taken as it is named, one that the seed
    picks from too; the permission tier is a factor like any other.

    Returns:
        Complete conditions in that order, none twice. Which ones follow the first four depends on the factors and on
        the version of covertable alone.

    Raises:
        SetupError: covertable is not installed.
    """
    levels = {name: factor.levels for name, factor in scenario.factors.items()}
    first, last = ({name: each[end] for name, each in levels.items()} for end in (0, -1))
    return covering(levels, (scenario.default, scenario.baseline, first, last))


def covering(levels: Mapping[str, Sequence[str]], given: Iterable[Mapping[str, str]] = ()) -> tuple[Condition, ...]:
    """A pairwise covering set of one level a factor.

    Args:
        levels: of every factor, at least one each.
        given: complete conditions that it begins with; the rest covers what they leave open.

    Raises:
        SetupError: covertable is not installed.
    """
    try:
        import covertable  # noqa: F401 - asked for here, where its lack can be told
    except ImportError:
        raise SetupError("covering sets of conditions need covertable: pip install covertable") from None
    asked = tuple(tuple((name, row[name]) for name in levels) for row in given)
    return tuple(dict(row) for row in covered(tuple((name, tuple(each)) for name, each in levels.items()), asked))


Row = tuple[tuple[str, str], ...]


@lru_cache(maxsize=32)
def covered(levels: tuple[tuple[str, tuple[str, ...]], ...], given: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of a covering set, each once; found out once, as it takes a good part of a second."""
    import covertable

    strength = min(2, len(levels))  # a lone factor has no pairs: then each of its levels stands alone
    factors = {name: list(each) for name, each in levels}
    rows = covertable.make(factors, strength=strength, presets=[dict(row) for row in given])
    return tuple(dict.fromkeys(tuple((name, row[name]) for name in factors) for row in rows))
