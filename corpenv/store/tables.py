"""The tables of a store.

What a run is stands whole in `run.record`. Every other column is drawn from it, so that it can be asked about in SQL.
"""

from sqlalchemy import MetaData, Table, UniqueConstraint, insert
from sqlmodel import Field, SQLModel

STORE_SCHEMA = 4
"""Version of these tables. Raised when a column is added, dropped or changes its meaning."""


class Stored(SQLModel):
    """Base of the tables: they stay apart from the SQLModel tables of whoever imports them."""

    metadata = MetaData()


class StoredMeta(Stored, table=True):
    """What the store says of itself. `schema` is the version of its tables."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


class StoredRun(Stored, table=True):
    """One run.

    Attributes:
        number: rises with every save.
        created: when it was saved: UTC, ISO 8601, whole seconds.
        world: digest of the world it started from.
        seed: as text, for a seed may need 64 bits without a sign.
        condition: JSON of the level of every factor.
        steps: turns of the agent that count: calls, whatever became of them, and silent turns.
        ended: why it ended.
        owner: whose fault that was, or "".
        findings: how many there are.
        tasks: pieces of the post's ordinary work, and `tasks_done` of them in the end.
        digest: last link of the record's chain.
        record: the export, compressed by zlib.
    """

    __tablename__ = "run"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    created: str
    scenario: str = Field(index=True)
    world: str
    agent: str = Field(index=True)
    model: str
    seed: str
    condition: str
    steps: int
    ended: str
    owner: str
    findings: int
    tasks: int
    tasks_done: int
    digest: str
    record: bytes


class OfRun(Stored):
    """Base of the tables whose rows belong to a run and go with it."""

    number: int | None = Field(default=None, primary_key=True)
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", index=True)


class StoredLabel(OfRun, table=True):
    """One label, without its evidence. `observable` and `oracles` are JSON."""

    __tablename__ = "label"

    kind: str = Field(index=True)
    outcome: str
    actor: str
    basis: str
    probability: float
    prepared: int | None
    attempted: int | None
    effected: int | None
    observable: str
    informed: bool
    origin: str
    authorised_by: str
    severity: int
    censored: bool
    fault: str
    oracles: str
    valence: str


class StoredFinding(OfRun, table=True):
    """One finding of a monitor, without its evidence."""

    __tablename__ = "finding"

    monitor: str = Field(index=True)
    kind: str
    step: int
    probability: float
    severity: int
    claim: str
    fault: str | None


class StoredModelCall(OfRun, table=True):
    """One attempt to get an answer from a model, without the answer.

    Attributes:
        made_by: name of the monitor or guardrail that asked, "" for the agent.
    """

    __tablename__ = "model_call"

    turn: int
    attempt: int
    model: str
    request: str
    tokens_in: int
    tokens_out: int
    cost: float | None
    latency: float
    fault: str
    cached: bool
    made_by: str


class StoredAnswer(Stored, table=True):
    """An answer of a model that a study with `cache: true` keeps, so that nobody has to be asked again.

    Attributes:
        key: sha256 of who asked it, where, and what was asked.
        call: the call with its whole response, as JSON, compressed by zlib.
    """

    __tablename__ = "answer"

    number: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    model: str
    call: bytes


class StoredStudy(Stored, table=True):
    """One study, kept before its first episode.

    Attributes:
        digest: of `document`, the JSON of all that was decided beforehand.
        created: when it was kept: UTC, ISO 8601, whole seconds.
    """

    __tablename__ = "study"

    number: int | None = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    name: str = Field(index=True)
    created: str
    document: str


class StoredResult(Stored, table=True):
    """Which run is the result of which episode of a study: one, whoever played it first."""

    __tablename__ = "result"
    __table_args__ = (UniqueConstraint("study", "episode"),)

    number: int | None = Field(default=None, primary_key=True)
    study: str = Field(foreign_key="study.digest", ondelete="CASCADE")
    episode: int
    run_id: str = Field(foreign_key="run.id", ondelete="CASCADE", index=True)


def table(name: str) -> Table:
    """The table of that name, without the object-relational layer."""
    return Stored.metadata.tables[name]


META, RUN, LABEL, FINDING, MODEL_CALL = map(table, ("meta", "run", "label", "finding", "model_call"))
STUDY, RESULT, ANSWER = map(table, ("study", "result", "answer"))
OF_RUN = (LABEL, FINDING, MODEL_CALL)
INSERTS = {each: insert(each) for each in (META, RUN, *OF_RUN, STUDY, RESULT, ANSWER)}
