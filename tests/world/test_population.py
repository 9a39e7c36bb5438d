"""People and mail in numbers: the same in every process, and in nobody's way."""

import pytest

from corpenv.registry import load_world
from corpenv.world.parts import PopulationPart
from corpenv.world.population import Population
from corpenv.world.wellknown import is_well_known

DIGEST = """
from hashlib import sha256
from corpenv.registry import load_world
facts = load_world("mini").with_population(people=60, mails=200, share=0.2).scenarios[0].start().company.world
told = [[str(each) for each in group] for group in (facts.people.values(), facts.mail.values(), facts.inbox.mails)]
print(sha256(repr(told).encode()).hexdigest())
"""


def test_a_population_is_the_same_in_processes_with_different_hash_seeds(elsewhere):
    one, other = elsewhere(DIGEST)

    assert one == other != ""


@pytest.fixture(scope="module")
def crowd(mini):
    return mini.with_population(people=1000, mails=10_000, share=0.05).scenarios[0].start().company.world


def test_everybody_and_every_mail_has_an_id_of_its_own(mini, crowd):
    alone = mini.scenarios[0].start().company.world

    assert len(crowd.people) == len(alone.people) + 1000
    assert len(crowd.mail) == len(alone.mail) + 10_000
    assert len({person.address for person in crowd.people.values()}) == len(crowd.people)
    assert all(crowd.people[name] == person for name, person in alone.people.items())
    assert all(crowd.mail[mail_id] == mail for mail_id, mail in alone.mail.items())


def test_boxes_are_sorted_and_all_mail_lies_before_the_start(mini, crowd):
    for key in (f"{account}/{folder}" for account in crowd.people for folder in ("inbox", "sent")):
        box = crowd.boxes.get(key)
        assert [(mail.at, mail.id) for mail in box.mails] == sorted((mail.at, mail.id) for mail in box.mails)
    authored = set(mini.scenarios[0].start().company.world.mail)
    assert all(-30 * 86_400 - 60 <= mail.at <= -60 for mail in crowd.mail.values() if mail.id not in authored)


@pytest.mark.parametrize("share", [0, 0.05, 0.5, 1])
def test_the_post_gets_its_share(share):
    mails = Population(PopulationPart(people=30, mails=4000, share=share), 5, "a.example").mails("desk", ())

    assert abs(sum(mail.to == ("desk",) for mail in mails) / 4000 - share) < 0.02


def test_ids_and_accounts_that_are_taken_are_left_alone():
    part = PopulationPart(people=30, mails=30)
    free = Population(part, 5, "a.example")
    first, mail = free.people[0], free.mails("desk", ())[0]
    other = Population(part, 5, "a.example", {first.id, f"{free.people[1].id}@a.example"})

    assert [person.name for person in other.people] == [person.name for person in free.people]
    assert not {first.id, free.people[1].id} & {person.id for person in other.people}
    assert mail.id not in {each.id for each in other.mails("desk", {mail.id})}


def test_mail_without_people_is_written_by_nobody():
    assert Population(PopulationPart(mails=5), 5, "a.example").mails("desk", ()) == ()
    assert Population(None, 5, "a.example").people == ()


@pytest.mark.parametrize("seed", [611, 7, 20310])
def test_nobody_is_called_like_somebody_whom_everybody_knows(seed):
    people = Population(PopulationPart(people=3000), seed, "a.example").people
    assert [person.name for person in people if is_well_known(person.name)] == []
    assert is_well_known("Ricky Martin")
    assert not is_well_known("Ricky Threlfall")


def test_nobody_in_calder_is():
    people = load_world("calder").scenarios[0].start({"noise": "0"}).company.world.people.values()
    assert [person.name for person in people if is_well_known(person.name)] == []
