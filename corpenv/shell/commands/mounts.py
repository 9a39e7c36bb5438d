"""File systems laid over folders and files: `mount` and `umount`.

What is laid over something stands there as files; what stood there goes where no path leads, and comes back.
"""

import re
from typing import NamedTuple

from msgspec.structs import replace

from corpenv.company.hosts import HostFile
from corpenv.company.machines import files_of, find_file
from corpenv.events import FileMoved, FileRemoved, FileWritten
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.entering import denied
from corpenv.shell.machine import MOUNTED, mounts_of

OF_MEMORY = ("tmpfs", "ramfs")
UNDER = "//{}"
"""Where what is covered stands meanwhile: no path that anybody writes begins so."""
NULL = HostFile("/dev/null", "/dev/null", mode=0o666, sort="link")
OPTION = re.compile(r"[\w-]+")


class Asked(NamedTuple):
    """What is to be laid over what, and its sort; `source` is "" if it is empty."""

    source: str
    target: str
    sort: str


def mount(call: Call) -> Result:
    """Show what is mounted, or lay something over a folder or a file."""
    found, rest = options(call.argv, "toLU", ("types", "options", "source", "target"))
    table = mounts_of(call.seat.session.company, call.seat.server)
    if not rest:
        return Result("".join(f"{source} on {place} type {sort} ({how})\n" for source, place, sort, how in table))
    how = tuple(OPTION.findall(found.get("o") or found.get("options", "")))
    target = call.path(rest[-1])
    if not call.seat.is_root:
        denied(call.seat, "mount", target)
        return call.fail(f"{rest[-1]}: must be superuser to use mount.\n       dmesg(1) may have more information after failed mount system call.")  # fmt: skip  # noqa: E501
    if "remount" in how:
        return again(call, rest[-1], target, how)
    if len(rest) == 1:
        return call.fail(f"{rest[0]}: can't find in /etc/fstab.")
    bind = bool({"bind", "rbind", "B", "R"} & {*how, *found})
    sort = "ext4" if bind else found.get("t") or found.get("types") or ""
    return mounted(call, Asked(call.path(rest[0]) if bind else "", target, sort), rest)


def mounted(call: Call, asked: Asked, rest: list[str]) -> Result:
    """Lay it there, if both are what they have to be."""
    there, here = call.disk.file(asked.target), call.disk.led(asked.source) if asked.source else None
    if there is None:
        return call.fail(f"{rest[1]}: mount point does not exist.", 32)
    if not asked.source and asked.sort not in OF_MEMORY:
        return call.fail(f"{rest[1]}: special device {rest[0]} does not exist.", 32)
    if asked.source and here is None:
        return call.fail(f"{rest[1]}: special device {rest[0]} does not exist.", 32)
    folders = (here is None or here.sort == "directory", there.sort == "directory")
    if folders[0] != folders[1]:
        return call.fail(f"{rest[1]}: mount point is not a directory.", 32)
    lay(call, asked)
    return Result()


def lay(call: Call, asked: Asked) -> None:
    """What stands there goes under, and what is laid over it comes."""
    session, server = call.seat.session, call.seat.server
    number = max((int(line.split()[-1]) for line in lines(call)), default=0) + 1
    new, under = below(call, asked.source) if asked.source else [], UNDER.format(number)
    for file in below(call, asked.target):
        session.do(FileMoved, server=server.id, path=file.path, to=f"{under}{file.path}")
    for file in new:
        session.do(
            FileWritten, server=server.id, path=f"{asked.target}{file.path[len(asked.source) :]}",
            text=session.company.text(file.text), owner=file.owner, group=file.group, mode=file.mode, sort=file.sort,
            binary=file.binary, size=file.size, copied_from=f"{server.id}:{file.path}",
        )  # fmt: skip
    source = "/dev/vda1" if asked.source else asked.sort
    noted(call, [*lines(call), f"{source} {asked.target} {asked.sort} rw,relatime {number}"])


def below(call: Call, path: str) -> list[HostFile]:
    """What stands at a path that is no folder, or in a folder, at all depths."""
    company, server = call.seat.session.company, call.seat.server
    own = NULL if path == "/dev/null" else call.disk.led(path)
    if own and own.sort != "directory":
        return [replace(own, path=path)]
    folder = f"{path.rstrip('/')}/"
    return [each for each in files_of(company, server) if each.path.startswith(folder)]


def lines(call: Call) -> list[str]:
    """What is mounted besides what always is, a line each, the last on top."""
    file = find_file(call.seat.session.company, call.seat.server.id, MOUNTED)
    return call.seat.session.company.text(file.text).splitlines() if file else []


def noted(call: Call, table: list[str]) -> None:
    """This is what is mounted now."""
    text = "".join(f"{line}\n" for line in table)
    call.seat.session.do(FileWritten, server=call.seat.server.id, path=MOUNTED, text=text)


def again(call: Call, name: str, target: str, how: tuple[str, ...]) -> Result:
    """With other options: nothing that is written to all the time can be closed."""
    if target not in [place for _, place, _, _ in mounts_of(call.seat.session.company, call.seat.server)]:
        return call.fail(f"{name}: mount point not mounted or bad option.", 32)
    return call.fail(f"{name}: mount point is busy.", 32) if "ro" in how else Result()


def umount(call: Call) -> Result:
    """What stood under something comes back."""
    _, rest = options(call.argv, "tO")
    session, server = call.seat.session, call.seat.server
    if not rest:
        return call.fail("bad usage\nTry 'umount --help' for more information.")
    for name in rest:
        target = call.path(name)
        places = [place for _, place, _, _ in mounts_of(session.company, server)]
        own = {line.split()[1]: line for line in lines(call)}
        if not call.seat.is_root:
            denied(call.seat, "mount", target)
            return call.fail(f"{name}: must be superuser to unmount.", 32)
        if target not in own:
            return call.fail(f"{name}: {'target is busy' if target in places else 'not mounted'}.", 32)
        lifted(call, target, own[target])
    return Result()


def lifted(call: Call, target: str, line: str) -> None:
    """One of the mounts goes, with what stands there."""
    session, server, under = call.seat.session, call.seat.server, UNDER.format(line.split()[-1])
    there = (file.path for file in files_of(session.company, server))
    covered = {path.removeprefix(under) for path in there if path.startswith(f"{under}/")}
    for file in below(call, target):
        if file.path not in covered:
            session.do(FileRemoved, server=server.id, path=file.path)
    for path in sorted(covered):
        session.do(FileMoved, server=server.id, path=f"{under}{path}", to=path)
    noted(call, [each for each in lines(call) if each != line])


COMMANDS: dict[str, Command] = {"mount": mount, "umount": umount}
ACTING = tuple(COMMANDS)
