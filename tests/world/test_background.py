"""The background: ordinary days that are the same everywhere, nest by level, and say what is wrong with a grammar."""
# ruff: noqa: E501 (a case stands on one line)

import shutil
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.catalog import shipped
from corpenv.company.items import Comment, Mail
from corpenv.errors import PackError
from corpenv.packs import Reader, load_pack
from corpenv.world.grammar import Grammar, form
from corpenv.world.officehours import CLOSES, OPENS, WEEKEND_PERCENT, Dice
from corpenv.world.parts import PopulationPart
from corpenv.world.population import Population, neutral
from corpenv.yamlfile import read

STARTS = "2031-10-16 08:00"
CALDER = shipped().get("calder")
GRAMMARS = ["neutral", *(["calder"] if CALDER else [])]
TAKEN = ("mail-22222",)


def grammar_of(name: str) -> Grammar:
    if name == "neutral":
        return Grammar(neutral())
    (part,) = Reader(CALDER, "corpenv", shipped()).topic("background")
    return Grammar(part)


@pytest.fixture(scope="module", params=GRAMMARS)
def population(request):
    part = PopulationPart(people=120, days=9, ahead=2, a_day=60, share=0.1)
    return Population(part, 5, "a.example", (), grammar_of(request.param), STARTS)


def pieces(population, a_day, days=range(-9, 3)):
    return list(population.work.pieces(a_day, days, "desk", set(TAKEN)))


def test_a_grammar_that_is_shipped_has_no_faults():
    for name in GRAMMARS:
        assert grammar_of(name).faults == []


def test_everything_of_a_lower_level_is_there_word_for_word_in_a_higher_one(population):
    few, many = pieces(population, 40), pieces(population, 160)
    known = {getattr(piece.item, "id", repr(piece.item)): piece.item for piece in many}

    assert len(many) > 3 * len(few) > 0
    for piece in few:
        assert known[getattr(piece.item, "id", repr(piece.item))] == piece.item


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), low=st.integers(0, 30), more=st.integers(1, 30))
def test_levels_nest_under_every_seed(seed, low, more):
    made = Population(PopulationPart(people=25), seed, "a.example", starts=STARTS)
    few = list(made.work.pieces(low, range(-3, 2), "desk", set()))
    again = Population(PopulationPart(people=25), seed, "a.example", starts=STARTS)
    many = list(again.work.pieces(low + more, range(-3, 2), "desk", set()))

    assert {repr(piece.item) for piece in few} <= {repr(piece.item) for piece in many}


def test_ids_are_unique_and_none_is_taken(population):
    ids = [piece.item.id for piece in pieces(population, 200) if not isinstance(piece.item, Comment)]

    assert len(set(ids)) == len(ids)
    assert not {*TAKEN} & set(ids)


def test_an_id_that_is_taken_moves_nothing_else(population):
    free = pieces(population, 40)
    first = next(piece.item.id for piece in free if isinstance(piece.item, Mail))
    other = list(population.work.pieces(40, range(-9, 3), "desk", {*TAKEN, first}))

    assert first not in {getattr(piece.item, "id", "") for piece in other}
    assert [piece.at for piece in other] == [piece.at for piece in free]


def test_nothing_is_written_to_nobody_and_nobody_writes_to_themselves(population):
    for piece in pieces(population, 120):
        item = piece.item
        if isinstance(item, Mail):
            assert item.to
            assert item.sender not in item.to
            assert all(item.to)
        assert getattr(item, "readers", ("somebody",))
        assert getattr(item, "attendees", ("somebody",))
        assert getattr(item, "approver", "x") != getattr(item, "requester", "y")


def test_people_of_an_office_write_in_office_hours_and_weekends_are_nearly_empty(population):
    start, teams = datetime.fromisoformat(STARTS), population.grammar.teams
    days = Counter()
    for piece in pieces(population, 200, range(-9, 0)):
        when = start + timedelta(seconds=piece.at)
        days[when.date()] += 1
        if teams[piece.writer.team].hours == "office":
            assert when.weekday() < 5, piece
            assert OPENS <= when.hour * 3600 + when.minute * 60 + when.second < CLOSES, piece
    weekend = sum(count for day, count in days.items() if day.weekday() > 4)
    assert 0 < weekend <= 2 * (200 * WEEKEND_PERCENT // 100) + 10
    assert sum(count for day, count in days.items() if day.weekday() < 5) > 6 * 180


def test_a_working_day_has_as_many_items_as_were_asked_for(population):
    by_number = pieces(population, 50, range(-9, 0))
    working = sum((datetime.fromisoformat(STARTS) + timedelta(days=day)).weekday() < 5 for day in range(-9, 0))

    assert len(by_number) == 50 * working + 2 * (50 * WEEKEND_PERCENT // 100)


def test_an_answer_comes_later_from_the_reader_to_the_writer_and_keeps_the_facts(population):
    made = pieces(population, 200)
    mails = {piece.item.id: piece for piece in made if isinstance(piece.item, Mail)}
    answers = [piece for piece in mails.values() if piece.item.reply_to]

    assert len(answers) > 100
    for piece in answers:
        before = mails[piece.item.reply_to]
        assert piece.at > before.at
        assert piece.item.to[0] == before.item.sender
        assert piece.item.subject.removeprefix("Re: ") == str(before.item.subject).removeprefix("Re: ")
        assert piece.talk is before.talk
        assert before.reader is None or piece.writer is before.reader


def test_tickets_documents_and_records_are_of_the_past(population):
    for piece in pieces(population, 200):
        if not isinstance(piece.item, Mail) and piece.at >= 0:
            assert type(piece.item).__name__ in ("Message", "Meeting")


def test_a_person_writes_in_one_voice(population):
    writer, person = population.work.writer, population.people[0]
    again = Population(population.part, 5, "a.example", (), population.grammar, STARTS)

    assert writer.voice(person) == again.work.writer.voice(again.people[0])
    assert len({writer.voice(each)[:3] for each in population.people}) > 60


def test_no_slot_is_left_open(population):
    for piece in pieces(population, 200):
        assert "{" not in repr([getattr(piece.item, name, "") for name in ("subject", "body", "text", "title")])


DIGEST = """
from hashlib import sha256
from corpenv.registry import load_world
world = load_world("mini").with_population(people=60, days=5, ahead=1, a_day=80, share=0.2)
facts = world.scenarios[0].start().company.world
groups = (facts.mail, facts.tickets, facts.documents, facts.meetings, facts.channels)
print(world.digest, sha256(repr([[repr(each) for each in group.items()] for group in groups]).encode()).hexdigest())
"""


def test_the_background_is_the_same_in_processes_that_differ_in_everything_else(elsewhere):
    one, other = elsewhere(DIGEST)

    assert one == other != ""


# in a company -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def busy(mini):
    return mini.with_population(people=60, days=5, ahead=2, a_day=100, share=0.2).scenarios[0].start().company


def test_ordinary_days_fill_every_system_of_the_company(busy, mini):
    alone, facts = mini.scenarios[0].start().company.world, busy.world

    assert len(facts.mail) > len(alone.mail) + 200
    assert len(facts.tickets) > len(alone.tickets)
    assert len(facts.documents) > len(alone.documents)
    assert facts.meetings
    assert facts.channels["noticeboard"].messages
    assert all(facts.mail[name] == mail for name, mail in alone.mail.items())
    assert all(facts.tickets[name] == ticket for name, ticket in alone.tickets.items())


def test_every_mail_of_ordinary_days_reaches_somebody_and_lists_of_teams_are_there(busy):
    assert all(mail.delivered for mail in busy.world.mail.values() if mail.id not in busy.world.waiting)
    assert {"customer-care", "field-work"} <= set(busy.world.lists)


def test_lists_of_tickets_and_papers_mix_authored_and_ordinary_ones_by_time(busy):
    for group in (busy.world.tickets, busy.world.documents):
        times = [each.at for each in group.values()]
        assert times == sorted(times, reverse=True)


def test_mail_that_comes_later_is_not_there_yet_and_old_mail_has_been_read(busy):
    seen = busy.mailbox()
    to_come = [mail for mail in busy.world.inbox.mails if mail.at > 0]

    assert to_come
    assert not {mail.id for mail in to_come} & {mail.id for mail in seen}
    ordinary = [mail for mail in seen if mail.at < -86_400 and mail.id not in busy.world.slugs.values()]
    assert ordinary
    assert all((busy.agent, mail.id) in busy.world.read for mail in ordinary)


# levels of noise --------------------------------------------------------------------------------------------

POPULATION = """
- {people: 30, days: 3, a_day: 20, share: 0.3}
- {if_level: {noise: none}, a_day: 0}
- {if_level: {noise: much}, a_day: 60}
"""
FACTOR = "factors:\n  noise: {levels: [none, some, much], default: some, baseline: some}\n"


@pytest.fixture
def pack(tmp_path):
    """A copy of Mini, with a text of it replaced."""

    def copy(file="", old="", new=""):
        place = tmp_path / "copied"
        shutil.copytree(shipped()["mini"], place)
        if file:
            text = (place / file).read_text("utf-8")
            assert old in text
            (place / file).write_text(text.replace(old, new, 1), "utf-8")
        return place

    return copy


@pytest.fixture
def noisy(pack):
    return pack("scenarios/mini-v0.yaml", "factors:\n", FACTOR)


def written(folder, text, file="population.yaml"):
    (folder / file).write_text(text)
    return folder


def test_a_factor_chooses_how_much_is_written_and_never_who_is_there(noisy):
    scenario = load_pack(written(noisy, POPULATION)).scenarios[0]
    none, some, much = (scenario.start({"noise": level}).company.world for level in ("none", "some", "much"))

    assert none.people == some.people == much.people
    assert none.lists == some.lists == much.lists
    assert set(none.mail) < set(some.mail) < set(much.mail)
    assert all(much.mail[name] == mail for name, mail in some.mail.items())
    assert all(much.tickets[name].text == ticket.text for name, ticket in some.tickets.items())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {people: 3}\n- {if_level: {noise: much}, people: 9}\n", "population.yaml:2: item: an item with 'if_level' says 'a_day' alone"),
        ("- {people: 1, a_day: 5}\n", "population.yaml:1: item: 'a_day' needs 'people', two or more"),
        ("- {if_level: {noise: much}, a_day: 5}\n", "population.yaml:1: a_day: needs an item before it"),
        ("- {people: 3}\n- {if_level: {noise: mcuh}, a_day: 9}\n", "population.yaml:2: if_level.noise: no level of noise 'mcuh' (did you mean \"much\"?)"),
        ("- {people: 3}\n- {if_level: {nosie: much}, a_day: 9}\n", "population.yaml:2: if_level.nosie: no factor 'nosie' (did you mean \"noise\"?)"),
    ],
)  # fmt: skip
def test_a_fault_of_a_population_is_told_with_its_place(noisy, text, told):
    with pytest.raises(PackError) as error:
        load_pack(written(noisy, text))
    assert told in str(error.value)


GRAMMAR = """teams:
  Office: {roles: [clerk]}
words:
  street: [Mill Fold, Garth Street]
voices:
  to_one: ["Hi {reader},"]
  to_many: [All,]
  sign_offs: ["{first}"]
channels: {lunch: Food}
situations:
- id: works
  from: [Office]
  to: [team]
  subject: ["{street}"]
  body: ["{street} is {shut|closed} until {day:+1..+3}."]
- {id: soup, sort: chat, channel: lunch, body: [soup today]}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('["{street} is', '["{stret} is', "background.yaml:15: situations.body: {stret}: no slot or word list 'stret' (did you mean \"street\"?)"),
        ("{day:+1..+3}", "{day:+3..+1}", "background.yaml:15: situations.body: {day:+3..+1}: '+3..+1' is no range from small to large such as +1..+9"),
        ("{day:+1..+3}", "{figure:many}", "background.yaml:15: situations.body: {figure:many}: 'many' is no range from small to large such as 40-900"),
        ("{day:+1..+3}", "{number:five}", "background.yaml:15: situations.body: {number:five}: a number needs a pattern with #"),
        ("{shut|closed}", "{shut|closed", "background.yaml:15: situations.body: a brace is not closed, or stands in another"),
        ("from: [Office]", "from: [Ofice]", "background.yaml:12: situations.from: no team 'Ofice' (did you mean \"Office\"?)"),
        ("to: [team]", "to: [taem]", "background.yaml:13: situations.to: no team or list 'taem' (did you mean \"team\"?)"),
        ("channel: lunch", "channel: luhcn", "background.yaml:16: situations.channel: no channel 'luhcn' (did you mean \"lunch\"?)"),
        ("id: soup", "id: works", "background.yaml:16: situations.id: 'works' stands here twice"),
        ('  subject: ["{street}"]\n', "", "background.yaml:11: situations: a situation with 'sort: mail' needs 'subject'"),
        ("  street: [", "  time: [now]\n  street: [", "background.yaml:4: words.time: {time} has a meaning of its own"),
        ("roles:", "rolls:", "background.yaml:2: teams.Office.rolls: there is no such key (did you mean \"roles\"?)"),
    ],
)  # fmt: skip
def test_a_fault_of_a_grammar_is_told_with_its_place(pack, old, new, told):
    folder = written(pack(), GRAMMAR, "background.yaml")
    load_pack(folder)
    written(folder, GRAMMAR.replace(old, new, 1), "background.yaml")

    with pytest.raises(PackError) as error:
        load_pack(folder)
    assert told in str(error.value)


def test_a_pack_with_a_grammar_of_its_own_says_nothing_of_the_neutral_one(pack):
    folder = written(pack(), GRAMMAR, "background.yaml")
    written(folder, "people: 6\ndays: 3\na_day: 12\n")
    facts = load_pack(folder).scenarios[0].start().company.world

    ordinary = [mail for mail in facts.mail.values() if mail.id not in facts.slugs.values()]
    assert ordinary
    assert all("Mill Fold" in str(mail.body) or "Garth Street" in str(mail.body) for mail in ordinary)
    assert {message.text for message in facts.channels["lunch"].messages} == {"soup today"}


def test_a_channel_of_members_is_no_place_for_ordinary_messages(pack):
    folder = written(pack(), GRAMMAR.replace("channel: lunch", "channel: workshop"), "background.yaml")
    channels = folder / "channels.yaml"
    channels.write_text(channels.read_text() + "\n- {id: few, members: [desk]}\n")
    written(folder, GRAMMAR.replace("channel: lunch", "channel: few"), "background.yaml")

    with pytest.raises(PackError, match="only members are in 'few'"):
        load_pack(folder)


# small things -----------------------------------------------------------------------------------------------


@given(st.integers(0, 2**63), st.text(max_size=20), st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
def test_dice_stay_below_and_depend_on_nothing_but_their_names(seed, name, numbers):
    first, again = Dice(seed, name), Dice(seed, name)
    rolled = [first.below(number) for number in numbers]

    assert rolled == [again.below(number) for number in numbers]
    assert all(0 <= found < number for found, number in zip(rolled, numbers, strict=True))


def test_a_form_has_its_text_slots_and_choices_in_order():
    first, slot, rest, choice, last = form("At {street} for {some|many} days", {"street": ("Mill Fold",)})

    assert (first, rest, choice, last) == ("At ", " for ", ("some", "many"), " days")
    assert (slot.sort, slot.words) == ("words", ("Mill Fold",))


@pytest.mark.skipif(CALDER is None, reason="the pack is not shipped yet")
def test_the_water_company_has_seventy_situations_with_four_forms_of_every_part():
    grammar = grammar_of("calder")

    assert len(grammar.situations) >= 70
    for situation in grammar.situations:
        for name, forms in situation.forms.items():
            papers = situation.part.sort == "document" and name in ("opening", "closing")
            assert len(forms) >= (2 if papers or name == "place" else 4) or not forms, (situation.part.id, name)


@pytest.mark.skipif(CALDER is None, reason="the pack is not shipped yet")
def test_no_form_of_the_water_company_stands_there_twice():
    value = read(CALDER / "background.yaml", "background.yaml").value
    texts = [
        text
        for situation in value["situations"]
        for part in ("opening", "body", "detail", "closing", "reply")
        for text in situation.get(part, ())
    ]
    twice = {text: count for text, count in Counter(texts).items() if count > 1 and len(text.split()) > 3}

    assert len(texts) > 1000
    assert twice == {}
