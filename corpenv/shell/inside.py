"""What is inside every machine, whatever an author wrote: its programs and devices; and a thread to run lines on."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import lru_cache
from threading import Lock, Thread, stack_size
from typing import TypeVar

from corpenv.company.hosts import ROOT, HostFile
from corpenv.names import draw
from corpenv.shell.binaries import beginning
from corpenv.shell.programs import DAEMONS, OF_ADMIN, OF_OWNER, PROGRAMS

STACK = 512 * 2**20
"""Bytes of stack, taken as they are needed."""
STARTING = Lock()
"""The size of stacks is one for the whole process."""
BIN, SBIN = "/usr/bin", "/usr/sbin"
"""Where the programs of a machine stand: those for everybody, and those in `OF_ADMIN`."""
LENGTHS = {
    "bash": 1_265_648, "sh": 125_640, "ls": 151_344, "cat": 44_016, "cp": 151_152, "mv": 147_064, "rm": 72_752,
    "date": 121_904, "grep": 203_152, "sed": 126_424, "tar": 531_984, "ssh": 1_082_728, "curl": 272_712,
    "systemctl": 303_184, "sudo": 281_624, "python3": 6_831_704,
}  # fmt: skip
"""Bytes of the programs that somebody may know by heart, but for those of many megabytes: all can be read at once."""
SHORTEST, SPREAD = 14_400, 4
"""Bytes of the smallest program, and how many sizes there are of the others, 4096 apart."""
DEVICES = {
    "null": ("c", "1", "3"), "random": ("c", "1", "8"), "urandom": ("c", "1", "9"), "zero": ("c", "1", "5"),
    "vda": ("b", "254", "0"), "vda1": ("b", "254", "1"),
}  # fmt: skip
"""Devices, and their letter and two numbers."""
PIPED = "/dev/.piped"
"""Where a line finds what was piped into its shell; it is in no listing."""
ENDLESS, DRAWN = 2**20, 2**16
"""Bytes that devices without end give at a time: more than a line can write, and what is drawn."""

T = TypeVar("T")


def apart(do: Callable[[], T]) -> T:
    """What a function gives on a thread of its own, with a stack on which no line that is counted overflows.

    The interpreter cannot be entered twice on one thread, and what it evaluates in itself goes as deep as it may.
    """
    given: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            given.append(do())
        except BaseException as error:  # told on the thread that asked
            failed.append(error)

    with STARTING:
        before = stack_size(STACK)
        try:
            thread = Thread(target=run)
            thread.start()
        finally:
            stack_size(before)
    thread.join()
    if failed:
        raise failed[0]
    return given[0]


@lru_cache(maxsize=1)
def machine_files() -> dict[str, HostFile]:
    """What stands on every machine, `/dev`, `/proc` and what is below them being the kernel's."""
    files = {path: HostFile(path, mode=0o755, sort="directory") for path in ("/dev", "/proc", "/usr", BIN, SBIN)}
    for name in (*PROGRAMS, *DAEMONS):
        start = beginning(name)
        path, more = f"{SBIN if name in OF_ADMIN else BIN}/{name}", length_of(name) - len(start)
        group, mode = ("crontab", 0o2755) if name == "crontab" else (ROOT, 0o4755 if name in OF_OWNER else 0o755)
        files[path] = HostFile(path, b64encode(start).decode(), group=group, mode=mode, binary=True, size=more)
    for name, (letter, _, _) in DEVICES.items():
        group, mode = ("disk", 0o660) if letter == "b" else (ROOT, 0o666)
        files[f"/dev/{name}"] = HostFile(f"/dev/{name}", group=group, mode=mode)
    return files


def length_of(name: str) -> int:
    """Bytes of a program of the machine, the same on every server."""
    return LENGTHS.get(name) or SHORTEST + draw(0, "program", name) % SPREAD * 4096 + draw(0, "rest", name) % 512 * 8


@lru_cache(maxsize=1)
def machine_folders() -> dict[str, tuple[str, ...]]:
    """Folder of the system → names in it."""
    inside: dict[str, list[str]] = {}
    for path in machine_files():
        folder, _, name = path.rpartition("/")
        inside.setdefault(folder or "/", []).append(name)
    return {folder: tuple(names) for folder, names in inside.items()}


def text_of(data: bytes) -> tuple[str, bool]:
    """Content as text, or in base64; and which."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return b64encode(data).decode(), True
    return (b64encode(data).decode(), True) if "\0" in text else (text, False)


def bytes_of(text: str, binary: bool) -> bytes:
    """The bytes of a content."""
    return b64decode(text) if binary else text.encode()


def size_of(text: str, binary: bool) -> int:
    """How many bytes a content has."""
    if binary:
        return len(text) * 3 // 4 - text.count("=", -2)
    return len(text) if text.isascii() else len(text.encode())
