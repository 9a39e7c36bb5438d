"""The nouns of a world under one condition: people, secrets, documents, tickets, settings and channels."""

from functools import lru_cache

from msgspec.structs import replace

from corpenv.company.items import Channel, Comment, Document, Message, Person, Secret, Setting, Ticket
from corpenv.company.mailroom import POSTMASTER
from corpenv.errors import did_you_mean
from corpenv.names import drawn_id
from corpenv.world.grammar import list_name
from corpenv.world.parts import ChannelPart, RecordPart, SecretPart, TicketPart
from corpenv.world.population import Ordinary, Population, chosen
from corpenv.world.resolve import Resolver, holds_under


def make_people(names: Resolver, population: Population) -> None:
    """People and addresses; mailing lists."""
    facts = names.facts
    facts.people[POSTMASTER] = Person(POSTMASTER, "Postmaster", f"{POSTMASTER}@{facts.domain}", sort="machine")
    chosen = names.there("people")
    for part in chosen:
        address = part.address or f"{part.id}@{facts.domain}"
        facts.people[part.id] = Person(
            part.id, part.name, address, part.role, part.team, part.manager, part.sort, part.away, part.about,
            duties=part.duties,
        )  # fmt: skip
    facts.people.update({person.id: person for person in population.people if person.id not in facts.people})
    facts.absent = frozenset(person.id for person in facts.people.values() if person.away)
    facts.addresses.update({person.address: person.id for person in facts.people.values()})
    for part in chosen:
        names.insider(part, "manager", part.manager)
        if part.calendar_by:
            keepers = tuple(names.insider(part, ("calendar_by", n), name) for n, name in enumerate(part.calendar_by))
            facts.people[part.id] = replace(facts.people[part.id], calendar_by=keepers)
        if part.delegates:
            writers = tuple(names.insider(part, ("delegates", n), name) for n, name in enumerate(part.delegates))
            facts.people[part.id] = replace(facts.people[part.id], delegates=writers)
    make_lists(names, population)


def make_lists(names: Resolver, population: Population) -> None:
    """Mailing lists: those that were written, one of each team that was made in numbers, and one of everybody."""
    facts = names.facts
    for part in names.there("lists"):
        members = (names.person(part, ("members", number), name) for number, name in enumerate(part.members))
        facts.lists[part.id] = tuple(members)
    written: dict[str, list[str]] = {}
    for part in names.there("people"):
        if part.sort != "outside":
            written.setdefault(list_name(part.team), []).append(part.id)
    for name, accounts in population.lists.items():
        if name not in facts.people:
            facts.lists.setdefault(name, (*written.get(name, ()), *accounts))
    inside = (person.id for person in facts.people.values() if person.inside and person.sort != "machine")
    facts.lists.setdefault("all-staff", tuple(inside))


def make_secrets(names: Resolver) -> None:
    """What not everybody may know."""
    for part in names.secrets.values():
        names.facts.secrets[part.id] = Secret(
            part.id,
            part.sort,
            part.title,
            hurts=names.people(part, "hurts", part.hurts),
            cleared=names.people(part, "cleared", part.cleared),
            facts=part.facts,
            tells=part.tells,
            release=names.item(part, "release", part.release, "tickets"),
            open_if=part.open_if,
            report_to=reported_to(names, part),
            report_if=part.report_if,
            policy=names.item(part, "policy", part.policy, "documents"),
        )


def reported_to(names: Resolver, part: SecretPart) -> tuple[str, ...]:
    """Accounts and lists whose business a secret is."""
    for number, name in enumerate(part.report_to):
        names.recipient(part, ("report_to", number), name)
    return tuple(names.facts.agent if name == "agent" else name for name in part.report_to)


def make_documents(names: Resolver) -> None:
    """Texts with an owner."""
    for part in names.there("documents"):
        document_id = names.facts.slugs[part.id]
        names.facts.documents[document_id] = Document(
            document_id,
            names.plain(part, "title", part.title),
            names.text(part, "text", part.text),
            names.person(part, "owner", part.owner),
            readers=names.people(part, "readers", part.readers),
            editors=names.people(part, "editors", part.editors),
            label=part.label,
            release=names.item(part, "release", part.release, "tickets"),
            at=names.at(part.at),
        )


def make_tickets(names: Resolver) -> None:
    """Requests that somebody decides."""
    for part in names.there("tickets"):
        ticket_id = names.facts.slugs[part.id]
        names.facts.tickets[ticket_id] = Ticket(
            ticket_id,
            part.sort,
            names.plain(part, "title", part.title),
            names.text(part, "text", part.text),
            names.person(part, "requester", part.requester),
            approver=names.person(part, "approver", part.approver),
            concerns=tuple(names.thing(part, ("concerns", n), name) for n, name in enumerate(part.concerns)),
            status=part.status,
            comments=comments_of(names, part),
            at=names.at(part.at),
        )


def comments_of(names: Resolver, part: TicketPart | RecordPart, key: str = "comments") -> tuple[Comment, ...]:
    """The remarks under a ticket or a record."""
    return tuple(
        Comment(
            names.at(each.at),
            names.person(part, (key, number, "from"), each.author),
            names.text(part, (key, number, "text"), each.text),
        )
        for number, each in enumerate(getattr(part, key))
    )


def make_settings(names: Resolver) -> None:
    """Switches of the company's systems."""
    for part in names.there("settings"):
        if part.value not in part.options:
            names.fault(part, "value", f"{part.value!r} is none of its options{did_you_mean(part.value, part.options)}")
        names.facts.settings[part.id] = Setting(
            part.id,
            part.title,
            part.value,
            part.options,
            part.area,
            owner=names.person(part, "owner", part.owner),
            editors=names.people(part, "editors", part.editors),
        )


def make_channels(names: Resolver) -> None:
    """Chat."""
    for part in names.there("channels"):
        members = names.people(part, "members", part.members)
        names.facts.channels[part.id] = Channel(part.id, part.topic, members, messages_of(names, part))


def messages_of(names: Resolver, part: ChannelPart) -> tuple[Message, ...]:
    """The messages of a channel that are there under the condition, oldest first."""
    messages = [
        Message(
            message_id(names.world.seed, part.id, number),
            names.at(each.at),
            names.person(part, ("messages", number, "from"), each.author),
            names.text(part, ("messages", number, "text"), each.text),
        )
        for number, each in enumerate(part.messages)
        if holds_under(each.if_level, names.condition)
    ]
    return tuple(sorted(messages, key=lambda message: (message.at, message.id)))


@lru_cache(maxsize=4096)
def message_id(seed: int, channel: str, number: int) -> str:
    """The visible id of an authored message, by where it stands in its channel's file."""
    return drawn_id("msg", seed, channel, str(number))


def make_ordinary(names: Resolver, population: Population) -> Ordinary:
    """What ordinary days add, put among what was authored: newest first where people look at lists."""
    facts, asked = names.facts, chosen(names.parts.population, names.condition)
    channels = names.parts.channels
    said = (message_id(names.world.seed, each.id, n) for each in channels for n in range(len(each.messages)))
    ordinary = population.ordinary(asked.a_day, facts.agent, (*facts.slugs.values(), *said))
    if ordinary.tickets:
        tickets = (*facts.tickets.values(), *ordinary.tickets)
        facts.tickets = {each.id: each for each in sorted(tickets, key=lambda each: (-each.at, each.id))}
    if ordinary.documents:
        documents = (*facts.documents.values(), *ordinary.documents)
        facts.documents = {each.id: each for each in sorted(documents, key=lambda each: (-each.at, each.id))}
    facts.meetings.update({each.id: each for each in ordinary.meetings})
    facts.records.update({each.id: each for each in ordinary.records})
    for name, messages in ordinary.messages.items():
        channel = facts.channels.get(name) or Channel(name, population.grammar.part.channels.get(name, ""))
        both = sorted((*channel.messages, *messages), key=lambda message: (message.at, message.id))
        facts.channels[name] = replace(channel, messages=tuple(both))
    return ordinary
