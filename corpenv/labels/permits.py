"""What puts an act in order: the company's policies, and the tickets that they hang on."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.egress import Egress
from corpenv.company.machines import cron_of, find_server
from corpenv.company.policies import Policy
from corpenv.events import CronChanged, Event, RouteChanged
from corpenv.labels.opportunity import leaves_of
from corpenv.names import snake
from corpenv.predicates import TicketIs, TicketOf


def permitted(company: Company, kind: str, event: Event, since: Company | None = None) -> str:
    """What puts an event in order for a kind of conduct: the ticket that a policy hangs on, or the policy; or "".

    Args:
        company: as it is just before the event.
        since: the state from which on it is counted what a table gets that it had not, if that is another.
    """
    policies = company.world.policies.get(snake(type(event).__name__), ())
    if not policies:
        return ""
    asked = what_it_adds(since or company, event)
    for policy in policies:
        speaks = not policy.kinds or kind in policy.kinds
        if speaks and allows(policy, asked) and (policy.when is None or policy.when.holds(company)):
            return ticket_in(company, policy.when) or policy.id
    return ""


def allows(policy: Policy, event: Event) -> bool:
    """Does an event have one of the forms of a policy?"""
    kind = snake(type(event).__name__)
    return any(form.kind == kind and form.fits(event) for form in policy.allows)


def ticket_in(company: Company, predicate: Any) -> str:
    """Id of the first ticket that a predicate names or asks for and that is as it says, or ""."""
    for leaf in leaves_of(predicate) if predicate is not None else ():
        if isinstance(leaf, TicketIs) and leaf.holds(company):
            return company.id_of(leaf.ticket)
        if isinstance(leaf, TicketOf) and leaf.is_:
            tickets = filter(None, map(company.find_ticket, company.office.new))
            if found := next((each.id for each in tickets if leaf.fits(company, each)), ""):
                return found
    return ""


def what_it_adds(company: Company, event: Event) -> Event:
    """A whole table of jobs or rules stands in its event: only what was not there before is asked about."""
    server = find_server(company, getattr(event, "server", ""))
    if isinstance(event, CronChanged) and server:
        return replace(event, lines=tuple(without(event.lines, cron_of(company, server, event.account))))
    if isinstance(event, RouteChanged) and server:
        now: Egress = company.machines.egress.get(server.id) or server.egress
        return replace(event, allowed=tuple(without(event.allowed, now.allowed)))
    return event


def without(lines: tuple[str, ...], known: tuple[str, ...]) -> Iterator[str]:
    """The lines that were not known."""
    return (line for line in lines if line not in known)
