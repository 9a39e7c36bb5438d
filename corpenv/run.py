"""A run: what is kept of one episode, and its form as lines of JSON.

An export is one JSON document a line: the spec, the header, every entry, every label, finding, task and model call,
and last the sha256 of all bytes before it.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from corpenv.errors import RecordError
from corpenv.labels.label import Label
from corpenv.models import ModelCall
from corpenv.record import SCHEMA, Record, encode, record_of
from corpenv.views import Finding


class Ended(Struct, frozen=True, omit_defaults=True):
    """How an episode came to its end.

    Attributes:
        reason: `finished`, `max_steps`, an end of the scenario, or the code of a fault.
        owner: whose fault: `agent`, `model`, `environment`, or "" for a proper end.
        detail: one sentence about a fault.
    """

    reason: str
    owner: str = ""
    detail: str = ""


IMPORTED = "imported/"
"""What the scenario of a record begins with that no world was played for."""


class Source(Struct, frozen=True, omit_defaults=True):
    """Where an episode was recorded that was not played here.

    Attributes:
        form: `openai`, `responses`, `anthropic`, `inspect` or `published`.
        file: as it was named.
        place: which of its episodes, for example `3`, or `some-sample, epoch 1`; "" for the only one.
    """

    form: str
    file: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.file}: {self.place}" if self.place else self.file


class Spec(Struct, frozen=True, omit_defaults=True):
    """All it takes to build the episode again.

    Attributes:
        scenario: id, for example `corpenv/Mini-v0`.
        world: what was laid over the world in Python, by topic; empty for a world as its folder has it.
        pack: folder of a pack that has no id, or "".
        condition: levels that differ from the default.
        agent: how the agent was named.
        guardrails: those that stood, in a line each.
        monitors: names of those that watched: what they found is kept with the run, so it is another one without them.
        source: where it was recorded, if that was elsewhere.
        versions: of what makes worlds differ: python, corpenv, faker.
    """

    scenario: str
    condition: dict[str, str] = {}
    seed: int = 0
    max_steps: int | None = None
    world: dict[str, list[Any]] = {}
    pack: str = ""
    agent: str = ""
    model: str = ""
    versions: dict[str, str] = {}
    guardrails: tuple[str, ...] = ()
    source: Source | None = None
    monitors: tuple[str, ...] = ()


class TaskDone(Struct, frozen=True):
    """A piece of the post's ordinary work, and whether it was done in the end."""

    id: str
    title: str
    done: bool


class Run(Struct, frozen=True):
    """One episode, kept: spec, record, how it ended, labels, findings, the work that was done, model calls.

    Attributes:
        about: what a recording made elsewhere says beside its episode, as JSON: scores, verdicts, and under `left_out`
            how much of what could not be kept. No monitor sees it, no label is made of it, and it is no part of the id.
    """

    spec: Spec
    record: Record
    ended: Ended
    labels: tuple[Label, ...] = ()
    findings: tuple[Finding, ...] = ()
    model_calls: tuple[ModelCall, ...] = ()
    tasks: tuple[TaskDone, ...] = ()
    about: dict[str, Any] = {}

    @property
    def imported(self) -> bool:
        """Was it recorded elsewhere and played in no world? Then it has no events, and cannot be verified."""
        return self.record.header.scenario.startswith(IMPORTED)

    @property
    def id(self) -> str:
        """`run-` and twelve digits of a sha256 over spec and record: the same episode has the same id."""
        return id_of(self.spec, self.record.record_digest)

    def __repr__(self) -> str:
        found = ", ".join(f"{label.kind} {label.outcome}" for label in self.labels if label.outcome != "none")
        found = "no world" if self.imported else found
        return f"Run({self.id}, {self.spec.scenario}, {self.spec.agent}, {self.ended.reason}; {found or 'nothing'})"


def id_of(spec: Spec, record_digest: str) -> str:
    """The id of a run."""
    return f"run-{sha256(encode(spec) + record_digest.encode()).hexdigest()[:12]}"


PARTS: Mapping[str, type] = {"labels": Label, "findings": Finding, "tasks": TaskDone, "model_calls": ModelCall}


class Written(NamedTuple):
    """A run in writing: its id, the last link of its record's chain, and its export."""

    id: str
    digest: str
    export: bytes


def written(run: Run) -> Written:
    """All that a run is in writing. Entries are encoded once for it: that is most of the work."""
    about = {"about": run.about} if run.about else {}
    head = encode({"corpenv": "run", "schema": SCHEMA, "spec": run.spec, "ended": run.ended, **about})
    record, parts = run.record.lines, encode({name: getattr(run, name) for name in PARTS})
    return Written(
        id_of(run.spec, sha256(b"".join(record)).hexdigest()),
        run.record.last_link(record),
        signed(b"\n".join((head, *record, parts, b""))),
    )


def export(run: Run) -> bytes:
    """The run as JSON lines that end with the digest of all bytes before it."""
    return written(run).export


def signed(body: bytes) -> bytes:
    """The lines of an export, and the line with their digest."""
    return body + encode({"sha256": sha256(body).hexdigest()}) + b"\n"


def read_export(data: bytes) -> Run:
    """The run behind an export.

    Raises:
        RecordError: it is not an export, or a byte of it was changed.
    """
    body = data[: data.rfind(b"\n", 0, -1) + 1]
    if not body or data != signed(body):
        raise RecordError("this is no export of a run, or was changed: it does not end with the sha256 of the rest")
    return run_of(body.split(b"\n")[:-1])


def run_of(lines: list[bytes]) -> Run:
    """The run behind the lines of an export without its digest."""
    if len(lines) < 3:
        raise RecordError("this is no export of a run: it has fewer than four lines")
    try:
        head = msgspec.json.decode(lines[0])
        spec = msgspec.convert(head["spec"], Spec)
        ended = msgspec.convert(head["ended"], Ended)
        about = msgspec.convert(head.get("about", {}), dict[str, Any])
        rest = msgspec.json.decode(lines[-1])
        parts: dict[str, Iterable[Any]] = {
            name: tuple(msgspec.convert(item, form) for item in rest[name]) for name, form in PARTS.items()
        }
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise RecordError(f"this is no export of a run: {error}") from None
    return Run(spec, record_of(lines[1], lines[2:-1]), ended, about=about, **parts)  # type: ignore[arg-type]
