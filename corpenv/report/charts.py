"""Drawings as SVG, made here and offline: specifications by altair, drawn by vl-convert."""

from collections.abc import Sequence
from typing import Any

from corpenv.errors import SetupError

Point = dict[str, Any]
GREY = "#8a8a8a"
"""Of axes and grids: it is seen on white and on black."""
COLOURS = ("#3b78c3", "#d9711c", "#2f9e6e", "#c2417c", "#8c6bd1", "#9a7a1f", "#2aa1b3", "#c0533f")
"""Told apart on white and on black, and by people who do not tell red from green; lines differ in their dashes too."""
DARK = "<style>@media (prefers-color-scheme: dark) { text { fill: #d6d6d2 } }</style>"
LETTER = 6.2
"""Pixels of a letter of the largest usual font in which labels are drawn."""


def needed() -> Any:
    """The altair library.

    Raises:
        SetupError: it, or vl-convert, is not installed.
    """
    try:
        import altair
        import vl_convert  # noqa: F401 - draws what altair describes
    except ImportError:
        raise SetupError("charts need altair and vl-convert-python: pip install 'corpenv[study]'") from None
    return altair


def chart(rows: Sequence[Point], width: int, height: int) -> Any:
    """A chart of points."""
    return needed().Chart({"values": list(rows)}).properties(width=width, height=height)


def share(axis: Any, field: str, title: str, **scale: Any) -> Any:
    """A share on one of the axes, 0 to 1."""
    alt = needed()
    return axis(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(**{"domain": [0, 1], **scale}),
        axis=alt.Axis(format="%", tickCount=5),
    )


def colour(field: str, columns: int = 3) -> Any:
    """One colour a name, in the order in which names come."""
    alt = needed()
    legend = alt.Legend(orient="bottom", columns=columns, labelLimit=320, title=None)
    return alt.Color(f"{field}:N", title=None, sort=None, legend=legend)


def names(rows: Sequence[Point], field: str = "name") -> Any:
    """Names down the left side. They begin at the edge, so that a wider font than was reckoned with cuts none off."""
    alt = needed()
    room = LETTER * max(len(row[field]) for row in rows)
    axis = alt.Axis(labelAlign="left", labelPadding=room, labelLimit=0, ticks=False, domain=False)
    return alt.Y(f"{field}:N", title=None, sort=None, axis=axis)


def svg(chart: Any) -> str:
    """The drawing, for light and dark. Names are data in it, never markup, and no address is looked up."""
    import vl_convert

    themed = chart.configure(background="transparent", font="system-ui, sans-serif").configure_view(stroke=GREY)
    themed = themed.configure_axis(gridColor=GREY, gridOpacity=0.25, domainColor=GREY, tickColor=GREY)
    themed = themed.configure_range(category=list(COLOURS))
    drawn = str(vl_convert.vegalite_to_svg(themed.to_json(), allowed_base_urls=[]))
    head, bracket, rest = drawn.partition(">")
    return head + bracket + DARK + rest
