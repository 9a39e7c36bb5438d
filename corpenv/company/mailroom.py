"""What a mail system does by itself: find out whom a mail reaches, bounce it, answer for people who are away."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from corpenv.company.state import Company
from corpenv.events import Event, MailArrived, MailSent

POSTMASTER = "postmaster"


class Delivery(Struct, frozen=True, gc=False):
    """What became of the names in a `to:`."""

    delivered: tuple[str, ...]
    outside: tuple[str, ...]
    bounced: tuple[str, ...]


def delivery(company: Company, to: Iterable[str]) -> Delivery:
    """Whom the names reach, each once, in the order they were given."""
    delivered: dict[str, None] = {}
    outside: dict[str, None] = {}
    bounced: dict[str, None] = {}
    for name in to:
        inside, address = company.resolve(name)
        for account in inside:
            delivered[account] = None
        if address:
            outside[address] = None
        elif not inside:
            bounced[name] = None
    return Delivery(tuple(delivered), tuple(outside), tuple(bounced))


def thread_root(company: Company, mail_id: str) -> str:
    """The first mail of the thread a mail stands in; "" for no mail."""
    mail = company.find_mail(mail_id)
    while mail and mail.reply_to and (before := company.find_mail(mail.reply_to)):
        mail = before
    return mail.id if mail else ""


def automatic(company: Company, event: Event) -> Iterator[MailSent]:
    """The mails that a mail sets off without anybody's doing. Automatic mails set off none."""
    if isinstance(event, MailSent):
        if event.auto:
            return
        for name in event.bounced:
            body = f"Your message could not be delivered to {name}: there is no such mailbox."
            yield notice(company, event, POSTMASTER, f"Undeliverable: {event.subject}", body)
    if isinstance(event, MailSent | MailArrived):
        for account in event.delivered:
            if account != event.actor and (text := company.away(account)):
                subject = f"Automatic reply: {subject_of(company, event)}"
                yield notice(company, event, account, subject, text)


def subject_of(company: Company, event: MailSent | MailArrived) -> str:
    """The subject of a mail that was just sent."""
    mail = company.find_mail(event.mail_id)
    return company.text(mail.subject) if mail else ""


def notice(company: Company, event: MailSent | MailArrived, sender: str, subject: str, body: str) -> MailSent:
    """An automatic mail back to who sent the one in `event`."""
    return MailSent(
        at=event.at,
        actor=sender,
        cause=event.mail_id,
        mail_id=company.new_id("mail"),
        to=(event.actor,),
        subject=subject,
        body=body,
        delivered=(event.actor,) if event.actor in company.world.people else (),
        reply_to=event.mail_id,
        auto=True,
    )
