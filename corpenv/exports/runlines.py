"""Whole runs as JSON lines, one after the other; each ends with the sha256 of its own bytes before it."""

from collections.abc import Iterable, Iterator
from typing import IO

from corpenv.errors import RecordError
from corpenv.run import Run, export, read_export

END = b'{"sha256":'
"""How the last line of a run begins, and no other does."""


def write_lines(runs: Iterable[Run], out: IO[bytes]) -> None:
    """Write runs."""
    for run in runs:
        out.write(export(run))


def exports_in(lines: Iterable[bytes]) -> Iterator[Run]:
    """The runs behind lines of exports.

    Raises:
        RecordError: a byte of one was changed; says which of them.
    """
    found: list[bytes] = []
    number = 1
    for line in lines:
        found.append(line)
        if line.startswith(END):
            yield behind(found, number)
            found, number = [], number + 1
    if found or number == 1:
        yield behind(found, number)


def behind(lines: list[bytes], number: int) -> Run:
    """One run."""
    try:
        return read_export(b"".join(lines))
    except RecordError as error:
        raise RecordError(str(error) if number == 1 else f"run {number}: {error}") from None
