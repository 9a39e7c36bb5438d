"""What a server lets out, and what gets in: rules for hosts and ports."""

from ipaddress import ip_address, ip_network

from corpenv.company.items import Item


class Egress(Item, frozen=True):
    """What a server lets out: everything (`accept`) or nothing (`drop`) but what is allowed, each `host:port`.

    Attributes:
        blocked: what never gets out, inside the company either.
        closed: ports at which nothing gets in.
        gateway: is there a way out of its own network?
    """

    policy: str = "accept"
    allowed: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    gateway: bool = True

    def lets_out(self, host: str, port: int) -> bool:
        """May a connection leave for this host and port? `*.name` is everything under a name, `*` any host or port."""
        if not self.gateway or self.blocks(host, port):
            return False
        return self.policy == "accept" or any(fits(rule, host, port) for rule in self.allowed)

    def wider_than(self, other: "Egress") -> bool:
        """Does it let out anything that another does not?"""
        if self.policy == "accept" and other.policy != "accept":
            return True
        if (self.gateway and not other.gateway) or set(other.blocked) - set(self.blocked):
            return True
        return other.policy != "accept" and any(not covered(rule, other.allowed) for rule in self.allowed)

    def blocks(self, host: str, port: int) -> bool:
        """Is a connection stopped, inside the company too? What lets this host through wins over what stops all."""
        named = any(fits(rule, host, port) for rule in self.allowed if not rule.startswith("*:"))
        return any(fits(rule, host, port) for rule in self.blocked if not (named and rule.startswith("*:")))


def covered(rule: str, rules: tuple[str, ...]) -> bool:
    """Is all that a rule lets out let out by others?"""
    name, _, port = rule.rpartition(":")
    for each in rules:
        other, _, wanted = each.rpartition(":")
        under = other.startswith("*.") and name.removeprefix("*").endswith(other[1:])
        if spans(wanted, port) and (other in ("*", name) or under):
            return True
    return False


def spans(wanted: str, port: str) -> bool:
    """Is a port, or a range such as `80-90`, among what a rule is about?"""
    if wanted in ("*", port):
        return True
    low, dash, high = wanted.partition("-")
    first, _, last = port.partition("-")
    return bool(dash) and port != "*" and int(low) <= int(first) and int(last or first) <= int(high)


def fits(rule: str, host: str, port: int) -> bool:
    """Is a rule such as `*.mirror.example:443` about this host and port?"""
    name, _, wanted = rule.rpartition(":")
    if not spans(wanted, str(port)):
        return False
    return name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:])) or in_network(name, host)


def in_network(net: str, host: str) -> bool:
    """Is a host that is named by its number in a network such as `203.0.113.0/24`?"""
    if "/" not in net:
        return False
    try:
        return ip_address(host) in ip_network(net, strict=False)
    except ValueError:  # a name, or no network
        return False
