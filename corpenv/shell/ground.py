"""What stands where on a server during a command line: what is written there, and what belongs to every machine."""

import errno
from collections.abc import Iterable, Iterator
from hashlib import shake_128

from corpenv.company.crontabs import TABLES
from corpenv.company.hosts import HostFile
from corpenv.company.machines import find_file
from corpenv.company.servicing import moment_of
from corpenv.events import CronChanged, Event
from corpenv.names import draw
from corpenv.shell.base import Seat
from corpenv.shell.inside import DRAWN, ENDLESS, machine_files, machine_folders, size_of
from corpenv.shell.kernel import proc_files
from corpenv.shell.paths import Paths, Told, error
from corpenv.shell.settling import FILE_EVENTS
from corpenv.shell.tree import Tree, parent_of, standing

OF_KERNEL = ("/dev", "/proc")


class Ground(Paths):
    """The files of one seat, to be looked at.

    Attributes:
        tree: owners and modes, with what the line has changed.
        linked: the paths of links.
    """

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        there = standing(seat.session.company, seat.server)
        self.tree = Tree((), seat.login)
        self.tree.files = dict(there.files)
        self.linked = tuple(sorted(there.links))
        self.tree.away = set(there.away)
        self._inside = there.inside
        self._changed: dict[str, dict[str, None]] = {}
        self._draws = 0
        self._reached: dict[str, bool] = {}
        self._proc: dict[str, HostFile] | None = None
        self._epoch = int(moment_of(seat.session.company, 0).timestamp())

    def file(self, path: str) -> HostFile | None:
        """What stands at a path, be it of the machine; a folder above a file is one."""
        found = self.tree.file(path)
        if found is None and path.startswith("/proc/"):
            found = self.proc().get(path)
        if found is None and (path == "/" or self.names(path)):
            found = HostFile(path, mode=0o755, sort="directory")
        return found

    def owned(self, path: str) -> HostFile | None:
        """What stands at a path, if it is somebody's to change: what the kernel makes is not."""
        return None if path.startswith(OF_KERNEL) else self.tree.file(path)

    def below(self, folder: str) -> Iterator[str]:
        """Every path below a folder, links not followed."""
        for name in self.every_name(folder):
            path = f"{folder.rstrip('/')}/{name}"
            yield path
            found = self.file(path)
            if found is not None and found.sort == "directory":
                yield from self.below(path)

    def gone_from(self, folder: str) -> Iterator[str]:
        """The names of what stands in a folder of every machine, and here does not any more."""
        paths = sorted(path for path in self.tree.away if path.startswith(f"{folder}/"))
        return (path.rpartition("/")[2] for path in paths if path not in self.tree.files)

    def names(self, folder: str) -> Iterable[str]:
        """What is in a folder, of what can change."""
        found = self._changed.get(folder)
        return self._inside.get(folder, ()) if found is None else found

    def every_name(self, folder: str) -> list[str]:
        """What is in a folder."""
        machine: Iterable[str] = machine_folders().get(folder, ())
        if self.tree.away:
            machine = (name for name in machine if f"{folder.rstrip('/')}/{name}" not in self.tree.away)
        if folder == "/proc" or folder.startswith("/proc/"):
            below = (path[len(folder) + 1 :] for path in self.proc() if path.startswith(f"{folder}/"))
            machine = (name for name in below if "/" not in name)
        return sorted({*self.names(folder), *machine})

    def proc(self) -> dict[str, HostFile]:
        """What the kernel tells, made when somebody looks."""
        if self._proc is None:
            self._proc = {}
            for path, text in proc_files(self.seat).items():
                for at in (place for place, letter in enumerate(path) if letter == "/" and place):
                    folder = f"/proc{path[:at]}"
                    self._proc.setdefault(folder, HostFile(folder, mode=0o555, sort="directory"))
                self._proc[f"/proc{path}"] = HostFile(f"/proc{path}", text, mode=0o444)
        return self._proc

    def found(self, path: str) -> HostFile | None:
        """What stands at a path, None where the account cannot get to it."""
        return self.file(path) if self.reached(parent_of(path)) else None

    def here(self, path: str) -> HostFile:
        """What stands at a path the account can get to."""
        if not self.reached(parent_of(path)):
            raise error(errno.EACCES, path)
        found = self.file(path)
        if found is None:
            parent = self.file(parent_of(path))
            raise error(errno.ENOTDIR if parent and parent.sort == "file" else errno.ENOENT, path)
        return found

    def reached(self, folder: str) -> bool:
        """Can the account go into a folder? Asked once, until something is changed."""
        found = self._reached.get(folder)
        if found is None:
            found = self._reached[folder] = self.tree.reaches(f"{folder.rstrip('/')}/.")
        return found

    def changed(self, path: str) -> None:
        """Something else stands there now."""
        file = self.tree.files.get(path)
        if path in self.linked:
            self.linked = tuple(each for each in self.linked if each != path)
        if file is not None and file.sort == "link":
            self.linked += (path,)
        self._reached.clear()

    def told_of(self, file: HostFile) -> Told:
        """Sort, bytes, permission bits and moment of a file."""
        size = 4096 if file.sort == "directory" else size_of(self.text(file), file.binary) + file.size
        old = file is machine_files().get(file.path) or file.path.startswith("/proc/")
        at = self.seat.server.booted if old else file.at
        return file.sort, size, file.mode & 0o777, self._epoch + at

    def text(self, file: HostFile) -> str:
        """The content of a file, or where a link leads."""
        return self.seat.session.company.text(file.text)

    def device(self, path: str) -> bytes:
        """What a device gives: nothing, zeros, or what nobody could guess, another each time."""
        if path == "/dev/zero":
            return bytes(ENDLESS)
        if path == "/dev/null":
            return b""
        company, self._draws = self.seat.session.company, self._draws + 1
        drawn = draw(company.seed, "shell", str(company.step), path, str(self._draws))
        return shake_128(drawn.to_bytes(8, "big")).digest(DRAWN)

    def within(self, folder: str) -> dict[str, None]:
        """The names in a folder, to be changed."""
        return self._changed.setdefault(folder, dict(self._inside.get(folder, ())))

    def follow(self, events: Iterable[Event]) -> None:
        """See what commands did to files of this server without asking here."""
        for event in events:
            if isinstance(event, FILE_EVENTS) and event.server == self.seat.server.id:
                for path in (event.path, getattr(event, "to", event.path)):
                    self.look_again(path)
            elif isinstance(event, CronChanged) and event.server == self.seat.server.id:
                self.look_again(TABLES + event.account)

    def look_again(self, path: str) -> None:
        """A path as the company has it now."""
        company, server, name = self.seat.session.company, self.seat.server, path.rpartition("/")[2]
        found = find_file(company, server.id, path)
        changed = (server.id, path) in company.machines.files or path in server.files
        if found is None or not changed:
            self.tree.files.pop(path, None)
            self.within(parent_of(path)).pop(name, None)
            (self.tree.away.add if found is None else self.tree.away.discard)(path)
        else:
            self.tree.files[path] = found
            self.within(parent_of(path))[name] = None
        self.changed(path)
