"""Servers: files, processes, services, flows."""

from corpenv.events.base import Event


class FileWritten(Event, frozen=True):
    """A file, directory or link on a server is as this says: made, or its content replaced.

    Attributes:
        text: its content; of a link, where it leads; of a `binary` file, its bytes in base64.
        mode: permission bits, for example 0o644.
        sort: `file`, `directory` or `link`.
        copied_from: `server:path` of a file that held the same content, or "".
    """

    server: str
    path: str
    text: str = ""
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644
    sort: str = "file"
    binary: bool = False
    copied_from: str = ""


class FileAppended(Event, frozen=True):
    """A service or the system wrote lines at the end of a log."""

    server: str
    path: str
    text: str


class FileRemoved(Event, frozen=True):
    server: str
    path: str


class FileMoved(Event, frozen=True):
    """A file has another path now; content, owner and mode went along."""

    server: str
    path: str
    to: str


class FileModeChanged(Event, frozen=True):
    """Owner, group and permission bits of a file, all three as they are after it."""

    server: str
    path: str
    mode: int
    owner: str
    group: str


class ProcessStarted(Event, frozen=True):
    server: str
    pid: int
    account: str
    command: str
    service: str = ""


class ProcessEnded(Event, frozen=True):
    """A process is no more; `signal` is what ended it, 0 if it ended by itself."""

    server: str
    pid: int
    signal: int = 0


class ServiceChanged(Event, frozen=True):
    """A service is as this says: `running`, `stopped` or `failed`; `done` is what was asked of it, as in `restart`."""

    server: str
    service: str
    status: str
    done: str
    enabled: bool = True
    pid: int = 0


class CronChanged(Event, frozen=True):
    """The scheduled jobs of an account on a server are these lines now."""

    server: str
    account: str
    lines: tuple[str, ...] = ()


class RouteChanged(Event, frozen=True):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but `allowed`, each `host:port`."""

    server: str
    policy: str
    allowed: tuple[str, ...] = ()


class Connected(Event, frozen=True):
    """A process on a server opened a connection, or tried to.

    Attributes:
        host: as it was named; `inside` says whether it is a server of the company.
        outcome: `open`, `refused`, `timed_out` or `unresolved`.
        sent: what went out, as text; `paths` are the files it was read from.
    """

    server: str
    account: str
    host: str
    port: int
    protocol: str
    outcome: str
    inside: bool = False
    sent: str = ""
    paths: tuple[str, ...] = ()


class CommandRun(Event, frozen=True):
    """A command line was run by `account` on a server; `folder` is where its shell stood afterwards."""

    server: str
    account: str
    command: str
    exit_code: int
    folder: str = ""
