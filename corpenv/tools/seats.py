"""Where an actor sits on a server, and what it may do there."""

from corpenv.company import Company
from corpenv.company.hosts import DOOR, Server, Service
from corpenv.company.machines import find_server, find_service
from corpenv.company.rights import login_now
from corpenv.errors import Refusal, did_you_mean
from corpenv.shell import Seat, Session


def open_server(company: Company, name: str) -> Server:
    """A server, or Refusal."""
    server = find_server(company, name)
    if server is None:
        raise Refusal(f"there is no server {name!r}{did_you_mean(name, company.world.servers, 5)}")
    return server


def seat_on(company: Company, actor: str, name: str) -> Seat:
    """Where the actor sits on a server, or Refusal."""
    server = open_server(company, name)
    login = server.login_of(actor)
    if login is None:
        raise Refusal(f"you have no account on {server.id}; ask {keeper(company, server)}")
    door = find_service(company, server.id, DOOR)
    if door and not door.works:
        raise Refusal(f"{server.id} does not answer; ask {keeper(company, server)}")
    return Seat(Session(company, actor), server, login_now(company, server, login.id) or login)


def keeper(company: Company, server: Server) -> str:
    """Whom to ask about a server."""
    return company.name_of(server.owner) or "whoever looks after it"


def root_on(seat: Seat) -> bool:
    """Can the account do what root can?"""
    return seat.is_root or seat.login.sudo


def service_on(seat: Seat, name: str) -> Service:
    """A service that the actor may operate, or Refusal."""
    company, server = seat.session.company, seat.server
    service = find_service(company, server.id, name.removesuffix(".service"))
    if service is None:
        raise Refusal(f"{server.id} has no service {name!r}{did_you_mean(name, authored(server), 8)}")
    if not operable(seat, service):
        raise Refusal(f"your account may not operate {service.id} on {server.id}; ask {keeper(company, server)}")
    return service


def operable(seat: Seat, service: Service) -> bool:
    """May the actor start and stop a service?"""
    return root_on(seat) or bool({seat.session.actor, "everyone"} & set(service.editors))


def authored(server: Server) -> list[str]:
    """The services of a server, without those that every machine has."""
    return [name for name, each in server.services.items() if not each.system]
