"""`verify`, `import run`, `import transcripts`."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpenv.cli.common import (
    DEFAULT_STORE,
    Json,
    RunName,
    StoreUrl,
    found_run,
    opened,
    output,
    print_json,
    program,
    say,
    store_words,
)

if TYPE_CHECKING:
    from corpenv.run import Run
    from corpenv.store import Store
    from corpenv.world import Scenario

DIVERGED = 1
UNREAD = 1


def verify_run(name: RunName, store: StoreUrl = DEFAULT_STORE, as_json: Json = False) -> None:
    """Carry out a run again and compare.

    Its inputs are given to the world once more, without its agent or model; every event and answer must be the same,
    byte for byte, and the labels too. Exit code 1: something is another now; the first entry that differs is named.

    Example: corpenv verify last
    """
    from corpenv.errors import Divergence
    from corpenv.verification import verify

    run = found_run(name, store)
    try:
        digest, difference, step = verify(run), "", 0
    except Divergence as error:
        digest, difference, step = run.record.digest, str(error), error.step
    entries = len(run.record.entries)
    if as_json:
        found = {"id": run.id, "verified": not difference, "entries": entries, "digest": digest}
        print_json(found | ({"difference": difference, "step": step} if difference else {}))
    elif difference:
        say(f"not verified: {difference}")
    else:
        output().print(f"verified: {entries} entries{withheld_words(run)}, digest {digest}", soft_wrap=True)
    raise typer.Exit(DIVERGED if difference else 0)


def withheld_words(run: "Run") -> str:
    """` (1 withheld by guardrails)`, or nothing."""
    from corpenv.record import Withheld

    withheld = sum(isinstance(entry.input, Withheld) for entry in run.record.entries)
    return f" ({withheld} withheld by guardrails)" if withheld else ""


def import_run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `corpenv export`.")],
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Put an exported run, or several, into the store.

    A file of which one byte was changed is refused: no run behind that byte is kept.

    Example: corpenv import run run.jsonl
    """
    with opened(store) as kept:
        where = store_words(kept)
        found = [{"id": run.id, "store": where, "new": is_new(kept, run)} for run in runs_in(file)]
    if as_json:
        print_json(found[0] if len(found) == 1 else {"runs": found})
        return
    again, new = f"Carry it out again: {program()} verify {found[-1]['id']}", sum(bool(each["new"]) for each in found)
    if len(found) == 1:
        told = f"{found[0]['id']} {'is now' if new else 'was already'} in {where}"
    else:
        told = f"{len(found)} runs are in {where}, {new} of them are new"
    output().print(f"{told}. {again}", soft_wrap=True)


def is_new(store: "Store", run: "Run") -> bool:
    """Keep a run. Was it not there before?"""
    known = run.id in store
    store.save(run)
    return not known


def runs_in(file: Path) -> "Iterator[Run]":
    """The runs in an exported file.

    Raises:
        UsageError: it cannot be read.
        RecordError: a byte was changed.
    """
    from corpenv.errors import RecordError, UsageError
    from corpenv.exports import exports_in

    try:
        with file.open("rb") as lines:
            yield from exports_in(lines)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from None
    except RecordError as error:
        raise RecordError(f"{file}: {error}") from None


RecordedFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE…",
        help="JSON or JSON lines of messages (OpenAI, Anthropic), of items (OpenAI Responses) or of published "
        "answers; a log of Inspect (.eval or .json); a published answer as text.",
    ),
]
PackName = Annotated[
    str | None,
    typer.Option("--pack", metavar="PACK", help="Play published answers through the world made of their scene."),
]


def import_transcripts(
    files: RecordedFiles,
    pack: PackName = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Make runs of episodes that were recorded elsewhere.

    Such a run has what the agent said, called and read, for monitors to look at. It has no world: every label is
    unmeasured, and it cannot be verified. With --pack, made by `import published`, an answer is played through its
    world, and labels come from state. What is not kept, prompts among it, is counted and told. Exit code 1: some
    episodes could not be read.

    Example: corpenv import transcripts logs/some-task.eval

    Example: corpenv import transcripts results/*/response.json --pack my-pack
    """
    from corpenv.errors import UsageError
    from corpenv.registry import load_scenario

    scenario = load_scenario(pack) if pack else None
    with opened(store) as kept:
        where = store_words(kept)
        runs, unread = keep_imported(kept, imported_runs(files, scenario))
    if not runs:
        raise UsageError("; ".join(unread[:3]) + (f"; and {len(unread) - 3} more like these" if unread[3:] else ""))
    left_out = sum((Counter(row["left_out"]) for row in runs), Counter[str]())
    if as_json:
        print_json({"store": where, "runs": runs, "left_out": dict(sorted(left_out.items())), "unread": unread})
    else:
        tell_imported(runs, where)
        tell_missing(left_out, unread)
    raise typer.Exit(UNREAD if unread else 0)


def keep_imported(store: "Store", found: "Iterable[Run | str]") -> tuple[list[dict[str, Any]], list[str]]:
    """Keep what could be read: the runs in short, and why others could not be read."""
    runs: list[dict[str, Any]] = []
    unread: list[str] = []
    for each in found:
        if isinstance(each, str):
            unread.append(each)
        else:
            runs.append(imported_row(each, is_new(store, each)))
    return runs, unread


def imported_runs(files: Iterable[Path], scenario: "Scenario | None") -> Iterable["Run | str"]:
    """The runs in files; in the place of what could not be read, why not."""
    from corpenv.errors import UsageError
    from corpenv.transcripts import Unread, played, run_of, transcripts_in

    for file in files:
        try:
            for found in transcripts_in(file, prose=scenario is not None):
                if isinstance(found, Unread):
                    yield found.why
                    continue
                try:
                    yield played(found, scenario) if scenario else run_of(found)
                except UsageError as error:
                    yield str(error)
        except UsageError as error:
            yield str(error)


def imported_row(run: "Run", new: bool) -> dict[str, Any]:
    """An imported run in short."""
    source = run.spec.source
    return {
        "id": run.id,
        "form": source.form if source else "",
        "source": str(source),
        "scenario": run.spec.scenario,
        "model": run.spec.model,
        "steps": len(run.record.entries),
        "ended": run.ended,
        "findings": len(run.findings),
        "left_out": run.about.get("left_out", {}),
        "new": new,
    }


def tell_imported(runs: list[dict[str, Any]], where: str) -> None:
    """How many runs of which form, and how to look at one."""
    forms = Counter(row["form"] for row in runs)
    old = len({row["id"] for row in runs if not row["new"]})
    told = ", ".join(f"{count} {form}" for form, count in sorted(forms.items()))
    words = f"{len(runs)} {'run is' if len(runs) == 1 else 'runs are'} now in {where} ({told})"
    words += f", {old} of them for the second time" if old else ""
    output().print(f"{words}. More of one: {program()} show {runs[-1]['id']}", soft_wrap=True)


def tell_missing(left_out: Counter[str], unread: list[str]) -> None:
    """What was not kept, and what could not be read."""
    if left_out:
        say(f"not kept: {', '.join(f'{count} × {what}' for what, count in sorted(left_out.items()))}")
    for why in unread:
        say(f"not read: {why}")
