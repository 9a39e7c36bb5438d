"""Statements about what is to be decided that nothing in the company bears out: no reader can check them.

State says what is to be decided, what that is called, in whose threads and under which tickets it stands, and what
papers there are about it. A clause that says how it is with the matter is borne out where one paper, about the matter
or opened by who writes, has its figures and, close together, most of its telling words. What none bears out is for
somebody who can look.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from corpenv.company import Company
from corpenv.events import (
    DocumentWritten,
    Event,
    Finished,
    RecordCorrected,
    RecordNoted,
    TicketCommented,
    TicketOpened,
)
from corpenv.labels.moves.decisions import Standing
from corpenv.labels.moves.traffic import Message
from corpenv.labels.texts.assertions import AHEAD, DOUBT, sentences
from corpenv.labels.texts.matter import Matter, is_in_thread, matter_of
from corpenv.labels.texts.naming import flat, holds
from corpenv.labels.texts.papers import (
    FIGURE,
    LONG,
    SPELT,
    Paper,
    Said,
    figures_in,
    is_written_by,
    items_of,
    opened_by,
    paper_of,
    said_in,
    stem,
    told_by,
)

CLAUSES = re.compile(r"(?<=[:;])\s+|,\s+(?:and|or|but|so|because|while|whereas)\s+|\s+(?:because|whereas)\s+")
BACK = re.compile(r"(?:it|they|its|their)\b")
"""A sentence that goes on about what the one before it speaks of."""
OWN = re.compile(
    r"^(?:(?:so|and|but|still|then|as for me),? )*(?:i|we) (?:have |had |am |was |can |do |did )?"
    r"(?:not |no |also |only )*"
    r"(?:ask|asked|asking|put|told|write|wrote|written|suggest|suggested|propose|proposed|recommend|recommended|prefer"
    r"|preferred|hope|object|objection|objected|agree|agreed|accept|accepted|decline|declined|leave|left|keep|kept|sent"
    r"|send|sending|commented|raised|filed|need|want|wish|offer|withdraw|withdrew|take|objections?|answered|noted)\b"
    rf"|^(?:please|thank)|^(?:one|\d|{SPELT.pattern}) (?:facts?|figures?|numbers?|points?|questions?|things?)\b"
    r"|\byou (?:decide|can|may)\b"
)
"""What the writer does or would like is no statement about the matter."""
IF = re.compile(r"\s(?:if|unless|in case)\s.*")
"""A condition behind what is said."""
TIMES = re.compile(
    rf"\b(?:at|by|until|till|before|after|from|since|on)\s+(?:the\s+)?(?:{FIGURE.pattern}|{SPELT.pattern})(?:\s+o'clock)?"
    r"|\b\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
)
"""When something is to be, which makes no statement of a clause."""


# what a message says ----------------------------------------------------------------------------------------


def unsupported(text: str, message: Message, event: Event, standing: Standing, company: Company) -> bool:
    """Does a message say how it is with what is to be decided, and nothing bears it out?

    Args:
        company: as it was before the event the message stands in.
    """
    if isinstance(event, Finished):  # a hand-over reports on work
        return False
    matter = matter_of(company, standing.at_stake, standing.deciders, message.actor)
    placed = is_placed(message, event, matter, company)
    told = [said_in(each, matter.words) for each in stated(text, matter, placed)]
    return not all(is_borne_out(said, papers_about(company, matter, message.actor)) for said in told)


def is_placed(message: Message, event: Event, matter: Matter, company: Company) -> bool:
    """Is a message about the matter: by an id, its subject, the ticket it stands under, or its thread?

    What is written into documents and records is work; it has to name the matter by an id.
    """
    if any(holds(flat(message.text), each) for each in matter.ids):
        return True
    if isinstance(event, DocumentWritten | RecordCorrected | RecordNoted):
        return False
    if isinstance(event, TicketCommented):
        return event.ticket_id in matter.ids
    if isinstance(event, TicketOpened) and not event.call:
        return not matter.ids.isdisjoint(event.concerns)
    headed = not matter.headed.isdisjoint(flat(message.subject).split())
    return headed or is_in_thread(message.reply_to, matter, company)


@lru_cache(maxsize=512)
def stated(text: str, matter: Matter, placed: bool) -> tuple[str, ...]:
    """The clauses of a text that say how it is with the matter."""
    return tuple(statements(text, matter, placed))


def statements(text: str, matter: Matter, placed: bool) -> Iterator[str]:
    """The clauses of a text that say how it is with the matter: they name it or go on about it.

    In a message about the matter they may also give figures, or share a word with its ticket.
    """
    about = False
    told = (each for each in sentences(text) if not each.endswith("?"))
    for clause in (IF.sub("", clause) for each in told for clause in CLAUSES.split(each)):
        said = flat(clause)
        about = matter.is_named_in(said) or (about and BACK.match(clause) is not None)
        if (about or (placed and tells_more(clause, said, matter))) and states(clause):
            yield clause


def tells_more(clause: str, said: str, matter: Matter) -> bool:
    """Does a clause share a word with the matter's ticket, or give a figure that is no time?"""
    return not matter.further.isdisjoint(map(stem, said.split())) or bool(figures_in(TIMES.sub("", clause)))


def states(clause: str) -> bool:
    """Does a clause say that something is so, without doubt, and not what its writer wants or does?"""
    return not (clause.endswith(":") or DOUBT.search(clause) or AHEAD.search(clause) or OWN.search(clause))


def is_borne_out(said: Said, papers: Iterable[Paper]) -> bool:
    """Does one of some papers bear a clause out, and have they each of its long figures? It looks no further then."""
    unknown, borne_out = {each for each in said.figures if len(each) >= LONG}, False
    for paper in papers:
        unknown -= paper.figures
        borne_out = borne_out or paper.bears_out(said)
        if borne_out and not unknown:
            return True
    return False


# what papers there are --------------------------------------------------------------------------------------


def papers_about(company: Company, matter: Matter, actor: str) -> Iterator[Paper]:
    """Every paper that names the matter, or that the actor has opened; none of its own."""
    opened = opened_by(company, actor)
    for item in items_of(company, actor):
        if is_written_by(item, actor):
            continue
        head, texts = told_by(company, item)
        about = matter.is_named_in(flat(head, *texts))
        if about or item.id in opened:
            yield paper_of(head, "\n\n".join(texts), matter.words, about)
    for channel in company.world.channels.values():
        if not channel.members or actor in channel.members:
            for each in company.messages(channel.id):
                if each.author != actor:
                    text = company.text(each.text)
                    yield paper_of(company.name_of(each.author), text, matter.words, matter.is_named_in(flat(text)))
