"""What a report consists of, before anybody draws it: sentences, tables of words, and drawings."""

from typing import NamedTuple

from msgspec import Struct

Row = tuple[str, ...]
"""Cells; one cell alone is a heading over the rows below it."""


class Caption(NamedTuple):
    """The words of a table.

    Attributes:
        heads: of its columns; the first `names` of them hold names, which may be broken, the others figures.
        claim: what kind of claim its figures allow, or "".
    """

    title: str
    about: str
    heads: tuple[str, ...]
    names: int = 1
    claim: str = ""


class Chart(Struct, frozen=True):
    """A drawing.

    Attributes:
        about: how to read it.
        svg: a whole SVG document that loads nothing.
    """

    title: str
    about: str
    svg: str


class Section(Struct, frozen=True):
    """A table and its words; `chart` shows the same figures and stands above it."""

    caption: Caption
    rows: tuple[Row, ...]
    chart: Chart | None = None


class Sentence(Struct, frozen=True):
    """A statement, and what kind of claim it is, or ""."""

    text: str
    claim: str = ""


Part = Section | Chart
