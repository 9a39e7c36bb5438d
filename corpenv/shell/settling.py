"""What a line did to files, as events: only the paths that were touched are looked at."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpenv.company import Company
from corpenv.company.artefactfiles import content_of
from corpenv.company.hosts import HostFile
from corpenv.company.machines import find_file
from corpenv.events import (
    ActionDenied,
    FileAppended,
    FileModeChanged,
    FileMoved,
    FileRead,
    FileRemoved,
    FileWritten,
)
from corpenv.shell.base import Seat
from corpenv.shell.kept import Kept
from corpenv.shell.tree import standing

if TYPE_CHECKING:
    from corpenv.shell.disk import Disk

FILE_EVENTS = (FileWritten, FileRemoved, FileMoved, FileModeChanged, FileAppended)
SHORTEST_COPY = 8
"""Characters of a content that is taken for a copy where it stands a second time."""
PROTECTED: Kept[dict[int, frozenset[str]]] = Kept(most=16)
"""World → seed → contents."""


def settle(disk: "Disk") -> None:
    """Turn what was touched into events, in the order in which it was first touched."""
    if disk.touched:
        Settling(disk).run()


class Settling:
    """One time that it is done.

    Attributes:
        moves: where something stood → where it stands now.
    """

    def __init__(self, disk: "Disk") -> None:
        self.disk, self.session, self.server = disk, disk.seat.session, disk.seat.server
        self.pending = list(disk.touched)
        origins = set(disk.moved.values())
        self.moves = {
            source: to
            for to, source in disk.moved.items()
            if to in disk.tree.files and self.before(source) and not (to in origins and self.before(to))
        }
        self.contents: dict[tuple[str, bool], str] = {}
        disk.touched, disk.moved = {}, {}

    def run(self) -> None:
        for path in self.pending:
            if path in self.moves:
                self.do(FileMoved, path=path, to=self.moves.pop(path))
            self.one(path)
        for path in self.pending:
            self.disk.look_again(path)

    def before(self, path: str) -> HostFile | None:
        """What the company has there so far."""
        return find_file(self.session.company, self.server.id, path)

    def one(self, path: str) -> None:
        """A path as it is now, against what the company has."""
        old, new = self.before(path), self.disk.tree.files.get(path)
        if new is not None and old is None and (source := self.origin(path)):
            self.do(FileMoved, path=source, to=path)
            del self.moves[source]
            old = self.before(path)
        if new is None:
            if old is not None:
                self.do(FileRemoved, path=path)
        elif old is None or not self.same(old, new):
            self.written(new)
        elif (old.mode, old.owner, old.group) != (new.mode, new.owner, new.group):
            self.do(FileModeChanged, path=path, mode=new.mode, owner=new.owner, group=new.group, flags=new.flags)

    def origin(self, path: str) -> str:
        """Where something stood before it was moved here, or ""."""
        return next((source for source, to in self.moves.items() if to == path), "")

    def same(self, old: HostFile, new: HostFile) -> bool:
        """Is there the same in both?"""
        text = self.session.company.text
        return (old.sort, old.binary, old.size, text(old.text)) == (new.sort, new.binary, new.size, text(new.text))

    def written(self, file: HostFile) -> None:
        """A file, folder or link with all that is in it."""
        text = self.session.company.text(file.text)
        source = self.source(file.path, text, file.binary) if file.sort == "file" else ""
        self.do(
            FileWritten, path=file.path, text=text, owner=file.owner, group=file.group, mode=file.mode,
            sort=file.sort, binary=file.binary, copied_from=source, size=file.size,
        )  # fmt: skip

    def source(self, path: str, text: str, binary: bool) -> str:
        """`server:path` of another file with that content."""
        if len(text) < SHORTEST_COPY:
            return ""
        if not self.contents:
            company = self.session.company
            for file in standing(company, self.server).files.values():
                if file.sort == "file":
                    self.contents.setdefault((company.text(file.text), file.binary), file.path)
        found = self.contents.setdefault((text, binary), path)
        return f"{self.server.id}:{found}" if found != path else ""

    def do(self, event: type, **fields: object) -> None:
        self.session.do(event, server=self.server.id, **fields)


def denial(seat: Seat, action: str, target: str) -> None:
    """The server refused something."""
    seat.session.do(ActionDenied, server=seat.server.id, account=seat.login.id, action=action, target=target)


def reading(seat: Seat, file: HostFile) -> None:
    """Somebody read a file; if that matters, it is a fact."""
    company = seat.session.company
    if company.text(file.text) in protected(company):
        seat.session.do(FileRead, server=seat.server.id, path=file.path, account=seat.login.id)


def protected(company: Company) -> frozenset[str]:
    """The contents of files that carry a secret, and those of artefacts."""
    by_seed = PROTECTED.of((company.world,), dict)
    if company.seed not in by_seed:
        by_seed[company.seed] = frozenset(carried(company))
    return by_seed[company.seed]


def carried(company: Company) -> Iterator[str]:
    """The contents of authored files that carry a secret, and of artefacts."""
    world = company.world
    for each in world.carriers.values():
        for place in each:
            server, is_path, path = place.partition(":/")
            if is_path and server in world.servers and f"/{path}" in world.servers[server].files:
                yield company.text(world.servers[server].files[f"/{path}"].text)
    for model in world.models.values():
        yield content_of(world.seed, model)
