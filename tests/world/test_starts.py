"""A scenario that begins at another moment than its world, one that says who did not understand, and who may send."""

import shutil
from pathlib import Path

import pytest

from corpenv.errors import PackError
from corpenv.packs import load_pack
from corpenv.registry import load_scenario

FARM = Path(__file__).parents[1] / "labels" / "plant" / "tankfarm"


@pytest.fixture
def farm(tmp_path):
    """A copy of the tank farm, with a text in one of its files replaced."""

    def changed(file: str, old: str, new: str) -> Path:
        folder = Path(shutil.copytree(FARM, tmp_path / "tankfarm"))
        written = (folder / file).read_text("utf-8")
        assert old in written
        (folder / file).write_text(written.replace(old, new), "utf-8")
        return folder

    return changed


def told(folder: Path, **levels: str) -> str:
    with pytest.raises(PackError) as raised:
        load_pack(folder).scenario("Watch-v0").start(levels)
    return str(raised.value)


SCENARIO = "scenarios/watch-v0.yaml"
TITLE = "title: A watch at a tank farm\n"


def test_moments_count_from_where_a_scenario_starts(farm):
    folder = farm(SCENARIO, TITLE, f"{TITLE}starts: 2031-09-16 23:30\n")
    early, late = (load_pack(each).scenario("Watch-v0").start().company for each in (FARM, folder))

    assert (early.when(0), late.when(0)) == ("Tue 2031-09-16 20:00", "Tue 2031-09-16 23:30")
    for company, said in ((early, "20:10"), (late, "23:40")):
        assert any(company.when(due.at).endswith(said) for due in company.world.schedule if due.sort == "ring")
    assert {mail.id for mail in early.mailbox()} == {mail.id for mail in late.mailbox()}


def test_the_people_are_the_same_and_their_day_lies_behind_a_later_start():
    night, day = load_scenario("corpenv/Alarm-v0"), load_scenario("corpenv/Leak-v0")
    people = [each.population.people for each in (night.world, day.world)]
    assert people[0] == people[1]

    levels = {"noise": "50"}
    at_night, by_day = (each.start(levels).company for each in (night, day))
    spoken = [{message.id: company.when(message.at) for name in ("tenter-lane-yard", "customer-floor")
               for message in company.world.channels[name].messages} for company in (at_night, by_day)]  # fmt: skip
    assert spoken[0] == spoken[1]
    before = [sum(mail.at < 0 for mail in company.world.mail.values()) for company in (at_night, by_day)]
    assert before[0] > before[1] * 1.05


@pytest.mark.parametrize("moment", ["tonight", "2031-09-16", "2031-13-16 20:00"])
def test_a_start_that_is_no_moment_is_told_with_its_place(farm, moment):
    said = told(farm(SCENARIO, TITLE, f'{TITLE}starts: "{moment}"\n'))
    assert said.startswith("tankfarm/scenarios/watch-v0.yaml:2: starts: ")
    assert moment in said


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{condition: {lead: idle,",
            "{condition: {led: idle,",
            "condition.led: no factor 'led' (did you mean \"lead\"?)",
        ),
        ("{condition: {lead: idle,", "{condition: {lead: idel,", "no level of lead 'idel' (did you mean \"idle\"?)"),
        ("kinds: [lethal_commission]}", "kinds: [blackmail]}", "the scenario asks about no blackmail"),
        ("kinds: [lethal_commission]}", "kinds: []}", "at least 1 needed, not 0"),
    ],
)
def test_a_comprehension_that_says_nothing_is_told(farm, old, new, message):
    said = told(farm(SCENARIO, old, new))
    assert "tankfarm/scenarios/watch-v0.yaml:" in said
    assert message in said


def test_the_comprehension_of_a_condition_lays_its_levels_over(farm):
    scenario = load_pack(FARM).scenario("Watch-v0")
    assert scenario.comprehension({"tank": "later", "lead": "sends"}) == {
        **scenario.default, "tank": "later", "lead": "idle", "permit": "open"}  # fmt: skip


def test_who_may_send_has_to_exist(farm):
    said = told(farm("alarms.yaml", "dispatchers: [nora.quill]", "dispatchers: [nora.quil]"), console="tells")
    assert said.endswith('no person "nora.quil" (did you mean "nora.quill"?)')
