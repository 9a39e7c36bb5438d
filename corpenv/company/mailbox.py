"""Folders: what the world had under what the episode added, newest first."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from corpenv.company.facts import Box, Facts
from corpenv.company.items import Mail
from corpenv.company.search import WordIndex, newest_of, words_of
from corpenv.company.text import render
from corpenv.events import MailDrafted
from corpenv.record import Log

if TYPE_CHECKING:
    from corpenv.company.state import Company


class Folder:
    """A folder with all that came to it, and all that the world will still put there, oldest first.

    Attributes:
        mails: not all of them are there by now.
        rows: what a list tells of each before it is read, or "" where nobody has written that down yet.
        came: how many of them came in the episode.
        passed: how many of the world's are before the last that came.
    """

    __slots__ = ("box", "came", "mails", "passed", "rows")

    def __init__(self, box: Box) -> None:
        self.box, self.mails, self.rows = box, [*box.mails], [""] * len(box.mails)
        self.came = self.passed = 0

    def copy(self) -> "Folder":
        """Another one with the same, as long as nothing came to it."""
        copy = Folder(self.box)
        copy.rows = [*self.rows]
        return copy

    def put(self, mail: Mail) -> None:
        """Put in one that came; at the same second those of the world are before it."""
        self.passed = max(self.passed, self.box.visible(mail.at))
        place = self.passed + self.came
        self.mails.insert(place, mail)
        self.rows.insert(place, "")
        self.came += 1


class Arrivals(Log[Mail], eq=False):
    """Mails that came to a folder during one episode, oldest first, with what is made of them when asked for.

    Attributes:
        folder: the folder with these in it, and maybe with later ones.
        index: the words of these, and maybe of later ones.
    """

    folder: Folder | None = None
    index: WordIndex | None = None

    def add(self, item: Mail) -> "Arrivals":
        """The folder with one mail more."""
        shared, size = self.shared, self.size
        if len(shared) != size:
            return Arrivals.of([*shared[:size], item])
        shared.append(item)
        return Arrivals(shared, size + 1, self.folder, self.index)

    def put_into(self, start: Folder) -> Folder:
        """The folder that was `start`, with these."""
        folder = self.folder
        if folder is None or folder.came > self.size:  # what a later moment has put in is not there yet
            folder = self.folder = start.copy()
        for number in range(folder.came, self.size):
            folder.put(self.shared[number])
        return folder

    def having(self, words: tuple[str, ...], seed: int) -> list[Mail]:
        """The mails that hold every word, newest first."""
        if self.index is None:
            self.index = WordIndex()
        index = self.index
        for number in range(index.size, self.size):
            index.put(number, words_of(text_of(self.shared[number], seed)))
        found = index.having(words, self.size)
        return [self.shared[number] for number in newest_of(found)] if found else []


class Marks:
    """Mails that somebody opened, and how lists tell of it.

    Attributes:
        when: id → when it was opened, in order.
        rows: rows of an inbox as they were and as they are now, for the first `written` of the mails.
    """

    __slots__ = ("rows", "when", "written")

    def __init__(self, when: Mapping[str, int]) -> None:
        self.when, self.rows, self.written = dict(when), dict[str, str](), 0


class Opened(Struct, eq=False):
    """The mails that somebody opened in the episode, as a value: a size on shared marks. Not for two threads at once.

    Extending the tip adds in place; anything older takes marks of its own when it is looked at, so a fork never
    disturbs its sibling.

    Attributes:
        shared: the marks, and maybe those of mails that were opened later.
        size: how many there are.
    """

    shared: Marks
    size: int

    @classmethod
    def of(cls, when: Mapping[str, int]) -> "Opened":
        """Of ids, and when each was opened."""
        return cls(Marks(when), len(when))

    def marks(self) -> Marks:
        """The marks, with no mail that was opened later."""
        marks = self.shared
        if len(marks.when) != self.size:
            marks = self.shared = Marks(dict(islice(marks.when.items(), self.size)))
        return marks

    @property
    def when(self) -> Mapping[str, int]:
        """Id → when it was opened, in order."""
        return self.marks().when

    def add(self, mail_id: str, at: int) -> "Opened":
        """With one more."""
        marks = self.marks()
        if mail_id in marks.when:
            return Opened.of({**marks.when, mail_id: at})
        marks.when[mail_id] = at
        return Opened(marks, self.size + 1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opened) and self.when == other.when

    def __hash__(self) -> int:
        return hash(self.size)

    def __reduce__(self) -> tuple[Any, ...]:
        return Opened.of, (self.when,)

    def __repr__(self) -> str:
        return f"Opened({self.size} mails)"


UNREAD = Opened.of({})


def newest(company: "Company", account: str, folder: str) -> Iterator[Mail]:
    """The mails of a folder that are there by now and not deleted, newest first."""
    held, there = folder_of(company, account, folder)
    return kept(company, account, backwards(held.mails, there))


def folder_of(company: "Company", account: str, folder: str) -> tuple[Folder, int]:
    """A folder, and how many of its mails are there by now, deleted ones too."""
    key = f"{account}/{folder}"
    held, came = at_start(company.world, company.seed, key), company.mail.boxes.get(key)
    there = held.box.visible(company.now)
    if came is None:
        return held, there
    held = came.put_into(held)
    return held, max(there, held.passed) + held.came


@lru_cache(maxsize=64)
def at_start(world: Facts, seed: int, key: str) -> Folder:
    """A folder as the episodes of a seed start with it."""
    return Folder(world.boxes.get(key))


def backwards(mails: Sequence[Mail], there: int) -> Iterator[Mail]:
    """Mails from number `there` down."""
    return islice(reversed(mails), len(mails) - there, None)


def search(company: "Company", account: str, folder: str, query: str) -> Iterator[Mail]:
    """The mails of a folder that hold every word of the query, newest first."""
    key, words = f"{account}/{folder}", words_of(query)
    found = found_in_base(company, at_start(company.world, company.seed, key).box, words)
    arrivals = company.mail.boxes.get(key)
    if arrivals is not None and (came := arrivals.having(words, company.seed)):
        found = merged(iter(came), found)
    return kept(company, account, found)


def found_in_base(company: "Company", box: Box, words: tuple[str, ...]) -> Iterator[Mail]:
    """Mails the world had with every word; those with blanks are looked at as this seed reads them."""
    there = box.visible(company.now)
    found = box.index().having(words, there)
    if box.drawn():
        found |= drawn_index(box, company.seed).having(words, there)
    return map(box.mails.__getitem__, newest_of(found))


@lru_cache(maxsize=256)
def drawn_index(box: Box, seed: int) -> WordIndex:
    """The words of the mails whose text depends on the seed, under this one."""
    index = WordIndex()
    for number in box.drawn():
        index.put(number, words_of(text_of(box.mails[number], seed)))
    return index


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
    return mail_id in company.mail.read.get(account, UNREAD).marks().when or (account, mail_id) in company.world.read


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
