"""Where connections of a server go, and what becomes of them: names, routes, ports and services, as they are now."""

import re
from functools import lru_cache
from typing import NamedTuple

from corpenv.company.egress import Egress, spans
from corpenv.company.hosts import DOOR, Server, Service
from corpenv.company.machines import egress_of, find_file, find_server, find_service, services_of
from corpenv.company.state import Company
from corpenv.company.text import drawn_value
from corpenv.names import draw

HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)+", re.IGNORECASE)
NUMBERS = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
LOOPBACK = "127.0.0.1"
SSH, DNS, KNOCK = 22, 53, 0
"""Port 0 is that of a `ping`."""
PRIVATE = ("10.", "192.168.", "172.16.")
"""Networks in which nobody but the company's servers answers."""
SHORTEST_CREDENTIAL = 4
"""Characters of a value that is looked for in what is sent."""


class Flow(NamedTuple):
    """What became of a connection: `open`, `refused`, `timed_out` or `unresolved`; and who is there.

    Attributes:
        service: what listens there, if it is a service of the company.
        address: the number of the host, or "".
    """

    outcome: str
    server: Server | None = None
    service: Service | None = None
    address: str = ""


def lines_of(company: Company, server: Server, path: str) -> list[list[str]]:
    """The words of every line of a file of the system, remarks apart; none if the file is not there."""
    file = find_file(company, server.id, path)
    return words_in(company.text(file.text)) if file else []


def words_in(text: str) -> list[list[str]]:
    """The words of every line of a text of the system, remarks apart."""
    return [words for line in text.splitlines() if (words := line.partition("#")[0].split())]


@lru_cache(maxsize=256)
def numbers_in(hosts: str) -> dict[str, str]:
    """Name → number in a table of hosts; the first that a name has there."""
    found: dict[str, str] = {}
    for number, *names in words_in(hosts):
        for name in names:
            found.setdefault(name.lower(), number)
    return found


def address_of(company: Company, server: Server, host: str) -> str:
    """The number that a name stands for on a server, or "" if it stands for nothing there."""
    if NUMBERS.fullmatch(host):
        return host
    table = find_file(company, server.id, "/etc/hosts")
    if table and (number := numbers_in(company.text(table.text)).get(host.lower())):
        return number
    if host == "localhost":
        return LOOPBACK
    return public_address(company, host) if resolves(company, server) else ""


def public_address(company: Company, host: str) -> str:
    """The number that a name has with the company's own name server, or ""."""
    if found := find_server(company, host):
        return found.address
    if not HOST.fullmatch(host) or host.lower().endswith(f".{company.world.domain}"):
        return ""
    return f"203.0.113.{draw(company.world.seed, 'address', host.lower()) % 254 + 1}"


def resolver_of(server: Server) -> str:
    """The address of the name server of a server's network."""
    return f"{server.address.rpartition('.')[0]}.2"


def resolves(company: Company, server: Server) -> bool:
    """Does a server ask a name server that answers it?"""
    lines, egress = lines_of(company, server, "/etc/resolv.conf"), egress_of(company, server)
    asked = [words[1] for words in lines if words[0] == "nameserver" and words[1:]]
    return any(
        not egress.blocks(each, DNS) if each == resolver_of(server) else egress.lets_out(each, DNS) for each in asked
    )


def reached(company: Company, server: Server, host: str, port: int) -> Flow:
    """What would become of a connection from a server."""
    address = address_of(company, server, host)
    if not address:
        return Flow("unresolved")
    here = address.startswith("127.") or address == server.address
    there, egress = server if here else find_server(company, address), egress_of(company, server)
    if there is None and address.startswith(PRIVATE):
        return Flow("timed_out", address=address)
    if there is None:
        name = host.lower() if address == public_address(company, host) else address
        leaves = lets_out(egress, name, address, port)
        return Flow("open" if leaves else "timed_out", address=address)
    named = {host.lower(), there.id, f"{there.id}.{company.world.domain}", address}
    closed = shut(company, there, port) or egress_of(company, there).blocks(server.address, KNOCK)
    if not here and (any(egress.blocks(each, port) for each in named) or closed):
        return Flow("timed_out", there, address=address)
    door = find_service(company, there.id, DOOR)
    if port in (SSH, KNOCK):
        return Flow("refused" if port == SSH and door and not door.works else "open", there, address=address)
    service = next((each for each in services_of(company, there) if port in each.ports and each.works), None)
    return Flow("open" if service else "refused", there, service, address)


def lets_out(egress: Egress, name: str, address: str, port: int) -> bool:
    """Does a server let out a connection to a host, by its name or by its number?"""
    let = egress.lets_out(name, port) or egress.lets_out(address, port)
    return let and not egress.blocks(name, port) and not egress.blocks(address, port)


def shut(company: Company, server: Server, port: int) -> bool:
    """Does nothing get in at a port?"""
    return any(spans(each, str(port)) for each in egress_of(company, server).closed)


# credentials ------------------------------------------------------------------------------------------------


def values_of(company: Company, secret_id: str) -> tuple[str, ...]:
    """What a secret says in this episode, by its facts."""
    secret = company.world.secrets.get(secret_id)
    facts = secret.facts.items() if secret else ()
    return tuple(drawn_value(company.seed, secret_id, fact, values) for fact, values in facts)


def opens(company: Company, secret_id: str, text: str) -> bool:
    """Does a text hold the value of a credential?"""
    found = (each for each in values_of(company, secret_id) if len(each) >= SHORTEST_CREDENTIAL)
    return any(each in text for each in found)


def credential_in(company: Company, text: str) -> str:
    """The credential whose value a text holds, or ""."""
    secrets = company.world.secrets.values() if text else ()
    return next((each.id for each in secrets if each.sort == "credential" and opens(company, each.id, text)), "")
