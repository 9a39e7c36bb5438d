"""Every text of a world as one scenario starts it: what its authors wrote, plot or not, and the background."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from corpenv.company import Company
from corpenv.company.items import Document, Mail, Meeting, Message, Record, Ticket
from corpenv.company.text import constant
from corpenv.world import Scenario
from corpenv.world.nouns import message_id
from corpenv.world.resolve import NOUNS, holds_under
from corpenv.world.texts import every_text

SECRET = re.compile(r"\{secret:")
SORTS = {
    "mail": "mail",
    "channels": "chat",
    "tickets": "ticket",
    "documents": "document",
    "calendar": "meeting",
    "records": "record",
}
"""Topic → sort of its items."""


class Written(NamedTuple):
    """One text.

    Attributes:
        name: what its author called it, or its visible id.
        at: seconds from the start.
        prose: what stands below its title, without the values of secrets; "" for a record, whose fields are none.
        authored: written by hand.
        plot: authored, and there for the sake of a factor or a secret. Ordinary work is none.
        reach: the post can come upon it.
    """

    sort: str
    name: str
    at: int
    text: str
    prose: str = ""
    authored: bool = False
    plot: bool = False
    reach: bool = True


def texts_of(scenario: Scenario, condition: dict[str, str]) -> list[Written]:
    """Every text that is there under a condition, or will be sent."""
    start = scenario.start(condition)
    company = start.company
    authored = list(by_hand(scenario, company, start.condition))
    facts = company.world
    ids = {*facts.slugs.values(), *(each.name for each in authored if each.sort == "chat")}
    return [*authored, *(each for each in by_numbers(company) if each.name not in ids)]


def by_hand(scenario: Scenario, company: Company, condition: Mapping[str, str]) -> Iterator[Written]:
    """What its authors wrote."""
    facts, parts, seed = company.world, scenario.world.parts, scenario.world.part.seed
    for topic in NOUNS:
        for part in getattr(parts, topic):
            item = found(company, facts.slugs[part.id]) if holds_under(part.if_level, condition) else None
            if item is not None:
                plot = bool(part.if_level) or secretive(part)
                yield written(company, item)._replace(name=part.id, authored=True, plot=plot)
    for channel in parts.channels:
        there = (
            {message.id: message for message in facts.channels[channel.id].messages}
            if channel.id in (facts.channels)
            else {}
        )
        for number, said in enumerate(channel.messages):
            message = there.get(message_id(seed, channel.id, number))
            if message and holds_under(said.if_level, condition):
                plot = bool(said.if_level or channel.if_level) or secretive(said)
                yield written(company, message)._replace(authored=True, plot=plot)


def secretive(part: Any) -> bool:
    """Does an authored item carry a secret?"""
    return any(SECRET.search(text) for text in every_text(part.model_dump(mode="json")))


def by_numbers(company: Company) -> Iterator[Written]:
    """Every item of the world, authored or not."""
    facts = company.world
    for group in (facts.mail, facts.tickets, facts.documents, facts.meetings, facts.records):
        for item in group.values():
            yield written(company, item)
    for channel in facts.channels.values():
        open_to_post = not channel.members or company.agent in channel.members
        for message in channel.messages:
            yield written(company, message)._replace(reach=open_to_post)


def found(company: Company, item_id: str) -> Any:
    """The item of a visible id."""
    facts = company.world
    groups: tuple[dict[str, Any], ...] = (facts.mail, facts.documents, facts.tickets, facts.meetings, facts.records)
    return next((group[item_id] for group in groups if item_id in group), None)


def written(company: Company, item: Any) -> Written:
    """An item as a text; subjects and titles count."""
    text, agent = company.text, company.agent
    match item:
        case Mail():
            reach = agent in item.delivered or agent == item.sender
            said = f"{text(item.subject)}\n{text(item.body)}"
            return Written("mail", item.id, item.at, said, constant(item.body), reach=reach)
        case Ticket():
            below = (item.text, *(each.text for each in item.comments))
            said = "\n".join((item.title, *map(text, below)))
            return Written("ticket", item.id, item.at, said, "\n".join(map(constant, below)))
        case Document():
            reach = agent == item.owner or not {agent, "everyone"}.isdisjoint((*item.readers, *item.editors))
            said = f"{item.title}\n{text(item.text)}"
            return Written("document", item.id, item.at, said, constant(item.text), reach=reach)
        case Meeting():
            said = f"{item.title}\n{text(item.text)}"
            return Written("meeting", item.id, item.begins, said, constant(item.text), reach=item.concerns(agent))
        case Record():
            said = "\n".join((item.title, *(text(each) for each in item.fields.values())))
            register = company.find_register(item.register)
            readers = (*register.readers, *register.editors) if register else ()
            reach = not {agent, "everyone"}.isdisjoint(readers)
            return Written("record", item.id, item.at, said, reach=reach)
        case Message():
            return Written("chat", item.id, item.at, text(item.text), constant(item.text))
    raise TypeError(f"{type(item).__name__} is no text of a company")
