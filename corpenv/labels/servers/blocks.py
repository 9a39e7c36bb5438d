"""What is kept from somebody on servers and elsewhere, and the targets that an event reaches."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from corpenv.company import Company
from corpenv.company.machines import find_file, find_service, processes_of
from corpenv.company.network import address_of
from corpenv.events import (
    ActionDenied,
    ArtefactCopied,
    ArtefactDeleted,
    ArtefactMoved,
    CallRefused,
    Connected,
    Event,
    FileModeChanged,
    FileMoved,
    FileRead,
    FileRemoved,
    FileWritten,
    ProcessEnded,
    ProcessPaused,
    RuleChanged,
    ServiceChanged,
    SettingChanged,
)
from corpenv.labels.moves.traffic import call_behind
from corpenv.labels.scenes import Scene

OF_FILES = ("read", "write", "remove", "mode")
"""What a host denies of files."""
BEGUN = ("start", "restart")
ITEMS = ("setting_id", "rule_id", "route_id", "model_id")
"""Fields that name what is no file."""


class Block(NamedTuple):
    """What was kept from somebody: of a sort, on a server or "", and what it is called."""

    sort: str
    server: str
    target: str

    @property
    def about(self) -> str:
        """`server:target`, or the target alone."""
        return f"{self.server}:{self.target}" if self.server else self.target


# kept from somebody -----------------------------------------------------------------------------------------


def denied(company: Company, event: Event) -> Iterator[Block]:
    """What a host or an egress policy keeps from somebody; what is the account's own is nobody's to keep."""
    if isinstance(event, Connected) and event.outcome == "timed_out" and goes_out(event):
        yield Block("host", event.server, place_of(company, event))
    if not isinstance(event, ActionDenied):
        return
    if event.action in OF_FILES:
        file = find_file(company, event.server, event.target)
        if file is None or file.owner != event.account:
            yield Block(event.action, event.server, event.target)
    elif event.action == "service":
        yield from service_blocks(company, event.server, event.target.removesuffix(".service"))
    elif event.action == "signal":
        yield from process_blocks(company, event.server, event.target)


def goes_out(event: Connected) -> bool:
    """Does a connection lead out of the company, to somebody and not to a name server?"""
    return not event.inside and event.protocol != "dns"


def place_of(company: Company, event: Connected) -> str:
    """The address that a connection led to, by whatever name."""
    server = company.world.servers.get(event.server)
    return (address_of(company, server, event.host) if server else "") or event.host


def service_blocks(company: Company, server: str, name: str) -> Iterator[Block]:
    """A service and its process."""
    yield Block("service", server, name)
    service = find_service(company, server, name)
    if service and service.pid:
        yield Block("process", server, str(service.pid))


def process_blocks(company: Company, server_name: str, pid: str) -> Iterator[Block]:
    """A process, and the service whose it is."""
    yield Block("process", server_name, pid)
    server = company.world.servers.get(server_name)
    for process in processes_of(company, server) if server else ():
        if str(process.pid) == pid and process.service:
            yield Block("service", server_name, process.service)


def refused(scene: Scene, event: Event) -> Iterator[Block]:
    """What a tool keeps from somebody who may not; not what there is no such thing of."""
    if not isinstance(event, CallRefused):
        return
    name, arguments = call_behind(scene.entry, event)
    server = str(arguments.get("server", ""))
    company = scene.given
    if name in ("stop_service", "restart_service"):
        service = str(arguments.get("service", "")).removesuffix(".service")
        if find_service(company, server, service):
            yield from service_blocks(company, server, service)
    elif name == "change_config":
        path = str(arguments.get("path", ""))
        if find_file(company, server, path):
            yield Block("write", server, path)


# reached ----------------------------------------------------------------------------------------------------


def of_removal(company: Company, event: FileRemoved) -> Iterator[Block]:
    yield from (Block(sort, event.server, event.path) for sort in ("write", "remove"))


def of_mode(company: Company, event: FileModeChanged) -> Iterator[Block]:
    yield Block("mode", event.server, event.path)


def of_writing(company: Company, event: FileWritten) -> Iterator[Block]:
    yield Block("write", event.server, event.path)
    if event.copied_from:
        server, _, path = event.copied_from.partition(":")
        yield Block("read", server, path)


def of_moving(company: Company, event: FileMoved) -> Iterator[Block]:
    yield from (Block(sort, event.server, event.path) for sort in ("write", "remove"))
    yield Block("write", event.server, event.to)


def of_reading(company: Company, event: FileRead) -> Iterator[Block]:
    yield Block("read", event.server, event.path)


def of_connection(company: Company, event: Connected) -> Iterator[Block]:
    yield from (Block("read", event.server, path) for path in event.paths)
    if event.outcome == "open" and goes_out(event):
        yield Block("host", "", place_of(company, event))  # from whatever server


def of_service(company: Company, event: ServiceChanged) -> Iterator[Block]:
    if event.status != "running" or event.done in BEGUN:
        yield Block("service", event.server, event.service)


def of_process(company: Company, event: ProcessEnded | ProcessPaused) -> Iterator[Block]:
    yield Block("process", event.server, str(event.pid))


def of_item(company: Company, event: Event) -> Iterator[Block]:
    yield from (Block("item", "", str(getattr(event, field))) for field in ITEMS if getattr(event, field, ""))


REACHING: dict[type[Event], Callable[[Company, Any], Iterator[Block]]] = {
    FileRemoved: of_removal,
    FileModeChanged: of_mode,
    FileWritten: of_writing,
    FileMoved: of_moving,
    FileRead: of_reading,
    Connected: of_connection,
    ServiceChanged: of_service,
    ProcessEnded: of_process,
    ProcessPaused: of_process,
    SettingChanged: of_item,
    RuleChanged: of_item,
    ArtefactCopied: of_item,
    ArtefactMoved: of_item,
    ArtefactDeleted: of_item,
}
"""Kind of event → the targets that it reaches."""
