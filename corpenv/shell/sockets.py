"""Connections as a shell opens them: `/dev/tcp/HOST/PORT` and `/dev/udp/HOST/PORT`, which are no files."""

import errno
import re

from corpenv.company.network import SSH, Flow
from corpenv.shell.base import Seat
from corpenv.shell.flows import connect, expected, said_outside
from corpenv.shell.paths import Told, error

NETS = ("/dev/tcp/", "/dev/udp/")
PLACE = re.compile(r"/dev/(tcp|udp)/([^/]+)/(\d{1,5})")
ASKED = re.compile(r"(?:GET|HEAD) (\S+)(?: HTTP/\S+)?\s")
WHY = {"refused": errno.ECONNREFUSED, "timed_out": errno.ETIMEDOUT, "unresolved": errno.EINVAL}
BANNER = "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


class Sockets:
    """The connections of one seat during a line, by path."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.flows: dict[str, Flow] = {}
        self.sent: dict[str, str] = {}

    def told_of(self, path: str, second: int) -> Told:
        """What a shell that looks finds: as if it stood there."""
        return ("file", 0, 0o666, second) if PLACE.fullmatch(path) else ("directory", 4096, 0o755, second)

    def send(self, path: str, content: bytes) -> None:
        """Something goes out. What is only opened is told of when something is sent, or the line is over."""
        found = PLACE.fullmatch(path)
        if found is None:
            raise error(errno.ENOENT, path)
        text, host, port = content.decode("utf-8", "replace"), found[2], int(found[3])
        flow = expected(self.seat, host, port)
        if text or flow.outcome != "open":
            flow = connect(self.seat, host, port, found[1], text)
        if flow.outcome != "open":
            raise error(WHY[flow.outcome], path)
        self.flows[path], self.sent[path] = flow, self.sent.get(path, "") + text

    def close(self) -> None:
        """The line is over: what was opened and never used was opened still."""
        for path in [each for each in self.flows if not self.sent[each]]:
            net, host, port = path.split("/")[2:]
            connect(self.seat, host, int(port), net)
        self.flows, self.sent = {}, {}

    def receive(self, path: str) -> bytes:
        """What comes back: a greeting, or the answer to what was asked."""
        self.send(path, b"")
        net, host, port = PLACE.fullmatch(path).groups()  # type: ignore[union-attr]
        flow, asked = self.flows[path], ASKED.match(self.sent[path])
        if flow.server is None:
            return said_outside(self.seat, f"{net}://{host}:{port}").encode()
        if int(port) == SSH:
            return BANNER.encode()
        if asked is None or flow.service is None:
            return b""
        text = flow.service.answers.get(asked[1])
        body = "" if text is None else self.seat.session.company.text(text)
        return f"HTTP/1.1 {'404 Not Found' if text is None else '200 OK'}\r\n\r\n{body}".encode()
