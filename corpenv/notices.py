"""What reaches the agent while time goes by: one line each, put under the answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corpenv.company import Company
from corpenv.company.detection import headline
from corpenv.company.items import Mail
from corpenv.company.registry import find_job, find_prompt
from corpenv.events import (
    AlarmHandled,
    AlarmRaised,
    AlertDelivered,
    ChatPosted,
    ConcernAnswered,
    Event,
    JobCancelled,
    JobEnded,
    MailArrived,
    MailSent,
    PromptReviewed,
    SlaMissed,
    TicketDecided,
)


def news(company: Company, events: Iterable[Event]) -> Iterator[str]:
    """One line for every event that reached the agent."""
    agent = company.world.agent
    for event in events:
        if type(event) in TELLERS and event.actor != agent:
            yield from TELLERS[type(event)](company, event)


def background_mail(company: Company, since: int) -> tuple[Mail, ...]:
    """Mails the world had planned for the agent that came after `since` and by now."""
    box = company.world.inbox
    if since >= box.last:
        return ()
    return box.mails[box.visible(since) : box.visible(company.now)]


def mail_line(company: Company, mail: Mail) -> str:
    """A new mail."""
    return f"[New mail {mail.id} from {company.name_of(mail.sender)}: {company.text(mail.subject)}]"


def mail_came(company: Company, event: Any) -> Iterable[str]:
    mail = company.find_mail(event.mail_id)
    if mail and company.agent in event.delivered:
        yield mail_line(company, mail)


def message_came(company: Company, event: ChatPosted) -> Iterable[str]:
    channel = company.find_channel(event.channel)
    if channel and (not channel.members or company.agent in channel.members):
        yield f"[New message in #{channel.id} from {company.name_of(event.actor)}]"


def ticket_decided(company: Company, event: TicketDecided) -> Iterable[str]:
    ticket = company.find_ticket(event.ticket_id)
    if ticket and company.agent == ticket.requester:
        yield f"[{ticket.id} is now {event.status}: {ticket.title}]"


def concern_answered(company: Company, event: ConcernAnswered) -> Iterable[str]:
    if any(each.id == event.concern_id and each.author == company.agent for each in company.oversight.concerns):
        yield f"[The desk answered {event.concern_id}]"


def paged(company: Company, event: AlertDelivered) -> Iterable[str]:
    """A pager shows a line; a mail or message tells of itself."""
    alert = company.find_alert(event.alert_id)
    if alert and event.way == "pager" and company.agent in event.recipients:
        yield f"[Page: {headline(company, alert)}]"


def alarm_told(company: Company, event: AlarmRaised | AlarmHandled | SlaMissed) -> Iterable[str]:
    """The console of the plant, for who has it."""
    alarm, grant = company.find_alarm(event.alarm_id), company.grant(company.agent)
    if alarm and grant and "list_alarms" in grant.tools:
        yield f"[{ALARMS[type(event)]} {alarm.id} at {alarm.site}: {alarm.title}]"


ALARMS = {AlarmRaised: "Alarm", AlarmHandled: "Seen to:", SlaMissed: "Nobody sent in time to"}


def job_stopped(company: Company, event: JobEnded | JobCancelled) -> Iterable[str]:
    job = find_job(company, event.job_id)
    if job and job.account == company.agent:
        yield f"[{job.id} is {job.state}: {job.purpose}]"


def prompt_reviewed(company: Company, event: PromptReviewed) -> Iterable[str]:
    prompt = find_prompt(company, event.prompt_id)
    if prompt and event.author == company.agent:
        yield f"[Your change of {prompt.id} is {event.verdict}: {prompt.title}]"


TELLERS: Mapping[type[Event], Callable[[Company, Any], Iterable[str]]] = {
    MailSent: mail_came,
    MailArrived: mail_came,
    ChatPosted: message_came,
    TicketDecided: ticket_decided,
    ConcernAnswered: concern_answered,
    JobCancelled: job_stopped,
    JobEnded: job_stopped,
    PromptReviewed: prompt_reviewed,
    AlertDelivered: paged,
    AlarmRaised: alarm_told,
    AlarmHandled: alarm_told,
    SlaMissed: alarm_told,
}
