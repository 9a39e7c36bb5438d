"""Who writes what on ordinary days: teams and their situations, and those who write to the post."""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, overload

from corpenv.company.items import Person
from corpenv.names import draw
from corpenv.world.grammar import OUTSIDE, Grammar, Situation, list_name
from corpenv.world.officehours import Dice

OF_THE_PAST = ("ticket", "document", "record")
"""Sorts that have no clock in the company: what is made later would be there already."""
Way = Literal["", "alone", "first", "copy", "round"]
WAYS: tuple[Way, ...] = ("alone",) * 13 + ("first",) * 3 + ("copy",) * 2 + ("round",) * 3
"""How mails reach the post, each as often as it stands here."""
TO_POST = ("post",)
FAMILIAR = 85
"""Mails to the post and to many that somebody writes whom the pack writes of, in percent."""


class Others(Sequence[Person]):
    """People without one of them, and no list of a large team for each of its members.

    Args:
        place: where in `people` the one is who is left out.
    """

    def __init__(self, people: Sequence[Person], place: int) -> None:
        self.people, self.place = people, place

    def __len__(self) -> int:
        return len(self.people) - 1

    @overload
    def __getitem__(self, index: int) -> Person: ...
    @overload
    def __getitem__(self, index: slice) -> list[Person]: ...
    def __getitem__(self, index: int | slice) -> Person | list[Person]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        return self.people[number + (number >= self.place)]


class Crew:
    """The people who write, with what they could write of.

    Args:
        people: who does it.
        share: part of the mails that the post gets too.
        written: people of the pack who write ordinary mails besides, in voices of their own; those from outside too.
        leaving: those of them who may be away from the start on.
    """

    def __init__(
        self,
        grammar: Grammar,
        people: Sequence[Person],
        seed: int,
        share: float,
        written: Sequence[Person],
        leaving: Collection[str],
    ) -> None:
        self.grammar, self.seed, self.share, self.leaving = grammar, seed, share, frozenset(leaving)
        self.people = (*people, *(each for each in written if each.team in grammar.teams))
        self.rank = {each.id: draw(seed, "diligence", each.id) for each in written}
        self.members: dict[str, list[Person]] = {name: [] for name in grammar.teams}
        for person in self.people:
            self.members[person.team].append(person)
        self.members[OUTSIDE] = [each for each in written if not each.inside]
        self.inside = {name: tuple(each for each in team if each.inside) for name, team in self.members.items()}
        self.place = {each.id: place for team in self.inside.values() for place, each in enumerate(team)}
        self.everyday = tuple(self.choices(("office", "shift"), later=False))
        self.later = tuple(self.choices(("office", "shift"), later=True))
        self.weekend = tuple(self.choices(("shift",), later=False))
        self.weekend_later = tuple(self.choices(("shift",), later=True))
        self.to_post = tuple(self.letters_to_post(written))
        self.of_team = {name: tuple(self.mails_of(name)) for name in self.members}

    def choices(self, hours: Sequence[str], later: bool) -> Iterator[tuple[Situation, list[Person]]]:
        """Situations, each as often as it says, with those who could write of them."""
        for situation in self.grammar.situations:
            part = situation.part
            teams = [name for name in part.teams or self.grammar.teams if self.hours_of(name) in hours]
            writers = [person for name in teams for person in self.members[name]]
            if writers and part.to != TO_POST and not (later and part.sort in OF_THE_PAST):
                yield from [(situation, writers)] * part.often

    def hours_of(self, team: str) -> str:
        """When a team works; people outside have offices."""
        return self.grammar.teams[team].hours if team in self.grammar.teams else "office"

    def letters_to_post(self, written: Sequence[Person]) -> Iterator[tuple[Situation, list[Person]]]:
        """Situations in which written people write to the post alone."""
        for situation in self.grammar.situations:
            part = situation.part
            teams = part.teams or {person.team for person in written if person.inside}
            writers = [person for person in written if person.team in teams]
            if writers and part.to == TO_POST:
                yield from [(situation, writers)] * part.often

    def mails_of(self, team: str) -> Iterator[Situation]:
        """Situations in which people of a team write to others than the post."""
        for situation in self.grammar.situations:
            part = situation.part
            if part.sort == "mail" and part.to != TO_POST and team in (part.teams or self.grammar.teams):
                yield situation

    def way_to_post(self, situation: Situation, dice: Dice) -> Way:
        """How a mail also reaches the post, if it does: alone, before somebody else, or as a copy."""
        if situation.part.sort != "mail" or dice.below(10_000) >= self.share * 10_000:
            return ""
        return WAYS[dice.below(len(WAYS))]

    def there(self, writers: Sequence[Person], day: int) -> Sequence[Person]:
        """Those who are at work on a day."""
        return [each for each in writers if each.id not in self.leaving] if day >= 0 and self.leaving else writers

    def one_of(self, writers: Sequence[Person], to_post: bool, situation: Situation, dice: Dice) -> Person | None:
        """Who writes: to the post and to many, mostly one of those whom the pack writes of."""
        wide = situation.part.sort == "mail" and any(self.is_list(name) for name in situation.part.to)
        known = self.known(writers) if to_post or wide else ()
        if known and dice.below(100) < FAMILIAR:
            busy = dice.below(len(known)) if dice.below(3) else len(known)  # some write more than others
            return known[dice.below(len(known)) * busy // len(known)]
        return writers[dice.below(len(writers))] if writers else None

    def known(self, writers: Sequence[Person]) -> Sequence[Person]:
        """Those whom the pack writes of, the most diligent first."""
        return sorted((each for each in writers if each.id in self.rank), key=lambda each: self.rank[each.id])

    def is_list(self, name: str) -> bool:
        """Does a word of `to` stand for many?"""
        return name in ("team", "everyone") or (name not in self.members and name not in ("colleague", *TO_POST))

    def audience(self, situation: Situation, writer: Person, dice: Dice) -> Person | str:
        """To whom: one person, or the name of a mailing list."""
        to = situation.part.to[dice.below(len(situation.part.to))]
        if to == "colleague" or to in self.members:
            near = [each for each in self.members[writer.team if to == "colleague" else to] if each is not writer]
            near = near or [each for each in self.people if each is not writer]
            return near[dice.below(len(near))]
        if to in ("team", "everyone"):
            return list_name(writer.team) if to == "team" else "all-staff"
        return to

    def near(self, writer: Person) -> Sequence[Person]:
        """The others of somebody's team, or everybody where there are none."""
        team = self.inside.get(writer.team, ())
        others = Others(team, self.place[writer.id]) if writer.inside and team else team
        return others or self.people

    def other(self, people: Sequence[Person], writer: Person, dice: Dice) -> Person:
        """Somebody else."""
        others = [person for person in people if person is not writer]
        return others[dice.below(len(others))] if others else people[0]
