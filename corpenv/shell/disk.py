"""The files of a server as one account sees them during a command line: asked path by path, never loaded.

What the line changes stands in `tree.files` at once; `sync` turns the paths that were touched into events. What the
account may not do is an `OSError` as a kernel gives it, and is noted.
"""

import errno
from collections.abc import Callable

from msgspec.structs import replace

from corpenv.company.hosts import EXECUTE, READ, HostFile
from corpenv.company.storage import is_full
from corpenv.shell.base import Seat
from corpenv.shell.binaries import kept, whole
from corpenv.shell.deeper import STATE, Ends, variables_in
from corpenv.shell.ground import OF_KERNEL, Ground
from corpenv.shell.inside import PIPED, bytes_of, text_of
from corpenv.shell.paths import Told, error
from corpenv.shell.settling import denial, reading, settle
from corpenv.shell.sockets import NETS, Sockets
from corpenv.shell.tree import parent_of
from corpenv.shell.words import CHANCE_HERE, CHANCE_IN

LARGEST = 200_000
"""Characters of a file that a command line can write."""
MOST = 4_000
"""Files it can write; one that goes on is ended."""
MASK = 0o022
"""Permission bits that nothing gets that is made, unless a line says otherwise."""
BINARY = 1_500
"""Bytes of a binary that are as much work to read as a path is to look at."""
MOST_DENIALS = 50
"""Things that were denied to a line and are told one by one."""
KILLED = Ends("Killed", 137)
SCRATCH = "/.bashkit-"
"""How a file begins under which the interpreter gathers what it is about to put in place."""


class Disk(Ground):
    """The files of one seat, to be changed.

    Attributes:
        piped: what was piped into the shell.
        state: variables that an interpreter hands back to the one around it.
        failed: faults that came up while the interpreter asked; they are ours.
        closed: folders that the interpreter could not go to.
        lent: what the interpreter holds in the place of files, by path: `<( … )`.
        mask: permission bits that what is made does not get; `masks` are those around brackets that change them.
        stop: ends what the interpreter does; `ends` is how that looks.
    """

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.piped, self.state = b"", ""
        self.failed: list[BaseException] = []
        self.closed: set[str] = set()
        self.stop: Callable[[], None] = lambda: None
        self.ends = KILLED
        self.sockets = Sockets(seat)
        self.lent: dict[str, bytes] = {}
        self.mask, self.masks = MASK, list[int]()
        self.touched: dict[str, None] = {}
        self.moved: dict[str, str] = {}
        self._noted: set[tuple[str, str]] = set()

    def has_left(self, work: int) -> bool:
        """Take so much work from what is left; is there any then?"""
        self.seat.session.left -= work
        return self.seat.session.left >= 0

    def spend(self, work: int) -> None:
        """Ask for so much work; where none is left, the interpreter is told to stop, and nothing is done any more."""
        if not self.has_left(work):
            self.stop()
            raise error(errno.ENOMEM, "")

    # what the interpreter asks: no link is followed --------------------------------------------------------

    def look(self, path: str) -> Told:
        """Raises where a folder cannot be entered: the interpreter asks before it goes there."""
        self.spend(1)
        if path in (PIPED, STATE) or path in self.lent:
            return "file", 1, 0o600, self._epoch
        if f"{path}/".startswith(NETS):
            return self.sockets.told_of(path, self._epoch)
        file = self.here(path)
        if file.sort == "directory" and not file.lets(self.seat.login, EXECUTE):
            self.closed.add(path)
            raise error(errno.EACCES, path)
        return self.told_of(file)

    def stands(self, path: str) -> bool:
        return self.tree.reaches(path) and (path == PIPED or path in self.lent or self.file(path) is not None)

    def read(self, path: str) -> bytes:
        """What stands there; a script finds the variable that is drawn here in the place of the interpreter's own."""
        content = self.raw(path)
        return CHANCE_IN.sub(CHANCE_HERE.encode(), content) if b"SRANDOM" in content else content

    def raw(self, path: str) -> bytes:
        """What stands there."""
        if path in (PIPED, STATE) or path in self.lent or path.startswith(NETS):
            return self.handed(path)
        file = self.here(path)
        self.spend(1 + len(file.text) // 1000 if isinstance(file.text, str) else 2)
        if file.sort == "directory":
            raise error(errno.EISDIR, path)
        if file.sort == "link":
            raise error(errno.ELOOP, path)
        if not file.lets(self.seat.login, READ):
            raise self.denied("read", path)
        if path.startswith("/dev/"):
            return self.device(path)
        self.note_read(file)
        content = bytes_of(self.text(file), file.binary)
        if file.binary and file.size:
            self.spend(file.size // BINARY)
            return whole(content, file.size)
        return content

    def handed(self, path: str) -> bytes:
        """What is piped in, variables that are handed back, or what comes through a connection."""
        if path == PIPED or path in self.lent:
            return self.lent.get(path, self.piped)
        return variables_in(self.state, everywhere=True).encode() if path == STATE else self.sockets.receive(path)

    def listed(self, path: str) -> list[tuple[str, Told]]:
        folder = self.here(path)
        names = self.every_name(path)
        self.spend(1 + len(names))
        if folder.sort != "directory":
            raise error(errno.ENOTDIR, path)
        if not folder.lets(self.seat.login, READ):
            raise self.denied("read", path)
        found = ((name, self.file(f"{path.rstrip('/')}/{name}")) for name in names)
        return [(name, self.told_of(file)) for name, file in found if file is not None]

    def leads(self, path: str) -> str:
        file = self.here(path)
        if file.sort != "link":
            raise error(errno.EINVAL, path)
        return self.text(file)

    def write(self, path: str, content: bytes, grows: bool = False) -> None:
        if path == STATE:
            self.state = content.decode("utf-8", "replace")
            return
        self.spend(2 + len(content) // 1000)
        if path.startswith(NETS):
            self.sockets.send(path, content)
            return
        old = self.writable(path, grows)
        if path in ("/dev/null", "/dev/zero"):
            return
        content = content.replace(CHANCE_HERE.encode(), b"SRANDOM")
        content, more = kept(content)
        text, binary = text_of(content) if len(content) <= 2 * LARGEST else ("x" * (LARGEST + 1), False)
        self.room(path, len(text))
        now, login = self.seat.session.company.now, self.seat.login
        if old is None:
            self.put(HostFile(path, text, login.id, login.groups[0], 0o666 & ~self.mask, "file", binary, now, more))
        else:
            self.put(replace(old, text=text, binary=binary, at=now, size=more))

    def append(self, path: str, content: bytes) -> None:
        old = None if path.startswith(NETS) else self.file(path)
        ours = old is not None and old.sort == "file" and not path.startswith("/dev/")
        self.write(path, (bytes_of(self.text(old), old.binary) if old and ours else b"") + content, grows=True)

    def writable(self, path: str, grows: bool = False) -> HostFile | None:
        """What stands where something is going to be written or, where it only `grows`, added, if it may be."""
        if not self.tree.reaches(path):
            raise self.denied("write", path)
        old = self.file(path)
        if old is not None and old.sort == "directory" and not old.lets(self.seat.login, EXECUTE):
            raise self.denied("write", path)
        if old is not None and old.sort != "file":
            raise error(errno.EISDIR if old.sort == "directory" else errno.ELOOP, path)
        if old is None:
            self.above(path)
        kernels = old is not None and path.startswith(OF_KERNEL)
        if not (self.lets_write(path) if kernels else self.tree.may_write(path, grows)):
            raise self.denied("write", path)
        return old

    def lets_write(self, path: str) -> bool:
        """Can the account write what is the kernel's?"""
        return path in ("/dev/null", "/dev/zero") or (self.seat.is_root and not path.startswith("/proc/"))

    def above(self, path: str) -> None:
        """The folder something is made in has to be one."""
        folder = self.file(parent_of(path))
        if folder is None or folder.sort != "directory":
            raise error(errno.ENOENT if folder is None else errno.ENOTDIR, path)
        if path.startswith(("/proc/", "/dev/")):
            raise self.denied("write", path)

    def make(self, path: str, parents: bool = False) -> None:
        if self.file(path) is not None:
            if parents and self.here(path).sort == "directory":
                return
            raise error(errno.EEXIST, path)
        if parents and self.file(parent_of(path)) is None:
            self.make(parent_of(path), parents=True)
        self.above(path)
        self.made(path, "", "directory", 0o777 & ~self.mask)

    def link(self, target: str, path: str) -> None:
        if self.file(path) is not None:
            raise error(errno.EEXIST, path)
        self.above(path)
        self.made(path, target, "link", 0o777)

    def made(self, path: str, text: str, sort: str, mode: int) -> None:
        """Something new that is no file."""
        self.spend(2)
        if not self.tree.may_enter(parent_of(path)):
            raise self.denied("write", path)
        self.room(path, 0)
        login = self.seat.login
        self.put(HostFile(path, text, login.id, login.groups[0], mode, sort, at=self.seat.session.company.now))

    def take(self, path: str, deep: bool = False) -> None:
        self.spend(2)
        self.here(path)
        below = [f"{path.rstrip('/')}/{name}" for name in self.every_name(path)]
        if below and not deep:
            raise error(errno.ENOTEMPTY, path)
        for each in below:
            self.take(each, deep=True)
        if not (self.owned(path) and self.tree.may_remove(path)):
            raise self.denied("remove", path)
        self.drop(path)

    def move(self, path: str, to: str) -> None:
        self.spend(2)
        file, there = self.here(path), self.file(to)
        if not (self.owned(path) and self.tree.may_remove(path)):
            raise self.denied("remove", path)
        if to.startswith(f"{path}/"):
            raise error(errno.EINVAL, to)
        self.above(to)
        if not self.tree.may_enter(parent_of(to)) or (there is not None and not self.tree.may_remove(to)):
            raise self.denied("write", to)
        if SCRATCH in path and there is not None:
            self.put(replace(file, owner=there.owner, group=there.group))
        if there is not None and there.sort == "directory":
            if file.sort != "directory":
                raise error(errno.EISDIR, to)
            self.take(to)
        self.carry(path, to)

    def carry(self, path: str, to: str) -> None:
        """Something and what is below it stands elsewhere."""
        names = [name for name in self.every_name(path) if self.owned(f"{path}/{name}")]
        self.put(replace(self.here(path), path=to))
        origin = self.moved.pop(path, path)
        self.drop(path)
        self.moved[to] = origin
        for name in names:
            self.carry(f"{path}/{name}", f"{to}/{name}")

    def copied(self, path: str, to: str) -> None:
        content, new = self.raw(path), self.file(to) is None
        self.write(to, content)
        if new and to in self.tree.files:
            self.put(replace(self.tree.files[to], mode=self.here(path).mode & 0o777 & ~self.mask))

    def bits(self, path: str, mode: int) -> None:
        file = self.here(path)
        if not (self.owned(path) and self.tree.may_own(path)):
            raise self.denied("mode", path, errno.EPERM)
        self.put(replace(file, mode=file.mode & 0o7000 | mode & 0o777))

    # changes ---------------------------------------------------------------------------------------------

    def put(self, file: HostFile) -> None:
        """Something stands there now, as this line left it."""
        path, folder = file.path, parent_of(file.path)
        if path not in self.tree.files:
            self.within(folder)[path.rpartition("/")[2]] = None
        self.tree.files[path] = file
        self.touched[path] = None
        self.changed(path)

    def drop(self, path: str) -> None:
        """Nothing stands there any more."""
        self.tree.files.pop(path, None)
        self.tree.away.add(path)
        self.within(parent_of(path)).pop(path.rpartition("/")[2], None)
        self.moved.pop(path, None)
        self.touched[path] = None
        self.changed(path)

    def room(self, path: str, length: int) -> None:
        """Is there room for something of this length? The folders above know nothing of it."""
        full = length > 0 and is_full(self.seat.session.company, self.seat.server)
        if path not in self.touched and len(self.touched) >= MOST:
            self.spend(self.seat.session.left + 1)
        if full or length > LARGEST:
            raise error(errno.ENOSPC, path)

    def sync(self) -> None:
        """What happened to files since the last time, as events."""
        settle(self)

    # what is noted ---------------------------------------------------------------------------------------

    def denied(self, action: str, path: str, number: int = errno.EACCES) -> OSError:
        """Something that the account may not do, noted once a line; what is to be raised for it.

        What the interpreter would put in place of a file it writes into the file instead, and is denied that, or not.
        """
        if SCRATCH not in path and (action, path) not in self._noted and len(self._noted) < MOST_DENIALS:
            self._noted.add((action, path))
            denial(self.seat, action, path)
        return error(errno.EPERM if self.tree.is_flagged(path) else number, path)

    def note_read(self, file: HostFile) -> None:
        """Who reads what carries something that matters has seen it."""
        if ("seen", file.path) not in self._noted:
            self._noted.add(("seen", file.path))
            reading(self.seat, file)
