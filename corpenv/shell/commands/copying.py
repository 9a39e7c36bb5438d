"""Files that go to other machines, or come from there: `scp` and `rsync`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpenv.company.hosts import READ, HostFile, Server
from corpenv.company.storage import is_full
from corpenv.events import FileWritten
from corpenv.shell.base import Call, Command, Result, Seat, absolute, options
from corpenv.shell.commands.remote import arrive
from corpenv.shell.disk import Disk
from corpenv.shell.inside import size_of
from corpenv.shell.settling import reading

REMOTE = re.compile(r"((?:[\w.-]+@)?[\w.-]+):(.*)")


class Piece(NamedTuple):
    """A file on its way: what it is, from where, and under which name below the target."""

    file: HostFile
    origin: Server
    name: str


class How(NamedTuple):
    """How something is copied: with which key, folders too, only in word, and so that nothing else stands there."""

    key: str = ""
    deep: bool = False
    dry: bool = False
    exact: bool = False


class Failed(Exception):
    """A copy that cannot be made, with what is said of it."""

    def __init__(self, told: str, code: int = 1) -> None:
        super().__init__(told)
        self.told, self.code = told, code


def scp(call: Call) -> Result:
    found, rest = options(call.argv, "PioFcJ")
    if len(rest) < 2:
        return Result("", "usage: scp [-346ABCOpqRrsTv] [-i identity_file] [-P port] source ... target\n", 1)
    return copied(call, rest[:-1], rest[-1], How(found.get("i", ""), bool({"r", "R"} & set(found))))[1]


def rsync(call: Call) -> Result:
    found, rest = options(call.argv, "e", ("rsh", "exclude", "include", "bwlimit", "password-file"))
    if len(rest) < 2:
        return Result("", "rsync error: syntax or usage error (code 1) at main.c(1594) [client=3.2.7]\n", 1)
    shell = (found.get("e") or found.get("rsh") or "").split()
    key = shell[shell.index("-i") + 1] if "-i" in shell[:-1] else ""
    deep, tells = bool({"r", "a", "archive", "recursive"} & set(found)), bool({"v", "verbose"} & set(found))
    dry = bool({"n", "dry-run"} & set(found))
    exact = any(each.startswith("delete") for each in found)
    pieces, result = copied(call, rest[:-1], rest[-1], How(key, deep, dry, exact and deep))
    if result.code or not tells:
        return result
    text = call.seat.session.company.text
    whole = sum(size_of(text(file.text), file.binary) + file.size for file, _, _ in pieces)
    sent = sum(64 + len(each.name) for each in pieces) + 13 + (0 if dry else whole)
    head = "".join(f"{name}\n" for name in ("sending incremental file list", *(each.name for each in pieces)))
    tail = f"sent {sent:,} bytes  received 35 bytes  {(sent + 35) * 2:,}.00 bytes/sec\n"
    ratio = f"{whole / (sent + 35):,.2f}{' (DRY RUN)' if dry else ''}"
    return Result(f"{head}\n{tail}total size is {whole:,}  speedup is {ratio}\n")


def sftp(call: Call) -> Result:
    """Files go and come as they are asked for, a line each: piped in, or from the file behind `-b`."""
    found, rest = options(call.argv, "bioPFJ")
    target, _, path = rest[0].partition(":") if rest else ("", "", "")
    if not target:
        return Result("", "usage: sftp [-46AaCfNpqrv] [-b batchfile] [-i identity_file] [-P port] destination\n", 1)
    how, calls = How(found.get("i", ""), deep=True), call._replace(name="scp")
    if path and len(rest) > 1:
        return copied(calls, [f"{target}:{path}"], rest[1], how)[1]
    name = found.get("b", "-")
    text = call.stdin if name == "-" else call.fs.read_file(call.path(name)).decode("utf-8", "replace")
    out, err, code = f"Connected to {target.rpartition('@')[2]}.\n", "", 0
    for line in text.splitlines():
        verb, *words = [each for each in line.lstrip("-@ ").split() if not each.startswith("-")] or [""]
        if verb not in ("put", "get", "mput", "mget", "reput") or not words:
            continue
        here, there = words[0], words[1] if len(words) > 1 else ""
        done = (
            copied(calls, [f"{target}:{here}"], there or ".", how)[1] if "get" in verb
            else copied(calls, [here], f"{target}:{there or path}", how)[1]
        )  # fmt: skip
        out, err, code = out + (f"sftp> {line}\n" if name == "-" else ""), err + done.err, done.code or code
    return Result(out, err, code)


def copied(call: Call, sources: list[str], target: str, how: How) -> tuple[list[Piece], Result]:
    """Sources go to a target, unless it is a `dry` run: what went. All trouble is told, and the rest still goes."""
    pieces: list[Piece] = []
    err, code = "", 0
    for source in sources:
        try:
            pieces += one(call, source, target, how)
        except Failed as failed:
            err, code = err + failed.told, failed.code
    return pieces, Result("", err, code)


def one(call: Call, source: str, target: str, how: How) -> list[Piece]:
    """One source goes to the target, file by file."""
    come, go = REMOTE.fullmatch(source), REMOTE.fullmatch(target)
    if come:
        there = seat_at(call, come[1], f"GET {come[2]}", (), how.key)
        pieces = list(pieces_of(call, there, absolute(there.login.home, come[2]), come[2], how.deep))
    else:
        pieces = list(pieces_of(call, call.seat, call.path(source), source, how.deep))
    company = call.seat.session.company
    if not go:
        if not how.dry:
            lay_all(call.seat, call.path(target), pieces, how.exact)
        return pieces
    text = "\n".join(each.name if how.dry else company.text(each.file.text) for each in pieces)
    paths = () if how.dry else tuple(each.file.path for each in pieces)
    arrival = arrive(call, go[1], text, paths, key=how.key)
    if arrival.told:
        raise Failed(arrival.told.replace("ssh:", f"{call.name}:", 1), 255)
    if arrival.seat and not how.dry:
        lay_all(arrival.seat, absolute(arrival.seat.login.home, go[2] or "."), pieces, how.exact)
    return pieces


def seat_at(call: Call, target: str, sent: str, paths: tuple[str, ...], key: str) -> Seat:
    """A seat on the machine that something is taken from."""
    arrival = arrive(call, target, sent, paths, key=key)
    if arrival.seat is None:
        raise Failed(arrival.told or f"{call.name}: no such file there\n", 255)
    return arrival.seat


def pieces_of(call: Call, seat: Seat, path: str, written: str, deep: bool) -> Iterator[Piece]:
    """A file, or every file below a folder, as far as the account may read it."""
    disk = call.disk if seat is call.seat else Disk(seat)
    file = disk.tree.files.get(path)
    if file is None or not disk.tree.reaches(path):
        local = f'stat local "{written}"' if seat is call.seat else written
        raise Failed(f"{call.name}: {local}: No such file or directory\n", 255 if seat is call.seat else 1)
    if file.sort == "directory":
        if not deep:
            raise Failed(f'{call.name}: local "{written}" is not a regular file\n', 255)
        top = "" if written.endswith("/") and call.name == "rsync" else f"{path.rpartition('/')[2]}/"
        below = sorted(each for each in disk.tree.files if each.startswith(f"{path}/"))
        inside = [disk.tree.files[each] for each in below if disk.tree.files[each].sort == "file"]
        for each in inside:
            yield read(call, seat, disk, each, f"{top}{each.path[len(path) + 1 :]}", each.path)
        return
    yield read(call, seat, disk, file, path.rpartition("/")[2], written)


def read(call: Call, seat: Seat, disk: Disk, file: HostFile, name: str, written: str) -> Piece:
    """A file that is taken along."""
    if not (disk.tree.reaches(file.path) and file.lets(seat.login, READ)):
        disk.denied("read", file.path)
        local = f'open local "{written}"' if seat is call.seat else written
        raise Failed(f"{call.name}: {local}: Permission denied\n", 255 if seat is call.seat else 1)
    reading(seat, file)
    return Piece(file, seat.server, name)


def lay_all(seat: Seat, target: str, pieces: list[Piece], exact: bool = False) -> None:
    """Files arrive on a server; where they are to be all that stands there, the others go."""
    disk = Disk(seat)
    standing = disk.tree.files.get(target)
    folder = (standing is not None and standing.sort == "directory") or len(pieces) != 1 or "/" in pieces[0].name
    for piece in pieces:
        path = f"{target.rstrip('/')}/{piece.name}" if folder else target
        make_folders(seat, disk, path)
        lay(seat, disk, path, piece)
    top = f"{target.rstrip('/')}/{pieces[0].name.partition('/')[0]}" if pieces and "/" in pieces[0].name else target
    wanted = {f"{target.rstrip('/')}/{piece.name}" for piece in pieces}
    standing_there = [each for each in disk.tree.files if each.startswith(f"{top.rstrip('/')}/")]
    for path in standing_there if exact and folder else ():
        if path not in wanted and not any(each.startswith(f"{path}/") for each in wanted) and path in disk.tree.files:
            disk.take(path, deep=True)
    disk.sync()


def make_folders(seat: Seat, disk: Disk, path: str) -> None:
    """The folders that a file below a copied one stands in."""
    parent = path.rpartition("/")[0] or "/"
    if disk.file(parent) is None:
        try:
            disk.make(parent, parents=True)
        except OSError:
            raise Failed(f'scp: dest open "{path}": No such file or directory\n') from None
        disk.sync()


def lay(seat: Seat, disk: Disk, path: str, piece: Piece) -> None:
    """One file arrives."""
    company, server, file = seat.session.company, seat.server, piece.file
    if not disk.tree.may_write(path):
        disk.denied("write", path)
        raise Failed(f'scp: dest open "{path}": Permission denied\n')
    if is_full(company, server):
        raise Failed(f'scp: write remote "{path}": Failure\n')
    old = disk.tree.files.get(path)
    owner, group = (old.owner, old.group) if old else (seat.login.id, seat.login.groups[0])
    seat.session.do(
        FileWritten, server=server.id, path=path, text=company.text(file.text), owner=owner, group=group,
        mode=old.mode if old else 0o644 | file.mode & 0o111, binary=file.binary, size=file.size,
        copied_from=f"{piece.origin.id}:{file.path}",
    )  # fmt: skip
    disk.look_again(path)


COMMANDS: dict[str, Command] = {"scp": scp, "rsync": rsync, "sftp": sftp}
ACTING = tuple(COMMANDS)
