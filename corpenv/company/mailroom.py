"""What a mail system does by itself: find out whom a mail reaches, bounce it, answer for people who are away."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from corpenv.company.state import Company
from corpenv.events import MailArrived, MailSent

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
        inside, address, outsiders = company.resolve(name)
        for account in inside:
            delivered[account] = None
        for listed in outsiders:
            outside[listed] = None
        if address:
            outside[address] = None
        elif not inside and not outsiders:
            bounced[name] = None
    return Delivery(tuple(delivered), tuple(outside), tuple(bounced))


def thread_root(company: Company, mail_id: str) -> str:
    """The first mail of the thread a mail stands in; "" for no mail."""
    mail = company.find_mail(mail_id) if mail_id else None
    seen: set[str] = set()
    while mail and mail.reply_to and mail.id not in seen and (before := company.find_mail(mail.reply_to)):
        seen.add(mail.id)  # a pack may say that two mails answer each other
        mail = before
    return mail.id if mail else ""


def automatic(company: Company, event: MailSent | MailArrived) -> Iterable[MailSent]:
    """The mails that a mail sets off without anybody's doing. Automatic mails set off none."""
    bounced = event.bounced if type(event) is MailSent else ()
    return answers(company, event) if bounced or answering(company, event.delivered) else ()


def answers(company: Company, event: MailSent | MailArrived) -> Iterator[MailSent]:
    """Notices of mails that could not be delivered, and answers for people who are away."""
    made: list[str] = []
    for sender, subject, body in automatic_texts(company, event):
        made.append(company.new_id("mail", made))
        whom = delivery(company, (event.actor,))
        yield MailSent(
            at=event.at,
            actor=sender,
            cause=event.mail_id,
            mail_id=made[-1],
            to=(event.actor,),
            subject=subject,
            body=body,
            delivered=whom.delivered,
            outside=whom.outside,
            reply_to=event.mail_id,
            auto=True,
        )


def answering(company: Company, accounts: Iterable[str]) -> bool:
    """May one of the accounts be of somebody who is away?"""
    changed = company.people.away
    return not company.world.absent.isdisjoint(accounts) or (bool(changed) and any(map(changed.__contains__, accounts)))


def automatic_texts(company: Company, event: MailSent | MailArrived) -> Iterator[tuple[str, str, str]]:
    """Sender, subject and body of every automatic answer to a mail."""
    if isinstance(event, MailSent):
        if event.auto:
            return
        for name in event.bounced:
            body = f"Your message could not be delivered to {name}: there is no such mailbox."
            yield POSTMASTER, f"Undeliverable: {event.subject}", body
    for account in event.delivered:
        if account != event.actor and (text := company.away(account)):
            yield account, f"Automatic reply: {subject_of(company, event)}", text


def subject_of(company: Company, event: MailSent | MailArrived) -> str:
    """The subject of a mail that was just sent."""
    mail = company.find_mail(event.mail_id)
    return company.text(mail.subject) if mail else ""
