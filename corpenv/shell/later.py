"""What servers do by themselves: scheduled jobs, jobs for one time, and processes that wake.

`FOLLOWING` is kind of event → what is planned because of it; `DUE` is sort of plan → what then happens. The shell runs
the line as that account at that moment; what comes of it are events, so that a replay needs no shell.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, cast

from corpenv.company import Company
from corpenv.company.crontabs import TABLES
from corpenv.company.hosts import CRON, Login, Server
from corpenv.company.machines import find_file, find_service, processes_of
from corpenv.company.rights import login_now
from corpenv.company.servicing import moment_of
from corpenv.company.timetable import WORLD, planned
from corpenv.events import (
    CommandRun,
    CronChanged,
    Due,
    Event,
    FileModeChanged,
    FileMoved,
    FileRemoved,
    FileWritten,
    ProcessEnded,
    ProcessStarted,
)
from corpenv.names import draw
from corpenv.shell.background import start
from corpenv.shell.base import AUTHLOG, SYSLOG, Outcome, Seat, Session, Shell
from corpenv.shell.programs import PROGRAMS
from corpenv.shell.schedules import comes_next, lines_of, responsible
from corpenv.shell.timers import ON

MOST_RUNS = 2_000
"""Lines that servers run by themselves in an episode; then their schedulers have given up."""
AT_JOBS = "/var/spool/cron/atjobs/"
AT_JOB = re.compile(rf"{AT_JOBS}a([0-9a-f]{{5}})([0-9a-f]{{8}})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def interpreter() -> Shell:
    """The shell, loaded when it is first needed."""
    return cast(Shell, import_module("corpenv.shell.bash").BashShell())


def run_as(session: Session, server: Server, login: Login, line: str, folder: str) -> Outcome:
    """A line that nobody types."""
    outcome = interpreter().run(Seat(session, server, login), line, folder)
    session.do(CommandRun, server=server.id, account=login.id, command=line, exit_code=outcome.code)
    return outcome


# what follows -----------------------------------------------------------------------------------------------


def cron_will_come(company: Company, name: str, nth: int = 0) -> Iterator[Event]:
    """The next minute in which a server has something to run, unless that is planned."""
    server = company.world.servers.get(name)
    at = comes_next(company, server, company.now) if server else None
    known = any(each.at == at and each.sort == "cron" and each.ref == name for each in company.plan.due)
    if at is not None and not known:
        yield planned(company, at, "cron", name, nth=nth)


def table_changed(company: Company, event: CronChanged) -> Iterable[Event]:
    return cron_will_come(company, event.server)


def file_changed(company: Company, event: FileWritten | FileRemoved | FileMoved | FileModeChanged) -> Iterable[Event]:
    """A table of the system is another one, or there is a job for one time."""
    paths = (event.path, getattr(event, "to", ""))
    if any(path.startswith(("/etc/cron", TABLES, ON)) for path in paths):
        yield from cron_will_come(company, event.server)
    if isinstance(event, FileWritten) and AT_JOB.fullmatch(event.path):
        yield planned(company, max(company.now, time_of(company, event.path)), "at", f"{event.server}:{event.path}")


def process_will_wake(company: Company, event: ProcessStarted) -> Iterable[Event]:
    if event.wakes:
        yield planned(company, event.wakes, "wake", f"{event.server}:{event.pid}")


FOLLOWING: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    CronChanged: table_changed,
    FileWritten: file_changed,
    FileRemoved: file_changed,
    FileMoved: file_changed,
    FileModeChanged: file_changed,
    ProcessStarted: process_will_wake,
}


# what was planned -------------------------------------------------------------------------------------------


def run_tables(company: Company, due: Due) -> Iterable[Event]:
    """The lines of a server that are due in this minute, one after the other."""
    server = company.world.servers.get(due.ref)
    if server is None or company.machines.runs >= MOST_RUNS:
        return
    yield from cron_will_come(company, server.id)
    keeper = find_service(company, server.id, CRON)
    session, minute = Session(company, WORLD), moment_of(company, due.at)
    for line in tuple(lines_of(company, server)):
        login = login_now(session.company, server, line.account)
        if not line.job.at(minute) or login is None:
            continue
        session.actor, session.cause = responsible(company, server, line), f"cron:{server.id}:{line.source}"
        if line.source.startswith(ON):
            run_as(session, server, login, line.job.command, "/")
        elif keeper is None or keeper.works:
            scheduled(session, server, login, line.job.command)
    yield from session.events


def scheduled(session: Session, server: Server, login: Login, line: str) -> None:
    """A line of a table is run; what it prints nobody reads."""
    pid = draw(session.company.seed, "cron", server.id, line, str(session.company.now)) % 60_000 + 1200
    session.log(server, SYSLOG, f"CRON[{pid}]", f"({login.id}) CMD ({line})")
    opened, closed = f"opened for user {login.id}(uid={login.uid}) by (uid=0)", f"closed for user {login.id}"
    session.log(
        server, AUTHLOG, f"CRON[{pid}]", *(f"pam_unix(cron:session): session {each}" for each in (opened, closed))
    )
    if runs_something(session.company, server, line):
        outcome = run_as(session, server, login, line, login.home)
        if outcome.text:
            session.log(server, SYSLOG, f"CRON[{pid - 1}]", "(CRON) info (No MTA installed, discarding output)")


def runs_something(company: Company, server: Server, line: str) -> bool:
    """Is there anything behind the first word of a line? Tables of the ordinary often name what is nowhere else."""
    program = line.split()[0]
    name = program.rpartition("/")[2]
    return not program.startswith("/") or name in PROGRAMS or find_file(company, server.id, program) is not None


def run_once(company: Company, due: Due) -> Iterable[Event]:
    """A job for one time is run, unless somebody took it back."""
    name, _, path = due.ref.partition(":")
    server, file = company.world.servers.get(name), find_file(company, name, path)
    login = login_now(company, server, file.owner) if server and file else None
    if server and file and login and company.machines.runs < MOST_RUNS:
        session = Session(company, file.by or login.person or WORLD, f"at:{due.ref}")
        session.do(FileRemoved, server=name, path=path)
        run_as(session, server, login, company.text(file.text), login.home)
        yield from session.events


def wake(company: Company, due: Due) -> Iterable[Event]:
    """A process does what it slept for, unless it was ended; then it ends or sleeps again."""
    name, _, pid = due.ref.partition(":")
    server = company.world.servers.get(name)
    running = processes_of(company, server) if server else []
    process = next((each for each in running if each.pid == int(pid)), None)
    login = login_now(company, server, process.account) if server and process else None
    if server is None or process is None or login is None or company.machines.runs >= MOST_RUNS:
        return
    if process.every or process.paused:
        yield planned(company, due.at + (process.every or 60), "wake", due.ref)
    if process.paused:
        return
    session = Session(company, process.by or login.person or WORLD, due.ref)
    if not process.every:
        session.do(ProcessEnded, server=name, pid=process.pid)
    if process.every and process.does:
        run_as(session, server, login, process.does, login.home)
    elif process.does:
        seat = Seat(session, server, login)
        start(seat, process.does, login.home, lambda line: run_as(session, server, login, line, login.home))
    yield from session.events


DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {"cron": run_tables, "at": run_once, "wake": wake}


# jobs for one time ------------------------------------------------------------------------------------------


def path_of(company: Company, number: int, at: int) -> str:
    """Where a job for one time stands: its number and its minute are its name."""
    return f"{AT_JOBS}a{number:05x}{int((moment_of(company, at) - EPOCH).total_seconds()) // 60:08x}"


def number_of(path: str) -> int:
    """The number of a job for one time."""
    found = AT_JOB.fullmatch(path)
    return int(found[1], 16) if found else 0


def time_of(company: Company, path: str) -> int:
    """When a job for one time is due."""
    found = AT_JOB.fullmatch(path)
    then = EPOCH + timedelta(minutes=int(found[2], 16) if found else 0)
    return int((then - moment_of(company, 0)).total_seconds())
