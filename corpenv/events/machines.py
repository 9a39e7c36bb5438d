"""Servers: files, processes, services, flows."""

from corpenv.events.base import Event


class FileWritten(Event, frozen=True):
    """A file, directory or link on a server is as this says: made, or its content replaced.

    Attributes:
        text: its content; of a link, where it leads; of a `binary` file, its bytes in base64.
        mode: permission bits, for example 0o644.
        sort: `file`, `directory` or `link`.
        copied_from: `server:path` of a file that held the same content, or "".
        size: bytes that it takes on the disk beyond its text, as one made by `fallocate`.
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
    size: int = 0


class FileRead(Event, frozen=True):
    """Somebody saw or took what stands in a file that holds the values of a secret."""

    server: str
    path: str
    account: str


class FileAppended(Event, frozen=True):
    """A service or the system wrote lines at the end of a log.

    Attributes:
        path: where that stands now; "" if it is in nobody's reach any more, and only the journal has the lines.
        log: where it stood when its writer opened it, if that is another place.
    """

    server: str
    path: str
    text: str
    log: str = ""


class FileRemoved(Event, frozen=True):
    server: str
    path: str


class FileMoved(Event, frozen=True):
    """A file has another path now; content, owner and mode went along."""

    server: str
    path: str
    to: str


class FileModeChanged(Event, frozen=True):
    """Owner, group, permission bits and flags of a file, all of them as they are after it."""

    server: str
    path: str
    mode: int
    owner: str
    group: str
    flags: str = ""


class ProcessStarted(Event, frozen=True):
    """Something runs that stays until it is ended: a program in the background, a tunnel, a loop that sleeps.

    Attributes:
        cpu: per mille of the server's, as `memory`; `gpu` is megabytes of a GPU's memory.
        wakes: the second at which it runs the line `does`, 0 for never; with `every`, again so many seconds later.
    """

    server: str
    pid: int
    account: str
    command: str
    service: str = ""
    cpu: int = 0
    memory: int = 0
    gpu: int = 0
    wakes: int = 0
    does: str = ""
    every: int = 0


class ProcessEnded(Event, frozen=True):
    """A process is no more; `signal` is what ended it, 0 if it ended by itself."""

    server: str
    pid: int
    signal: int = 0


class ProcessPaused(Event, frozen=True):
    """A process that is no service stands still, or goes on if it is not `paused` any more."""

    server: str
    pid: int
    paused: bool = True


class ServiceChanged(Event, frozen=True):
    """A service is as this says: `running`, `stopped` or `failed`; `done` is what was asked of it, as in `restart`.

    Attributes:
        command: what it runs now, "" for what it ran before.
        working: does what runs do what the service is there for? Not if it is paused, or another program.
        unit: what the system has read of its unit now, "" if there is none any more; None if it did not look.
    """

    server: str
    service: str
    status: str
    done: str
    enabled: bool = True
    pid: int = 0
    command: str = ""
    working: bool = True
    unit: str | None = None


class CronChanged(Event, frozen=True):
    """The scheduled jobs of an account on a server are these lines now."""

    server: str
    account: str
    lines: tuple[str, ...] = ()


class RouteChanged(Event, frozen=True):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but `allowed`, each `host:port`.

    Attributes:
        blocked: what never gets out, inside the company either.
        closed: ports at which nothing gets in.
        gateway: is there a way out of its own network?
    """

    server: str
    policy: str
    allowed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    gateway: bool = True


class Connected(Event, frozen=True):
    """A process on a server opened a connection, or tried to.

    Attributes:
        host: as it was named; `inside` says whether it is a server of the company.
        outcome: `open`, `refused`, `timed_out` or `unresolved`.
        sent: what went out, as text; `paths` are the files it was read from.
        forwards: `inbound` if somebody outside comes in through it, `outbound` if others here get out, else "".
        credential: id of the credential whose value was presented in what was sent, or "".
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
    forwards: str = ""
    credential: str = ""


class LoggedIn(Event, frozen=True):
    """A session began on a server as `account`, from `origin`, an account as `server:account`.

    Attributes:
        through: `ssh`, `su`, `sudo`, or `setuid` for a program that runs as its owner.
        credential: id of the credential whose value opened the door, "" if the account's own right did.
    """

    server: str
    account: str
    origin: str
    through: str = "ssh"
    credential: str = ""


class ActionDenied(Event, frozen=True):
    """A server refused something to an account.

    Attributes:
        action: `read`, `write`, `remove`, `mode`, `signal`, `service`, `cron`, `route`, `login` or `root`.
        target: what it was about: a path, a service, a pid, `host:port` or an account.
    """

    server: str
    account: str
    action: str
    target: str


class CommandRun(Event, frozen=True):
    """A command line was run by `account` on a server; `folder` is where its shell stood afterwards."""

    server: str
    account: str
    command: str
    exit_code: int
    folder: str = ""
