"""What the world does by itself: at once because of an event, or later because it was planned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any

from corpenv.company import Company, Facts, detection, plant, servicing
from corpenv.company.machines import find_service
from corpenv.company.mailbox import was_there
from corpenv.company.mailroom import automatic, delivery, thread_root
from corpenv.company.plans import (
    Action,
    AnswerConcern,
    CancelJob,
    ChangeAlarm,
    ChangeAlert,
    ChangeGrant,
    ChangePresence,
    ChangeSetting,
    DecidePrompt,
    DecideTicket,
    PostItem,
    Reaction,
    Reactions,
    SendItem,
    WriteLine,
)
from corpenv.company.registry import LIVE, find_job, find_prompt
from corpenv.company.registryplans import DUE, FOLLOWING
from corpenv.company.timetable import WORLD as WORLD
from corpenv.company.timetable import planned
from corpenv.errors import Refusal
from corpenv.events import (
    AlarmCancelled,
    AlarmHandled,
    AlertAcknowledged,
    AlertClosed,
    AlertEscalated,
    ChatPosted,
    ConcernAnswered,
    Due,
    Event,
    GrantChanged,
    JobCancelled,
    MailArrived,
    MailDrafted,
    MailSent,
    MarkReached,
    PresenceChanged,
    PromptReviewed,
    SettingChanged,
    TicketCommented,
    TicketDecided,
)
from corpenv.names import snake
from corpenv.shell import later
from corpenv.tools import carry_out
from corpenv.tools.letters import letter_in, sending_of

# what the world does at once --------------------------------------------------------------------------------


def follow_ups(company: Company, event: Event) -> Sequence[Event]:
    """What an event that was just applied leads to at once: first what is planned, each under a number of its own."""
    kind, world = type(event), company.world
    if kind in world.idle:
        return ()
    tag = TAGS[kind]
    if not world.marks and kind not in SETTING_OFF and not is_heeded(world, tag):
        world.idle.add(kind)
        return ()
    return following(company, event, tag)


def following(company: Company, event: Event, tag: str) -> list[Event]:
    """What an event of which something can come leads to at once."""
    kind, world, found = type(event), company.world, list[Event]()
    if kind in PLANS:
        found += PLANS[kind](company, event)
    if tag in world.reactions and (heeded := heeding(company, event, world.heeding[tag])):
        found += reacted(company, event, heeded, len(found))
    if world.marks:
        found += marked(company, tag)
    if kind is MailSent or kind is MailArrived:
        found += automatic(company, event)  # type: ignore[arg-type]
    if tag in world.watching:
        found += detection.detected(company, event, world.watching[tag])
    if tag in world.hanging:
        found += plant.made_up_for(company, world.hanging[tag])
    return found


def is_heeded(world: Facts, tag: str) -> bool:
    """Does a colleague, a detection rule, or an alarm that may ring again wait for events of this kind?"""
    return tag in world.reactions or tag in world.watching or tag in world.hanging


def marked(company: Company, tag: str) -> Iterable[Event]:
    """What holds now for the first time, after an event of this kind."""
    marks = company.world.marks
    for mark, predicate in (*marks.get(tag, ()), *marks.get("time", ())):
        if mark not in company.oversight.marks and predicate.holds(company):
            yield MarkReached(at=company.now, actor=WORLD, mark=mark)


class Tags(dict[type[Event], str]):
    """The tag of every kind of event, outsiders' too."""

    def __missing__(self, kind: type[Event]) -> str:
        self[kind] = snake(kind.__name__)
        return self[kind]


TAGS = Tags()


def sending(company: Company, event: MailDrafted) -> Iterable[Event]:
    """A scheduled mail will be sent."""
    if event.send_at >= 0:
        yield planned(company, event.send_at, "send", event.mail_id)


def approved(company: Company, event: TicketDecided) -> Iterable[Event]:
    """A call that waited for this ticket is carried out now."""
    ticket = company.find_ticket(event.ticket_id)
    if ticket and ticket.call and not ticket.held_by and event.status == "approved":
        yield planned(company, company.now, "call", ticket.id)


PLANS: Mapping[type[Event], Callable[[Company, Any], Iterable[Event]]] = {
    MailDrafted: sending,
    TicketDecided: approved,
    **FOLLOWING,
    **detection.FOLLOWING,
    **plant.FOLLOWING,
    **servicing.FOLLOWING,
    **later.FOLLOWING,
}
SETTING_OFF = frozenset({*PLANS, MailSent, MailArrived})
"""Kinds of events from which something can follow in any world."""
WHEN_DUE: Mapping[str, Callable[[Company, Due], Iterable[Event]]] = {
    **DUE,
    **detection.DUE,
    **plant.DUE,
    **servicing.DUE,
    **later.DUE,
}
"""Sort of plan → what then happens."""


def heeding(company: Company, event: Event, reactions: Reactions) -> Sequence[Reaction]:
    """The reactions that an event may set off."""
    return reactions.about(root_of(company, event) if reactions.in_thread else "", event)


def root_of(company: Company, event: Event) -> str:
    """The first mail of the thread that an event is in, or ""."""
    return thread_root(company, getattr(event, "mail_id", ""))


def reacted(company: Company, event: Event, reactions: Sequence[Reaction], nth: int) -> Iterable[Event]:
    """What colleagues will do because of an event that led to `nth` plans already."""
    root, fired = root_of(company, event), company.plan.fired
    for reaction in reactions:
        if reaction.once and (reaction.id in fired or is_waiting(company, reaction)):
            continue
        if reaction.on.matches(event, root) and (reaction.when is None or reaction.when.holds(company)):
            at, trigger = company.now + reaction.after, trigger_of(event)
            sort, refs = ("act", reaction.actions) if reaction.still is None else ("react", (reaction.id,))
            for ref in refs:
                yield planned(company, at, sort, ref, trigger, reaction.id, nth)
                nth += 1


def is_waiting(company: Company, reaction: Reaction) -> bool:
    """Was it set off, and has not come to the point at which it is looked at again?"""
    return reaction.still is not None and any(
        due.sort == "react" and due.ref == reaction.id for due in company.plan.due
    )


def looked_at_again(company: Company, due: Due) -> Iterable[Event]:
    """What was set off a while ago happens now, if there still is reason."""
    reaction = next(each for group in company.world.reactions.values() for each in group if each.id == due.ref)
    if reaction.still is not None and reaction.still.holds(company):
        for nth, action in enumerate(reaction.actions):
            yield planned(company, company.now, "act", action, due.trigger, reaction.id, nth)


TRIGGERS = (
    "mail_id", "ticket_id", "concern_id", "document_id", "meeting_id", "record_id", "alert_id", "alarm_id", "model_id",
    "deployment_id", "job_id", "order_id", "prompt_id", "channel",
)  # fmt: skip


def trigger_of(event: Event) -> str:
    """Id of the item an event is about."""
    for name in TRIGGERS:
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
    if due.sort == "react":
        return looked_at_again(company, due)
    if due.sort in WHEN_DUE:
        return WHEN_DUE[due.sort](company, due)
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


@perform.register
def _(action: ChangeAlert, company: Company, due: Due) -> Iterable[Event]:
    alert = company.find_alert(due.trigger)
    if alert is None or alert.status in (action.status, "closed"):
        return
    cause, route = alert.id, company.find_route(alert.route)
    if action.status == "acknowledged":
        yield AlertAcknowledged(at=company.now, actor=action.by, cause=cause, alert_id=alert.id)
    elif action.status == "closed":
        yield AlertClosed(at=company.now, actor=action.by, cause=cause, alert_id=alert.id)
    elif route and route.escalate_to:
        further = route.escalate_to
        yield AlertEscalated(at=company.now, actor=action.by, cause=cause, alert_id=alert.id, route_id=further)


@perform.register
def _(action: ChangeAlarm, company: Company, due: Due) -> Iterable[Event]:
    alarm, cause = company.find_alarm(action.alarm or due.trigger), due.trigger or action.id
    if alarm is None or alarm.status not in plant.FROM[action.status]:
        return
    if action.status == "dispatched":
        yield plant.sent(company, action.by, alarm, cause)
    elif action.status == "cancelled":
        why = "cancelled from the control room"
        yield AlarmCancelled(at=company.now, actor=action.by, cause=cause, alarm_id=alarm.id, reason=why)
    else:
        yield AlarmHandled(at=company.now, actor=action.by, cause=cause, alarm_id=alarm.id)


@perform.register
def _(action: WriteLine, company: Company, due: Due) -> Iterable[Event]:
    server, service = company.world.servers[action.server], find_service(company, action.server, action.service)
    if service and service.works:
        yield from servicing.line_of(company, server, service, company.text(action.text), WORLD)


@perform.register
def _(action: ChangeGrant, company: Company, due: Due) -> Iterable[Event]:
    grant = company.grant(action.person)
    if grant and grant.tier != action.tier:
        cause = due.trigger or action.id
        yield GrantChanged(
            at=company.now, actor=action.by, cause=cause, person=action.person, was=grant.tier, tier=action.tier
        )


@perform.register
def _(action: CancelJob, company: Company, due: Due) -> Iterable[Event]:
    job = find_job(company, action.job or due.trigger)
    if job and job.state in LIVE:
        cause = due.trigger or action.id
        yield JobCancelled(at=company.now, actor=action.by, cause=cause, job_id=job.id, queue=job.queue)


@perform.register
def _(action: DecidePrompt, company: Company, due: Due) -> Iterable[Event]:
    prompt = find_prompt(company, action.prompt or due.trigger)
    if prompt and prompt.pending and prompt.pending.status != action.status:
        yield PromptReviewed(
            at=company.now,
            actor=action.by,
            cause=due.trigger or action.id,
            prompt_id=prompt.id,
            verdict=action.status,
            author=prompt.pending.author,
        )
