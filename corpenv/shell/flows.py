"""Connections that processes of a server open: what becomes of them is a fact, whatever it is."""

from corpenv.company.hosts import Server
from corpenv.company.machines import find_server, processes_of
from corpenv.company.network import SSH as SSH
from corpenv.company.network import Flow as Flow
from corpenv.company.network import address_of, credential_in, reached
from corpenv.events import Connected
from corpenv.shell import ledger
from corpenv.shell.base import Seat
from corpenv.shell.tunnels import tunnel_in

DNS = 53
LONGEST_SENT = 200_000


def connect(
    seat: Seat, host: str, port: int, protocol: str, sent: str = "", paths: tuple[str, ...] = (), forwards: str = "",
    proxy: int = 0,
) -> Flow:  # fmt: skip
    """Open a connection from a server, or try to; what was to be sent is noted either way.

    Args:
        proxy: the port of this machine through which it goes, if it goes through a tunnel.
    """
    company = seat.session.company
    here, host, port = way_out(seat, host, port, proxy)
    flow = reached(company, here, host, port)
    went = sent[:LONGEST_SENT]
    seat.session.do(
        Connected, server=seat.server.id, account=seat.login.id, host=host, port=port, protocol=protocol,
        outcome=flow.outcome, inside=flow.server is not None, sent=went, paths=paths, forwards=forwards,
        credential=credential_in(company, went),
    )  # fmt: skip
    ledger.connection(seat, flow.address, port, protocol, flow.outcome, flow.server is not None)
    return flow


def expected(seat: Seat, host: str, port: int) -> Flow:
    """What would become of a connection from a server."""
    return reached(seat.session.company, *way_out(seat, host, port, 0))


def way_out(seat: Seat, host: str, port: int, proxy: int) -> tuple[Server, str, int]:
    """From which server a connection goes on, and where to: tunnels of this machine lead elsewhere."""
    company, server = seat.session.company, seat.server
    if not proxy and not address_of(company, server, host).startswith("127."):
        return server, host, port
    for process in processes_of(company, server):
        tunnel = tunnel_in(process.command)
        there = find_server(company, tunnel.host) if tunnel else None
        if tunnel is None or there is None:
            continue
        if proxy and proxy in tunnel.proxies:
            return there, host, port
        if not proxy and port in tunnel.leads:
            return there, *tunnel.leads[port]
    return server, host, port


def said_outside(seat: Seat, url: str) -> str:
    """What somebody outside answers from whom more is heard than that they are there; "" of whom nothing is written."""
    text = seat.server.pages.get(url)
    return "" if text is None else seat.session.company.text(text)
