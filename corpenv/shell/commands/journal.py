"""The journal: what the system and its services wrote, kept apart from their logs; `journalctl`.

What is in it follows from what was written; the files below `/var/log/journal` say how much of that is still kept: the
one that is written into from when it was made, each one that was put by from its first line to its last.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from corpenv.company.hosts import HostFile, Server
from corpenv.company.machines import files_of, find_service, services_of
from corpenv.company.servicing import moment_of
from corpenv.events import FileRemoved, FileWritten
from corpenv.shell.base import AUTHLOG, SYSLOG, Call, Command, Result, options
from corpenv.shell.commands.clock import meant
from corpenv.shell.commands.files import human
from corpenv.shell.commands.storage import bytes_meant
from corpenv.shell.entering import denied

FOLDER, OF_ALL = "/var/log/journal/", {SYSLOG, AUTHLOG}
ACTIVE = re.compile(rf"{FOLDER}[0-9a-f]+/system\.journal")
ARCHIVED = re.compile(rf"({FOLDER}[0-9a-f]+)/system@[0-9a-f]+-([0-9a-f]{{16}})-([0-9a-f]{{16}})\.journal")
"""One that was put by: its name says from when to when its lines are."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
OF_SYSTEM = re.compile(rf"(?:{'|'.join(MONTHS)}) [ \d]\d \d\d:\d\d:\d\d (\S+ .*)")
OF_SERVICE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z (.*)")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERIOUS = re.compile(r"\b(fail\w*|error\w*|cannot|fatal|refused|killed)\b", re.IGNORECASE)
SPAN = re.compile(r"(\d+)\s*(s|m|h|d|w|sec|min|hours?|days?|weeks?|months?|years?)?")
LENGTHS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_629_800, "y": 31_557_600}
ACCESS = ("adm", "systemd-journal", "sudo")
"""Groups that may read all of it."""
HINT = """\
Hint: You are currently not seeing messages from other users and the system.
      Users in groups 'adm', 'systemd-journal' can see all messages.
      Pass -q to turn off this notice.
"""


class Line(NamedTuple):
    """A line of the journal: its second, the log it was also written into, and its text without the moment."""

    at: int
    path: str
    text: str


def lines_of(call: Call, unit: str = "") -> list[Line]:
    """What is kept of everything that was written, or of one service, in the order of time."""
    company, server = call.seat.session.company, call.seat.server
    found = find_service(company, server.id, unit) if unit else None
    paths = {each.log for each in services_of(company, server) if each.log and (not unit or each == found)}
    named = re.compile(rf"\b{re.escape(unit)}(\.service|d?\[)", re.IGNORECASE)
    spans = kept(call)
    lines = [
        line
        for line in written(call, paths | OF_ALL)
        if any(start <= line.at < end for start, end in spans)
        and (not unit or line.path not in OF_ALL or named.search(line.text))
    ]
    return sorted(lines, key=lambda line: line.at)


def written(call: Call, paths: set[str]) -> Iterator[Line]:
    """Every line that these logs ever got, whatever became of them."""
    company, server = call.seat.session.company, call.seat.server
    for path in sorted(paths):
        if file := server.files.get(path):
            yield from (line for each in company.text(file.text).splitlines() if (line := line_in(call, path, each)))
    for event in company.machines.journal.get(server.id, ()):
        if (path := event.log or event.path) in paths:
            for each in event.text.splitlines():
                if line := line_in(call, path, each):
                    yield line._replace(at=event.at)


def line_in(call: Call, path: str, text: str) -> Line | None:
    """A line of a log, taken apart; None if it does not say when it was written."""
    now = moment_of(call.seat.session.company, 0)
    try:
        if found := OF_SYSTEM.fullmatch(text):
            then, said = of_this_year(now, text), found[1]
        elif found := OF_SERVICE.fullmatch(text):
            then, said = datetime.fromisoformat(found[1]).replace(tzinfo=UTC), f"{call.seat.server.id} {found[2]}"
        else:
            return None
    except ValueError:  # there is no such day
        return None
    return Line(int((then - now).total_seconds()), path, said)


def of_this_year(now: datetime, text: str) -> datetime:
    """The moment a line of the system begins with, which says no year: the last such one, or the next soon."""
    month, (hour, minute, second) = MONTHS.index(text[:3]) + 1, (int(text[at : at + 2]) for at in (7, 10, 13))
    then = datetime(now.year, month, int(text[4:6]), hour, minute, second, tzinfo=UTC)
    return then if then <= now + timedelta(days=300) else then.replace(year=now.year - 1)


def kept(call: Call) -> list[tuple[int, int]]:
    """From when to when lines are kept, by the files that are there."""
    company, server = call.seat.session.company, call.seat.server
    found: list[tuple[int, int]] = []
    for file in files_of(company, server, FOLDER):
        if ACTIVE.fullmatch(file.path):
            found.append((file.at, company.now + 1))
        elif span := ARCHIVED.fullmatch(file.path):
            found.append((moment_in(call, span[2]), moment_in(call, span[3])))
    return found


def moment_in(call: Call, number: str) -> int:
    """The simulated second that a name says, in microseconds since 1970."""
    return int(number, 16) // 10**6 - int((moment_of(call.seat.session.company, 0) - EPOCH).total_seconds())


def name_of(call: Call, at: int) -> str:
    """A simulated second as a name says it."""
    return f"{int((moment_of(call.seat.session.company, at) - EPOCH).total_seconds()) * 10**6:016x}"


def shown(call: Call, line: Line) -> str:
    """A line as it is shown."""
    return f"{moment_of(call.seat.session.company, line.at):%b %d %H:%M:%S} {line.text}"


# journalctl -------------------------------------------------------------------------------------------------


def journalctl(call: Call) -> Result:
    valued = ("unit", "lines", "since", "until", "grep", "priority", "output", "identifier")
    found, _ = options(call.argv, "unpgotSU", valued)
    if work := next((each for each in WORK if each in found), ""):
        return WORK[work](call, found[work]) if call.seat.is_root else refused(call, work)
    unit = (found.get("u") or found.get("unit", "")).removesuffix(".service")
    allowed = call.seat.is_root or not {*ACCESS}.isdisjoint(call.seat.login.groups)
    spans = kept(call)
    lines = chosen(call, found, lines_of(call, unit)) if allowed or unit else []
    none = ["-- No entries --"] if spans else ["No journal files were found.", "-- No entries --"]
    bare = "cat" in (found.get("o"), found.get("output"))
    out = [re.sub(r"^\S+ [^:]*: ", "", each.text) if bare else shown(call, each) for each in lines]
    return Result("\n".join([*(out or none), ""]), "" if allowed or "q" in found else HINT)


def chosen(call: Call, found: dict[str, str], lines: list[Line]) -> list[Line]:
    """The lines that the options ask for."""
    now, start = call.seat.session.clock, moment_of(call.seat.session.company, 0)
    for name, letter, later in (("since", "S", True), ("until", "U", False)):
        then = meant(now, found.get(letter) or found.get(name, ""))
        if then:
            at = int((then - start).total_seconds())
            lines = [each for each in lines if (each.at >= at) == later]
    if word := found.get("g") or found.get("grep", ""):
        lines = [each for each in lines if word.lower() in each.text.lower()]
    if word := found.get("t") or found.get("identifier", ""):
        lines = [each for each in lines if re.match(rf"\S+ {re.escape(word)}(\[|:)", each.text)]
    if (found.get("p") or found.get("priority", "")) in ("0", "1", "2", "3", "emerg", "alert", "crit", "err"):
        lines = [each for each in lines if SERIOUS.search(each.text)]
    if "k" in found or "dmesg" in found:
        lines = [each for each in lines if " kernel: " in each.text]
    most = found.get("n") or found.get("lines", "") or ("10" if "f" in found else "")
    lines = lines[-int(most) :] if most.isdigit() and int(most) else lines
    return lines[::-1] if "r" in found or "reverse" in found else lines


def refused(call: Call, work: str) -> Result:
    """What root alone may do to it; how much there is, everybody may know."""
    if work in ("disk-usage", "list-boots", "header"):
        return WORK[work](call, "")
    denied(call.seat, "journal", work)
    if work.startswith("vacuum"):
        return Result("", f"Failed to open directory {FOLDER.rstrip('/')}: Permission denied\n", 1)
    return Result("", "Failed to connect to /run/systemd/journal/io.systemd.journal: Permission denied\n", 1)


def rotate(call: Call, value: str) -> Result:
    """What was written so far is put by, and another file begun."""
    session, server = call.seat.session, call.seat.server
    for file in tuple(files_of(session.company, server, FOLDER)):
        if ACTIVE.fullmatch(file.path):
            folder = file.path.rpartition("/")[0]
            span = f"{name_of(call, file.at)}-{name_of(call, session.company.now)}"
            put(call, server, file, f"{folder}/system@{folder.rpartition('/')[2]}-{span}.journal")
            put(call, server, file, file.path)
    return Result()


def put(call: Call, server: Server, file: HostFile, path: str) -> None:
    """A file of the journal stands somewhere."""
    call.seat.session.do(
        FileWritten, server=server.id, path=path, text=file.text, owner=file.owner, group=file.group, mode=file.mode,
        binary=True, size=file.size,
    )  # fmt: skip


def vacuum_time(call: Call, value: str) -> Result:
    """Whatever was put by so long ago goes."""
    span = SPAN.fullmatch(value.strip())
    if not span:
        return Result("", f"Failed to parse vacuum time: {value}\n", 1)
    unit = span[2] or "s"
    length = LENGTHS["mo" if unit.startswith("mo") else unit[0]] * int(span[1])
    return vacuum(call, lambda ends, left: ends + length <= call.seat.session.company.now + 1)


def vacuum_size(call: Call, value: str) -> Result:
    """The oldest go until no more than so much is left."""
    size = bytes_meant(value)
    return vacuum(call, lambda ends, left: left > (size or 0))


def vacuum(call: Call, goes: Callable[[int, int], bool]) -> Result:
    """Files that were put by go, oldest first, as their end and the bytes that are left say."""
    session, server = call.seat.session, call.seat.server
    files = list(files_of(session.company, server, FOLDER))
    left, freed, err = sum(each.size for each in files if each.sort == "file"), 0, ""
    for file in sorted((each for each in files if ARCHIVED.fullmatch(each.path)), key=lambda each: each.path[-24:]):
        span = ARCHIVED.fullmatch(file.path)
        if span and goes(moment_in(call, span[3]), left):
            session.do(FileRemoved, server=server.id, path=file.path)
            left, freed = left - file.size, freed + file.size
            err += f"Deleted archived journal {file.path} ({human(file.size)}).\n"
    folder = next((each.path for each in files if each.sort == "directory"), FOLDER.rstrip("/"))
    done = f"Vacuuming done, freed {human(freed) if freed else '0B'} of archived journals from {folder}.\n"
    return Result("", err + done)


def disk_usage(call: Call, value: str) -> Result:
    files = files_of(call.seat.session.company, call.seat.server, FOLDER)
    size = sum(each.size for each in files if each.sort == "file")
    return Result(f"Archived and active journals take up {human(size)} in the file system.\n")


def list_boots(call: Call, value: str) -> Result:
    """There was one."""
    company, server = call.seat.session.company, call.seat.server
    first, last = (moment_of(company, at) for at in (server.booted, company.now))
    head = "IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY"
    boot = company.text(server.files["/etc/machine-id"].text).strip()[::-1]
    return Result(f"{head}\n  0 {boot} {first:%a %Y-%m-%d %H:%M:%S} UTC {last:%a %Y-%m-%d %H:%M:%S} UTC\n")


def nothing(call: Call, value: str) -> Result:
    return Result()


WORK: dict[str, Callable[[Call, str], Result]] = {
    "vacuum-time": vacuum_time, "vacuum-size": vacuum_size, "vacuum-files": nothing, "rotate": rotate,
    "flush": nothing, "sync": nothing, "relinquish-var": nothing, "disk-usage": disk_usage, "list-boots": list_boots,
}  # fmt: skip
"""What is done to the journal, and not read in it."""
COMMANDS: dict[str, Command] = {"journalctl": journalctl}
ACTING = tuple(COMMANDS)
