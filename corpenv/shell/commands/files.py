"""Commands that show files with owners, modes and times."""

import re
from collections.abc import Iterator
from datetime import datetime
from errno import ENOENT
from functools import lru_cache
from typing import NamedTuple

from corpenv.company.hosts import EXECUTE, READ, USUAL_GROUPS, HostFile
from corpenv.company.servicing import moment_of
from corpenv.names import draw
from corpenv.shell.background import FOLDERS
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.inside import DEVICES
from corpenv.shell.paths import error
from corpenv.shell.tree import parent_of
from corpenv.shell.zones import local, zone_of

HALF_A_YEAR = 15_724_800


class Entry(NamedTuple):
    """A path as `ls` shows it."""

    name: str
    file: HostFile
    size: int


def entry_of(call: Call, path: str, name: str) -> Entry | None:
    """A path with its owner; what this line has just made belongs to whoever typed it."""
    login, real = call.seat.login, call.disk.real(path, last=False)
    known = call.disk.tree.files.get(real)
    try:
        data = call.fs.stat(path)
    except (RuntimeError, OSError):
        if known is None or known.sort != "link":
            return None
        data = {"file_type": "symlink", "size": len(known.text), "mode": 0o777}
    if known is None:
        sort = {"directory": "directory", "symlink": "link"}.get(data["file_type"], "file")
        machine = path == "/" or path.startswith(("/bin", "/usr", "/sbin", "/dev", "/proc"))
        there = call.disk.file(real) or HostFile(path)
        owner, group = (there.owner, there.group) if machine else (login.id, login.groups[0])
        at = call.seat.server.booted if machine else call.seat.session.company.now
        known = HostFile(path, "", owner, group, there.mode if machine else data["mode"] & 0o777, sort, at=at)
    size = len(call.seat.session.company.text(known.text)) if known.sort == "link" else data["size"]
    if known.sort == "file" and not size and known.text:
        size = len(call.seat.session.company.text(known.text).encode())
    return Entry(name, known, 4096 if known.sort == "directory" else size)


def bits(file: HostFile) -> str:
    """`-rw-r--r--`."""
    first = device_of(file)[0] if device_of(file) else {"directory": "d", "link": "l"}.get(file.sort, "-")
    return first + letters(file.mode)


def device_of(file: HostFile) -> tuple[str, ...]:
    """Of a device its letter and its two numbers."""
    return DEVICES.get(file.path.removeprefix("/dev/"), ()) if file.path.startswith("/dev/") else ()


@lru_cache(maxsize=256)
def letters(mode: int) -> str:
    """Permission bits as letters."""
    text = "".join(letter if mode >> 8 - place & 1 else "-" for place, letter in enumerate("rwxrwxrwx"))
    for bit, place in ((0o4000, 2), (0o2000, 5)):
        if mode & bit:
            text = f"{text[:place]}{'s' if text[place] == 'x' else 'S'}{text[place + 1 :]}"
    return text[:8] + ("t" if mode & 1 else "T") if mode & 0o1000 else text


def human(size: int) -> str:
    """A size as people read it."""
    if size < 1024:
        return str(size)
    for power, unit in enumerate("KMGT", 1):
        tenths, whole = -(-size * 10 // 1024**power), -(-size // 1024**power)
        if tenths < 100:
            return f"{tenths // 10}.{tenths % 10}{unit}"
        if whole < 1024:
            return f"{whole}{unit}"
    return f"{whole}T"


def ls(call: Call) -> Result:
    found, rest = options(call.argv)
    out: list[str] = []
    plain, folders, err = named(call, found, rest or ["."])
    out += rows(call, found, plain)
    titled = len(rest) > 1 or "R" in found
    while folders:
        name, path = folders.pop(0)
        if titled:
            out += ["", f"{name}:"] if out else [f"{name}:"]
        if not call.disk.tree.folder(path).lets(call.seat.login, READ):
            call.disk.denied("read", path)
            err += f"ls: cannot open directory '{name}': Permission denied\n"
            continue
        inside = listed(call, path, found)
        total = [f"total {sum(-(-each.size // 4096) * 4 for each in inside)}"] if "l" in found else []
        out += [*total, *rows(call, found, inside)]
        below = [each for each in inside if each.file.sort == "directory" and each.name not in (".", "..")]
        if "R" in found:
            folders = [(f"{name.rstrip('/')}/{each.name}", each.file.path) for each in below] + folders
    return Result("".join(f"{line}\n" for line in out), err, 2 if err else 0)


def named(call: Call, found: dict[str, str], names: list[str]) -> tuple[list[Entry], list[tuple[str, str]], str]:
    """What `ls` was asked for: files, folders with what is in them, and what is not there."""
    plain: list[Entry] = []
    folders: list[tuple[str, str]] = []
    err = ""
    for name in sorted(names):
        path = shown_path(call, found, name)
        reached = call.disk.tree.reaches(path)
        entry = entry_of(call, path, name) if reached else None
        if entry is None:
            err += f"ls: cannot access '{name}': {'No such file or directory' if reached else 'Permission denied'}\n"
        elif entry.file.sort == "directory" and "d" not in found:
            folders.append((name, path))
        else:
            plain.append(entry)
    return plain, folders, err


def shown_path(call: Call, found: dict[str, str], name: str) -> str:
    """The path of a name: where a folder's link leads, unless the link itself is asked for."""
    path = call.path(name)
    if {"l", "d"} & set(found) and not name.endswith(("/", ".")):
        return path
    there = call.disk.led(path)
    return there.path if there and there.sort == "directory" else path


def listed(call: Call, path: str, found: dict[str, str]) -> list[Entry]:
    """What stands in a folder, in the order asked for."""
    names = sorted(str(each["name"]) for each in call.fs.read_dir(path))
    names = [each for each in names if "a" in found or "A" in found or "all" in found or not each.startswith(".")]
    entries = [entry_of(call, f"{path.rstrip('/')}/{name}", name) for name in names]
    made = [each for each in entries if each is not None]
    if "t" in found:
        made.sort(key=lambda each: (-each.file.at, each.name))
    if "S" in found:
        made.sort(key=lambda each: (-each.size, each.name))
    if "r" in found:
        made.reverse()
    if "a" in found or "all" in found:
        own = [entry_of(call, path, "."), entry_of(call, parent_of(path), "..")]
        made = [each for each in own if each is not None] + made
    return made


def rows(call: Call, found: dict[str, str], entries: list[Entry]) -> Iterator[str]:
    """Entries as lines; in a pipe, as always here, one a line."""
    if "l" not in found:
        yield from (each.name for each in entries)
        return
    sizes = [", ".join(device_of(each.file)[1:]) or (human(each.size) if "h" in found else str(each.size)) for each in entries]  # fmt: skip  # noqa: E501
    owners = max((len(each.file.owner) for each in entries), default=0)
    groups = max((len(each.file.group) for each in entries), default=0)
    width = max(map(len, sizes), default=0)
    for each, size in zip(entries, sizes, strict=True):
        links = 2 if each.file.sort == "directory" else 1
        head = f"{bits(each.file)} {links} {each.file.owner:<{owners}} {each.file.group:<{groups}} {size:>{width}}"
        leads = f" -> {call.seat.session.company.text(each.file.text)}" if each.file.sort == "link" else ""
        yield f"{head} {stamp(call, each.file.at)} {each.name}{leads}"


def stamp(call: Call, at: int) -> str:
    """When a file was changed, as `ls` says it."""
    company = call.seat.session.company
    shown = local(zone_of(call), moment_of(company, at)).replace(tzinfo=None)  # else two zones share what is kept
    return dated(shown, company.now - at < HALF_A_YEAR)


@lru_cache(maxsize=1024)
def dated(then: datetime, lately: bool) -> str:
    """A moment with its clock or, long ago, its year."""
    return f"{then:%b} {then.day:>2} {then:%H:%M}" if lately else f"{then:%b} {then.day:>2}  {then:%Y}"


def readlink(call: Call) -> Result:
    """Where a link leads; with `-f`, in the end."""
    found, rest = options(call.argv)
    if {"f", "e", "m"} & set(found):
        return realpath(call._replace(argv=tuple(rest)))
    leads = [call.disk.tree.files.get(call.path(name)) for name in rest]
    out = [call.seat.session.company.text(file.text) for file in leads if file and file.sort == "link"]
    return Result("".join(f"{each}\n" for each in out), "", 0 if out and len(out) == len(rest) else 1)


def realpath(call: Call) -> Result:
    """Where paths lead in the end."""
    out, err = "", ""
    for name in (each for each in call.argv if not each.startswith("-")):
        try:
            path = call.disk.real(call.path(name))
            if not call.fs.exists(parent_of(path)):
                raise error(ENOENT, path)
            out += f"{path}\n"
        except OSError as why:
            err += f"{call.name}: {name}: {why.strerror}\n" if call.name == "realpath" else ""
    return Result(out, err, 0 if out and not err else 1)


def stat(call: Call) -> Result:
    found, rest = options(call.argv, "c")
    out, err = "", ""
    for name in rest:
        path = call.path(name)
        entry = entry_of(call, path, name) if call.disk.tree.reaches(path) else None
        if entry is None:
            why = "No such file or directory" if call.disk.tree.reaches(path) else "Permission denied"
            err += f"stat: cannot statx '{name}': {why}\n"
            continue
        out += formatted(call, entry, found.get("c") or found.get("format", "")) + "\n"
    return Result(out, err, 1 if err else 0)


def formatted(call: Call, entry: Entry, form: str) -> str:
    """A path as `stat` tells it."""
    file, logins = entry.file, call.seat.server.logins
    uid = logins[file.owner].uid if file.owner in logins else 0
    gid = logins[file.group].uid if file.group in logins else USUAL_GROUPS.get(file.group, 200)
    then = local(zone_of(call), moment_of(call.seat.session.company, file.at))
    sort = {"directory": "directory", "link": "symbolic link"}.get(file.sort, "regular file")
    values = {
        "a": f"{file.mode:o}", "A": bits(file), "U": file.owner, "G": file.group, "u": str(uid), "g": str(gid),
        "n": entry.name, "s": str(entry.size), "F": sort, "y": f"{then:%Y-%m-%d %H:%M:%S}.000000000 {then:%z}",
        "Y": str(int(then.timestamp())),
    }  # fmt: skip
    if form:
        return re.sub(r"%([a-zA-Z])", lambda one: values.get(one[1], "?"), form)
    kind = {"c": "character special file", "b": "block special file"}.get(values["A"][0], sort)
    leads = f" -> {call.seat.session.company.text(file.text)}" if file.sort == "link" else ""
    inode = draw(0, "inode", call.seat.server.id, file.path) % 900_000 + 1_000
    device = f"    Device type: {','.join(device_of(file)[1:])}" if device_of(file) else ""
    moments = "".join(f"{name}: {values['y']}\n" for name in ("Access", "Modify", "Change", " Birth"))
    return (
        f"  File: {entry.name}{leads}\n"
        f"  Size: {entry.size:<10}\tBlocks: {-(-entry.size // 4096) * 8:<10} IO Block: 4096   {kind}\n"
        f"Device: 254,1\tInode: {inode:<11} Links: {2 if file.sort == 'directory' else 1}{device}\n"
        f"Access: ({file.mode & 0o7777:04o}/{bits(file)})  Uid: ({uid:>5}/{file.owner:>8})   "
        f"Gid: ({gid:>5}/{file.group:>8})\n{moments.rstrip()}"
    )


def which(call: Call) -> Result:
    """Where programs stand: each in the first of the folders that are looked through."""
    found = []
    for name in (each for each in call.argv if not each.startswith("-")):
        paths = [f"{folder}/{name}" for folder in FOLDERS]
        there = (path for path in paths if (file := call.disk.led(path)) and file.lets(call.seat.login, EXECUTE))
        found += [f"{path}\n" for path in there][: None if "-a" in call.argv else 1]
    return Result("".join(found), "", 0 if found else 1)


def whereis(call: Call) -> Result:
    """Where each program stands, in all folders."""
    names = [each for each in call.argv if not each.startswith("-")]
    found = {name: [path for folder in FOLDERS if call.disk.led(path := f"{folder}/{name}")] for name in names}
    return Result("".join(f"{' '.join([f'{name}:', *paths])}\n" for name, paths in found.items()))


COMMANDS: dict[str, Command] = {
    "ls": ls, "stat": stat, "which": which, "whereis": whereis, "readlink": readlink, "realpath": realpath,
}  # fmt: skip
ACTING = ("ls", "readlink", "realpath", "stat")
