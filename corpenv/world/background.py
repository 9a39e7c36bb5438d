"""The background: what a company writes on ordinary days, of every sort, made from the world's own seed.

Item `n` of a day is the same however many there are: more a day only adds. Nothing here has to do with a plot.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from corpenv.company.items import Comment, Document, Item, Mail, Meeting, Message, Person, Record, Ticket
from corpenv.company.text import Text, in_reply
from corpenv.names import draw, drawn_id
from corpenv.world.backgroundparts import Sort
from corpenv.world.crew import Crew, Way
from corpenv.world.grammar import Grammar, Situation, list_name
from corpenv.world.officehours import (
    DAY,
    HOUR,
    MINUTE,
    OPENS,
    WEEKEND_PERCENT,
    Dice,
    at_work,
    weekday_of,
    written_at,
)
from corpenv.world.writing import LONG, Talk, Writer, about, filled

NOUNS: dict[Sort, str] = {
    "mail": "mail",
    "chat": "msg",
    "ticket": "ticket",
    "document": "doc",
    "meeting": "meet",
    "record": "rec",
}
"""How visible ids of each sort begin."""
ANSWERS = 40
"""Items that answer an earlier one, in percent of those that could."""
LONGEST = 5
"""Texts that one talk has at most."""
DELAYS = {
    "mail": (4 * MINUTE, 5 * HOUR),
    "chat": (1 * MINUTE, 25 * MINUTE),
    "ticket": (20 * MINUTE, 2 * DAY),
}
"""How soon and how late something is answered; other sorts are not."""
STATES = ("open", "open", "approved", "done", "done", "done", "rejected", "cancelled")


class Piece(NamedTuple):
    """One item.

    Attributes:
        at: when it was written, seconds from the start.
        place: what it stands in: the channel of a message, the id of a commented ticket; else "".
        writer: who wrote it; `reader` to whom, if to one person.
    """

    sort: Sort
    at: int
    item: Item
    talk: Talk
    writer: Person
    reader: Person | None = None
    place: str = ""


class Day:
    """What has been written on one day so far: the talk of every item, and how often each situation came up."""

    __slots__ = ("count", "talks")

    def __init__(self) -> None:
        self.talks: list[Talk] = []
        self.count: dict[int, int] = {}

    def add(self, talk: Talk) -> None:
        """Note an item of a talk."""
        self.talks.append(talk)
        self.count[id(talk.situation)] = self.turns(talk.situation) + 1

    def turns(self, situation: Situation) -> int:
        """How many items there are of a situation."""
        return self.count.get(id(situation), 0)


class Background(Crew):
    """The ordinary work of one world.

    Args:
        people, share, written, leaving: see `Crew`.
        starts: calendar text of second 0.
    """

    def __init__(
        self,
        grammar: Grammar,
        people: Sequence[Person],
        seed: int,
        starts: str,
        share: float = 0.0,
        written: Sequence[Person] = (),
        leaving: Collection[str] = (),
    ) -> None:
        super().__init__(grammar, people, seed, share, written, leaving)
        self.writer = Writer(grammar, seed)
        self.start = datetime.fromisoformat(starts)
        self.midnight = -int((self.start - datetime.combine(self.start, datetime.min.time())).total_seconds())

    # days -----------------------------------------------------------------------------------------------

    def pieces(self, a_day: int, days: range, agent: str, taken: set[str]) -> Iterator[Piece]:
        """Every item of the days, the first of each day before the second of any, so that ids never depend on `a_day`.

        Args:
            days: counted from the day of the start.
            taken: ids that others have; those that are made are added.
        """
        before = {day: Day() for day in days}
        for number in range(a_day):
            for day in days:
                if number < self.most(day, a_day) and (piece := self.piece(day, number, before[day], agent, taken)):
                    before[day].add(piece.talk)
                    yield piece

    def most(self, day: int, a_day: int) -> int:
        """How many items a day has."""
        return a_day if weekday_of(self.start.weekday(), day) < 5 else a_day * WEEKEND_PERCENT // 100

    def piece(self, day: int, number: int, before: Day, agent: str, taken: set[str]) -> Piece | None:
        """Item `number` of a day; None if nobody could have written anything."""
        names = ("ordinary", str(day), str(number))
        dice = Dice(self.seed, *names)
        if before.talks and dice.below(100) < ANSWERS:
            talk = before.talks[dice.below(len(before.talks))]
            if talk.last and (piece := self.next_piece(talk, talk.last, names, dice, taken)):
                talk.last = piece
                return piece
        return self.first_piece(day, names, before, dice, agent, taken)

    def first_piece(
        self, day: int, names: tuple[str, ...], before: Day, dice: Dice, agent: str, taken: set[str]
    ) -> Piece | None:
        """An item that begins something."""
        works = weekday_of(self.start.weekday(), day) < 5
        choices = (
            (self.later if works else self.weekend_later) if day >= 0 else self.everyday if works else self.weekend
        )
        if not choices:
            return None
        situation, writers = choices[dice.below(len(choices))]
        way = self.way_to_post(situation, Dice(self.seed, "post", *names))
        if way == "alone" and self.to_post:
            situation, writers = self.to_post[dice.below(len(self.to_post))]
        writer = self.one_of(self.there(writers, day), bool(way), situation, dice)
        if writer is None:
            return None
        at = self.midnight + day * DAY + written_at(self.hours_of(writer.team), dice)
        at -= at % MINUTE
        turn = before.turns(situation) + draw(self.seed, "turn", str(day), situation.part.id) % 1000
        talk = self.talk(situation, writer, at, turn, names)
        made_id = free_id(NOUNS[situation.part.sort], self.seed, names, taken)
        return self.begun(made_id, talk, writer, at, dice, agent, way)

    def talk(self, situation: Situation, writer: Person, at: int, turn: int, names: tuple[str, ...]) -> Talk:
        """The beginning of a talk."""
        when, dice = self.start + timedelta(seconds=at), Dice(self.seed, "talk", *names)
        return Talk(situation, when, turn, dice, self.people, self.near(writer))

    # beginnings -----------------------------------------------------------------------------------------

    def begun(self, made_id: str, talk: Talk, writer: Person, at: int, dice: Dice, agent: str, way: Way) -> Piece:
        """The first item of a talk."""
        sort, to = talk.situation.part.sort, self.audience(talk.situation, writer, dice)
        if way == "alone":
            to = Person(agent, agent.partition("-")[0].capitalize(), agent, "", "")
        reader = to if isinstance(to, Person) else None
        make = {
            "mail": self.mail,
            "chat": self.message,
            "ticket": self.ticket,
            "document": self.document,
            "meeting": self.meeting,
            "record": self.record,
        }[sort]
        item = make(made_id, talk, writer, at, to, dice)
        if isinstance(item, Mail) and way not in ("", "alone") and agent not in item.to:
            item = self.copied(item, talk, agent, way, dice)
        place = talk.situation.part.channel if sort == "chat" else made_id if sort == "ticket" else ""
        piece = Piece(sort, at, item, talk, writer, reader, place)
        talk.last = None if way == "alone" else piece  # the post does not answer by itself
        return piece

    def copied(self, mail: Mail, talk: Talk, agent: str, way: Way, dice: Dice) -> Mail:
        """A mail that goes to the post too: before whom it was for, as a copy, or among several."""
        more = {talk.near[dice.below(len(talk.near))].id for _ in range(2)} if way == "round" else set[str]()
        others = (*mail.to, *sorted(more - {mail.sender, *mail.to}))
        to = (agent, *others) if way == "first" else (*others, agent)
        return replace(mail, to=to, delivered=to if mail.delivered else ())

    def mail(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Mail:
        """A mail. Whom a list reaches is decided where the lists are."""
        reader = to if isinstance(to, Person) else None
        subject = self.writer.subject(talk, writer, dice)
        aside = self.aside(talk, writer, at, made_id) if self.writer.voice(writer).length == LONG else None
        body = self.writer.letter(talk, writer, reader, dice, aside)
        address = reader.id if reader else str(to)
        return Mail(made_id, at, writer.id, (address,), subject, body, (address,) if reader else ())

    def aside(self, talk: Talk, writer: Person, at: int, made_id: str) -> Talk | None:
        """Something else that the writer's team writes of."""
        dice = Dice(self.seed, "aside", made_id)
        others = [situation for situation in self.of_team.get(writer.team, ()) if situation is not talk.situation]
        turn, names = dice.below(1000), ("aside", made_id)
        return self.talk(others[dice.below(len(others))], writer, at, turn, names) if others else None

    def message(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Message:
        """A message in a channel."""
        return Message(made_id, at, writer.id, self.writer.one_of("body", talk, about(writer), dice))

    def ticket(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Ticket:
        """A request that somebody else decides."""
        subject, text = self.writer.subject(talk, writer, dice), self.writer.note(talk, writer, dice)
        decider = to if isinstance(to, Person) else self.people[dice.below(len(self.people))]
        if decider is writer:
            decider = talk.near[0]
        status = STATES[dice.below(len(STATES))]
        return Ticket(
            made_id, talk.situation.part.kind, subject, text, writer.id, approver=decider.id, status=status, at=at
        )

    def document(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Document:
        """Minutes or notes."""
        subject, text = self.writer.subject(talk, writer, dice), self.writer.report(talk, writer, dice)
        readers = self.accounts(to)
        return Document(made_id, subject, text, writer.id, readers=readers, at=at)

    def accounts(self, to: Person | str) -> tuple[str, ...]:
        """Who can read what was written for an audience."""
        if isinstance(to, Person):
            return (to.id,)
        team = next((name for name in self.members if list_name(name) == to), "")
        return tuple(person.id for person in self.members[team]) if team else ("everyone",)

    def meeting(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Meeting:
        """A meeting, on the hour or the half hour of some day soon."""
        subject, text = self.writer.subject(talk, writer, dice), self.writer.note(talk, writer, dice)
        begins = at - (at - self.midnight) % DAY + 9 * HOUR + dice.below(14) * 30 * MINUTE
        first = dice.below(len(talk.near))
        some = [each.id for each in (*talk.near[first:], *talk.near[:first])[: 2 + dice.below(5)] if each is not writer]
        invited = (to.id,) if isinstance(to, Person) else tuple(some)
        place = self.writer.one_of("place", talk, about(writer), dice)
        ends = begins + (1 + dice.below(3)) * 30 * MINUTE
        return Meeting(made_id, subject, begins, ends, writer.id, attendees=invited, place=place, text=text)

    def record(self, made_id: str, talk: Talk, writer: Person, at: int, to: Person | str, dice: Dice) -> Record:
        """An entry of a register."""
        own, part = about(writer), talk.situation.part
        subject = self.writer.subject(talk, writer, dice)
        fields: dict[str, Text] = {
            name: filled(forms[dice.below(len(forms))], talk, own, dice)
            for name, forms in talk.situation.fields.items()
        }
        return Record(made_id, part.register_, subject, about=writer.id, fields=fields, at=at)

    # answers --------------------------------------------------------------------------------------------

    def next_piece(self, talk: Talk, last: Piece, names: tuple[str, ...], dice: Dice, taken: set[str]) -> Piece | None:
        """An item that answers the latest of a talk; None where nothing more is to be said."""
        forms, part = talk.situation.forms.get("reply", ()), talk.situation.part
        if part.sort not in DELAYS or talk.said >= min(LONGEST - 1, len(forms)):
            return None
        writer = last.reader or self.other(talk.near, last.writer, dice)
        low, high = DELAYS[part.sort]
        at = self.next_at_work(last.at + low + dice.below(high - low), self.hours_of(writer.team), dice)
        at -= at % MINUTE
        if at >= 0 and writer.id in self.leaving:
            return None
        if part.sort == "ticket":
            if at >= 0:
                return None  # a remark has no clock either
            item: Item = Comment(at, writer.id, self.writer.follow_up(talk, about(writer), dice))
        elif part.sort == "chat":
            made_id = free_id("msg", self.seed, names, taken)
            item = Message(made_id, at, writer.id, self.writer.follow_up(talk, about(writer), dice))
        else:
            item = self.reply(free_id("mail", self.seed, names, taken), talk, last, writer, at, dice)
        return Piece(part.sort, at, item, talk, writer, last.writer if part.sort == "mail" else None, last.place)

    def reply(self, made_id: str, talk: Talk, last: Piece, writer: Person, at: int, dice: Dice) -> Mail:
        """A mail that answers another; it goes to its writer, and to the post if that had the other."""
        mail = last.item
        assert isinstance(mail, Mail)
        body = self.writer.answer(talk, writer, last.writer, dice)
        left_out = {writer.id, last.writer.id, list_name(last.writer.team), "all-staff", *talk.situation.part.to}
        to = (last.writer.id, *(name for name in mail.to if name not in left_out))  # never back to a list
        return Mail(made_id, at, writer.id, to, in_reply(str(mail.subject)), body, to, reply_to=mail.id)

    def next_at_work(self, at: int, hours: str, dice: Dice) -> int:
        """The first moment from `at` on at which somebody with these hours writes."""
        while True:
            day, clock = divmod(at - self.midnight, DAY)
            if at_work(hours, weekday_of(self.start.weekday(), day), clock):
                return at
            later = day if clock < OPENS else day + 1
            at = self.midnight + later * DAY + OPENS + 20 * MINUTE + dice.below(2 * HOUR)


def free_id(noun: str, seed: int, names: tuple[str, ...], taken: set[str]) -> str:
    """The first id drawn from the names that is not taken, which it then is."""
    attempt = 0
    while (made := drawn_id(noun, seed, *names, str(attempt))) in taken:
        attempt += 1
    taken.add(made)
    return made
