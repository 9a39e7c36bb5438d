"""The web: `curl` and `wget`."""

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from corpenv.company.network import opens
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.flows import Flow, connect
from corpenv.shell.tree import parent_of

PORTS = {"http": 80, "https": 443, "ftp": 21}
CURL_LONG = (
    "data", "data-binary", "data-raw", "data-urlencode", "form", "upload-file", "output", "header", "request",
    "max-time", "connect-timeout", "user", "user-agent", "retry", "url", "write-out", "proxy", "cacert", "cookie",
    "config", "url-query", "socks5", "socks5-hostname", "socks4", "referer", "json", "limit-rate", "cert", "key",
    "resolve", "connect-to", "form-string", "oauth2-bearer", "cookie-jar", "dump-header", "proxy-user", "range",
    "retry-delay", "interface", "noproxy", "trace-ascii", "stderr", "unix-socket",
)  # fmt: skip
GIVEN = ("d", "data", "data-binary", "data-raw", "data-urlencode", "F", "form", "form-string", "json")
HEADERS = {
    "H": "", "header": "", "u": "Authorization: Basic ", "user": "Authorization: Basic ", "A": "User-Agent: ",
    "user-agent": "User-Agent: ", "b": "Cookie: ", "cookie": "Cookie: ", "e": "Referer: ", "referer": "Referer: ",
    "oauth2-bearer": "Authorization: Bearer ",
}  # fmt: skip
"""Options that go into the head of what is sent."""
PROXY_PORT = 1080
PROXIES = ("x", "proxy", "socks5", "socks5-hostname", "socks4")
ATTACHED = re.compile(r"(?:[\w.-]+=?)?@(.+?)(;.*)?$")
TIMED_OUT = 134_000
SECONDS = re.compile(r"\d{1,6}(\.\d+)?")
REASONS = {200: "OK", 401: "Unauthorized", 404: "Not Found"}


class Place(NamedTuple):
    """What a URL names."""

    scheme: str
    host: str
    port: int
    path: str


class Sent(NamedTuple):
    """What goes out: its method, its head, its body, and the files it was read from."""

    method: str
    head: tuple[str, ...] = ()
    body: str = ""
    paths: tuple[str, ...] = ()

    def text(self, place: Place) -> str:
        """All of it, as far as it says something."""
        if self.body and not self.head and "?" not in place.path:
            return self.body
        lines = "\n".join((f"{self.method} {place.path}", *self.head))
        return f"{lines}\n\n{self.body}" if self.body else lines


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


def answer(call: Call, place: Place, flow: Flow, sent: Sent) -> tuple[int, str]:
    """Status and text that come back."""
    company, service = call.seat.session.company, flow.service
    if service:
        if service.needs and not opens(company, service.needs, sent.text(place)):
            return 401, "401 unauthorized\n"
        text = service.answers.get(place.path) or service.answers.get(place.path.partition("?")[0])
    else:
        port = "" if place.port == PORTS[place.scheme] else f":{place.port}"
        text = call.seat.server.pages.get(f"{place.scheme}://{place.host}{port}{place.path}")
    if text is not None:
        return 200, company.text(text)
    return (200, "") if sent.method in ("POST", "PUT") else (404, "404 page not found\n")


def read(call: Call, name: str) -> str | None:
    """A file that the account can read, as text."""
    try:
        return call.fs.read_file(call.path(name)).decode("utf-8", "replace")
    except (RuntimeError, OSError):
        return None


def many(found: dict[str, str], names: tuple[str, ...]) -> list[str]:
    """The values of options that can be given more than once."""
    return [each for name in names if name in found for each in found[name].split("\n")]


def outgoing(call: Call, found: dict[str, str]) -> Sent:
    """What a `curl` line sends."""
    texts: list[str] = []
    paths: list[str] = []
    put = "T" in found or "upload-file" in found
    for each in [*many(found, GIVEN), *(f"@{name}" for name in many(found, ("T", "upload-file")))]:
        mark = ATTACHED.match(each)
        if mark and "data-raw" not in found:
            content = call.stdin if mark[1] in ("-", ".") else read(call, mark[1])
            texts.append(content or "")
            paths += [call.path(mark[1])] if content is not None and mark[1] not in ("-", ".") else []
        else:
            texts.append(each)
    head = tuple(
        f"{mark}{header(call, name, each)}"
        for name, mark in HEADERS.items()
        if name in found
        for each in found[name].split("\n")
    )
    method = found.get("X") or found.get("request") or ("PUT" if put else "POST" if texts else "GET")
    return Sent(method, head, "&".join(texts), tuple(paths))


def header(call: Call, name: str, value: str) -> str:
    """A line of the head, or what stands in the file that is named instead."""
    if name in ("H", "header") and value.startswith("@"):
        return (call.stdin if value == "@-" else read(call, value[1:]) or "").strip()
    is_file = name in ("b", "cookie") and "=" not in value
    return ((read(call, value) or "").strip() if is_file else "") or value


def curl(call: Call) -> Result:
    argv = (*call.argv, *from_file(call)) if {"-K", "--config"} & set(call.argv) else call.argv
    found, rest = options(argv, "dFToHXmuAwxebEKrcDytYzCPQU", CURL_LONG)
    if "V" in found or "version" in found:
        return Result("curl 7.88.1 (x86_64-pc-linux-gnu)\n")
    urls = rest or [each for each in (found.get("url", ""),) if each]
    if not urls:
        return Result("", "curl: try 'curl --help' or 'curl --manual' for more information\n", 2)
    results = [fetched(call, found, url) for url in urls]
    return Result("".join(each.out for each in results), "".join(each.err for each in results), results[-1].code)


def from_file(call: Call) -> list[str]:
    """Options that stand in a file, a line each, or are piped in."""
    name = next((word for at, word in pairwise(call.argv) if at in ("-K", "--config")), "-")
    text = call.stdin if name == "-" else read(call, name) or ""
    found: list[str] = []
    for line in text.splitlines():
        key, _, value = line.strip().partition("=") if "=" in line else line.strip().partition(" ")
        if key.strip() and not key.startswith("#"):
            found += [f"--{key.strip().lstrip('-')}", *([value.strip().strip('"')] if value.strip() else [])]
    return found


def fetched(call: Call, found: dict[str, str], url: str) -> Result:
    """One URL is asked."""
    place = place_of(url)
    if place is None:
        return Result("", f"curl: (3) URL using bad/illegal format or missing URL: {url}\n", 3)
    sent = outgoing(call, found)
    if queries := many(found, ("url-query",)):
        place = place._replace(path=f"{place.path}{'&' if '?' in place.path else '?'}{'&'.join(queries)}")
    if ("G" in found or "get" in found) and sent.body:
        place, sent = place._replace(path=f"{place.path}?{sent.body}"), Sent("GET", sent.head, "", sent.paths)
    flow = sent_out(call, found, place, sent)
    quiet = ("s" in found or "silent" in found) and not ("S" in found or "show-error" in found)
    if flow.outcome != "open":
        told = "" if quiet else trouble(place, flow, longest(found))
        return Result("", told, {"unresolved": 6, "refused": 7, "timed_out": 28}[flow.outcome])
    code, text = answer(call, place, flow, sent)
    if code >= 400 and ("f" in found or "fail" in found):
        return Result("", f"curl: (22) The requested URL returned error: {code}\n", 22)
    head = f"HTTP/1.1 {code} {REASONS[code]}\ncontent-length: {len(text.encode())}\n\n"
    shown = head if "I" in found or "head" in found else head + text if "i" in found or "include" in found else text
    return kept(call, found, place, shown, code)


def sent_out(call: Call, found: dict[str, str], place: Place, sent: Sent) -> Flow:
    """A request leaves: straight to its host, through a tunnel of this machine, or to the proxy that is named."""
    named = next((found[name] for name in PROXIES if name in found), "") or call.env.get("ALL_PROXY", "")
    host, _, port = named.rpartition("//")[2].rstrip("/").partition(":")
    text, number = sent.text(place), int(port) if port.isdigit() else PROXY_PORT
    if host and host not in ("localhost", "127.0.0.1"):
        return connect(call.seat, host, number, "http", f"CONNECT {place.host}:{place.port}\n{text}", sent.paths)
    proxy = number if host else 0
    place = elsewhere(found, place)
    return connect(call.seat, place.host, place.port, place.scheme, text, sent.paths, proxy=proxy)


def elsewhere(found: dict[str, str], place: Place) -> Place:
    """The host that is asked in the place of another: `--resolve` and `--connect-to`."""
    for each in many(found, ("resolve", "connect-to")):
        host, _, rest = each.lstrip("+").partition(":")
        port, _, there = rest.partition(":")
        if host in ("", "*", place.host) and port in ("", "*", str(place.port)) and there:
            other, _, number = there.partition(":")
            return place._replace(host=other or place.host, port=int(number) if number.isdigit() else place.port)
    return place


def longest(found: dict[str, str]) -> int:
    """Milliseconds after which nobody waits any more, as `-m` and `--connect-timeout` have it."""
    named = [found[name] for name in ("m", "max-time", "connect-timeout") if name in found]
    seconds = [float(each) for each in named if SECONDS.fullmatch(each)]
    return min([int(each * 1000) for each in seconds if each], default=TIMED_OUT)


def trouble(place: Place, flow: Flow, waited: int) -> str:
    """What `curl` says where nothing comes back."""
    if flow.outcome == "unresolved":
        return f"curl: (6) Could not resolve host: {place.host}\n"
    if flow.outcome == "timed_out" and waited < TIMED_OUT:
        return f"curl: (28) Connection timed out after {waited + 1} milliseconds\n"
    code, after = (7, 1) if flow.outcome == "refused" else (28, TIMED_OUT)
    told = f"Failed to connect to {place.host} port {place.port} after {after} ms: Couldn't connect to server"
    return f"curl: ({code}) {told}\n"


def kept(call: Call, found: dict[str, str], place: Place, text: str, code: int) -> Result:
    """An answer on the screen, or in a file."""
    name = found.get("o") or found.get("output") or (place.path.rpartition("/")[2] if "O" in found else "")
    out = (found.get("w") or found.get("write-out", "")).replace("%{http_code}", str(code)).replace("\\n", "\n")
    if not name or name == "-":
        return Result(text + out)
    if name == "/dev/null":
        return Result(out)
    if not written(call, name, text):
        return Result(out, f"curl: (23) Failure writing output to destination: {name}\n", 23)
    return Result(out)


def written(call: Call, name: str, text: str) -> bool:
    """An answer goes into a file, if it can."""
    path = call.path(name)
    if not call.fs.exists(parent_of(path)):
        return False
    try:
        call.fs.write_file(path, text.encode())
    except (RuntimeError, OSError):
        return False
    return True


def wget(call: Call) -> Result:
    found, rest = options(call.argv, "OPoTtU", ("post-data", "post-file", "output-document", "header", "user-agent"))
    place = place_of(rest[0]) if rest else None
    if place is None:
        return Result("", "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n", 1)
    file = found.get("post-file", "")
    content = read(call, file) if file else found.get("post-data", "")
    method = "POST" if "post-data" in found or file else "GET"
    paths = (call.path(file),) if file and content is not None else ()
    sent = Sent(method, tuple(many(found, ("header",))), content or "", paths)
    flow = connect(call.seat, place.host, place.port, place.scheme, sent.text(place), paths)
    if flow.outcome == "unresolved":
        return Result("", f"wget: unable to resolve host address ‘{place.host}’\n", 4)
    if flow.outcome != "open":
        told = "Connection refused." if flow.outcome == "refused" else "Connection timed out."
        return Result("", f"Connecting to {place.host}|{flow.address}|:{place.port}... failed: {told}\n", 4)
    return saved(call, found, place, *answer(call, place, flow, sent))


def saved(call: Call, found: dict[str, str], place: Place, code: int, text: str) -> Result:
    """What `wget` got, in a file."""
    if code == 401:
        return Result("", "\nUsername/Password Authentication Failed.\n", 6)
    if code >= 400:
        return Result("", f"ERROR {code}: Not Found.\n", 8)
    own = place.path.partition("?")[0].rpartition("/")[2] or "index.html"
    name = found.get("O") or found.get("output-document") or own
    if name == "-":
        return Result(text)
    if not written(call, name, text):
        return Result("", f"{name}: Permission denied\n\nCannot write to ‘{name}’ (Permission denied).\n", 3)
    return Result("", "" if "q" in found else f"‘{name}’ saved [{len(text.encode())}/{len(text.encode())}]\n")


COMMANDS: dict[str, Command] = {"curl": curl, "wget": wget}
ACTING = tuple(COMMANDS)
