"""Becoming somebody else on a server: what is written of it, and whose right or credential it was."""

from corpenv.company.hosts import ROOT, Login, Server
from corpenv.company.rights import login_now, may_run
from corpenv.events import ActionDenied, LoggedIn
from corpenv.shell.base import AUTHLOG, Seat


def enter(seat: Seat, server: Server, login: Login, through: str, credential: str = "") -> Seat:
    """A session begins as somebody; a seat there."""
    seat.session.do(
        LoggedIn, server=server.id, account=login.id, origin=f"{seat.server.id}:{seat.login.id}", through=through,
        credential=credential,
    )  # fmt: skip
    return Seat(seat.session, server, login, seat.depth + 1)


def denied(seat: Seat, action: str, target: str, server: Server | None = None) -> None:
    """A server refuses something."""
    there = server or seat.server
    seat.session.do(ActionDenied, server=there.id, account=seat.login.id, action=action, target=target)


def by_sudo(seat: Seat, whom: str, line: str, folder: str) -> Seat | str:
    """A seat as somebody else for a command line, or what `sudo` says."""
    session, server, name = seat.session, seat.server, seat.login.id
    login = login_now(session.company, server, whom)
    if not may_run(session.company, server, seat.login, line):
        denied(seat, "root", whom)
        told = f"{name} : user NOT in sudoers ; PWD={folder} ; USER={whom} ; COMMAND={line}"
        session.log(server, AUTHLOG, "sudo", told)
        return f"{name} is not in the sudoers file.\nThis incident has been reported to the administrator.\n"
    if login is None:
        return f"sudo: unknown user {whom}\n"
    session.log(server, AUTHLOG, "sudo", f"{name} : PWD={folder} ; USER={whom} ; COMMAND={line or 'bash'}")
    return enter(seat, server, login, "sudo") if whom != name or whom == ROOT else seat._replace(depth=seat.depth + 1)
