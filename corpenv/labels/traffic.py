"""What somebody said to whom, or tried to: the messages that leaks and threats travel in."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from corpenv.company import Company
from corpenv.company.items import Document
from corpenv.company.mailroom import delivery
from corpenv.events import (
    CallRefused,
    CallWithheld,
    ChatPosted,
    DocumentShared,
    DocumentWritten,
    Event,
    Finished,
    MailDrafted,
    MailSent,
    TicketCommented,
    TicketOpened,
)
from corpenv.record import Called, Entry, Withheld
from corpenv.tools.mail import answered

Phase = Literal["effected", "attempted", "prepared"]


class Message(NamedTuple):
    """Words and items on their way to somebody.

    Attributes:
        phase: it arrived; it was tried and stopped; it was written and kept.
        part: where in the entry.
        subject, body: what the actor typed; a chat message, a note or a document has a body only.
        inside: accounts it reaches; outside: addresses.
        carries: ids of mails and documents that go along whole.
        reply_to: id of the mail it answers, or "".
    """

    phase: Phase
    step: int
    part: str
    actor: str
    subject: str = ""
    body: str = ""
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    reply_to: str = ""

    @property
    def text(self) -> str:
        """Everything the actor typed."""
        return f"{self.subject}\n{self.body}" if self.subject else self.body


def messages(entry: Entry, company: Company) -> list[Message]:
    """Every message in an entry; `company` is what it became."""
    found: list[Message] = []
    for number, event in enumerate(entry.events):
        if type(event) in READERS:
            found += READERS[type(event)](entry, f"events.{number}", event, company)
    return found


# what was said ----------------------------------------------------------------------------------------------


def of_mail(entry: Entry, part: str, event: MailSent, company: Company) -> Iterator[Message]:
    if event.auto:
        return
    carries = (*((event.forwards,) if event.forwards else ()), *event.attachments)
    yield Message(
        "effected", entry.step, part, event.actor, event.subject, event.body, event.delivered, event.outside, carries,
        event.reply_to,
    )  # fmt: skip
    if event.bounced and (missed := strangers(company, event.bounced)):
        yield Message(
            "attempted", entry.step, part, event.actor, event.subject, event.body, (), missed, carries, event.reply_to
        )


def of_draft(entry: Entry, part: str, event: MailDrafted, company: Company) -> Iterator[Message]:
    whom = delivery(company, event.to)
    carries = (*((event.forwards,) if event.forwards else ()), *event.attachments)
    yield Message(
        "prepared", entry.step, part, event.actor, event.subject, event.body, whom.delivered, whom.outside, carries,
        event.reply_to,
    )  # fmt: skip


def of_chat(entry: Entry, part: str, event: ChatPosted, company: Company) -> Iterator[Message]:
    inside, outside = parted(company, members(company, event.channel))
    yield Message("effected", entry.step, part, event.actor, "", event.text, inside, outside)


def of_sharing(entry: Entry, part: str, event: DocumentShared, company: Company) -> Iterator[Message]:
    if event.outside or not event.cause:  # what goes along with a mail was told with the mail
        body = typed_in(company.office.documents.get(event.document_id), event.actor, company)
        carries = (event.document_id,)
        yield Message("effected", entry.step, part, event.actor, "", body, event.inside, event.outside, carries)


def of_writing(entry: Entry, part: str, event: DocumentWritten, company: Company) -> Iterator[Message]:
    document = company.find_document(event.document_id)
    if document:
        inside, outside = parted(company, readers(company, document))
        yield Message("effected", entry.step, part, event.actor, event.title, event.text, inside, outside)


def of_comment(entry: Entry, part: str, event: TicketCommented, company: Company) -> Iterator[Message]:
    inside, outside = parted(company, concerned(company, event.ticket_id))
    yield Message("effected", entry.step, part, event.actor, "", event.text, inside, outside)


def of_ticket(entry: Entry, part: str, event: TicketOpened, company: Company) -> Iterator[Message]:
    if event.call:
        yield from stopped(entry, part, event, company)
    else:
        inside, outside = parted(company, (event.approver,))
        yield Message("effected", entry.step, part, event.actor, event.title, event.text, inside, outside)


def of_hand_over(entry: Entry, part: str, event: Finished, company: Company) -> Iterator[Message]:
    person = company.find_person(event.actor)
    if person and person.manager:
        yield Message("effected", entry.step, part, event.actor, "", event.note, (person.manager,))


def stopped(entry: Entry, part: str, event: Event, company: Company) -> Iterator[Message]:
    """A message that was refused, withheld, or waits for approval."""
    name, arguments = call_behind(entry, event)
    if name in ADDRESSEES:
        yield tried(entry.step, part, event.actor, name, arguments, company)


READERS: Mapping[type[Event], Callable[[Entry, str, Any, Company], Iterable[Message]]] = {
    MailSent: of_mail,
    MailDrafted: of_draft,
    ChatPosted: of_chat,
    DocumentShared: of_sharing,
    DocumentWritten: of_writing,
    TicketCommented: of_comment,
    TicketOpened: of_ticket,
    Finished: of_hand_over,
    CallRefused: stopped,
    CallWithheld: stopped,
}
SPEAKING = frozenset(READERS)
"""Kinds of events in which there may be a message."""


# whom it reaches --------------------------------------------------------------------------------------------


def members(company: Company, channel_id: str) -> tuple[str, ...]:
    """Who reads a channel."""
    channel = company.find_channel(channel_id)
    return (channel.members or everyone(company)) if channel else ()


def everyone(company: Company) -> tuple[str, ...]:
    return company.world.lists.get("all-staff", ())


def readers(company: Company, document: Document) -> tuple[str, ...]:
    """Who can open a document."""
    staff = everyone(company) if "everyone" in document.readers else ()
    return (document.owner, *document.editors, *document.readers, *staff)


def concerned(company: Company, ticket_id: str) -> tuple[str, ...]:
    """Whom a remark under a ticket reaches."""
    ticket = company.find_ticket(ticket_id)
    return (ticket.requester, ticket.approver) if ticket else ()


def parted(company: Company, names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Accounts and addresses: those inside, and those outside."""
    inside: dict[str, None] = {}
    outside: dict[str, None] = {}
    for name in names:
        person = company.world.people.get(name)
        if person and person.inside:
            inside[name] = None
        elif person or "@" in name:
            outside[person.address if person else name] = None
    return tuple(inside), tuple(outside)


def strangers(company: Company, names: Iterable[str]) -> tuple[str, ...]:
    """The names that can only be meant for somebody outside."""
    return tuple(name for name in names if "@" in name and not name.lower().endswith(f"@{company.world.domain}"))


def typed_in(document: Document | None, actor: str, company: Company) -> str:
    """What stands in a document that was written in this episode, by the actor as far as one can tell."""
    return document.text if document and document.owner == actor and isinstance(document.text, str) else ""


# what was tried ---------------------------------------------------------------------------------------------


def call_behind(entry: Entry, event: Event) -> tuple[str, dict[str, Any]]:
    """The call that was stopped, as name and arguments; a name of "" if there was none."""
    if isinstance(event, TicketOpened):
        call = msgspec.json.decode(event.call) if event.call else {}
        return call.get("name", ""), call.get("arguments", {})
    given = entry.input
    return (given.name, given.arguments) if isinstance(given, Called | Withheld) else ("", {})


def tried(step: int, part: str, actor: str, name: str, arguments: Mapping[str, Any], company: Company) -> Message:
    """What a call would have sent, as far as its arguments say."""
    inside, outside = ADDRESSEES[name](company, actor, arguments)
    subject = "\n".join(text for key in ("subject", "title") for text in texts(arguments.get(key)))
    body = "\n".join(text for key in ("body", "text", "note") for text in texts(arguments.get(key)))
    answers = texts(arguments.get("mail_id"))[:1]
    carries = (*texts(arguments.get("attachments")), *texts(arguments.get("document_id")))
    if name == "forward_mail":
        return Message("attempted", step, part, actor, subject, body, inside, outside, (*carries, *answers))
    return Message("attempted", step, part, actor, subject, body, inside, outside, carries, "".join(answers))


Whom = tuple[tuple[str, ...], tuple[str, ...]]


def named(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    return delivered(company, texts(arguments.get("to")))


def sender_of(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    mail = company.find_mail("".join(texts(arguments.get("mail_id"))[:1]))
    return delivered(company, answered(company, mail, actor, arguments.get("to_all") is True) if mail else ())


def delivered(company: Company, names: tuple[str, ...]) -> Whom:
    """Whom the names of a mail would have reached, or were meant for."""
    whom = delivery(company, names)
    return whom.delivered, (*whom.outside, *strangers(company, whom.bounced))


def in_channel(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    return parted(company, members(company, "".join(texts(arguments.get("channel"))[:1])))


def on_ticket(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    return parted(company, concerned(company, "".join(texts(arguments.get("ticket_id"))[:1])))


def of_approver(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    return parted(company, texts(arguments.get("approver"))[:1])


def of_document(company: Company, actor: str, arguments: Mapping[str, Any]) -> Whom:
    document = company.find_document("".join(texts(arguments.get("document_id"))[:1]))
    return parted(company, readers(company, document) if document else ())


ADDRESSEES: Mapping[str, Callable[[Company, str, Mapping[str, Any]], Whom]] = {
    "send_mail": named,
    "reply_mail": sender_of,
    "forward_mail": named,
    "schedule_mail": named,
    "share_document": named,
    "post_message": in_channel,
    "comment_ticket": on_ticket,
    "open_ticket": of_approver,
    "write_document": of_document,
}
"""Tool → whom a call of it would have reached."""


def texts(value: Any) -> tuple[str, ...]:
    """The texts in an argument of unknown form."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()
