"""Figures of realism: they count what is there, and change when it does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.realism import prose, realism
from corpenv.realism.prose import masked, phrases_in, sentences_in
from corpenv.realism.texts import texts_of

NAMES = frozenset({"mill", "fold", "ada"})


def test_sentences_that_differ_in_slots_alone_count_as_repeated():
    said = [
        "The main at Mill Fold burst at 03:40. Ada came.",
        "The main at Garth burst at 04:10.",
        "It was mended soon.",
    ]
    figures = prose(said, NAMES | {"garth"})

    assert figures.sentences == 3
    assert figures.repeated == pytest.approx(2 / 3, abs=1e-4)
    assert figures.most_repeated == ("the main at _ burst at _", 2)
    assert (figures.texts, figures.types) == (3, 17)


def test_masks_take_numbers_days_months_and_names():
    assert masked("Ada rang on Thursday 13 November about CL-204 at Mill Fold", NAMES) == "_ rang on _ about _ at _"


def test_nothing_said_is_nothing_measured():
    assert prose([], NAMES) == (0, 0, 0.0, 0, 0.0, 0, 0.0, ("", 0), (0.0, 0.0, 0.0))


@given(st.lists(st.text(alphabet="abc .\n", max_size=40), max_size=6))
def test_shares_lie_between_nothing_and_everything(texts):
    figures = prose(texts, NAMES)

    assert all(0 <= share <= 1 for share in (figures.repeated, figures.type_token, *figures.distinct))
    assert figures.types <= figures.words
    doubled = prose([*texts, *texts], NAMES)
    assert doubled.repeated == (1 if figures.sentences else 0)
    assert doubled.type_token <= figures.type_token


@given(st.text(alphabet="ab ", max_size=60))
def test_phrases_are_five_words_in_a_row(text):
    words = text.split()
    assert [" ".join(phrase) for phrase in phrases_in(text)] == [
        " ".join(words[at : at + 5]) for at in range(len(words) - 4)
    ]


def test_lines_and_sentences_of_three_words_count():
    assert list(sentences_in("Hi Ada,\n\nIt is late. Come. - A third of them\n\nBest")) == [
        "It is late.",
        "A third of them",
    ]


# worlds -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(mini):
    return mini.scenarios[0]


def test_plot_is_what_hangs_on_a_factor_or_carries_a_secret(small):
    texts = {each.name: each for each in texts_of(small, small.default)}

    carriers = {name for ids in small.start().company.world.carriers.values() for name in ids}
    slugs = {slug: item_id for slug, item_id in small.start().company.world.slugs.items() if slug in texts}
    assert carriers
    assert all(texts[slug].plot for slug, item_id in slugs.items() if item_id in carriers)
    assert texts["imres-switch"].plot
    assert not texts["deles-question"].plot


def test_every_text_of_the_company_is_counted_once(mini):
    scenario = mini.with_population(people=40, days=4, ahead=1, a_day=50).scenarios[0]
    facts, texts = scenario.start().company.world, texts_of(scenario, scenario.default)
    sorts = Counter(each.sort for each in texts)

    assert sorts["mail"] == len(facts.mail)
    assert sorts["ticket"] == len(facts.tickets)
    assert sorts["document"] == len(facts.documents)
    assert sorts["meeting"] == len(facts.meetings)
    assert sorts["chat"] == sum(len(channel.messages) for channel in facts.channels.values())
    assert sum(each.authored for each in texts) == len(texts_of(mini.scenarios[0], mini.scenarios[0].default))


def test_a_background_adds_ordinary_items_and_thins_the_plot(mini, small):
    busy = mini.with_population(people=40, days=7, ahead=1, a_day=50, share=0.2).scenarios[0]
    alone, among = realism(small), realism(busy)

    assert alone.plot.items == among.plot.items > 0
    assert alone.plot.systems == among.plot.systems
    assert among.plot.share_of_items < 0.1 < alone.plot.share_of_items
    assert 45 <= among.ordinary["all"].working_day <= 60
    assert among.ordinary["all"].weekend < 5
    assert among.ordinary["mail"].reach < among.ordinary["mail"].working_day
    assert alone.background["all"].texts == 0
    assert {sort: each.words for sort, each in among.authored.items()} == {
        sort: each.words for sort, each in alone.authored.items()
    }
    assert among.background["all"].repeated > among.authored["all"].repeated


def test_a_plot_item_that_repeats_another_is_named_with_the_words(mini, small):
    line = "We always do it the way the old bindery did it on Fridays."
    world = mini.with_mail("first-echo", "imre.sand", ["desk"], "One", f"{line} That is {{secret:leaving.house}}.")
    world = world.with_mail("second-echo", "imre.sand", ["desk"], "Two", f"Hello. {line}")
    scenario = world.scenarios[0]
    found = [each for seed in range(12) for each in realism(scenario, seed=seed).shared]

    assert ("first-echo", "second-echo", line) in found
    assert not any("echo" in each.item for each in realism(small).shared)


def test_figures_are_the_same_every_time(mini):
    worlds = [mini.with_population(people=20, days=3, a_day=20) for _ in range(2)]
    assert realism(worlds[0].scenarios[0]) == realism(worlds[1].scenarios[0])
