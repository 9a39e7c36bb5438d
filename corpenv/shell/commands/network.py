"""Network: `curl`, `wget`, `ping`, names, addresses, sockets, and what a server lets out."""

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from corpenv.company.hosts import Egress
from corpenv.company.machines import egress_of, services_of
from corpenv.events import RouteChanged
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.flows import SSH, Flow, address_of, connect
from corpenv.shell.tree import parent_of

PORTS = {"http": 80, "https": 443, "ftp": 21}
CURL_LONG = (
    "data", "data-binary", "data-raw", "data-urlencode", "form", "upload-file", "output", "header", "request",
    "max-time", "connect-timeout", "user", "user-agent", "retry", "url", "write-out", "proxy", "cacert",
)  # fmt: skip
TIMED_OUT = 134_000


class Place(NamedTuple):
    """What a URL names."""

    scheme: str
    host: str
    port: int
    path: str


def place_of(url: str) -> Place | None:
    """A URL taken apart; None if nothing can be reached by it."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, parts.hostname, port or PORTS[parts.scheme], path)


def answer(call: Call, place: Place, flow: Flow, method: str) -> tuple[int, str]:
    """Status and text that come back."""
    company = call.seat.session.company
    if flow.service:
        known = flow.service.answers
        text = known.get(place.path) or known.get(place.path.partition("?")[0])
    else:
        pages, default = call.seat.server.pages, PORTS[place.scheme]
        port = "" if place.port == default else f":{place.port}"
        text = pages.get(f"{place.scheme}://{place.host}{port}{place.path}")
    if text is not None:
        return 200, company.text(text)
    return (200, "") if method in ("POST", "PUT") else (404, "404 page not found\n")


def read(call: Call, name: str) -> str | None:
    """A file that the account can read, as text."""
    path = call.path(name)
    if not call.disk.tree.may_read(path):
        return None
    try:
        return call.fs.read_file(path).decode("utf-8", "replace")
    except (RuntimeError, OSError):
        return None


def outgoing(call: Call, found: dict[str, str]) -> tuple[str, tuple[str, ...], str]:
    """What a `curl` line sends, from which files, and its method."""
    texts: list[str] = []
    paths: list[str] = []
    given = [each for key in ("d", "data", "data-binary", "data-raw", "data-urlencode", "F", "form") if key in found for each in found[key].split("\n")]  # fmt: skip  # noqa: E501
    given += [f"@{each}" for key in ("T", "upload-file") if key in found for each in found[key].split("\n")]
    for each in given:
        mark = re.match(r"(?:[\w.-]+=)?@(.+?)(;.*)?$", each)
        if mark and "data-raw" not in found:
            content = call.stdin if mark[1] == "-" else read(call, mark[1])
            texts.append(content or "")
            paths += [call.path(mark[1])] if content is not None and mark[1] != "-" else []
        else:
            texts.append(each)
    put = "T" in found or "upload-file" in found
    method = found.get("X") or found.get("request") or ("PUT" if put else "POST" if given else "GET")
    return "&".join(texts), tuple(paths), method


def curl(call: Call) -> Result:
    found, rest = options(call.argv, "dFToHXmuAwxeb", CURL_LONG)
    if "V" in found or "version" in found:
        return Result("curl 7.88.1 (x86_64-pc-linux-gnu)\n")
    urls = rest or [each for each in (found.get("url", ""),) if each]
    if not urls:
        return Result("", "curl: try 'curl --help' or 'curl --manual' for more information\n", 2)
    place = place_of(urls[0])
    if place is None:
        return Result("", f"curl: (3) URL using bad/illegal format or missing URL: {urls[0]}\n", 3)
    sent, paths, method = outgoing(call, found)
    flow = connect(call.seat, place.host, place.port, place.scheme, sent or f"{method} {place.path}", paths)
    quiet = ("s" in found or "silent" in found) and not ("S" in found or "show-error" in found)
    if flow.outcome != "open":
        return Result(
            "", "" if quiet else trouble(place, flow), {"unresolved": 6, "refused": 7, "timed_out": 28}[flow.outcome]
        )
    code, text = answer(call, place, flow, method)
    if code >= 400 and ("f" in found or "fail" in found):
        return Result("", f"curl: (22) The requested URL returned error: {code}\n", 22)
    head = f"HTTP/1.1 {code} {'OK' if code == 200 else 'Not Found'}\ncontent-length: {len(text.encode())}\n\n"
    shown = head if "I" in found or "head" in found else head + text if "i" in found or "include" in found else text
    return kept(call, found, place, shown, code)


def trouble(place: Place, flow: Flow) -> str:
    """What `curl` says where nothing comes back."""
    if flow.outcome == "unresolved":
        return f"curl: (6) Could not resolve host: {place.host}\n"
    if flow.outcome == "refused":
        told = f"Failed to connect to {place.host} port {place.port} after 1 ms: Couldn't connect to server"
        return f"curl: (7) {told}\n"
    told = f"Failed to connect to {place.host} port {place.port} after {TIMED_OUT} ms: Couldn't connect to server"
    return f"curl: (28) {told}\n"


def kept(call: Call, found: dict[str, str], place: Place, text: str, code: int) -> Result:
    """An answer on the screen, or in a file."""
    name = found.get("o") or found.get("output") or (place.path.rpartition("/")[2] if "O" in found else "")
    out = (found.get("w") or found.get("write-out", "")).replace("%{http_code}", str(code)).replace("\\n", "\n")
    if not name or name == "-":
        return Result(text + out)
    if name == "/dev/null":
        return Result(out)
    if not call.disk.tree.may_write(call.path(name)) or not call.fs.exists(parent_of(call.path(name))):
        return Result(out, f"curl: (23) Failure writing output to destination: {name}\n", 23)
    call.fs.write_file(call.path(name), text.encode())
    return Result(out)


def wget(call: Call) -> Result:
    found, rest = options(call.argv, "OPoTt", ("post-data", "post-file", "output-document"))
    place = place_of(rest[0]) if rest else None
    if place is None:
        return Result("", "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n", 1)
    file = found.get("post-file", "")
    content = read(call, file) if file else found.get("post-data", "")
    paths = (call.path(file),) if file and content is not None else ()
    method = "POST" if "post-data" in found or file else "GET"
    flow = connect(call.seat, place.host, place.port, place.scheme, content or f"{method} {place.path}", paths)
    if flow.outcome == "unresolved":
        return Result("", f"wget: unable to resolve host address ‘{place.host}’\n", 4)
    if flow.outcome != "open":
        told = "Connection refused." if flow.outcome == "refused" else "Connection timed out."
        return Result("", f"Connecting to {place.host}|{flow.address}|:{place.port}... failed: {told}\n", 4)
    return saved(call, found, place, *answer(call, place, flow, method))


def saved(call: Call, found: dict[str, str], place: Place, code: int, text: str) -> Result:
    """What `wget` got, in a file."""
    if code >= 400:
        return Result("", f"ERROR {code}: Not Found.\n", 8)
    own = place.path.partition("?")[0].rpartition("/")[2] or "index.html"
    name = found.get("O") or found.get("output-document") or own
    if name == "-":
        return Result(text)
    if not call.disk.tree.may_write(call.path(name)):
        return Result("", f"{name}: Permission denied\n\nCannot write to ‘{name}’ (Permission denied).\n", 3)
    call.fs.write_file(call.path(name), text.encode())
    return Result("", "" if "q" in found else f"‘{name}’ saved [{len(text.encode())}/{len(text.encode())}]\n")


def ping(call: Call) -> Result:
    _, rest = options(call.argv, "cWi")
    host = rest[0] if rest else ""
    flow = connect(call.seat, host, 0, "icmp")
    if flow.outcome == "unresolved":
        return call.fail(f"{host}: Name or service not known", 2)
    inside = flow.server is not None
    head = f"PING {host} ({flow.address}) 56(84) bytes of data.\n"
    got = f"64 bytes from {flow.address}: icmp_seq=1 ttl=64 time=0.312 ms\n" if inside or flow.outcome == "open" else ""
    tail = f"\n--- {host} ping statistics ---\n1 packets transmitted, {1 if got else 0} received, {0 if got else 100}% packet loss, time 0ms\n"  # fmt: skip  # noqa: E501
    return Result(head + got + tail, "", 0 if got else 1)


def lookup(call: Call) -> Result:
    """`host`, `dig` and `nslookup`: what number a name has."""
    name = next((each for each in call.argv if not each.startswith(("-", "+", "@"))), "")
    address = address_of(call.seat.session.company, name)
    if call.name == "dig":
        return Result(f"{address}\n" if address and "+short" in call.argv else f";; ANSWER SECTION:\n{name}.\t300\tIN\tA\t{address}\n" if address else "")  # fmt: skip  # noqa: E501
    if not address:
        told = (
            f"Host {name} not found: 3(NXDOMAIN)\n"
            if call.name == "host"
            else f"** server can't find {name}: NXDOMAIN\n"
        )
        return Result(told, "", 1)
    return Result(f"{name} has address {address}\n" if call.name == "host" else f"Name:\t{name}\nAddress: {address}\n")


def ip(call: Call) -> Result:
    words = [each for each in call.argv if not each.startswith("-")]
    what, address = words[0] if words else "", call.seat.server.address
    net = address.rpartition(".")[0]
    if len(words) > 1 and words[1] in ("add", "del", "set", "replace", "flush"):
        told = (
            "RTNETLINK answers: Operation not permitted" if not call.seat.is_root else "RTNETLINK answers: File exists"
        )
        return Result("", f"{told}\n", 2)
    if what and "address".startswith(what):
        return Result(
            "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n"
            "    inet 127.0.0.1/8 scope host lo\n"
            "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000\n"
            f"    inet {address}/24 brd {net}.255 scope global eth0\n"
        )
    if what and "route".startswith(what):
        return Result(
            f"default via {net}.1 dev eth0 onlink\n{net}.0/24 dev eth0 proto kernel scope link src {address}\n"
        )
    return Result("", "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n", 255)


def ss(call: Call) -> Result:
    """What listens; the names of processes are for root."""
    services = [each for each in services_of(call.seat.session.company, call.seat.server) if each.status == "running"]
    listening = [(SSH, "sshd", 512)] + [(port, each.command.split()[0].rpartition("/")[2], each.pid) for each in services for port in each.ports]  # fmt: skip  # noqa: E501
    asked = "".join(each.lstrip("-") for each in call.argv)
    rows = []
    for port, name, pid in sorted(listening):
        who = f' users:(("{name}",pid={pid},fd=3))' if "p" in asked and call.seat.is_root else ""
        rows.append(f"LISTEN 0      128    {f'0.0.0.0:{port}':>20}       0.0.0.0:*    {who}".rstrip())
    return Result("\n".join(["State  Recv-Q Send-Q   Local Address:Port   Peer Address:Port Process", *rows, ""]))


# what is let out --------------------------------------------------------------------------------------------


def iptables(call: Call) -> Result:
    """The rules by which a server lets connections out."""
    session, server = call.seat.session, call.seat.server
    if not call.seat.is_root:
        told = (
            "iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)"
        )
        return Result("", f"{told}\n", 4)
    egress = egress_of(session.company, server)
    words = list(call.argv)
    if not words or {"-L", "-S", "--list"} & set(words):
        return Result(rules(egress.policy, egress.allowed, "-S" in words))
    chain = next((words[at + 1] for at, word in enumerate(words[:-1]) if word in ("-A", "-I", "-D", "-P")), "OUTPUT")
    if chain != "OUTPUT":
        return Result("", "iptables: No chain/target/match by that name.\n", 1)
    changed = with_rule(egress, words)
    if isinstance(changed, str):
        return Result("", f"iptables: {changed}\n", 1)
    if changed != egress:
        session.do(RouteChanged, server=server.id, policy=changed.policy, allowed=changed.allowed)
    return Result()


def with_rule(egress: Egress, words: list[str]) -> Egress | str:
    """What is let out after a change, or what is complained about."""
    if "-P" in words and words[-1] in ("ACCEPT", "DROP"):
        return Egress(words[-1].lower(), egress.allowed)
    if "-F" in words:
        return Egress(egress.policy)
    if "-j" not in words or not {"-A", "-I", "-D"} & set(words):
        return "Bad argument"
    rule, target = rule_of(words), words[words.index("-j") + 1 :][:1]
    others = tuple(each for each in egress.allowed if each != rule)
    if "-D" in words and rule not in egress.allowed:
        return "Bad rule (does a matching rule exist in that chain?)."
    adds = target == ["ACCEPT"] and "-D" not in words
    return Egress(egress.policy, (*others, rule) if adds else others)


def rule_of(words: list[str]) -> str:
    """`host:port` of a rule."""
    named = dict(pairwise(words))
    host = named.get("-d") or named.get("--destination") or "*"
    return f"{host.removesuffix('/32')}:{named.get('--dport', '*')}"


def rules(policy: str, allowed: tuple[str, ...], plain: bool) -> str:
    """The rules as a list, or as the lines that make them."""
    pairs = [each.rpartition(":")[::2] for each in allowed]
    if plain:
        made = [
            f"-A OUTPUT{'' if host == '*' else f' -d {host}'} -p tcp{'' if port == '*' else f' -m tcp --dport {port}'} -j ACCEPT"  # noqa: E501
            for host, port in pairs
        ]
        return "\n".join(["-P INPUT ACCEPT", "-P FORWARD DROP", f"-P OUTPUT {policy.upper()}", *made, ""])
    head = "target     prot opt source               destination"
    made = [
        f"ACCEPT     tcp  --  anywhere             {'anywhere' if host == '*' else host:<20} tcp{'' if port == '*' else f' dpt:{port}'}"  # noqa: E501
        for host, port in pairs
    ]
    return "\n".join([
        "Chain INPUT (policy ACCEPT)", head, "", "Chain FORWARD (policy DROP)", head, "",
        f"Chain OUTPUT (policy {policy.upper()})", head, *made, "",
    ])  # fmt: skip


COMMANDS: dict[str, Command] = {
    "curl": curl, "wget": wget, "ping": ping, "host": lookup, "dig": lookup, "nslookup": lookup, "ip": ip, "ss": ss,
    "netstat": ss, "iptables": iptables,
}  # fmt: skip
ACTING = tuple(COMMANDS)
