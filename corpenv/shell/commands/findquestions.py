"""What `find` asks of a path: names, owners, rights, sizes and simulated times."""

import re
import shlex
from collections.abc import Callable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import NamedTuple

from corpenv.company.hosts import EXECUTE, READ, WRITE, HostFile
from corpenv.company.servicing import moment_of
from corpenv.shell.base import Call
from corpenv.shell.commands.modes import new_mode

UNITS = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 1_048_576, "G": 1_073_741_824, "": 512}
SORTS = {"f": "file", "d": "directory", "l": "link"}
RIGHTS = {"-readable": READ, "-writable": WRITE, "-executable": EXECUTE}
MARK = re.compile(r"%(?:([pfhmsuUgGydlP%])|T(.)|t)|\\([nt0\\])")


class Wrong(Exception):
    """What is wrong with what was asked."""


class Path(NamedTuple):
    """A path that is looked at: as it is written, where it is, and how deep below the start `root`."""

    written: str
    path: str
    file: HostFile
    depth: int
    root: str

    @property
    def name(self) -> str:
        return self.written.rstrip("/").rpartition("/")[2] or "/"


Test = Callable[[Path], bool]


class Questions:
    """What can be asked where a command stands."""

    def __init__(self, call: Call) -> None:
        self.call, self.company = call, call.seat.session.company
        self.start = int(moment_of(self.company, 0).timestamp())

    def plain(self, word: str) -> Test | None:
        """A question without a value."""
        login, disk = self.call.seat.login, self.call.disk
        if word in RIGHTS:
            right = RIGHTS[word]
            return lambda path: disk.tree.reaches(path.path) and path.file.lets(login, right)
        if word == "-empty":
            return lambda path: not (disk.every_name(path.path) if path.file.sort == "directory" else self.size(path))
        return (lambda path: False) if word in ("-nouser", "-nogroup", "-false") else None

    def named(self, word: str, value: str) -> Test:
        """`-name`, `-path` and those that ignore case."""
        whole, folded = word in ("-path", "-wholename", "-ipath"), word.startswith("-i")

        def test(path: Path) -> bool:
            text = path.written if whole else path.name
            return fnmatchcase(text.lower(), value.lower()) if folded else fnmatchcase(text, value)

        return test

    def formed(self, word: str, value: str) -> Test:
        """`-regex`."""
        form = re.compile(value, re.IGNORECASE if word == "-iregex" else 0)
        return lambda path: form.fullmatch(path.written) is not None

    def sorted(self, word: str, value: str) -> Test:
        """`-type f,d`."""
        return lambda path: path.file.sort in {SORTS.get(each, "") for each in value.split(",")}

    def owned(self, word: str, value: str) -> Test:
        """`-user`, `-group`, by name or number."""
        return lambda path: value in self.owners(path.file, word)

    def sized(self, word: str, value: str) -> Test:
        """`-size +10k`; units are counted up."""
        unit = value[-1] if value[-1:] in UNITS else ""
        return compared(value.removesuffix(unit), lambda path: -(-self.size(path) // UNITS[unit]))

    def permitted(self, word: str, value: str) -> Test:
        """`-perm`: `644` is just these bits, `-644` all of them, `/222` any."""
        bits = new_mode(value.lstrip("-/"), HostFile("", mode=0))
        if bits is None:
            raise Wrong(f"invalid mode ‘{value}’")
        if value.startswith("-"):
            return lambda path: path.file.mode & bits == bits
        return (lambda path: bool(path.file.mode & bits)) if value[:1] == "/" else lambda path: path.file.mode == bits

    def aged(self, word: str, value: str) -> Test:
        """`-mmin`, whose minutes are counted up, and `-mtime`, whose days are counted down."""
        if word.endswith("min"):
            return compared(value, lambda path: -((self.at(path.file) - self.company.now) // 60))
        return compared(value, lambda path: (self.company.now - self.at(path.file)) // 86_400)

    def newer(self, word: str, value: str) -> Test:
        """`-newer` than a file, `-newermt` than a moment."""
        since = self.moment(value) if word == "-newermt" else self.age_of(value)
        return lambda path: self.at(path.file) > since

    def moment(self, value: str) -> int:
        """The simulated second that a text names."""
        outcome = self.call.within(shlex.join(["date", "-d", value, "+%s"]), "", "")
        if outcome.code:
            raise Wrong(f"I cannot figure out how to interpret ‘{value}’ as a date or time")
        return int(outcome.out) - self.start

    def age_of(self, value: str) -> int:
        """The simulated second at which another file was changed."""
        file = self.call.disk.led(self.call.path(value))
        if file is None:
            raise Wrong(f"‘{value}’: No such file or directory")
        return self.at(file)

    def at(self, file: HostFile) -> int:
        """When it was changed."""
        at: int = self.call.disk.told_of(file)[3]
        return at - self.start

    def size(self, path: Path) -> int:
        size: int = self.call.disk.told_of(path.file)[1]
        return size

    def owners(self, file: HostFile, word: str) -> tuple[str, str]:
        """Name and number."""
        logins, name = self.call.seat.server.logins, file.group if word in ("-group", "-gid") else file.owner
        return name, str(logins[name].uid if name in logins else 0)

    # `-printf` ------------------------------------------------------------------------------------------

    def written(self, path: Path, form: str) -> str:
        """What a format says of a path."""
        return MARK.sub(lambda found: self.mark(path, found), form)

    def mark(self, path: Path, found: re.Match[str]) -> str:
        if found[3]:
            return {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}[found[3]]
        file = path.file
        if not found[1]:
            then = datetime.fromtimestamp(self.at(file) + self.start, self.call.seat.session.clock.tzinfo)
            if found[2] == "@":
                return f"{int(then.timestamp())}.0000000000"
            return then.strftime(f"%{found[2]}" if found[2] else "%a %b %e %H:%M:%S.0000000000 %Y")
        values = {
            "p": path.written, "f": path.name, "h": path.written.rpartition("/")[0] or ".", "m": f"{file.mode:o}",
            "s": str(self.size(path)), "u": file.owner, "g": file.group, "U": self.owners(file, "-uid")[1],
            "G": self.owners(file, "-gid")[1], "y": {"file": "f", "directory": "d"}.get(file.sort, "l"), "%": "%",
            "d": str(path.depth), "l": self.call.disk.text(file) if file.sort == "link" else "",
            "P": path.written.removeprefix(path.root).lstrip("/"),
        }  # fmt: skip
        return values[found[1]]


def compared(value: str, of: Callable[[Path], int]) -> Test:
    """`+5` is more than five, `-5` less, `5` just that."""
    number = value.lstrip("+-")
    if not number.isdigit():
        raise Wrong(f"invalid argument `{value}'")
    wanted = int(number)
    if value.startswith("+"):
        return lambda path: of(path) > wanted
    return (lambda path: of(path) < wanted) if value.startswith("-") else (lambda path: of(path) == wanted)


VALUED: dict[str, Callable[[Questions, str, str], Test]] = {
    **dict.fromkeys(("-name", "-iname", "-path", "-wholename", "-ipath"), Questions.named),
    **dict.fromkeys(("-regex", "-iregex"), Questions.formed),
    "-type": Questions.sorted,
    **dict.fromkeys(("-user", "-group", "-uid", "-gid"), Questions.owned),
    "-size": Questions.sized,
    "-perm": Questions.permitted,
    **dict.fromkeys(("-mmin", "-amin", "-cmin", "-mtime", "-atime", "-ctime"), Questions.aged),
    **dict.fromkeys(("-newer", "-anewer", "-cnewer", "-newermt"), Questions.newer),
}
"""Questions with a value."""
