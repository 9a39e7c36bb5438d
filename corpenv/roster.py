"""Agents by name: shipped ones, references and personas of a scenario, installed ones, and ones in a file."""

from collections.abc import Callable, Collection, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from corpenv.errors import SetupError, UnknownName, UsageError
from corpenv.plugins import from_file
from corpenv.turns import Agent, FunctionAgent
from corpenv.world import Scenario

GROUP = "corpenv.agents"
FORMS = {
    "random": "calls tools at random",
    "human": "you, at this terminal",
    "litellm": "a model, with --model NAME",
    "reference:NAME": "a reference of the scenario, or NAME~twin",
    "persona:NAME": "a persona of the scenario",
    "transcript:FILE": "plays a recorded answer",
    "FILE.py:NAME": "an agent, class or function in a file",
}


def agent_of(name: str, scenario: Scenario, condition: Mapping[str, str] | None = None, **options: Any) -> Agent:
    """An agent by its name; `condition` is what references are written for.

    Raises:
        UnknownName: nothing has that name.
    """
    form, _, rest = name.partition(":")
    if form in MAKERS:
        return MAKERS[form](rest, scenario, condition or {}, options)
    if form.endswith(".py"):
        return as_agent(from_file(name))
    installed = {point.name: point for point in entry_points(group=GROUP)}
    if form not in installed:
        if whole := meant(name, scenario):
            raise UnknownName(f'no agent {name!r} (did you mean "{whole[0]}"?)')
        raise UnknownName("agent", name, (*FORMS, *installed))
    made = installed[form].load()
    return as_agent(made() if isinstance(made, type) else made)


def as_agent(agent: Agent | Callable[[str], Any]) -> Agent:
    """An agent, or one made of a plain function."""
    if isinstance(agent, type):
        raise UsageError(f"an agent is an object, not a class: give {agent.__name__}(…)")
    if isinstance(agent, Agent):
        return agent
    if callable(agent):
        return FunctionAgent(agent)
    raise UsageError(f"an agent has begin, act and end, or is a function of an observation; {agent!r} is neither")


def meant(name: str, scenario: Scenario) -> list[str]:
    """References and personas of that very name, written in full."""
    named: dict[str, Collection[str]] = {"reference": scenario.cases, "persona": scenario.part.personas}
    return [f"{form}:{name}" for form, known in named.items() if name in known]


def condition_for(name: str, scenario: Scenario, levels: Mapping[str, str] | None = None) -> dict[str, str]:
    """Levels to play under: those a reference or twin is written for, and `levels` over them.

    Raises:
        UnknownName: no such reference, factor or level.
    """
    form, _, rest = name.partition(":")
    own = scenario.case(rest).condition if form == "reference" else {}
    chosen = {**own, **(levels or {})}
    scenario.condition(chosen)
    return chosen


def reference(name: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.scripted import ScriptedAgent

    scenario.case(name)
    return ScriptedAgent(lambda seed: scenario.turns(name, seed, condition), f"reference:{name}")


def persona(name: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.scripted import PersonaAgent

    known = scenario.part.personas
    if name not in known:
        raise UnknownName(f"persona of {scenario.id}", name, known)
    return PersonaAgent(name, known[name], lambda script, seed: scenario.turns(script, seed, condition), scenario.id)


def random(rest: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.uniform import UniformAgent

    return UniformAgent()


def human(rest: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.human import HumanAgent

    return HumanAgent()


def transcript(rest: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.recorded import RecordedAgent
    from corpenv.agents.transcript import TranscriptAgent, is_recording
    from corpenv.published import fault_of, recorded_in, turn_of

    recorded = None if is_recording(rest) else recorded_in(Path(rest), scenario)
    if recorded is None:
        return TranscriptAgent(rest)
    return RecordedAgent(f"transcript:{Path(rest).name}", turn_of(recorded, scenario), fault_of(recorded))


def litellm(rest: str, scenario: Scenario, condition: Mapping[str, str], options: Mapping[str, Any]) -> Agent:
    from corpenv.agents.llm import LLMAgent

    model = rest or options.get("model")
    if not model:
        raise SetupError("the litellm agent needs a model: --model NAME, for example --model openai/gpt-4o-mini")
    return LLMAgent(model, **{name: value for name, value in options.items() if name != "model"})


MAKERS: dict[str, Callable[[str, Scenario, Mapping[str, str], Mapping[str, Any]], Agent]] = {
    "reference": reference,
    "persona": persona,
    "random": random,
    "human": human,
    "transcript": transcript,
    "litellm": litellm,
}
