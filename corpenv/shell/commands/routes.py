"""Addresses, cards and routes: `ip`."""

from msgspec.structs import replace

from corpenv.company.egress import Egress
from corpenv.company.machines import egress_of
from corpenv.shell.base import Call, Command, Result
from corpenv.shell.commands.firewall import change
from corpenv.shell.entering import denied
from corpenv.shell.packets import EVERYTHING

GONE, HOLES = ("del", "delete", "flush"), ("blackhole", "unreachable", "prohibit", "throw")
NO_ROUTE = "RTNETLINK answers: No such process\n"


def ip(call: Call) -> Result:
    words = [each for each in call.argv if not each.startswith("-")]
    what, rest = words[0] if words else "", words[1:]
    if rest and rest[0] in ("add", "del", "delete", "set", "replace", "change", "flush", "append"):
        if not call.seat.is_root:
            denied(call.seat, "route", " ".join(words))
            return Result("", "RTNETLINK answers: Operation not permitted\n", 2)
        return changed(call, what, rest)
    for name, shows in SHOWN.items():
        if what and name.startswith(what):
            return Result(shows(call.seat.server.address, egress_of(call.seat.session.company, call.seat.server)))
    return Result("", "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n", 255)


def addresses(address: str, egress: Egress) -> str:
    net = address.rpartition(".")[0]
    return (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n"
        "    inet 127.0.0.1/8 scope host lo\n"
        "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n"
        f"    inet {address}/24 brd {net}.255 scope global eth0\n"
    )


def routes(address: str, egress: Egress) -> str:
    net = address.rpartition(".")[0]
    if EVERYTHING in egress.blocked:
        return ""
    holes = [f"blackhole {each.removesuffix(':*')}" for each in egress.blocked if each.endswith(":*")]
    first = [f"default via {net}.1 dev eth0 onlink"] if egress.gateway else []
    return "\n".join([*first, *holes, f"{net}.0/24 dev eth0 proto kernel scope link src {address}", ""])


def cards(address: str, egress: Egress) -> str:
    down = EVERYTHING in egress.blocked
    state = "DOWN" if down else "UP"
    return (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n"
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
        f"2: eth0: <BROADCAST,MULTICAST{'' if down else ',UP,LOWER_UP'}> mtu 1500 qdisc fq_codel state {state} "
        "mode DEFAULT group default qlen 1000\n"
        f"    link/ether {card_of(address)} brd ff:ff:ff:ff:ff:ff\n"
    )


def neighbours(address: str, egress: Egress) -> str:
    gateway = f"{address.rpartition('.')[0]}.1"
    return "" if EVERYTHING in egress.blocked else f"{gateway} dev eth0 lladdr {card_of(gateway)} REACHABLE\n"


SHOWN = {"address": addresses, "route": routes, "link": cards, "neighbour": neighbours}
"""What `ip` shows of what."""


def card_of(address: str) -> str:
    """The number of the card that has an address."""
    return "52:54:00:" + ":".join(f"{int(each) * 37 % 256:02x}" for each in address.split(".")[1:])


def changed(call: Call, what: str, rest: list[str]) -> Result:
    """A route or a card is another one."""
    egress, gone, words = egress_of(call.seat.session.company, call.seat.server), rest[0] in GONE, rest[1:]
    if "link".startswith(what) and {"up", "down"} & set(words):
        others = tuple(each for each in egress.blocked if each != EVERYTHING)
        return change(call, replace(egress, blocked=(*others, EVERYTHING) if "down" in words else others))
    if not "route".startswith(what) or not words:
        return Result()
    if "default" in words:
        return gateway(call, egress, gone, rest[0] == "add")
    hole = words[0] in HOLES and len(words) > 1
    if not (gone or hole or "lo" in words):
        return Result()
    rules = tuple(f"{each}:*" for each in within(call, words[1] if hole else words[0]))
    others = tuple(each for each in egress.blocked if each not in rules)
    if gone and others == egress.blocked:
        return Result("", NO_ROUTE, 2)
    return change(call, replace(egress, blocked=others if gone else (*others, *rules)))


def gateway(call: Call, egress: Egress, gone: bool, added: bool) -> Result:
    """The way out of the network is taken away, or is there again."""
    if gone and not egress.gateway:
        return Result("", NO_ROUTE, 2)
    if added and egress.gateway:
        return Result("", "RTNETLINK answers: File exists\n", 2)
    return change(call, replace(egress, gateway=not gone))


def within(call: Call, net: str) -> list[str]:
    """The addresses of the company that a route is about; one that is none of them stands for itself."""
    address, _, length = net.partition("/")
    if length in ("", "32"):
        return [address]
    prefix = ".".join(address.split(".")[: int(length) // 8]) + "." if length.isdigit() and int(length) >= 8 else ""
    known = [each.address for each in call.seat.session.company.world.servers.values()]
    return [each for each in known if each.startswith(prefix) and each != call.seat.server.address] or [address]


COMMANDS: dict[str, Command] = {"ip": ip}
ACTING = ("ip",)
