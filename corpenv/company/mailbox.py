"""Folders: what the world had under what the episode added, newest first."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from immutables import Map

from corpenv.company.facts import EMPTY_BOX, Box
from corpenv.company.items import Mail
from corpenv.company.search import WordIndex, newest_of, words_of
from corpenv.company.text import render
from corpenv.events import MailDrafted
from corpenv.record import Log

if TYPE_CHECKING:
    from corpenv.company.state import Company


class Arrivals(Log[Mail]):
    """Mails that came to a folder during one episode, oldest first, with an index that is made when asked for."""

    __slots__ = ("_index",)

    def __init__(self, items: list[Mail] | None = None, index: WordIndex | None = None) -> None:
        self._items: list[Mail] = [] if items is None else items
        self._length, self._index = len(self._items), index

    def add(self, item: Mail) -> "Arrivals":
        """The folder with one mail more."""
        items, tip = self._items, self._length
        if tip and len(items) == tip:
            items.append(item)
            return Arrivals(items, self._index)
        return Arrivals([*items[:tip], item])

    def having(self, words: tuple[str, ...], seed: int) -> Iterator[Mail]:
        """The mails that hold every word, newest first."""
        if self._index is None:
            self._index = WordIndex()
        index = self._index
        for number in range(index.size, self._length):
            index.add(text_of(self._items[number], seed))
        return (self._items[number] for number in newest_of(index.having(words, self._length)))


NONE = Arrivals()
UNREAD: Map[str, int] = Map()


def newest(company: "Company", account: str, folder: str) -> Iterator[Mail]:
    """The mails of a folder that are there by now and not deleted, newest first."""
    key = f"{account}/{folder}"
    box, arrivals = company.world.boxes.get(key, EMPTY_BOX), company.mail.boxes.get(key, NONE)
    there = box.visible(company.now)
    mails = chain.from_iterable(stretches(box, there, arrivals)) if arrivals else backwards(box, there)
    return kept(company, account, mails)


def latest(company: "Company", account: str, folder: str, first: int, last: int) -> Sequence[Mail]:
    """Numbers `first` up to `last` of `newest`, by slices: pages of a folder are what agents ask for most."""
    key, state = f"{account}/{folder}", company.mail
    box, arrivals = company.world.boxes.get(key, EMPTY_BOX), state.boxes.get(key)
    there = box.visible(company.now)
    if state.gone:
        return tuple(islice(newest(company, account, folder), first, last))
    if not arrivals:
        return box.mails[max(0, there - last) : max(0, there - first)][::-1]
    found: list[Mail] = []
    missing = last
    for came in reversed(arrivals):
        before = min(box.visible(came.at), there)
        if there - before >= missing:
            break
        found += box.mails[before:there][::-1]
        found.append(came)
        missing, there = last - len(found), before
    found += box.mails[max(0, there - missing) : there][::-1]
    return found[first:]


def backwards(box: Box, there: int, until: int = 0) -> Iterator[Mail]:
    """The mails of a box from number `there` down to `until`."""
    later = len(box.mails)
    return islice(reversed(box.mails), later - there, later - until)


def stretches(box: Box, there: int, arrivals: Arrivals) -> Iterator[Iterable[Mail]]:
    """A box with what came in the episode between its mails; at the same second that is first."""
    for came in reversed(arrivals):
        before = min(box.visible(came.at), there)
        yield backwards(box, there, before)
        yield (came,)
        there = before
    yield backwards(box, there)


def search(company: "Company", account: str, folder: str, query: str) -> Iterator[Mail]:
    """The mails of a folder that hold every word of the query, newest first."""
    key, words = f"{account}/{folder}", words_of(query)
    arrivals = company.mail.boxes.get(key, NONE)
    base = found_in_base(company, company.world.boxes.get(key, EMPTY_BOX), words)
    return kept(company, account, merged(arrivals.having(words, company.seed), base) if arrivals else base)


def found_in_base(company: "Company", box: Box, words: tuple[str, ...]) -> Iterator[Mail]:
    """Mails the world had with every word; those with blanks are looked at as this seed reads them."""
    there = box.visible(company.now)
    found = box.index.having(words, there)
    for number, spoken in drawn_words(box, company.seed):
        bit = 1 << number
        found = found | bit if number < there and spoken.issuperset(words) else found & ~bit
    return map(box.mails.__getitem__, newest_of(found))


@lru_cache(maxsize=256)
def drawn_words(box: Box, seed: int) -> tuple[tuple[int, frozenset[str]], ...]:
    """Positions of the mails whose text depends on the seed, and the words they hold under this one."""
    return tuple((number, frozenset(words_of(text_of(box.mails[number], seed)))) for number in box.drawn)


def text_of(mail: Mail, seed: int) -> str:
    """Everything of a mail that a search looks at."""
    return f"{mail.sender} {' '.join(mail.to)} {render(mail.subject, seed)} {render(mail.body, seed)}"


def merged(came: Iterator[Mail], base: Iterator[Mail]) -> Iterator[Mail]:
    """Two folders that are newest first, as one; at the same second what came in the episode is first."""
    a, b = next(came, None), next(base, None)
    while a and b:
        if a.at >= b.at:
            yield a
            a = next(came, None)
        else:
            yield b
            b = next(base, None)
    if a:
        yield a
        yield from came
    if b:
        yield b
        yield from base


def kept(company: "Company", account: str, mails: Iterator[Mail]) -> Iterator[Mail]:
    """Without what the account deleted."""
    gone = company.mail.gone
    return (mail for mail in mails if (account, mail.id) not in gone) if gone else mails


def is_read(company: "Company", account: str, mail_id: str) -> bool:
    """Has the account opened the mail?"""
    return mail_id in company.mail.read.get(account, UNREAD) or (account, mail_id) in company.world.read


def holds(company: "Company", account: str, mail: Mail) -> bool:
    """Is the mail in one of the account's folders? What waits for its moment or its sender is not there yet."""
    if account not in mail.delivered and account != mail.sender:
        return False
    there = mail.id in company.mail.items or was_there(company, mail)
    return there and (account, mail.id) not in company.mail.gone


def was_there(company: "Company", mail: Mail) -> bool:
    """Does the world have the mail by now, without anything the episode does? Some wait for somebody to send them."""
    return mail.at <= company.now and mail.id not in company.world.waiting


def drafts(company: "Company", account: str) -> list[MailDrafted]:
    """The account's drafts and scheduled mails, newest first."""
    found = [draft for draft in company.mail.drafts.values() if draft.actor == account]
    return sorted(found, key=lambda draft: (draft.at, draft.mail_id), reverse=True)
