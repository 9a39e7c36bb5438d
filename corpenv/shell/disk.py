"""The files of a server inside the interpreter: loaded before a command line, compared after it.

What an account cannot write is mounted read-only, so that a line that tries goes on as it would on a real machine;
what it cannot read refuses to be read. A folder that holds both is open, and what should not have changed in it is
put back.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from bashkit import Bash

from corpenv.company.hosts import HostFile
from corpenv.company.machines import files_of, find_file
from corpenv.events import (
    Event,
    FileAppended,
    FileModeChanged,
    FileMoved,
    FileRemoved,
    FileWritten,
)
from corpenv.shell.base import Seat, absolute
from corpenv.shell.inside import KEPT, apart, bare, clear, content_of, machine_files, remove, unreadable
from corpenv.shell.tree import Tree, is_open, parent_of

SYSTEM = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/dev", "/proc", "/sys")
"""What belongs to the machine: never compared."""
MOST_LINKS = 8
"""Links that lead to links."""
UNUSED = "/.unused"
"""An interpreter with files of its own can be emptied."""
LARGEST = 200_000
"""Characters of a file that a command line can write."""
MOST = 500
"""Files it can write."""
SHORTEST_COPY = 8
"""Characters of a content that is taken for a copy where it stands a second time."""


class Seen(NamedTuple):
    """What the interpreter knows of a file: it differs after every write."""

    sort: str
    size: int
    modified: float
    mode: int


class Refused(NamedTuple):
    """A change that should not have been possible, and how it is complained about."""

    path: str
    why: str
    removed: bool = False


class Disk:
    """The files of one seat in one interpreter.

    Attributes:
        tree: owners and modes.
        refused: changes that were put back.
    """

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.tree = Tree(files_of(seat.session.company, seat.server), seat.login)
        self.refused: list[Refused] = []
        self.mounts: dict[str, Bash] = {}
        self.known: dict[str, Seen] = {}

    # loading --------------------------------------------------------------------------------------------

    def fill(self, made: Callable[[dict[str, Any]], Bash], times: bool) -> Bash:
        """An interpreter with everything in it, folders that the account cannot change apart from the rest.

        Args:
            made: makes the interpreter, given the files that refuse to be read.
            times: give files their age; few lines ask for it.
        """
        tops = self.tops()
        groups: dict[str, list[HostFile]] = {"/": []}
        for file in self.tree.files.values():
            top = tops[file.path if file.sort == "directory" else parent_of(file.path)][0]
            groups.setdefault(top, []).append(file)
        base = self.filled(made, "/", groups.pop("/"), times)
        for top in sorted(groups):
            self.mounts[top] = self.filled(bare, top, groups[top], times)
            base.mount(top, self.mounts[top].fs(), read_only=not tops[top][1])
        for folder, files in machine_files().items():
            base.mount(folder, files, read_only=True)
        self.known = dict(self.walk(base.fs()))
        return base

    def tops(self) -> dict[str, tuple[str, bool]]:
        """Folder → the highest folder from which on everything is open to the account, or closed; and which."""
        inside: dict[str, list[HostFile]] = {}
        for file in self.tree.files.values():
            inside.setdefault(parent_of(file.path), []).append(file)
        folders = {*inside, *(each.path for each in self.tree.files.values() if each.sort == "directory")}
        tops: dict[str, tuple[str, bool]] = {"/": ("/", True)}
        for folder in sorted(folders - {"/"}):
            top, opened = tops[parent_of(folder)]
            now = self.seat.is_root or is_open(self.tree, folder, inside)
            tops[folder] = (top, opened) if now == opened else (folder, now)
        return tops

    def filled(self, made: Callable[[dict[str, Any]], Bash], top: str, files: list[HostFile], times: bool) -> Bash:
        """One interpreter with some files, where `top` is its root."""
        cut = len(top) if top != "/" else 0
        below = {file.path[cut:]: file for file in sorted(files, key=lambda each: each.path) if file.path != top}
        closed = {path for path, file in below.items() if file.sort == "file" and not self.tree.may_read(file.path)}
        bash = made({UNUSED: "", **dict.fromkeys(sorted(closed), unreadable)})
        fs = bash.fs()
        clear(fs, "/", [*closed, *(KEPT if top == "/" else ())])
        stamps: dict[int, list[str]] = {}
        for path, file in below.items():
            if path not in closed:
                self.put(fs, path, self.followed(file) if cut and file.sort == "link" else file)
                stamps.setdefault(self.seat.session.company.now - file.at, []).append(path)
        for age, paths in stamps.items() if times else ():
            names = " ".join(f"'{path}'" for path in paths if "'" not in path)
            bash.execute_sync(f"touch -d '{max(0, age)} seconds ago' {names}")
        return bash

    def followed(self, link: HostFile) -> HostFile:
        """What a link leads to: an interpreter follows none out of a folder that is mounted in it."""
        file, company = link, self.seat.session.company
        for _ in range(MOST_LINKS):
            if file.sort != "link":
                break
            found = self.tree.files.get(absolute(parent_of(file.path), company.text(file.text)))
            if found is None:
                break
            file = found
        return file if file.sort == "file" and self.tree.may_read(file.path) else link

    def put(self, fs: Any, path: str, file: HostFile) -> None:
        """One file into an interpreter."""
        text = self.seat.session.company.text(file.text)
        if file.sort == "link":
            fs.symlink(text, path)
            return
        if file.sort == "directory":
            if not fs.exists(path):
                fs.mkdir(path, recursive=True)
        else:
            fs.write_file(path, b64decode(text) if file.binary else text.encode())
        fs.chmod(path, file.mode & 0o777)

    # comparing ------------------------------------------------------------------------------------------

    def walk(self, fs: Any, folder: str = "/") -> Iterator[tuple[str, Seen]]:
        """Every path that can be compared, with what is known of it; folders before what is in them."""
        try:
            entries = fs.read_dir(folder)
        except (RuntimeError, OSError):  # gone meanwhile
            return
        for entry in sorted(entries, key=lambda each: str(each["name"])):
            path, data = f"{folder.rstrip('/')}/{entry['name']}", entry["metadata"]
            if path in SYSTEM:
                continue
            yield path, Seen(SORTS.get(data["file_type"], "file"), data["size"], data["modified"], data["mode"])
            if data["file_type"] == "directory":
                yield from self.walk(fs, path)

    def sync(self, fs: Any) -> None:
        """What happened to files since the last time, as events; what should not have is put back."""
        now = dict(self.walk(fs))
        gone = [path for path in self.known if path not in now]
        fresh = [path for path in now if path not in self.known]
        for path in fresh:
            self.appeared(fs, path, now[path], gone)
        for path in reversed(gone):
            self.vanished(fs, path)
        for path, seen in now.items():
            before = self.known.get(path)
            if before and before != seen:
                self.altered(fs, path, before, seen)
        self.known = dict(self.walk(fs))

    def appeared(self, fs: Any, path: str, seen: Seen, gone: list[str]) -> None:
        """Something is where nothing was."""
        if not self.tree.may_write(path):
            self.refuse(path, "Permission denied")
            remove(fs, path)
            return
        if seen.sort == "file" and (old := self.moved_from(fs, path, seen, gone)):
            gone.remove(old)
            self.do(FileMoved, path=old, to=path)
            return
        login = self.seat.login
        self.write(fs, path, seen, login.id, login.groups[0])

    def moved_from(self, fs: Any, path: str, seen: Seen, gone: list[str]) -> str:
        """A path that is gone, could be taken away, and held the same content: there it came from."""
        content = content_of(fs, path) if seen.size else None
        for old in gone:
            file = self.tree.files.get(old)
            same = file is not None and content is not None and self.known[old].size == seen.size
            if same and file is not None and self.tree.may_remove(old) and self.same(file, content):
                return old
        return ""

    def same(self, file: HostFile, content: tuple[str, bool] | None) -> bool:
        """Is that what stands in a file?"""
        return content == (self.seat.session.company.text(file.text), file.binary)

    def vanished(self, fs: Any, path: str) -> None:
        """Something is not there any more."""
        file = self.tree.files.get(path)
        if file is None:
            return
        if self.tree.may_remove(path):
            self.do(FileRemoved, path=path)
            return
        self.refuse(path, "Permission denied", removed=True)
        self.put(fs, path, file)

    def altered(self, fs: Any, path: str, before: Seen, seen: Seen) -> None:
        """Something is still there, and another."""
        file = self.tree.files.get(path) or self.tree.folder(path)
        if seen.sort == "directory":
            if before.mode != seen.mode:
                self.mode(fs, path, file, seen)
            return
        rewritten = (before.size, before.modified) != (seen.size, seen.modified)
        if rewritten and not self.same(file, content_of(fs, path)):
            replaceable = self.tree.may_remove(path) and self.tree.may_enter(parent_of(path))
            if not (self.tree.may_write(path) or replaceable):
                self.refuse(path, "Permission denied")
                self.put(fs, path, file)
                return
            self.write(fs, path, seen, file.owner, file.group)
        elif before.mode != seen.mode:
            self.mode(fs, path, file, seen)

    def mode(self, fs: Any, path: str, file: HostFile, seen: Seen) -> None:
        """Other permission bits."""
        if self.tree.may_own(path):
            bits = file.mode & 0o7000 | seen.mode & 0o777
            self.do(FileModeChanged, path=path, mode=bits, owner=file.owner, group=file.group)
        else:
            self.refuse(path, "Operation not permitted")
            fs.chmod(path, file.mode & 0o777)

    def write(self, fs: Any, path: str, seen: Seen, owner: str, group: str) -> None:
        """A file, folder or link as it is now, as an event."""
        text, binary = content_of(fs, path) if seen.sort == "file" else ("", False)
        if seen.sort == "link":
            text = str(fs.read_link(path))
        written = sum(isinstance(event, FileWritten) for event in self.seat.session.events)
        if len(text) > LARGEST or written >= MOST:
            self.refuse(path, "No space left on device")
            remove(fs, path)
            return
        bits = {"directory": seen.mode & 0o777, "link": 0o777}.get(seen.sort, seen.mode & 0o777)
        self.do(
            FileWritten, path=path, text=text, owner=owner, group=group, mode=bits, sort=seen.sort, binary=binary,
            copied_from=self.source(path, text, binary) if seen.sort == "file" else "",
        )  # fmt: skip

    def source(self, path: str, text: str, binary: bool) -> str:
        """`server:path` of a file with that content."""
        if len(text) < SHORTEST_COPY:
            return ""
        for file in self.tree.files.values():
            if file.path != path and file.sort == "file" and self.same(file, (text, binary)):
                return f"{self.seat.server.id}:{file.path}"
        return ""

    def do(self, event: type[Event], **fields: Any) -> None:
        """A fact about a file, and what it means for the tree."""
        self.seat.session.do(event, server=self.seat.server.id, **fields)
        for path in (fields["path"], fields.get("to", "")):
            self.look_again(path)

    def look_again(self, path: str) -> None:
        """Owner and mode of a path as they are now."""
        found = find_file(self.seat.session.company, self.seat.server.id, path)
        if found:
            self.tree.files[path] = found
        else:
            self.tree.files.pop(path, None)

    def refuse(self, path: str, why: str, removed: bool = False) -> None:
        """Something that should not have been possible."""
        self.refused.append(Refused(path, why, removed))

    # following ------------------------------------------------------------------------------------------

    def follow(self, fs: Any, events: Iterable[Event]) -> None:
        """Let the interpreter see what commands did to files of this server behind its back."""
        for event in events:
            if isinstance(event, FOLLOWED) and event.server == self.seat.server.id:
                for path in dict.fromkeys((event.path, getattr(event, "to", event.path))):
                    self.look_again(path)
                    self.show(fs, path)
        self.known = dict(self.walk(fs))

    def show(self, fs: Any, path: str) -> None:
        """One path as it is now, wherever it is mounted."""
        top = max((top for top in self.mounts if path.startswith(f"{top}/")), key=len, default="")
        file, below = self.tree.files.get(path), path.removeprefix(top)
        there = self.mounts[top].fs() if top else fs

        def show() -> None:
            if file is None or not self.tree.may_read(path):
                remove(there, below)
            else:
                self.put(there, below, file)

        apart(show) if top else show()


SORTS = {"directory": "directory", "symlink": "link"}
FOLLOWED = (FileWritten, FileRemoved, FileMoved, FileModeChanged, FileAppended)
