"""A report as one HTML file that loads nothing and runs nothing."""

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from corpenv.errors import SetupError
from corpenv.render import clean
from corpenv.report.sections import Chart, Part, Sentence

PAGE = Path(__file__).with_name("page.html")


def html(title: str, lead: Iterable[Sentence], parts: Iterable[Part]) -> str:
    """The page: `lead` first, then every part in order, everything that others wrote escaped.

    Charts stand in it as images, in which nothing can run; the page's own policy lets nothing be fetched.

    Raises:
        SetupError: jinja2 is not installed.
    """
    return str(
        template().render(
            title=clean(title),
            lead=[replace(each, text=clean(each.text).strip()) for each in lead],
            parts=[shown(part) for part in parts],
        )
    )


@cache
def template() -> Any:
    """The page without its words."""
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError:
        raise SetupError("a page needs jinja2: pip install 'corpenv[study]'") from None
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["data_uri"] = data_uri
    return made.from_string(PAGE.read_text("utf-8"))


def shown(part: Part) -> dict[str, Any]:
    """A part as the page takes it: without what steers a display or turns the direction of writing."""
    if isinstance(part, Chart):
        return {"title": clean(part.title), "about": clean(part.about), "claim": "", "rows": (), "chart": part}
    caption = part.caption
    return {
        "title": clean(caption.title),
        "about": clean(caption.about),
        "claim": caption.claim,
        "heads": caption.heads,
        "rows": tuple(tuple(map(clean, row)) for row in part.rows),
        "names": caption.names,
        "chart": part.chart,
    }


def data_uri(svg: str) -> str:
    """An SVG document as the address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
