"""Tables of a report in the terminal."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from corpenv.render import clean, table
from corpenv.report.sections import Row, Section

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

MOST = 120
"""Rows of a table that are shown; the page and the JSON document have all."""
GAP, WORD = 3, 14
"""Characters between columns, and of a word of a name that is not broken while figures could give room."""


def show(sections: Iterable[Section], console: "Console") -> None:
    """Print every table, each with what its columns mean."""
    from rich.padding import Padding
    from rich.text import Text

    for section in sections:
        console.print(Text(f"\n{clean(section.caption.title)}", "bold"))
        console.print(Padding(Text(clean(section.caption.about), "dim"), (0, 0, 1, 0)))
        columns = columns_of(section, console.width)
        for number, (heading, rows) in enumerate(grouped(section.rows[:MOST])):
            if heading:
                console.print(Text(clean(heading), "bold"))
            made = drawn(columns, rows)
            made.show_header = number == 0
            console.print(made)
        if len(columns) < len(section.caption.heads):
            console.print(Text("columns that are 0 in every row are left out; wider terminals have them", "dim"))
        if len(section.rows) > MOST:
            console.print(Text(f"and {len(section.rows) - MOST} more", "dim"))


def grouped(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Rows by the heading over them, "" where there is none."""
    found: list[tuple[str, list[Row]]] = []
    for row in rows:
        if len(row) == 1:
            found.append((row[0], []))
        elif not found:
            found.append(("", [row]))
        else:
            found[-1][1].append(row)
    return found


class Column(NamedTuple):
    """A column: the number of its cells in a row, its heading, and how many characters it has."""

    number: int
    head: str
    width: int
    word: int


def columns_of(section: Section, room: int) -> list[Column]:
    """The columns with their widths, the same under every heading: names have what figures leave.

    Where that is not enough for their words, figures that are 0 in every row are left out, and the widest of the others
    are put on two lines.
    """
    caption = section.caption
    cells = zip(caption.heads, *(row for row in section.rows if len(row) > 1), strict=True)
    every = [Column(number, column[0], *sizes_of(column)) for number, column in enumerate(cells)]
    names, figures = every[: caption.names], every[caption.names :]
    if spare(names, figures, room) < 0:
        nothing = {each.number for each in figures if is_nothing(section, each.number)}
        figures = [each for each in figures if each.number not in nothing]
    for each in sorted(figures, key=lambda column: column.width, reverse=True):
        if spare(names, figures, room) < 0:
            figures[figures.index(each)] = each._replace(width=max(each.word, each.width // 2 + 1))
    left = max(spare(names, figures, room), 0) + sum(each.word for each in names)
    whole = sum(each.width for each in names)
    return [
        *(each._replace(width=min(each.width, max(left // len(names), left - whole + each.width))) for each in names),
        *figures,
    ]


def sizes_of(cells: Iterable[str]) -> tuple[int, int]:
    """Characters of the longest cell, and of the longest word, as far as it is kept whole."""
    texts = [clean(cell) for cell in cells]
    longest = max(len(word) for text in texts for word in (*text.split(), ""))
    return max(map(len, texts)), min(longest, WORD)


def spare(names: Sequence[Column], figures: Sequence[Column], room: int) -> int:
    """Characters that are left where names have as many as their longest words."""
    used = sum(each.word for each in names) + sum(each.width for each in figures)
    return room - used - GAP * (len(names) + len(figures) - 1)


def is_nothing(section: Section, number: int) -> bool:
    """Is it 0, or not known, in every row?"""
    return all(row[number] in ("0", "–") for row in section.rows if len(row) > 1)


def drawn(columns: Sequence[Column], rows: Iterable[Row]) -> "Table":
    """Rows as a table."""
    from rich.text import Text

    made = table(*(each.head for each in columns))
    for column, each in zip(made.columns, columns, strict=True):
        column.width = each.width
    for row in rows:
        made.add_row(*(Text(clean(row[each.number])) for each in columns))
    return made
