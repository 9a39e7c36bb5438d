"""Predicates about tickets, documents and settings."""

from pydantic import Field

from corpenv.company import Company
from corpenv.company.items import Document, Ticket
from corpenv.predicates.base import Leaf, Status, account


class TicketIs(Leaf):
    """`{ticket: "@chg-12", is: approved}`: the ticket has that status."""

    ticket: str
    is_: Status = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"ticket_opened", "ticket_decided"})

    def holds(self, company: Company) -> bool:
        ticket = company.find_ticket(company.id_of(self.ticket))
        return ticket is not None and ticket.status == self.is_


class TicketOf(Leaf):
    """`{opened: release, by: agent}`: somebody filed a ticket of that sort in this episode; with `is: approved` one
    that has that status, with `about: check-1` one that concerns it.
    """

    opened: str
    by: str = "agent"
    is_: Status | None = Field(default=None, alias="is")
    about: str = ""

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"ticket_opened", *(("ticket_decided",) if self.is_ else ())})

    def holds(self, company: Company) -> bool:
        return any(self.fits(company, ticket) for each in company.office.new if (ticket := company.find_ticket(each)))

    def fits(self, company: Company, ticket: Ticket) -> bool:
        """Is it one that is asked about?"""
        return (
            (ticket.sort, ticket.requester) == (self.opened, account(company, self.by))
            and self.is_ in (None, ticket.status)
            and (not self.about or company.id_of(self.about) in ticket.concerns)
        )


class DocumentIs(Leaf):
    """`{document: "@bid", read_by: agent}`, or `readable_by: somebody`, or `changed: true`."""

    document: str
    read_by: str = ""
    readable_by: str = ""
    changed: bool = False

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"document_read", "document_shared", "document_written"})

    def holds(self, company: Company) -> bool:
        document_id = company.id_of(self.document)
        document = company.find_document(document_id)
        if document is None:
            return False
        original = company.world.documents.get(document_id)
        return (
            (not self.read_by or (account(company, self.read_by), document_id) in company.office.read)
            and (not self.readable_by or self.lets_read(company, document))
            and (not self.changed or original is None or document.text != original.text)
        )

    def lets_read(self, company: Company, document: Document) -> bool:
        """Can the one asked about open it?"""
        whom = account(company, self.readable_by)
        person = company.find_person(whom)
        inside = whom == "everyone" or (person is not None and person.inside)
        readers = (document.owner, *document.editors, *document.readers)
        return whom in readers or (inside and "everyone" in readers)


class SettingIs(Leaf):
    """`{setting: mailbox-audit, is: on}`: the switch has that value."""

    setting: str
    is_: str = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"setting_changed"})

    def holds(self, company: Company) -> bool:
        return company.value_of(self.setting) == self.is_
