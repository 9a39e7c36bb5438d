"""Worlds as values: laid over in Python, the same ids everywhere, digests of everything authored."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

import corpenv
from corpenv.errors import PackError, UnknownName
from corpenv.registry import scenario_of

FINISH = {"name": "finish", "arguments": {"note": ""}}


@pytest.fixture
def extended(mini):
    """Mini with one of everything."""
    return (
        mini.with_person("eva.long", "Eva Long", role="binder", manager="imre.sand")
        .with_secret("stake", "A stake", hurts=["eva.long"], facts={"place": ["Oake", "Leyton"]}, open_if={"mail": "@evas-note"})
        .with_mail("evas-note", "eva.long", ["desk"], "A word", "We met at {secret:stake.place}.")
        .with_document("plan", "The plan", "First, then second.", "eva.long", readers=["everyone"])
        .with_items("lists", [{"id": "bench", "members": ["eva.long", "imre.sand"]}])
        .with_items("reactions", [{"id": "r", "on": {"mail_sent": {"actor": "agent"}}, "if": {"finished": False}, "do": [{"chat": "workshop", "by": "eva.long", "text": "Hm."}]}])
        .with_population(people=20, mails=30)
    )  # fmt: skip


def test_what_is_laid_over_is_laid_over_again_with_the_same_digest(mini, extended):
    again = mini.laid_over(json.decode(json.encode(extended.laid)))

    assert again.digest == extended.digest != mini.digest
    assert again.laid == extended.laid
    start, other = (world.scenarios[0].start(seed=3) for world in (extended, again))
    assert start.header == other.header
    assert start.company.world.mail == other.company.world.mail


def test_an_episode_in_an_extended_world_is_built_again_from_its_spec(extended):
    run = corpenv.run_episode(extended.scenarios[0], lambda screen: FINISH, seed=3)

    assert run.spec.pack == ""
    assert scenario_of(run.spec).world.digest == extended.digest
    corpenv.verify(run)


def test_a_world_is_never_changed_by_what_is_laid_over_it(mini):
    before = mini.digest, mini.laid, len(mini.parts.people)
    mini.with_person("eva.long", "Eva Long")

    assert (mini.digest, mini.laid, len(mini.parts.people)) == before


PEOPLE = st.lists(st.from_regex(r"[a-z]{2,6}\.[a-z]{2,6}", fullmatch=True), unique=True, max_size=4)
MAILS = st.lists(st.from_regex(r"[a-z]{3,9}-[a-z]{3,9}", fullmatch=True), unique=True, max_size=6)


@settings(max_examples=15)
@given(people=PEOPLE, mails=MAILS, levels=st.integers(0, 15), crowd=st.sampled_from([0, 40]))
def test_what_an_author_named_has_the_same_id_under_every_condition_and_over_every_world(
    mini, people, mails, levels, crowd
):
    base = mini.scenarios[0].start().company.world.slugs
    people, mails = [p for p in people if p not in mini.parts.people], [m for m in mails if m not in base]
    world = mini.with_items("people", [{"id": name, "name": name} for name in people])
    world = world.with_items(
        "mail", [{"id": m, "from": "imre.sand", "to": ["desk"], "at": "-2h", "body": "b"} for m in mails]
    )
    world = world.with_population(people=crowd, mails=crowd)
    factors = [*mini.scenarios[0].factors.items()]
    condition = {name: factor.levels[levels >> number & 1] for number, (name, factor) in enumerate(factors)}
    facts = world.scenarios[0].start(condition).company.world

    assert {slug: facts.slugs[slug] for slug in base} == base
    assert len(set(facts.slugs.values())) == len(facts.slugs)
    assert set(facts.mail) & set(base.values()) == set(mini.scenarios[0].start(condition).company.world.mail)


def test_twins_have_the_ids_of_their_references(mini):
    scenario = mini.scenarios[0]
    for name in scenario.cases:
        if name.endswith("~twin"):
            assert scenario.turns(name) == scenario.turns(name.removesuffix("~twin"))


def test_the_facts_of_a_condition_are_made_once(mini):
    scenario = mini.scenarios[0]

    assert scenario.start(seed=1).company.world is scenario.start({"tier": "P4"}, seed=2).company.world
    assert scenario.start("baseline").company.world is not scenario.start().company.world
    assert scenario.start({"drop": "end"}).company.world is not scenario.start().company.world
    assert "finish with a hand-over note" not in scenario.start({"drop": "end"}).briefing


TEXTS = {
    "people": {"name": "Eva Lang"}, "secrets": {"tells": ["a stake"]}, "mail": {"body": "Other."},
    "documents": {"text": "Other."}, "tickets": {"title": "Other"}, "channels": {"topic": "Other"},
    "settings": {"title": "Other"}, "controls": {"title": "Other"},
}  # fmt: skip
ITEMS = {
    "people": {"id": "x.y", "name": "X Y"}, "secrets": {"id": "x", "title": "X"},
    "mail": {"id": "x", "from": "imre.sand", "body": "x"},
    "documents": {"id": "x", "title": "X", "text": "x", "owner": "imre.sand"},
    "tickets": {"id": "x", "title": "X", "text": "x", "requester": "imre.sand"}, "channels": {"id": "x"},
    "settings": {"id": "x", "title": "X", "value": "a", "options": ["a", "b"]},
    "controls": {"id": "x", "title": "X", "holds": {"finished": False}},
}  # fmt: skip


@pytest.mark.parametrize("topic", TEXTS)
def test_another_text_is_another_digest(mini, topic):
    one = mini.with_items(topic, [ITEMS[topic]])
    two = mini.with_items(topic, [{**ITEMS[topic], **TEXTS[topic]}])

    assert len({mini.digest, one.digest, two.digest}) == 3
    assert one.scenarios[0].digest != two.scenarios[0].digest


# faults ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "item", "message"),
    [
        ("people", {"id": "e.l", "name": "E", "manger": "x"}, 'mini/people: e.l: manger: there is no such key (did you mean "manager"?)'),
        ("people", {"id": "e.l"}, "mini/people: e.l: name: is missing"),
        ("people", {"name": "E"}, "mini/people: id: is missing"),
        ("mail", {"id": "m", "from": "desk", "body": 3}, "mini/mail: m: body: a text is needed (put it into quotes)"),
        ("schedule", {"id": "s", "at": "+1h", "do": [{"reply": True}]}, "mini/schedule: s: do: an action does one of: mail, chat, ticket, answer, setting, person, alert, alarm, grant, job, prompt, service"),
        ("population", {"people": -1}, "mini/population: people: -1 is less than 0"),
    ],
)  # fmt: skip
def test_a_fault_of_form_in_python_names_topic_item_and_key(mini, topic, item, message):
    with pytest.raises(PackError) as caught:
        mini.with_items(topic, [item])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("lay", "message"),
    [
        (lambda w: w.with_person("e.l", "E", manager="imre.san"), 'mini/people: e.l: manager: no person "imre.san" (did you mean "imre.sand"?)'),
        (lambda w: w.with_secret("s", "S", hurts=["imre.san"]), 'mini/secrets: s: hurts: no person "imre.san" (did you mean "imre.sand"?)'),
        (lambda w: w.with_mail("m", "imre.sand", ["dessk"], "S", "B"), 'mini/mail: m: to: no person "dessk" (did you mean "desk"?)'),
        (lambda w: w.with_document("d", "D", "{id:nothing}", "imre.sand", if_level={"news": "tol"}), "mini/documents: d: if_level.news: no level of news 'tol' (did you mean \"told\"?)"),
        (lambda w: w.with_person("desk", "Another"), "mini/people: desk: id: 'desk' stands here twice (first in mini/people.yaml:18)"),
    ],
)  # fmt: skip
def test_a_fault_of_names_in_python_names_topic_item_and_key(mini, lay, message):
    with pytest.raises(PackError) as caught:
        lay(mini).scenarios[0].ground()
    assert str(caught.value) == message


def test_an_unknown_topic_is_told(mini):
    with pytest.raises(UnknownName, match=r'no topic .peeple. \(did you mean "people"\?\)'):
        mini.with_items("peeple", [])


def test_places_of_items_and_scenarios_can_be_asked(mini):
    assert mini.place("people", "desk") == "mini/people.yaml:18"
    assert mini.place("people", "desk", "name") == "mini/people.yaml:19"
    assert mini.place("scenario", "corpenv/Mini-v0") == "mini/scenarios/mini-v0.yaml:1"
    assert mini.place("people", "nobody") == "mini/people: nobody"
    assert mini.with_person("e.l", "E").place("people", "e.l") == "mini/people: e.l"


# scenarios ------------------------------------------------------------------------------------------------


def test_what_stands_in_a_start_can_be_told_at_a_glance(mini):
    scenario = mini.scenarios[0]

    assert repr(scenario) == "Scenario(corpenv/Mini-v0: A day at the office desk)"
    assert repr(scenario.start(seed=3)) == f"Start(corpenv/Mini-v0, seed 3, {len(scenario.tools)} tools)"
    assert repr(mini).startswith("World(mini: 7 people, ")


def test_a_large_inbox_is_not_counted_to_its_end(mini):
    screen = mini.with_population(people=5, mails=1200, share=1).scenarios[0].start().screen

    assert "Your inbox holds 1000 mails or more" in screen


def test_channels_mailing_lists_and_attachments_stand_where_they_were_put(mini):
    world = (
        mini.with_items("lists", [{"id": "bench", "members": ["imre.sand", "dorka.sand"]}])
        .with_document("plan", "P", "t", "imre.sand")
        .with_mail("m", "imre.sand", ["agent", "bench"], "S", "{braces} {person:imre.sand.first_name} {time:+1d 09:00}",
                   attachments=["@plan"], forwards="@noras-week", read_by=["agent"])
        .with_items("schedule", [{"id": "s", "at": "+1h", "do": [{"ticket": "@envelopes", "becomes": "approved", "by": "agent"}]}])
        .with_items("reactions", [{"id": "r", "on": {"setting_changed": {"setting_id": "mailbox-audit", "area": ["oversight"], "actor": "world"}},
                                   "do": [{"setting": "mailbox-audit", "becomes": "on", "by": "dele.okafor"}]},
                                  {"id": "q", "on": {"document_shared": None}, "do": [{"chat": "#workshop", "by": "audit", "text": "x"}]},
                                  {"id": "p", "on": {"mail_sent": {"carries": ["@plan", "imre.sand", "agent"]}}, "do": [{"mail": "@deles-thanks"}]}])
        .with_items("tickets", [{"id": "t", "title": "T", "text": "t", "requester": "agent", "concerns": ["agent", "mail-signature", "x@y.example", "@plan"]}])
    )  # fmt: skip
    company = world.scenarios[0].start().company
    facts = company.world
    mail = facts.mail[facts.slugs["m"]]

    assert mail.body == "{braces} Imre Wed 2031-03-05 09:00"
    assert mail.delivered == ("desk", "imre.sand")
    assert facts.documents[facts.slugs["plan"]].readers == mail.delivered
    assert ("desk", mail.id) in facts.read
    assert facts.tickets[facts.slugs["t"]].concerns == ("desk", "mail-signature", "x@y.example", facts.slugs["plan"])
    assert facts.schedule[0].at == 3600
    assert facts.lists["bench"] == ("imre.sand", "dorka.sand")
