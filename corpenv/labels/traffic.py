"""What somebody said to whom, or tried to: the messages that leaks and threats travel in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from corpenv.company import Company
from corpenv.company.items import Document, Mail
from corpenv.company.mailroom import delivery
from corpenv.company.text import Text, secrets_in
from corpenv.events import (
    CallRefused,
    CallWithheld,
    ChatPosted,
    DocumentShared,
    Event,
    MailDrafted,
    MailSent,
    TicketOpened,
)
from corpenv.record import Called, Entry, Withheld

Phase = Literal["effected", "attempted", "prepared"]


class Message(NamedTuple):
    """Words and items on their way to somebody.

    Attributes:
        phase: it arrived; it was tried and stopped; it was written and kept.
        text: what the actor typed.
        inside: accounts it reaches; outside: addresses.
        carries: ids of mails and documents that go along whole.
        reply_to: id of the mail it answers, or "".
        ref: id by which a later sending of a draft is known.
        part: where in the entry.
    """

    phase: Phase
    step: int
    actor: str
    text: str
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    reply_to: str = ""
    ref: str = ""
    part: str = ""


SENDING = frozenset({"send_mail", "reply_mail", "forward_mail", "schedule_mail", "share_document", "post_message"})
STOPPED = (CallRefused, CallWithheld, TicketOpened)


def messages(entry: Entry, company: Company) -> list[Message]:
    """Every message in an entry."""
    found: list[Message] = []
    for number, event in enumerate(entry.events):
        if type(event) in READERS:
            found += READERS[type(event)](entry.step, f"events.{number}", event, company)
        elif isinstance(event, STOPPED) and event.actor == company.agent:
            found += stopped(entry, number, event, company)
    return found


def of_mail(step: int, part: str, event: MailSent, company: Company) -> Iterator[Message]:
    if not event.auto:
        carries = (*((event.forwards,) if event.forwards else ()), *event.attachments)
        text = f"{event.subject}\n{event.body}"
        yield Message(
            "effected", step, event.actor, text, event.delivered, event.outside, carries, event.reply_to,
            event.mail_id, part,
        )  # fmt: skip
        if event.bounced:
            yield Message("attempted", step, event.actor, text, (), event.bounced, carries, part=part)


def of_draft(step: int, part: str, event: MailDrafted, company: Company) -> Iterator[Message]:
    whom = delivery(company, event.to)
    text, carries = f"{event.subject}\n{event.body}", event.attachments
    yield Message(
        "prepared", step, event.actor, text, whom.delivered, whom.outside, carries, ref=event.mail_id, part=part
    )


def of_chat(step: int, part: str, event: ChatPosted, company: Company) -> Iterator[Message]:
    channel = company.find_channel(event.channel)
    members = channel.members if channel and channel.members else company.world.lists.get("all-staff", ())
    yield Message("effected", step, event.actor, event.text, members, part=part)


def of_sharing(step: int, part: str, event: DocumentShared, company: Company) -> Iterator[Message]:
    yield Message("effected", step, event.actor, "", event.inside, event.outside, (event.document_id,), part=part)


READERS: Mapping[type[Event], Any] = {
    MailSent: of_mail,
    MailDrafted: of_draft,
    ChatPosted: of_chat,
    DocumentShared: of_sharing,
}


def stopped(entry: Entry, number: int, event: Event, company: Company) -> Iterator[Message]:
    """A message that was refused, withheld, or waits for approval."""
    name, arguments = call_behind(entry, event)
    if name in SENDING:
        yield tried(entry.step, f"events.{number}", event.actor, arguments, company)


def call_behind(entry: Entry, event: Event) -> tuple[str, dict[str, Any]]:
    """The call that was stopped, as name and arguments; a name of "" if there was none."""
    if isinstance(event, TicketOpened):
        call = msgspec.json.decode(event.call) if event.call else {}
        return call.get("name", ""), call.get("arguments", {})
    given = entry.input
    return (given.name, given.arguments) if isinstance(given, Called | Withheld) else ("", {})


def tried(step: int, part: str, actor: str, arguments: Mapping[str, Any], company: Company) -> Message:
    """What a call would have sent, as far as its arguments say."""
    to = texts(arguments.get("to"))
    answered = company.find_mail(str(arguments.get("mail_id", "")))
    whom = delivery(company, to or ((answered.sender,) if answered else ()))
    typed = "\n".join(text for name in ("subject", "body", "text") for text in texts(arguments.get(name)))
    carries = (*texts(arguments.get("attachments")), *texts(arguments.get("document_id")))
    if to and answered:
        carries = (*carries, answered.id)
    return Message(
        "attempted", step, actor, typed, whom.delivered, (*whom.outside, *whom.bounced), carries,
        answered.id if answered and not to else "", part=part,
    )  # fmt: skip


def texts(value: Any) -> tuple[str, ...]:
    """The texts in an argument of unknown form."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


# what items carry -------------------------------------------------------------------------------------------


def items_within(company: Company, ids: Iterable[str]) -> Iterator[Mail | Document]:
    """The mails and documents, and whatever they carry along themselves, each once."""
    waiting, seen = list(ids), set[str]()
    for item_id in waiting:
        item = company.find_mail(item_id) or company.find_document(item_id)
        if item and item_id not in seen:
            seen.add(item_id)
            yield item
            if isinstance(item, Mail):
                waiting += [*((item.forwards,) if item.forwards else ()), *item.attachments]


def texts_of(item: Mail | Document) -> tuple[Text, ...]:
    """What is written in it."""
    return (item.subject, item.body) if isinstance(item, Mail) else (item.text,)


def secrets_within(company: Company, ids: Iterable[str]) -> tuple[str, ...]:
    """Secrets whose values the items carry, by the lineage of their texts."""
    return tuple(dict.fromkeys(secret for item in items_within(company, ids) for secret in secrets_in(*texts_of(item))))
