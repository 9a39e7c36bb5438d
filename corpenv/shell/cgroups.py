"""What a service runs besides its main process: where its program is another than at the start, or reads what is
another, that is run for what it leaves behind; it ends with the service.
"""

import re
from importlib import import_module

from corpenv.company.hosts import HostFile, Server, Service, program_in
from corpenv.company.machines import find_file, processes_of
from corpenv.company.rights import login_now
from corpenv.company.units import loaded, values
from corpenv.events import ProcessEnded
from corpenv.shell.base import Seat, Session

NAMED = re.compile(r"/[\w./-]+")


def run_others(session: Session, server: Server, service: Service, command: str, works: bool) -> None:
    """Run what a service runs that it did not at the start, before, instead of and after it."""
    unit = loaded(session.company, server, service)
    run(session, server, service, *values(unit, "ExecStartPre"))
    end_others(session, server, service)  # nothing that was left before stays
    if not works or reads_other(session, server, program_in(command)):
        run(session, server, service, command)
    run(session, server, service, *values(unit, "ExecStartPost"))


def run(session: Session, server: Server, service: Service, *lines: str) -> None:
    """Lines as the account of a service; one that is being started so already does not start itself again."""
    login = login_now(session.company, server, service.account)
    if login is None or service.id in session.units:
        return
    session.units = (*session.units, service.id)
    shell = import_module("corpenv.shell.bash").BashShell()
    for line in lines:
        shell.run(Seat(session, server, login, len(session.units)), f"{line} &", "/")
    session.units = session.units[:-1]


def end_others(session: Session, server: Server, service: Service) -> None:
    """All that a service left behind ends."""
    for each in processes_of(session.company, server):
        if each.service == service.id and each.pid != service.pid:
            session.do(ProcessEnded, server=server.id, pid=each.pid, signal=15)


def reads_other(session: Session, server: Server, program: str) -> bool:
    """Does a program name a file that says something else than at the start?"""
    company = session.company
    file = find_file(company, server.id, program)
    named = NAMED.findall(company.text(file.text)) if file and not file.binary else ()
    return any(not same(session, find_file(company, server.id, path), server.first(path)) for path in named)


def same(session: Session, now: HostFile | None, first: HostFile | None) -> bool:
    """Is a file the one that it was at the start?"""
    if now is None or first is None:
        return now is first
    return (now.sort, session.company.text(now.text)) == (first.sort, session.company.text(first.text))
