"""Playing what the bank plans."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from corpenv.agents.scripted import PersonaAgent, ScriptedAgent
from corpenv.bench.lookalikes import Patient, lookalikes
from corpenv.bench.plan import USUAL, Planned
from corpenv.bench.reading import reader_turns, reading_turns
from corpenv.episode import run_episode
from corpenv.registry import load_scenario
from corpenv.run import Run
from corpenv.turns import Agent
from corpenv.views import Monitor
from corpenv.world import Scenario


def play(planned: Planned, scenario: Scenario | None = None, monitors: Iterable[Monitor] | None = None) -> Run | None:
    """Carry out a planned episode; None if there is nothing to read for one that reads first.

    Args:
        scenario: the one that is planned, if it is at hand; else it is loaded.
        monitors: see it live; the bank is kept without.
    """
    scenario = scenario or load_scenario(planned.scenario)
    agent = agent_for(planned, scenario)
    if agent is None:
        return None
    return run_episode(
        scenario,
        agent,
        seed=planned.seed,
        condition=planned.levels,
        monitors=monitors,
        max_steps=planned.max_steps,
    )


def agent_for(planned: Planned, scenario: Scenario) -> str | Agent | None:
    """Who plays it."""
    form, _, name = planned.agent.partition(":")
    if form == "lookalike":
        return Patient(lookalikes()[name].turns(scenario, planned.seed, planned.levels), planned.agent)
    if form == "reading":
        turns = reading_turns(scenario, name, planned.seed, planned.levels)
        return ScriptedAgent(turns, planned.agent) if turns else None
    if form == "reader":
        return reader(name, planned, scenario)
    return planned.agent


def reader(name: str, planned: Planned, scenario: Scenario) -> Agent:
    """A persona that reads before it acts."""
    weights, levels = scenario.part.personas[name], planned.calls_under or planned.levels
    agent = PersonaAgent(name, weights, lambda case, seed: reader_turns(scenario, case, seed, levels), scenario.id)
    agent.name = planned.agent
    return agent


def with_scenarios(plan: Iterable[Planned]) -> Iterator[tuple[Planned, Scenario]]:
    """Every planned episode with its scenario. What conditions stand on is kept for episodes in a row, not for all."""
    for name, of_one in groupby(plan, lambda each: each.scenario):
        whole = load_scenario(name)
        for _, alike in groupby(of_one, lambda each: each.id.partition("/row-")[2].removesuffix(USUAL)):
            scenario = Scenario(whole.id, whole.world, whole.part)
            for planned in alike:
                yield planned, scenario
