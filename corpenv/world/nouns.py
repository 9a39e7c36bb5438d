"""The nouns of a world under one condition: people, secrets, documents, tickets, settings, channels and mail."""

from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.facts import Box
from corpenv.company.items import Channel, Comment, Document, Mail, Message, Person, Secret, Setting, Ticket
from corpenv.company.mailroom import POSTMASTER, delivery
from corpenv.errors import did_you_mean
from corpenv.names import drawn_id
from corpenv.world.grammar import list_name
from corpenv.world.officehours import DAY
from corpenv.world.parts import ChannelPart, MailPart, RecordPart, SecretPart, TicketPart
from corpenv.world.population import Ordinary, Population, chosen
from corpenv.world.resolve import Resolver, holds_under

READ_BY = -20 * 3600
"""Ordinary mail from before this second has been read by the post."""


def make_people(names: Resolver, population: Population) -> None:
    """People, addresses and mailing lists."""
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
    for part in names.there("lists"):
        members = (names.person(part, ("members", number), name) for number, name in enumerate(part.members))
        facts.lists[part.id] = tuple(members)
    for name, accounts in population.lists().items():
        if name not in facts.people:
            written = [part.id for part in chosen if part.sort != "outside" and list_name(part.team) == name]
            facts.lists.setdefault(name, (*written, *accounts))
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


def make_mail(names: Resolver, population: Population, ordinary: Ordinary) -> None:
    """Mail, in its folders; who has read it; and who can open what came with it."""
    facts, company = names.facts, Company(names.facts, 0)
    boxes: dict[str, list[Mail]] = {}
    read: set[tuple[str, str]] = set()
    for part in names.there("mail"):
        mail = mail_of(names, part, company)
        readers = [names.person(part, ("read_by", number), name) for number, name in enumerate(part.read_by)]
        facts.mail[mail.id] = mail
        if part.at is not None:
            file(boxes, mail)
            read.update((name, mail.id) for name in readers)
            let_read(names, mail)
    for mail in population.mails(facts.agent, facts.slugs.values()):
        facts.mail[mail.id] = mail
        file(boxes, mail)
    kept = population.part.kept * DAY or None
    for mail in ordinary_mails(company, ordinary):
        if kept and mail.at < -kept and facts.agent in mail.delivered:  # no longer in the mailbox of the post
            mail = replace(mail, delivered=tuple(name for name in mail.delivered if name != facts.agent))
        facts.mail[mail.id] = mail
        file(boxes, mail)
        if mail.at < READ_BY and facts.agent in mail.delivered:
            read.add((facts.agent, mail.id))
    facts.boxes = {key: Box(mails) for key, mails in boxes.items()}
    facts.inbox = facts.boxes.get(f"{facts.agent}/inbox", facts.inbox)
    facts.read = frozenset(read)
    facts.waiting = frozenset(facts.slugs[part.id] for part in names.there("mail") if part.at is None)


def ordinary_mails(company: Company, ordinary: Ordinary) -> Iterator[Mail]:
    """The mails of ordinary days, with those whom mailing lists reach under this condition."""
    reached: dict[tuple[str, ...], tuple[str, ...]] = {}
    for mail in ordinary.mails:
        if not mail.delivered:
            if mail.to not in reached:
                reached[mail.to] = delivery(company, mail.to).delivered
            mail = replace(mail, delivered=reached[mail.to])
        yield mail


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


def mail_of(names: Resolver, part: MailPart, company: Company) -> Mail:
    """One authored mail."""
    to = tuple(names.facts.agent if name == "agent" else name for name in part.to)
    whom = delivery(company, to)
    for name in whom.bounced:
        known = (*names.authored_people(), *names.facts.lists)
        names.fault(part, ("to", to.index(name)), f'no person "{name}"{did_you_mean(name, known)}')
    return Mail(
        names.facts.slugs[part.id],
        names.at(part.at) if part.at else 0,
        names.person(part, "from", part.sender),
        to,
        names.text(part, "subject", part.subject),
        names.text(part, "body", part.body),
        delivered=whom.delivered,
        reply_to=names.item(part, "reply_to", part.reply_to, "mail", now=True),
        forwards=names.item(part, "forwards", part.forwards, "mail", now=True),
        attachments=tuple(
            names.item(part, ("attachments", number), name, "documents", now=True)
            for number, name in enumerate(part.attachments)
        ),
    )


def let_read(names: Resolver, mail: Mail) -> None:
    """Whoever got a document by mail can open it."""
    documents = names.facts.documents
    for document_id in mail.attachments:
        if document := documents.get(document_id):
            readers = tuple(dict.fromkeys((*document.readers, *mail.delivered)))
            documents[document_id] = replace(document, readers=readers)


def file(boxes: dict[str, list[Mail]], mail: Mail) -> None:
    """Put a mail into the folders it stands in."""
    boxes.setdefault(f"{mail.sender}/sent", []).append(mail)
    for account in mail.delivered:
        boxes.setdefault(f"{account}/inbox", []).append(mail)
