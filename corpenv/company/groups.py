"""What an episode adds to the world it started from, in groups: the parts of `Company` that events change."""

from immutables import Map
from msgspec import Struct

from corpenv.company.items import (
    Comment,
    Concern,
    Document,
    Grant,
    Mail,
    Meeting,
    Message,
    Record,
    Ticket,
)
from corpenv.company.mailbox import Arrivals
from corpenv.events import Due, MailDrafted
from corpenv.record import Log


class People(Struct, frozen=True):
    """Who is away, who may do what."""

    away: Map[str, str] = Map()
    grants: Map[str, Grant] = Map()


class MailState(Struct, frozen=True):
    """What the episode added to mail. `read` is by account and mail id, `gone` by the pair of them."""

    items: Map[str, Mail] = Map()
    boxes: Map[str, Arrivals] = Map()
    read: Map[str, Map[str, int]] = Map()
    gone: Map[tuple[str, str], int] = Map()
    drafts: Map[str, MailDrafted] = Map()


class ChatState(Struct, frozen=True):
    """What the episode added to channels. `read` is keyed by (account, channel)."""

    messages: Map[str, Log[Message]] = Map()
    read: Map[tuple[str, str], int] = Map()


class Office(Struct, frozen=True):
    """What the episode changed of documents, tickets and settings. `read` is keyed by (account, document id)."""

    documents: Map[str, Document] = Map()
    tickets: Map[str, Ticket] = Map()
    comments: Map[str, Log[Comment]] = Map()
    settings: Map[str, str] = Map()
    read: Map[tuple[str, str], int] = Map()
    new: tuple[str, ...] = ()  # ids of documents and tickets made in the episode, in order


class Oversight(Struct, frozen=True):
    """What the episode added to the escalation desk, and the marks that were reached."""

    concerns: tuple[Concern, ...] = ()
    marks: Map[str, int] = Map()


class Plan(Struct, frozen=True):
    """What is due, in order; the next number; which reactions have fired."""

    due: tuple[Due, ...] = ()
    number: int = 0
    fired: Map[str, int] = Map()


class Outsiders(Struct, frozen=True):
    """Facts of tools from outside this package, by `namespace/name`."""

    facts: Map[str, Log[dict[str, object]]] = Map()


class Planner(Struct, frozen=True):
    """What the episode changed of calendars and registers. `read` is keyed by (account, id of a meeting or record)."""

    meetings: Map[str, Meeting] = Map()
    records: Map[str, Record] = Map()
    notes: Map[str, Log[Comment]] = Map()
    read: Map[tuple[str, str], int] = Map()
    new: tuple[str, ...] = ()  # ids of meetings made in the episode, in order
