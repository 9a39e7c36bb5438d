"""A run as rows, and rows as runs."""

import zlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, Select, Table, select

from corpenv.errors import RecordError
from corpenv.record import Edited, RanOn, Record, encode
from corpenv.run import Run, read_export, written
from corpenv.store.tables import FINDING, LABEL, MODEL_CALL, RUN

LEVEL = 1
"""Of zlib: higher ones take several times as long to save little."""

FIELDS = {
    table: tuple(column.name for column in table.columns if column.name not in ("number", "run_id"))
    for table in (LABEL, FINDING, MODEL_CALL)
}
VALUES = {table: attrgetter(*names) for table, names in FIELDS.items()}
AS_JSON = {LABEL: ("observable", "oracles")}
SHOWN = tuple(column for column in RUN.columns if column.name not in ("world", "record"))


class RunRow(Struct, frozen=True):
    """A stored run in short.

    Attributes:
        created: when it was saved: UTC, ISO 8601, whole seconds.
        condition: the level of every factor.
        steps: turns of the agent that count: calls, whatever became of them, and silent turns.
        ended: why it ended.
        owner: whose fault that was: `agent`, `model`, `environment`, or "" for a proper end.
        labels: (kind, outcome) of every label.
        findings: how many there are.
        tasks: pieces of the post's ordinary work, and `tasks_done` of them in the end.
        digest: last link of the record's chain.
    """

    id: str
    created: str
    scenario: str
    agent: str
    model: str
    seed: int
    condition: dict[str, str]
    steps: int
    ended: str
    owner: str
    labels: tuple[tuple[str, str], ...]
    findings: int
    tasks: int
    tasks_done: int
    digest: str


Rows = Mapping[Table, list[dict[str, Any]]]
"""What runs become, by table, their own first."""


def rows_of(runs: Iterable[Run], created: str) -> Rows:
    """The rows of some runs."""
    rows: dict[Table, list[dict[str, Any]]] = {RUN: [], LABEL: [], FINDING: [], MODEL_CALL: []}
    for run in runs:
        own = row_of(run, created)
        rows[RUN].append(own)
        for table, parts in ((LABEL, run.labels), (FINDING, run.findings), (MODEL_CALL, run.model_calls)):
            rows[table] += [part_row(table, own["id"], part) for part in parts]
    return rows


def row_of(run: Run, created: str) -> dict[str, Any]:
    """The row of the run itself."""
    header, whole = run.record.header, written(run)
    return {
        "id": whole.id,
        "created": created,
        "scenario": header.scenario,
        "world": header.world,
        "agent": run.spec.agent,
        "model": run.spec.model,
        "seed": str(header.seed),
        "condition": as_json(header.condition),
        "steps": steps_of(run.record),
        "ended": run.ended.reason,
        "owner": run.ended.owner,
        "findings": len(run.findings),
        "tasks": len(run.tasks),
        "tasks_done": sum(task.done for task in run.tasks),
        "digest": whole.digest,
        "record": zlib.compress(whole.export, LEVEL),
    }


def part_row(table: Table, run_id: str, part: Struct) -> dict[str, Any]:
    """The row of a label, finding or model call."""
    row = dict(zip(FIELDS[table], VALUES[table](part), strict=True), run_id=run_id)
    for name in AS_JSON.get(table, ()):
        row[name] = as_json(row[name])
    return row


def as_json(value: object) -> str:
    """Canonical JSON."""
    return encode(value).decode()


def steps_of(record: Record) -> int:
    """How often the agent had its turn: entries but for edits at a fork and the world's running on."""
    return sum(not isinstance(entry.input, Edited | RanOn) for entry in record.entries)


def run_behind(run_id: str, record: bytes) -> Run:
    """The run in a row.

    Raises:
        RecordError: names the run whose record was changed.
    """
    try:
        run = read_export(zlib.decompress(record))
    except (zlib.error, RecordError) as error:
        raise RecordError(f"{run_id}: the store's record of it cannot be read: {error}") from None
    if run.id != run_id:
        raise RecordError(f"{run_id}: the store's record of it is of another run, {run.id}")
    return run


def listing(wanted: Mapping[str, str | None], limit: int | None) -> Select[Any]:
    """Runs, newest first, once for each of their labels or once without any."""
    page = select(*SHOWN).order_by(RUN.c.number.desc()).limit(limit)
    for name, value in wanted.items():
        if value is not None:
            page = page.where(RUN.c[name] == value)
    runs = page.subquery()
    labelled = runs.join(LABEL, runs.c.id == LABEL.c.run_id, isouter=True)
    columns = (*runs.c, LABEL.c.kind, LABEL.c.outcome)
    return select(*columns).select_from(labelled).order_by(runs.c.number.desc(), LABEL.c.number)


def listed(rows: Iterable[Row[Any]]) -> list[RunRow]:
    """The answer to `listing`, one for each run."""
    return [shown(list(group)) for _, group in groupby(rows, lambda row: row.number)]


def shown(group: list[Row[Any]]) -> RunRow:
    """One run out of its rows, one for each label."""
    first = dict(group[0]._mapping)
    labels = tuple((row.kind, row.outcome) for row in group if row.kind is not None)
    for name in ("number", "kind", "outcome"):
        del first[name]
    first |= {"seed": int(first["seed"]), "condition": msgspec.json.decode(first["condition"])}
    return RunRow(**first, labels=labels)
