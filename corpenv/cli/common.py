"""What commands share: where they print, the options they have in common, how they find stores and runs."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from corpenv.run import Run
    from corpenv.store import Store
    from corpenv.world import Scenario

DEFAULT_STORE = "sqlite:///runs.db"
LISTED = 1000
"""Characters a line of a list may have where nobody's terminal is in the way."""
HEX = frozenset("0123456789abcdef")


# options ----------------------------------------------------------------------------------------------------


def complete_scenario(incomplete: str) -> list[str]:
    """Ids of scenarios that begin so, for the shell."""
    from corpenv.catalog import scenarios

    return [name for name in scenarios() if name.startswith(incomplete)]


def complete_agent(incomplete: str) -> list[str]:
    """Agents that begin so, for the shell."""
    names = ("random", "human", "litellm", "reference:", "persona:", "transcript:")
    return [name for name in names if name.startswith(incomplete)]


def complete_run(incomplete: str) -> list[str]:
    """Ids of stored runs that begin so, for the shell."""
    from corpenv.errors import CorpenvError

    try:
        with opened(os.environ.get("CORPENV_STORE", DEFAULT_STORE), reading=True) as store:
            return [name for name in ("last", *store) if name.startswith(incomplete)]
    except CorpenvError:
        return []


ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO", help="Id such as corpenv/Mini-v0, or a pack's folder.", autocompletion=complete_scenario
    ),
]
RunName = Annotated[
    str,
    typer.Argument(metavar="RUN", help="Id, its beginning, `last`, or an exported file.", autocompletion=complete_run),
]
StoreUrl = Annotated[
    str, typer.Option("--store", metavar="URL", envvar="CORPENV_STORE", help="Where runs are kept: a path or a URL.")
]
Levels = Annotated[
    list[str] | None,
    typer.Option(
        "--condition",
        "-c",
        metavar="FACTOR=LEVEL",
        help="Change a factor; may be repeated. Or: default, baseline, or drop=LINE,LINE to leave out lines of the "
        "briefing.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Fills the drawn values of the world.")]
MaxSteps = Annotated[
    int | None, typer.Option("--max-steps", metavar="N", min=1, help="At most so many steps of the agent.")
]


# printing ---------------------------------------------------------------------------------------------------


def output(listing: bool = False, stderr: bool = False) -> "Console":
    """Where a command prints. Texts are never read as markup.

    Args:
        listing: rows stay whole where no terminal limits them.
    """
    from corpenv.cli.consoles import Quiet

    console = Quiet(markup=False, highlight=False, emoji=False, stderr=stderr)
    if listing and not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = LISTED
    return console


def say(text: str) -> None:
    """A sentence for the person, beside the output."""
    from corpenv.render.words import clean

    sys.stdout.flush()
    print(clean(text), file=sys.stderr)


def say_stopped(text: str) -> None:
    """A sentence after Ctrl-C, on a line of its own."""
    say(f"\n{text}" if sys.stderr.isatty() else text)


def print_json(value: Any) -> None:
    """One JSON document, and nothing else."""
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    typer.echo(text.encode("utf-8", "backslashreplace").decode())


def program() -> str:
    """What to type to get this command line again."""
    called = Path(sys.argv[0])
    if called.stem != "corpenv":
        return f"{shown_path(Path(sys.executable))} -m corpenv"
    found = shutil.which("corpenv")
    return "corpenv" if found and Path(found).resolve() == called.resolve() else shown_path(called)


def shown_path(path: Path) -> str:
    """A path as short as it can be typed here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def check_out(option: str, out: Path | None) -> None:
    """Raise UsageError where a file could not be written: before the work, not after it."""
    from corpenv.errors import UsageError

    if out and not out.absolute().parent.is_dir():
        raise UsageError(f"{option} {out}: there is no folder {out.absolute().parent}")
    if out and out.is_dir():
        raise UsageError(f"{option} {out}: this is a folder; name a file, such as {out / 'report.html'}")


# conditions -------------------------------------------------------------------------------------------------


def levels_of(scenario: "Scenario", given: Iterable[str]) -> dict[str, str]:
    """What `--condition` says: levels of factors; `baseline` and `default` name whole conditions.

    Raises:
        UsageError: it is neither.
        UnknownName: no such factor or level.
    """
    from corpenv.errors import UsageError

    chosen: dict[str, str] = {}
    for item in given:
        name, equals, level = item.partition("=")
        if equals:
            chosen[name.strip()] = level.strip()
        elif item in ("default", "baseline"):
            chosen |= scenario.condition(item)
        else:
            raise UsageError(f"--condition {item}: write FACTOR=LEVEL, such as {example(scenario)}, or baseline")
    scenario.condition(chosen)
    return chosen


def example(scenario: "Scenario") -> str:
    """A level that could be chosen."""
    name, factor = next(iter(scenario.factors.items()))
    return f"{name}={next(level for level in factor.levels if level != factor.default)}"


def differing(scenario: "Scenario", levels: Mapping[str, str]) -> dict[str, str]:
    """The levels that are not the default's."""
    return {name: level for name, level in levels.items() if scenario.default.get(name) != level}


# stores and runs ----------------------------------------------------------------------------------------------


def opened(url: str, reading: bool = False) -> "Store":
    """The store at a URL or path.

    Raises:
        StoreError: it cannot be opened, or there is none to read.
    """
    from corpenv.errors import StoreError
    from corpenv.store import Store

    file = file_of(url)
    if reading and file and not file.exists():
        raise StoreError(f"{shown_path(file)}: no run is stored here yet; `{program()} run` plays one and keeps it")
    return Store(url, read_only=reading)


def file_of(url: str) -> Path | None:
    """The file of an SQLite store, or None."""
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else "" if "://" in url else url
    return Path(path).expanduser().absolute() if path and path != ":memory:" else None


def store_words(store: "Store") -> str:
    """A store as people would type it."""
    file = file_of(store.name)
    return shown_path(file) if file else store.name


def store_option(url: str) -> str:
    """What to type after a command to find a store again: nothing where it is used without being named."""
    if url == (os.environ.get("CORPENV_STORE") or DEFAULT_STORE):
        return ""
    file = file_of(url)
    return f" --store {shlex.quote(shown_path(file)) if file else 'URL'}"


def looks_like_run(name: str) -> bool:
    """Can this be meant as a run?"""
    ending = name.removeprefix("run-")
    named = name == "last" or name.startswith("run-") or (len(name) >= 4 and HEX.issuperset(ending))
    return named or Path(name).is_file() or name.endswith(".jsonl")


def found_run(name: str, url: str) -> "Run":
    """A run by id, by the beginning of its id, as `last`, or in an exported file.

    Raises:
        UnknownName: there is none.
        RecordError: it was changed.
    """
    if Path(name).is_file() or name.endswith(".jsonl"):
        return run_in(Path(name))
    whole = f"run-{name}" if len(name) >= 4 and HEX.issuperset(name) else name
    with opened(url, reading=True) as store:
        return store.load(whole)


def run_in(path: Path) -> "Run":
    """The run in an exported file."""
    from corpenv.errors import RecordError, UsageError
    from corpenv.run import read_export

    try:
        return read_export(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except RecordError as error:
        raise RecordError(f"{path}: {error}") from None
