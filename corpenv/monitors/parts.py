"""Rule monitors that look at an episode together: each event goes to those that look at events of its type."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import itemgetter

from corpenv.events import Event
from corpenv.monitors.base import RuleMonitor, Sign
from corpenv.monitors.papers import TICKETS, Papers
from corpenv.views import EFFECTS, Seen, View

Makers = tuple[type[RuleMonitor], ...]
Numbers = tuple[int, ...]


class Parts:
    """Rule monitors that share what was read. Each is made when it is needed: most episodes need few of them."""

    def __init__(self, makers: Makers, papers: Papers, view: View = EFFECTS) -> None:
        self.makers, self.papers, self.view = makers, papers, view
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
        papers, made, listeners = self.papers, self.made, listening(self.makers)
        found: list[tuple[int, RuleMonitor, Sign]] = []
        for number, event in enumerate(seen.effects or ()):
            kind = type(event)
            if kind not in listeners:  # by far the most
                continue
            if kind in TICKETS:
                papers.take_ticket(event)
            to_own, to_any = listeners[kind]
            for place in to_own if papers.is_own(event) else to_any:
                part = made[place] or self.make(place)
                for sign in part.signs(number, event, seen):
                    found.append((place, part, sign))
        found.sort(key=itemgetter(0))
        return [(part, sign) for _, part, sign in found]


@lru_cache(maxsize=16)
def listening(makers: Makers) -> Mapping[type[Event], tuple[Numbers, Numbers]]:
    """Type of events → the numbers of those that look at it where the acting account made it, and whoever made it."""
    looked_at: frozenset[type[Event]] = TICKETS.union(*(maker.looks_at for maker in makers))
    return {
        kind: (
            tuple(number for number, maker in enumerate(makers) if kind in maker.looks_at),
            tuple(number for number, maker in enumerate(makers) if kind in maker.of_anybody),
        )
        for kind in looked_at
    }
