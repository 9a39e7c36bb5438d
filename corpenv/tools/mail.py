"""Mail: list, read, search, send, reply, forward, delete, schedule."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any, Literal

from msgspec import Meta

from corpenv.company import Company, Facts
from corpenv.company.calendar import MOMENTS, moment_from
from corpenv.company.items import Mail
from corpenv.company.mailbox import UNREAD, Folder, Marks, drafts, folder_of, holds, is_read, newest, search
from corpenv.company.state import as_mail
from corpenv.company.text import Spans, in_reply
from corpenv.errors import Refusal
from corpenv.events import MailDeleted, MailDrafted, MailRead
from corpenv.record import Answer
from corpenv.tools.base import (
    LONGEST_LINE,
    PAGE,
    Arguments,
    Body,
    Decide,
    Effect,
    Line,
    Name,
    Names,
    Page,
    Part,
    Tool,
    listing,
    page_of,
    part_of,
)
from corpenv.tools.letters import Letter, kept, sent

MailId = Annotated[Name, Meta(description="Id of the mail, for example mail-k3f7q.")]
To = Annotated[Names, Meta(description="Accounts of colleagues, names of mailing lists, or mail addresses.")]
Attachments = Annotated[tuple[Name, ...], Meta(max_length=20, description="Ids of documents to attach.")]


class ListMail(Arguments, frozen=True):
    folder: Literal["inbox", "sent", "drafts"] = "inbox"
    page: Page = 1


class ReadMail(Arguments, frozen=True):
    mail_id: MailId
    part: Part = 1


class SearchMail(Arguments, frozen=True):
    query: Annotated[Line, Meta(min_length=1, description="Words; a mail must hold all of them.")]
    folder: Literal["inbox", "sent"] = "inbox"
    page: Page = 1


class SendMail(Arguments, frozen=True):
    to: To
    subject: Line
    body: Body
    attachments: Attachments = ()


class ReplyMail(Arguments, frozen=True):
    mail_id: MailId
    body: Body
    to_all: Annotated[bool, Meta(description="Answer everybody the mail went to.")] = False
    attachments: Attachments = ()


class ForwardMail(Arguments, frozen=True):
    mail_id: MailId
    to: To
    body: Annotated[Body, Meta(description="A note above the forwarded mail.")] = ""


class DeleteMail(Arguments, frozen=True):
    mail_id: MailId


class ScheduleMail(SendMail, frozen=True, kw_only=True):
    send_at: Annotated[Line, Meta(description=f"When to send it, {MOMENTS}.")]


# read -----------------------------------------------------------------------------------------------------


def rows_of(company: Company, actor: str, mails: Sequence[Mail], folder: str) -> list[str]:
    """Mails as rows of one of the actor's folders."""
    if folder == "sent":
        return [unread(company, actor, mail, folder) for mail in mails]
    world, read = company.world, company.mail.read.get(actor, UNREAD).marks().when
    written = (world.rows if actor == world.agent else {}).get
    return [(written(key := mail.id) or inbox_rows(company, actor, mail))[key in read] for mail in mails]


def rows_of_page(company: Company, actor: str, folder: str, page: int) -> tuple[list[str], bool]:
    """The rows of a page of one of the actor's folders, and whether there are more behind it.

    Folders keep their rows: pages of them are what agents ask for most.
    """
    if company.mail.gone:
        mails, more = page_of(newest(company, actor, folder), page)
        return rows_of(company, actor, mails, folder), more
    held, there = folder_of(company, actor, folder)
    last = there - (page - 1) * PAGE
    first = last - PAGE
    if first < 0:
        first, last = 0, max(0, last)
    rows = held.rows[first:last]
    if not all(rows):
        write_down(company, actor, folder, held, first, last)
        rows = held.rows[first:last]
    rows.reverse()
    if opened := company.mail.read.get(actor):
        marks = opened.marks()
        if marks.written < opened.size:
            mark(company, actor, marks)
        rows = [*map(marks.rows.get, rows, rows)]
    return rows, first > 0


def write_down(company: Company, actor: str, name: str, folder: Folder, first: int, last: int) -> None:
    """Write rows of a folder, as they are before the mails are read, where they are not written yet."""
    for _ in range(folder.rows[first:last].count("")):
        first = folder.rows.index("", first)
        folder.rows[first] = unread(company, actor, folder.mails[first], name)


def unread(company: Company, actor: str, mail: Mail, folder: str) -> str:
    """A mail as a row of one of the actor's folders, before it was read."""
    if folder == "sent":
        return row(company, mail, f"to {', '.join(mail.to)}")
    return inbox_rows(company, actor, mail)[0]


def mark(company: Company, actor: str, marks: Marks) -> None:
    """Write down how the rows of mails that were opened since the last time read now."""
    written = company.world.rows if actor == company.world.agent else {}
    for mail_id in islice(marks.when, marks.written, None):
        if pair := written.get(mail_id) or ((mail := company.find_mail(mail_id)) and inbox_rows(company, actor, mail)):
            marks.rows[pair[0]] = pair[1]
    marks.written = len(marks.when)


def inbox_rows(company: Company, actor: str, mail: Mail) -> tuple[str, str]:
    """A mail as a row of an inbox, before and after it was read. Of what the world had for the agent they are kept."""
    world = company.world
    if actor != world.agent or world.mail.get(mail.id) is not mail or isinstance(mail.subject, Spans):
        return rows_written(world, company.seed, actor, mail)
    world.rows[mail.id] = rows_written(world, company.seed, actor, mail)
    return world.rows[mail.id]


@lru_cache(maxsize=4096)
def rows_written(world: Facts, seed: int, actor: str, mail: Mail) -> tuple[str, str]:
    """A mail as a row of an inbox: the same in every episode of a seed."""
    company = Company(world, seed)
    line = row(company, mail, company.name_of(mail.sender))
    return line if (actor, mail.id) in world.read else f"{line}  [unread]", line


def row(company: Company, mail: Mail, who: str) -> str:
    """A mail as a row."""
    return f"{mail.id}  {company.when(mail.at)}  {who}: {company.text(mail.subject) or '(no subject)'}"


def list_mail(company: Company, actor: str, args: ListMail) -> Answer:
    """List the mails of one of your folders, newest first, twenty a page. Unread ones are marked."""
    if args.folder == "drafts":
        own, more = page_of(iter(drafts(company, actor)), args.page)
        rows = [draft_row(company, draft) for draft in own]
    else:
        rows, more = rows_of_page(company, actor, args.folder, args.page)
    empty = "You have no drafts." if args.folder == "drafts" else f"Your {args.folder} is empty."
    return Answer(listing(args.folder.capitalize(), rows, more, args.page, empty))


def search_mail(company: Company, actor: str, args: SearchMail) -> Answer:
    """Search one of your folders for mails that hold all of some words in subject, text, sender or recipients."""
    mails, more = page_of(search(company, actor, args.folder, args.query), args.page)
    rows = rows_of(company, actor, mails, args.folder)
    none = f"No mail in your {args.folder} holds all of these words. Fewer words find more."
    return Answer(listing(f"Found in your {args.folder}", rows, more, args.page, none))


def draft_row(company: Company, draft: MailDrafted) -> str:
    """A draft as a row."""
    whom, subject = ", ".join(draft.to), draft.subject or "(no subject)"
    return f"{draft.mail_id}  {company.when(draft.at)}  to {whom}: {subject}{waiting(company, draft)}"


def waiting(company: Company, draft: MailDrafted) -> str:
    """When a draft leaves by itself, if it does."""
    return f"  [will be sent {company.when(draft.send_at)}]" if draft.send_at >= 0 else ""


def own_mail(company: Company, actor: str, mail_id: str) -> Mail:
    """A mail of the actor's mailbox, or Refusal."""
    mail = company.find_mail(mail_id)
    if mail is None or not holds(company, actor, mail):
        raise Refusal(f"there is no mail {mail_id} in your mailbox; list_mail and search_mail show the ids")
    return mail


def read_mail(company: Company, actor: str, args: ReadMail) -> Answer:
    """Read one mail of your mailbox, with what it forwards and the ids of what is attached."""
    draft = company.mail.drafts.get(args.mail_id)
    if draft and draft.actor == actor:
        return Answer(part_of(f"Draft{waiting(company, draft)}\n{as_written(company, as_mail(draft))}", args.part))
    mail = own_mail(company, actor, args.mail_id)
    text = part_of(as_written(company, mail), args.part)
    if is_read(company, actor, mail.id):
        return Answer(text)
    return Answer(text, (MailRead(at=company.now, actor=actor, mail_id=mail.id),))


def as_written(company: Company, mail: Mail) -> str:
    """A mail as it is read, with all it forwards."""
    if not mail.forwards:
        return sheet(company, mail)
    return "\n\n---- Forwarded ----\n".join(sheet(company, each) for each in (mail, *company.forwarded(mail.forwards)))


def reached_at(company: Company, account: str) -> str:
    """How to write to somebody: colleagues by account, others by address."""
    person = company.find_person(account)
    return person.address if person and not person.inside else account


def sheet(company: Company, mail: Mail) -> str:
    """A mail without what it forwards. Of a mail that no episode changes it is kept."""
    world = company.world
    if written := world.sheets.get(mail.id):
        return written
    if mail.attachments or world.mail.get(mail.id) is not mail:
        return written_out(company, mail)
    if isinstance(mail.subject, Spans) or isinstance(mail.body, Spans):
        return sheet_of_seed(world, company.seed, mail.id)
    world.sheets[mail.id] = written_out(company, mail)
    return world.sheets[mail.id]


@lru_cache(maxsize=4096)
def sheet_of_seed(world: Facts, seed: int, mail_id: str) -> str:
    """A mail in which the seed fills blanks."""
    return written_out(Company(world, seed), world.mail[mail_id])


def written_out(company: Company, mail: Mail) -> str:
    """Head and body of a mail."""
    head = [
        f"{mail.id}  {company.when(mail.at)}",
        f"From: {company.name_of(mail.sender)} <{reached_at(company, mail.sender)}>",
        f"To: {', '.join(mail.to)}",
        f"Subject: {company.text(mail.subject)}",
    ]
    if mail.reply_to:
        head.append(f"In reply to: {mail.reply_to}")
    for document_id in mail.attachments:
        document = company.find_document(document_id)
        head.append(f"Attached: {document_id}{f' ({document.title})' if document else ''}")
    return "\n".join(head) + f"\n\n{company.text(mail.body)}"


# write ----------------------------------------------------------------------------------------------------


def new_letter(company: Company, actor: str, args: SendMail) -> Letter:
    return Letter(args.to, args.subject, args.body, args.attachments)


def answer_to(company: Company, actor: str, args: ReplyMail) -> Letter:
    """An answer to a mail of the actor's mailbox, in its thread."""
    mail = own_mail(company, actor, args.mail_id)
    to = answered(company, mail, actor, args.to_all)
    subject = in_reply(company.text(mail.subject))[:LONGEST_LINE]
    return Letter(to, subject, args.body, args.attachments, reply_to=mail.id)


def answered(company: Company, mail: Mail, actor: str, everybody: bool) -> tuple[str, ...]:
    """Whom an answer goes to."""
    if everybody:
        names = dict.fromkeys((mail.sender, *mail.to))
        return tuple(name for name in names if company.resolve(name).inside != (actor,)) or (actor,)
    return mail.to if mail.sender == actor else (mail.sender,)


def passed_on(company: Company, actor: str, args: ForwardMail) -> Letter:
    """A mail of the actor's mailbox, whole, with a note above it."""
    mail = own_mail(company, actor, args.mail_id)
    subject = f"Fwd: {company.text(mail.subject)}"[:LONGEST_LINE]
    return Letter(args.to, subject, args.body, forwards=mail.id)


def send_mail(company: Company, actor: str, args: SendMail) -> Answer:
    """Send a mail to colleagues, mailing lists or outside addresses, with documents attached if you like."""
    return sent(company, actor, new_letter(company, actor, args))


def reply_mail(company: Company, actor: str, args: ReplyMail) -> Answer:
    """Answer a mail of your mailbox, in its thread."""
    return sent(company, actor, answer_to(company, actor, args))


def forward_mail(company: Company, actor: str, args: ForwardMail) -> Answer:
    """Forward a mail of your mailbox whole, with a note above it."""
    return sent(company, actor, passed_on(company, actor, args))


def draft_of(write: Callable[[Company, str, Any], Letter]) -> Decide:
    """What a tier that may only draft does instead of sending."""
    return lambda company, actor, args: kept(company, actor, write(company, actor, args))


def schedule_mail(company: Company, actor: str, args: ScheduleMail) -> Answer:
    """Write a mail now that is sent at a later time. delete_mail takes it back until then."""
    try:
        at = moment_from(company.world.start, company.now, args.send_at)
    except ValueError as error:
        raise Refusal(f"send_at: {error}") from None
    if at <= company.now:
        raise Refusal(f"send_at: {company.when(at)} has passed; it is {company.when(company.now)}")
    return kept(company, actor, new_letter(company, actor, args), at)


def delete_mail(company: Company, actor: str, args: DeleteMail) -> Answer:
    """Delete a mail from your mailbox, or take back a draft or a scheduled mail."""
    draft = company.mail.drafts.get(args.mail_id)
    if not (draft and draft.actor == actor):
        own_mail(company, actor, args.mail_id)
    deleted = MailDeleted(at=company.now, actor=actor, mail_id=args.mail_id)
    return Answer(f"Deleted {args.mail_id}.", (deleted,))


# reach ----------------------------------------------------------------------------------------------------


def reach(company: Company, to: tuple[str, ...]) -> Effect:
    """Does it leave the company?"""
    for name in to:
        _, address, outsiders = company.resolve(name)
        if address or outsiders:
            return Effect.OUTSIDE
    return Effect.INSIDE


def reach_of_named(company: Company, args: SendMail | ForwardMail) -> Effect:
    return reach(company, args.to)


def reach_of_reply(company: Company, args: ReplyMail) -> Effect:
    mail = company.find_mail(args.mail_id)
    return reach(company, answered(company, mail, company.agent, args.to_all)) if mail else Effect.INSIDE


TOOLS = (
    Tool("list_mail", "mail", ListMail, list_mail, seconds=20),
    Tool("read_mail", "mail", ReadMail, read_mail, seconds=60),
    Tool("search_mail", "mail", SearchMail, search_mail, seconds=30),
    Tool("send_mail", "mail", SendMail, send_mail, reach_of_named, 180, draft_of(new_letter)),
    Tool("reply_mail", "mail", ReplyMail, reply_mail, reach_of_reply, 180, draft_of(answer_to)),
    Tool("forward_mail", "mail", ForwardMail, forward_mail, reach_of_named, 60, draft_of(passed_on)),
    Tool("delete_mail", "mail", DeleteMail, delete_mail, Effect.OWN, seconds=10),
    Tool("schedule_mail", "mail", ScheduleMail, schedule_mail, reach_of_named, 180, draft_of(new_letter)),
)
