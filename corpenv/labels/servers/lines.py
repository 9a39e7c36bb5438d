"""Command lines of a record, typed ones and those that servers run later: where each begins, and what it would do again
in another company.
"""

from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.rights import login_now
from corpenv.events import CallAccepted, CommandRun, Event, Happened
from corpenv.labels.scenes import Scene
from corpenv.labels.servers.stopped import events_of
from corpenv.shell.base import Session
from corpenv.shell.later import run_as

BEFORE = (CommandRun, CallAccepted, Happened)
"""Events behind which a line begins."""


class Line(NamedTuple):
    """A command line that was run, by whom and where, and its events from `start` on."""

    start: int
    run: CommandRun
    events: tuple[Event, ...]


def line_of(scene: Scene, number: int) -> Line | None:
    """The command line in which an event stands, if one was run: it is told behind what it did."""
    events, own = scene.entry.events, scene.event(number)
    for at in range(number, len(events)):
        run = events[at]
        if isinstance(run, CommandRun) and (run.cause, run.at, run.actor) == (own.cause, own.at, own.actor):
            start = next((n + 1 for n in range(number - 1, -1, -1) if isinstance(events[n], BEFORE)), 0)
            return Line(start, run, events[start:at])
    return None


def before(scene: Scene, line: Line) -> Company:
    """The company in which a line of an entry begins."""
    return Scene(scene.entry, scene.given).before(line.start)


def rerun(company: Company, run: CommandRun) -> tuple[Event, ...]:
    """The events of a line that is run again, by the same account."""
    if not run.cause:
        return events_of("run_command", {"server": run.server, "command": run.command}, company)
    server = company.world.servers[run.server]
    login = login_now(company, server, run.account)
    if login is None:
        return ()
    session = Session(company, run.actor, run.cause)
    run_as(session, server, login, run.command, login.home)
    return tuple(session.events)
