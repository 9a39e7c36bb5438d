"""Predicates about mail."""

from corpenv.company import Company
from corpenv.company.mailbox import is_read, was_there
from corpenv.predicates.base import Leaf, account


class MailIs(Leaf):
    """`{mail: "@note", read_by: agent}`, or `deleted_by`, or `forwarded_by`, or `answered_by`."""

    mail: str
    read_by: str = ""
    deleted_by: str = ""
    forwarded_by: str = ""
    answered_by: str = ""

    @property
    def after(self) -> frozenset[str]:
        doings = {
            "mail_read": self.read_by,
            "mail_deleted": self.deleted_by,
            "mail_sent": self.forwarded_by or self.answered_by,
            "mail_arrived": self.forwarded_by or self.answered_by,
        }
        return frozenset(kind for kind, by in doings.items() if by) or frozenset({"mail_sent", "mail_arrived", "time"})

    def holds(self, company: Company) -> bool:
        mail_id = company.id_of(self.mail)
        asked = (self.read_by, self.deleted_by, self.forwarded_by, self.answered_by)
        if not any(asked):
            return self.is_there(company, mail_id)
        read, gone = (account(company, by) for by in (self.read_by, self.deleted_by))
        return (
            (not read or is_read(company, read, mail_id))
            and (not gone or (gone, mail_id) in company.mail.gone)
            and (not self.forwarded_by or self.was_sent(company, self.forwarded_by, forwards=mail_id))
            and (not self.answered_by or self.was_sent(company, self.answered_by, reply_to=mail_id))
        )

    @staticmethod
    def is_there(company: Company, mail_id: str) -> bool:
        """Was the mail sent by now? One that an action sends is known before, and not there."""
        authored = company.world.mail.get(mail_id)
        return mail_id in company.mail.items or (authored is not None and was_there(company, authored))

    def was_sent(self, company: Company, by: str, **wanted: str) -> bool:
        """Is there a mail by somebody that forwards or answers this one?"""
        sent = company.mail.boxes.get(f"{account(company, by)}/sent", ())
        return any(getattr(mail, name) == value for mail in sent for name, value in wanted.items())


class SentTo(Leaf):
    """`{sent_to: eva.long, by: agent}`: a mail reached somebody in this episode. Addresses outside count too."""

    sent_to: str
    by: str = "agent"

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"mail_sent", "mail_arrived"})

    def holds(self, company: Company) -> bool:
        whom = company.resolve(account(company, self.sent_to))
        for mail in company.mail.boxes.get(f"{account(company, self.by)}/sent", ()):
            if whom.outside and any(company.resolve(name).outside == whom.outside for name in mail.to):
                return True
            if set(whom.inside) & set(mail.delivered):
                return True
        return False
