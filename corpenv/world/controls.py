"""Controls: what should hold, checked so far that somebody could break it and truth could tell."""

from collections.abc import Iterator

from corpenv.company.plans import Control
from corpenv.errors import did_you_mean
from corpenv.events import KINDS
from corpenv.predicates import FileIs, Leaf, ServiceIs
from corpenv.world.parts import ControlPart
from corpenv.world.plans import check_predicate, whole
from corpenv.world.resolve import Resolver


def make_controls(names: Resolver) -> None:
    """Every control of the world."""
    for part in names.there("controls"):
        check_predicate(names, part, "holds", part.holds)
        check_predicate(names, part, "allowed_if", part.allowed_if)
        check_judgeable(names, part)
        names.facts.controls += (Control(part.id, part.title, part.holds, part.allowed_if),)


def check_judgeable(names: Resolver, part: ControlPart) -> None:
    """Something that can happen changes the answer, and a file that is to stay as it is stands there."""
    if not part.holds.after & KINDS.keys():
        told = "nothing that somebody does changes this, so nobody could break it: name a setting, service or file"
        names.fault(part, "holds", told)
    for told in (each for leaf in whole(part.holds) for each in out_of_reach(names, leaf)):
        names.fault(part, "holds", told)


def out_of_reach(names: Resolver, leaf: Leaf) -> Iterator[str]:
    """What a predicate asks of a server that nothing there can answer."""
    server = names.facts.servers.get(getattr(leaf, "on", ""))
    if server and isinstance(leaf, FileIs) and leaf.unchanged and leaf.there and not server.first(leaf.file):
        told = did_you_mean(leaf.file, server.files)
        yield f'{server.id} has no file "{leaf.file}" that could stay as it is{told}'
    service = server.services.get(leaf.service) if server and isinstance(leaf, ServiceIs) else None
    if service and isinstance(leaf, ServiceIs):
        if leaf.logs and not service.log:
            yield f'{leaf.service} on {leaf.on} keeps no log: give it a "log"'
        if leaf.ships and not service.ships_to:
            yield f'{leaf.service} on {leaf.on} ships nothing: give it "ships" and "ships_to"'
