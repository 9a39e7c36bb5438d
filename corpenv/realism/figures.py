"""How real a world reads, as figures: how much of it is ordinary, how much is plot, how much repeats itself."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from corpenv.names import draw
from corpenv.realism.prose import LONG, Prose, masked, phrases_in, prose, sentences_in, share, words_in
from corpenv.realism.texts import Written, texts_of
from corpenv.world import Scenario
from corpenv.world.population import chosen

DRAWN = 5
"""Plot items that are compared with everything else that was authored."""
DAY = 86_400


class Ordinary(NamedTuple):
    """Ordinary items of one sort: those without a plot, authored ones too.

    Attributes:
        items: in all.
        working_day: on the mean of the working days before the start; `weekend` likewise.
        reach: of those of a working day, what the post could come upon.
        mean_words: of one.
    """

    items: int
    working_day: float
    weekend: float
    reach: float
    mean_words: float


class Plot(NamedTuple):
    """The part of a world that is plot; shares are between 0 and 1.

    Attributes:
        share_of_items: of everything that is there or will come; `share_of_words` likewise.
        share_in_reach: of the words the post could come upon.
        systems: sort → plot items of it.
    """

    items: int
    share_of_items: float
    share_of_words: float
    share_in_reach: float
    systems: Mapping[str, int]


class Shared(NamedTuple):
    """Words that a plot item has in common with another authored item: a sentence, or five words in a row."""

    item: str
    other: str
    words: str


class Realism(NamedTuple):
    """The figures of one scenario under one condition.

    Attributes:
        ordinary: sort → how much of it is ordinary.
        background: sort → its prose, where it is made in numbers; `all` together.
        authored: the same of what was written by hand.
        drawn: the plot items that were compared with the rest; `shared` is what they have in common with it.
    """

    scenario: str
    condition: Mapping[str, str]
    ordinary: Mapping[str, Ordinary]
    plot: Plot
    background: Mapping[str, Prose]
    authored: Mapping[str, Prose]
    drawn: tuple[str, ...]
    shared: tuple[Shared, ...]


def realism(scenario: Scenario, levels: Mapping[str, str] | str | None = None, seed: int = 0) -> Realism:
    """The figures of a scenario.

    Args:
        levels: what differs from the default condition, or `"baseline"`.
        seed: draws the plot items that are compared with the rest.

    Raises:
        PackError: the pack does not hold together under this condition.
    """
    condition = scenario.condition(levels)
    texts, names = texts_of(scenario, condition), names_of(scenario, condition)
    made = [each for each in texts if not each.authored]
    authored = [each for each in texts if each.authored]
    drawn, shared = compared(authored, seed)
    return Realism(
        scenario.id,
        condition,
        ordinary_of(scenario, condition, [each for each in texts if not each.plot]),
        plot_of(texts),
        prose_of(made, names),
        prose_of(authored, names),
        drawn,
        shared,
    )


def names_of(scenario: Scenario, condition: Mapping[str, str]) -> frozenset[str]:
    """Every word that fills slots: names of people, and the word lists of the background."""
    facts = scenario.start(condition).company.world
    population = scenario.world.population
    lists = population.grammar.word_lists if population.people else ()
    said = (*(person.name for person in facts.people.values()), *(word for each in lists for word in each))
    return frozenset(word for text in said for word in words_in(text))


def days_of(scenario: Scenario, condition: Mapping[str, str]) -> tuple[int, dict[int, bool]]:
    """Midnight before the start, and the whole days before it: is this one a working day?"""
    start = datetime.fromisoformat(scenario.starts)
    midnight = -(start.hour * 3600 + start.minute * 60)
    asked = chosen(scenario.world.parts.population, condition)
    days = range(-asked.days, 0) if asked.a_day or asked.mails else range(-7, 0)
    return midnight, {day: (start + timedelta(days=day)).weekday() < 5 for day in days}


def ordinary_of(scenario: Scenario, condition: Mapping[str, str], texts: Iterable[Written]) -> dict[str, Ordinary]:
    """Ordinary items by sort, and all together."""
    midnight, days = days_of(scenario, condition)
    sorts: dict[str, list[Written]] = {"all": []}
    for each in texts:
        sorts["all"].append(each)
        sorts.setdefault(each.sort, []).append(each)
    made = {}
    for sort, items in sorts.items():
        every, near = Counter[bool](), Counter[bool]()
        for each in items:
            works = days.get((each.at - midnight) // DAY)
            if works is not None:
                every[works] += 1
                near[works] += each.reach
        working = sum(days.values())
        words = sum(len(words_in(each.text)) for each in items)
        made[sort] = Ordinary(
            len(items),
            share(every[True], working),
            share(every[False], len(days) - working),
            share(near[True], working),
            share(words, len(items)),
        )
    return made


def plot_of(texts: Iterable[Written]) -> Plot:
    """How much of everything is plot, and where it stands."""
    words, near, items = Counter[bool](), Counter[bool](), Counter[bool]()
    systems = Counter[str]()
    for each in texts:
        length = len(words_in(each.text))
        items[each.plot] += 1
        words[each.plot] += length
        near[each.plot] += length if each.reach else 0
        systems[each.sort] += each.plot
    return Plot(
        items[True],
        share(items[True], items.total()),
        share(words[True], words.total()),
        share(near[True], near.total()),
        {sort: count for sort, count in sorted(systems.items()) if count},
    )


def prose_of(texts: Iterable[Written], names: frozenset[str]) -> dict[str, Prose]:
    """Figures of prose by sort, and of all together."""
    sorts: dict[str, list[str]] = {"all": []}
    for each in texts:
        sorts["all"].append(each.text)
        sorts.setdefault(each.sort, []).append(each.text)
    return {sort: prose(bodies, names) for sort, bodies in sorts.items()}


def compared(authored: Iterable[Written], seed: int) -> tuple[tuple[str, ...], tuple[Shared, ...]]:
    """Five plot items that the seed draws, and what the prose of each has in common with another authored item's."""
    items = [each for each in authored if each.prose]
    plot = sorted((each for each in items if each.plot), key=lambda each: (draw(seed, "realism", each.name), each.name))
    drawn = plot[:DRAWN]
    found = [one for item in drawn for other in items if other is not item for one in in_common(item, other)]
    return tuple(each.name for each in drawn), tuple(found)


def in_common(item: Written, other: Written) -> list[Shared]:
    """Sentences of both that are more than a greeting or a name, or else the first five words in a row of both."""
    (own, phrases), (theirs, known) = traits_of(item.prose), traits_of(other.prose)
    same = [each for mask, each in own.items() if mask in theirs and len(words_in(each)) >= LONG]
    if same:
        return [Shared(item.name, other.name, each) for each in same]
    phrase = next((each for each in phrases if each in known), None) if phrases.keys() & known.keys() else None
    return [Shared(item.name, other.name, " ".join(phrase))] if phrase else []


@lru_cache(maxsize=2048)
def traits_of(prose: str) -> tuple[dict[str, str], dict[tuple[str, ...], None]]:
    """What tells texts that are alike: sentences by their masks, and the words in a row, both in order."""
    masks = {masked(each, frozenset()): each for each in sentences_in(prose)}
    return masks, dict.fromkeys(phrases_in(prose))
