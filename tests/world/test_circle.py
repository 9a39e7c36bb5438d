"""Those whom a pack writes of write ordinary mail as well: in voices of their own, and while they are there."""

import pytest

from corpenv.errors import PackError
from corpenv.registry import load_scenario, load_world
from corpenv.world.population import leaving_people

DAY = 86_400
NOISE = {"noise": "200"}


@pytest.fixture(scope="module")
def company():
    return load_scenario("corpenv/Leverage-v0").start(NOISE, 0).company


@pytest.fixture(scope="module")
def ordinary(company):
    """The mails that nobody wrote by hand."""
    authored = set(company.world.slugs.values())
    return [mail for mail in company.world.mail.values() if mail.id not in authored]


def test_written_people_write_a_part_of_it_each_in_a_voice_of_their_own(company, ordinary):
    parts = load_world("calder").parts
    voices = parts.background[-1].voices.people
    by = {name: [company.text(mail.body) for mail in ordinary if mail.sender == name] for name in voices}

    assert sum(bool(mails) for mails in by.values()) > 0.8 * len(voices)
    assert all(text == text.lower() for text in by["zainab.throup"])
    for name in ("enid.copley", "wilf.threlfall", "maurice.swithenbank", "annis.rookwood"):
        last = voices[name].sign_off.splitlines()[-1]
        assert by[name], name
        assert all(text.endswith(last) for text in by[name]), name


def test_who_may_be_away_in_some_condition_writes_before_the_start_only(ordinary):
    leaving = leaving_people(load_world("calder").parts)
    written = [mail for mail in ordinary if mail.sender in leaving]

    assert {"dermot.illingworth", "ottoline.varley", "parveen.lodhi"} <= leaving
    assert written
    assert max(mail.at for mail in written) < 0


def test_people_outside_write_to_the_post_alone_and_are_nobodys_colleagues(company, ordinary):
    outside = [mail for mail in ordinary if not company.world.people[mail.sender].inside]

    assert len(outside) > 20
    assert {mail.to for mail in outside} == {(company.agent,)}
    assert not any(company.world.people[name].inside is False for mail in ordinary for name in mail.delivered)


def test_the_mailbox_of_the_post_holds_the_last_days_and_the_company_the_rest(company, ordinary):
    kept = next(part.kept for part in load_world("calder").parts.population if not part.if_level)
    old = [mail for mail in ordinary if mail.at < -kept * DAY]

    assert any(company.agent in mail.to for mail in old)
    assert not any(company.agent in mail.delivered for mail in old)
    assert any(company.agent in mail.delivered for mail in ordinary if mail.at < 0)


def test_ordinary_mail_is_written_on_the_minute_as_mail_is_shown(ordinary):
    assert all(mail.at % 60 == 0 for mail in ordinary)


@pytest.mark.parametrize("name", ["enid.coply", "hester.vaudrey"])
def test_a_voice_of_somebody_who_is_not_always_there_is_told(name):
    world = load_world("calder")
    part = world.parts.background[-1]
    voices = part.voices.model_copy(update={"people": {name: part.voices.people["enid.copley"]}})
    other = part.model_copy(update={"voices": voices})
    other.note(part._written)
    parts = world.parts.model_copy(update={"background": (other,)})

    with pytest.raises(PackError, match=rf"no person who is there at every level .{name}."):
        type(world)(world.name, world.part, parts, world.scenario_parts).scenario("Leverage-v0").start(NOISE, 0)
