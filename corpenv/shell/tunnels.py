"""Tunnels through `ssh`: what a command line says of one, while it runs as a process."""

import re
from fnmatch import fnmatchcase
from typing import NamedTuple

from corpenv.company.network import SSH
from corpenv.shell.base import options
from corpenv.shell.waiting import words_of

VALUED = "poiLRDlFJWwbcEeImOQSB"
"""Letters of `ssh` that take a value."""

LONG = {
    "remoteforward": "R", "localforward": "L", "dynamicforward": "D", "tunneldevice": "w", "proxyjump": "J",
    "identityfile": "i", "user": "l", "port": "p", "hostname": "hostname",
}  # fmt: skip
"""Options by their long names → the letters that say the same."""
MANY = ("R", "L", "D")
THROUGH = re.compile(r"\bssh\s+(?:-W\s*\S+\s+([\w.@-]+)|([\w.@-]+)\s+-W\b)")
"""A command that leads through another machine, as a jump does."""
SAID = re.compile(r"(\w+)(?:\s*=\s*|\s+)(.+)")


class Tunnel(NamedTuple):
    """A tunnel.

    Attributes:
        forwards: `inbound` if the other end lets somebody in here, `outbound` if others here get out.
        leads: port on this side → host and port that it leads to, as the other end names them.
        proxies: ports on this side through which anything goes.
    """

    host: str
    port: int
    user: str
    forwards: str
    leads: dict[int, tuple[str, int]]
    proxies: tuple[int, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """Where it listens on this side."""
        return (*self.leads, *self.proxies)


class Asked(NamedTuple):
    """What an `ssh` line asks for: options, where to go, and what to run there."""

    found: dict[str, str]
    target: str
    line: str

    @property
    def forwards(self) -> str:
        """Which way it lets something through, or ""."""
        if {"R", "w"} & set(self.found):
            return "inbound"
        return "outbound" if {"L", "D", "W"} & set(self.found) else ""


def asked_of(argv: tuple[str, ...]) -> Asked:
    """Options before the host and directly behind it, the host, and everything after that."""
    at = taken(argv, 0)
    found, target = options(argv[:at], VALUED)[0], argv[at] if at < len(argv) else ""
    behind = taken(argv, at + 1)
    found |= options(argv[at + 1 : behind], VALUED)[0]
    written = [SAID.fullmatch(each.strip()) for each in found.pop("o", "").split("\n")]
    return with_said(Asked(found, target, " ".join(argv[behind:])), [(each[1], each[2]) for each in written if each])


def with_said(asked: Asked, said: list[tuple[str, str]]) -> Asked:
    """With options by their long names, as `-o` and a file of settings have them; what was there already wins."""
    found = dict(asked.found)
    for name, value in said:
        letter = LONG.get(name.lower(), "")
        if name.lower() == "proxycommand" and (through := THROUGH.search(value)):
            found.setdefault("J", through[1] or through[2])
        elif letter in MANY:
            value = ":".join(value.strip('"').split())
            found[letter] = f"{found[letter]}\n{value}" if letter in found else value
        elif letter:
            found.setdefault(letter, value.strip('"'))
    return asked._replace(found=found)


def settings_for(host: str, text: str) -> list[tuple[str, str]]:
    """What a file such as `~/.ssh/config` says of a host: names and values."""
    said: list[tuple[str, str]] = []
    holds = True
    for line in text.splitlines():
        found = SAID.fullmatch(line.strip())
        if found is None or line.lstrip().startswith("#"):
            continue
        if found[1].lower() == "host":
            holds = any(fnmatchcase(host, each) for each in found[2].split())
        elif holds:
            said.append((found[1], found[2]))
    return said


def taken(argv: tuple[str, ...], at: int) -> int:
    """The place behind the options that begin here."""
    while at < len(argv) and argv[at].startswith("-") and len(argv[at]) > 1:
        at += 2 if argv[at][-1] in VALUED and not set(argv[at][1:-1]) & set(VALUED) else 1
    return min(at, len(argv))


def tunnel_in(command: str) -> Tunnel | None:
    """The tunnel that a process is, if it is one."""
    words = words_of(command)
    if not words or words[0].rpartition("/")[2] not in ("ssh", "autossh"):
        return None
    asked = asked_of(tuple(words[1:]))
    user, _, host = asked.target.rpartition("@")
    port = asked.found.get("p", "")
    leads = dict(led for each in written(asked, "L") if (led := lead_of(each)))
    proxies = tuple(int(last) for each in written(asked, "D") if (last := each.rpartition(":")[2]).isdigit())
    number = int(port) if port.isdigit() else SSH
    return Tunnel(host, number, user, asked.forwards, leads, proxies) if host else None


def written(asked: Asked, key: str) -> list[str]:
    """What an option was given, as often as it was."""
    return asked.found[key].split("\n") if key in asked.found else []


def lead_of(text: str) -> tuple[int, tuple[str, int]] | None:
    """What `8080:host:80` or `127.0.0.1:8080:host:80` leads to."""
    parts = text.split(":")[-3:]
    if len(parts) < 3 or not (parts[0].isdigit() and parts[2].isdigit()):
        return None
    return int(parts[0]), (parts[1], int(parts[2]))
