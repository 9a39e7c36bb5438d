"""`du`: how much stands below folders, as far as the account may look."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpenv.company.hosts import EXECUTE, READ
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.files import human

BLOCK = 4096


class Row(NamedTuple):
    """A line: bytes, how deep below what was asked for, its name, and whether it is a folder."""

    size: int
    depth: int
    name: str
    folder: bool


class Usage:
    """One `du`.

    Attributes:
        apparent: count bytes, and not blocks.
    """

    def __init__(self, call: Call, apparent: bool) -> None:
        self.call, self.apparent = call, apparent
        self.err = ""

    def rows(self, name: str, path: str, depth: int) -> Iterator[Row]:
        """Everything below a path, and the path last; its size has all of it."""
        disk = self.call.disk
        disk.spend(1)
        file = disk.here(path)
        _, length, _, _ = disk.told_of(file)
        size = length if self.apparent else -(-length // BLOCK) * BLOCK
        if file.sort == "link":
            size = length if self.apparent else 0
        for each in self.below(name, path) if file.sort == "directory" else ():
            for row in self.rows(f"{name.rstrip('/')}/{each}", f"{path.rstrip('/')}/{each}", depth + 1):
                size += row.size if row.depth == depth + 1 else 0
                yield row
        yield Row(size, depth, name, file.sort == "directory")

    def below(self, name: str, path: str) -> list[str]:
        """The names in a folder, if the account may see them."""
        disk, login = self.call.disk, self.call.seat.login
        folder = disk.here(path)
        if not (folder.lets(login, READ) and folder.lets(login, EXECUTE)):
            disk.denied("read", path)
            self.err += f"du: cannot read directory '{name}': Permission denied\n"
            return []
        return [] if path == "/proc" else disk.every_name(path)


def du(call: Call) -> Result:
    found, rest = options(call.argv, "dB", ("max-depth", "exclude", "block-size"))
    most = "0" if {"s", "summarize"} & set(found) else found.get("d", found.get("max-depth", ""))
    if most and not most.isdigit():
        return call.fail(f"invalid maximum depth ‘{most}’\nTry 'du --help' for more information.")
    usage, out, total = Usage(call, bool({"b", "apparent-size"} & set(found))), "", 0
    for name in rest or ["."]:
        path = call.disk.led(call.path(name)).path if call.disk.led(call.path(name)) else call.path(name)
        if not call.disk.tree.reaches(path) or call.disk.file(path) is None:
            why = "No such file or directory" if call.disk.tree.reaches(path) else "Permission denied"
            usage.err += f"du: cannot access '{name}': {why}\n"
            continue
        rows = list(usage.rows(name, path, 0))
        total += rows[-1].size
        shown = (row for row in rows if row.folder or row.depth == 0 or {"a", "all"} & set(found))
        out += "".join(line(found, row.size, row.name) for row in shown if not most or row.depth <= int(most))
    if {"c", "total"} & set(found):
        out += line(found, total, "total")
    return Result(out, usage.err, int(bool(usage.err)))


def line(found: dict[str, str], size: int, name: str) -> str:
    """A size in the unit that is asked for, and what has it."""
    if {"h", "human-readable"} & set(found):
        return f"{human(size)}\t{name}\n"
    unit = 1 if {"b", "bytes"} & set(found) else 1_048_576 if "m" in found else 1024
    given = found.get("B") or found.get("block-size") or ""
    if named := re.fullmatch(r"(\d*)([KMG]?)", given) if given else None:
        unit = int(named[1] or 1) * 1024 ** " KMG".index(named[2] or " ")
    return f"{-(-size // unit)}\t{name}\n"


COMMANDS: dict[str, Command] = {"du": du}
