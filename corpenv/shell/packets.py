"""The rules of a firewall, as words make them and as they are listed: of `iptables`, and of `nft`."""

import re
from itertools import pairwise

from msgspec.structs import replace

from corpenv.company.egress import Egress

EVERYTHING = "*:*"
KNOCKS = "0"
"""Port that a `ping` has."""
LONG = {
    "--append": "-A", "--insert": "-I", "--delete": "-D", "--replace": "-R", "--policy": "-P", "--flush": "-F",
    "--list": "-L", "--list-rules": "-S", "--jump": "-j", "--protocol": "-p", "--proto": "-p", "--destination": "-d",
    "--dst": "-d", "--in-interface": "-i", "--out-interface": "-o", "--destination-port": "--dport",
    "--destination-ports": "--dports", "--ctstate": "--state", "--zero": "-Z", "--delete-chain": "-X",
}  # fmt: skip
PORT = re.compile(r"[1-9]\d{0,4}(-[1-9]\d{0,4})?")
PORTS = {"ssh": "22", "smtp": "25", "domain": "53", "http": "80", "https": "443", "syslog": "514"}
"""Services by the names that they have on every host."""
CHANGES = ("-A", "-I", "-D", "-R", "-P", "-F", "-Z", "-X")
NO_CHAIN = "No chain/target/match by that name."


# iptables ---------------------------------------------------------------------------------------------------


def short(argv: list[str]) -> list[str]:
    """The words of a line with its options by their short names."""
    words: list[str] = []
    for word in argv:
        option, is_given, value = word.partition("=") if word.startswith("--") else (word, "", "")
        words += [LONG.get(option, option), *([value] if is_given else ())]
    return words


def after(egress: Egress, argv: list[str]) -> Egress | str:
    """What is let out and in after a change, or what is complained about."""
    words = short(argv)
    change = next((word for word in words if word in CHANGES), "")
    chain = dict(pairwise([*words, ""])).get(change, "")
    if change in ("-Z", "-X"):
        return egress
    if change == "-F":
        return flushed(egress, chain)
    if chain not in ("INPUT", "OUTPUT", "FORWARD"):
        return NO_CHAIN
    if chain == "FORWARD":
        return egress
    return with_policy(egress, chain, words[-1]) if change == "-P" else with_change(egress, chain, change, words)


def with_change(egress: Egress, chain: str, change: str, words: list[str]) -> Egress | str:
    """With one line's rules more or less; a rule of its number goes, or has another in its place."""
    named = dict(pairwise(words))
    if change in ("-D", "-R") and named.get(chain, "").isdigit():
        rest = numbered(egress, chain, int(named[chain]))
        return rest if change == "-D" or isinstance(rest, str) else with_change(rest, chain, "-A", words)
    target = named.get("-j", "")
    if target == "RETURN":
        target = policy_of(egress, chain)
    if target not in ("ACCEPT", "DROP", "REJECT"):
        return egress if target == "LOG" else NO_CHAIN if target else "Bad argument"
    if is_idle(named.get("-o", named.get("-i", "")), named.get("--state", "")):
        return egress
    host, made = named.get("-d", "*").removesuffix("/32"), egress
    for port in ports_of(named):
        if port not in ("*", KNOCKS) and not PORT.fullmatch(port):
            return f"invalid port/service `{port}' specified"
        one = without(made, chain, target, host, port) if change == "-D" else None
        if isinstance(one, str):
            return one
        made = one or with_rule(made, chain, target, host, port, change == "-I")
    return made


def ports_of(named: dict[str, str]) -> list[str]:
    """The ports that a line is about, a range such as `80-90` as one."""
    if named.get("-p") == "icmp":
        return [KNOCKS]
    said = named.get("--dports") or named.get("--dport") or "*"
    return [PORTS.get(each, each.replace(":", "-")) for each in said.split(",")]


def is_idle(interface: str, states: str) -> bool:
    """Is a rule about no connection that begins: the host's own, or answers?"""
    return interface == "lo" or (bool(states) and "NEW" not in states.upper().split(","))


def policy_of(egress: Egress, chain: str) -> str:
    """What becomes of that of which no rule speaks."""
    if chain == "OUTPUT":
        return egress.policy.upper()
    return "DROP" if "*" in egress.closed else "ACCEPT"


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


# how they are listed ----------------------------------------------------------------------------------------


def told(port: str) -> str:
    """A port, or range of ports, as a rule says it."""
    if port in ("*", KNOCKS):
        return " -p icmp" if port == KNOCKS else ""
    return f" -p tcp -m tcp --dport {port.replace('-', ':')}"


def shown(port: str) -> tuple[str, str]:
    """The protocol of a rule, and its ports as a list shows them."""
    if port in ("*", KNOCKS):
        return ("icmp" if port == KNOCKS else "all", "")
    return "tcp", f" tcp dpt{'s' if '-' in port else ''}:{port.replace('-', ':')}"


def listed(egress: Egress, plain: bool) -> str:
    """The rules as a list, or as the lines that make them."""
    inward = policy_of(egress, "INPUT")
    shut = [each for each in egress.closed if each != "*"]
    if plain:
        made = [f"-A INPUT{told(port)} -j DROP" for port in shut]
        for target, host, port in rules_of(egress):
            made.append(f"-A OUTPUT{'' if host == '*' else f' -d {host}'}{told(port)} -j {target}")
        return "\n".join([f"-P INPUT {inward}", "-P FORWARD DROP", f"-P OUTPUT {egress.policy.upper()}", *made, ""])
    head = "target     prot opt source               destination"
    closed = [row_of("DROP", "*", port) for port in shut]
    made = [row_of(*rule) for rule in rules_of(egress)]
    return "\n".join([
        f"Chain INPUT (policy {inward})", head, *closed, "", "Chain FORWARD (policy DROP)", head, "",
        f"Chain OUTPUT (policy {egress.policy.upper()})", head, *made, "",
    ])  # fmt: skip


def row_of(target: str, host: str, port: str) -> str:
    """A rule as a list shows it."""
    sort, at = shown(port)
    return f"{target:<10} {sort:<4} --  anywhere             {'anywhere' if host == '*' else host:<20}{at}".rstrip()


# nft --------------------------------------------------------------------------------------------------------

NFT_RULE = re.compile(
    r"(?:add|insert)\s+rule\s+\w+\s+\w+\s+(input|output)\s+(?:ip\s+daddr\s+(\S+)\s+)?"
    r"(?:(?:tcp|udp)\s+dport\s+(\d+(?:-\d+)?|\{[\d\s,-]+\})\s+)?(?:counter\s+)?(accept|drop|reject)",
    re.IGNORECASE,
)
NFT_CHAIN = re.compile(
    r"(add|create|delete|flush)\s+chain\s+\w+\s+\w+\s+(input|output)\b(?:.*\bpolicy\s+(accept|drop))?"
)
NFT_TABLE = re.compile(r"(add|create|delete|flush)\s+(?:table\s+\w+\s+\w+|ruleset)")
NFT_IDLE = re.compile(r"""\brule\b.*(?:\b[io]if(?:name)?\s+"?lo"?\s|\bct\s+state\s+(?!.*\bnew\b))""")
NFT_ERROR = "Error: syntax error, unexpected newline"


def spoken(egress: Egress, line: str) -> Egress | str:
    """What is let out and in after a line of the newer language, or what is complained about."""
    if found := NFT_TABLE.match(line):
        return (
            egress if found[1] in ("add", "create") else opened(egress, "", found[1] == "delete" or "ruleset" in line)
        )
    if found := NFT_CHAIN.match(line):
        chain = found[2].upper()
        if found[1] in ("delete", "flush"):
            return opened(egress, chain, found[1] == "delete")
        return with_policy(egress, chain, found[3].upper()) if found[3] else egress
    if NFT_IDLE.search(line):
        return egress
    found = NFT_RULE.match(line)
    if not found:
        return NFT_ERROR
    target = "ACCEPT" if found[4].lower() == "accept" else "DROP"
    for port in (found[3] or "*").strip("{} ").split(","):
        egress = with_rule(egress, found[1].upper(), target, found[2] or "*", port.strip())
    return egress


def opened(egress: Egress, chain: str, is_gone: bool) -> Egress:
    """Without the rules of one chain or of all; where the chain is gone too, nothing says no."""
    bare = flushed(egress, chain)
    return replace(bare, policy="accept") if is_gone and chain != "INPUT" else bare


def spoken_at_once(egress: Egress, text: str) -> Egress | str:
    """What is let out and in after a file of such lines, or of tables and chains as they are listed."""
    chain, made = "", egress
    for line in (each.strip() for each in text.splitlines()):
        if found := re.match(r"chain (\w+) \{$", line):
            chain = found[1]
        elif line and not line.startswith(("#", "}", "table ")):
            head = f"add chain inet filter {chain} " if line.startswith("type ") else f"add rule inet filter {chain} "
            after_it = spoken(made, line if re.match(r"(add|insert|create|delete|flush) ", line) else head + line)
            if isinstance(after_it, str):
                return after_it
            made = after_it
    return made


def ruleset(egress: Egress) -> str:
    """The rules as `nft list ruleset` shows them."""
    made = []
    for target, host, port in rules_of(egress):
        at = "icmp type echo-request " if port == KNOCKS else "" if port == "*" else f"tcp dport {port} "
        there = "" if host == "*" else f"ip daddr {host} "
        made.append(f"\t\t{there}{at}{target.lower()}")
    closed = [f"\t\ttcp dport {port} drop" for port in egress.closed if port != "*"]
    inward = policy_of(egress, "INPUT").lower()
    return "\n".join([
        "table inet filter {", "\tchain input {", f"\t\ttype filter hook input priority filter; policy {inward};",
        *closed, "\t}", "", "\tchain output {",
        f"\t\ttype filter hook output priority filter; policy {egress.policy};", *made, "\t}", "}", "",
    ])  # fmt: skip
