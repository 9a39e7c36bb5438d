"""`verify`, `export`, `import run`."""

import sys
from pathlib import Path
from typing import Annotated

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
    run_in,
    say,
    store_words,
)

DIVERGED = 1


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
        output().print(f"verified: {entries} entries, digest {digest}", soft_wrap=True)
    raise typer.Exit(DIVERGED if difference else 0)


def export_run(
    name: RunName,
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Instead of standard output.")] = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Write a run as JSON lines.

    The lines are: what it was made with, where it started, every entry; labels, findings and model calls; and the
    sha256 of all bytes before.

    Example: corpenv export last --out run.jsonl
    """
    from corpenv.errors import UsageError
    from corpenv.run import export

    run = found_run(name, store)
    data = export(run)
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
    say(f"{run.id} is written to {out}, {len(data)} bytes")


def import_run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Made by `corpenv export`.")],
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Put an exported run into the store.

    A file of which one byte was changed is refused.

    Example: corpenv import run run.jsonl
    """
    run = run_in(file)
    with opened(store) as kept:
        known = run.id in kept
        run_id, where = kept.save(run), store_words(kept)
    if as_json:
        print_json({"id": run_id, "store": where, "new": not known})
        return
    state = "was already" if known else "is now"
    output().print(f"{run_id} {state} in {where}. Carry it out again: {program()} verify {run_id}", soft_wrap=True)
