"""The interpreter's side of a disk: threads, emptied folders, contents, and what every machine has."""

from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import lru_cache
from threading import Lock, Thread, stack_size
from typing import Any, TypeVar

from bashkit import Bash, ExecutionProfile, FileSystem

from corpenv.shell.programs import PROGRAMS

STACK = 512 * 2**20
"""Bytes of stack, taken as they are needed."""
STARTING = Lock()
"""The size of stacks is one for the whole process."""

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


def unreadable() -> str:
    raise PermissionError("Permission denied")


def bare(closed: dict[str, Any]) -> Bash:
    """An interpreter that nobody types at."""
    return Bash(profile=ExecutionProfile.Interactive, files=closed)


def remove(fs: Any, path: str) -> None:
    """Take a path away, if it is there."""
    if fs.exists(path):
        fs.remove(path, recursive=True)


def content_of(fs: Any, path: str) -> tuple[str, bool]:
    """Content as text, or in base64."""
    try:
        data = fs.read_file(path)
    except (RuntimeError, OSError):  # a link that leads nowhere, or what may not be read
        return "", False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return b64encode(data).decode(), True
    return (b64encode(data).decode(), True) if "\0" in text else (text, False)


def clear(fs: Any, folder: str, keep: Iterable[str]) -> None:
    """Take away what the interpreter begins with, but the way to some paths."""
    for entry in fs.read_dir(folder):
        path = f"{folder.rstrip('/')}/{entry['name']}"
        if any(each.startswith(f"{path}/") for each in keep):
            clear(fs, path, keep)
        elif path not in keep:
            fs.remove(path, recursive=True)


KEPT = ("/bin", "/dev")
"""What is laid over anyway."""


@lru_cache(maxsize=1)
def machine_files() -> dict[str, FileSystem]:
    """What belongs to every machine, shared and read-only: its programs."""
    programs = FileSystem()
    for name in PROGRAMS:
        programs.write_file(f"/{name}", f'#!/bin/sh\n{name} "$@"\n'.encode())
        programs.chmod(f"/{name}", 0o755)
    return dict.fromkeys(("/bin", "/sbin", "/usr/bin", "/usr/sbin"), programs)
