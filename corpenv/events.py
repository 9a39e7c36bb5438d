"""Facts: what happened, who did it, when. Facts are stored; state never is.

Every event is one past-tense fact at a simulated second. `company.apply` folds it into a company. The tag
(`mail_sent` for `MailSent`) is the `kind` in JSON, in a pack's `on:` patterns and in the record.
"""

from typing import Any

from msgspec import Struct

from corpenv.names import snake


class Event(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag=snake, tag_field="kind"):
    """One fact.

    Attributes:
        at: whole simulated seconds since the scenario's start.
        actor: the account that did it: the agent, a colleague, a machine.
        cause: id of what led to it (a mail, a ticket, an authored reaction), or "".
    """

    at: int
    actor: str
    cause: str = ""


# What became of an input ---------------------------------------------------------------------------------


class CallAccepted(Event, frozen=True):
    """The call was carried out. Counts as a step."""

    tool: str


class CallRefused(Event, frozen=True):
    """The call was not allowed or not understood; `reason` is the sentence the agent read. Counts as a step."""

    tool: str
    reason: str


class CallWithheld(Event, frozen=True):
    """A guardrail kept the call from taking effect. Counts as a step."""

    tool: str
    by: str
    reason: str


class Spoke(Event, frozen=True):
    """A turn without calls. Counts as a step."""


class Waited(Event, frozen=True):
    """The actor lets time pass, at most until `until`."""

    until: int


class Finished(Event, frozen=True):
    """The agent handed over; `note` is its report."""

    note: str


class Stopped(Event, frozen=True):
    """The agent's part is over: `reason` names the end. The world may run on."""

    reason: str


class TimePassed(Event, frozen=True):
    """Nothing but time."""


# Bookkeeping of the world, outside every view ---------------------------------------------------------------


class Due(Struct, frozen=True, gc=False, omit_defaults=True, order=True):
    """Something that will happen: ordered by time, then priority, then number.

    Attributes:
        sort: `act` (an authored action), `send` (a scheduled mail) or `call` (a call that was approved).
        ref: id of the action, mail or ticket.
        trigger: id of the item that set it off, or "".
    """

    at: int
    priority: int
    number: int
    sort: str
    ref: str
    trigger: str = ""


class Planned(Event, frozen=True):
    """The world will do something."""

    due: Due


class Happened(Event, frozen=True):
    """The planned thing numbered `number` is being done now, and is no longer planned."""

    number: int


class MarkReached(Event, frozen=True):
    """A predicate that some `ever:` asks about held for the first time."""

    mark: str


# Mail -----------------------------------------------------------------------------------------------------


class MailDrafted(Event, frozen=True):
    """A mail was written and kept; with `send_at` it will be sent at that second."""

    mail_id: str
    to: tuple[str, ...]
    subject: str
    body: str
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()
    send_at: int = -1


class MailSent(Event, frozen=True):
    """A mail left `actor`, with what its recipients became.

    Attributes:
        to: as addressed.
        delivered: accounts inside that have it now.
        outside: addresses outside the company that have it now.
        bounced: addresses that do not exist.
        forwards: id of the mail that is carried along whole, or "".
        attachments: ids of the documents that are carried along whole.
        auto: an automatic answer; never answered automatically.
    """

    mail_id: str
    to: tuple[str, ...]
    subject: str
    body: str
    delivered: tuple[str, ...]
    outside: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()
    auto: bool = False


class MailArrived(Event, frozen=True):
    """An authored mail was sent by `actor`; its text stays with the authored `item`."""

    mail_id: str
    item: str
    to: tuple[str, ...]
    delivered: tuple[str, ...]
    reply_to: str = ""


class MailRead(Event, frozen=True):
    mail_id: str


class MailDeleted(Event, frozen=True):
    """Removed from the actor's mailbox; a draft or a scheduled mail is gone for good."""

    mail_id: str


# Chat -----------------------------------------------------------------------------------------------------


class ChatPosted(Event, frozen=True):
    """A message in a channel. `item` names the authored text where there is one; `text` is then empty."""

    message_id: str
    channel: str
    text: str = ""
    item: str = ""


class ChannelRead(Event, frozen=True):
    channel: str


# Office ---------------------------------------------------------------------------------------------------


class DocumentRead(Event, frozen=True):
    document_id: str


class DocumentWritten(Event, frozen=True):
    """A document was made (`new`) or its text replaced."""

    document_id: str
    title: str
    text: str
    new: bool = False


class DocumentShared(Event, frozen=True):
    """More people can read the document: accounts inside, addresses outside."""

    document_id: str
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class TicketOpened(Event, frozen=True):
    """A request was filed. `call` is the JSON of a call that waits for the decision, or ""."""

    ticket_id: str
    sort: str
    title: str
    text: str
    approver: str
    concerns: tuple[str, ...] = ()
    call: str = ""


class TicketCommented(Event, frozen=True):
    ticket_id: str
    text: str


class TicketDecided(Event, frozen=True):
    """A ticket's status changed to `status`, by `actor`."""

    ticket_id: str
    status: str


class SettingChanged(Event, frozen=True):
    """A switch of the company's systems was set, citing `ticket` or nothing."""

    setting_id: str
    was: str
    value: str
    area: str = ""
    ticket: str = ""


class PresenceChanged(Event, frozen=True):
    """A person left (`away` is the automatic answer) or is back (`away` is "")."""

    person: str
    away: str


# Calendars and registers ----------------------------------------------------------------------------------


class MeetingMade(Event, frozen=True):
    """`actor` called a meeting from second `begins` to second `ends`; `attendees` are accounts."""

    meeting_id: str
    title: str
    begins: int
    ends: int
    attendees: tuple[str, ...] = ()
    place: str = ""
    text: str = ""
    private: bool = False


class MeetingMoved(Event, frozen=True):
    """A meeting has another time or place now: all three as they are after it."""

    meeting_id: str
    begins: int
    ends: int
    place: str = ""


class MeetingCancelled(Event, frozen=True):
    """A meeting will not be held."""

    meeting_id: str


class InvitationAnswered(Event, frozen=True):
    """An attendee said whether they come: `answer` is `accepted` or `declined`."""

    meeting_id: str
    answer: str


class MeetingRead(Event, frozen=True):
    meeting_id: str


class RecordRead(Event, frozen=True):
    record_id: str
    register: str


class RecordCorrected(Event, frozen=True):
    """A field of a record says `value` now; it said `was`."""

    record_id: str
    register: str
    field: str
    was: str
    value: str
    reason: str


class RecordNoted(Event, frozen=True):
    """Something was written under a record."""

    record_id: str
    register: str
    text: str


# Escalation desk ------------------------------------------------------------------------------------------


class ConcernRaised(Event, frozen=True):
    """The actor told the escalation desk."""

    concern_id: str
    about: str
    text: str


class ConcernAnswered(Event, frozen=True):
    """The desk answered; `item` names the authored text where there is one."""

    concern_id: str
    text: str = ""
    item: str = ""


# Outsiders' facts -----------------------------------------------------------------------------------------


class FactRecorded(Event, frozen=True):
    """A fact of a tool from outside this package. `data` is JSON without floats."""

    namespace: str
    name: str
    data: dict[str, Any]


EVENTS: tuple[type[Event], ...] = tuple(Event.__subclasses__())
KINDS: dict[str, type[Event]] = {snake(event.__name__): event for event in EVENTS}
BOOKKEEPING = frozenset({Planned, Happened, MarkReached})
