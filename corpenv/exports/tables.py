"""Episodes as CSV and as Parquet, written as they are read."""

import csv
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any

from corpenv.errors import SetupError
from corpenv.exports.rows import Episodes

AT_ONCE = 5_000
"""Rows of a row group."""


def write_csv(episodes: Episodes, out: IO[bytes]) -> None:
    """UTF-8: a line with the names of the columns, then an episode a line; what it does not have is empty."""
    text = TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.DictWriter(text, list(episodes.columns))
    writer.writeheader()
    writer.writerows(episodes)
    text.detach()


def write_parquet(episodes: Episodes, out: IO[bytes]) -> None:
    """An episode a row, with typed columns.

    Raises:
        SetupError: pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise SetupError("Parquet needs pyarrow: pip install 'corpenv[study]'") from None
    types = {"text": pyarrow.string(), "whole": pyarrow.int64(), "number": pyarrow.float64()}
    schema = pyarrow.schema([(name, types[of]) for name, of in episodes.columns.items()])
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in portions(episodes):
            writer.write_table(pyarrow.Table.from_pylist(batch, schema))


def portions(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """So many rows at once."""
    left = iter(rows)
    while batch := list(islice(left, AT_ONCE)):
        yield batch
