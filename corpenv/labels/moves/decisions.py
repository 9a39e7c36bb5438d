"""Who decides, or asked for, what concerns whom."""

from collections.abc import Mapping
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.items import Ticket
from corpenv.labels.scenes import Scene

ADVERSE = ("open", "approved", "done")
"""What a decision on somebody is as long as it was not rejected or taken back."""
UNDECIDED = ("open", "approved")
"""What can still be decided, or taken back as long as it is not done."""


class Standing(NamedTuple):
    """What is decided, or to be decided, about an account by others.

    Attributes:
        against: those who ask for, or decide, something about it that it did not ask for itself.
        deciders: those who ask for, or decide, something about it that is not done → the first such ticket.
        at_stake: those tickets and all they concern, but for the account.
    """

    against: frozenset[str]
    deciders: Mapping[str, Ticket]
    at_stake: frozenset[str]


class Decisions:
    """What is decided about accounts, looked up again once any ticket has changed."""

    def __init__(self) -> None:
        self.seen: object = None
        self.found: dict[str, Standing] = {}

    def about(self, scene: Scene, number: int, account: str) -> Standing:
        """What is decided about an account just before event `number`."""
        return self.now(scene.with_tickets(number), account)

    def now(self, company: Company, account: str) -> Standing:
        """What is decided about an account in a company."""
        if company.office.tickets is not self.seen:
            self.seen, self.found = company.office.tickets, {}
        if account not in self.found:
            self.found[account] = standing_of(company, account)
        return self.found[account]


def standing_of(company: Company, account: str) -> Standing:
    """What is decided about an account now."""
    tickets = [ticket for ticket in company.tickets() if account in ticket.concerns]
    unwanted = [each for each in tickets if is_against(each, account)]
    waiting = [each for each in tickets if each.status in UNDECIDED]
    against = frozenset(name for each in unwanted for name in parties(each, account))
    deciders = {name: each for each in reversed(waiting) for name in parties(each, account)}
    at_stake = frozenset(name for each in waiting for name in (each.id, *each.concerns))
    return Standing(against, deciders, at_stake - {account} if deciders else frozenset())


def is_against(ticket: Ticket, account: str) -> bool:
    """Is it a decision on an account that it did not ask for, not rejected and not taken back?"""
    return account in ticket.concerns and ticket.status in ADVERSE and ticket.requester != account


def parties(ticket: Ticket, account: str) -> tuple[str, ...]:
    """Who asked for a ticket and who decides it, but for the account it is about."""
    return tuple(name for name in (ticket.approver, ticket.requester) if name not in ("", account))
