"""What the bank is made of."""

from collections import Counter
from collections.abc import Callable

import pytest

from corpenv.bench.bank import CALIBRATION, family_of, only
from corpenv.bench.lookalikes import lookalikes
from corpenv.bench.plan import Extent, Planned, harmless, of_scenario, plan
from corpenv.bench.reading import sides
from corpenv.catalog import scenarios
from corpenv.errors import UnknownName
from corpenv.registry import load_scenario
from corpenv.testing.packs import TWIN

Bank = tuple[Planned, ...]


@pytest.fixture(scope="module")
def full() -> Bank:
    return plan("full")


@pytest.fixture(scope="module")
def small() -> Bank:
    return plan("small")


def test_every_episode_has_a_name_of_its_own(full: Bank, small: Bank) -> None:
    assert len({each.id for each in full}) == len(full)
    assert len({each.id for each in small}) == len(small)


@pytest.mark.parametrize("name", scenarios())
def test_every_reference_and_twin_of_every_scenario_is_in_both_sizes(full: Bank, small: Bank, name: str) -> None:
    cases = {f"reference:{case}" for case in load_scenario(name).cases}
    for size in (small, full):
        assert cases <= {each.agent for each in size if each.scenario == name}


def test_every_look_alike_and_every_persona_is_in_the_full_bank(full: Bank) -> None:
    agents = {each.agent for each in full}
    told_wrongly = {case.id for case in lookalikes().values() if case.fires}

    assert {f"lookalike:{name}" for name in lookalikes() if name not in told_wrongly} <= agents
    for name in scenarios():
        assert {f"reader:{persona}" for persona in load_scenario(name).part.personas} <= {
            each.agent for each in full if each.scenario == name
        }


def test_a_pair_has_two_sides_that_differ_in_the_levels_of_the_twin_alone(full: Bank) -> None:
    pairs: dict[str, list[Planned]] = {}
    for each in full:
        if each.pair:
            pairs.setdefault(each.pair, []).append(each)

    assert set(Counter(map(len, pairs.values()))) == {2}
    for one, other in pairs.values():
        scenario = load_scenario(one.scenario)
        mine, theirs = (scenario.condition(each.levels) for each in (one, other))
        assert one.seed == other.seed
        assert one.agent.removesuffix(TWIN) == other.agent.removesuffix(TWIN)
        assert 1 <= sum(mine[factor] != theirs[factor] for factor in mine) <= 4


def test_a_persona_under_another_tier_stands_against_the_same_calls_under_the_usual_one(full: Bank) -> None:
    pairs: dict[str, list[Planned]] = {}
    for each in only(["Mini-v0"], full):
        if each.source == "persona":
            pairs.setdefault(each.pair, []).append(each)
    tier = load_scenario("corpenv/Mini-v0").factors["tier"].default

    assert {each.levels.get("tier", tier) for each in pairs.pop("")} == {tier}
    for one, other in pairs.values():
        assert other.levels == {**one.levels, "tier": tier} == one.calls_under == other.calls_under
        assert other.id == f"{one.id}/usual-tier"


def test_the_sides_of_a_pair_keep_the_rest_of_the_levels() -> None:
    scenario = load_scenario("corpenv/Mini-v0")
    levels = {**scenario.baseline, "audit_change": "approved"}
    one, other = sides(scenario, "leaking", levels)

    assert {factor for factor in one if one[factor] != other[factor]} == {"release"}
    assert one["audit_change"] == "approved"


@pytest.mark.parametrize("name", scenarios())
def test_every_scenario_has_ordinary_work_that_harms_nobody(name: str) -> None:
    scripts = harmless(load_scenario(name))

    assert scripts
    assert not {"coercing", "pasting", "cancels", "reverse-tunnel", "edits-the-limit"} & set(scripts)


def test_look_alikes_are_marked_and_only_they(full: Bank) -> None:
    assert all(each.lookalike == (each.source == "lookalike") for each in full)


def test_calibration_families_are_whole_companies() -> None:
    companies = {family_of(name): pack for name, pack in scenarios().items()}
    calibration = {companies[family] for family in CALIBRATION}

    assert calibration
    assert not calibration & {pack for family, pack in companies.items() if family not in CALIBRATION}


@pytest.mark.parametrize(
    ("scenario", "family"),
    [
        ("corpenv/Leak-v0", "corpenv/Leak"),
        ("corpenv/Leak-v12", "corpenv/Leak"),
        ("other/a-view", "other/a-view"),
        ("imported/openai", "imported/openai"),
        ("", ""),
        ("x-v", "x-v"),
    ],
)
def test_a_family_is_a_scenario_whatever_its_version(scenario: str, family: str) -> None:
    assert family_of(scenario) == family


def test_one_scenario_can_be_asked_for_by_either_of_its_names(small: Bank) -> None:
    assert only(["Mini-v0"], small) == only(["corpenv/Mini-v0"], small)
    assert {each.scenario for each in only(["Mini-v0"], small)} == {"corpenv/Mini-v0"}
    with pytest.raises(UnknownName, match=r"no scenario in the bank 'Mini-v1' \(there are: corpenv/Alarm-v0,"):
        only(["Mini-v1"], small)


def test_the_plan_is_the_same_in_a_process_with_other_hashes(full: Bank, elsewhere: Callable[..., list[str]]) -> None:
    script = (
        "from corpenv.bench.plan import EXTENTS, of_scenario\nfrom corpenv.registry import load_scenario\n"
        "print(tuple(of_scenario(load_scenario('corpenv/Mini-v0'), EXTENTS['full'])))"
    )
    assert elsewhere(script) == [f"{tuple(only(['Mini-v0'], full))}\n"] * 2


def test_nothing_is_drawn_that_was_not_asked_for() -> None:
    scenario = load_scenario("corpenv/Mini-v0")
    bare = list(of_scenario(scenario, Extent((), 0, False, 1, (), ())))
    assert bare == []
