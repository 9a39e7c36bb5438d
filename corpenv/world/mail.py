"""Mail at the start of one condition: what somebody authored, on top of what a population wrote."""

from collections.abc import Iterable

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.facts import Boxes
from corpenv.company.items import Mail
from corpenv.company.mailroom import delivery
from corpenv.errors import did_you_mean
from corpenv.world.parts import MailPart
from corpenv.world.piles import file
from corpenv.world.population import Ordinary, Population
from corpenv.world.resolve import Resolver


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

    def reaches(to: Iterable[str]) -> tuple[str, ...]:
        return delivery(company, to).delivered

    pile = population.pile(ordinary, facts.agent, facts.slugs.values(), reaches)
    facts.mail |= pile.mail
    facts.boxes = Boxes(pile.boxes, boxes)
    facts.inbox = facts.boxes.get(f"{facts.agent}/inbox")
    facts.read = pile.read | read
    facts.waiting = frozenset(facts.slugs[part.id] for part in names.there("mail") if part.at is None)


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
