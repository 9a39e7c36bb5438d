"""Stored runs: one SQLite file, or a PostgreSQL database, that many processes may write to at once.

    with Store("runs.db") as store:
        run_id = store.save(run)
        store.load(run_id) == run
        store.runs(scenario="corpenv/Mini-v0")

Runs are written whole or not at all. Labels, findings and model calls have tables of their own to be asked in SQL.
"""

import os
import weakref
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.exc import IntegrityError

from corpenv.errors import RecordError, StoreError, UnknownName, UsageError
from corpenv.run import Run, export
from corpenv.store.opening import check_tables, engine_of, file_of, shown_url, told_of, url_of
from corpenv.store.rows import Rows, RunRow, listed, listing, rows_of, run_behind
from corpenv.store.tables import INSERTS, RUN

__all__ = ["RunRow", "Store"]

NEAR = 500
"""How many of the newest ids are looked through for one that was meant."""


class Store:
    """Runs, kept.

    Args:
        url: a path (`runs.db`), or a URL (`sqlite:///runs.db`, `sqlite://` for memory, `postgresql://…`).
        read_only: never write; the store must exist.

    Raises:
        StoreError: it cannot be opened, or is a store of another version.
        SetupError: the database's driver is not installed.
    """

    def __init__(self, url: str | os.PathLike[str] = "sqlite:///runs.db", read_only: bool = False) -> None:
        self._url = url_of(url)
        self.name = shown_url(self._url)
        self.read_only = read_only
        self._engine, self._process = engine_of(self._url, read_only), os.getpid()
        self._closing = weakref.finalize(self, self._engine.dispose)
        try:
            check_tables(self._engine, self.name, read_only)
        except StoreError:
            self.close()
            raise

    def save(self, run: Run) -> str:
        """Keep a run, and give its id.

        The same run twice is kept once. A run with the spec and record of a stored one, but other labels, findings
        or model calls, takes its place.

        Raises:
            StoreError: it cannot be written.
        """
        if self.read_only:
            raise StoreError(f"{self.name}: opened with read_only=True; open it without to save")
        rows = rows_of([run], moment())
        with told_of(self.name):
            try:
                with self._open().begin() as connection:
                    add(connection, rows)
            except IntegrityError:
                self._replace(run, rows)
        return str(rows[RUN][0]["id"])

    def save_all(self, runs: Iterable[Run]) -> list[str]:
        """Keep runs as they come, each whole by itself, and give their ids."""
        return [self.save(run) for run in runs]

    def load(self, run_id: str) -> Run:
        """The run with that id, a beginning of it that no other run has, or `last`.

        Raises:
            UnknownName: no run has that id, or several begin so.
            RecordError: what is kept of it was changed.
        """
        if (record := self._record(run_id)) is None:
            run_id = self._id_of(run_id)
            record = self._record(run_id)
        if record is None:
            raise UnknownName("run", run_id, self._newest())
        return run_behind(run_id, record)

    def runs(self, scenario: str | None = None, agent: str | None = None, limit: int | None = None) -> list[RunRow]:
        """Stored runs in short, newest first.

        Args:
            scenario: only runs of this scenario, by its id.
            agent: only runs of this agent.
            limit: at most so many.
        """
        if limit is not None and limit < 0:
            raise UsageError(f"limit: a number from 0 is needed, not {limit}")
        with told_of(self.name), self._open().connect() as connection:
            return listed(connection.execute(listing({"scenario": scenario, "agent": agent}, limit)))

    def delete(self, run_id: str) -> None:
        """Forget the run with exactly that id.

        Raises:
            UnknownName: no run has it.
        """
        if self.read_only:
            raise StoreError(f"{self.name}: opened with read_only=True; open it without to delete")
        with told_of(self.name), self._open().begin() as connection:
            gone = connection.execute(delete(RUN).where(RUN.c.id == run_id)).rowcount
        if not gone:
            raise UnknownName("run", run_id, self._newest())

    def close(self) -> None:
        """Close every connection. Closing twice does no harm."""
        self._closing()

    def _open(self) -> Engine:
        """What gives connections, with none from before a fork of the process."""
        if not self._closing.alive:
            raise StoreError(f"{self.name}: this store was closed; open it again")
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._process = os.getpid()
        return self._engine

    def _replace(self, run: Run, rows: Rows) -> None:
        """Save a run whose id is taken."""
        kept = self._readable(run.id)
        if kept and export(kept) == export(run):
            return
        if kept and (kept.spec, kept.record.record_digest) != (run.spec, run.record.record_digest):
            raise StoreError(f"{self.name}: another run already has the id {run.id}")
        with self._open().begin() as connection:
            connection.execute(delete(RUN).where(RUN.c.id == run.id))
            add(connection, rows)

    def _readable(self, run_id: str) -> Run | None:
        """The run with exactly that id, if it is there and was not changed."""
        record = self._record(run_id)
        try:
            return None if record is None else run_behind(run_id, record)
        except RecordError:
            return None

    def _record(self, run_id: str) -> bytes | None:
        """What is kept of the run with exactly that id."""
        found: bytes | None = self._first(select(RUN.c.record).where(RUN.c.id == run_id))
        return found

    def _id_of(self, given: str) -> str:
        """The id that begins with what is given, or of the newest run."""
        if given == "last":
            found = self._newest(1)
        else:
            found = self._all(select(RUN.c.id).where(RUN.c.id.startswith(given, autoescape=True)).limit(NEAR))
        if len(found) > 1:
            raise UnknownName("single run that begins with", given, found)
        if not found:
            raise UnknownName("run", given, self._newest())
        return found[0]

    def _newest(self, limit: int | None = NEAR) -> list[str]:
        """Ids, newest first."""
        return self._all(select(RUN.c.id).order_by(RUN.c.number.desc()).limit(limit))

    def _all(self, statement: Any) -> list[Any]:
        with told_of(self.name), self._open().connect() as connection:
            return list(connection.execute(statement).scalars())

    def _first(self, statement: Any) -> Any:
        return next(iter(self._all(statement)), None)

    def __len__(self) -> int:
        return int(self._first(select(func.count()).select_from(RUN)))

    def __bool__(self) -> bool:
        """True, even if empty."""
        return True

    def __contains__(self, run_id: object) -> bool:
        return isinstance(run_id, str) and self._first(select(RUN.c.id).where(RUN.c.id == run_id)) is not None

    def __iter__(self) -> Iterator[str]:
        """Ids, newest first."""
        return iter(self._newest(None))

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        if self._url.get_backend_name() == "sqlite" and not file_of(self._url):
            raise StoreError(f"{self.name}: a store in memory cannot go to another process; give it a file")
        return Store, (self._url.render_as_string(hide_password=False), self.read_only)

    def __repr__(self) -> str:
        return f"Store({self.name!r}{', read_only=True' if self.read_only else ''})"


def moment() -> str:
    """When something is kept: UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - real by nature


def add(connection: Connection, rows: Rows) -> None:
    """Write the rows of runs."""
    for table, batch in rows.items():
        if batch:
            connection.execute(INSERTS[table], batch)
