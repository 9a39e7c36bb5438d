"""Who may do what with the files of a server, and which files stand there."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.hosts import EXECUTE, READ, ROOT, WRITE, HostFile, Login, Server
from corpenv.company.machines import files_of
from corpenv.shell.inside import machine_files
from corpenv.shell.kept import Kept

TOP = HostFile("/", mode=0o755, sort="directory")
STICKY = 0o1000


def parent_of(path: str) -> str:
    """The folder a path stands in."""
    return path.rpartition("/")[0] or "/"


class Tree:
    """The files of a server by path, seen by one account.

    Attributes:
        away: the paths of the machine's own files that do not stand there any more.
    """

    def __init__(self, files: Iterable[HostFile], login: Login) -> None:
        self.files: dict[str, HostFile] = {file.path: file for file in files}
        self.away: set[str] = set()
        self.login = login

    def file(self, path: str) -> HostFile | None:
        """What stands at a path: what can change, else what stands on every machine."""
        return self.files.get(path) or (None if path in self.away else machine_files().get(path))

    def folder(self, path: str) -> HostFile:
        """A folder; one that nobody wrote is root's."""
        return TOP if path == "/" else self.file(path) or HostFile(path, mode=0o755, sort="directory")

    def reaches(self, path: str) -> bool:
        """Can the account go through every folder above? A file there is in nobody's way: nothing stands below it."""
        if self.login.id == ROOT:
            return True
        while path != "/":
            path = parent_of(path)
            folder = self.folder(path)
            if folder.sort != "file" and not folder.lets(self.login, EXECUTE):
                return False
        return True

    def may_read(self, path: str) -> bool:
        """Can the account read what stands there?"""
        file = self.file(path)
        return self.reaches(path) and (file is None or file.sort == "link" or file.lets(self.login, READ))

    def may_enter(self, path: str) -> bool:
        """Can the account make things in a folder?"""
        folder = self.folder(path)
        lets = folder.lets(self.login, WRITE) and folder.lets(self.login, EXECUTE)
        return lets and self.reaches(path) and not folder.keeps(grows=True)

    def may_write(self, path: str, grows: bool = False) -> bool:
        """Can the account change what stands there or, where it only `grows`, add to it; or make it?"""
        file = self.file(path)
        if file is None:
            return self.may_enter(parent_of(path))
        return self.reaches(path) and file.lets(self.login, WRITE) and not file.keeps(grows)

    def may_remove(self, path: str) -> bool:
        """Can the account take away what stands there?"""
        folder, file = self.folder(parent_of(path)), self.file(path)
        if not self.may_enter(folder.path) or self.is_flagged(path):
            return False
        own = file is None or self.login.id in (ROOT, file.owner, folder.owner)
        return own or not folder.mode & STICKY

    def may_own(self, path: str) -> bool:
        """Can the account change the mode of what stands there?"""
        file = self.file(path)
        own = self.login.id == ROOT or (file is not None and self.reaches(path) and file.owner == self.login.id)
        return own and (file is None or not file.keeps())

    def is_flagged(self, path: str) -> bool:
        """Is something kept by flags, its own or those of its folder? Then root may no more than others."""
        file = self.file(path)
        return self.folder(parent_of(path)).keeps() or (file is not None and file.keeps())


class Standing(NamedTuple):
    """What stands on a server at a moment.

    Attributes:
        files: path → file; `inside` is folder → names of what is in it.
        links: the paths of links.
        away: the paths of the machine's own files that do not stand there any more.
    """

    files: Mapping[str, HostFile]
    inside: Mapping[str, Mapping[str, None]]
    links: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()


AT_START: Kept[Standing] = Kept(most=256)
SAME_PATHS: Kept[Standing] = Kept(most=64)
"""What stood there at some moment when there were the same paths."""
STANDING: Kept[Standing] = Kept(most=64)


def standing(company: Company, server: Server) -> Standing:
    """The files of a server in order. Made once for values that are the same ones."""
    state = company.machines
    if not has_changed(company, server):
        return at_start(server)
    return STANDING.of((server, state.files, state.gone, state.new), lambda: changed(company, server))


def at_start(server: Server) -> Standing:
    """What the author put there."""
    return AT_START.of((server,), lambda: ordered(server.files.values()))


def has_changed(company: Company, server: Server) -> bool:
    """Does something else stand on a server than at the start?"""
    state = company.machines
    return server.id in state.new or any(host == server.id for host, _ in state.gone)


def changed(company: Company, server: Server) -> Standing:
    """What stands there now: folders are gone through again only where paths came or went."""
    state = company.machines
    sources = (server, state.gone, state.new.get(server.id))
    then = SAME_PATHS.of(sources, lambda: with_new_paths(company, server))
    touched = {path: state.files[server.id, path] for path in state.new.get(server.id, ()) if path in then.files}
    away = frozenset(path for host, path in state.gone if host == server.id and path in server.machine)
    return Standing({**then.files, **touched}, then.inside, then.links - touched.keys() | links_in(touched), away)


def with_new_paths(company: Company, server: Server) -> Standing:
    """The paths that there are now: where none went, folders of the start are copied as new ones come into them."""
    state, start = company.machines, at_start(server)
    if any(host == server.id for host, _ in state.gone):
        return ordered(files_of(company, server))
    new = [path for path in state.new.get(server.id, ()) if path not in start.files]
    files = {**start.files, **{path: state.files[server.id, path] for path in new}}
    return Standing(files, with_names(start.inside, new), start.links)


def with_names(inside: Mapping[str, Mapping[str, None]], paths: Iterable[str]) -> dict[str, Mapping[str, None]]:
    """Folders into which paths come."""
    changed: dict[str, dict[str, None]] = {}
    for path in paths:
        below, known = path, False
        while below != "/" and not known:
            folder, _, name = below.rpartition("/")
            below = folder or "/"
            known = below in changed or below in inside
            if below not in changed:
                changed[below] = dict(inside.get(below, ()))
            changed[below][name] = None
    return {**inside, **changed}


def links_in(files: Mapping[str, HostFile]) -> frozenset[str]:
    """The paths of links."""
    return frozenset(path for path, file in files.items() if file.sort == "link")


def ordered(files: Iterable[HostFile]) -> Standing:
    """Files by path, and by folder; a folder above a file is one, even if nobody wrote it."""
    by_path = {file.path: file for file in files}
    inside: dict[str, dict[str, None]] = {"/": {}}
    for path in by_path:
        below = path
        while below != "/":
            folder, _, name = below.rpartition("/")
            folder = folder or "/"
            known = folder in inside
            inside.setdefault(folder, {})[name] = None
            if known:
                break
            below = folder
    return Standing(by_path, inside, links_in(by_path))
