"""Scheduled jobs as the files and tables of a server say: which lines there are, whose, and when they are due."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.crontabs import TABLES, is_obeyed, owner_of, rows_of
from corpenv.company.crontimes import Job, job_of, next_due
from corpenv.company.hosts import EXECUTE, ROOT, HostFile, Server
from corpenv.company.machines import files_of, find_file
from corpenv.company.servicing import moment_of
from corpenv.company.timetable import WORLD
from corpenv.shell.timers import timers_of

SYSTEM_TABLE, SYSTEM_TABLES = "/etc/crontab", "/etc/cron.d/"
EVERY_SO_OFTEN = {"/etc/cron.hourly/": "17 * * * *", "/etc/cron.daily/": "25 6 * * *"}
"""Folders of scripts → when the system runs them."""


class Line(NamedTuple):
    """A scheduled job of a server.

    Attributes:
        account: as whom it runs there.
        author: the account of the company that put it there in the episode, or "".
        source: whose table it stands in, or the path of the file.
    """

    job: Job
    account: str
    author: str
    source: str


def lines_of(company: Company, server: Server) -> Iterator[Line]:
    """Every line of a server that does something, in the order in which they are run."""
    for file in files_of(company, server, (TABLES, "/etc/cron")):
        yield from lines_in(company, file) if file.path.startswith("/etc") else own_lines(company, server, file)
    for link, job in timers_of(company, server):
        yield Line(job, ROOT, link.by, link.path)


def own_lines(company: Company, server: Server, table: HostFile) -> Iterator[Line]:
    """The lines of the table of an account."""
    account = owner_of(table.path)
    for line in rows_of(company.text(table.text)) if is_obeyed(table) else ():
        job = None if (account, line) in server.inert else job_of(line)
        if job:
            yield Line(job, account, company.machines.authors.get((server.id, account, line), ""), account)


def lines_in(company: Company, file: HostFile) -> Iterator[Line]:
    """The lines of a file of the system."""
    if file.sort != "file":
        return
    folder, _, name = file.path.rpartition("/")
    if file.path == SYSTEM_TABLE or (f"{folder}/" == SYSTEM_TABLES and "." not in name):
        for line in company.text(file.text).splitlines():
            job = None if line.startswith("#") else job_of(line, system=True)
            if job:
                words = line.split()
                yield Line(job, words[1 if words[0].startswith("@") else 5], file.by, file.path)
    elif f"{folder}/" in EVERY_SO_OFTEN and file.mode & EXECUTE and "." not in name:
        job = job_of(f"{EVERY_SO_OFTEN[f'{folder}/']} {file.path}")
        if job:
            yield Line(job, ROOT, file.by, file.path)


def comes_next(company: Company, server: Server, after: int) -> int | None:
    """The second of the next minute in which a line is due."""
    start = moment_of(company, 0)
    due = next_due((line.job for line in lines_of(company, server)), moment_of(company, after))
    return None if due is None else seconds(start, due)


def seconds(start: datetime, then: datetime) -> int:
    """Seconds from one moment to another."""
    return int((then - start).total_seconds())


def responsible(company: Company, server: Server, line: Line) -> str:
    """Whose doing a scheduled job is: who put it there, else who wrote what it runs, else whose account it is."""
    program = find_file(company, server.id, line.job.command.split()[0])
    login = server.logins.get(line.account)
    return line.author or (program.by if program else "") or (login.person if login else "") or WORLD
