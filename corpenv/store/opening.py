"""How a store is opened: its address, its connections, its tables, and what is said when that fails."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote
from weakref import WeakSet

from sqlalchemy import URL, Engine, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.schema import CreateIndex, CreateTable

from corpenv.errors import SetupError, StoreError
from corpenv.store.tables import INSERTS, META, STORE_SCHEMA, Stored

Result = TypeVar("Result")

PATIENCE = 30
"""Seconds to wait while another process writes, or while a server is away."""

PRAGMAS = ("foreign_keys = ON", "synchronous = NORMAL")
MAKING = 7_236_077_118
"""A number of our own that those agree on who make tables in one PostgreSQL database."""
PASSING = ("08", "40", "57P", "53300")
"""How PostgreSQL's codes begin for what passes: no connection, a conflict, a restart, too many connections."""


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Say in one sentence what the database could not do."""
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(f"{name}: {reason_of(error)}") from None


def reason_of(error: SQLAlchemyError) -> str:
    """What was wrong, in one line."""
    if is_locked(error):
        return f"another process keeps it locked (waited {PATIENCE} s)"
    return str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]


def is_locked(error: SQLAlchemyError) -> bool:
    """Whether another process has an SQLite file for itself."""
    orig = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(orig, sqlite3.OperationalError) and orig.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def passes(error: SQLAlchemyError) -> bool:
    """Whether a database may do later what it cannot do now. PostgreSQL has no code for a server that is not there."""
    code = getattr(error.orig, "sqlstate", "") if isinstance(error, OperationalError) else ""
    return is_locked(error) or code is None or code.startswith(PASSING)


def patiently(name: str, act: Callable[[], Result]) -> Result:
    """Do something with a database, for `PATIENCE` seconds again and again while it is only busy or away.

    Raises:
        StoreError: what it could not do.
    """
    until, pause = time.monotonic() + PATIENCE, 0.05
    with told_of(name):
        while True:
            try:
                return act()
            except OperationalError as error:
                if not passes(error) or time.monotonic() > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 1)


def url_of(address: str | os.PathLike[str]) -> URL:
    """The URL of a database, or of the SQLite file at a path.

    Raises:
        StoreError: it is neither SQLite's nor PostgreSQL's.
    """
    text = os.fspath(address)
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except ArgumentError:
        raise StoreError(f"{text}: not the path or URL of a store, such as runs.db or sqlite:///runs.db") from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreError(f"{shown_url(url)}: a store is an SQLite file or a PostgreSQL database (postgresql://…)")
    if file := file_of(url):
        return url.set(database=str(file))
    return url


def file_of(url: URL) -> Path | None:
    """The absolute path of the SQLite file, or None where there is none."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database or "").expanduser().absolute()


def shown_url(url: URL) -> str:
    """The URL without its password; of SQLite the path alone."""
    return str(file_of(url) or url.render_as_string(hide_password=True))


def engine_of(url: URL, read_only: bool) -> Engine:
    """What gives connections to the database; nothing is read yet.

    Raises:
        StoreError: the file cannot be there.
        SetupError: the driver is not installed.
    """
    if file := file_of(url):
        check_place(file, read_only)
        url = reading(file) if read_only else url
    try:
        engine = create_engine(url)
    except ImportError:
        raise SetupError(f'{shown_url(url)}: PostgreSQL needs its driver: pip install "psycopg[binary]"') from None
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", lambda connection, _: prepare(connection, read_only))
    if file:
        event.listen(engine, "connect", lambda _, entry: entry.info.update(file=identity_of(file)))
        event.listen(engine, "checkout", lambda _, entry, __: check_still_there(file, entry))
    if file or url.get_backend_name() != "sqlite":
        OPENED.add(engine)
    return engine


OPENED: WeakSet[Engine] = WeakSet()


def close_idle() -> None:
    """Close connections that nobody uses: neither SQLite's nor PostgreSQL's can be carried into a fork."""
    for engine in OPENED:
        engine.dispose()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=close_idle)


def identity_of(file: Path) -> tuple[int, int] | None:
    """Which file it is, whatever its name; None if it is none."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def check_still_there(file: Path, entry: ConnectionPoolEntry) -> None:
    """SQLite goes on writing into a file that was deleted, and nobody would ever read it.

    Raises:
        StoreError: it was.
    """
    if entry.info["file"] != identity_of(file):
        raise StoreError(
            f"{file}: this file was deleted or moved while it was open; put it back, or open the store again"
        )


def check_place(file: Path, read_only: bool) -> None:
    """Whether an SQLite file can be where it should be, in words better than SQLite's."""
    if file.is_dir():
        raise StoreError(f"{file}: this is a folder; a store is a file, such as {file / 'runs.db'}")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: there is no folder {file.parent} to keep it in")
    if read_only:
        if not file.exists():
            raise StoreError(f"{file}: there is no store to read; open it without read_only to make one")
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        raise StoreError(f"{file}: this place cannot be written; open it with read_only=True to read")


def reading(file: Path) -> URL:
    """A URL that only reads.

    SQLite needs a file beside a store to share it with a writer. Where it may not make one, and no writer has,
    there is nobody to share with.
    """
    shared = os.access(file.parent, os.W_OK) or Path(f"{file}-wal").exists()
    query = {"uri": "true", "mode": "ro"} | ({} if shared else {"immutable": "1"})
    return URL.create("sqlite", database=f"file:{quote(str(file))}", query=query)


def prepare(connection: sqlite3.Connection, read_only: bool) -> None:
    """Set up a connection to SQLite: where it writes, nobody waits for a reader, and no reader for a writer."""
    try:
        for pragma in (f"busy_timeout = {int(PATIENCE * 1000)}", *PRAGMAS):
            connection.execute(f"PRAGMA {pragma}")
        if not read_only and may_be_store(connection):
            use_write_ahead_log(connection)
    except sqlite3.Error:
        connection.close()
        raise


def may_be_store(connection: sqlite3.Connection) -> bool:
    """Whether the file is empty or holds a store; what belongs to somebody else is left as it is."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return not tables or META.name in tables


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Switch the file over, once for all.

    Of several processes that open a new file at once SQLite lets one switch it, and does not keep the others waiting
    as it does elsewhere.
    """
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def check_tables(engine: Engine, name: str, read_only: bool) -> None:
    """Find the tables of this version, or make them.

    Raises:
        StoreError: it is a store of another version, no store, or no database.
    """
    with told_of(name):
        version = version_of(engine, name)
        if version is None and not read_only:
            make_tables(engine)
            version = version_of(engine, name)
    if version is None:
        raise StoreError(f"{name}: there is no store in this database")
    if version != str(STORE_SCHEMA):
        raise StoreError(f"{name}: this store has version {version}; this corpenv reads {STORE_SCHEMA}")


def version_of(engine: Engine, name: str) -> str | None:
    """What the store says of its version; None where nothing is kept yet."""
    tables = inspect(engine).get_table_names()
    if not tables:
        return None
    if META.name not in tables:
        raise StoreError(f"{name}: this database holds something else (tables: {', '.join(sorted(tables)[:5])})")
    with engine.connect() as connection:
        return connection.execute(select(META.c.value).where(META.c.key == "schema")).scalar()


def make_tables(engine: Engine) -> None:
    """Make the tables, `meta` first: to another process they are then tables of a store from the start."""
    others = [table for table in Stored.metadata.sorted_tables if table is not META]
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":  # which would fail in several ways where two make the same table
                connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
            for table in (META, *others):
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in sorted(table.indexes, key=lambda index: str(index.name)):
                    connection.execute(CreateIndex(index, if_not_exists=True))
            connection.execute(INSERTS[META], [{"key": "schema", "value": str(STORE_SCHEMA)}])
    except IntegrityError:
        pass  # another process was making them at the same moment, and was first
