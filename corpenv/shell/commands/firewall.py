"""What a server lets out and in: `iptables` and `nft`."""

import re
from itertools import pairwise

from msgspec.structs import replace

from corpenv.company.hosts import Egress
from corpenv.company.machines import egress_of
from corpenv.events import RouteChanged
from corpenv.shell.base import Call, Command, Result
from corpenv.shell.entering import denied

EVERYTHING = "*:*"
NFT_RULE = re.compile(
    r"(?:add|insert)\s+rule\s+\w+\s+\w+\s+(input|output)\s+(?:ip\s+daddr\s+(\S+)\s+)?"
    r"(?:(?:tcp|udp)\s+dport\s+(\d+)\s+)?(?:counter\s+)?(accept|drop|reject)",
    re.IGNORECASE,
)
NOT_ROOT = "iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)"


def change(call: Call, egress: Egress) -> Result:
    """A server lets out something else from now on."""
    session, server = call.seat.session, call.seat.server
    if egress != egress_of(session.company, server):
        session.do(
            RouteChanged, server=server.id, policy=egress.policy, allowed=egress.allowed, blocked=egress.blocked,
            closed=egress.closed, gateway=egress.gateway,
        )  # fmt: skip
    return Result()


def iptables(call: Call) -> Result:
    """The rules by which a server lets connections out and in."""
    words, saves = list(call.argv), call.name == "iptables-save"
    if not call.seat.is_root:
        denied(call.seat, "route", " ".join(words) or "list")
        return Result("", f"{NOT_ROOT}\n", 4)
    egress = egress_of(call.seat.session.company, call.seat.server)
    if {"-L", "--list"} & set(words):
        return Result(listed(egress, False))
    if saves:
        return Result(saved(call, egress))
    if not words or {"-S", "--list-rules"} & set(words):
        return Result(listed(egress, True))
    changed = after(egress, words)
    return Result("", f"iptables: {changed}\n", 1) if isinstance(changed, str) else change(call, changed)


def restored(call: Call) -> Result:
    """All rules are what is piped in, or stands in a file."""
    if not call.seat.is_root:
        denied(call.seat, "route", "restore")
        return Result("", f"{NOT_ROOT}\n", 4)
    names = [each for each in call.argv if not each.startswith("-")]
    try:
        text = call.fs.read_file(call.path(names[0])).decode("utf-8", "replace") if names else call.stdin
    except OSError:
        return Result("", f"Can't open {names[0]}: No such file or directory\n", 1)
    egress: Egress | str = Egress(gateway=egress_of(call.seat.session.company, call.seat.server).gateway)
    if "COMMIT" not in text.splitlines():
        told = f"iptables-restore: COMMIT expected at line {len(text.splitlines()) + 1}\n"
        return Result("", told if text else "", 1)
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if words and words[0].startswith(":") and words[1:2] != ["-"]:
            words = ["-P", words[0][1:], *words[1:2]]
        if words and words[0].startswith("-"):
            egress = after(egress, words) if isinstance(egress, Egress) else egress
            if isinstance(egress, str):
                return Result("", f"iptables-restore: line {number} failed: {egress}\n", 1)
    return change(call, egress) if isinstance(egress, Egress) else Result()


def after(egress: Egress, words: list[str]) -> Egress | str:
    """What is let out and in after a change, or what is complained about."""
    chain = next((word for at, word in pairwise([*words, ""]) if at in ("-A", "-I", "-D", "-P", "-F", "--flush")), "")
    if "-F" in words or "--flush" in words:
        return flushed(egress, chain)
    if chain not in ("INPUT", "OUTPUT", "FORWARD"):
        return "No chain/target/match by that name."
    if "-P" in words or chain == "FORWARD":
        return egress if chain == "FORWARD" else with_policy(egress, chain, words[-1])
    return with_change(egress, chain, words)


def with_change(egress: Egress, chain: str, words: list[str]) -> Egress | str:
    """With one rule more or less."""
    named = dict(pairwise(words))
    if named.get(chain, "").isdigit() and "-D" in words:
        return numbered(egress, chain, int(named[chain]))
    target = named.get("-j") or named.get("--jump") or ""
    if target not in ("ACCEPT", "DROP", "REJECT"):
        return "Bad argument"
    host = (named.get("-d") or named.get("--destination") or "*").removesuffix("/32")
    port = named.get("--dport") or named.get("--destination-port") or "*"
    if "-D" in words:
        return without(egress, chain, target, host, port)
    return with_rule(egress, chain, target, host, port, "-I" in words)


def flushed(egress: Egress, chain: str) -> Egress:
    """Without rules, of one chain or of all."""
    if chain in ("", "OUTPUT"):
        egress = replace(egress, allowed=(), blocked=())
    return replace(egress, closed=()) if chain in ("", "INPUT") else egress


def with_policy(egress: Egress, chain: str, policy: str) -> Egress | str:
    """What becomes of that of which no rule speaks."""
    if policy not in ("ACCEPT", "DROP"):
        return "Bad policy name. Run `dmesg' for more information."
    if chain == "OUTPUT":
        return replace(egress, policy=policy.lower())
    others = tuple(each for each in egress.closed if each != "*")
    return replace(egress, closed=(*others, "*") if policy == "DROP" else others)


def with_rule(egress: Egress, chain: str, target: str, host: str, port: str, first: bool = False) -> Egress:
    """With one rule more, as the first or the last; it wins over one that says the contrary."""
    if chain == "INPUT":
        others = tuple(each for each in egress.closed if each != port)
        return replace(egress, closed=others if target == "ACCEPT" else (*others, port))
    rule = f"{host}:{port}"
    allowed, blocked = (tuple(each for each in rules if each != rule) for rules in (egress.allowed, egress.blocked))
    if target == "ACCEPT":
        allowed = (rule, *allowed) if first else (*allowed, rule)
        return replace(egress, allowed=allowed, blocked=() if rule == EVERYTHING else blocked)
    return replace(egress, allowed=allowed, blocked=(rule, *blocked) if first else (*blocked, rule))


def numbered(egress: Egress, chain: str, place: int) -> Egress | str:
    """Without the rule at a place, as it is listed."""
    rules = [("DROP", "", port) for port in egress.closed if port != "*"] if chain == "INPUT" else rules_of(egress)
    if not 0 < place <= len(rules):
        return "Index of deletion too big."
    return without(egress, chain, *rules[place - 1])


def without(egress: Egress, chain: str, target: str, host: str, port: str) -> Egress | str:
    """With one rule less."""
    rules = egress.closed if chain == "INPUT" else egress.allowed if target == "ACCEPT" else egress.blocked
    rule = port if chain == "INPUT" else f"{host}:{port}"
    if rule not in rules:
        return "Bad rule (does a matching rule exist in that chain?)."
    others = tuple(each for each in rules if each != rule)
    if chain == "INPUT":
        return replace(egress, closed=others)
    return replace(egress, allowed=others) if target == "ACCEPT" else replace(egress, blocked=others)


def rules_of(egress: Egress) -> list[tuple[str, str, str]]:
    """Target, host and port of every rule by which something gets out or not."""
    found = [("ACCEPT", *each.rpartition(":")[::2]) for each in egress.allowed]
    return found + [("DROP", *each.rpartition(":")[::2]) for each in egress.blocked]


def listed(egress: Egress, plain: bool) -> str:
    """The rules as a list, or as the lines that make them."""
    inward = "DROP" if "*" in egress.closed else "ACCEPT"
    shut = [each for each in egress.closed if each != "*"]
    if plain:
        made = [f"-A INPUT -p tcp -m tcp --dport {port} -j DROP" for port in shut]
        for target, host, port in rules_of(egress):
            there = "" if host == "*" else f" -d {host}"
            at = "" if port == "*" else f" -p tcp -m tcp --dport {port}"
            made.append(f"-A OUTPUT{there}{at} -j {target}")
        return "\n".join([f"-P INPUT {inward}", "-P FORWARD DROP", f"-P OUTPUT {egress.policy.upper()}", *made, ""])
    head = "target     prot opt source               destination"
    closed = [f"DROP       tcp  --  anywhere             anywhere             tcp dpt:{port}" for port in shut]
    made = []
    for target, host, port in rules_of(egress):
        there, sort = "anywhere" if host == "*" else host, "all" if port == "*" else "tcp"
        at = "" if port == "*" else f" tcp dpt:{port}"
        made.append(f"{target:<10} {sort}  --  anywhere             {there:<20}{at}".rstrip())
    return "\n".join([
        f"Chain INPUT (policy {inward})", head, *closed, "", "Chain FORWARD (policy DROP)", head, "",
        f"Chain OUTPUT (policy {egress.policy.upper()})", head, *made, "",
    ])  # fmt: skip


def saved(call: Call, egress: Egress) -> str:
    """The rules as `iptables-restore` takes them."""
    at, lines = f"{call.seat.session.clock:%a %b %e %H:%M:%S %Y}", listed(egress, True).splitlines()
    chains = [f":{line[3:]} [0:0]" for line in lines if line.startswith("-P")]
    rules = [line for line in lines if not line.startswith("-P")]
    head = f"# Generated by iptables-save v1.8.9 (nf_tables) on {at}"
    return "\n".join([head, "*filter", *chains, *rules, "COMMIT", f"# Completed on {at}", ""])


def nft(call: Call) -> Result:
    """The same rules, in the newer language."""
    line = " ".join(call.argv)
    if not call.seat.is_root:
        denied(call.seat, "route", line or "list")
        return Result("", "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n", 1)  # fmt: skip  # noqa: E501
    egress = egress_of(call.seat.session.company, call.seat.server)
    if line.startswith("list"):
        return Result(ruleset(egress))
    if line.startswith("flush"):
        everything = replace(flushed(egress, ""), policy="accept") if "ruleset" in line else flushed(egress, "")
        return change(call, everything)
    if found := NFT_RULE.match(line):
        target = "ACCEPT" if found[4].lower() == "accept" else "DROP"
        return change(call, with_rule(egress, found[1].upper(), target, found[2] or "*", found[3] or "*"))
    return Result("", "Error: syntax error, unexpected newline\n", 1)


def ruleset(egress: Egress) -> str:
    """The rules as `nft list ruleset` shows them."""
    made = []
    for target, host, port in rules_of(egress):
        there, at = "" if host == "*" else f"ip daddr {host} ", "" if port == "*" else f"tcp dport {port} "
        made.append(f"\t\t{there}{at}{target.lower()}")
    closed = [f"\t\ttcp dport {port} drop" for port in egress.closed if port != "*"]
    inward = "drop" if "*" in egress.closed else "accept"
    return "\n".join([
        "table inet filter {", "\tchain input {", f"\t\ttype filter hook input priority filter; policy {inward};",
        *closed, "\t}", "", "\tchain output {",
        f"\t\ttype filter hook output priority filter; policy {egress.policy};", *made, "\t}", "}", "",
    ])  # fmt: skip


COMMANDS: dict[str, Command] = {
    "iptables": iptables,
    "iptables-save": iptables,
    "iptables-restore": restored,
    "nft": nft,
}
ACTING = tuple(COMMANDS)
