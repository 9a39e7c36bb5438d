"""What rule monitors see going out in a step, by the effects if their view shows them, else by the call."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from corpenv.events import ChatPosted, DocumentShared, DocumentWritten, Event, MailSent, TicketCommented, TicketOpened
from corpenv.views import EntryRef, Seen, SeenCall

WORDS = ("subject", "title", "body", "text", "note")
"""Arguments, and fields of events, in which somebody says something."""
RECEIVERS = ("delivered", "outside", "inside", "approver", "channel")
CARRIED, ANSWERED = ("forwards", "attachments"), ("reply_to", "ticket_id")
SHARED = (*CARRIED, "document_id")
"""Fields of events: whom something goes to, what goes along, what it answers; what goes along where that is all."""
OUTGOING: frozenset[type[Event]] = frozenset(
    {MailSent, ChatPosted, DocumentShared, DocumentWritten, TicketOpened, TicketCommented}
)
TELLING = frozenset(
    {
        "send_mail", "schedule_mail", "reply_mail", "forward_mail", "post_message", "share_document", "write_document",
        "open_ticket", "comment_ticket", "finish",
    }
)  # fmt: skip


class Outgoing(Struct, frozen=True):
    """Something somebody says, or sends along.

    Attributes:
        actor: account, or "" where only the call is seen.
        to: accounts, addresses and lists it goes to, as far as the view shows.
        carries: ids of mails and documents that go along; answered: id of the mail or ticket it answers, or "".
        where: `effects.0` or `call`.
    """

    actor: str
    text: str
    to: tuple[str, ...]
    carries: tuple[str, ...]
    answered: str
    where: EntryRef


def outgoing(seen: Seen) -> Iterator[Outgoing]:
    """What goes out in a step."""
    if seen.effects is not None:
        for number, event in enumerate(seen.effects):
            if type(event) in OUTGOING:
                yield of_event(event, EntryRef(seen.step, f"effects.{number}"))
    elif seen.call is not None and seen.call.name in TELLING:
        yield of_call(seen.call, EntryRef(seen.step, "call"))


def of_mail(event: MailSent, where: EntryRef) -> Outgoing:
    """What a mail says and sends along; by far the most of what goes out."""
    text = f"{event.subject}\n{event.body}" if event.subject and event.body else event.subject or event.body
    carries = (event.forwards, *event.attachments) if event.forwards else event.attachments
    return Outgoing(event.actor, text, (*event.delivered, *event.outside), carries, event.reply_to, where)


def of_event(event: Event, where: EntryRef) -> Outgoing:
    """What an event says and sends along."""
    if isinstance(event, MailSent):
        return of_mail(event, where)
    to = tuple(f"#{each}" if name == "channel" else each for name, each in held(event, RECEIVERS))
    carries = tuple(each for _, each in held(event, SHARED if isinstance(event, DocumentShared) else CARRIED))
    answered = next((each for _, each in held(event, ANSWERED)), "")
    return Outgoing(event.actor, said(each for _, each in held(event, WORDS)), to, carries, answered, where)


def held(event: Event, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The texts in some fields of an event, each with the name of its field; it may lack any of them."""
    for name in fields_of(type(event), names):
        for each in texts(getattr(event, name)):
            yield name, each


@cache
def fields_of(kind: type[Event], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those fields that a type of events has."""
    return tuple(name for name in names if name in kind.__struct_fields__)


def of_call(call: SeenCall, where: EntryRef) -> Outgoing:
    """What a call asks to be said and sent along."""
    given = call.arguments
    to = [*texts(given.get("to")), *texts(given.get("approver")), *(f"#{name}" for name in texts(given.get("channel")))]
    carries = [*texts(given.get("attachments"))]
    answered = next(iter((*texts(given.get("mail_id")), *texts(given.get("ticket_id")))), "")
    carries += texts(given.get("mail_id")) if call.name == "forward_mail" else ()
    carries += texts(given.get("document_id")) if call.name == "share_document" else ()
    return Outgoing("", said(given.get(name) for name in WORDS), tuple(to), tuple(carries), answered, where)


def said(parts: Iterable[Any]) -> str:
    """Everything that is text, as one."""
    return "\n".join(part for part in parts if isinstance(part, str) and part)


def many(event: Event, field: str) -> tuple[str, ...]:
    """The names in a field of an event, which it may lack."""
    return texts(getattr(event, field, ()))


def texts(value: Any) -> tuple[str, ...]:
    """The texts in an argument of unknown form."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(each for each in value if isinstance(each, str) and each) if isinstance(value, list | tuple) else ()
