"""`export`: runs and studies, for other programs."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from corpenv.cli.common import (
    DEFAULT_STORE,
    StoreUrl,
    complete_run,
    found_run,
    looks_like_run,
    opened,
    run_in,
    say,
)

if TYPE_CHECKING:
    from corpenv.exports import Episodes
    from corpenv.run import Run
    from corpenv.store import Store

FORMATS = ("jsonl", "csv", "parquet", "eval")
TABLES = ("csv", "parquet")
FILES = ("parquet", "eval")
"""Formats that are no text, so that they need a file."""
NOBODY_KNOWS = "1970-01-01T00:00:00+00:00"
"""When a run was made that is in no store."""


class Chosen(NamedTuple):
    """What is exported.

    Attributes:
        title: for logs; `told` is for people.
        runs: gives them, one after the other.
        episodes: gives them as rows; None where they are in no store.
    """

    title: str
    told: str
    runs: "Callable[[], Iterator[Run]]"
    episodes: "Callable[[], Episodes] | None"
    created: str


def complete_format(incomplete: str) -> list[str]:
    """Formats that begin so, for the shell."""
    return [name for name in FORMATS if name.startswith(incomplete)]


ExportedName = Annotated[
    str,
    typer.Argument(
        metavar="RUN|STUDY",
        help="A run (id, its beginning, `last`, or an exported file), a study (name, or the beginning of its "
        "digest), or `all`: every run of the store.",
        autocompletion=complete_run,
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="jsonl, csv, parquet or eval; by default what the file's ending says, else jsonl.",
        autocompletion=complete_format,
    ),
]
OutFile = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Instead of standard output.")]


def export_runs(
    name: ExportedName,
    form: Format = None,
    out: OutFile = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write runs for other programs.

    jsonl: whole runs, one after the other, which `corpenv import run` takes back. Its lines are: what a run was made
    with, where it started, every entry; labels, findings and model calls; and the sha256 of all bytes before. csv and
    parquet: an episode a row, with its condition, how it ended, what is true of it by kind, and alarms. eval: a log of
    Inspect, a sample a run.

    Example: corpenv export last --out run.jsonl

    Example: corpenv export my-study --store study.db --out episodes.parquet
    """
    form = format_of(form, out)
    if Path(name).is_file() or name.endswith(".jsonl"):
        write(in_file(Path(name)), form, out)
        return
    with opened(store, reading=True) as kept:
        write(chosen_in(kept, name, store), form, out)


def format_of(form: str | None, out: Path | None) -> str:
    """The format that is asked for, or that a file's name tells.

    Raises:
        UsageError: there is no such format, or it needs a file.
    """
    from corpenv.errors import UsageError

    ending = out.suffix.removeprefix(".") if out else ""
    found = form or (ending if ending in FORMATS else "jsonl")
    if found not in FORMATS:
        raise UsageError(f"--format {found}: jsonl, csv, parquet or eval")
    if found in FILES and out is None:
        raise UsageError(f"--format {found} is no text; name a file with --out, such as --out runs.{found}")
    return found


# what is exported -------------------------------------------------------------------------------------------


def in_file(path: Path) -> Chosen:
    """The run in an exported file."""
    run = run_in(path)
    return Chosen(path.stem, run.id, lambda: iter([run]), None, NOBODY_KNOWS)


def chosen_in(store: "Store", name: str, url: str) -> Chosen:
    """Runs of a store: one, those of a study, or all.

    Raises:
        UnknownName: there is no such run or study.
    """
    from corpenv.exports import Episodes
    from corpenv.store.facts import Facts
    from corpenv.store.studies import Studies
    from corpenv.study.plan import study_of

    if name == "all":
        ids = [*reversed([*store])]
        made = Facts(store).played()[1] or NOBODY_KNOWS
        return Chosen("runs", f"{len(ids)} runs", lambda: map(store.load, ids), lambda: Episodes(store), made)
    if is_study(store, name):
        digest, document = Studies(store).find(name)
        study, results = study_of(document), Studies(store).results(digest)
        ids = [*dict.fromkeys(results.values())]  # cells may be alike, and so may be their runs
        told = f"{len(results)} episodes of {study.form.name}, {len(ids)} runs"
        episodes, made = (lambda: Episodes(store, study, digest)), Facts(store, digest).played()[0]
        return Chosen(study.form.name, told, lambda: map(store.load, ids), episodes, made)
    run = found_run(name, url)
    one = Facts(store, run_id=run.id).played()[1]
    return Chosen(run.id, run.id, lambda: iter([run]), lambda: Episodes(store, run_id=run.id), one)


def is_study(store: "Store", name: str) -> bool:
    """Is a study meant? A name that a study has comes before whatever looks like a run."""
    from corpenv.store.studies import Studies

    return any(each.name == name for each in Studies(store).all()) or not looks_like_run(name)


# writing ----------------------------------------------------------------------------------------------------


def write(chosen: Chosen, form: str, out: Path | None) -> None:
    """Write it, and say so.

    Raises:
        UsageError: a file has no table of episodes, or cannot be written.
    """
    from corpenv.errors import UsageError

    if form in TABLES and chosen.episodes is None:
        raise UsageError(
            f"--format {form}: rows are made in a store; bring the file into one with `corpenv import run`"
        )
    if out is None:
        sys.stdout.flush()
        WRITERS[form](chosen, sys.stdout.buffer)
        return
    with replacing(out) as part, part.open("wb") as stream:
        WRITERS[form](chosen, stream)
    say(f"{out} has {chosen.told}: {out.stat().st_size} bytes")


@contextmanager
def replacing(out: Path) -> Iterator[Path]:
    """A file that takes the place of another once it is whole; one that was not finished leaves nothing.

    Raises:
        UsageError: it cannot be written.
    """
    from corpenv.errors import UsageError

    part = out.with_name(f"{out.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


def as_lines(chosen: Chosen, out: IO[bytes]) -> None:
    """Whole runs."""
    from corpenv.exports import write_lines

    write_lines(chosen.runs(), out)


def as_table(chosen: Chosen, out: IO[bytes], parquet: bool = False) -> None:
    """An episode a row."""
    from corpenv.exports import write_csv, write_parquet

    assert chosen.episodes is not None
    (write_parquet if parquet else write_csv)(chosen.episodes(), out)


def as_parquet(chosen: Chosen, out: IO[bytes]) -> None:
    """The same with typed columns."""
    as_table(chosen, out, parquet=True)


def as_log(chosen: Chosen, out: IO[bytes]) -> None:
    """A log of Inspect."""
    from corpenv.exports import write_eval

    write_eval(chosen.runs(), out, chosen.title, chosen.created)


WRITERS: dict[str, Any] = {"jsonl": as_lines, "csv": as_table, "parquet": as_parquet, "eval": as_log}
