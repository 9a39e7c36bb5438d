"""Files as our own commands ask for them: like a kernel's calls, links are followed."""

import errno
import os
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from corpenv.company.hosts import HostFile
from corpenv.shell.base import absolute
from corpenv.shell.tree import Tree, parent_of

MOST_LINKS = 16
"""Links that lead to links."""

Told = tuple[str, int, int, int]
"""Sort, bytes, permission bits, second of the simulated clock."""


def error(number: int, path: str) -> OSError:
    """What a kernel says."""
    return OSError(number, os.strerror(number), path)


class Paths:
    """Paths with links in them, over files that follow none."""

    tree: Tree
    linked: tuple[str, ...]

    def real(self, path: str, last: bool = True) -> str:
        """Where a path leads. The last step is a link too only if that is asked for.

        Raises:
            OSError: there are too many links.
        """
        if not path.startswith(self.linked):
            return path
        for _ in range(MOST_LINKS):
            found = next(self.links(path, last), None)
            if found is None:
                return path
            link, rest = found
            path = absolute(parent_of(link), self.leads(link))
            path = absolute(path, rest) if rest else path
        raise error(errno.ELOOP, path)

    def links(self, path: str, last: bool) -> Iterator[tuple[str, str]]:
        """The links on the way, each with what comes behind it."""
        at = path.find("/", 1)
        while at > 0:
            if self.is_link(path[:at]):
                yield path[:at], path[at + 1 :]
            at = path.find("/", at + 1)
        if last and self.is_link(path):
            yield path, ""

    def is_link(self, path: str) -> bool:
        """Does a link stand exactly there?"""
        file = self.tree.files.get(path)
        return file is not None and file.sort == "link"

    def led(self, path: str) -> HostFile | None:
        """What a path leads to, or None if there is nothing, or no way for this account."""
        try:
            path = self.real(path)
        except OSError:
            return None
        return self.found(path)

    # as commands ask ------------------------------------------------------------------------------------

    def exists(self, path: str) -> bool:
        """Is there something? A link that leads nowhere is nothing."""
        return self.led(path) is not None

    def read_file(self, path: str) -> bytes:
        return self.read(self.real(path))

    def write_file(self, path: str, content: bytes) -> None:
        self.write(self.real(path), content)

    def append_file(self, path: str, content: bytes) -> None:
        self.append(self.real(path), content)

    def read_dir(self, path: str) -> list[dict[str, Any]]:
        return [{"name": name, "metadata": named(told)} for name, told in self.listed(self.real(path))]

    def stat(self, path: str) -> dict[str, Any]:
        """Of a link, itself."""
        return named(self.told_of(self.here(self.real(path, last=False))))

    def mkdir(self, path: str, recursive: bool = False) -> None:
        self.make(self.real(path), recursive)

    def remove(self, path: str, recursive: bool = False) -> None:
        self.take(self.real(path, last=False), recursive)

    def rename(self, src: str, dst: str) -> None:
        self.move(self.real(src, last=False), self.real(dst, last=False))

    def symlink(self, target: str, link: str) -> None:
        self.link(target, self.real(link, last=False))

    def read_link(self, path: str) -> str:
        return self.leads(self.real(path, last=False))

    def chmod(self, path: str, mode: int) -> None:
        self.bits(self.real(path), mode)

    # where nothing is followed --------------------------------------------------------------------------

    @abstractmethod
    def found(self, path: str) -> HostFile | None: ...
    @abstractmethod
    def here(self, path: str) -> HostFile: ...
    @abstractmethod
    def told_of(self, file: HostFile) -> Told: ...
    @abstractmethod
    def read(self, path: str) -> bytes: ...
    @abstractmethod
    def write(self, path: str, content: bytes) -> None: ...
    @abstractmethod
    def append(self, path: str, content: bytes) -> None: ...
    @abstractmethod
    def listed(self, path: str) -> list[tuple[str, Told]]: ...
    @abstractmethod
    def make(self, path: str, parents: bool = False) -> None: ...
    @abstractmethod
    def take(self, path: str, deep: bool = False) -> None: ...
    @abstractmethod
    def move(self, path: str, to: str) -> None: ...
    @abstractmethod
    def link(self, target: str, path: str) -> None: ...
    @abstractmethod
    def leads(self, path: str) -> str: ...
    @abstractmethod
    def bits(self, path: str, mode: int) -> None: ...


def named(told: Told) -> dict[str, Any]:
    """What is told of a path, by name."""
    sort, size, mode, at = told
    return {"file_type": {"link": "symlink"}.get(sort, sort), "size": size, "mode": mode, "modified": at}
