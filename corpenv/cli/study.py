"""`study`: many episodes by a plan: what it comes to, playing it, going on with it, and how far it is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from corpenv.cli.common import (
    DEFAULT_STORE,
    Json,
    StoreUrl,
    opened,
    output,
    print_json,
    program,
    say_stopped,
    store_option,
)

if TYPE_CHECKING:
    from corpenv.store import Store
    from corpenv.study import Study
    from corpenv.study.progress import Progress

INTERRUPTED = 130

StudyFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="A study: a YAML file; corpenv schema study says what stands in it.")
]
StudyName = Annotated[str, typer.Argument(metavar="STUDY", help="Its name, the beginning of its digest, or last.")]
Workers = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=0, help="Processes; by default one a processor. 0: none but this."),
]
EngineName = Annotated[
    str, typer.Option("--engine", metavar="NAME", help="processes of this machine, or ray: actors of a Ray cluster.")
]
Address = Annotated[
    str | None,
    typer.Option("--address", metavar="HOST:PORT", help="Of the cluster; by default one of this machine alone."),
]


class Players(NamedTuple):
    """Who plays a study; see `run_study`."""

    workers: int | None
    engine: str
    address: str | None

    @property
    def words(self) -> str:
        """As people say it."""
        many = "one on each processor" if self.workers is None else str(self.workers)
        where = f"actors of Ray at {self.address or 'this machine'}" if self.engine == "ray" else "processes"
        return f"{where}, {many}" if self.workers != 0 else "this process alone"


def plan(file: StudyFile, as_json: Json = False) -> None:
    """Show what a study comes to, before anything is played: cells, episodes, cost, and what its contrasts can tell.

    Example: corpenv study plan study.yaml
    """
    from corpenv.cli.studyviews import plan_json, plan_view
    from corpenv.study import load_study

    study = load_study(file)
    if as_json:
        print_json(plan_json(study))
    else:
        output().print(plan_view(study))
        output().print(f"\nNext: {program()} study run {file}", soft_wrap=True)


def run(
    file: StudyFile,
    store: StoreUrl = DEFAULT_STORE,
    workers: Workers = None,
    engine: EngineName = "processes",
    address: Address = None,
    as_json: Json = False,
) -> None:
    """Play a study. What has a result already is not played again, so the same command goes on after a stop.

    Example: corpenv study run study.yaml --store study.db

    Example: corpenv study run study.yaml --store postgresql://lab@db.example/lab --engine ray --address 10.0.0.1:6379
    """
    from corpenv.study import load_study

    study = load_study(file)
    with opened(store) as kept:
        raise typer.Exit(played(study, kept, store, Players(workers, engine, address), as_json))


def resume(
    name: StudyName = "last",
    store: StoreUrl = DEFAULT_STORE,
    workers: Workers = None,
    engine: EngineName = "processes",
    address: Address = None,
    as_json: Json = False,
) -> None:
    """Go on with a study as it stands in the store, without its file.

    Example: corpenv study resume --store study.db
    """
    from corpenv.store.studies import Studies
    from corpenv.study.plan import study_of

    with opened(store) as kept:
        digest, document = Studies(kept).find(name)
        study = study_of(document)
        check_same(study, digest)
        raise typer.Exit(played(study, kept, store, Players(workers, engine, address), as_json))


def check_same(study: "Study", digest: str) -> None:
    """A study is gone on with in the worlds in which it was begun."""
    from corpenv.errors import StoreError

    if study.digest != digest:
        raise StoreError(
            f"{study.form.name}: its scenarios have changed since it was begun, so its episodes would not be alike; "
            "check out the version it was begun with, or give the study a new name and run it from its file"
        )


def status(name: StudyName = "last", store: StoreUrl = DEFAULT_STORE, as_json: Json = False) -> None:
    """Show how far a study is: results, faults, and the primary outcome so far, cell by cell.

    Example: corpenv study status --store study.db
    """
    from corpenv.store.studies import Studies
    from corpenv.study.plan import study_of
    from corpenv.study.progress import progress_of

    with opened(store, reading=True) as kept:
        digest, document = Studies(kept).find(name)
        study = study_of(document)
        show_progress(study, progress_of(study, kept, digest), as_json)


def report(
    name: StudyName = "last",
    page: Annotated[
        Path | None, typer.Option("--page", metavar="FILE.html", help="Write one page with charts as well.")
    ] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Show what a study found: rates with intervals beside the baseline, contrasts, effects, awareness, monitors.

    The page holds everything in one file that loads nothing, with charts, the reporting standard point by point, and
    what was played.

    Example: corpenv study report --store study.db --page report.html
    """
    from corpenv.cli.studyreport import told

    told(name, page, store, as_json)


def played(study: "Study", kept: "Store", url: str, players: Players, as_json: bool) -> int:
    """Play a study under the eyes of whoever started it; the exit code."""
    from corpenv.cli.plan import stopping_at_once
    from corpenv.cli.studyviews import Watching
    from corpenv.errors import StoreError
    from corpenv.store.studies import Studies
    from corpenv.study import run_study
    from corpenv.study.progress import progress_of

    Studies(kept).keep(study.digest, study.form.name, study.document)
    progress = progress_of(study, kept, study.digest)
    before = progress.done

    def how_far() -> str:
        further = f"{program()} study resume {study.form.name}{store_option(url)}"
        return f"{progress.done} of {len(study)} episodes have results. To go on: {further}"

    try:
        watching = Watching(output(stderr=True), study, progress, players.words, quiet=as_json)
        with watching.bar, stopping_at_once():
            run_study(study, kept, on_result=watching.result, **players._asdict())
    except StoreError as error:
        raise StoreError(f"{error}; {how_far()}") from None
    except KeyboardInterrupt:
        progress = progress_of(study, kept, study.digest)  # with what was kept and not yet told of
        show_progress(study, progress, as_json)
        say_stopped(f"corpenv: stopped: {how_far()}")
        return INTERRUPTED
    show_progress(study, progress, as_json)
    if not as_json:
        output().print(f"\n{progress.done - before} results are new; all are kept in {kept.name}.", soft_wrap=True)
    return 0


def show_progress(study: "Study", progress: "Progress", as_json: bool) -> None:
    """How far a study is."""
    from corpenv.cli.studyviews import status_json, status_view

    if as_json:
        print_json(status_json(study, progress))
    else:
        output().print(status_view(study, progress))


commands = typer.Typer(help="Play many episodes by a plan, and see what they come to.", rich_markup_mode=None)
commands.command("plan")(plan)
commands.command("run")(run)
commands.command("resume")(resume)
commands.command("status")(status)
commands.command("report")(report)
