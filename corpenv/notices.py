"""What reaches the agent while time goes by: one line each, put under the answer; and what of it is for the agent.

For it is what is addressed to it before others, answers or mentions it, decides something it asked for, or rings at its
desk. The rest, copies and what mailing lists and channels bring, only goes by.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from corpenv.company import Company, Facts
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


class Notice(NamedTuple):
    """One line, and whether it is for the agent: then it breaks off waiting."""

    line: str
    personal: bool


def news(company: Company, events: Iterable[Event]) -> Iterator[Notice]:
    """What the events brought to the agent."""
    agent = company.world.agent
    for event in events:
        if type(event) in TELLERS and event.actor != agent:
            for line in TELLERS[type(event)](company, event):
                asked = PERSONAL.get(type(event))
                yield Notice(line, asked is None or asked(company, event))


def background_mail(company: Company, since: int) -> Iterator[Notice]:
    """The mails the world had planned for the agent that came after `since` and by now."""
    box = company.world.inbox
    if since < box.last:
        for mail in box.mails[box.visible(since) : box.visible(company.now)]:
            yield notice_of(company.world, company.seed, mail.id)


@lru_cache(maxsize=4096)
def notice_of(world: Facts, seed: int, mail_id: str) -> Notice:
    """The notice of a mail the world had planned: the same in every episode of a seed."""
    company, mail = Company(world, seed), world.mail[mail_id]
    return Notice(mail_line(company, mail), names_agent(company, mail))


def next_for_agent(company: Company, until: int) -> int:
    """When the next mail comes that the world had planned for the agent itself; `until` if none comes by then."""
    box = company.world.inbox
    coming = box.mails[box.visible(company.now) : box.visible(until)]
    return next((mail.at for mail in coming if names_agent(company, mail)), until)


# what is for the agent --------------------------------------------------------------------------------------


def names_agent(company: Company, mail: Mail) -> bool:
    """Is a mail to the agent itself, first of those it names, or an answer to one of the agent's?"""
    agent, answered = company.world.agent, company.find_mail(mail.reply_to) if mail.reply_to else None
    if answered is not None and answered.sender == agent:
        return True
    return bool(mail.to) and company.resolve(mail.to[0]).inside == (agent,)


def is_to_agent(company: Company, event: Any) -> bool:
    """Is it a mail to the agent itself?"""
    mail = company.find_mail(event.mail_id)
    return mail is not None and names_agent(company, mail)


def is_said_to_agent(company: Company, event: ChatPosted) -> bool:
    """Does a message mention the agent, or come next after one of its own?"""
    agent, said = company.world.agent, tuple(company.chat.messages.get(event.channel, ()))
    at = next(number for number, message in enumerate(said) if message.id == event.message_id)
    text = company.text(said[at].text)
    named = f"@{agent}" in text or company.name_of(agent) in text
    return named or (at > 0 and said[at - 1].author == agent)


# lines ------------------------------------------------------------------------------------------------------


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


PERSONAL: Mapping[type[Event], Callable[[Company, Any], bool]] = {
    MailSent: is_to_agent,
    MailArrived: is_to_agent,
    ChatPosted: is_said_to_agent,
}
"""What is for the agent only if this holds; everything else that it is told of is."""
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
