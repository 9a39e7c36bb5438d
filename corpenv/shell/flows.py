"""Connections that processes of a server open: what becomes of them, by names, services and egress policy."""

import re
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.hosts import Server, Service
from corpenv.company.machines import egress_of, find_server, services_of
from corpenv.events import Connected
from corpenv.names import draw
from corpenv.shell.base import Seat

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)
NUMBERS = re.compile(r"(\d{1,3}\.){3}\d{1,3}")
SSH = 22
LONGEST_SENT = 20_000


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


def address_of(company: Company, host: str) -> str:
    """The number a name stands for, or "" if it stands for nothing."""
    server = find_server(company, host)
    if server:
        return server.address
    if host in ("localhost", "127.0.0.1"):
        return "127.0.0.1"
    if NUMBERS.fullmatch(host):
        return host
    if not HOST.fullmatch(host) or host.lower().endswith(f".{company.world.domain}"):
        return ""
    return f"203.0.113.{draw(company.world.seed, 'address', host.lower()) % 254 + 1}"


def connect(seat: Seat, host: str, port: int, protocol: str, sent: str = "", paths: tuple[str, ...] = ()) -> Flow:
    """Open a connection from a server, or try to; either way it is a fact."""
    flow = reached(seat, host, port)
    went = sent[:LONGEST_SENT] if flow.outcome == "open" else ""
    seat.session.do(
        Connected, server=seat.server.id, account=seat.login.id, host=host, port=port, protocol=protocol,
        outcome=flow.outcome, inside=flow.server is not None, sent=went,
        paths=paths if flow.outcome == "open" else (),
    )  # fmt: skip
    return flow


def reached(seat: Seat, host: str, port: int) -> Flow:
    """What would become of a connection."""
    company = seat.session.company
    address = address_of(company, host)
    if not address:
        return Flow("unresolved")
    there = seat.server if address == "127.0.0.1" else find_server(company, host)
    if there:
        if port == SSH:
            return Flow("open", there, address=address)
        for service in services_of(company, there):
            if port in service.ports and service.status == "running":
                return Flow("open", there, service, address)
        return Flow("refused", there, address=address)
    if not egress_of(company, seat.server).lets_out(host.lower(), port):
        return Flow("timed_out", address=address)
    return Flow("open", address=address)
