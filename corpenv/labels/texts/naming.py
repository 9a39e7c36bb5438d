"""Does a text name something? By what stands in the company: ids, titles, accounts, addresses, full names.

A text that only shares words with a title, or names somebody by half, may speak of it and may not: that is vague.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from corpenv.company import Company, Facts
from corpenv.company.alertitems import Alarm
from corpenv.company.items import Document, Mail, Meeting, Record, Ticket
from corpenv.company.spelling import plain
from corpenv.predicates import Leaf

WORD = re.compile(r"[^\W_]+")
COMMON = frozenset(
    """about account already also answer answered been before change could desk does done friday from have here house
    into issue just know mail mails message monday more need note office open other please question reply report request
    said send sent some that their them then there these they thing this thursday ticket today tomorrow tuesday want
    week wednesday were what when which while will with work would your""".split()  # noqa: SIM905 - read as words
)
"""Words of four letters and more that stand in any text of an office."""
NOUNS = ("mail", "document", "ticket", "setting", "meeting", "record", "alarm")
"""Where predicates name what they ask about."""


class Named(NamedTuple):
    """What something is called.

    Attributes:
        sure: ids, titles, addresses and names: whoever writes one of them speaks of it.
        vague: names that stand in many texts, such as a colleague's.
    """

    sure: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()

    def __add__(self, other: "Named") -> "Named":  # type: ignore[override]
        return Named((*self.sure, *other.sure), (*self.vague, *other.vague))

    def stands_in(self, said: str) -> bool:
        """Is one of the sure names in a flat text?"""
        return any(holds(said, name) for name in self.sure)

    def may_stand_in(self, said: str) -> bool:
        """Is something in a flat text that may mean it: a vague name, or half the words of any?"""
        if any(holds(said, name) for name in self.vague):
            return True
        words = set(said.split())
        return any(overlap(name, words) for name in (*self.sure, *self.vague))

    def shares_a_word(self, said: str) -> bool:
        """Has a flat text a name, or any telling word of one?"""
        words = flat_words(said)
        return any(not words.isdisjoint(telling_words(name)) or holds(said, name) for name in (*self.sure, *self.vague))


def holds(said: str, name: str) -> bool:
    """Does a flat text hold a name as words of its own?"""
    called = flat(name)
    return len(called) > 4 and called in said


def overlap(name: str, words: set[str]) -> bool:
    """Are half the telling words of a name, at least one of two and at least two of more, among these?"""
    telling = telling_words(name)
    shared = len(telling & words)
    return shared > 0 and 2 * shared >= len(telling) and (shared > 1 or len(telling) < 3)


@lru_cache(maxsize=8192)
def telling_words(name: str) -> frozenset[str]:
    """The words and numbers of a name that do not stand in any text of an office."""
    words = flat(name).split()
    return frozenset(word for word in words if len(word) > (1 if word.isdigit() else 3) and word not in COMMON)


@lru_cache(maxsize=1024)
def flat(*texts: str) -> str:
    """The words of texts in plain letters, each between two spaces: names are looked for in this form."""
    return f" {' '.join(WORD.findall(plain(' '.join(texts))))} "


@lru_cache(maxsize=1024)
def flat_words(said: str) -> frozenset[str]:
    """The words of a flat text: one is asked about many names, and papers in every episode."""
    return frozenset(said.split())


def named(company: Company, name: str) -> Named:
    """What is known by an id, a slug, an account or an address is called."""
    item = item_of(company, name)
    if item is not None:
        return Named((item.id,)) + titled(company.text(title_of(item)), sure=not isinstance(item, Mail))
    world = company.world
    if name in world.secrets:
        return titled(world.secrets[name].title)
    titles = [world.settings[name].title] if name in world.settings else []
    controls = [control for control in world.controls if control.id == name]
    if not titles and not controls:
        return called(world, name)
    found = Named((name,))
    for title in (*titles, *(control.title for control in controls)):
        found = found + titled(title)
    asked = (thing for control in controls for thing in things_in(control.holds) if thing != name)  # type: ignore[arg-type]
    return found + all_named(company, asked)


def titled(title: str, sure: bool = True) -> Named:
    """A title: sure if it has words enough that tell it from others; nothing if it has none."""
    telling = len(telling_words(title))
    return Named((title,)) if sure and telling > 1 else Named((), (title,) if telling else ())


@lru_cache(maxsize=1024)
def called(world: Facts, name: str) -> Named:
    """What somebody is called: somebody outside surely, a colleague vaguely; a mailing list is nobody."""
    person = world.people.get(name) or world.people.get(world.addresses.get(name, ""))
    if person and person.inside:
        return Named((), (person.id, person.name, *person.name.split()))
    address = person.address if person else name
    if "@" not in address[1:]:
        return Named()  # nobody; or an authored item that is not there under this condition
    house = (address.partition("@")[2].partition(".")[0],)
    return (
        Named((person.id, address, person.name), (*person.name.split(), *house)) if person else Named((address,), house)
    )


def all_named(company: Company, names: Iterable[str]) -> Named:
    """What several things are called."""
    found = Named()
    for name in names:
        found = found + named(company, name)
    return found


@lru_cache(maxsize=1024)
def things_in(predicate: Leaf) -> tuple[str, ...]:
    """What a predicate asks about, by id, slug or name."""
    own = (getattr(predicate, key, "") for key in NOUNS)
    return (*(name for inner in predicate.within() for name in things_in(inner)), *filter(None, own))


def item_of(company: Company, name: str) -> Mail | Document | Ticket | Meeting | Record | Alarm | None:
    """An item by visible id or by slug."""
    item_id = company.id_of(name)
    return (
        company.find_mail(item_id)
        or company.find_document(item_id)
        or company.find_ticket(item_id)
        or company.find_meeting(item_id)
        or company.find_record(item_id)
        or company.find_alarm(item_id)
    )


def title_of(item: Mail | Document | Ticket | Meeting | Record | Alarm) -> str:
    """What stands over it."""
    return item.subject if isinstance(item, Mail) else item.title  # type: ignore[return-value]
