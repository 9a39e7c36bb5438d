"""Commands that change owners and modes of files."""

import re
from collections.abc import Iterator
from typing import Any

from corpenv.company.hosts import HostFile
from corpenv.company.rights import GROUP, login_now, rows
from corpenv.events import FileModeChanged
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.splitting import MASK

MODE_CHANGE = re.compile(r"([ugoa]*)([+=-])([rwxXst]*)")
PLACES = {"u": 0o700, "g": 0o070, "o": 0o007}
SET_ID = {"u": 0o4000, "g": 0o2000}
LETTERS = {"r": 0o444, "w": 0o222, "x": 0o111, "X": 0o111, "s": 0, "t": 0}


def each_path(call: Call, names: list[str], deep: bool) -> Iterator[tuple[str, HostFile | None]]:
    """Paths as they were named, links led to their end, and everything below them."""
    for name in names:
        path = call.disk.real(call.path(name))
        yield name, call.disk.owned(path)
        for each in sorted(call.disk.below(path)) if deep else ():
            if (file := call.disk.owned(each)) and file.sort != "link":
                yield each, file


def changed(call: Call, name: str, file: HostFile, **fields: Any) -> str:
    """One file gets another owner, group or mode; or what is complained about."""
    was = {"mode": file.mode, "owner": file.owner, "group": file.group, "flags": file.flags}
    now = was | fields
    foreign = now["owner"] != file.owner or (now["group"] != file.group and now["group"] not in call.seat.login.groups)
    if not call.disk.tree.may_own(file.path) or (foreign and not call.seat.is_root):
        call.disk.denied("mode", file.path)
        told = "changing permissions of" if call.name == "chmod" else "changing ownership of"
        return f"{call.name}: {told} '{name}': Operation not permitted\n"
    if now != was:
        call.seat.session.do(FileModeChanged, server=call.seat.server.id, path=file.path, **now)
    return ""


def chmod(call: Call) -> Result:
    words = [each for each in call.argv if each not in ("-R", "-v", "-f", "--recursive")]
    deep = "-R" in call.argv or "--recursive" in call.argv
    if len(words) < 2:
        return call.fail(f"missing operand{f' after ‘{words[0]}’' if words else ''}")
    err = ""
    for name, file in each_path(call, words[1:], deep):
        if file is None:
            err += f"chmod: cannot access '{name}': No such file or directory\n"
            continue
        mode = new_mode(words[0], file)
        if mode is None:
            return call.fail(f"invalid mode: ‘{words[0]}’")
        err += changed(call, name, file, mode=mode)
    return Result("", err, 1 if err else 0)


def new_mode(written: str, file: HostFile) -> int | None:
    """The mode a file gets; None if that is none."""
    if re.fullmatch("[0-7]{1,4}", written):
        return int(written, 8)
    mode = file.mode
    for part in written.split(","):
        found = MODE_CHANGE.fullmatch(part)
        if not found:
            return None
        who = found[1].replace("a", "ugo") or "ugo"
        mask = sum(PLACES[each] for each in dict.fromkeys(who))
        asked = 0
        for letter in found[3]:
            some = letter != "X" or file.sort == "directory" or file.mode & 0o111
            asked |= LETTERS[letter] & mask if some else 0
            asked |= 0o1000 if letter == "t" else 0
            asked |= sum(SET_ID.get(each, 0) for each in dict.fromkeys(who)) if letter == "s" else 0
            asked |= (0o4000 if "u" in who else 0) | (0o2000 if "g" in who else 0) if letter == "s" else 0
        mode = mode | asked if found[2] == "+" else mode & ~asked if found[2] == "-" else mode & ~mask | asked
    return mode


def chown(call: Call) -> Result:
    words = [each for each in call.argv if not each.startswith("-")]
    if len(words) < 2:
        return call.fail("missing operand")
    owner, _, group = words[0].partition(":") if call.name == "chown" else ("", "", words[0])
    company, server, err = call.seat.session.company, call.seat.server, ""
    groups = {words[0] for words in rows(company, server, GROUP)}
    if owner and login_now(company, server, owner) is None:
        return call.fail(f"invalid user: ‘{words[0]}’")
    if group and group not in groups:
        return call.fail(f"invalid group: ‘{words[0]}’")
    for name, file in each_path(call, words[1:], "-R" in call.argv):
        if file is None:
            err += f"{call.name}: cannot access '{name}': No such file or directory\n"
        else:
            err += changed(call, name, file, owner=owner or file.owner, group=group or file.group)
    return Result("", err, 1 if err else 0)


def umask(call: Call) -> Result:
    """Which permission bits that what is made from now on does not get."""
    found, rest = options(call.argv)
    mask = call.disk.mask
    if not rest and "S" in found:
        parts = [f"{who}={bits(0o777 & ~mask & PLACES[who])}" for who in PLACES]
        return Result(f"{','.join(parts)}\n")
    if not rest:
        return Result(f"{'umask ' if 'p' in found else ''}{mask:04o}\n")
    if rest[0].isdigit() and not re.fullmatch("[0-7]{1,4}", rest[0]):
        return Result("", f"bash: line 1: umask: {rest[0]}: octal number out of range\n", 1)
    lets = new_mode(rest[0], HostFile("", mode=0o777 & ~mask))
    if lets is None:
        return Result("", f"bash: line 1: umask: `{rest[0][:1]}': invalid symbolic mode operator\n", 1)
    call.disk.mask = (lets if rest[0].isdigit() else ~lets) & 0o777
    return Result()


def bits(mode: int) -> str:
    """Permission bits of one place as letters."""
    return "".join(letter for letter in "rwx" if mode & LETTERS[letter])


def mask_kept(call: Call) -> Result:
    """Around what is done in brackets: at its end the bits are again what they were before, and its code stands."""
    if not call.argv:
        call.disk.masks.append(call.disk.mask)
        return Result()
    call.disk.mask = call.disk.masks.pop() if call.disk.masks else call.disk.mask
    return Result("", "", int(call.argv[0]) if call.argv[0].isdigit() else 0)


COMMANDS: dict[str, Command] = {
    "chmod": chmod, "chown": chown, "chgrp": chown, "umask": umask, MASK: mask_kept,
}  # fmt: skip
ACTING = tuple(COMMANDS)
