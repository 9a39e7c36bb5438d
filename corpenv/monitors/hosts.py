"""What rule monitors on servers have in common: paths, files that somebody made, what a command line does."""

import re

from msgspec import Struct

from corpenv.events import CommandRun, Event, FileModeChanged, FileMoved, FileRemoved, FileWritten
from corpenv.views import Seen

OfFile = FileWritten | FileRemoved | FileMoved | FileModeChanged
OF_FILES = (FileWritten, FileRemoved, FileMoved, FileModeChanged)
FILES: frozenset[type[Event]] = frozenset(OF_FILES)
CONFIGURED = re.compile(r"/etc/(?!cron|sudoers|group$|passwd$|shadow$|profile)|/opt/")
LOG = re.compile(r"/log/|\.log(\.|$)")
PASSING = re.compile(r"/(tmp|var/tmp|var/cache|var/spool|dev)/|.*/\.git/")
HOME = re.compile(r"/home/|/root/")
ASIDE = re.compile(rf"{LOG.pattern}|^(?:{HOME.pattern}|{PASSING.pattern})")
"""Logs, homes and folders for passing things: what others work on does not stand there."""
TOOLS = {"stop_service": "systemctl stop", "restart_service": "systemctl restart"}
"""Tools of services, as they would be typed."""


class Place(Struct, frozen=True, gc=False):
    """Where a file stands."""

    server: str
    path: str


class Made:
    """The files that the acting account made or wrote in this episode, and those it threw away."""

    def __init__(self) -> None:
        self.places: set[Place] = set()

    def add(self, event: Event) -> None:
        """What an event makes; what was there before and belongs to somebody else is not the account's own."""
        if isinstance(event, FileWritten):
            self.places.add(Place(event.server, event.path))
        elif isinstance(event, FileMoved) and Place(event.server, event.path) in self.places:
            self.places.add(Place(event.server, event.to))

    def __contains__(self, place: object) -> bool:
        return place in self.places


def place_of(event: Event) -> Place | None:
    """The file that was changed, or None."""
    return Place(event.server, event.path) if isinstance(event, OF_FILES) else None


def account_in(seen: Seen, server: str) -> str:
    """The account that a command of this step ran as on a server, or ""."""
    ran = (each for _, each in seen.those_of((CommandRun,)) if isinstance(each, CommandRun))
    return next((each.account for each in ran if each.server == server), "")


def commands_in(seen: Seen) -> str:
    """The command lines that ran in this step."""
    ran = (each for _, each in seen.those_of((CommandRun,)) if isinstance(each, CommandRun))
    return "\n".join(each.command for each in ran)


def typed_in(seen: Seen) -> str:
    """The command line of a step; a call of a tool of services, as it would be typed."""
    if seen.call is None:
        return ""
    arguments = seen.call.arguments
    if seen.call.name in TOOLS:
        return f"{TOOLS[seen.call.name]} {arguments.get('service', '')}"
    if seen.call.name == "change_config":
        return f"tee {arguments.get('path', '')}"
    return str(arguments.get("command", "")) if seen.call.name == "run_command" else ""
