"""The interpreter's door to files that are kept here: its C interface for foreign filesystems, version 1.

The interpreter asks for one path at a time, follows links by itself, and copies what it is lent before it asks again.
Files are asked without following; what they refuse is an `OSError`, whose sort and words are passed on.
"""

import ctypes as c
import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Protocol

from bashkit import FileSystem

CAPSULE = b"bashkit.FileSystem.v1"
VERSION = 1
FILE, DIRECTORY, LINK = 0, 1, 2
SORTS = {"file": FILE, "directory": DIRECTORY, "link": LINK}
DONE, REFUSED = 0, 1
KINDS = {
    errno.ENOENT: 1, errno.EEXIST: 2, errno.EACCES: 3, errno.EPERM: 3, errno.EINVAL: 4, errno.EISDIR: 5,
    errno.ENOTDIR: 6, errno.ENOTEMPTY: 7, errno.ENOTSUP: 8,
}  # fmt: skip
"""What the other side calls these errors; any other is 0."""


class Known(Protocol):
    """What is told of a path: a sort of `SORTS`, bytes, permission bits, and seconds of the simulated clock."""

    @property
    def told(self) -> tuple[str, int, int, int]: ...


class Plain(Protocol):
    """Files as the interpreter asks for them: absolute paths, no link is followed, `OSError` for what cannot be."""

    failed: list[BaseException]

    def read(self, path: str) -> bytes: ...
    def write(self, path: str, content: bytes) -> None: ...
    def append(self, path: str, content: bytes) -> None: ...
    def make(self, path: str, parents: bool) -> None: ...
    def take(self, path: str, deep: bool) -> None: ...
    def look(self, path: str) -> tuple[str, int, int, int]: ...
    def listed(self, path: str) -> list[tuple[str, tuple[str, int, int, int]]]: ...
    def stands(self, path: str) -> bool: ...
    def move(self, path: str, to: str) -> None: ...
    def copied(self, path: str, to: str) -> None: ...
    def link(self, target: str, path: str) -> None: ...
    def leads(self, path: str) -> str: ...
    def bits(self, path: str, mode: int) -> None: ...


class Bytes(c.Structure):
    _fields_ = (("at", c.POINTER(c.c_char)), ("length", c.c_size_t))


class Refusal(c.Structure):
    _fields_ = (("kind", c.c_uint32), ("words", Bytes))


class Told(c.Structure):
    _fields_ = (
        ("sort", c.c_uint8), ("reserved", c.c_uint8 * 7), ("size", c.c_uint64), ("mode", c.c_uint32),
        ("modified", c.c_int64), ("modified_ns", c.c_uint32), ("created", c.c_int64), ("created_ns", c.c_uint32),
    )  # fmt: skip


class Entry(c.Structure):
    _fields_ = (("name", Bytes), ("told", Told))


class Many(c.Structure):
    _fields_ = (("at", c.c_void_p), ("length", c.c_size_t))


WHO, WHY = c.c_void_p, c.POINTER(Refusal)
OPEN: dict[int, Plain] = {}
"""Files that an interpreter looks at now, by the number it knows them by."""
LENT: dict[int, Any] = {}
"""What was lent and not given back, by address."""
NUMBERS = count(1)


def text(given: Bytes) -> str:
    return bytes(given.at[: given.length]).decode() if given.length else ""


def data(given: Bytes) -> bytes:
    return bytes(given.at[: given.length]) if given.length else b""


def address(of: Any) -> int:
    return c.cast(of, c.c_void_p).value or 0


def lend(out: Bytes, content: bytes) -> None:
    """Lend bytes; nothing is lent of nothing."""
    out.length = len(content)
    if content:
        out.at = c.cast(c.c_char_p(content), c.POINTER(c.c_char))
        LENT[address(out.at)] = content


def tell(out: Told, told: tuple[str, int, int, int]) -> None:
    sort, out.size, out.mode, at = told
    out.sort, out.modified, out.created = SORTS[sort], at, at


def door(signature: tuple[Any, ...], do: Callable[..., None]) -> Any:
    """A function of the other side's table: what a refusal means to it, and a fault kept for the side that asked."""

    def asked(who: int, *given: Any) -> int:
        files, why = OPEN[who], given[-1]
        try:
            do(files, *given[:-1])
        except OSError as error:
            why[0].kind = KINDS.get(error.errno or 0, 0)
            lend(why[0].words, (error.strerror or "Input/output error").encode())
            return REFUSED
        except BaseException as error:  # nothing may be thrown through the interpreter
            files.failed.append(error)
            return REFUSED
        return DONE

    return c.CFUNCTYPE(c.c_uint32, WHO, *signature, WHY)(asked)


def stat(files: Plain, path: Bytes, out: Any) -> None:
    tell(out[0], files.look(text(path)))


def exists(files: Plain, path: Bytes, out: Any) -> None:
    out[0] = files.stands(text(path))


def read_dir(files: Plain, path: Bytes, out: Any) -> None:
    found = files.listed(text(path))
    entries = (Entry * len(found))()
    kept: list[Any] = [entries]
    for entry, (name, told) in zip(entries, found, strict=True):
        written = name.encode()
        kept.append(written)
        entry.name.at, entry.name.length = c.cast(c.c_char_p(written), c.POINTER(c.c_char)), len(written)
        tell(entry.told, told)
    out[0].at, out[0].length = address(entries), len(found)
    LENT[out[0].at or 0] = kept


def given_back(who: int, lent: Any) -> None:
    LENT.pop(address(lent.at), None)


def nothing(who: int) -> None:
    return


TABLE: tuple[tuple[str, Any], ...] = (
    ("read_file", door((Bytes, c.POINTER(Bytes)), lambda files, path, out: lend(out[0], files.read(text(path))))),
    ("write_file", door((Bytes, Bytes), lambda files, path, content: files.write(text(path), data(content)))),
    ("append_file", door((Bytes, Bytes), lambda files, path, content: files.append(text(path), data(content)))),
    ("mkdir", door((Bytes, c.c_bool), lambda files, path, parents: files.make(text(path), parents))),
    ("remove", door((Bytes, c.c_bool), lambda files, path, deep: files.take(text(path), deep))),
    ("stat", door((Bytes, c.POINTER(Told)), stat)),
    ("read_dir", door((Bytes, c.POINTER(Many)), read_dir)),
    ("exists", door((Bytes, c.POINTER(c.c_bool)), exists)),
    ("rename", door((Bytes, Bytes), lambda files, path, to: files.move(text(path), text(to)))),
    ("copy", door((Bytes, Bytes), lambda files, path, to: files.copied(text(path), text(to)))),
    ("symlink", door((Bytes, Bytes), lambda files, target, path: files.link(text(target), text(path)))),
    ("read_link", door((Bytes, c.POINTER(Bytes)), lambda files, path, out: lend(out[0], files.leads(text(path)).encode()))),  # noqa: E501
    ("chmod", door((Bytes, c.c_uint32), lambda files, path, mode: files.bits(text(path), mode))),
    ("free_bytes", c.CFUNCTYPE(None, WHO, Bytes)(given_back)),
    ("free_dir_entries", c.CFUNCTYPE(None, WHO, Many)(given_back)),
)  # fmt: skip
"""The functions in the order of the other side's table; they live as long as the process."""


class Table(c.Structure):
    _fields_ = tuple((name, type(function)) for name, function in TABLE)


class Handle(c.Structure):
    _fields_ = (
        ("version", c.c_uint32), ("reserved", c.c_uint32), ("who", c.c_void_p), ("retain", c.c_void_p),
        ("release", c.c_void_p), ("table", c.POINTER(Table)),
    )  # fmt: skip


FUNCTIONS = Table(**dict(TABLE))
NOTHING = c.CFUNCTYPE(None, WHO)(nothing)
CAPSULE_OF = c.pythonapi.PyCapsule_New
CAPSULE_OF.restype, CAPSULE_OF.argtypes = c.py_object, (c.c_void_p, c.c_char_p, c.c_void_p)


@contextmanager
def opened(files: Plain) -> Iterator[FileSystem]:
    """Files as something that can be mounted, for as long as this lasts."""
    number, unused = next(NUMBERS), c.cast(NOTHING, c.c_void_p)
    handle = Handle(VERSION, 0, number, unused, unused, c.pointer(FUNCTIONS))
    OPEN[number] = files
    try:
        yield FileSystem.from_capsule(CAPSULE_OF(address(c.pointer(handle)), CAPSULE, None))
    finally:
        del OPEN[number]
