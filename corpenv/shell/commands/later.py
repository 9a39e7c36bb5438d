"""What is run later: `crontab`, `at`, and what a line leaves in the background."""

import re
import shlex
from datetime import datetime, timedelta
from importlib import import_module

from corpenv.company.crontabs import TABLES, rows_of
from corpenv.company.crontimes import job_of
from corpenv.company.hosts import EXECUTE, HostFile
from corpenv.company.machines import cron_of, files_of, new_pid, processes_of
from corpenv.company.programs import taken_by
from corpenv.company.rights import login_now
from corpenv.company.servicing import moment_of
from corpenv.events import CronChanged, FileRemoved, FileWritten, ProcessEnded, ProcessStarted
from corpenv.shell.background import as_owner, interprets, leaves, process, script_of, start, staying
from corpenv.shell.base import SYSLOG, Call, Command, Outcome, Result, options
from corpenv.shell.binaries import program_of
from corpenv.shell.entering import denied, enter
from corpenv.shell.later import AT_JOBS, number_of, path_of, time_of
from corpenv.shell.splitting import BACK, LAST, NOT_FOUND, RUN, Scan
from corpenv.shell.waiting import bare, words_of
from corpenv.shell.words import INTO

INERT = re.compile(r"@reboot\s+\S.*|[A-Z_]+\s*=.*|#.*|\s*", re.IGNORECASE)
"""Lines of a table that are never due."""
IN_A_WHILE = re.compile(r"now\s*\+\s*(\d+)\s*(min|minute|hour|day|week)s?")
CLOCK = re.compile(r"(\d{1,2}):?(\d{2})?\s*(am|pm)?\s*(today|tomorrow)?")
SECONDS = {"min": 60, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
NAMED = {"midnight": "00:00", "noon": "12:00", "teatime": "16:00"}


def crontab(call: Call) -> Result:
    found, rest = options(call.argv, "u")
    seat, whom = call.seat, found.get("u") or call.seat.login.id
    if "u" in found and not seat.is_root:
        denied(seat, "cron", whom)
        return Result("", "must be privileged to use -u\n", 1)
    if login_now(seat.session.company, seat.server, whom) is None:
        return Result("", f"crontab:  user `{whom}' unknown\n", 1)
    table = call.disk.file(TABLES + whom)
    lines = rows_of(call.disk.text(table)) if table else ()
    if ("l" in found or "r" in found) and not lines:
        return Result("", f"no crontab for {whom}\n", 1)
    if "l" in found:
        return Result("".join(f"{line}\n" for line in lines))
    if "e" in found:
        return Result("", "crontab: no editor: use crontab - or crontab FILE\n", 1)
    return installed(call, whom, ()) if "r" in found else replaced(call, whom, rest[0] if rest else "-")


def replaced(call: Call, whom: str, name: str) -> Result:
    """A new table for an account, from a file or from what is piped in."""
    path = call.path(name)
    try:
        text = call.stdin if name == "-" else call.fs.read_file(path).decode("utf-8", "replace")
    except OSError:
        return Result("", f"{name}: No such file or directory\n", 1)
    for number, line in enumerate(text.splitlines()):
        if not (INERT.fullmatch(line) or job_of(line)):
            return Result("", f'"{name}":{number}: bad minute\nerrors in crontab file, can\'t install.\n', 1)
    return installed(call, whom, tuple(line for line in text.splitlines() if line.strip()))


def installed(call: Call, whom: str, lines: tuple[str, ...]) -> Result:
    """An account has these jobs now."""
    session, server = call.seat.session, call.seat.server
    if (table := call.disk.tree.file(TABLES + whom)) and table.keeps():
        return Result("", f"{TABLES}{whom}: rename: Operation not permitted\n", 1)
    if lines != cron_of(session.company, server, whom):
        session.do(CronChanged, server=server.id, account=whom, lines=lines)
        done = "REPLACE" if lines else "DELETE"
        session.log(server, SYSLOG, "crontab[2291]", f"({call.seat.login.id}) {done} ({whom})")
    return Result()


# jobs for one time ------------------------------------------------------------------------------------------


def at(call: Call) -> Result:
    """`at now + 5 minutes`: what is piped in is run then."""
    found, rest = options(call.argv, "fqt")
    if "l" in found:
        return atq(call)
    if {"r", "d"} & set(found):
        return atrm(call._replace(argv=tuple(rest)))
    seat, session = call.seat, call.seat.session
    when = time_meant(moment_of(session.company, session.company.now), " ".join(rest)) if call.name == "at" else None
    if call.name == "at" and when is None:
        return Result("", f"syntax error. Last token seen: {rest[-1]}\nGarbled time\n" if rest else "Garbled time\n", 1)
    try:
        text = call.fs.read_file(call.path(found["f"])).decode("utf-8", "replace") if "f" in found else call.stdin
    except OSError:
        return Result("", f"Cannot open input file {found['f']}: No such file or directory\n", 1)
    then = session.company.now + (int((when - moment_of(session.company, session.company.now)).total_seconds()) if when else 60)  # fmt: skip  # noqa: E501
    number = max((number_of(path) for path in every_job(call)), default=0) + 1
    path = path_of(session.company, number, then)
    whole = f"cd {call.cwd}\n{text}" if text.strip() else ""
    session.do(
        FileWritten, server=seat.server.id, path=path, text=whole, owner=seat.login.id, group=seat.login.groups[0],
        mode=0o700,
    )  # fmt: skip
    minute = moment_of(session.company, time_of(session.company, path))
    return Result("", f"warning: commands will be executed using /bin/sh\njob {number} at {minute:%a %b} {minute.day:>2} {minute:%H:%M:00 %Y}\n")  # fmt: skip  # noqa: E501


def every_job(call: Call) -> list[str]:
    """Paths of the jobs for one time that wait, be they gone."""
    company, server = call.seat.session.company, call.seat.server
    return [path for path in (*company.machines.new.get(server.id, ()), *server.files) if path.startswith(AT_JOBS)]


def time_meant(now: datetime, text: str) -> datetime | None:
    """The moment a text names, or None."""
    text = NAMED.get(text.lower(), text.lower()).strip()
    if text == "now":
        return now
    if found := IN_A_WHILE.fullmatch(text):
        return now + timedelta(seconds=int(found[1]) * SECONDS[found[2]])
    clock = CLOCK.fullmatch(text)
    if not clock or (not clock[2] and not clock[3]):
        return None
    hour = int(clock[1]) % 12 + (12 if clock[3] == "pm" else 0) if clock[3] else int(clock[1])
    if hour > 23 or int(clock[2] or 0) > 59:
        return None
    then = now.replace(hour=hour, minute=int(clock[2] or 0), second=0)
    return then + timedelta(days=1) if clock[4] == "tomorrow" or (then <= now and clock[4] != "today") else then


def atq(call: Call) -> Result:
    """What waits: one's own, or everybody's for root."""
    company, out = call.seat.session.company, ""
    for file in jobs_seen(call):
        minute = moment_of(company, time_of(company, file.path))
        out += f"{number_of(file.path)}\t{minute:%a %b} {minute.day:>2} {minute:%H:%M:00 %Y} a {file.owner}\n"
    return Result(out)


def jobs_seen(call: Call) -> list[HostFile]:
    """The jobs for one time that the account may see."""
    company, server = call.seat.session.company, call.seat.server
    found = (each for each in files_of(company, server) if each.path.startswith(AT_JOBS) and each.sort == "file")
    return [each for each in found if call.seat.is_root or each.owner == call.seat.login.id]


def atrm(call: Call) -> Result:
    """Take a job back."""
    known, err = {str(number_of(each.path)): each for each in jobs_seen(call)}, ""
    for number in call.argv:
        if number in known:
            call.seat.session.do(FileRemoved, server=call.seat.server.id, path=known[number].path)
        else:
            err += f"Cannot find jobid {number}\n"
    return Result("", err, 1 if err else 0)


# the background ---------------------------------------------------------------------------------------------


def back(call: Call) -> Result:
    """A command is left in the background."""

    def now(line: str) -> Outcome:
        return call.nested(call.seat, line, call.cwd, "")

    if len(call.argv) != 1 or not call.argv[0].strip():
        return Result("", NOT_FOUND.format(BACK), 127)
    outcome = start(call.seat, call.argv[0], call.cwd, now)
    return Result(outcome.out, outcome.err) if outcome else Result()


def run(call: Call) -> Result:
    """A program that would not come back ends with the line, unless nobody waits for it.

    A script leaves in the background what it leaves; anything else is run as it was written.
    """
    if not call.argv:
        return Result("", NOT_FOUND.format(RUN), 127)
    seat, text = call.seat, shlex.join(call.argv)
    if owned := as_owner(seat, text, call.cwd):
        return owners(call, *owned)
    wrapped, piped = bare(text), reads_commands(text)
    inner = call.stdin if piped else wrapped.led(wrapped.text) if wrapped.text != text else ""
    script = inner if inner and Scan(inner).spans else script_of(seat, wrapped.text, call.cwd) or inner
    leaving = bool(script and Scan(script).spans)
    uses = taken_by(seat.session.company.world, call.stdin) if piped else staying(seat, wrapped.text, call.cwd)
    if uses and not leaving:
        if not (seat.session.unattended or call.argv[:1] == ("setsid",)):
            return Result("", "Terminated\n", 143)
        process(seat, wrapped.text, uses, ends=wrapped.ends)
        return Result()
    if script and INTO.search(script) and not leaving:
        outcome = call.within(script, call.stdin, "")
    elif script and ("/dev/tcp/" in script or leaves(call.disk.tree.files, script)):
        outcome = call.nested(seat, script, call.cwd, "" if piped else call.stdin)
    elif called := next((each for each in (text, wrapped.text) if binary_of(call, each)), ""):
        return executed(call, called)
    else:
        outcome = call.within(f"command {text}", call.stdin, "")
    return Result(outcome.out, outcome.err, outcome.code)


def reads_commands(text: str) -> bool:
    """Is a command a shell that reads what it is to do from what is piped in?"""
    words = words_of(text)
    return bool(words) and interprets(words[0]) and all(each in ("-", "-s", "-x", "-e") for each in words[1:])


def binary_of(call: Call, text: str) -> HostFile | None:
    """The binary that a command runs by its path, or gives to a shell to read; None if it runs something else."""
    words = words_of(text)
    path = next((each for each in words if not (interprets(each) or each.startswith("-"))), "")
    file = call.disk.led(call.path(path)) if "/" in path or words[:1] != [path] else None
    return file if file and file.binary else None


def executed(call: Call, text: str) -> Result:
    """A binary: a copy of a program of the machine is that program, anything else is nothing a kernel can run."""
    words, file = words_of(text), binary_of(call, text)
    name = program_of(file)
    if interprets(words[0]):
        return Result("", f"{words[1]}: {words[1]}: cannot execute binary file\n", 126)
    if file and not file.lets(call.seat.login, EXECUTE):
        return Result("", f"bash: line 1: {words[0]}: Permission denied\n", 126)
    if not name:
        return Result("", f"bash: line 1: {words[0]}: cannot execute binary file: Exec format error\n", 126)
    own: dict[str, Command] = import_module("corpenv.shell.commands").COMMANDS
    if name in own:
        return own[name](call._replace(name=name, argv=tuple(words[1:])))
    outcome = call.within(shlex.join([name, *words[1:]]), call.stdin, name)
    return Result(outcome.out, outcome.err, outcome.code)


def owners(call: Call, owner: str, line: str) -> Result:
    """A program runs as its owner, whoever starts it."""
    login = login_now(call.seat.session.company, call.seat.server, owner)
    if login is None or not line:
        return Result()
    outcome = call.nested(enter(call.seat, call.seat.server, login, "setuid"), line, call.cwd, call.stdin)
    return Result(outcome.out, outcome.err, outcome.code)


def last(call: Call) -> Result:
    """The pid of what was left in the background last."""
    session, server = call.seat.session, call.seat.server
    started = [each for each in session.events if isinstance(each, ProcessStarted) and each.server == server.id]
    return Result(f"{started[-1].pid if started else new_pid(session.company, server)}\n")


def wait(call: Call) -> Result:
    """What this line left sleeping comes to its end first."""
    session, server, out, err = call.seat.session, call.seat.server, "", ""
    alive = {each.pid: each for each in processes_of(session.company, server)}
    for event in tuple(session.events):
        if isinstance(event, ProcessStarted) and event.pid in alive and event.wakes and not event.every:
            session.do(ProcessEnded, server=server.id, pid=event.pid)
            outcome = call.nested(call.seat, event.does, call.cwd, "") if event.does else None
            out, err = (out + outcome.out, err + outcome.err) if outcome else (out, err)
    return Result(out, err)


def nothing(call: Call) -> Result:
    return Result()


def setsid(call: Call) -> Result:
    """A command in a session of its own; with `-f`, nobody waits for it."""
    words = list(call.argv)
    forks = False
    while words and words[0].startswith("-"):
        forks = words.pop(0) in ("-f", "--fork") or forks
    if not words:
        return Result("", "setsid: no command specified\nTry 'setsid --help' for more information.\n", 1)
    if forks:
        return back(call._replace(argv=(shlex.join(words),)))
    outcome = call.within(shlex.join(words), call.stdin, "")
    return Result(outcome.out, outcome.err, outcome.code)


COMMANDS: dict[str, Command] = {
    "crontab": crontab, "at": at, "batch": at, "atq": atq, "atrm": atrm, BACK: back, LAST: last, RUN: run,
    "disown": nothing, "wait": wait, "setsid": setsid,
}  # fmt: skip
ACTING = tuple(COMMANDS)
