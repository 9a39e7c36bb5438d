"""Who reads what is not addressed to anybody: members of channels, readers of documents and registers, requesters."""

from corpenv.company import Company
from corpenv.company.items import Document
from corpenv.company.mailroom import delivery

Whom = tuple[tuple[str, ...], tuple[str, ...]]
"""Accounts inside and addresses outside."""


def audience(company: Company, name: str) -> Whom:
    """Accounts inside and addresses outside that can read a channel."""
    channel = company.find_channel(name)
    if channel is None:
        return (), ()
    if not channel.members:
        return company.world.lists.get("all-staff", ()), ()
    whom = delivery(company, channel.members)
    return whom.delivered, whom.outside


def readers(company: Company, document: Document | None) -> Whom:
    """Who can open a document."""
    return entitled(company, document.owner, *document.editors, *document.readers) if document else ((), ())


def keepers(company: Company, register_id: str) -> Whom:
    """Who can look into a register."""
    register = company.find_register(register_id)
    return entitled(company, *register.editors, *register.readers) if register else ((), ())


def entitled(company: Company, *names: str) -> Whom:
    """Whom some names stand for; `everyone` is everybody inside."""
    staff = company.world.lists.get("all-staff", ()) if "everyone" in names else ()
    whom = delivery(company, [name for name in names if name != "everyone"])
    return (*whom.delivered, *staff), whom.outside


def known(company: Company, *accounts: str) -> Whom:
    """Accounts inside and addresses outside of some people; a ticket can be an outsider's."""
    whom = delivery(company, filter(None, accounts))
    return whom.delivered, whom.outside
