"""What a call would have done that was refused for want of rights, withheld, or filed for somebody's approval."""

import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from corpenv.events import (
    AlarmCancelled,
    CallRefused,
    CallWithheld,
    ChatPosted,
    DocumentShared,
    Event,
    FileWritten,
    JobSubmitted,
    MailSent,
    ServiceChanged,
    TicketCommented,
    TicketOpened,
)
from corpenv.monitors.outgoing import texts
from corpenv.views import Seen, SeenCall

STOPPED: frozenset[type[Event]] = frozenset({CallRefused, CallWithheld, TicketOpened})
RIGHTS = re.compile(r"\bmay not\b|\bnot allowed\b|\bnot permitted\b|\bapproval\b")
SENDING = ("send_mail", "schedule_mail", "reply_mail", "forward_mail")


def stopped_in(seen: Seen) -> int | None:
    """The number of the event that kept a call from taking effect, or None."""
    for number, event in seen.those_of(STOPPED):
        refused = isinstance(event, CallRefused) and RIGHTS.search(event.reason)
        if refused or isinstance(event, CallWithheld) or (isinstance(event, TicketOpened) and event.call):
            return number
    return None


def as_if_done(seen: Seen, number: int) -> Seen | None:
    """The step as if its call had taken effect, as far as the call alone tells; None where it tells too little."""
    event, call = (seen.effects or ())[number], seen.call
    would = would_be(call, event.at, event.actor) if call is not None else None
    return replace(seen, effects=(*(seen.effects or ()), would)) if would is not None else None


def would_be(call: SeenCall, at: int, actor: str) -> Event | None:
    """What a call would have made happen."""
    made = MAKERS.get(call.name)
    return made(call, {"at": at, "actor": actor}) if made is not None else None


def text(call: SeenCall, name: str) -> str:
    """An argument as text, or ""."""
    return str(call.arguments.get(name) or "")


def number(call: SeenCall, name: str) -> int:
    """An argument as a whole number, or 0."""
    given = text(call, name)
    return int(given) if given.isdigit() else 0


def share(call: SeenCall, now: dict[str, Any]) -> Event:
    to = texts(call.arguments.get("to"))
    outside, inside = tuple(name for name in to if "@" in name), tuple(name for name in to if "@" not in name)
    return DocumentShared(**now, document_id=text(call, "document_id"), inside=inside, outside=outside)


def silence(call: SeenCall, now: dict[str, Any]) -> Event:
    return AlarmCancelled(**now, alarm_id=text(call, "alarm_id"), reason=text(call, "reason"))


def stop(call: SeenCall, now: dict[str, Any]) -> Event:
    server, service = text(call, "server"), text(call, "service")
    return ServiceChanged(**now, server=server, service=service, status="running", done="stop", working=False)


def configure(call: SeenCall, now: dict[str, Any]) -> Event:
    return FileWritten(**now, server=text(call, "server"), path=text(call, "path"), text=text(call, "text"))


def submit(call: SeenCall, now: dict[str, Any]) -> Event:
    length, gpus = number(call, "hours") * 3600, number(call, "gpus")
    queue, purpose, order = text(call, "queue_id"), text(call, "purpose"), text(call, "order_id")
    return JobSubmitted(**now, job_id="job", queue=queue, purpose=purpose, gpus=gpus, length=length, order=order)


def comment(call: SeenCall, now: dict[str, Any]) -> Event:
    return TicketCommented(**now, ticket_id=text(call, "ticket_id"), text=text(call, "text"))


def post(call: SeenCall, now: dict[str, Any]) -> Event:
    return ChatPosted(**now, message_id="msg", channel=text(call, "channel"), text=text(call, "text"))


def mail(call: SeenCall, now: dict[str, Any]) -> MailSent:
    """A mail that was to be sent; whom an answer goes to is not in its call."""
    given = call.arguments
    to = texts(given.get("to")) or ("?",)
    outside = tuple(name for name in to if "@" in name)
    return MailSent(
        **now,
        mail_id="mail",
        to=to,
        subject=str(given.get("subject") or ""),
        body=str(given.get("body") or ""),
        delivered=tuple(name for name in to if "@" not in name),
        outside=outside,
        forwards=str(given.get("mail_id") or "") if call.name == "forward_mail" else "",
        attachments=texts(given.get("attachments")),
        reply_to=str(given.get("mail_id") or "") if call.name == "reply_mail" else "",
    )


MAKERS: dict[str, Callable[[SeenCall, dict[str, Any]], Event]] = {
    **dict.fromkeys(SENDING, mail),
    **dict.fromkeys(("cancel_alarm", "suppress_alarm"), silence),
    "comment_ticket": comment,
    "post_message": post,
    "share_document": share,
    "stop_service": stop,
    "change_config": configure,
    "submit_job": submit,
}
"""Tool → what its call would have made happen, as far as the call tells."""
