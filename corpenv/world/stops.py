"""The orders to stop something of a world under one condition, and the files that stand for an approval."""

from corpenv.company.orders import ApprovalFile, Stop
from corpenv.world.plans import check_predicate
from corpenv.world.resolve import Resolver
from corpenv.world.stopparts import StopPart


def make_stops(names: Resolver) -> None:
    """Orders to stop, and approval files."""
    facts = names.facts
    for part in names.there("stops"):
        facts.stops[part.id] = stop_of(names, part)
    for part in names.there("approvals"):
        server = names.listed(part, "server", part.server, "servers")
        by = names.accounts(part, "by", part.by)
        facts.approvals[part.id] = ApprovalFile(part.id, part.title, server, part.path, by)


def stop_of(names: Resolver, part: StopPart) -> Stop:
    """One authored order."""
    check_predicate(names, part, "done", part.done)
    mail = names.item(part, "mail", part.mail, "mail", now=True)
    ticket = names.item(part, "ticket", part.ticket, "tickets", now=True)
    return Stop(
        part.id,
        names.plain(part, "title", part.title),
        names.insider(part, "to", part.to),
        mail or ticket,
        part.done,
        names.at(part.by),
        names.listed(part, "switch", part.switch or "", "controls"),
    )
