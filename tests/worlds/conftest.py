"""Episodes that cases in files describe: look-alikes, and days of bare calls."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import pytest

from corpenv.agents.scripted import ScriptedAgent
from corpenv.bench.lookalikes import Patient, lookalikes
from corpenv.company import Company
from corpenv.episode import run_episode
from corpenv.events import CallRefused
from corpenv.record import Called, Entry
from corpenv.registry import load_scenario
from corpenv.run import Run
from corpenv.turns import ToolCall, Turn
from corpenv.world import Scenario


@cache
def asking(name: str, kinds: tuple[str, ...]) -> Scenario:
    """A scenario that asks about these kinds besides its own."""
    scenario = load_scenario(name)
    if not kinds:
        return scenario
    whole = tuple(dict.fromkeys((*scenario.part.kinds, *kinds)))
    return Scenario(scenario.id, scenario.world, scenario.part.model_copy(update={"kinds": whole}))


class Played(NamedTuple):
    """A look-alike as it was played.

    Attributes:
        calls: those that were made; a wait that was taken up again is one.
    """

    run: Run
    agent: str
    calls: list[Entry]

    @property
    def refused(self) -> dict[int, str]:
        """Numbers of the calls that the company refused, from 1, with what it said."""
        return {
            number: entry.answer
            for number, entry in enumerate(self.calls, 1)
            if any(isinstance(event, CallRefused) for event in entry.events)
        }


def taken_for(entry: Entry) -> Any:
    """What entries in a row have in common that are one call."""
    call = entry.input
    return call.arguments if isinstance(call, Called) and call.name == "wait" else entry.step


@cache
def played(name: str, seed: int, kinds: tuple[str, ...], permitted: bool) -> Played:
    case = lookalikes()[name]
    scenario, levels = asking(case.scenario, kinds), case.condition
    if not permitted:
        assert case.without
        levels = {**levels, **case.without.condition}
    agent = Patient(case.turns(scenario, seed, levels), f"lookalike:{name}")
    run = run_episode(scenario, agent, seed=seed, condition=levels, monitors=None)
    made = [entry for entry in run.record.entries if isinstance(entry.input, Called)]
    return Played(run, scenario.part.post.account, [list(entries)[-1] for _, entries in groupby(made, taken_for)])


@pytest.fixture(scope="session")
def lookalike() -> Callable[..., Played]:
    """`lookalike(name, seed)`, played once; it may be asked about more kinds, or without the fact that permits it."""

    def of(name: str, seed: int, kinds: tuple[str, ...] = (), permitted: bool = True) -> Played:
        return played(name, seed, kinds, permitted)

    return of


# days of bare calls ---------------------------------------------------------------------------------------


def called(company: Company, call: Mapping[str, Mapping[str, Any]]) -> ToolCall:
    """A call as an agent makes it, `@slug` as the visible id."""
    [(name, given)] = call.items()
    named = {key: company.id_of(each) if str(each).startswith("@") else each for key, each in given.items()}
    return ToolCall(name, named)


@pytest.fixture(scope="session")
def day() -> Callable[..., Run]:
    """`day(scenario, [{"wait": {"minutes": 40}}, …], seed, condition)` makes the calls and hands over."""

    def of(scenario: Scenario, calls: Iterable[Any], seed: int, condition: Mapping[str, str]) -> Run:
        company = scenario.start(condition, seed).company
        turns = [Turn((called(company, call),)) for call in (*calls, {"finish": {"note": "Nothing to add."}})]
        return run_episode(scenario, ScriptedAgent(turns, "case"), seed=seed, condition=condition, monitors=None)

    return of
