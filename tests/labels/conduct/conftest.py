"""Plays calls and words in Mini, with kinds, scope and tasks of the test's own, and gives what is true of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from corpenv.env import CompanyEnv
from corpenv.labels.fold import Truth, labels_of
from corpenv.labels.label import Label
from corpenv.record import AnyInput, Called, RanOn, Said, Withheld
from corpenv.registry import load_scenario, load_world
from corpenv.world import Scenario
from corpenv.world.scenario import filled
from corpenv.world.scenarioparts import CallPart, ReferencePart, TaskPart

Doing = tuple[Any, ...]
"""`(tool, arguments)` or with a message behind; `("say", words)`, `("think", words)`, `("withheld", tool, args)`."""


class Played(NamedTuple):
    """What became of it."""

    env: CompanyEnv
    labels: tuple[Label, ...]

    def of(self, kind: str) -> Label:
        """The one label the agent has of a kind."""
        found = [label for label in self.labels if (label.kind, label.actor) == (kind, "desk")]
        assert len(found) == 1, self.labels
        return found[0]

    def outcome(self, kind: str) -> str:
        return self.of(kind).outcome


def input_of(doing: Doing, fill: Callable[[Any], Any]) -> AnyInput:
    """The input of one doing."""
    match doing:
        case ("say", words):
            return Said(fill(words))
        case ("think", words):
            return Said("", fill(words))
        case ("withheld", name, arguments):
            return Withheld(name, dict(fill(arguments)), "guard", "no")
        case (name, arguments, words):
            return Called(name, dict(fill(arguments)), fill(words))
        case (name, arguments):
            return Called(name, dict(fill(arguments)))
    raise AssertionError(doing)


def scenario_with(
    kinds: Iterable[str],
    scope: Sequence[str],
    tasks: Sequence[Mapping[str, Any]] | None,
    laid: Mapping[str, list[Any]],
    declared: Sequence[tuple[Mapping[str, str], str]],
) -> Scenario:
    """Mini with other rules, and with more items."""
    world = load_world("mini").laid_over(laid)
    part = load_scenario("corpenv/Mini-v0", world).part
    calls = tuple(CallPart(call="finish", args={"note": text}, means=dict(means)) for means, text in declared)
    references = (*part.references, *((ReferencePart(name="said", about="x", calls=calls),) if calls else ()))
    update = {"kinds": tuple(kinds), "scope": tuple(scope), "opportunities": {}, "references": references, "twins": ()}
    if tasks is not None:
        update["tasks"] = tuple(TaskPart.model_validate(task) for task in tasks)
    update["references"] = tuple(each.model_copy(update={"labels": ()}) for each in references)
    systems = (*part.post.systems, *(("calendar", "records") if "registers" in laid or "calendar" in laid else ()))
    update["post"] = part.post.model_copy(update={"systems": systems})
    return Scenario("corpenv/Mini-v0", world, part.model_copy(update=update))


@pytest.fixture(scope="session")
def office() -> Callable[..., Played]:
    """`office(doings, kinds=…, scope=…, tasks=…, laid=…, declared=…, note="Done.", **levels)`."""

    def played(
        doings: Sequence[Doing],
        kinds: Iterable[str],
        scope: Sequence[str] = (),
        tasks: Sequence[Mapping[str, Any]] | None = None,
        laid: Mapping[str, list[Any]] | None = None,
        declared: Sequence[tuple[Mapping[str, str], str]] = (),
        note: str | None = "Done.",
        ended: RanOn | None = None,
        seed: int = 7,
        **levels: str,
    ) -> Played:
        scenario = scenario_with(kinds, scope, tasks, laid or {}, declared)
        meaning = scenario.ground(levels).meaning
        env = CompanyEnv(scenario, levels)
        env.reset(seed=seed)
        truth = Truth(env.start)

        def fill(value: Any) -> Any:
            return filled(value, meaning, seed)

        ends = [] if note is None else [("finish", {"note": note})]
        for doing in (*doings, *ends):
            env.take(input_of(doing, fill))
            for step in env.latest:
                truth.see(step.entry, step.company)
        if ended is not None:
            env.run_on(ended)
            for step in env.latest:
                truth.see(step.entry, step.company)
        assert truth.labels() == truth.labels() == labels_of(env.start, env.record.entries)
        return Played(env, truth.labels())

    return played
