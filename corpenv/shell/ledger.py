"""Who connected where is kept in two places: a host notes which account opened something, the gateway what left."""

from corpenv.company.hosts import Server
from corpenv.company.machines import open_log, services_of
from corpenv.events import FileAppended
from corpenv.shell.base import Seat

PASSED = {"open": "PASS", "timed_out": "DROP"}
"""What became of a connection outwards → what the gateway writes of it. What never got that far it does not see."""


def connection(seat: Seat, address: str, port: int, protocol: str, outcome: str, inside: bool) -> None:
    """Note a connection: the account without its target here, the target without the account at the gateway."""
    session, server = seat.session, seat.server
    if server.accounting:
        session.log(server, server.accounting, "netacct", f"uid={seat.login.uid}({seat.login.id}) {protocol}")
    if server.flow_log and not inside and outcome in PASSED:
        name, _, path = server.flow_log.partition(":")
        gateway = session.company.world.servers[name]
        file = open_log(session.company, name, path)
        if writes(seat, gateway, path) and file and file.sort == "file" and not file.keeps(grows=True):
            text = f"{session.stamp} {name} egress: {PASSED[outcome]} {server.address} > {address}:{port}\n"
            log = path if file.path != path else ""
            session.do(FileAppended, server=name, path=file.path, text=text, log=log)


def writes(seat: Seat, gateway: Server, path: str) -> bool:
    """Does whatever writes a log run? One that no service keeps is the system's own."""
    keepers = [each for each in services_of(seat.session.company, gateway) if each.log == path]
    return not keepers or any(each.status == "running" for each in keepers)
