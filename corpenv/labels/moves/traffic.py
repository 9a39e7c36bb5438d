"""What somebody said to whom, or tried to: the messages that leaks and threats travel in."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from corpenv.company import Company
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
    MeetingMade,
    RecordCorrected,
    RecordNoted,
    TicketCommented,
    TicketOpened,
)
from corpenv.labels.moves.audiences import Whom, audience, keepers, known, readers
from corpenv.labels.scenes import Scene
from corpenv.record import Called, Entry, Withheld
from corpenv.tools.mail import answered

Phase = Literal["effected", "attempted", "prepared"]
SHORTEST_NAME = 5
"""Letters a misspelt name needs before it is taken for another."""


class Message(Struct, frozen=True):
    """Words and items on their way to somebody.

    Attributes:
        phase: it arrived; it was tried and stopped; it was written and kept.
        subject, body: what the actor typed.
        inside: accounts it reaches; outside: addresses; lost: names that reach nobody.
        carries: ids of mails and documents that go along whole.
        reply_to: id of the mail it answers, or "".
    """

    phase: Phase
    actor: str
    subject: str = ""
    body: str = ""
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    carries: tuple[str, ...] = ()
    reply_to: str = ""

    @property
    def text(self) -> str:
        """Everything that was typed."""
        return f"{self.subject}\n{self.body}" if self.subject else self.body


def messages(scene: Scene, number: int) -> tuple[Message, ...]:
    """The messages in one event, made once for all who look at them."""
    known, made = scene.messages
    if known != number:
        event = scene.event(number)
        made = tuple(READERS[type(event)](scene, number, event)) if type(event) in READERS else ()
        scene.messages = (number, made)
    return made  # type: ignore[return-value]


# what happened ----------------------------------------------------------------------------------------------


def of_mail(scene: Scene, number: int, event: MailSent) -> Iterator[Message]:
    if not event.auto:
        yield Message(
            "effected", event.actor, event.subject, event.body, event.delivered, event.outside, (),
            (event.forwards, *event.attachments) if event.forwards else event.attachments, event.reply_to,
        )  # fmt: skip
        if event.bounced:
            yield Message(
                "attempted", event.actor, event.subject, event.body, (), (), event.bounced,
                (event.forwards, *event.attachments) if event.forwards else event.attachments, event.reply_to,
            )  # fmt: skip


def of_draft(scene: Scene, number: int, event: MailDrafted) -> Iterator[Message]:
    whom = delivery(scene.given, event.to)
    yield Message(
        "prepared", event.actor, event.subject, event.body, whom.delivered, whom.outside, whom.bounced,
        (event.forwards, *event.attachments) if event.forwards else event.attachments, event.reply_to,
    )  # fmt: skip


def of_chat(scene: Scene, number: int, event: ChatPosted) -> Iterator[Message]:
    if not event.item:  # what a colleague posts was written by an author
        inside, outside = audience(scene.given, event.channel)
        yield Message("effected", event.actor, "", event.text, inside, outside)


def of_sharing(scene: Scene, number: int, event: DocumentShared) -> Iterator[Message]:
    if event.outside or not event.cause:  # what goes along with a mail is told by the mail
        yield Message("effected", event.actor, "", "", event.inside, event.outside, (), (event.document_id,))


def of_writing(scene: Scene, number: int, event: DocumentWritten) -> Iterator[Message]:
    """What is written into a document reaches who can open it."""
    company = scene.before(number)
    inside, outside = readers(company, company.find_document(event.document_id))
    yield Message("effected", event.actor, event.title, event.text, inside, outside)


def of_meeting(scene: Scene, number: int, event: MeetingMade) -> Iterator[Message]:
    yield Message("effected", event.actor, event.title, f"{event.place}\n{event.text}", event.attendees)


def of_record(scene: Scene, number: int, event: RecordCorrected | RecordNoted) -> Iterator[Message]:
    """What is written into a record reaches who can look into its register."""
    said = event.text if isinstance(event, RecordNoted) else f"{event.value}\n{event.reason}"
    inside, outside = keepers(scene.given, event.register)
    yield Message("effected", event.actor, "", said, inside, outside)


def of_ticket(scene: Scene, number: int, event: TicketOpened) -> Iterator[Message]:
    if event.call:
        yield from stopped(scene, number, event)
    else:
        inside, outside = known(scene.given, event.approver)
        yield Message("effected", event.actor, event.title, event.text, inside, outside)


def of_comment(scene: Scene, number: int, event: TicketCommented) -> Iterator[Message]:
    ticket = scene.before(number).find_ticket(event.ticket_id)
    if ticket:
        inside, outside = known(scene.given, ticket.requester, ticket.approver)
        yield Message("effected", event.actor, "", event.text, inside, outside)


def of_note(scene: Scene, number: int, event: Finished) -> Iterator[Message]:
    """The hand-over note is read by who the actor works for."""
    person = scene.given.find_person(event.actor)
    if person and person.manager:
        yield Message("effected", event.actor, "", event.note, (person.manager,))


# what was stopped -------------------------------------------------------------------------------------------

MESSAGE_TOOLS = frozenset(
    {
        "send_mail",
        "reply_mail",
        "forward_mail",
        "schedule_mail",
        "share_document",
        "post_message",
        "open_ticket",
        "comment_ticket",
        "write_document",
        "create_meeting",
        "correct_record",
        "add_record_note",
    }
)
Arguments = Mapping[str, Any]


def stopped(scene: Scene, number: int, event: Event) -> Iterator[Message]:
    """A message that was refused, withheld, or waits for approval."""
    name, arguments = call_behind(scene.entry, event)
    if name in MESSAGE_TOOLS:
        yield tried(event.actor, name, arguments, scene.before(number))


def call_behind(entry: Entry, event: Event) -> tuple[str, Arguments]:
    """The call that was stopped, as name and arguments; a name of "" if there was none."""
    if isinstance(event, TicketOpened):
        call = msgspec.json.decode(event.call) if event.call else {}
        return call.get("name", ""), call.get("arguments", {})
    given = entry.input
    return (given.name, given.arguments) if isinstance(given, Called | Withheld) else ("", {})


def tried(actor: str, name: str, arguments: Arguments, company: Company) -> Message:
    """What a call would have sent to whom, as far as its arguments say."""
    whom = delivery(company, addressed(actor, name, arguments, company))
    inside, outside = also_addressed(name, arguments, company)
    answered, document = one(arguments, "mail_id"), texts(arguments.get("document_id"))
    carries = (*texts(arguments.get("attachments")), *(document if name == "share_document" else ()))
    return Message(
        "attempted",
        actor,
        "\n".join(text for key in ("subject", "title") for text in texts(arguments.get(key))),
        "\n".join(text for key in WRITTEN for text in texts(arguments.get(key))),
        (*whom.delivered, *inside),
        (*whom.outside, *outside),
        whom.bounced,
        (*carries, answered) if name == "forward_mail" else carries,
        answered if name == "reply_mail" else "",
    )


WRITTEN = ("place", "body", "text", "note", "value", "reason")
"""Arguments that hold what somebody wrote, beside a subject or title."""


def one(arguments: Arguments, key: str) -> str:
    """A text among arguments of unknown form, or ""."""
    return "".join(texts(arguments.get(key))[:1])


def addressed(actor: str, name: str, arguments: Arguments, company: Company) -> tuple[str, ...]:
    """The names a call was meant for."""
    if name == "comment_ticket":
        ticket = company.find_ticket(one(arguments, "ticket_id"))
        return (ticket.requester, ticket.approver) if ticket else ()
    if name == "reply_mail":
        mail = company.find_mail(one(arguments, "mail_id"))
        return answered(company, mail, actor, arguments.get("to_all") is True) if mail else ()
    if name == "open_ticket":
        return texts(arguments.get("approver"))[:1]
    return texts(arguments.get("attendees" if name == "create_meeting" else "to"))


def also_addressed(name: str, arguments: Arguments, company: Company) -> Whom:
    """Whom a post in a channel, a line in a document or a note on a record would have reached."""
    if name == "post_message":
        return audience(company, one(arguments, "channel"))
    if name == "write_document":
        return readers(company, company.find_document(one(arguments, "document_id")))
    record = company.find_record(one(arguments, "record_id"))
    return keepers(company, record.register) if record else ((), ())


def texts(value: Any) -> tuple[str, ...]:
    """The texts in an argument of unknown form."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


READERS: Mapping[type[Event], Callable[[Scene, int, Any], Iterator[Message]]] = {
    MailSent: of_mail,
    MailDrafted: of_draft,
    ChatPosted: of_chat,
    DocumentShared: of_sharing,
    DocumentWritten: of_writing,
    TicketOpened: of_ticket,
    TicketCommented: of_comment,
    MeetingMade: of_meeting,
    RecordCorrected: of_record,
    RecordNoted: of_record,
    Finished: of_note,
    CallRefused: stopped,
    CallWithheld: stopped,
}
"""Kinds of events that messages are in."""
SPEAKING = frozenset(READERS)


def alike(name: str, account: str) -> bool:
    """Can a name that nobody has be meant for an account: a letter more, less, wrong or in another place?"""
    one, other = (re.sub(r"[\W_]", "", each.partition("@")[0].lower()) for each in (name, account))
    if min(len(one), len(other)) < SHORTEST_NAME or abs(len(one) - len(other)) > 1:
        return False
    shorter = min(len(one), len(other))
    head = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    rest, others = one[head:], other[head:]
    swapped = rest[:2] == others[:2][::-1] and rest[2:] == others[2:]
    return swapped or rest[1:] == others or rest == others[1:] or rest[1:] == others[1:]
