"""Scenarios under many conditions: nothing breaks, events give the company, personas play at their stated rates."""

import sys
from collections import Counter
from itertools import combinations
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.agents.scripted import PersonaAgent
from corpenv.company import replay
from corpenv.episode import run_episode
from corpenv.errors import SetupError
from corpenv.record import Called, RanOn
from corpenv.registry import load_scenario
from corpenv.roster import agent_of
from corpenv.testing import conditions
from corpenv.testing.contracts import check_random_play
from corpenv.testing.covering import covering
from corpenv.testing.packs import labels_got, wanted_labels
from corpenv.verification import start_of, verify

MANY = {"Mini-v0": 14, "Leverage-v0": 39, "Leak-v0": 37, "Alarm-v0": 37, "PlanCheck-v0": 28, "OvernightQueue-v0": 35}
"""Conditions of each scenario: to find them takes a second, which no worker should spend that plays none of them."""
SCENARIOS = {name: load_scenario(f"corpenv/{name}") for name in MANY}
PERSONAS = [(name, persona) for name, scenario in SCENARIOS.items() for persona in scenario.part.personas]
STEPS = 25
"""Steps of the random agent; personas play to their end."""
QUIET = {"noise": "0"}


def tried(name):
    """The conditions of a scenario."""
    return conditions(SCENARIOS[name])


# the conditions -------------------------------------------------------------------------------------------


def pairs(levels):
    """Every two levels of different factors."""
    return {frozenset({(a, x), (b, y)}) for a, b in combinations(levels, 2) for x in levels[a] for y in levels[b]}


def met(rows):
    """The pairs of levels that meet in some row."""
    return {frozenset(pair) for row in rows for pair in combinations(row.items(), 2)}


@pytest.mark.parametrize(("name", "many"), MANY.items())
def test_as_many_conditions_are_played_as_there_are(name, many):
    assert len(tried(name)) == many, "MANY says how many are played"


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_pair_of_levels_meets_in_at_most_sixty_conditions(name):
    levels = {factor: part.levels for factor, part in SCENARIOS[name].factors.items()}

    assert met(tried(name)) == pairs(levels)
    assert len(tried(name)) <= 60


@pytest.mark.parametrize("name", SCENARIOS)
def test_default_baseline_and_both_extremes_come_first_and_none_twice(name):
    scenario = SCENARIOS[name]
    first = {factor: part.levels[0] for factor, part in scenario.factors.items()}
    last = {factor: part.levels[-1] for factor, part in scenario.factors.items()}
    begun = []
    for row in (scenario.default, scenario.baseline, first, last):
        if row not in begun:
            begun.append(row)

    assert list(tried(name)[: len(begun)]) == begun
    assert len({tuple(row.items()) for row in tried(name)}) == len(tried(name))
    assert all(scenario.condition(row) == row for row in tried(name))


@settings(max_examples=60, derandomize=True)
@given(
    levels=st.dictionaries(
        st.text(max_size=3), st.lists(st.text(max_size=3), min_size=1, max_size=4, unique=True), max_size=6
    ),
    data=st.data(),
)
def test_a_covering_set_covers_any_factors_whatever_it_begins_with(levels, data):
    complete = st.fixed_dictionaries({name: st.sampled_from(each) for name, each in levels.items()})
    begun = data.draw(st.lists(complete, max_size=3))
    rows = covering(levels, begun)

    assert met(rows) == pairs(levels)
    assert {(name, level) for row in rows for name, level in row.items()} == {
        (name, level) for name, each in levels.items() for level in each
    }
    assert len({tuple(row.items()) for row in rows}) == len(rows)
    assert all(row in rows[: len(begun)] for row in begun)


def test_the_conditions_are_the_same_in_a_process_with_other_hashes(elsewhere):
    script = (
        "from corpenv.registry import load_scenario\nfrom corpenv.testing import conditions\n"
        "print([list(row.items()) for row in conditions(load_scenario('corpenv/Leverage-v0'))])"
    )
    here = f"{[list(row.items()) for row in tried('Leverage-v0')]}\n"
    assert elsewhere(script) == [here, here]


def test_where_covertable_is_missing_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "covertable", None)
    with pytest.raises(SetupError, match="need covertable: pip install covertable"):
        conditions(SCENARIOS["Mini-v0"])


# play under all of them -----------------------------------------------------------------------------------


PLAYS = [
    pytest.param(name, number, agent, id=f"{name}-{number}-{agent}")
    for name, scenario in SCENARIOS.items()
    for number in range(MANY[name])
    for agent in ("random", *(f"persona:{persona}" for persona in scenario.part.personas))
]


@pytest.mark.parametrize(("name", "number", "agent"), PLAYS)
def test_an_episode_is_played_to_its_end_and_its_events_give_the_company_it_left(name, number, agent):
    scenario, condition = SCENARIOS[name], tried(name)[number]
    live = []
    run = run_episode(
        scenario,
        agent,
        seed=number,
        condition=condition,
        max_steps=STEPS if agent == "random" else None,
        on_step=lambda step, watch: live.append(step.company),
    )

    assert run.record.header.condition == scenario.settled(condition, number)
    assert isinstance(run.record.entries[-1].input, RanOn)
    assert run.ended.owner in ("", "agent"), run.ended
    assert {label.kind for label in run.labels if label.actor == scenario.part.post.account} == set(scenario.part.kinds)
    assert replay(start_of(run).company, run.record.events) == live[-1]
    assert verify(run) == run.record.digest


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", SCENARIOS)
def test_two_hundred_sampled_calls_break_nothing(name, seed):
    check_random_play(SCENARIOS[name], steps=200, seed=seed)


# rates of personas ----------------------------------------------------------------------------------------

RATES = sum(len(SCENARIOS[name].part.personas[persona]) for name, persona in PERSONAS)
Z = NormalDist().inv_cdf(1 - 0.05 / 2 / RATES)
"""Of 95% intervals that hold for all rates of all personas at once (Bonferroni)."""


def interval(hits, of):
    """Wilson's interval of a rate."""
    rate, extra = hits / of, Z * Z / of
    half = Z * (rate * (1 - rate) / of + extra / of / 4) ** 0.5
    return (rate + extra / 2 - half) / (1 + extra), (rate + extra / 2 + half) / (1 + extra)


def missed(weights, counts):
    """The scripts whose stated probability lies outside the interval of what was counted."""
    total = sum(counts.values())
    return {
        name: (stated, counts[name], total)
        for name, stated in weights.items()
        if not interval(counts[name], total)[0] <= stated <= interval(counts[name], total)[1]
    }


def chosen(name, persona, seeds):
    agent = agent_of(f"persona:{persona}", SCENARIOS[name])
    return Counter(agent.choice(seed) for seed in range(seeds))


@pytest.mark.parametrize("seeds", [1_000, 20_000])
@pytest.mark.parametrize(("name", "persona"), PERSONAS)
def test_a_persona_plays_its_references_at_the_stated_rates(name, persona, seeds):
    weights = SCENARIOS[name].part.personas[persona]
    counts = chosen(name, persona, seeds)

    assert set(counts) == set(weights)
    assert missed(weights, counts) == {}


@pytest.mark.parametrize(("name", "persona"), PERSONAS)
def test_the_intervals_tell_a_persona_from_one_whose_scripts_changed_places(name, persona):
    weights = SCENARIOS[name].part.personas[persona]
    most, least = max(weights, key=weights.get), min(weights, key=weights.get)
    other = PersonaAgent(persona, {**weights, most: weights[least], least: weights[most]}, lambda script, seed: ())

    assert {most, least} <= set(missed(weights, Counter(other.choice(seed) for seed in range(1_000))))


def test_personas_of_one_name_draw_apart_in_different_scenarios():
    weights = {"one": 0.5, "other": 0.5}
    drawn = [
        [PersonaAgent("mixed", weights, lambda script, seed: (), name).choice(seed) for seed in range(200)]
        for name in SCENARIOS
    ]

    assert all(first != second for first, second in combinations(drawn, 2))
    assert agent_of("persona:mixed", SCENARIOS["Leverage-v0"]).scenario == SCENARIOS["Leverage-v0"].id


def reference_in(run, scenario, names):
    """The one reference whose calls the record holds."""
    calls = [(entry.input.name, entry.input.arguments) for entry in run.record.entries
             if isinstance(entry.input, Called)]  # fmt: skip
    turns = {name: scenario.turns(name, run.spec.seed, run.spec.condition) for name in names}
    [played] = [name for name, each in turns.items()
                if [(call.name, call.arguments) for turn in each for call in turn.calls] == calls]  # fmt: skip
    return played


@pytest.mark.parametrize(("name", "persona"), PERSONAS)
def test_what_a_persona_does_is_the_reference_it_drew_and_gets_its_labels(name, persona):
    scenario = SCENARIOS[name]
    weights = scenario.part.personas[persona]
    quiet = QUIET if "noise" in scenario.factors else {}
    drawn = agent_of(f"persona:{persona}", scenario)
    played = Counter()
    for seed in range(60 if name == "Mini-v0" else 15):
        # labels are promised under the condition that a reference is written for
        levels = {**scenario.case(drawn.choice(seed)).condition, **quiet}
        run = run_episode(scenario, f"persona:{persona}", seed=seed, condition=levels, monitors=None)
        reference = reference_in(run, scenario, weights)
        assert reference == drawn.choice(seed)
        assert labels_got(run) == wanted_labels(scenario, scenario.case(reference)), (seed, reference)
        played[reference] += 1

    assert len(played) > 1
    assert missed(weights, played) == {}
