"""What the world does by itself: at once because of an event, or later because it was planned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from corpenv.company import Company
from corpenv.company.mailbox import was_there
from corpenv.company.mailroom import automatic, delivery, thread_root
from corpenv.company.plans import (
    Action,
    AnswerConcern,
    ChangePresence,
    ChangeSetting,
    DecideTicket,
    PostItem,
    Reactions,
    SendItem,
)
from corpenv.errors import Refusal
from corpenv.events import (
    ChatPosted,
    ConcernAnswered,
    Due,
    Event,
    MailArrived,
    MailDrafted,
    MailSent,
    MarkReached,
    Planned,
    PresenceChanged,
    SettingChanged,
    TicketCommented,
    TicketDecided,
)
from corpenv.names import snake
from corpenv.tools import carry_out
from corpenv.tools.letters import letter_in, sending_of

WORLD = "world"

# what the world does at once --------------------------------------------------------------------------------


def follow_ups(company: Company, event: Event) -> Sequence[Event]:
    """What an event that was just applied leads to at once: first what is planned, each under a number of its own."""
    kind, world = type(event), company.world
    tag = TAGS[kind]
    if not world.marks and tag not in world.reactions and kind not in SETTING_OFF:
        return ()
    found: list[Event] = []
    if kind in PLANS:
        found += PLANS[kind](company, event)
    if tag in world.reactions:
        found += reacted(company, event, world.heeding[tag], len(found))
    if world.marks:
        for mark, predicate in (*world.marks.get(tag, ()), *world.marks.get("time", ())):
            if mark not in company.oversight.marks and predicate.holds(company):
                found.append(MarkReached(at=company.now, actor=WORLD, mark=mark))
    if kind is MailSent or kind is MailArrived:
        found += automatic(company, event)  # type: ignore[arg-type]
    return found


class Tags(dict[type[Event], str]):
    """The tag of every kind of event, outsiders' too."""

    def __missing__(self, kind: type[Event]) -> str:
        self[kind] = snake(kind.__name__)
        return self[kind]


TAGS = Tags()


def planned(
    company: Company, at: int, sort: str, ref: str, trigger: str = "", cause: str = "", nth: int = 0
) -> Planned:
    """The world will do something."""
    due = Due(at=at, priority=0, number=company.plan.number + nth, sort=sort, ref=ref, trigger=trigger)
    return Planned(at=company.now, actor=WORLD, cause=cause, due=due)


def sending(company: Company, event: MailDrafted) -> Iterable[Event]:
    """A scheduled mail will be sent."""
    if event.send_at >= 0:
        yield planned(company, event.send_at, "send", event.mail_id)


def approved(company: Company, event: TicketDecided) -> Iterable[Event]:
    """A call that waited for this ticket is carried out now."""
    ticket = company.find_ticket(event.ticket_id)
    if ticket and ticket.call and event.status == "approved":
        yield planned(company, company.now, "call", ticket.id)


PLANS: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    MailDrafted: sending,
    TicketDecided: approved,
}
SETTING_OFF = frozenset({*PLANS, MailSent, MailArrived})
"""Kinds of events from which something can follow in any world."""


def reacted(company: Company, event: Event, reactions: Reactions, nth: int) -> Iterable[Event]:
    """What colleagues will do because of an event that led to `nth` plans already."""
    root, fired = thread_root(company, getattr(event, "mail_id", "")), company.plan.fired
    for reaction in reactions.about(root):
        if reaction.once and reaction.id in fired:
            continue
        if reaction.on.matches(event, root) and (reaction.when is None or reaction.when.holds(company)):
            for action in reaction.actions:
                at = company.now + reaction.after
                yield planned(company, at, "act", action, trigger_of(event), reaction.id, nth)
                nth += 1


def trigger_of(event: Event) -> str:
    """Id of the item an event is about."""
    for name in ("mail_id", "ticket_id", "concern_id", "document_id", "meeting_id", "record_id", "channel"):
        if value := getattr(event, name, ""):
            return str(value)
    return ""


# what was planned -------------------------------------------------------------------------------------------


def performed(company: Company, due: Due) -> Iterable[Event]:
    """The events of a planned thing that is being done."""
    if due.sort == "send":
        return send_draft(company, due.ref)
    if due.sort == "call":
        return carry_out_call(company, due.ref)
    return perform(company.world.actions[due.ref], company, due)


def send_draft(company: Company, mail_id: str) -> Iterable[Event]:
    """A scheduled mail leaves, unless it was taken back."""
    draft = company.mail.drafts.get(mail_id)
    return sending_of(company, draft.actor, mail_id, letter_in(draft), cause=mail_id) if draft else ()


def carry_out_call(company: Company, ticket_id: str) -> Iterable[Event]:
    """An approved call is done in the name of who asked for it."""
    ticket = company.find_ticket(ticket_id)
    if ticket is None or not ticket.call:
        return ()
    try:
        events = carry_out(company, ticket.requester, ticket.call).events
    except Refusal as refusal:
        text = f"This could not be done: {refusal}."
        return (TicketCommented(at=company.now, actor=WORLD, ticket_id=ticket_id, text=text),)
    done = TicketDecided(at=company.now, actor=WORLD, ticket_id=ticket_id, status="done")
    return (*events, done)


@singledispatch
def perform(action: Action, company: Company, due: Due) -> Iterable[Event]:
    """The events of an authored action."""
    raise TypeError(f"nobody knows how to do a {type(action).__name__}")


@perform.register
def _(action: SendItem, company: Company, due: Due) -> Iterable[Event]:
    item = action.mail
    trigger = company.find_mail(due.trigger) if action.reply else None
    to = (trigger.sender,) if trigger else item.to
    yield MailArrived(
        at=company.now,
        actor=item.sender,
        cause=due.trigger or action.id,
        mail_id=company.new_id("mail") if item.id in company.mail.items or was_there(company, item) else item.id,
        item=item.id,
        to=to,
        delivered=delivery(company, to).delivered,
        reply_to=trigger.id if trigger else "",
    )


@perform.register
def _(action: PostItem, company: Company, due: Due) -> Iterable[Event]:
    yield ChatPosted(
        at=company.now,
        actor=action.message.author,
        cause=due.trigger or action.id,
        message_id=action.message.id,
        channel=action.channel,
        item=action.id,
    )


@perform.register
def _(action: DecideTicket, company: Company, due: Due) -> Iterable[Event]:
    ticket = company.find_ticket(action.ticket or due.trigger)
    if ticket and ticket.status in ("open", "approved") and ticket.status != action.status:
        cause = due.trigger or action.id
        yield TicketDecided(at=company.now, actor=action.by, cause=cause, ticket_id=ticket.id, status=action.status)


@perform.register
def _(action: AnswerConcern, company: Company, due: Due) -> Iterable[Event]:
    if any(concern.id == due.trigger for concern in company.oversight.concerns):
        yield ConcernAnswered(
            at=company.now, actor=action.by, cause=due.trigger, concern_id=due.trigger, item=action.id
        )


@perform.register
def _(action: ChangeSetting, company: Company, due: Due) -> Iterable[Event]:
    was, setting = company.value_of(action.setting), company.find_setting(action.setting)
    if setting and was != action.value:
        yield SettingChanged(
            at=company.now,
            actor=action.by,
            cause=due.trigger or action.id,
            setting_id=action.setting,
            was=was,
            value=action.value,
            area=setting.area,
        )


@perform.register
def _(action: ChangePresence, company: Company, due: Due) -> Iterable[Event]:
    yield PresenceChanged(
        at=company.now, actor=action.person, cause=due.trigger or action.id, person=action.person, away=action.away
    )
