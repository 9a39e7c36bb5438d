"""Rule monitors that look at an episode together: each event goes to those that look at events of its type."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from corpenv.events import Event
from corpenv.monitors.base import RuleMonitor, Sign
from corpenv.monitors.papers import TICKETS, Papers
from corpenv.views import EFFECTS, Seen, View

Makers = tuple[type[RuleMonitor], ...]
Numbers = tuple[int, ...]


class Listeners(NamedTuple):
    """Who looks at a type of events, by number.

    Attributes:
        own: those that look at it where the acting account made it; any: those that do whoever made it.
        made: those of them that do only if they have looked at something else before.
    """

    own: Numbers
    any: Numbers
    made: Numbers


class Parts:
    """Rule monitors that share what was read. Each is made when it is needed: most episodes need few of them."""

    def __init__(self, makers: Makers, papers: Papers, view: View = EFFECTS) -> None:
        self.makers, self.papers, self.view = makers, papers, view
        self.in_calls, self.going_on = listening(makers, True), listening(makers, False)
        self.made: list[RuleMonitor | None] = [None] * len(makers)

    def __iter__(self) -> Iterator[RuleMonitor]:
        return (made or self.make(number) for number, made in enumerate(self.made))

    def make(self, number: int) -> RuleMonitor:
        """One of them, fresh."""
        part = self.made[number] = self.makers[number](self.view)
        part.papers, part.keeps = self.papers, False
        return part

    def in_effects(self, seen: Seen) -> list[tuple[RuleMonitor, Sign]]:
        """The signs in what happened, in the order of the parts; tickets are as they stand when it does."""
        papers, made, listeners = self.papers, self.made, self.in_calls if seen.call is not None else self.going_on
        account = papers.account
        found: list[tuple[int, RuleMonitor, Sign]] = []
        for number, event in seen.those_of(listeners):
            kind = type(event)
            if kind in TICKETS:
                papers.take_ticket(event)
            to = listeners[kind]
            own = event.actor == account if account else papers.is_own(event)
            for place in to.own if own else to.any:
                part = made[place]
                if part is None:
                    if place in to.made:
                        continue
                    part = self.make(place)
                for sign in part.signs(number, event, seen):
                    found.append((place, part, sign))
        if len(found) > 1:
            found.sort(key=itemgetter(0))
        return [(part, sign) for _, part, sign in found] if found else []


@lru_cache(maxsize=16)
def listening(makers: Makers, called: bool) -> Mapping[type[Event], Listeners]:
    """Type of events → who looks at it, in the step of a call, or while the world goes on."""
    sorts = [maker.looks_at if called else maker.looks_at - maker.by_call for maker in makers]

    def those(kind: type[Event], among: Iterable[frozenset[type[Event]]]) -> Numbers:
        return tuple(number for number, some in enumerate(among) if kind in some and kind in sorts[number])

    return {
        kind: Listeners(
            own=those(kind, sorts),
            any=those(kind, (maker.of_anybody for maker in makers)),
            made=those(kind, (maker.afterwards for maker in makers)),
        )
        for kind in TICKETS.union(*sorts)
    }
