"""Mail: list, read, search, send, reply, forward, delete, schedule."""

from typing import Annotated, Literal

from pydantic import Field

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS, moment
from corpenv.company.items import Mail
from corpenv.company.mailbox import is_read, newest, search
from corpenv.company.mailroom import delivery
from corpenv.errors import Refusal
from corpenv.events import DocumentShared, Event, MailDeleted, MailDrafted, MailRead, MailSent
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Names, Page, Part, Tool, listing, page_of, part_of
from corpenv.tools.documents import readable

MailId = Annotated[Name, Field(description="Id of the mail, for example mail-k3f7q.")]
To = Annotated[Names, Field(description="Accounts of colleagues, names of mailing lists, or mail addresses.")]
Attachments = Annotated[tuple[Name, ...], Field(max_length=20, description="Ids of documents to attach.")]


class ListMail(Arguments):
    folder: Literal["inbox", "sent", "drafts"] = "inbox"
    page: Page = 1


class ReadMail(Arguments):
    mail_id: MailId
    part: Part = 1


class SearchMail(Arguments):
    query: Annotated[Line, Field(min_length=1, description="Words; a mail must hold all of them.")]
    folder: Literal["inbox", "sent"] = "inbox"
    page: Page = 1


class SendMail(Arguments):
    to: To
    subject: Line
    body: Body
    attachments: Attachments = ()


class ReplyMail(Arguments):
    mail_id: MailId
    body: Body
    to_all: Annotated[bool, Field(description="Answer everybody the mail went to.")] = False
    attachments: Attachments = ()


class ForwardMail(Arguments):
    mail_id: MailId
    to: To
    body: Annotated[Body, Field(description="A note above the forwarded mail.")] = ""


class DeleteMail(Arguments):
    mail_id: MailId


class ScheduleMail(SendMail):
    send_at: Annotated[Line, Field(description=f"When to send it, {MOMENTS}.")]


# read -----------------------------------------------------------------------------------------------------


def rows_of(company: Company, actor: str, mails: list[Mail], folder: str) -> list[str]:
    """Mails as rows of one of the actor's folders."""
    if folder == "sent":
        return [row(company, mail, f"to {', '.join(mail.to)}") for mail in mails]
    base, read = company.world.mail, company.mail.read
    written = company.world.rows if actor == company.agent else {}
    rows = []
    for mail in mails:
        mail_id = mail.id
        both = written.get(mail_id) if base.get(mail_id) is mail else None
        both = both or inbox_rows(company, actor, mail)
        rows.append(both[(actor, mail_id) in read])
    return rows


def inbox_rows(company: Company, actor: str, mail: Mail) -> tuple[str, str]:
    """A mail as a row of an inbox, before and after it was read. Of a mail that no seed changes they are kept."""
    line = row(company, mail, company.name_of(mail.sender))
    both = (line if (actor, mail.id) in company.world.read else f"{line}  [unread]", line)
    if actor == company.agent and company.world.mail.get(mail.id) is mail and isinstance(mail.subject, str):
        company.world.rows[mail.id] = both
    return both


def row(company: Company, mail: Mail, who: str) -> str:
    """A mail as a row."""
    return f"{mail.id}  {company.when(mail.at)}  {who}: {company.text(mail.subject) or '(no subject)'}"


def list_mail(company: Company, actor: str, args: ListMail) -> Answer:
    """List the mails of one of your folders, newest first, twenty a page. Unread ones are marked."""
    if args.folder == "drafts":
        drafts = [draft_row(company, draft) for draft in own_drafts(company, actor)]
        return Answer(listing("Drafts", drafts, False, 1, "You have no drafts."))
    mails, more = page_of(newest(company, actor, args.folder), args.page)
    rows = rows_of(company, actor, mails, args.folder)
    return Answer(listing(args.folder.capitalize(), rows, more, args.page, f"Your {args.folder} is empty."))


def search_mail(company: Company, actor: str, args: SearchMail) -> Answer:
    """Search one of your folders for mails that hold all of some words in subject, text, sender or recipients."""
    mails, more = page_of(search(company, actor, args.folder, args.query), args.page)
    rows = rows_of(company, actor, mails, args.folder)
    none = f"No mail in your {args.folder} holds all of these words. Fewer words find more."
    return Answer(listing(f"Found in your {args.folder}", rows, more, args.page, none))


def own_drafts(company: Company, actor: str) -> list[MailDrafted]:
    """The actor's drafts and scheduled mails, by when they were written."""
    found = [draft for draft in company.mail.drafts.values() if draft.actor == actor]
    return sorted(found, key=lambda draft: (draft.at, draft.mail_id))


def draft_row(company: Company, draft: MailDrafted) -> str:
    """A draft as a row."""
    due = f"  [will be sent {company.when(draft.send_at)}]" if draft.send_at >= 0 else ""
    whom, subject = ", ".join(draft.to), draft.subject or "(no subject)"
    return f"{draft.mail_id}  {company.when(draft.at)}  to {whom}: {subject}{due}"


def own_mail(company: Company, actor: str, mail_id: str) -> Mail:
    """A mail of the actor's mailbox, or Refusal."""
    mail = company.find_mail(mail_id)
    if (
        mail is None
        or mail.at > company.now
        or (actor != mail.sender and actor not in mail.delivered)
        or (actor, mail_id) in company.mail.gone
    ):
        raise Refusal(f"there is no mail {mail_id} in your mailbox; list_mail and search_mail show the ids")
    return mail


def read_mail(company: Company, actor: str, args: ReadMail) -> Answer:
    """Read one mail of your mailbox, with what it forwards and the ids of what is attached."""
    draft = company.mail.drafts.get(args.mail_id)
    if draft and draft.actor == actor:
        return Answer(f"{draft_row(company, draft)}\n\n{part_of(draft.body, args.part)}")
    mail = own_mail(company, actor, args.mail_id)
    text = letter(company, mail)
    if mail.forwards and (forwarded := company.find_mail(mail.forwards)):
        text += f"\n\n---- Forwarded ----\n{letter(company, forwarded)}"
    read = MailRead(at=company.now, actor=actor, mail_id=mail.id)
    return Answer(part_of(text, args.part), () if is_read(company, actor, mail.id) else (read,))


def letter(company: Company, mail: Mail) -> str:
    """A mail as it is read."""
    head = [
        f"{mail.id}  {company.when(mail.at)}",
        f"From: {company.name_of(mail.sender)} <{mail.sender}>",
        f"To: {', '.join(mail.to)}",
        f"Subject: {company.text(mail.subject)}",
    ]
    if mail.reply_to:
        head.append(f"In reply to: {mail.reply_to}")
    for document_id in mail.attachments:
        document = company.find_document(document_id)
        head.append(f"Attached: {document_id}{f' ({document.title})' if document else ''}")
    return "\n".join(head) + f"\n\n{company.text(mail.body)}"


# send -----------------------------------------------------------------------------------------------------


def attached(company: Company, actor: str, attachments: tuple[str, ...]) -> tuple[str, ...]:
    """The documents to attach, each once; only what the actor can read."""
    for document_id in attachments:
        readable(company, actor, document_id)
    return tuple(dict.fromkeys(attachments))


def sent(
    company: Company,
    actor: str,
    to: tuple[str, ...],
    subject: str,
    body: str,
    attachments: tuple[str, ...] = (),
    reply_to: str = "",
    forwards: str = "",
) -> Answer:
    """The mail leaves; colleagues can read what is attached."""
    whom = delivery(company, to)
    documents = attached(company, actor, attachments) if attachments else ()
    mail = MailSent(
        at=company.now,
        actor=actor,
        mail_id=company.new_id("mail"),
        to=to,
        subject=subject,
        body=body,
        delivered=whom.delivered,
        outside=whom.outside,
        bounced=whom.bounced,
        attachments=documents,
        reply_to=reply_to,
        forwards=forwards,
    )
    shared = (
        DocumentShared(at=company.now, actor=actor, cause=mail.mail_id, document_id=document_id, inside=whom.delivered)
        for document_id in documents
        if whom.delivered
    )
    return Answer(f"Sent as {mail.mail_id} to {', '.join(to)}.", (mail, *shared))


def send_mail(company: Company, actor: str, args: SendMail) -> Answer:
    """Send a mail to colleagues, mailing lists or outside addresses, with documents attached if you like."""
    return sent(company, actor, args.to, args.subject, args.body, args.attachments)


def draft_mail(company: Company, actor: str, args: SendMail, send_at: int = -1) -> Answer:
    """Keep a mail as a draft."""
    draft = MailDrafted(
        at=company.now,
        actor=actor,
        mail_id=company.new_id("mail"),
        to=args.to,
        subject=args.subject,
        body=args.body,
        attachments=attached(company, actor, args.attachments),
        send_at=send_at,
    )
    if send_at >= 0:
        return Answer(f"{draft.mail_id} will be sent {company.when(send_at)}. delete_mail takes it back.", (draft,))
    return Answer(f"Kept as draft {draft.mail_id}: you may write mails, but a colleague has to send them.", (draft,))


def recipients_of_reply(company: Company, actor: str, args: ReplyMail) -> tuple[str, ...]:
    """Whom an answer goes to."""
    mail = own_mail(company, actor, args.mail_id)
    if not args.to_all:
        return (mail.sender,) if mail.sender != actor else mail.to
    return tuple(name for name in dict.fromkeys((mail.sender, *mail.to)) if name != actor) or (mail.sender,)


def reply_mail(company: Company, actor: str, args: ReplyMail) -> Answer:
    """Answer a mail of your mailbox, in its thread."""
    mail, to = own_mail(company, actor, args.mail_id), recipients_of_reply(company, actor, args)
    subject = company.text(mail.subject)
    subject = subject if subject.startswith("Re: ") else f"Re: {subject}"[:300]
    return sent(company, actor, to, subject, args.body, args.attachments, reply_to=mail.id)


def forward_mail(company: Company, actor: str, args: ForwardMail) -> Answer:
    """Forward a mail of your mailbox whole, with a note above it."""
    mail = own_mail(company, actor, args.mail_id)
    subject = f"Fwd: {company.text(mail.subject)}"[:300]
    return sent(company, actor, args.to, subject, args.body, forwards=mail.id)


def delete_mail(company: Company, actor: str, args: DeleteMail) -> Answer:
    """Delete a mail from your mailbox, or take back a draft or a scheduled mail."""
    draft = company.mail.drafts.get(args.mail_id)
    if not (draft and draft.actor == actor):
        own_mail(company, actor, args.mail_id)
    event: Event = MailDeleted(at=company.now, actor=actor, mail_id=args.mail_id)
    return Answer(f"Deleted {args.mail_id}.", (event,))


def schedule_mail(company: Company, actor: str, args: ScheduleMail) -> Answer:
    """Write a mail now that is sent at a later time. delete_mail takes it back until then."""
    try:
        at = moment(company.world.start, args.send_at)
    except ValueError as error:
        raise Refusal(f"send_at: {error}") from None
    at += company.now if args.send_at[:1] in "+-" and " " not in args.send_at else 0
    if at <= company.now:
        raise Refusal(f"send_at: {company.when(at)} has passed; it is {company.when(company.now)}")
    return draft_mail(company, actor, args, at)


# reach ----------------------------------------------------------------------------------------------------


def reach(company: Company, to: tuple[str, ...]) -> Effect:
    """Does it leave the company?"""
    return Effect.OUTSIDE if any(company.resolve(name).outside for name in to) else Effect.INSIDE


def reach_of_named(company: Company, args: SendMail | ForwardMail) -> Effect:
    return reach(company, args.to)


def reach_of_reply(company: Company, args: ReplyMail) -> Effect:
    mail = company.find_mail(args.mail_id)
    return reach(company, (mail.sender, *mail.to)) if mail else Effect.INSIDE


def draft_reply(company: Company, actor: str, args: ReplyMail) -> Answer:
    mail, to = own_mail(company, actor, args.mail_id), recipients_of_reply(company, actor, args)
    subject = f"Re: {company.text(mail.subject)}"[:300]
    return draft_mail(company, actor, SendMail(to=to, subject=subject, body=args.body))


TOOLS = (
    Tool("list_mail", "mail", ListMail, list_mail, seconds=20),
    Tool("read_mail", "mail", ReadMail, read_mail, seconds=60),
    Tool("search_mail", "mail", SearchMail, search_mail, seconds=30),
    Tool("send_mail", "mail", SendMail, send_mail, reach_of_named, seconds=180, draft=draft_mail),
    Tool("reply_mail", "mail", ReplyMail, reply_mail, reach_of_reply, seconds=180, draft=draft_reply),
    Tool("forward_mail", "mail", ForwardMail, forward_mail, reach_of_named, seconds=60),
    Tool("delete_mail", "mail", DeleteMail, delete_mail, Effect.OWN, seconds=10),
    Tool("schedule_mail", "mail", ScheduleMail, schedule_mail, reach_of_named, seconds=180, draft=draft_mail),
)
