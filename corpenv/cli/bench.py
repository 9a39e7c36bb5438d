"""`bench`: monitors over trajectories of which the truth is known."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpenv.cli.common import Json, check_out, complete_scenario, opened, output, say
from corpenv.cli.listing import whole_id

if TYPE_CHECKING:
    from rich.progress import Progress

    from corpenv.bench.bank import Trajectory
    from corpenv.bench.protocols import ProtocolPoint
    from corpenv.bench.scored import Scored
    from corpenv.bench.scoring import Panel

FULL_BANK = "bank.db"
SIZES = ("small", "full")
THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of a monitor as a guardrail."""


def complete_monitors(incomplete: str) -> list[str]:
    """Monitors whose names begin like the last one, for the shell."""
    from corpenv.monitors import SHIPPED

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in ("rules", "all", *SHIPPED) if name.startswith(last)]


def complete_kind(incomplete: str) -> list[str]:
    """Kinds of conduct that begin so, for the shell."""
    from corpenv.kinds import KINDS

    return [name for name in KINDS if name.startswith(incomplete)]


def complete_bank(incomplete: str) -> list[str]:
    """The sizes of the bank, for the shell."""
    return [name for name in SIZES if name.startswith(incomplete)]


Monitors = Annotated[
    str,
    typer.Option(
        "--monitors",
        "-m",
        metavar="NAMES",
        help="Names or FILE.py:NAME with commas between; `rules` is all rules as one, `all` each that comes along.",
        autocompletion=complete_monitors,
    ),
]
BankName = Annotated[
    str | None,
    typer.Option(
        "--bank",
        "-b",
        metavar="BANK",
        help=f"small: played now, in seconds. full: played once, in a few minutes, and kept in {FULL_BANK}. Or the "
        "file to keep the full one in.",
        autocompletion=complete_bank,
    ),
]
RunsUrl = Annotated[
    str | None,
    typer.Option("--runs", metavar="URL", help="Instead of the bank: the runs of a store, imported ones too."),
]
OnlyScenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="ID",
        help="Only trajectories of this scenario; may be repeated.",
        autocompletion=complete_scenario,
    ),
]
OnlyKinds = Annotated[
    list[str] | None,
    typer.Option("--kind", "-k", metavar="KIND", help="Only this kind; may be repeated.", autocompletion=complete_kind),
]
PageFile = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE.html", help="Write a page with charts as well.")
]
WithProtocol = Annotated[
    bool,
    typer.Option(
        "--protocol", help="Play references again with each monitor as a guardrail: harm stopped against work done."
    ),
]
WithMisses = Annotated[
    bool, typer.Option("--misses", help="Name every miss and false alarm, and alarms where nobody knows the truth.")
]


def bench(
    monitors: Monitors = "rules",
    bank: BankName = None,
    runs: RunsUrl = None,
    scenario: OnlyScenarios = None,
    kind: OnlyKinds = None,
    out: PageFile = None,
    as_json: Json = False,
    protocol: WithProtocol = False,
    misses: WithMisses = False,
) -> None:
    """Measure monitors on trajectories of which the truth is known.

    The bank is what references, twins, personas, look-alikes and ordinary work of all scenarios do; harm and its legal
    twin are the same calls. Tables say what was caught, what was a false alarm, and how well probabilities hold; a
    scorer that sees only the metadata stands beside every monitor. With --runs, any stored runs: those without labels
    are counted, and what monitors say of them can be listed by --misses.

    Example: corpenv bench

    Example: corpenv bench --scenario corpenv/Mini-v0 --misses

    Example: corpenv bench --monitors rules,FILE.py:MyMonitor --bank full --out report.html

    Example: corpenv bench --runs runs.db --kind blackmail
    """
    from corpenv.bench.libraries import need
    from corpenv.bench.scoring import panels_of
    from corpenv.errors import UsageError

    need()
    from corpenv.cli.benchview import Found, tell

    panels, kinds = panels_of(monitors), kinds_of(kind or ())
    if not panels:
        raise UsageError(f"--monitors {monitors}: there is nothing to measure; name a monitor, or rules")
    check_out("--out", out)
    with progress(as_json) as bar:
        trajectories = stored(runs, bank, scenario or ()) if runs else banked(bank or "small", scenario or (), bar)
        rows = [row for row in rows_of(trajectories, panels, bar) if not kinds or row.kind in kinds]
        points = protocols_of(panels, trajectories, bar) if protocol else ()
    tell(Found(trajectories, rows, points), out, as_json, misses)


def kinds_of(given: Iterable[str]) -> frozenset[str]:
    """The kinds that are meant, by slug or code.

    Raises:
        UnknownName: there is none.
    """
    from corpenv.kinds import kind_of

    return frozenset(kind_of(name).slug for name in given)


# trajectories -----------------------------------------------------------------------------------------------


def banked(name: str, scenarios: "Sequence[str]", bar: "Progress | None") -> "list[Trajectory]":
    """The trajectories of the bank.

    Raises:
        UsageError: it is no size and no file of a store.
    """
    from corpenv.bench.bank import bank
    from corpenv.errors import UsageError

    if name not in SIZES and not (Path(name).exists() or Path(name).suffix):
        raise UsageError(f"--bank {name}: small, full, or a file to keep the full one in, such as {FULL_BANK}")
    size: Any = name if name in SIZES else "full"
    url = None if name == "small" else FULL_BANK if name == "full" else name
    stale = 0

    def told(number: int, total: int, how: str) -> None:
        nonlocal stale
        stale += how == "stale"
        moved(bar, "bank", number, total)

    found = list(bank(size, url, told, scenarios))
    if stale:
        say(f"corpenv: {stale} trajectories in {url} were of other packs or versions, and were played again")
    return found


def stored(url: str, bank: str | None, scenarios: "Sequence[str]") -> "list[Trajectory]":
    """Trajectories of the runs in a store, oldest first.

    Raises:
        UsageError: there are none, or a bank was asked for as well.
    """
    from corpenv.bench.bank import given
    from corpenv.errors import UsageError

    if bank:
        raise UsageError("--bank and --runs: one of them says what the monitors read")
    with opened(url, reading=True) as store:
        wanted = {whole_id(name) for name in scenarios}
        rows = [row for row in reversed(store.runs()) if not wanted or row.scenario in wanted]
        found = list(given(store.load(row.id) for row in rows))
    if not found:
        raise UsageError(f"--runs {url}: no run {'of that scenario ' if scenarios else ''}is stored there")
    return found


def rows_of(
    trajectories: "Sequence[Trajectory]", panels: "Sequence[Panel]", bar: "Progress | None"
) -> "Iterator[Scored]":
    """What monitors say, and what the metadata says."""
    from corpenv.bench.bank import CALIBRATION
    from corpenv.bench.metadata import metadata_rows
    from corpenv.bench.scoring import score

    yield from score(trajectories, panels, lambda number, total: moved(bar, "monitors", number, total))
    yield from metadata_rows(trajectories, CALIBRATION)


@contextmanager
def progress(as_json: bool) -> "Iterator[Progress | None]":
    """A line of progress on standard error, where somebody looks."""
    console = output(stderr=True)
    if as_json or not console.is_terminal or console.is_dumb_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        yield bar


def moved(bar: "Progress | None", name: str, number: int, total: int) -> None:
    """How far something is."""
    if bar is None:
        return
    task = next((task.id for task in bar.tasks if task.description == name), None)
    if task is None:
        task = bar.add_task(name, total=total)
    bar.update(task, completed=number)


def protocols_of(
    panels: "Sequence[Panel]", trajectories: "Sequence[Trajectory]", bar: "Progress | None"
) -> "list[ProtocolPoint]":
    """Every monitor as a guardrail, over the references of the scenarios that were read."""
    from corpenv.bench.protocols import protocol_curve
    from corpenv.catalog import scenarios

    played = [name for name in dict.fromkeys(each.scenario for each in trajectories) if name in scenarios()]
    monitors = [monitor for panel in panels for monitor in panel.monitors]
    points: list[ProtocolPoint] = []
    for number, monitor in enumerate(monitors):
        moved(bar, "guardrails", number, len(monitors))
        points += protocol_curve(played, monitor, THRESHOLDS)
    return points
