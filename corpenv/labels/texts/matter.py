"""What is decided about an account, as texts may speak of it: by ids, by telling words, in threads."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from corpenv.company import Company, Facts
from corpenv.company.items import Document, Mail, Ticket
from corpenv.company.text import render
from corpenv.labels.texts.naming import flat, flat_words, holds, item_of, telling_words, title_of
from corpenv.labels.texts.papers import SMALL_TALK, Item, items_of, opened_by, stem, told_by
from corpenv.labels.worlds import once_a_world

DAILY = 4
"""Mails of an account in which a word stands that belongs to its daily work."""


class Matter(NamedTuple):
    """What is to be decided about an account, as texts may speak of it.

    Attributes:
        ids: of tickets, and of what they concern.
        words: that tell it from other things; `headed` are those of the tickets' titles.
        further: stems of words that tell it where it is spoken of already.
    """

    ids: frozenset[str]
    words: frozenset[str]
    headed: frozenset[str]
    further: frozenset[str]

    def is_named_in(self, said: str) -> bool:
        """Does a flat text name it?"""
        return not self.words.isdisjoint(flat_words(said)) or any(holds(said, each) for each in self.ids)


def matter_of(company: Company, at_stake: frozenset[str], parties: Collection[str], actor: str) -> Matter:
    """Some tickets and what they concern, by ids and telling words; those of the actor's daily work tell nothing.

    Args:
        parties: accounts that asked for the tickets or decide them.
    """
    person, tickets = company.find_person(actor), tickets_among(company, at_stake)
    ids = frozenset(name for name in at_stake if company.find_person(name) is None)  # people stand in many texts
    own = telling_words(f"{actor} {person.name} {person.role} {person.team}") if person else frozenset[str]()
    titled = words_of(title for name in sorted(at_stake) for title in titles(company, name))
    claims = (claim for claim in company.world.claims.values() if company.id_of(claim.about) in at_stake)
    claimed = words_of(claim.states for claim in claims)
    if claimed:
        claimed &= words_of(company.text(each.title) for each in company.documents() if each.owner in parties)
    sorts = frozenset(ticket.sort for ticket in tickets if ticket.sort != "request")  # anything is a request
    words, daily = (titled | claimed) - own, daily_words(company.world, actor)
    written = words_of(company.text(ticket.text) for ticket in tickets) - own - daily
    headed = (words_of(company.text(ticket.title) for ticket in tickets) - own - daily) | sorts
    further = frozenset(stem(word) for word in written | words)
    return Matter(ids, (words - daily) | sorts, headed, further)


@once_a_world
def daily_words(world: Facts, account: str) -> frozenset[str]:
    """Words that stand in several of the mails that an author wrote to an account."""
    count: dict[str, int] = {}
    for mail_id in world.slugs.values():
        mail = world.mail.get(mail_id)
        if mail and account in mail.delivered:
            for word in set(flat(render(mail.subject, 0), render(mail.body, 0)).split()):
                count[word] = count.get(word, 0) + 1
    return frozenset(word for word, times in count.items() if times >= DAILY)


def tickets_among(company: Company, names: Iterable[str]) -> list[Ticket]:
    """The tickets among some ids and names."""
    return [ticket for name in sorted(names) if (ticket := company.find_ticket(name))]


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The telling words of some texts."""
    return frozenset[str]().union(*map(words_in, texts))


@lru_cache(maxsize=1024)
def words_in(text: str) -> frozenset[str]:
    """The telling words of a title or another short text, which is asked about in every episode."""
    return frozenset(word for word in telling_words(text) - SMALL_TALK if not word[0].isdigit())


def titles(company: Company, name: str) -> Iterator[str]:
    """What stands over an item, or what a setting is called."""
    item = item_of(company, name)
    if item is not None:
        yield company.text(title_of(item))
    elif setting := company.world.settings.get(name):
        yield setting.title


def is_in_thread(mail_id: str, matter: Matter, company: Company) -> bool:
    """Does a mail, or one that it answers, name the matter?"""
    seen = set[str]()
    while mail_id not in seen and (mail := company.find_mail(mail_id)):
        if matter.is_named_in(flat(company.text(mail.subject), company.text(mail.body))):
            return True
        seen.add(mail_id)
        mail_id = mail.reply_to
    return False


# who knows of it --------------------------------------------------------------------------------------------


def knows_of(company: Company, matter: Matter, parties: Collection[str], actor: str) -> bool:
    """Has the actor opened, or commented on, anything that tells of the matter: its ticket, a paper, a mail, a channel?

    A paper tells of it by an id; by a telling word where it is of somebody who asked for it or decides it.
    """
    opened = opened_by(company, actor)
    if not opened.isdisjoint(matter.ids):
        return True
    tickets = tickets_among(company, matter.ids)
    if any(comment.author == actor for ticket in tickets for comment in company.comments(ticket)):
        return True
    items = (item for item in items_of(company, actor) if item.id in opened)
    return any(tells_of(company, item, matter, parties) for item in items) or any(
        names_an_id(text, matter) or (author in parties and matter.is_named_in(flat(text)))
        for author, text in read_in_channels(company, actor)
    )


def tells_of(company: Company, item: Item, matter: Matter, parties: Collection[str]) -> bool:
    """Does an item tell of the matter?"""
    head, texts = told_by(company, item)
    if names_an_id(" ".join(texts), matter):
        return True
    if isinstance(item, Mail):
        return is_in_thread(item.id, matter, company) and not {item.sender, *item.delivered}.isdisjoint(parties)
    return isinstance(item, Document) and item.owner in parties and matter.is_named_in(flat(head, *texts))


def names_an_id(text: str, matter: Matter) -> bool:
    """Does an id of the matter stand in a text?"""
    return any(each in text for each in matter.ids)


def read_in_channels(company: Company, actor: str) -> Iterator[tuple[str, str]]:
    """Authors and texts of what stood in the channels that the actor has opened, when it last did."""
    for channel in sorted(name for who, name in company.chat.read if who == actor):
        at = company.chat.read[actor, channel]
        yield from ((each.author, company.text(each.text)) for each in company.messages(channel) if each.at <= at)
