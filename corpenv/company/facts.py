"""What an episode stands on: the world as one scenario starts it under one condition.

Shared by every episode of the process that starts there, and never changed.
"""

from bisect import bisect_right, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from corpenv.company.alertitems import Alarm, Route, Rule, Sensor
from corpenv.company.calendar import calendar_text
from corpenv.company.hosts import HostFile, Server
from corpenv.company.items import (
    Channel,
    Claim,
    Document,
    Grant,
    Mail,
    Meeting,
    Person,
    Predicate,
    Record,
    Register,
    Secret,
    Setting,
    Ticket,
)
from corpenv.company.plans import Action, Control, End, Reaction, Reactions
from corpenv.company.policies import Policy, Trace
from corpenv.company.registryitems import RegistryFacts
from corpenv.company.search import WordIndex, find_words
from corpenv.company.text import Spans
from corpenv.events import Due, Event

in_time = attrgetter("at", "id")
"""Mails by when they come, and at the same second by their ids."""


class Box:
    """One folder of one mailbox at the start, oldest first.

    Attributes:
        last: when its last mail comes.
    """

    __slots__ = ("_drawn", "_index", "_times", "last", "mails")

    def __init__(self, mails: Iterable[Mail], *, in_order: bool = False) -> None:
        self.mails = tuple(mails if in_order else sorted(mails, key=in_time))
        self._times = [mail.at for mail in self.mails]
        self.last = self._times[-1] if self._times else 0
        self._index: WordIndex | None = None
        self._drawn: tuple[int, ...] | None = None

    def with_mails(self, mails: Iterable[Mail]) -> "Box":
        """The folder with a few mails more, each put where it belongs: to sort thousands of folders takes long."""
        whole = [*self.mails]
        for mail in mails:
            insort(whole, mail, key=in_time)
        return Box(whole, in_order=True)

    def visible(self, now: int) -> int:
        """How many of the mails are there by `now`."""
        return len(self._times) if now >= self.last else bisect_right(self._times, now)

    def comes(self, since: int, until: int) -> bool:
        """Does a mail come after `since`, and not after `until`?"""
        return since < self.last and self._times[bisect_right(self._times, since)] <= until

    def next_after(self, now: int) -> int | None:
        """When the next mail comes that is not there yet."""
        at = self.visible(now)
        return self._times[at] if at < len(self._times) else None

    def index(self) -> WordIndex:
        """The words of the mails that are the same under every seed."""
        if self._index is None:
            index, drawn = WordIndex(), frozenset(self.drawn())
            for number, mail in enumerate(self.mails):
                if number not in drawn:
                    text = f"{mail.sender} {' '.join(mail.to)} {mail.subject} {mail.body}"
                    index.put(number, set(find_words(text.lower())))
            self._index = index
        return self._index

    def drawn(self) -> tuple[int, ...]:
        """Positions of the mails with blanks: their text depends on the seed."""
        if self._drawn is None:
            pairs = enumerate(self.mails)
            self._drawn = tuple(n for n, mail in pairs if type(mail.body) is Spans or type(mail.subject) is Spans)
        return self._drawn


EMPTY_BOX = Box([])


class Boxes:
    """Folders by `account/folder`. One with a few mails more is put together when it is asked for: most never are."""

    def __init__(self, boxes: Mapping[str, Box], more: Mapping[str, Sequence[Mail]]) -> None:
        self._boxes, self._more, self._made = boxes, more, dict[str, Box]()

    def get(self, key: str) -> Box:
        """A folder; one that nobody has is empty."""
        box = self._made.get(key)
        if box is None:
            box, more = self._boxes.get(key, EMPTY_BOX), self._more.get(key)
            box = self._made[key] = box.with_mails(more) if more else box
        return box


class Address(NamedTuple):
    """What a name in a `to:` means: accounts inside, one address outside, or nothing.

    Attributes:
        outsiders: addresses outside that are on a mailing list.
    """

    inside: tuple[str, ...] = ()
    outside: str = ""
    outsiders: tuple[str, ...] = ()


class Facts(RegistryFacts):
    """The start of a company: plain dicts, shared and never changed.

    Attributes:
        agent: account of the post the scenario gives away.
        start: calendar text of second 0.
        seed: the world's own seed, from which visible ids are drawn.
        digest: sha256 over everything authored that this stands on.
        absent: accounts of people who are away at the start.
        lists: name of a mailing list → its accounts.
        marks: kind of event (or `time`) → what is to be noted once it holds.
        boxes: `account/folder` → its mails; `inbox` is the agent's.
        waiting: ids of authored mails that somebody has to send first.
        slugs: what an author called an item → its visible id.
        watching: kind of event → the detection rules that look for it.
        hanging: kind of event → the alarms that it may make work again.
        policies: kind of event → the standing permissions for it.
        rows: id of a mail that no seed changes → its row in the agent's inbox, before and after it was read, kept
            once it was written.
        sheets: id of a mail that neither seed nor episode changes → as it is read, kept once it was written.
        reached: name in a `to:` → whom it reaches, kept once it was looked up.
        paths: server and what paths begin with → its files and their paths, kept once they were looked up.
        idle: kinds of events from which nothing follows here, kept once that was found.
        carriers: secret → ids of the authored mails, documents, meetings and records that hold its values.
    """

    max_steps, horizon = 100, 0

    def __init__(self, *, agent: str, start: str, seed: int, domain: str, digest: str = "") -> None:  # noqa: PLR0915 - a line a noun
        self.agent, self.start, self.seed, self.domain, self.digest = agent, start, seed, domain, digest
        self.people: dict[str, Person] = {}
        self.absent: frozenset[str] = frozenset()
        self.addresses: dict[str, str] = {}
        self.lists: dict[str, tuple[str, ...]] = {}
        self.grants: dict[str, Grant] = {}
        self.mail: dict[str, Mail] = {}
        self.boxes, self.inbox = Boxes({}, {}), EMPTY_BOX
        self.waiting: frozenset[str] = frozenset()
        self.read: frozenset[tuple[str, str]] = frozenset()
        self.channels: dict[str, Channel] = {}
        self.documents: dict[str, Document] = {}
        self.tickets: dict[str, Ticket] = {}
        self.settings: dict[str, Setting] = {}
        self.meetings: dict[str, Meeting] = {}
        self.registers: dict[str, Register] = {}
        self.records: dict[str, Record] = {}
        self.servers: dict[str, Server] = {}
        self.rules: dict[str, Rule] = {}
        self.routes: dict[str, Route] = {}
        self.sensors: dict[str, Sensor] = {}
        self.alarms: dict[str, Alarm] = {}
        self.watching: dict[str, tuple[Rule, ...]] = {}
        self.hanging: dict[str, tuple[str, ...]] = {}
        self.secrets: dict[str, Secret] = {}
        self.claims: dict[str, Claim] = {}
        self.slugs: dict[str, str] = {}
        self.carriers: dict[str, tuple[str, ...]] = {}
        self.rows: dict[str, tuple[str, str]] = {}
        self.sheets: dict[str, str] = {}
        self.reached: dict[str, Address] = {}
        self.paths: dict[tuple[str, str | tuple[str, ...]], tuple[Mapping[str, HostFile], tuple[str, ...]]] = {}
        self.idle: set[type[Event]] = set()
        self.actions: dict[str, Action] = {}
        self.reactions: dict[str, tuple[Reaction, ...]] = {}
        self.schedule: tuple[Due, ...] = ()
        self.controls: tuple[Control, ...] = ()
        self.policies: dict[str, tuple[Policy, ...]] = {}
        self.traces: dict[str, Trace] = {}
        self.marks: Mapping[str, tuple[tuple[str, Predicate], ...]] = {}
        self.ends: tuple[End, ...] = ()

    @cached_property
    def ending(self) -> tuple[tuple[str, Callable[..., bool]], ...]:
        """The ends, ready to be asked after every step: their names, and what says whether they hold."""
        return tuple((end.id, end.when.asked_in(self)) for end in self.ends)

    @cached_property
    def heeding(self) -> dict[str, Reactions]:
        """Kind of event → the reactions to it, ready to be asked."""
        return {kind: Reactions(reactions) for kind, reactions in self.reactions.items()}

    @cached_property
    def agendas(self) -> dict[str, tuple[str, ...]]:
        """Account → ids of the meetings it organises or is invited to."""
        made: dict[str, list[str]] = {}
        for meeting in self.meetings.values():
            for account in dict.fromkeys((meeting.organiser, *meeting.attendees)):
                made.setdefault(account, []).append(meeting.id)
        return {account: tuple(ids) for account, ids in made.items()}

    @cached_property
    def filed(self) -> dict[str, tuple[str, ...]]:
        """Register → ids of its records."""
        made: dict[str, list[str]] = {}
        for record in self.records.values():
            made.setdefault(record.register, []).append(record.id)
        return {register: tuple(ids) for register, ids in made.items()}

    def when(self, at: int) -> str:
        """Simulated seconds as calendar text."""
        return calendar_text(self.start, at)

    def __repr__(self) -> str:
        return f"Facts({len(self.people)} people, {len(self.mail)} mails, start {self.start})"
