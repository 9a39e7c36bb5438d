"""How facts change the company: `apply(event, company)` for every kind of event, and their fold."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

from msgspec.structs import replace

from corpenv.company.alerts import ALERTS
from corpenv.company.groups import MailState
from corpenv.company.items import Comment, Concern, Document, Mail, Message, Ticket
from corpenv.company.machinechanges import MACHINES
from corpenv.company.mailbox import Arrivals, Opened
from corpenv.company.planner import PLANNER
from corpenv.company.registrychanges import LANDINGS, REGISTRY
from corpenv.company.state import Company
from corpenv.company.text import in_reply
from corpenv.events import (
    CallAccepted,
    CallRefused,
    CallWithheld,
    ChannelRead,
    ChatPosted,
    ConcernAnswered,
    ConcernRaised,
    DocumentRead,
    DocumentShared,
    DocumentWritten,
    Event,
    FactRecorded,
    Finished,
    Happened,
    MailArrived,
    MailDeleted,
    MailDrafted,
    MailRead,
    MailSent,
    MarkReached,
    Planned,
    PresenceChanged,
    SettingChanged,
    Spoke,
    Stopped,
    TicketCommented,
    TicketDecided,
    TicketOpened,
    TicketRead,
)
from corpenv.record import Log

Change = Callable[[Any, Company], Company]
CHANGES: dict[type[Event], Change] = {**MACHINES, **PLANNER, **ALERTS, **REGISTRY, **LANDINGS}
"""Kind of event → what it changes. A table: `singledispatch` costs three times as much, several times a step."""


def apply(event: Event, company: Company) -> Company:
    """The company after `event`. By default only time has passed."""
    change = CHANGES.get(type(event))
    return change(event, company) if change else replace(company, now=event.at)


def replay(company: Company, events: Iterable[Event]) -> Company:
    """The company after all of `events`, in order."""
    return reduce(lambda state, event: apply(event, state), events, company)


def changes(*kinds: type[Event]) -> Callable[[Change], Change]:
    """The function below says what events of these kinds change."""

    def register(change: Change) -> Change:
        CHANGES.update(dict.fromkeys(kinds, change))
        return change

    return register


@changes(CallAccepted, CallRefused, CallWithheld, Spoke)
def step_taken(event: Event, company: Company) -> Company:
    return replace(company, now=event.at, step=company.step + 1)


@changes(Finished)
def finished(event: Finished, company: Company) -> Company:
    return replace(company, now=event.at, note=event.note)


@changes(Stopped)
def stopped(event: Stopped, company: Company) -> Company:
    return replace(company, now=event.at, ended=event.reason)


# what is planned ------------------------------------------------------------------------------------------


@changes(Planned)
def planned(event: Planned, company: Company) -> Company:
    plan, due = company.plan, event.due
    coming = tuple(sorted((*plan.due, due)))
    fired = plan.fired.set(event.cause, event.at) if event.cause and due.sort != "react" else plan.fired
    return replace(
        company, now=event.at, plan=replace(plan, due=coming, number=max(plan.number, due.number + 1), fired=fired)
    )


@changes(Happened)
def happened(event: Happened, company: Company) -> Company:
    coming = tuple(due for due in company.plan.due if due.number != event.number)
    return replace(company, now=event.at, plan=replace(company.plan, due=coming))


@changes(MarkReached)
def mark_reached(event: MarkReached, company: Company) -> Company:
    marks = company.oversight.marks.set(event.mark, event.at)
    return replace(company, now=event.at, oversight=replace(company.oversight, marks=marks))


# mail -----------------------------------------------------------------------------------------------------


def filed(state: MailState, mail: Mail, *folders: str) -> MailState:
    """The mails with one more, in some folders."""
    boxes = state.boxes.mutate()
    for folder in folders:
        came = boxes.get(folder)
        boxes[folder] = Arrivals([mail], 1) if came is None else came.add(mail)
    return replace(state, items=state.items.set(mail.id, mail), boxes=boxes.finish())


@changes(MailSent)
def mail_sent(event: MailSent, company: Company) -> Company:
    mail = Mail(
        event.mail_id,
        event.at,
        event.actor,
        event.to,
        event.subject,
        event.body,
        event.delivered,
        event.reply_to,
        event.forwards,
        event.attachments,
    )
    folders = (f"{event.actor}/sent", *[f"{account}/inbox" for account in event.delivered])
    state = filed(company.mail, mail, *folders)
    if event.mail_id in state.drafts:
        state = replace(state, drafts=state.drafts.delete(event.mail_id))
    return replace(company, now=event.at, mail=state)


@changes(MailArrived)
def mail_arrived(event: MailArrived, company: Company) -> Company:
    item = company.world.mail[event.item]
    answered = company.find_mail(event.reply_to)
    mail = replace(
        item,
        id=event.mail_id,
        at=event.at,
        sender=event.actor,
        to=event.to,
        subject=item.subject or (in_reply(company.text(answered.subject)) if answered else ""),
        delivered=event.delivered,
        reply_to=event.reply_to or item.reply_to,
    )
    folders = (f"{event.actor}/sent", *[f"{account}/inbox" for account in event.delivered])
    return replace(company, now=event.at, mail=filed(company.mail, mail, *folders))


@changes(MailDrafted)
def mail_drafted(event: MailDrafted, company: Company) -> Company:
    drafts = company.mail.drafts.set(event.mail_id, event)
    return replace(company, now=event.at, mail=replace(company.mail, drafts=drafts))


@changes(MailRead)
def mail_read(event: MailRead, company: Company) -> Company:
    own, mail_id, at = company.mail.read.get(event.actor), event.mail_id, event.at
    read = company.mail.read.set(event.actor, Opened.of({mail_id: at}) if own is None else own.add(mail_id, at))
    return replace(company, now=event.at, mail=replace(company.mail, read=read))


@changes(MailDeleted)
def mail_deleted(event: MailDeleted, company: Company) -> Company:
    state = company.mail
    if event.mail_id in state.drafts:
        state = replace(state, drafts=state.drafts.delete(event.mail_id))
    else:
        state = replace(state, gone=state.gone.set((event.actor, event.mail_id), event.at))
    return replace(company, now=event.at, mail=state)


# chat -----------------------------------------------------------------------------------------------------


@changes(ChatPosted)
def chat_posted(event: ChatPosted, company: Company) -> Company:
    text = company.world.actions[event.item].message.text if event.item else event.text  # type: ignore[attr-defined]
    message = Message(event.message_id, event.at, event.actor, text)
    log: Log[Message] = company.chat.messages.get(event.channel) or Log.of()
    messages = company.chat.messages.set(event.channel, log.add(message))
    return replace(company, now=event.at, chat=replace(company.chat, messages=messages))


@changes(ChannelRead)
def channel_read(event: ChannelRead, company: Company) -> Company:
    read = company.chat.read.set((event.actor, event.channel), event.at)
    return replace(company, now=event.at, chat=replace(company.chat, read=read))


# office ---------------------------------------------------------------------------------------------------


def office(company: Company, event: Event, **groups: Any) -> Company:
    """The company with some of its office changed."""
    return replace(company, now=event.at, office=replace(company.office, **groups))


@changes(DocumentRead)
def document_read(event: DocumentRead, company: Company) -> Company:
    return office(company, event, read=company.office.read.set((event.actor, event.document_id), event.at))


@changes(TicketRead)
def ticket_read(event: TicketRead, company: Company) -> Company:
    return office(company, event, read=company.office.read.set((event.actor, event.ticket_id), event.at))


@changes(DocumentWritten)
def document_written(event: DocumentWritten, company: Company) -> Company:
    state, before = company.office, company.find_document(event.document_id)
    if before is None:
        made = Document(event.document_id, event.title, event.text, event.actor, at=event.at)
        new = (*state.new, event.document_id)
        return office(company, event, documents=state.documents.set(event.document_id, made), new=new)
    changed = replace(before, title=event.title, text=event.text, at=event.at)
    return office(company, event, documents=state.documents.set(event.document_id, changed))


@changes(DocumentShared)
def document_shared(event: DocumentShared, company: Company) -> Company:
    document = company.find_document(event.document_id)
    if document is None:
        return replace(company, now=event.at)
    readers = tuple(dict.fromkeys((*document.readers, *event.inside, *event.outside)))
    documents = company.office.documents.set(event.document_id, replace(document, readers=readers))
    return office(company, event, documents=documents)


@changes(TicketOpened)
def ticket_opened(event: TicketOpened, company: Company) -> Company:
    ticket = Ticket(
        event.ticket_id,
        event.sort,
        event.title,
        event.text,
        requester=event.actor,
        approver=event.approver,
        concerns=event.concerns,
        call=event.call,
        at=event.at,
        held_by=event.held_by,
    )
    state = company.office
    return office(company, event, tickets=state.tickets.set(ticket.id, ticket), new=(*state.new, ticket.id))


@changes(TicketCommented)
def ticket_commented(event: TicketCommented, company: Company) -> Company:
    log: Log[Comment] = company.office.comments.get(event.ticket_id) or Log.of()
    comment = Comment(event.at, event.actor, event.text)
    return office(company, event, comments=company.office.comments.set(event.ticket_id, log.add(comment)))


@changes(TicketDecided)
def ticket_decided(event: TicketDecided, company: Company) -> Company:
    ticket = company.find_ticket(event.ticket_id)
    if ticket is None:
        return replace(company, now=event.at)
    tickets = company.office.tickets.set(ticket.id, replace(ticket, status=event.status))
    return office(company, event, tickets=tickets)


@changes(SettingChanged)
def setting_changed(event: SettingChanged, company: Company) -> Company:
    return office(company, event, settings=company.office.settings.set(event.setting_id, event.value))


@changes(PresenceChanged)
def presence_changed(event: PresenceChanged, company: Company) -> Company:
    away = company.people.away.set(event.person, event.away)
    return replace(company, now=event.at, people=replace(company.people, away=away))


# escalation desk ------------------------------------------------------------------------------------------


@changes(ConcernRaised)
def concern_raised(event: ConcernRaised, company: Company) -> Company:
    concern = Concern(event.concern_id, event.at, event.actor, event.about, event.text, concerns=event.concerns)
    concerns = (*company.oversight.concerns, concern)
    return replace(company, now=event.at, oversight=replace(company.oversight, concerns=concerns))


@changes(ConcernAnswered)
def concern_answered(event: ConcernAnswered, company: Company) -> Company:
    text = company.world.actions[event.item].text if event.item else event.text  # type: ignore[attr-defined]
    answer = Comment(event.at, event.actor, text)
    concerns = tuple(
        replace(concern, answers=(*concern.answers, answer)) if concern.id == event.concern_id else concern
        for concern in company.oversight.concerns
    )
    return replace(company, now=event.at, oversight=replace(company.oversight, concerns=concerns))


@changes(FactRecorded)
def fact_recorded(event: FactRecorded, company: Company) -> Company:
    key, state = f"{event.namespace}/{event.name}", company.outsiders
    log: Log[dict[str, object]] = state.facts.get(key) or Log.of()
    return replace(company, now=event.at, outsiders=replace(state, facts=state.facts.set(key, log.add(event.data))))
