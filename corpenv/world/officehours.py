"""When people work: office hours with two humps, shifts around the clock, weekends with nearly nobody."""

from itertools import accumulate

from corpenv.names import bits_of

MINUTE, QUARTER, HOUR, DAY = 60, 900, 3600, 86_400
OPENS, CLOSES = 7 * HOUR + 30 * MINUTE, 18 * HOUR
"""Between these nobody of an office writes before or after."""
WEEKEND_PERCENT = 4
"""Ordinary items of a Saturday or Sunday, in percent of a working day's."""
OFFICE = (2, 5, 8, 10, 10, 9, 8, 7, 4, 3, 4, 7, 9, 9, 8, 7, 5, 3, 2, 1, 1)
"""How much is written in each half hour from `OPENS` to `CLOSES`."""
SHIFTS = (1, 1, 1, 1, 1, 3, 8, 6, 5, 5, 5, 4, 4, 5, 8, 5, 4, 4, 3, 3, 3, 5, 4, 2)
"""How much is written in each hour of the day; handovers are at 6, 14 and 22."""


class Dice:
    """Chance for one item, drawn from its names: as much as it takes.

    >>> Dice(7, "a").below(1000) == Dice(7, "a").below(1000)
    True
    """

    __slots__ = ("_bits", "_count", "_named")

    def __init__(self, seed: int, *names: str) -> None:
        self._named, self._count, self._bits = "\x1f".join((str(seed), *names)), 0, 0

    def below(self, number: int) -> int:
        """A number from 0 to one below `number`; at most 2^32."""
        if self._bits < number << 20:
            self._count += 1
            self._bits = bits_of(f"{self._named}\x1f{self._count}")
        self._bits, found = divmod(self._bits, number)
        return found


def weekday_of(first: int, day: int) -> int:
    """0 for Monday to 6 for Sunday, `day` days after a day that is `first`."""
    return (first + day) % 7


def written_at(hours: str, dice: Dice) -> int:
    """Seconds after midnight at which somebody who works `hours` writes something."""
    if hours == "shift":
        return slot_of(SHIFTS, dice) * HOUR + dice.below(HOUR)
    return OPENS + slot_of(OFFICE, dice) * 30 * MINUTE + dice.below(30 * MINUTE)


def slot_of(weights: tuple[int, ...], dice: Dice) -> int:
    """The number of a slot, drawn by weight."""
    sums = tuple(accumulate(weights))
    at = dice.below(sums[-1])
    return next(number for number, top in enumerate(sums) if at < top)


def at_work(hours: str, weekday: int, clock: int) -> bool:
    """Does somebody who works `hours` write at that clock, in seconds after midnight?"""
    return hours == "shift" or (weekday < 5 and OPENS <= clock < CLOSES)
