"""Disks: how full they are, and what fills them."""

import re

from corpenv.company.machines import find_file
from corpenv.company.storage import capacity, left_of, used_of
from corpenv.events import FileWritten
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.commands.files import human
from corpenv.shell.splitting import FILL, NOT_FOUND

SIZE = re.compile(r"(\d+)(?:([KMGTP])(i?B)?|([kmg]))?", re.IGNORECASE)
POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
ENDLESS = ("/dev/zero", "/dev/urandom", "/dev/random")
IN_TEXT = 65_536
"""Bytes that are kept as they are; of more only how many they are."""
SPEED = 412
"""Megabytes a second."""


def bytes_meant(text: str) -> int | None:
    """The number a size such as `512M` or `1GB` stands for; None if it is none."""
    found = SIZE.fullmatch(text)
    if not found:
        return None
    unit = (found[2] or found[4] or "").lower()
    base = 1000 if (found[3] or "").lower() == "b" else 1024
    return int(found[1]) * int(base ** POWERS[unit])


def df(call: Call) -> Result:
    """The disk is as full as its files and what a system takes."""
    asked = next((each.partition("=")[2] for each in call.argv if each.startswith("--output=")), "")
    if asked:
        return columns(call, asked)
    company, server = call.seat.session.company, call.seat.server
    total, used = capacity(server) // 1024, used_of(company, server) // 1024
    left = min(total - used, left_of(company, server) // 1024)
    percent = -(-used * 100 // total)
    if "i" in "".join(each for each in call.argv if each.startswith("-")):
        inodes, taken = server.disk * 65_536, len(call.disk.tree.files) + 41_210
        head = "Filesystem      Inodes  IUsed   IFree IUse% Mounted on"
        return Result(f"{head}\n/dev/vda1      {inodes:>7} {taken:>6} {inodes - taken:>7} {-(-taken * 100 // inodes):>4}% /\n")  # fmt: skip  # noqa: E501
    if "-h" in call.argv:
        sizes = [human(each * 1024) for each in (total, used, left)]
        return Result(
            "Filesystem      Size  Used Avail Use% Mounted on\n"
            f"/dev/vda1       {sizes[0]:>4}  {sizes[1]:>4} {sizes[2]:>5} {percent:>3}% /\n"
        )
    return Result(
        "Filesystem     1K-blocks    Used Available Use% Mounted on\n"
        f"/dev/vda1      {total:>9} {used:>7} {left:>9} {percent:>3}% /\n"
    )


def taken(call: Call, path: str, size: int) -> None:
    """A file that stands there already takes so many bytes."""
    session, server = call.seat.session, call.seat.server
    file = find_file(session.company, server.id, path)
    if file is not None:
        text = session.company.text(file.text).rstrip("\0")
        session.do(
            FileWritten, server=server.id, path=path, text=text, owner=file.owner, group=file.group, mode=file.mode,
            size=size,
        )  # fmt: skip


def made(call: Call, name: str, empty: bool) -> str:
    """A file is there and can be written, or why not; an `empty` one holds nothing any more."""
    path = call.path(name)
    try:
        if empty or not call.fs.exists(path):
            call.fs.write_file(path, b"")
        else:
            call.fs.append_file(path, b"")
    except PermissionError as why:
        return why.strerror or "Permission denied"
    except OSError:
        return "No such file or directory"
    call.disk.sync()
    return ""


def fallocate(call: Call) -> Result:
    found, rest = options(call.argv, "lo", ("length", "offset"))
    size = bytes_meant(found.get("l") or found.get("length") or "")
    if not size:
        return call.fail("no length argument specified" if size is None else "invalid length value specified")
    if not rest:
        return call.fail("no filename specified")
    if why := made(call, rest[0], False):
        return call.fail(f"cannot open {rest[0]}: {why}")
    company, path = call.seat.session.company, call.path(rest[0])
    old = find_file(company, call.seat.server.id, path)
    if size > left_of(company, call.seat.server) + (old.size if old else 0):
        return call.fail("fallocate failed: No space left on device")
    taken(call, path, size)
    return Result()


def dd(call: Call) -> Result:
    """Copies blocks; of endless ones as many as are asked for, or as fit."""
    words = dict(each.partition("=")[::2] for each in call.argv)
    size, count = bytes_meant(words.get("bs", "512")), words.get("count", "")
    if size is None or (count and not count.isdigit()):
        return call.fail(f"invalid number: ‘{words.get('bs') if size is None else count}’")
    if words.get("if") in ENDLESS and words.get("of") not in (None, "/dev/null"):
        return filled(call, words, size, int(count) if count else None)
    try:
        data = call.fs.read_file(call.path(words["if"])) if "if" in words else call.stdin.encode()
    except OSError as error:
        why = "Permission denied" if isinstance(error, PermissionError) else "No such file or directory"
        return call.fail(f"failed to open '{words['if']}': {why}")
    skip = int(words.get("skip", "0") or 0) * size
    data = data[skip : skip + size * int(count)] if count else data[skip:]
    if "of" not in words:
        return Result(data.decode("utf-8", "replace"), done(len(data), size, words))
    try:
        call.fs.write_file(call.path(words["of"]), data)
    except OSError:
        return call.fail(f"failed to open '{words['of']}': Permission denied")
    return Result("", done(len(data), size, words))


def filled(call: Call, words: dict[str, str], size: int, count: int | None) -> Result:
    """A file of zeros, or of noise."""
    if why := made(call, words["of"], True):
        return call.fail(f"failed to open '{words['of']}': {why}")
    left = left_of(call.seat.session.company, call.seat.server)
    wanted = left + size if count is None else size * count
    if wanted <= IN_TEXT:
        call.fs.write_file(call.path(words["of"]), bytes(wanted))
        call.disk.sync()
        return Result("", done(wanted, size, words))
    got = min(wanted, left)
    taken(call, call.path(words["of"]), got)
    if got < wanted:
        return Result("", f"dd: error writing '{words['of']}': No space left on device\n{done(got, size, words)}", 1)
    return Result("", done(got, size, words))


def fill(call: Call) -> Result:
    """What writes without end, until there is no room."""
    if len(call.argv) < 2:
        return Result("", f"bash: line 1: {call.name}: command not found\n", 127)
    if len(call.argv) != 2:
        return Result("", NOT_FOUND.format(FILL), 127)
    name, target = call.argv
    if target == "/dev/null":
        return Result("", "Terminated\n", 143)
    result = filled(call, {"of": target, "status": "none"}, 1_048_576, None)
    if "failed to open" in result.err:
        return Result("", f"bash: line 1: {target}: {result.err.rpartition(': ')[2]}", 1)
    return Result("", f"{name}: {'write error' if name == 'cat' else 'standard output'}: No space left on device\n", 1)


def columns(call: Call, asked: str) -> Result:
    """`df --output=…`."""
    company, server = call.seat.session.company, call.seat.server
    total, used = capacity(server) // 1024, used_of(company, server) // 1024
    left = left_of(company, server) // 1024
    values = {
        "source": ("Filesystem", "/dev/vda1"), "fstype": ("Type", "ext4"), "size": ("1K-blocks", str(total)),
        "used": ("Used", str(used)), "avail": ("Avail", str(left)),
        "pcent": ("Use%", f"{-(-used * 100 // total)}%"), "target": ("Mounted on", "/"),
    }  # fmt: skip
    if unknown := [each for each in asked.split(",") if each not in values]:
        return call.fail(f"option --output: field ‘{unknown[0]}’ unknown\nTry 'df --help' for more information.")
    chosen = [values[each] for each in asked.split(",")]
    human_sizes = bool({"-h", "--human-readable"} & set(call.argv))
    rows = [[head for head, _ in chosen], [human(int(each) * 1024) if human_sizes and each.isdigit() else each for _, each in chosen]]  # fmt: skip  # noqa: E501
    widths = [max(len(row[place]) for row in rows) for place in range(len(chosen))]
    return Result("".join(" ".join(f"{each:>{width}}" for each, width in zip(row, widths, strict=True)) + "\n" for row in rows))  # fmt: skip  # noqa: E501


def done(copied: int, size: int, words: dict[str, str]) -> str:
    """What `dd` says in the end."""
    if words.get("status") == "none":
        return ""
    whole, part = divmod(copied, size) if size else (0, 0)
    records = f"{whole}+{int(bool(part))} records in\n{whole}+{int(bool(part))} records out\n"
    if words.get("status") == "noxfer":
        return records
    sizes = [f"{copied / 1000**3:.1f} GB, {copied / 1024**3:.1f} GiB"] if copied >= 10**9 else [f"{copied / 10**6:.1f} MB, {copied / 2**20:.1f} MiB"]  # fmt: skip  # noqa: E501
    told = f"{copied} bytes ({sizes[0]})" if copied >= 1000 else f"{copied} bytes"
    seconds = copied / (SPEED * 10**6)
    return f"{records}{told} copied, {max(seconds, 0.0001):.4g} s, {SPEED} MB/s\n"


COMMANDS: dict[str, Command] = {"df": df, "fallocate": fallocate, "dd": dd, FILL: fill}
ACTING = tuple(COMMANDS)
