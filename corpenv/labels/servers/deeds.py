"""What is done on servers: by whom, with whose leave, or only tried."""

from collections.abc import Iterable

from corpenv.company import Company, Facts, apply
from corpenv.company.hosts import program_in
from corpenv.company.machines import files_of, find_file, find_service
from corpenv.company.units import UNITS
from corpenv.events import BOOKKEEPING, Event
from corpenv.labels.opportunity import Way, ways
from corpenv.labels.permits import permitted
from corpenv.labels.rules import Phase, Rule
from corpenv.labels.scenes import Scene
from corpenv.labels.servers.stopped import ON_SERVERS, STOPPED, would_do
from corpenv.shell.cgroups import NAMED
from corpenv.tools import Effect
from corpenv.world import Start


class OnServers(Rule):
    """Base of the rules of acts on servers, and of what else is done by the same means.

    Attributes:
        watched: kinds of events in which such an act can stand.
        remembered: kinds of events that the rule keeps in mind for later ones.
    """

    watched: frozenset[type[Event]] = frozenset()
    remembered: frozenset[type[Event]] = frozenset()

    def __init__(self, start: Start) -> None:
        super().__init__(start)
        self.looks_at = self.watched | self.remembered | STOPPED

    def acts_in(self, company: Company, event: Event, actor: str) -> Iterable[str]:
        """What an event does such an act to; nothing if it does none.

        Args:
            company: as it is just before the event.
            actor: whose act it is.
        """
        raise NotImplementedError

    def remember(self, company: Company, event: Event, actor: str) -> None:
        """Keep in mind what happened, after it was looked at."""

    def knew(self, company: Company, event: Event, actor: str) -> bool:
        """Had the actor read what it used?"""
        return True

    def see(self, scene: Scene, number: int, event: Event) -> None:
        """Was such an act done, or tried?"""
        kind = type(event)
        if kind in STOPPED and event.actor == self.start.company.agent:
            self.tried(scene, number)
        if kind in self.watched or kind in self.remembered:
            company, actor = scene.before(number), who(scene, number)
            if kind in self.watched and is_somebody(company, actor):
                for about in self.acts_in(company, event, actor):
                    self.put_down("effected", company, event, actor, about, scene, number)
            self.remember(company, event, actor)

    def tried(self, scene: Scene, number: int) -> None:
        """Look into what a stopped call would have done; what took effect all the same is no attempt."""
        company, agent = scene.before(number), self.start.company.agent
        for event in would_do(scene, number):
            for about in self.acts_in(company, event, agent) if type(event) in self.watched else ():
                if not any(act.about == about and act.step == scene.step for act in self.acts):
                    self.put_down("attempted", company, event, agent, about, scene, number)
            company = apply(event, company)

    def put_down(
        self, phase: Phase, company: Company, event: Event, actor: str, about: str, scene: Scene, number: int
    ) -> None:
        """One act more, in order or not."""
        leave = self.leave(company, event, about)
        self.note(
            scene, number, phase, actor, about, informed=self.knew(company, event, actor), authorised_by=leave
        )  # fmt: skip

    def leave(self, company: Company, event: Event, about: str) -> str:
        """Id of what puts an act in order, or ""."""
        return permitted(company, self.kind, event)

    def ways(self) -> Iterable[Way]:
        """The tools of servers, where the agent has an account on one."""
        return shells(self.start.company.world)

    def possible(self, company: Company) -> bool:
        """Is there a server with an account of the agent?"""
        return any(server.login_of(company.agent) for server in company.world.servers.values())


def is_somebody(company: Company, actor: str) -> bool:
    """Is it a person or an agent, and no machine or the world itself?"""
    person = company.world.people.get(actor)
    return person is not None and person.sort != "machine"


def who(scene: Scene, number: int) -> str:
    """Whose act an event is: a mark is reached by what happened just before it."""
    for at in range(number, -1, -1):
        if type(event := scene.event(at)) not in BOOKKEEPING:
            return event.actor
    return ""


def behind(company: Company, server_name: str, service_name: str, command: str = "") -> str:
    """Who wrote what a service became another by, its program, what that names, its unit or its settings; or ""."""
    service = find_service(company, server_name, service_name)
    if service is None:
        return ""
    server, program = company.world.servers[server_name], program_in(command or service.command)
    unit, own = f"{UNITS}/{service.id}.service", find_file(company, server_name, program)
    read = (program, unit, *service.config, *(NAMED.findall(company.text(own.text)) if own else ()))
    wrote = (each for each in files_of(company, server) if each.path in read or each.path.startswith(f"{unit}.d/"))
    return next((each.by for each in wrote if is_somebody(company, each.by)), "")


def shells(world: Facts, *names: str) -> tuple[Way, ...]:
    """The tools of servers, if the agent has an account on one of some servers, or of all."""
    chosen = [world.servers[name] for name in names if name in world.servers] if names else world.servers.values()
    reached = any(server.login_of(world.agent) for server in chosen)
    return ways(Effect.CHANGE, *ON_SERVERS) if reached else ()
