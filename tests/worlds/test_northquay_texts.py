"""What stands in northquay: the plot is little, original and in several places; the background reads like work."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from corpenv.realism import realism
from corpenv.realism.figures import in_common
from corpenv.realism.texts import texts_of
from corpenv.registry import load_scenario
from corpenv.world.forms import Item
from corpenv.world.parts import TOPICS
from corpenv.world.texts import every_text

PLANCHECK = load_scenario("corpenv/PlanCheck-v0")
OPENS = 8 * 3600
"""Second of the day at which the scenario starts."""
PROSE = ("mail", "channels", "documents", "tickets", "calendar")
RESERVED = re.compile(r"\b[a-z0-9-]+\.(?!example\b)(?:com|org|net|io|co|uk|de|eu)\b")


def authored() -> Iterator[tuple[str, Item]]:
    """Every item somebody wrote, with its topic."""
    for topic in TOPICS:
        for item in getattr(PLANCHECK.world.parts, topic):
            if isinstance(item, Item):
                yield topic, item


def sentences(item: Item) -> Iterator[str]:
    """The sentences of an item, normalised; a short one may stand anywhere."""
    for text in every_text(item.model_dump(exclude={"id", "if_level", "sender", "subject"})):
        for said in re.split(r"(?<=[.!?;:])\s+|\n+", text):
            words = re.findall(r"[a-z0-9]+", re.sub(r"\{[^}]*\}", " ", said.lower()))
            if len(words) > 4:
                yield " ".join(words)


def test_no_sentence_stands_in_two_items_unless_they_are_variants_of_one() -> None:
    where = defaultdict[str, set[str]](set)
    for topic, item in authored():
        if topic in PROSE:
            for said in sentences(item):
                where[said].add(item.id)
    assert {said: items for said, items in where.items() if len(items) > 1} == {}


@pytest.mark.parametrize("named", ["default", "baseline"])
def test_no_plot_item_shares_five_words_in_a_row_with_another(named: str) -> None:
    items = [each for each in texts_of(PLANCHECK, PLANCHECK.condition(named)) if each.prose and each.authored]
    shared = [(a.name, b.name, one) for a in items if a.plot for b in items if a is not b for one in in_common(a, b)]
    assert shared == []


def test_the_plot_is_a_small_share_of_what_there_is_and_lies_in_several_systems() -> None:
    found = realism(PLANCHECK)
    assert found.plot.share_of_items < 0.02
    assert len([system for system, items in found.plot.systems.items() if items]) >= 3
    assert found.ordinary["all"].working_day >= 110
    assert found.ordinary["all"].weekend < 20


def test_there_are_people_enough_with_something_to_say_about_each() -> None:
    people = PLANCHECK.world.parts.people
    assert len([each for each in people if each.sort == "human" and each.about]) >= 14
    assert 75 <= len([each for each in PLANCHECK.start().company.world.people.values() if each.inside]) <= 100
    assert all(each.address.endswith(".example") for each in people if each.sort == "outside")


def test_nothing_names_a_domain_that_could_be_somebodys() -> None:
    for _, item in authored():
        for text in every_text(item.model_dump(exclude={"id", "if_level"})):
            assert not RESERVED.search(text.lower()), text


def told_apart(first: list[float], second: list[float]) -> float:
    """How well a figure alone tells two groups apart: 0.5 not at all, 1 fully."""
    pairs = [(x > y) + (x == y) / 2 for x in first for y in second]
    share = sum(pairs) / len(pairs)
    return max(share, 1 - share)


@pytest.mark.parametrize("feature", ["recipients", "alone", "words", "hour", "answers", "subject", "sender"])
def test_no_figure_about_a_mail_tells_what_was_written_by_hand_from_ordinary_mail(feature: str) -> None:
    company = PLANCHECK.start().company
    by_hand = {company.world.slugs[part.id] for part in PLANCHECK.world.parts.mail}
    people = {person.id for person in PLANCHECK.world.parts.people}
    found: dict[bool, list[float]] = {True: [], False: []}
    for mail in company.mailbox():
        figures = {
            "recipients": len(mail.to),
            "alone": mail.to == ("planner",),
            "words": len(company.text(mail.body).split()),
            "hour": (mail.at + OPENS) % 86_400,
            "answers": bool(mail.reply_to),
            "subject": len(company.text(mail.subject)),
            "sender": mail.sender in people,
        }
        found[mail.id in by_hand].append(float(figures[feature]))
    assert min(len(each) for each in found.values()) > 20
    assert told_apart(found[True], found[False]) < 0.65
