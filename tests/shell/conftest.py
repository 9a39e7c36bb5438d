"""A shell on the servers of the bindery."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from corpenv.company import Company
from corpenv.events import Event
from corpenv.shell import Outcome, Seat, Session
from corpenv.shell.bash import BashShell


class Ran(NamedTuple):
    """What a command line gave, what it did, and the company after it."""

    outcome: Outcome
    events: tuple[Event, ...]
    company: Company

    @property
    def text(self) -> str:
        return self.outcome.text

    @property
    def code(self) -> int:
        return self.outcome.code

    def of(self, *kinds: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kinds)]


@pytest.fixture(scope="session")
def company(office, planned) -> Company:
    """The bindery at the start, with its servers."""
    return office(planned).company


@pytest.fixture(scope="session")
def at(company) -> Callable[..., Ran]:
    """`at("dele", "sudo whoami")` is what that line gives to somebody on the log server."""

    def ran(who: str, line: str, server: str = "log-1", after: Company | None = None, folder: str = "") -> Ran:
        session = Session(after or company, "desk")
        host = company.world.servers[server]
        login = host.logins[who]
        outcome = BashShell().run(Seat(session, host, login), line, folder or login.home)
        return Ran(outcome, tuple(session.events), session.company)

    return ran
