"""A repository as a command line finds it: what is committed, staged, and lies about in the folder."""

from typing import Any

from corpenv.company.repositories import (
    CONFIG,
    HEAD,
    INDEX,
    Commit,
    commit_of,
    index_of,
    index_text,
    named,
    place_of,
    tree_of,
    tree_text,
)
from corpenv.company.servicing import moment_of
from corpenv.shell.base import Files
from corpenv.shell.tree import parent_of

Entries = dict[str, tuple[int, str]]


class Repository:
    """The files of a folder, and what git keeps of them.

    Attributes:
        top: the folder.
    """

    def __init__(self, fs: Files, disk: Any, top: str) -> None:
        self.fs, self.disk, self.top = fs, disk, top

    # what is kept ---------------------------------------------------------------------------------------

    def read(self, name: str) -> str:
        """A file below `.git`, or ""."""
        path = f"{self.top}/.git/{name}"
        return self.fs.read_file(path).decode("utf-8", "replace") if self.fs.exists(path) else ""

    def write(self, name: str, text: str) -> None:
        """A file below `.git`, its folder too."""
        path = f"{self.top}/.git/{name}"
        if not self.fs.exists(parent_of(path)):
            self.fs.mkdir(parent_of(path), True)
        self.fs.write_file(path, text.encode())

    def keep(self, sort: str, content: str) -> str:
        """An object is kept; its name."""
        name = named(sort, content)
        if not self.fs.exists(f"{self.top}/.git/{place_of(name)}"):
            self.write(place_of(name), f"{sort}\n{content}")
        return name

    def object(self, name: str) -> str:
        """The content of an object, or ""."""
        return self.read(place_of(name)).partition("\n")[2]

    def commit(self, name: str) -> Commit | None:
        """A commit by its name."""
        return commit_of(self.object(name)) if name else None

    @property
    def branch(self) -> str:
        """The branch that is checked out."""
        return self.read(HEAD).strip().removeprefix("ref: refs/heads/")

    @property
    def last(self) -> str:
        """The name of the last commit of the branch, or ""."""
        return self.ref(f"refs/heads/{self.branch}")

    def ref(self, name: str) -> str:
        """Where something that has a name stands."""
        return self.read(name).strip()

    def meant(self, written: str) -> str:
        """The commit that a word names, or ""."""
        back = 0
        while written.endswith(("~1", "^")):
            written, back = written.removesuffix("~1").removesuffix("^"), back + 1
        found = self.last if written in ("HEAD", "") else self.ref(f"refs/heads/{written}") or self.ref(f"refs/tags/{written}") or self.ref(f"refs/remotes/{written}")  # fmt: skip  # noqa: E501
        if not found and len(written) >= 4:
            found = next((each for each in self.history(self.last) if each.startswith(written)), "")
        for _ in range(back):
            commit = self.commit(found)
            found = commit.parents[0] if commit and commit.parents else ""
        return found

    def history(self, name: str) -> list[str]:
        """A commit and those it stands on, newest first."""
        found: list[str] = []
        while name and name not in found and (commit := self.commit(name)):
            found.append(name)
            name = commit.parents[0] if commit.parents else ""
        return found

    def remotes(self) -> dict[str, str]:
        """Name of a remote → its address."""
        found, name = {}, ""
        for line in self.read(CONFIG).splitlines():
            if line.startswith('[remote "'):
                name = line.split('"')[1]
            elif line.startswith("["):
                name = ""
            elif name and line.strip().startswith("url = "):
                found[name] = line.strip().removeprefix("url = ")
        return found

    # trees ----------------------------------------------------------------------------------------------

    def committed(self, name: str) -> Entries:
        """What a commit holds."""
        commit = self.commit(name)
        return tree_of(self.object(commit.tree)) if commit else {}

    def staged(self) -> Entries:
        """What the next commit would hold."""
        return index_of(self.read(INDEX))

    def stage(self, entries: Entries) -> None:
        """The next commit would hold this."""
        self.write(INDEX, index_text(entries))

    def lying(self) -> Entries:
        """What lies in the folder and can be read."""
        found: Entries = {}
        prefix = f"{self.top}/"
        for path, file in sorted(self.disk.tree.files.items()):
            if path.startswith(prefix) and not path.startswith(f"{prefix}.git/") and file.sort == "file" and self.disk.tree.may_read(path):  # fmt: skip  # noqa: E501
                mode = 0o100755 if file.mode & 0o100 else 0o100644
                found[path[len(prefix) :]] = mode, named("blob", self.disk.text(file))
        return found

    def content(self, path: str) -> str:
        """What stands in a file of the folder."""
        return self.fs.read_file(f"{self.top}/{path}").decode("utf-8", "replace")

    def add(self, entries: Entries, paths: list[str]) -> Entries:
        """Staged as it lies there: those paths, and what is below them."""
        lying = self.lying()
        chosen = [each for each in {**entries, **lying} if any(within(each, path) for path in paths)]
        for path in chosen:
            if path in lying:
                self.keep("blob", self.content(path))
                entries[path] = lying[path]
            else:
                entries.pop(path, None)
        return entries

    def record(self, entries: Entries, message: str, author: str, at: int, stands_on: tuple[str, ...]) -> str:
        """A commit of what is staged, now the last of the branch; its name."""
        name = self.keep("commit", Commit(self.keep("tree", tree_text(entries)), stands_on, author, at, message).text())
        self.point(name)
        return name

    def point(self, name: str) -> None:
        """The branch ends with this commit now."""
        self.write(f"refs/heads/{self.branch}", f"{name}\n")

    def lay(self, before: Entries, after: Entries) -> None:
        """The folder holds what one tree holds instead of another; what neither knows of stays."""
        for path in before.keys() - after.keys():
            if self.fs.exists(f"{self.top}/{path}"):
                self.fs.remove(f"{self.top}/{path}")
        for path, (mode, name) in sorted(after.items()):
            full = f"{self.top}/{path}"
            if not self.fs.exists(parent_of(full)):
                self.fs.mkdir(parent_of(full), True)
            self.fs.write_file(full, self.object(name).encode())
            if mode & 0o100:
                self.fs.chmod(full, 0o755)
        self.stage(dict(after))


def within(path: str, folder: str) -> bool:
    """Is a path this one, or below it? The top of a repository is ""."""
    return not folder or path == folder or path.startswith(f"{folder}/")


def seconds_of(company: Any) -> int:
    """Now, in seconds since 1970."""
    return int(moment_of(company, company.now).timestamp())
