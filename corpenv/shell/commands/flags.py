"""Flags of files: `chattr` sets them, `lsattr` shows them."""

import re

from corpenv.company.hosts import FIXED, GROWING, HostFile
from corpenv.events import FileModeChanged
from corpenv.shell.base import Call, Command, Result, options

LETTERS = "suSDiadAcEjItTeCxFNPVm"
"""Every flag, in the order in which it is shown; `e` each file has."""
CHANGE = re.compile(r"([-+=])([aAcCdDeijPsStTuFxm]*)")
OF_ROOT = frozenset(FIXED + GROWING + "j")
CHATTR = "Usage: chattr [-RVf] [-+=aAcCdDeijPsStTuFx] [-p project] [-v version] files...\n"
UNREADABLE = "{} while reading flags on {}\n"


def chattr(call: Call) -> Result:
    """Only root may keep a file from being changed, or let it."""
    changes = [found for each in call.argv if (found := CHANGE.fullmatch(each)) and each not in ("-R", "-V", "-f")]
    names = [each for each in call.argv if not (CHANGE.fullmatch(each) or each in ("-R", "-V", "-f"))]
    if not changes:
        return Result("", f"Must use '-v', =, - or +\n{CHATTR}" if names else CHATTR, 1)
    if not names:
        return Result("", CHATTR, 1)
    err = ""
    for name in names:
        err += changed(call, name, call.path(name), changes, "-R" in call.argv)
    return Result("", "" if "-f" in call.argv else err, 1 if err else 0)


def changed(call: Call, name: str, path: str, changes: list[re.Match[str]], deep: bool) -> str:
    """One path gets other flags, and what is below it; or what is complained about."""
    file = call.disk.owned(path) if call.disk.tree.reaches(path) else None
    if file is None:
        return f"chattr: {why_not(call, path)} while trying to stat {name}\n"
    if file.sort == "link":
        return f"chattr: {UNREADABLE.format('Operation not supported', name)}"
    flags, err = after(file.flags, changes), ""
    if not call.seat.is_root and (
        file.owner != call.seat.login.id or OF_ROOT & set(flags).symmetric_difference(file.flags)
    ):
        call.disk.denied("mode", path)
        return f"chattr: Operation not permitted while setting flags on {name}\n"
    if flags != file.flags:
        call.seat.session.do(
            FileModeChanged, server=call.seat.server.id, path=path, mode=file.mode, owner=file.owner, group=file.group,
            flags=flags,
        )  # fmt: skip
    for each in call.disk.every_name(path) if deep and file.sort == "directory" else ():
        below = call.disk.owned(f"{path.rstrip('/')}/{each}")
        if below and below.sort != "link":
            err += changed(call, f"{name.rstrip('/')}/{each}", below.path, changes, deep)
    return err


def why_not(call: Call, path: str) -> str:
    """Why nothing is found at a path."""
    return "No such file or directory" if call.disk.tree.reaches(path) else "Permission denied"


def after(flags: str, changes: list[re.Match[str]]) -> str:
    """Flags as changes leave them; `e` is each file's and none of them."""
    now = set(flags)
    for sign, letters in (each.groups() for each in changes):
        now = now | set(letters) if sign == "+" else now - set(letters) if sign == "-" else set(letters)
    return "".join(sorted(now - {"e"}))


def lsattr(call: Call) -> Result:
    """Of a folder, what is in it, unless `-d` asks for itself."""
    found, names = options(call.argv)
    out, err = "", ""
    for name in names or ["."]:
        file = call.disk.led(call.path(name))
        if file is None:
            err += f"lsattr: {why_not(call, call.path(name))} while trying to stat {name}\n"
        elif file.sort == "directory" and "d" not in found:
            told = inside(call, name, file.path, found)
            out, err = out + told.out, err + told.err
        else:
            told = row(call, name, file)
            out, err = out + told.out, err + told.err
    return Result(out, err, 1 if err and not out else 0)


def inside(call: Call, name: str, path: str, found: dict[str, str]) -> Result:
    """What is in a folder, with `-R` also what is below that."""
    out, err = "", ""
    try:
        names = [each for each, _ in call.disk.listed(path) if "a" in found or not each.startswith(".")]
    except OSError as why:
        return Result("", f"lsattr: {why.strerror} while reading {name}\n")
    for each in names:
        file, shown = call.disk.file(f"{path.rstrip('/')}/{each}"), f"{name.rstrip('/')}/{each}"
        told = row(call, shown, file)
        out, err = out + told.out, err + told.err
        if "R" in found and file.sort == "directory":
            below = inside(call, shown, file.path, found)
            out, err = f"{out}\n{shown}:\n{below.out}\n", err + below.err
    return Result(out, err)


def row(call: Call, name: str, file: HostFile) -> Result:
    """The flags of one path."""
    if file.sort == "link" or file.path.startswith(("/dev/", "/proc/")):
        return Result("", f"lsattr: {UNREADABLE.format('Operation not supported', name).replace('while', 'While')}")
    shown = "".join(letter if letter in f"{file.flags}e" else "-" for letter in LETTERS)
    return Result(f"{shown} {name}\n")


COMMANDS: dict[str, Command] = {"chattr": chattr, "lsattr": lsattr}
ACTING = tuple(COMMANDS)
