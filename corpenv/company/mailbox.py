"""Folders: what the world had under what the episode added, newest first."""

from collections.abc import Iterator, Sequence
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


class Weave:
    """Mails that came to a folder during an episode, and those the world had that came between them, oldest first.

    Attributes:
        places: for each that came in the episode, how many of `mails` are there with it, and how many of the world's.
    """

    __slots__ = ("mails", "places")

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.places: list[tuple[int, int]] = []

    def add(self, mail: Mail, box: Box) -> None:
        """Put in one mail more; at the same second those of the world are before it."""
        there = box.visible(mail.at)
        since = self.places[-1][1] if self.places else there
        self.mails += box.mails[since:there]
        self.mails.append(mail)
        self.places.append((len(self.mails), max(since, there)))


class Arrivals(Log[Mail]):
    """Mails that came to a folder during one episode, oldest first, with what is made of them when asked for."""

    __slots__ = ("_index", "_weave")

    def __init__(self, items: list[Mail] | None = None) -> None:
        super().__init__(items)
        self._index: WordIndex | None = None
        self._weave: Weave | None = None

    def add(self, item: Mail) -> "Arrivals":
        """The folder with one mail more."""
        items, length = self._items, self._length
        if len(items) != length:
            return Arrivals([*items[:length], item])
        items.append(item)
        grown = object.__new__(Arrivals)
        grown._items, grown._length, grown._index, grown._weave = items, length + 1, self._index, self._weave
        return grown

    def among(self, box: Box) -> tuple[list[Mail], int, int, int]:
        """Mails with what the box had between them, oldest first.

        With the list go three numbers: its mails that are there by now, and those of the box before it, and up to its
        end.
        """
        weave = self._weave = self._weave or Weave()
        for number in range(len(weave.places), self._length):
            weave.add(self._items[number], box)
        there, last = weave.places[self._length - 1]
        return weave.mails, there, weave.places[0][1], last

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
    if not arrivals:
        return kept(company, account, backwards(box.mails, there))
    woven, till, first, last = arrivals.among(box)
    parts = backwards(box.mails, there, last), backwards(woven, till), backwards(box.mails, first)
    return kept(company, account, chain(*parts))


def latest(company: "Company", account: str, folder: str, first: int, last: int) -> Sequence[Mail]:
    """Numbers `first` up to `last` of `newest`, by slices: pages of a folder are what agents ask for most."""
    key, state = f"{account}/{folder}", company.mail
    box, arrivals = company.world.boxes.get(key, EMPTY_BOX), state.boxes.get(key)
    there = box.visible(company.now)
    if state.gone:
        return tuple(islice(newest(company, account, folder), first, last))
    if arrivals is None:
        return box.mails[max(0, there - last) : max(0, there - first)][::-1]
    woven, till, before, after = arrivals.among(box)
    found = box.mails[max(after, there - last) : there][::-1]
    if missing := last - len(found):
        found += tuple(woven[max(0, till - missing) : till][::-1])
    if missing := last - len(found):
        found += box.mails[max(0, before - missing) : before][::-1]
    return found[first:]


def backwards(mails: Sequence[Mail], there: int, until: int = 0) -> Iterator[Mail]:
    """Mails from number `there` down to `until`."""
    later = len(mails)
    return islice(reversed(mails), later - there, later - until)


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
