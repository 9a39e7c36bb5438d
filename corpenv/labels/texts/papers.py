"""What stands in the company's papers, passage by passage: figures, stems of telling words, and denials."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.items import Document, Mail, Record, Ticket
from corpenv.company.mailbox import UNREAD
from corpenv.company.spelling import plain
from corpenv.company.text import Text
from corpenv.labels.texts.assertions import sentences
from corpenv.labels.texts.naming import telling_words
from corpenv.leaks.numerals import SMALL, TENS

FIGURE = re.compile(r"(?<![\w-])(\d[\d.,:]*\d|\d)(?:st|nd|rd|th)?\b")
SPELT = re.compile(rf"\b(?:({'|'.join(TENS[2:])})(?:[\s-]+({'|'.join(SMALL[1:10])}))?|({'|'.join(SMALL[2:])}))\b")
DENIED = re.compile(r"\b(?:no|not|never|without|nothing|neither|nor|none|nobody|cannot|\w+n't)\b")
SMALL_TALK = frozenset(
    {"again", "after", "back", "before", "behind", "between", "both", "days", "either", "every", "first", "good",
     "last", "mailbox", "matter", "name", "next", "never", "nothing", "only", "open", "over", "really", "since",
     "soon", "still", "through", "under", "until", "without", "yet"}
)  # fmt: skip
"""Words that say nothing by themselves that a paper could bear out."""
MOST = 0.6
"""Part of the telling words of a sentence that a passage must have to bear it out."""
FEW = 2
"""Words and figures that a sentence may share with a paper by chance."""
LONG = 3
"""Digits of a figure that tells by itself from where it is."""
STEM = 5
"""Letters of a word that are compared: people inflect."""

Item = Document | Mail | Record | Ticket


class Said(NamedTuple):
    """What a sentence says: its figures, the stems of its telling words, and whether it denies something."""

    figures: frozenset[str]
    stems: frozenset[str]
    denies: bool

    def is_borne_out_by(self, passage: "Said") -> bool:
        """Has a passage most of the words? What is denied has to be denied there as well, or counted as none."""
        denied = passage.denies or "0" in passage.figures
        return (denied or not self.denies) and len(self.stems & passage.stems) >= MOST * len(self.stems)


class Paper(NamedTuple):
    """What can be read: every figure in it, and its passages, two sentences each; `about` if it names the matter."""

    figures: frozenset[str]
    passages: tuple[Said, ...]
    about: bool

    def bears_out(self, said: Said) -> bool:
        """Has it what a sentence says, but for its long figures? A few words stand in any paper by chance."""
        short = {each for each in said.figures if len(each) < LONG}
        if not (self.about or len(said.stems) + len(said.figures) > FEW) or not short <= self.figures:
            return False
        return any(said.is_borne_out_by(passage) for passage in self.passages)


@lru_cache(maxsize=4096)
def said_in(text: str, leave_out: frozenset[str] = frozenset()) -> Said:
    """What a text says, beside some words."""
    words = {word for word in telling_words(text) - SMALL_TALK if not (word[0].isdigit() or word in leave_out)}
    stems = frozenset(stem(word) for word in words if not SPELT.fullmatch(word))
    return Said(figures_in(text), stems, DENIED.search(plain(text)) is not None)


def stem(word: str) -> str:
    """The beginning of a word, by which it is compared."""
    return (word[:-1] if word.endswith("s") else word)[:STEM]


def figures_in(text: str) -> frozenset[str]:
    """The figures of a text, in digits, from two on; `one` is hardly ever a figure."""
    said = plain(text)
    digits = {each.replace(",", "") for each in FIGURE.findall(said)}
    return frozenset(digits | {str(value_of(found)) for found in SPELT.finditer(said)})


def value_of(found: re.Match[str]) -> int:
    """A spelt figure below a hundred."""
    tens, units, small = found.groups()
    if small:
        return SMALL.index(small)
    return 10 * TENS.index(tens) + (SMALL.index(units) if units else 0)


@lru_cache(maxsize=4096)
def paper_of(head: str, text: str, leave_out: frozenset[str], about: bool) -> Paper:
    """A text under a head, in passages."""
    said = tuple(sentences(text)) or ("",)
    made = tuple(said_in(f"{head} {' '.join(each)}", leave_out) for each in pairwise((*said, "")))
    return Paper(figures_in(f"{head} {text}"), made, about)


# what can be read -------------------------------------------------------------------------------------------


def items_of(company: Company, actor: str) -> Iterator[Item]:
    """What can be read of: documents, records, tickets, the actor's mail."""
    yield from company.documents()
    yield from company.records()
    yield from company.tickets()
    yield from company.mailbox(actor)


def is_written_by(item: Item, actor: str) -> bool:
    """Nobody bears out what they say themselves."""
    return actor == getattr(item, "sender", getattr(item, "owner", getattr(item, "requester", "")))


def told_by(company: Company, item: Item) -> tuple[str, list[str]]:
    """What stands over an item, who wrote it and when; and what it says."""
    title, *texts = [company.text(part) for part in parts_of(item)]
    if isinstance(item, Record):
        register = company.find_register(item.register)
        head = f"{register.title if register else ''} {title} {' '.join(texts)}"
        return head, [company.text(each.text) for each in company.notes(item)]
    if isinstance(item, Document):
        return f"{title} {company.name_of(item.owner)}", texts
    if isinstance(item, Mail):
        return f"{title} {company.name_of(item.sender)} {company.when(item.at)}", texts
    people = f"{company.name_of(item.requester)} {company.name_of(item.approver)}"
    return f"{title} {people}", [*texts, *(company.text(each.text) for each in item.comments)]


def parts_of(item: Item) -> tuple[Text, ...]:
    """What its author wrote: first what stands over it."""
    if isinstance(item, Mail):
        return item.subject, item.body
    if isinstance(item, Record):
        return item.title, item.about, *item.fields, *item.fields.values()
    return item.title, item.text


def opened_by(company: Company, actor: str) -> frozenset[str]:
    """Ids of what an account has opened."""
    pairs = (*company.world.read, *company.office.read, *company.planner.read)
    return frozenset((*company.mail.read.get(actor, UNREAD).when, *(item for who, item in pairs if who == actor)))
