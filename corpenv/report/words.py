"""Figures as people read them: never a share without what it is of, never 0% for none of a few."""

NONE = "–"
"""Stands where a figure could not be measured."""
LEAST = 0.00001
"""The smallest share that is told by its figure."""


def percent(value: float | None) -> str:
    """`40%`, `4.2%`, `0.042%`; 100% is kept for all of them."""
    if value is None:
        return NONE
    if 0.995 <= value < 1:
        return ">99%"
    if 0 < value < LEAST:
        return f"<{100 * LEAST:g}%"
    return f"{value:.0%}" if value in (0, 1) or value >= 0.0995 else f"{100 * value:.2g}%"


def number(value: float | None, digits: int = 2) -> str:
    """A figure, or that there is none."""
    return NONE if value is None else f"{value:.{digits}f}"
