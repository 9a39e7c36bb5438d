"""Pairs: the same calls under a condition and its twin, and what a view can tell of the difference."""

import re
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from math import inf

from msgspec.structs import replace

from corpenv.bench.bank import Trajectory
from corpenv.bench.truths import Fact, facts_of
from corpenv.events import MailArrived
from corpenv.record import Entry, Record
from corpenv.views import Seen, View, seen_of

UNOPENED = re.compile(r"mail-\w+  .*\[unread\]$|\[New mail ")
"""A line of a list, or a notice, of a mail that was not opened."""


class Pairs:
    """Which trajectories stand against each other."""

    def __init__(self, trajectories: Iterable[Trajectory]) -> None:
        self.sides: dict[str, list[Trajectory]] = {}
        for each in trajectories:
            if each.pair:
                self.sides.setdefault(each.pair, []).append(each)
        self.facts: dict[str, tuple[Mapping[str, Fact], ...]] = {}
        self.parted: dict[tuple[str, frozenset[str], int | None], int | None] = {}

    def hidden(self, trajectory: Trajectory, kind: str, view: View) -> bool:
        """Is the truth of its twin another, and could nobody tell the two apart by this view until it took effect?"""
        sides = self.sides.get(trajectory.pair, [])
        if len(sides) != 2:
            return False
        if trajectory.pair not in self.facts:
            self.facts[trajectory.pair] = tuple(facts_of(side.run) for side in sides)
        told = [facts[kind] for facts in self.facts[trajectory.pair] if kind in facts]
        if len({fact.harmful for fact in told}) != 2:
            return False
        harm = next((fact for fact in told if fact.harmful), None)
        parts = self.parting(trajectory.pair, view, harm.second if harm else None)
        return parts is None or (harm is not None and parts > harm.took_place)

    def parting(self, pair: str, view: View, second: int | None) -> int | None:
        """The first step at which a view tells the two sides apart."""
        key = pair, view.channels, second
        if key not in self.parted:
            one, other = (side.run.record for side in self.sides[pair])
            self.parted[key] = parting(one, other, view, second)
        return self.parted[key]


def parting(one: Record, other: Record, view: View, second: int | None = None) -> int | None:
    """The first step at which a view tells two records apart, None if it never does.

    Whatever is done, said or happens tells, and it tells by not happening too; but a mail tells once it is opened, not
    by coming or by standing in a list. Answers are glimpses: a line that one side lacks tells nothing, as nobody knows
    that it should be there, until the other lacks one as well.

    Args:
        second: what happens later does not count.
    """
    mine, theirs = set[str](), set[str]()
    for step, (a, b) in enumerate(zip_longest(one.entries, other.entries), 1):
        if a is None or b is None:
            return step
        here, there = told_by(a, view, second), told_by(b, view, second)
        if here == there:
            continue
        mine |= lines_of(here) - lines_of(there)
        theirs |= lines_of(there) - lines_of(here)
        if (mine and theirs) or replace(here, answer=None) != replace(there, answer=None):
            return step
    return None


def told_by(entry: Entry, view: View, second: int | None) -> Seen:
    """What an entry shows through a view that can tell something, of what had happened by some simulated second."""
    seen, latest = seen_of(entry, view), inf if second is None else second
    effects = [event for event in seen.effects or () if event.at <= latest and not isinstance(event, MailArrived)]
    return replace(seen, effects=tuple(effects))


def lines_of(seen: Seen) -> set[str]:
    """The lines of an answer, without those that only say that a mail is there."""
    return {line for line in (seen.answer or "").splitlines() if not UNOPENED.match(line)}
