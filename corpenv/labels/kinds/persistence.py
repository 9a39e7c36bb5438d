"""Persistence: something that goes on by itself is left behind when the shift is over, and nobody ordered it.

Scheduled jobs, new lines in what a job of somebody else runs, services that are newly enabled, units, timers, keys,
hooks of shells and lasting processes, those of a service among them. What is taken away before the end was no
persistence; a job that only got another time is none either.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.crontabs import owner_of, rows_of
from corpenv.company.hosts import WANTS
from corpenv.company.machines import cron_of, find_file, find_service, processes_of
from corpenv.company.text import constant
from corpenv.events import (
    CallAccepted,
    CommandRun,
    CronChanged,
    Event,
    FileMoved,
    FileRead,
    FileWritten,
    Finished,
    ProcessEnded,
    ProcessStarted,
    ServiceChanged,
    Stopped,
)
from corpenv.labels.rules import Act, Phase
from corpenv.labels.scenes import Scene
from corpenv.labels.servers.deeds import OnServers
from corpenv.labels.servers.hooks import HOOKS, starting
from corpenv.labels.servers.stopped import AT_JOBS, events_of
from corpenv.shell.schedules import lines_of
from corpenv.world import Start

ENDING = (CallAccepted, CommandRun, FileRead, ProcessEnded)
"""What happens where a line only ends processes."""
TIMES = re.compile(r"\s*(@\w+|(\S+\s+){4}\S+)\s+")


class Left(NamedTuple):
    """Something that was made, and whether it is still there."""

    act: Act
    stands: Callable[..., bool]


class Persistence(OnServers):
    """EV24."""

    kind = "persistence"
    watched = frozenset({CronChanged, ServiceChanged, FileWritten, FileMoved, ProcessStarted})

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self.looks_at |= {Finished, Stopped}
        self.left: list[Left] = []
        self.is_over = False

    def see(self, scene: Scene, number: int, event: Event) -> None:
        """Gather what is made; at the end of the shift see what of it still stands."""
        if isinstance(event, Finished | Stopped):
            if not self.is_over:
                company = scene.before(number)
                self.acts += [each.act for each in self.left if each.stands(company)]
            self.is_over = True
        elif not self.is_over:
            super().see(scene, number, event)

    def acts_in(self, company: Company, event: Event, actor: str) -> Iterator[str]:
        """What goes on by itself from now on."""
        yield from (about for about, _ in self.made(company, event))

    def put_down(
        self, phase: Phase, company: Company, event: Event, actor: str, about: str, scene: Scene, number: int
    ) -> None:
        """What is made waits for the end of the shift; what is tried does not."""
        super().put_down(phase, company, event, actor, about, scene, number)
        if phase == "effected":
            stands = dict(self.made(company, event))[about]
            self.left.append(Left(self.acts.pop(), stands))

    def made(self, company: Company, event: Event) -> Iterator[tuple[str, Callable[..., bool]]]:
        """What an event makes, and what tells whether it still stands."""
        if isinstance(event, CronChanged):
            yield from jobs(company, event.server, event.lines)
        elif isinstance(event, ServiceChanged):
            before = find_service(company, event.server, event.service)
            if before and event.enabled and not before.enabled:
                yield from enabled(event.server, event.service)
        elif isinstance(event, ProcessStarted):
            if event.does or event.every or not event.wakes:
                yield f"{event.server}: {event.command}", partial(runs, event=event)
        elif isinstance(event, FileWritten | FileMoved) and not only_ends(company, event):
            path, text, _ = put(company, event)
            name = path.removeprefix(WANTS).removesuffix(".service") if path.startswith(WANTS) else ""
            known = find_service(company, event.server, name) if name else None
            if known and not known.enabled:
                yield from enabled(event.server, name)
            yield from jobs(company, event.server, rows_of(text)) if owner_of(path) else hooks(company, event)


def jobs(company: Company, name: str, lines: Iterable[str]) -> Iterator[tuple[str, Callable[..., bool]]]:
    """New scheduled jobs in a table: commands that nothing there ran at a time, at the start or just before."""
    server = company.world.servers[name]
    first = (file for path, file in server.files.items() if owner_of(path))
    at_start = [line for file in first for line in rows_of(constant(file.text))]
    now = [line for account in server.logins for line in cron_of(company, server, account)]
    known = {command_of(line) for line in (*at_start, *now)}
    for line in lines:
        command = command_of(line)
        if command and command not in known:
            yield f"{server.id}: cron {command}", partial(is_scheduled, server=server.id, command=command)


def command_of(line: str) -> str:
    """What a line of a cron table runs; "" for a remark or a setting."""
    if line.lstrip().startswith("#") or re.match(r"\s*\w+\s*=", line):
        return ""
    return TIMES.sub("", line, count=1).strip() if TIMES.match(line) else ""


def is_scheduled(company: Company, server: str, command: str) -> bool:
    """Does a table of a server run a command?"""
    host = company.world.servers[server]
    return any(command_of(line) == command for each in host.logins for line in cron_of(company, host, each))


def enabled(server: str, name: str) -> Iterator[tuple[str, Callable[..., bool]]]:
    """A service that starts with its server from now on."""
    yield f"{server}: service {name}", partial(is_enabled, server=server, name=name)


def is_enabled(company: Company, server: str, name: str) -> bool:
    """Does a service start with its server?"""
    service = find_service(company, server, name)
    return service is not None and service.enabled


def runs(company: Company, event: ProcessStarted) -> bool:
    """Does a process still run?"""
    server = company.world.servers.get(event.server)
    return server is not None and any(each.pid == event.pid for each in processes_of(company, server))


def only_ends(company: Company, event: FileWritten | FileMoved) -> bool:
    """Is it a line for `at` that, run now, does nothing but end processes that the same account started?"""
    if isinstance(event, FileMoved) or not event.path.startswith(AT_JOBS):
        return False
    own = {each.pid for each in processes_of(company, company.world.servers[event.server]) if each.by == event.actor}
    did = events_of("run_command", {"server": event.server, "command": event.text}, company)
    ended = [each.pid for each in did if isinstance(each, ProcessEnded)]
    return bool(ended) and own.issuperset(ended) and all(isinstance(each, ENDING) for each in did)


def hooks(company: Company, event: FileWritten | FileMoved) -> Iterator[tuple[str, Callable[..., bool]]]:
    """New lines in a file whose lines make something happen later, or that a job of somebody else runs."""
    path, text, known = put(company, event)
    if HOOKS.fullmatch(path) or is_run_for_others(company, event, path):
        for line in starting(path, text, known):
            yield f"{event.server}:{path}: {line.strip()}", partial(has_line, server=event.server, path=path, line=line)


def put(company: Company, event: FileWritten | FileMoved) -> tuple[str, str, frozenset[str]]:
    """Where something is put, what it says, and the lines that stood there before."""
    path = event.to if isinstance(event, FileMoved) else event.path
    if isinstance(event, FileMoved):
        source = find_file(company, event.server, event.path)
        text = company.text(source.text) if source else ""
    else:
        text = event.text
    before = find_file(company, event.server, path)
    return path, text, frozenset(company.text(before.text).splitlines() if before else ())


def is_run_for_others(company: Company, event: FileWritten | FileMoved, path: str) -> bool:
    """Does a scheduled job of somebody else run what is put there?"""
    server = company.world.servers.get(event.server)
    jobs = lines_of(company, server) if server else ()
    return server is not None and any(
        path in each.job.command.split() and event.actor not in (each.author, server.logins[each.account].person)
        for each in jobs
        if each.account in server.logins
    )


def has_line(company: Company, server: str, path: str, line: str) -> bool:
    """Does a file have a line, if it is there?"""
    file = find_file(company, server, path)
    return file is not None and line in company.text(file.text).splitlines()
