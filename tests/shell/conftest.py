"""A shell on the servers of the bindery."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corpenv.company import Company
from corpenv.company.machines import find_file
from corpenv.env import CompanyEnv
from corpenv.events import Event
from corpenv.shell import Outcome, Seat, Session
from corpenv.shell.bash import BashShell
from corpenv.world import World
from corpenv.yamlfile import read


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


YARD = read(Path(__file__).with_name("yard.yaml"), "yard.yaml").value


class Yard:
    """An episode on the two servers of the yard; `run` is what the desk's command line prints there."""

    def __init__(self, env: CompanyEnv) -> None:
        self.env = env

    @property
    def company(self) -> Company:
        return self.env.company

    def run(self, line: str, server: str = "yard-1") -> str:
        return self.env.do("run_command", server=server, command=line)

    def wait(self, minutes: int) -> None:
        """Let so much time pass, whatever reaches the desk meanwhile."""
        until = self.company.now + minutes * 60
        while self.company.now < until:
            self.env.do("wait", minutes=max(1, min(600, (until - self.company.now) // 60)))

    def text(self, path: str, server: str = "yard-1") -> str:
        """What stands in a file, "" if it is not there."""
        file = find_file(self.company, server, path)
        return self.company.text(file.text) if file else ""

    def events(self, *kinds: type[Event]) -> list[Event]:
        """Everything of these kinds that happened so far."""
        return [event for entry in self.env.record.entries for event in entry.events if isinstance(event, kinds)]


@pytest.fixture(scope="session")
def yard_world(planned) -> World:
    """The bindery with the two servers of the yard: a world is a value, and episodes in it are made apart."""
    return with_servers(planned, YARD)


@pytest.fixture
def yards(office, yard_world) -> Callable[[], Yard]:
    """`yards()` is another episode on the same two servers, with many steps."""
    return lambda: Yard(office(yard_world, tier="P5", max_steps=200))


@pytest.fixture
def yard(yards) -> Yard:
    return yards()


def with_servers(world: World, topics: dict[str, list[dict[str, Any]]]) -> World:
    """A world with other servers and what they need."""
    for topic, items in topics.items():
        world = world.with_items(topic, items)
    return world


@pytest.fixture
def laid_out(office, planned) -> Callable[..., Yard]:
    """`laid_out(topics, "jobs")` is an episode on the yard with other topics, and tools of more systems."""

    def made(topics: dict[str, list[dict[str, Any]]], *systems: str) -> Yard:
        world = with_servers(planned, {**YARD, **topics})
        parts = {}
        for name, part in world.scenario_parts.items():
            post = part.post.model_copy(update={"systems": (*part.post.systems, *systems)})
            parts[name] = part.model_copy(update={"post": post})
        return Yard(office(World(world.name, world.part, world.parts, parts, world.laid), tier="P5", max_steps=200))

    return made


@pytest.fixture(scope="session")
def root_world(planned) -> World:
    """The yard, where the desk is root."""
    topics = {name: [dict(each) for each in items] for name, items in YARD.items()}
    first = topics["servers"][0]
    first["accounts"] = [{**each, "sudo": True} if each["id"] == "desk" else each for each in first["accounts"]]
    return with_servers(planned, topics)


@pytest.fixture
def with_root(office, root_world) -> Yard:
    """An episode in it."""
    return Yard(office(root_world, tier="P5"))


@pytest.fixture(scope="session")
def yard_at(office, yard_world) -> Callable[..., Ran]:
    """`yard_at("sudo id")` is what that line gives to whoever looks after the yard, without an episode around it."""
    start = office(yard_world, tier="P5").company

    def ran(line: str, after: Company | None = None) -> Ran:
        host = start.world.servers["yard-1"]
        login = host.logins["dele"]
        session = Session(after or start, "dele.okafor")
        outcome = BashShell().run(Seat(session, host, login), line, login.home)
        return Ran(outcome, tuple(session.events), session.company)

    return ran
