"""What the shell is made of: who sits where, the facts of one command line, and what a command gets and gives."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from corpenv.company import Company, apply
from corpenv.company.calendar import log_stamp
from corpenv.company.hosts import AUTHLOG as AUTHLOG
from corpenv.company.hosts import LOGGER, ROOT, Login, Server
from corpenv.company.hosts import SYSLOG as SYSLOG
from corpenv.company.machines import find_service, open_log
from corpenv.company.servicing import moment_of
from corpenv.company.storage import is_full
from corpenv.events import Event, FileAppended
from corpenv.names import draw

MOST_WORK = 25_000
"""What a line may ask of files and commands, all shells in it together; looking at one path is 1."""
DEEPEST = 3
"""Shells inside each other, through `sudo` and `ssh`."""


class Mark(NamedTuple):
    """Where a session stands."""

    company: Company
    events: int
    left: int
    drawn: int


class Session:
    """A company on its way through one command line, and the facts so far.

    Attributes:
        actor: the account of the company that typed it.
        left: how much work may still be done before the line is ended.
        cause: what runs it, where nobody types: a table of jobs or a process.
        units: the services that are being started, one by what another runs.
        alone: does nobody wait for what runs just now?
    """

    def __init__(self, company: Company, actor: str, cause: str = "") -> None:
        self.company, self.actor, self.cause = company, actor, cause
        self.events: list[Event] = []
        self.left = MOST_WORK
        self.units: tuple[str, ...] = ()
        self.alone = False
        self._drawn = 0

    @property
    def unattended(self) -> bool:
        """Does what goes on stay, since nobody waits for it?"""
        return self.alone or bool(self.cause)

    def do(self, event: type[Event], **fields: Any) -> None:
        """A fact of this moment."""
        made = event(at=self.company.now, actor=self.actor, cause=self.cause, **fields)
        self.company = apply(made, self.company)
        self.events.append(made)

    def mark(self) -> Mark:
        """Where it stands now."""
        return Mark(self.company, len(self.events), self.left, self._drawn)

    def back_to(self, mark: Mark) -> None:
        """Forget what was done since."""
        self.company, self.left, self._drawn = mark.company, mark.left, mark.drawn
        del self.events[mark.events :]

    def drawn(self, *names: str) -> int:
        """A number nobody could guess, another one each time in a line."""
        self._drawn += 1
        return draw(self.company.seed, "shell", str(self.company.step), str(self._drawn), *names)

    @property
    def clock(self) -> datetime:
        """The simulated moment; servers keep UTC."""
        return moment_of(self.company, self.company.now)

    @property
    def stamp(self) -> str:
        """The same, as logs of the system have it."""
        return log_stamp(self.company.world.start, self.company.now)

    def log(self, server: Server, path: str, who: str, *texts: str) -> None:
        """Lines in a log of the system, if there still is one: a link or a folder in its place takes none, and
        nobody writes it while the service that does stands. The journal gets it all the same.
        """
        if is_full(self.company, server):
            return
        file, logger = open_log(self.company, server.id, path), find_service(self.company, server.id, LOGGER)
        writable = file is not None and file.sort == "file" and not file.keeps(grows=True)
        head = f"{self.stamp} {server.id} {who}:"
        where = file.path if file and writable and (logger is None or logger.works) else ""
        self.do(
            FileAppended, server=server.id, path=where, text="".join(f"{head} {text}\n" for text in texts),
            log=path if where != path else "",
        )  # fmt: skip


class Seat(NamedTuple):
    """Where a command line is run, and as whom. `depth` counts the shells around it."""

    session: Session
    server: Server
    login: Login
    depth: int = 0

    @property
    def is_root(self) -> bool:
        """May it do anything?"""
        return self.login.id == ROOT


class Outcome(NamedTuple):
    """What a command line gave.

    Attributes:
        text: what stands on the screen.
        out: what went to standard output; `err` to standard error.
        folder: where the shell stands afterwards.
    """

    text: str
    out: str
    err: str
    code: int
    folder: str


class Shell(Protocol):
    """Runs a command line. Facts go into the seat's session, in order."""

    def run(self, seat: Seat, line: str, folder: str, stdin: str = "") -> Outcome: ...


class Result(NamedTuple):
    """What one command gave."""

    out: str = ""
    err: str = ""
    code: int = 0


class Files(Protocol):
    """The files as they are in the middle of a command line."""

    def exists(self, path: str) -> bool: ...
    def read_file(self, path: str) -> bytes: ...
    def write_file(self, path: str, content: bytes) -> None: ...
    def append_file(self, path: str, content: bytes) -> None: ...
    def read_dir(self, path: str) -> list[dict[str, Any]]: ...
    def stat(self, path: str) -> dict[str, Any]: ...
    def mkdir(self, path: str, recursive: bool = False) -> None: ...
    def remove(self, path: str, recursive: bool = False) -> None: ...
    def rename(self, src: str, dst: str) -> None: ...
    def symlink(self, target: str, link: str) -> None: ...
    def read_link(self, path: str) -> str: ...
    def chmod(self, path: str, mode: int) -> None: ...


class Call(NamedTuple):
    """One use of a command.

    Attributes:
        nested: runs a line in a shell of its own, elsewhere or as somebody else.
        disk: knows owners and modes of the files behind `fs`, and notes what is denied.
        within: runs a line right here, given what is piped into it and the name of a command that is left to the
            interpreter, or "".
        env: exported variables.
    """

    name: str
    argv: tuple[str, ...]
    stdin: str
    cwd: str
    fs: Files
    seat: Seat
    disk: Any
    nested: Callable[[Seat, str, str, str], Outcome]
    within: Callable[[str, str, str], Outcome]
    env: dict[str, str]

    def path(self, written: str) -> str:
        """A path as it is meant from where the shell stands."""
        return absolute(self.cwd, written)

    def fail(self, text: str, code: int = 1) -> Result:
        """A complaint, as commands make them."""
        return Result("", f"{self.name}: {text}\n", code)


Command = Callable[[Call], Result]


def absolute(folder: str, written: str) -> str:
    """An absolute path without detours."""
    parts: list[str] = []
    for part in (written if written.startswith("/") else f"{folder}/{written}").split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def options(argv: tuple[str, ...], valued: str = "", long: tuple[str, ...] = ()) -> tuple[dict[str, str], list[str]]:
    """Options by their letter or word, and the rest.

    Args:
        valued: letters of options that take a value.
        long: words of options that take one as the next argument.
    """
    found: dict[str, str] = {}
    rest: list[str] = []
    waiting = list(argv)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return found, rest + waiting
        if word.startswith("--"):
            name, has, value = word[2:].partition("=")
            found[name] = value if has or name not in long or not waiting else waiting.pop(0)
        elif word.startswith("-") and len(word) > 1:
            letters(word[1:], valued, found, waiting)
        else:
            rest.append(word)
    return found, rest


def letters(word: str, valued: str, found: dict[str, str], waiting: list[str]) -> None:
    """The options of one word such as `-xvf archive`."""
    for number, letter in enumerate(word):
        if letter in valued:
            value = word[number + 1 :] or (waiting.pop(0) if waiting else "")
            found[letter] = f"{found[letter]}\n{value}" if letter in found else value
            return
        found[letter] = ""


def warm() -> None:
    """Load the interpreter before the first step, where it is installed: a step imports nothing."""
    try:
        import_module("corpenv.shell.bash").warmed()
    except ImportError:  # a replay needs none
        return
