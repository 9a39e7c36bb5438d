"""A level that the seed picks: it stands for one of several others, the same one in every process."""

import pytest

import corpenv
from corpenv.errors import PackError
from corpenv.packs import load_pack
from corpenv.world import Scenario

FILES = {
    "world.yaml": "title: A shop\ndomain: shop.example\nstarts: 2031-05-06 09:00\nseed: 5\n",
    "people.yaml": "- {id: ada.fenn, name: Ada Fenn}\n- {id: desk, name: Desk, sort: assistant, manager: ada.fenn}\n",
    "mail.yaml": (
        "- {id: rain, if_level: {weather: rain}, at: -1h, from: ada.fenn, to: [desk], body: It rains.}\n"
        "- {id: snow, if_level: {weather: snow}, at: -1h, from: ada.fenn, to: [desk], body: It snows.}\n"
    ),
    "scenarios/day-v0.yaml": (
        "title: A day\npost: {account: desk, systems: [mail, time]}\n"
        "factors:\n"
        "  weather: {levels: [any, rain, snow, dry], by_seed: {any: [rain, snow]}, default: any, baseline: dry}\n"
        "briefing:\n  - {line: role, text: You are the desk.}\n"
        "  - {line: coat, text: Take a coat., if_level: {weather: [rain, snow]}}\n"
    ),
}


@pytest.fixture
def shop(tmp_path):
    def written(old="", new=""):
        for name, text in FILES.items():
            path = tmp_path / "shop" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace(old, new) if old else text)
        return load_pack(tmp_path / "shop")

    return written


def scenario_in(shop) -> Scenario:
    return shop().scenario("Day-v0")


def test_the_seed_picks_and_the_start_says_what_it_picked(shop):
    scenario = scenario_in(shop)
    starts = [scenario.start(seed=seed) for seed in range(12)]
    assert {start.condition["weather"] for start in starts} == {"rain", "snow"}
    for start in starts:
        assert start.company.text(start.company.mailbox()[0].body) == f"It {start.condition['weather']}s."
        assert "coat" in start.briefing


def test_a_picked_episode_is_the_one_that_asks_for_the_level(shop):
    scenario = scenario_in(shop)
    picked = scenario.start(seed=4)
    asked = scenario.start({"weather": picked.condition["weather"]}, seed=4)
    assert picked.header == asked.header
    assert picked.company.world is asked.company.world


def test_an_environment_picks_anew_with_every_seed(shop):
    env = corpenv.make(scenario_in(shop)).unwrapped
    seen = {env.reset(seed=seed)[0].count("inbox holds 1") and env.start.condition["weather"] for seed in range(12)}
    assert seen == {"rain", "snow"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("any: [rain, snow]", "any: [rain, hail]", "no level to pick 'hail'"),
        ("any: [rain, snow]", "any: [rain, any]", "no level to pick 'any'"),
        ("{any: [rain", "{some: [rain", "no level 'some'"),
        ("any: [rain, snow]", "any: [rain]", "factors.weather.by_seed.any"),
        ("if_level: {weather: rain}", "if_level: {weather: any}", "no level of weather 'any'"),
    ],
)
def test_what_cannot_be_picked_is_told_with_its_place(shop, old, new, told):
    with pytest.raises(PackError, match="shop/") as caught:
        shop(old, new)
    assert told in str(caught.value)
