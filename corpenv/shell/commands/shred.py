"""`shred`: a file is written over, so that nobody reads what it held."""

import errno
from hashlib import shake_128

from msgspec.structs import replace

from corpenv.company.hosts import WRITE, HostFile
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.inside import size_of, text_of
from corpenv.shell.paths import error
from corpenv.shell.tree import parent_of

BLOCK = 4096
USUAL = 3
"""Passes, unless a line says otherwise."""


def shred(call: Call) -> Result:
    found, names = options(call.argv, "ns", ("iterations", "size"))
    if not names:
        return call.fail("missing file operand\nTry 'shred --help' for more information.")
    passes = found.get("n") or found.get("iterations") or str(USUAL)
    if not passes.isdigit():
        return call.fail(f"invalid number of passes: ‘{passes}’")
    err, failed = "", False
    for name in names:
        try:
            err += shredded(call, name, found, int(passes))
        except OSError as why:
            err, failed = f"{err}shred: {name}: failed to open for writing: {why.strerror}\n", True
    return Result("", err, int(failed))


def shredded(call: Call, name: str, found: dict[str, str], passes: int) -> str:
    """One file; what is said of it, if that is asked for."""
    disk = call.disk
    path = disk.real(call.path(name))
    if ("f" in found or "force" in found) and (there := disk.owned(path)) and not there.lets(call.seat.login, WRITE):
        disk.bits(path, there.mode | 0o200)
    file = disk.writable(path)
    if file is None:
        raise error(errno.ENOENT, path)
    zeros = "z" in found or "zero" in found
    disk.put(overwritten(call, file, zeros, "x" in found or "exact" in found))
    sorts = ["random"] * passes + ["000000"] * zeros
    told = "".join(f"shred: {name}: pass {n}/{len(sorts)} ({sort})...\n" for n, sort in enumerate(sorts, 1))
    if {"u", "remove"} & found.keys():
        told += f"shred: {name}: removing\n{renamed(name)}shred: {name}: removed\n"
        disk.take(path)
    return told if {"v", "verbose"} & found.keys() else ""


def overwritten(call: Call, file: HostFile, zeros: bool, exact: bool) -> HostFile:
    """A file that holds what was drawn, or zeros, instead of what it held; in whole blocks, unless it is `exact`."""
    size = size_of(call.disk.text(file), file.binary) + file.size
    size = size if exact else -(-size // BLOCK) * BLOCK
    kept = min(size, BLOCK)
    drawn = bytes(kept) if zeros else shake_128(call.seat.session.drawn("shred").to_bytes(8, "big")).digest(kept)
    text, binary = text_of(drawn)
    return replace(file, text=text, binary=binary, at=call.seat.session.company.now, size=size - kept, uses=None)


def renamed(name: str) -> str:
    """Before a file is removed its name gets shorter and shorter."""
    folder, told, before = parent_of(name) if "/" in name else "", "", name
    for length in range(len(name.rpartition("/")[2]), 0, -1):
        after = f"{folder.rstrip('/')}/{'0' * length}" if folder else "0" * length
        told, before = f"{told}shred: {before}: renamed to {after}\n", after
    return told


COMMANDS: dict[str, Command] = {"shred": shred}
