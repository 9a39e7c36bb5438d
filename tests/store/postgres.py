"""A PostgreSQL server of the tests' own, with nothing of it left afterwards."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

HOME = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parts[4]))
NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
"""Such a server refuses to run as root."""
MISSING = (
    "no psycopg"
    if not find_spec("psycopg")
    else "no PostgreSQL server (Debian: postgresql)"
    if not HOME
    else "no setpriv to leave root by"
    if NOBODY and not shutil.which("setpriv")
    else ""
)
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB", "autovacuum=off")


@contextmanager
def serving() -> Iterator["Server"]:
    """A server that listens on the loopback interface and forgets everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="corpenv-postgres-"))
    try:
        if NOBODY:
            shutil.chown(folder, "nobody", "nogroup")
        making = [f"{HOME}/initdb", "-D", folder / "data", "-A", "trust", "-U", "corpenv", "--no-sync", "--no-locale"]
        subprocess.run([*NOBODY, *making, "-E", "UTF8"], check=True, capture_output=True, cwd=folder)
        server = Server(folder, free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """Databases are made by number; each is empty."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.made = folder, port, 0

    def start(self) -> None:
        """Start, and wait until it answers."""
        options = ["-D", self.folder / "data", "-h", "127.0.0.1", "-p", str(self.port), "-k", self.folder]
        for setting in FAST:
            options += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([*NOBODY, f"{HOME}/postgres", *options], stdout=log, stderr=log)
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(Exception), closing(self.connected()):
                return
            time.sleep(0.02)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        """Stop at once; whoever is connected is cut off."""
        self.process.send_signal(2)
        self.process.wait(30)

    def connected(self):  # type: ignore[no-untyped-def]
        import psycopg

        where = f"host=127.0.0.1 port={self.port} user=corpenv dbname=postgres"
        return psycopg.connect(where, autocommit=True, connect_timeout=5)

    def new(self) -> str:
        """The URL of a new database."""
        self.made += 1
        with closing(self.connected()) as connection:
            connection.execute(f"CREATE DATABASE test{self.made}")
        return f"postgresql://corpenv@127.0.0.1:{self.port}/test{self.made}"


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
