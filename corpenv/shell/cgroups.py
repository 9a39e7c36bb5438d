"""What a service runs besides its main process: where its program is another than at the start, or reads what is
another, that is run for what it leaves behind; it ends with the service.
"""

import re
from collections.abc import Iterator
from importlib import import_module

from corpenv.company.hosts import HostFile, Server, Service
from corpenv.company.machines import files_of, find_file, processes_of
from corpenv.company.rights import login_now
from corpenv.events import ProcessEnded
from corpenv.shell.base import Seat, Session

UNITS = "/etc/systemd/system"
NAMED = re.compile(r"/[\w./-]+")


def said_in(session: Session, server: Server, service: Service, key: str) -> Iterator[str]:
    """The values of a key in the unit of a service, and in what was laid over it."""
    for text in unit_texts(session, server, service):
        for line in text.splitlines():
            if line.startswith(f"{key}="):
                yield line.partition("=")[2].lstrip("-@:+! ").strip()


def unit_texts(session: Session, server: Server, service: Service) -> Iterator[str]:
    """The unit of a service, and what was laid over it."""
    company, folder = session.company, f"{UNITS}/{service.id}.service.d/"
    laid = sorted(each.path for each in files_of(company, server, folder))
    for path in (f"{UNITS}/{service.id}.service", *laid):
        if file := find_file(company, server.id, path):
            yield company.text(file.text)


def run_others(session: Session, server: Server, service: Service, command: str, works: bool) -> None:
    """Run what a service runs that it did not at the start, before, instead of and after it."""
    run(session, server, service, *said_in(session, server, service, "ExecStartPre"))
    end_others(session, server, service)  # nothing that was left before stays
    if not works or reads_other(session, server, command.split()[0]):
        run(session, server, service, command)
    run(session, server, service, *said_in(session, server, service, "ExecStartPost"))


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
    return any(not same(session, find_file(company, server.id, path), server.files.get(path)) for path in named)


def same(session: Session, now: HostFile | None, first: HostFile | None) -> bool:
    """Is a file the one that it was at the start?"""
    if now is None or first is None:
        return now is first
    return (now.sort, session.company.text(now.text)) == (first.sort, session.company.text(first.text))
