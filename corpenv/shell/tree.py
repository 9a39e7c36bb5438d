"""Who may do what with the files of a server."""

from collections.abc import Iterable, Mapping

from corpenv.company.hosts import EXECUTE, READ, ROOT, WRITE, HostFile, Login

TOP = HostFile("/", mode=0o755, sort="directory")
STICKY = 0o1000


def parent_of(path: str) -> str:
    """The folder a path stands in."""
    return path.rpartition("/")[0] or "/"


class Tree:
    """The files of a server by path, seen by one account."""

    def __init__(self, files: Iterable[HostFile], login: Login) -> None:
        self.files: dict[str, HostFile] = {file.path: file for file in files}
        self.login = login

    def folder(self, path: str) -> HostFile:
        """A folder; one that nobody wrote is root's."""
        return TOP if path == "/" else self.files.get(path) or HostFile(path, mode=0o755, sort="directory")

    def reaches(self, path: str) -> bool:
        """Can the account go through every folder above?"""
        while path != "/":
            path = parent_of(path)
            if not self.folder(path).lets(self.login, EXECUTE):
                return False
        return True

    def may_read(self, path: str) -> bool:
        """Can the account read what stands there?"""
        file = self.files.get(path)
        return self.reaches(path) and (file is None or file.sort == "link" or file.lets(self.login, READ))

    def may_enter(self, path: str) -> bool:
        """Can the account make things in a folder?"""
        folder = self.folder(path)
        return self.reaches(path) and folder.lets(self.login, WRITE) and folder.lets(self.login, EXECUTE)

    def may_write(self, path: str) -> bool:
        """Can the account change what stands there, or make it?"""
        file = self.files.get(path)
        if file is None:
            return self.may_enter(parent_of(path))
        return self.reaches(path) and file.lets(self.login, WRITE)

    def may_remove(self, path: str) -> bool:
        """Can the account take away what stands there?"""
        if not self.may_enter(parent_of(path)):
            return False
        folder, file = self.folder(parent_of(path)), self.files.get(path)
        own = file is None or self.login.id in (ROOT, file.owner, folder.owner)
        return own or not folder.mode & STICKY

    def may_own(self, path: str) -> bool:
        """Can the account change the mode of what stands there?"""
        file = self.files.get(path)
        return self.login.id == ROOT or (file is not None and self.reaches(path) and file.owner == self.login.id)


def is_open(tree: Tree, folder: str, inside: Mapping[str, list[HostFile]]) -> bool:
    """Can the account change anything that stands directly in a folder?"""
    return tree.may_enter(folder) or any(
        file.sort == "file" and tree.may_write(file.path) for file in inside.get(folder, ())
    )
