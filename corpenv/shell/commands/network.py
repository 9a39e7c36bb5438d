"""Network: names, addresses, sockets, and what is sent through a bare connection."""

from corpenv.company.hosts import DOOR
from corpenv.company.machines import processes_of, services_of
from corpenv.company.network import address_of, lines_of, resolves
from corpenv.events import Connected
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.flows import DNS, SSH, connect, said_outside
from corpenv.shell.machine import everything
from corpenv.shell.tunnels import tunnel_in

RECORDS = ("A", "AAAA", "ANY", "CNAME", "IN", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
"""Sorts of records that can be asked for."""
CLIENT, CLIENT_PORT = "10.20.0.1", 50122
"""From where whoever types is logged in."""


def ping(call: Call) -> Result:
    found, rest = options(call.argv, "cWip")
    host = rest[0] if rest else ""
    if not host:
        return call.fail("usage error: Destination address required")
    flow = connect(call.seat, host, 0, "icmp", found.get("p", ""))
    if flow.outcome == "unresolved":
        return call.fail(f"{host}: Name or service not known", 2)
    answers = flow.outcome in ("open", "refused")
    head = f"PING {host} ({flow.address}) 56(84) bytes of data.\n"
    got = f"64 bytes from {flow.address}: icmp_seq=1 ttl=64 time=0.312 ms\n" if answers else ""
    lost = f"1 packets transmitted, {int(answers)} received, {0 if answers else 100}% packet loss, time 0ms"
    return Result(f"{head}{got}\n--- {host} ping statistics ---\n{lost}\n", "", 0 if answers else 1)


def lookup(call: Call) -> Result:
    """`host`, `dig` and `nslookup`: what number a name has. A question about a name outside leaves the company."""
    company, server = call.seat.session.company, call.seat.server
    words = [each for each in call.argv if not each.startswith(("-", "+", "@")) and each.upper() not in RECORDS]
    name = words[0] if words else ""
    asked(call, name, next((each[1:] for each in call.argv if each.startswith("@")), *words[1:2] or [""]))
    if call.name == "dig" and "TXT" in map(str.upper, call.argv):
        return Result("".join(f'"{line}"\n' for line in said_outside(call.seat, f"dns://{name}").splitlines()))
    address = address_of(company, server, name)
    if call.name == "dig":
        told = f"{address}\n" if "+short" in call.argv else f";; ANSWER SECTION:\n{name}.\t300\tIN\tA\t{address}\n"
        return Result(told if address else "")
    if not address and not resolves(company, server):
        return Result(";; communications error to 10.20.0.2#53: timed out\n;; no servers could be reached\n", "", 1)
    if not address:
        host = call.name == "host"
        return Result(
            f"Host {name} not found: 3(NXDOMAIN)\n" if host else f"** server can't find {name}: NXDOMAIN\n", "", 1
        )
    return Result(f"{name} has address {address}\n" if call.name == "host" else f"Name:\t{name}\nAddress: {address}\n")


def asked(call: Call, name: str, whom: str) -> None:
    """A question about a name that is none of the company's goes out, as does one to a name server that is named."""
    company, server = call.seat.session.company, call.seat.server
    if whom:
        connect(call.seat, whom, DNS, "dns", name)
    elif name and "." in name and not name.lower().endswith(f".{company.world.domain}"):
        outcome = "open" if resolves(company, server) else "timed_out"
        call.seat.session.do(
            Connected, server=server.id, account=call.seat.login.id, host=name, port=DNS, protocol="dns",
            outcome=outcome, sent=name,
        )  # fmt: skip


def getent(call: Call) -> Result:
    """What the system knows of a name: accounts, groups, hosts."""
    table, names = (call.argv[0], call.argv[1:]) if call.argv else ("", ())
    company, server, out = call.seat.session.company, call.seat.server, ""
    if table in ("passwd", "group"):
        lines = call.fs.read_file(f"/etc/{table}").decode().splitlines()
        out = "".join(f"{line}\n" for line in lines if not names or line.partition(":")[0] in names)
    elif table in ("hosts", "ahosts"):
        found = [(address_of(company, server, each), known_as(call, each)) for each in names]
        out = "".join(f"{address:<15} {name}\n" for address, name in found if address)
    else:
        return call.fail(f"Unknown database: {table}\nTry `getent --help' or `getent --usage' for more information.")
    return Result(out, "", 0 if out else 2)


def known_as(call: Call, name: str) -> str:
    """All the names that a host has here, if it is one that is listed."""
    lines = lines_of(call.seat.session.company, call.seat.server, "/etc/hosts")
    return next((" ".join(words[1:]) for words in lines if name in words[1:]), name)


def ss(call: Call) -> Result:
    """What listens and what is open; the names of processes are for root."""
    asked = "".join(each.lstrip("-") for each in call.argv)
    rows = []
    if "l" in asked or "a" in asked:
        rows += [row("LISTEN", f"0.0.0.0:{port}", "0.0.0.0:*", who(call, asked, name, pid)) for port, name, pid in listening(call)]  # fmt: skip  # noqa: E501
    if "l" not in asked:
        rows += [row("ESTAB", here, there, who(call, asked, name, pid)) for here, there, name, pid in opened(call)]
    return Result("\n".join(["State  Recv-Q Send-Q   Local Address:Port   Peer Address:Port Process", *rows, ""]))


def row(state: str, here: str, there: str, process: str) -> str:
    """One socket."""
    if state == "LISTEN":
        return f"LISTEN 0      128    {here:>20}       {there}    {process}".rstrip()
    return f"{state:<6} 0      0      {here:>20} {there:>19} {process}".rstrip()


def who(call: Call, asked: str, name: str, pid: int) -> str:
    """Whose socket it is."""
    return f'users:(("{name}",pid={pid},fd=3))' if "p" in asked and call.seat.is_root else ""


def listening(call: Call) -> list[tuple[int, str, int]]:
    """Port, name and pid of everything that listens."""
    company, server = call.seat.session.company, call.seat.server
    services = [each for each in services_of(company, server) if each.status == "running"]
    found = [(SSH, "sshd", each.pid) for each in services if each.id == DOOR]
    found += [(port, each.command.split()[0].rpartition("/")[2], each.pid) for each in services for port in each.ports]
    for each in processes_of(company, server):
        tunnel = tunnel_in(each.command)
        found += [(port, each.name, each.pid) for port in (tunnel.ports if tunnel else ())]
    return sorted(found)


def opened(call: Call) -> list[tuple[str, str, str, int]]:
    """Both ends, name and pid of every open connection."""
    company, server = call.seat.session.company, call.seat.server
    found = [(f"{server.address}:{SSH}", f"{CLIENT}:{CLIENT_PORT}", "sshd", everything(call.seat)[-2].pid)]
    for number, each in enumerate(processes_of(company, server)):
        if tunnel := tunnel_in(each.command):
            there = address_of(company, server, tunnel.host)
            found.append((f"{server.address}:{40_000 + number * 37}", f"{there}:{tunnel.port}", each.name, each.pid))
    for number, service in enumerate(services_of(company, server)):
        host, _, port = service.ships_to.partition(":")
        if service.works and host and (there := address_of(company, server, host)):
            name = service.command.split()[0].rpartition("/")[2]
            found.append((f"{server.address}:{42_000 + number * 41}", f"{there}:{port}", name, service.pid))
    return found


def nc(call: Call) -> Result:
    """What is piped into it goes out; `-z` only knocks."""
    found, rest = options(call.argv, "wpsqiec")
    if "l" in found:
        return Result()
    if len(rest) < 2 or not rest[1].isdigit():
        return Result("", "usage: nc [-46CDdFhklNnrStUuvZz] [destination] [port]\n", 1)
    host, port = rest[0], int(rest[1])
    shell = {"e", "c"} & set(found)
    flow = connect(
        call.seat, host, port, "udp" if "u" in found else "tcp", "" if "z" in found else call.stdin,
        forwards="inbound" if shell else "",
    )  # fmt: skip
    if flow.outcome == "unresolved":
        return Result("", f'nc: getaddrinfo for host "{host}" port {port}: Name or service not known\n', 1)
    if flow.outcome != "open":
        why = "Connection refused" if flow.outcome == "refused" else "Connection timed out"
        return Result("", f"nc: connect to {host} ({flow.address}) port {port} (tcp) failed: {why}\n" if "v" in found else "", 1)  # fmt: skip  # noqa: E501
    said = "" if "z" in found else said_outside(call.seat, f"tcp://{host}:{port}")
    told = f"Connection to {host} ({flow.address}) {port} port [tcp/*] succeeded!\n" if "v" in found else ""
    return Result(said, told)


COMMANDS: dict[str, Command] = {
    "ping": ping, "host": lookup, "dig": lookup, "nslookup": lookup, "getent": getent, "ss": ss, "netstat": ss,
    "nc": nc, "netcat": nc,
}  # fmt: skip
ACTING = tuple(COMMANDS)
