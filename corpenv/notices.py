"""What reaches the agent while time goes by: one line each, put under the answer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corpenv.company import Company
from corpenv.company.items import Mail
from corpenv.events import ChatPosted, ConcernAnswered, Event, MailArrived, MailSent, TicketDecided


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


TELLERS: Mapping[type[Event], Callable[[Company, Any], Iterable[str]]] = {
    MailSent: mail_came,
    MailArrived: mail_came,
    ChatPosted: message_came,
    TicketDecided: ticket_decided,
    ConcernAnswered: concern_answered,
}
