"""What is written: a letter leaves at once, or is kept as a draft, or waits for its moment."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import asdict, replace

from corpenv.company import Company
from corpenv.company.mailroom import delivery
from corpenv.events import DocumentShared, Event, MailDrafted, MailSent
from corpenv.record import Answer
from corpenv.tools.documents import readable


class Letter(Struct, frozen=True, gc=False):
    """A mail before it leaves."""

    to: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[str, ...] = ()
    reply_to: str = ""
    forwards: str = ""


def letter_in(draft: MailDrafted) -> Letter:
    """What a draft will be sent as."""
    return Letter(draft.to, draft.subject, draft.body, draft.attachments, draft.reply_to, draft.forwards)


def sent(company: Company, actor: str, letter: Letter) -> Answer:
    """The letter leaves now."""
    mail_id = company.new_id("mail")
    events = sending_of(company, actor, mail_id, with_attachments(company, actor, letter))
    return Answer(f"Sent as {mail_id} to {', '.join(letter.to)}.", events)


def kept(company: Company, actor: str, letter: Letter, send_at: int = -1) -> Answer:
    """The letter is kept, and sent at `send_at` if that is given."""
    letter = with_attachments(company, actor, letter)
    mail_id = company.new_id("mail")
    draft = MailDrafted(at=company.now, actor=actor, mail_id=mail_id, **asdict(letter), send_at=send_at)
    if send_at >= 0:
        return Answer(f"{mail_id} will be sent {company.when(send_at)}. delete_mail takes it back.", (draft,))
    return Answer(f"Kept as draft {mail_id}: you may write mails, but a colleague has to send them.", (draft,))


def with_attachments(company: Company, actor: str, letter: Letter) -> Letter:
    """The letter with every attachment once, or Refusal: only what the actor can read goes along."""
    if not letter.attachments:
        return letter
    for document_id in letter.attachments:
        readable(company, actor, document_id)
    return replace(letter, attachments=tuple(dict.fromkeys(letter.attachments)))


def sending_of(company: Company, actor: str, mail_id: str, letter: Letter, cause: str = "") -> tuple[Event, ...]:
    """The letter leaves; whoever gets it inside can read what is attached."""
    whom = delivery(company, letter.to)
    mail = MailSent(
        at=company.now,
        actor=actor,
        cause=cause,
        mail_id=mail_id,
        to=letter.to,
        subject=letter.subject,
        body=letter.body,
        delivered=whom.delivered,
        outside=whom.outside,
        bounced=whom.bounced,
        reply_to=letter.reply_to,
        forwards=letter.forwards,
        attachments=letter.attachments,
    )
    if not whom.delivered or not (letter.attachments or letter.forwards):
        return (mail,)
    shared = (
        DocumentShared(at=company.now, actor=actor, cause=mail_id, document_id=document_id, inside=whom.delivered)
        for document_id in dict.fromkeys(carried(company, letter))
    )
    return (mail, *shared)


def carried(company: Company, letter: Letter) -> Iterator[str]:
    """Ids of the documents that are attached to the letter, or to what it forwards."""
    yield from letter.attachments
    for mail in company.forwarded(letter.forwards):
        yield from mail.attachments
