"""People and what they write in numbers, made once from the world's own seed and shared by every episode.

Ordinary office work about ordinary things: who told whom, about what. No plot.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from corpenv.company.items import Comment, Document, Mail, Meeting, Message, Person, Record, Ticket
from corpenv.errors import UnknownName
from corpenv.names import draw, drawn_id
from corpenv.world.background import Background, Piece
from corpenv.world.backgroundparts import BackgroundPart
from corpenv.world.crew import TO_POST
from corpenv.world.faults import checked
from corpenv.world.forms import Written
from corpenv.world.grammar import OUTSIDE, Grammar, audience_faults, list_name, usable
from corpenv.world.officehours import DAY, Dice
from corpenv.world.parts import Parts, PopulationPart
from corpenv.world.piles import Pile, Reaches, pile_of
from corpenv.world.resolve import Condition, fault_line, holds_under
from corpenv.world.wellknown import is_well_known
from corpenv.yamlfile import read

T = TypeVar("T")

TAKEN = ("bb44bf07cf9a2db0", "4135aa9dc1b842a6", "e1fc45f7880e0505")
"""First names that published studies have made known, as the beginnings of hashes: nobody is called so."""
NEUTRAL = Path(__file__).with_name("neutral.yaml")
"""The grammar of worlds that bring none."""


class Ordinary(NamedTuple):
    """What is written on ordinary days, by sort, oldest first.

    Attributes:
        mails: those to mailing lists say nobody in `delivered`: whom lists reach is a matter of the condition.
        messages: name of a channel → what is said in it.
        a_day: how many there are of a day.
    """

    mails: tuple[Mail, ...] = ()
    messages: dict[str, tuple[Message, ...]] = {}
    tickets: tuple[Ticket, ...] = ()
    documents: tuple[Document, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    records: tuple[Record, ...] = ()
    a_day: int = 0


def neutral() -> BackgroundPart:
    """The grammar of worlds that bring none."""
    document = read(NEUTRAL, NEUTRAL.name)
    part: BackgroundPart = checked(BackgroundPart, document)
    part.note(Written(document))
    return part


def chosen(parts: Iterable[PopulationPart], condition: Condition) -> PopulationPart:
    """What a `population.yaml` asks for under a condition: an item without `if_level` begins anew, others change it."""
    asked = PopulationPart()
    for part in parts:
        if not part.if_level:
            asked = part
        elif holds_under(part.if_level, condition):
            asked = asked.model_copy(update={"a_day": part.a_day})
    return asked


def background_faults(parts: Parts, grammar: Grammar | None) -> Iterator[str]:
    """What is wrong with a `background.yaml`, and with levels of noise that nobody could make."""
    people = chosen(parts.population, {}).people
    for each in parts.population:
        if each.if_level and each.a_day and people < 2:
            yield f"{each.place('a_day')}: a_day: needs an item before it, without 'if_level', that has 'people'"
    if grammar:
        yield from grammar.faults
        yield from voice_faults(parts, grammar)
        closed = {channel.id: bool(channel.members) for channel in parts.channels}
        registers = [register.id for register in parts.registers]
        yield from audience_faults(grammar, [each.id for each in parts.lists], closed, registers)


def voice_faults(parts: Parts, grammar: Grammar) -> Iterator[str]:
    """People with a voice of their own who are not there, or not always."""
    always = {each.id for each in parts.people if not each.if_level}
    for name in grammar.part.voices.people:
        if name not in always:
            told = UnknownName("person who is there at every level", name, always)
            yield fault_line(grammar.part, ("voices", "people", name), str(told))


def written_people(parts: Parts, grammar: Grammar | None, domain: str) -> tuple[Person, ...]:
    """The people of a pack who write ordinary mails: those with a voice of their own."""
    voices = grammar.own_voices if grammar else {}
    return tuple(
        Person(each.id, each.name, each.address or f"{each.id}@{domain}", each.role, OUTSIDE, sort=each.sort)
        if each.sort == "outside"
        else Person(each.id, each.name, each.address or f"{each.id}@{domain}", each.role, each.team)
        for each in parts.people
        if each.id in voices and not each.if_level and each.sort in ("human", "outside")
    )


def leaving_people(parts: Parts) -> frozenset[str]:
    """Accounts whose holders may be away: by themselves, or because of an action."""
    doings = [doing for planned in parts.schedule for doing in planned.do]
    doings += [doing for reaction in parts.reactions for doing in reaction.do]
    return frozenset(
        (*(each.id for each in parts.people if each.away), *(doing.person for doing in doings if doing.person))
    )


class Population:
    """The people of a world that nobody wrote by hand, and what they write.

    Args:
        part: what is asked for where no level says otherwise.
        known: accounts and addresses that somebody authored: nobody else gets them.
        grammar: what they write about; without it, neutral things.
        starts: calendar text of second 0.
        written: people of the pack who write ordinary mails as well; `leaving` are those who may be away.
    """

    def __init__(
        self,
        part: PopulationPart | None,
        seed: int,
        domain: str,
        known: Collection[str] = (),
        grammar: Grammar | None = None,
        starts: str = "2031-03-03 09:00",
        written: Sequence[Person] = (),
        leaving: Collection[str] = (),
    ) -> None:
        self.part, self.seed, self.domain, self.known = part or PopulationPart(), seed, domain, known
        self.written_people, self.leaving = written, leaving
        self._grammar, self.starts = grammar, starts
        self._mails: dict[str, tuple[Mail, ...]] = {}
        self._ordinary: dict[tuple[str, int], Ordinary] = {}
        self._piles: dict[tuple[str, int, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]], Pile] = {}
        self._elsewhere: dict[str, Population] = {}

    @cached_property
    def grammar(self) -> Grammar:
        """What they write about, and how."""
        return usable(self._grammar or Grammar(neutral()))

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The people, each with an account of their own."""
        if not self.part.people:
            return ()
        from faker import Faker  # takes longer to import than most worlds to load

        faker = Faker("en_GB")
        faker.seed_instance(self.seed)
        seats, teams = self.grammar.seats, self.grammar.teams
        made: dict[str, Person] = {}
        for number in range(self.part.people):
            first, last = faker.first_name(), faker.last_name()
            while sha256(first.lower().encode()).hexdigest()[:16] in TAKEN:
                first = faker.first_name()
            while is_well_known(f"{first} {last}"):
                last = faker.last_name()
            account = self.free(f"{first}.{last}".lower().replace(" ", "-").replace("'", ""), number, made)
            team = seats[draw(self.seed, "team", str(number)) % len(seats)]
            roles = teams[team].roles
            role = roles[draw(self.seed, "role", str(number)) % len(roles)]
            made[account] = Person(account, f"{first} {last}", f"{account}@{self.domain}", role, team)
        return tuple(made.values())

    def free(self, account: str, number: int, made: Collection[str]) -> str:
        """The account itself, or with a number, so that nobody else has it."""
        name = account
        while name in made or name in self.known or f"{name}@{self.domain}" in self.known:
            name, number = f"{account}{number}", number + 1
        return name

    def at(self, starts: str) -> "Population":
        """The same people in a company that starts at another moment."""
        if starts == self.starts:
            return self
        if starts not in self._elsewhere:
            other = Population(self.part, self.seed, self.domain, self.known, self._grammar, starts)
            other.written_people, other.leaving = self.written_people, self.leaving
            other.people = self.people
            self._elsewhere[starts] = other
        return self._elsewhere[starts]

    @cached_property
    def work(self) -> Background:
        """What the people write of."""
        share, written = self.part.share, self.written_people
        return Background(self.grammar, self.people, self.seed, self.starts, share, written, self.leaving)

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The mailing list of each team, with those of its people that are made in numbers."""
        members: defaultdict[str, list[str]] = defaultdict(list)
        for person in self.people:
            members[list_name(person.team)].append(person.id)
        return {name: tuple(accounts) for name, accounts in members.items()}

    # a number of mails ------------------------------------------------------------------------------------

    def mails(self, agent: str, taken: Iterable[str]) -> tuple[Mail, ...]:
        """The mails: between the people, and for the post's mailbox its share. None has an id that is `taken`."""
        if agent not in self._mails:
            self._mails[agent] = tuple(self.written(agent, set(taken)))
        return self._mails[agent]

    def written(self, agent: str, taken: set[str]) -> Iterator[Mail]:
        """The mails, one by one."""
        people, part = self.people, self.part
        if not people or not part.mails:
            return
        parts = ((each, each.part) for each in self.grammar.situations)
        situations = [each for each, part in parts if part.sort == "mail" and part.to != TO_POST]
        for number in range(part.mails):
            bits = draw(self.seed, "mail", str(number))
            sender, bits = people[bits % len(people)], bits // len(people)
            reader, bits = people[bits % len(people)], bits // len(people)
            to = agent if bits % 10_000 < part.share * 10_000 else reader.id
            at = -60 - draw(self.seed, "at", str(number)) % (part.days * 86_400)
            mail_id, attempt = drawn_id("mail", self.seed, "population", str(number)), 0
            while mail_id in taken:
                attempt += 1
                mail_id = drawn_id("mail", self.seed, "population", str(number), str(attempt))
            taken.add(mail_id)
            names, dice = ("letter", str(number)), Dice(self.seed, "letter", str(number))
            talk = self.work.talk(situations[dice.below(len(situations))], sender, at, dice.below(1000), names)
            subject = self.work.writer.subject(talk, sender, dice)
            body = self.work.writer.letter(talk, sender, reader if to == reader.id else None, dice)
            yield Mail(mail_id, at, sender.id, (to,), subject, body, (to,))

    # ordinary days ----------------------------------------------------------------------------------------

    def ordinary(self, a_day: int, agent: str, taken: Iterable[str]) -> Ordinary:
        """What is written on the days before and after the start, `a_day` items each. No id is one of those `taken`."""
        if not a_day or not self.people:
            return Ordinary()
        key = (agent, a_day)
        if key not in self._ordinary:
            days = range(-self.part.days, self.part.ahead + 1)
            used = {*taken, *(mail.id for mail in self._mails.get(agent, ()))}
            self._ordinary[key] = sorted_out(self.work.pieces(a_day, days, agent, used))._replace(a_day=a_day)
        return self._ordinary[key]

    # folders ----------------------------------------------------------------------------------------------

    def pile(self, ordinary: Ordinary, agent: str, taken: Iterable[str], reaches: Reaches) -> Pile:
        """All mails in their folders, made once for each way in which mailing lists reach people."""
        lists = dict.fromkeys(mail.to for mail in ordinary.mails if not mail.delivered)
        reached = {to: reaches(to) for to in lists}
        key = (agent, ordinary.a_day, tuple(reached.items()))
        if key not in self._piles:
            mails = (mail if mail.delivered else replace(mail, delivered=reached[mail.to]) for mail in ordinary.mails)
            self._piles[key] = pile_of(self.mails(agent, taken), mails, agent, self.part.kept * DAY)
        return self._piles[key]


def sorted_out(pieces: Iterable[Piece]) -> Ordinary:
    """Items by sort, with the remarks under their tickets."""
    inorder = sorted(pieces, key=lambda piece: piece.at)
    remarks: defaultdict[str, list[Comment]] = defaultdict(list)
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    for piece in inorder:
        if isinstance(piece.item, Comment):
            remarks[piece.place].append(piece.item)
        elif isinstance(piece.item, Message):
            messages[piece.place].append(piece.item)
    return Ordinary(
        of_sort(inorder, Mail),
        {name: tuple(said) for name, said in sorted(messages.items())},
        tuple(replace(each, comments=tuple(remarks[each.id])) for each in of_sort(inorder, Ticket)),
        of_sort(inorder, Document),
        of_sort(inorder, Meeting),
        of_sort(inorder, Record),
    )


def of_sort(pieces: Iterable[Piece], sort: type[T]) -> tuple[T, ...]:
    """The items of one sort."""
    return tuple(piece.item for piece in pieces if isinstance(piece.item, sort))
