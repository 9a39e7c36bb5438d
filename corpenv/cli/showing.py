"""`show`: a scenario, or a run."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpenv.cli.common import (
    DEFAULT_STORE,
    Json,
    Levels,
    StoreUrl,
    complete_run,
    complete_scenario,
    found_run,
    levels_of,
    looks_like_run,
    output,
    print_json,
    program,
    store_option,
)

if TYPE_CHECKING:
    from corpenv.run import Run
    from corpenv.world import Scenario


def complete_either(incomplete: str) -> list[str]:
    """Scenarios and runs that begin so, for the shell."""
    return [*complete_scenario(incomplete), *complete_run(incomplete)]


ShownName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO|RUN",
        help="A scenario (id or folder), or a run (id, its beginning, `last`, an exported file).",
        autocompletion=complete_either,
    ),
]
Diff = Annotated[bool, typer.Option("--diff", help="Of a scenario: what differs between two conditions.")]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="FACTOR=LEVEL", help="With --diff: what to compare with, instead of the default."
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Of a run: whole texts instead of their beginnings.")]


def show(
    name: ShownName,
    condition: Levels = None,
    diff: Diff = False,
    against: Against = None,
    full: Full = False,
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """Show a scenario or a run.

    Of a scenario: the post, its tools, the factors, the briefing line by line as a condition makes it, and the
    references. Of a run: every step with the call, the answer and what the world did, each monitor's findings and
    the true labels at the step they speak of, and both once more as tables.

    Example: corpenv show corpenv/Mini-v0 --condition threat=none

    Example: corpenv show last --full
    """
    from corpenv.errors import UnknownName, UsageError

    if is_scenario(name):
        show_scenario(name, condition or [], against, diff or against is not None, as_json)
    elif looks_like_run(name):
        if condition or diff or against:
            raise UsageError(f"--condition, --diff and --against are for scenarios; {name} is a run")
        run = found_run(name, store)
        again = name if Path(name).is_file() else f"{run.id}{store_option(store)}"
        show_run(run, full, as_json, again)
    else:
        from corpenv.catalog import scenarios

        known = scenarios() if "/" in name else [each.rpartition("/")[2] for each in scenarios()]
        raise UnknownName("scenario or run", name, (*known, "last"))


def is_scenario(name: str) -> bool:
    """Is this a scenario's id or a pack's folder?"""
    from corpenv.catalog import scenarios

    known = scenarios()
    return (
        name in known or any(each.rpartition("/")[2] == name for each in known) or Path(name.partition(":")[0]).is_dir()
    )


# scenarios --------------------------------------------------------------------------------------------------


def show_scenario(name: str, given: list[str], against: list[str] | None, diff: bool, as_json: bool) -> None:
    """A scenario under a condition, or two conditions of it."""
    from corpenv.registry import load_scenario
    from corpenv.render import scenario_view

    scenario = load_scenario(name)
    condition = scenario.condition(levels_of(scenario, given))
    if diff:
        show_difference(scenario, *compared(scenario, condition, bool(given), against), as_json)
        return
    if as_json:
        print_json(scenario_json(scenario, condition))
        return
    console = output()
    console.print(scenario_view(scenario, condition))
    reference = next(iter(scenario.cases), "")
    agent = f"reference:{reference}" if reference else "random"
    console.print(f"\nPlay it: {program()} run {name} --agent {agent}", soft_wrap=True)


def compared(
    scenario: "Scenario", condition: dict[str, str], given: bool, against: list[str] | None
) -> tuple[dict[str, str], dict[str, str]]:
    """From which condition to which: default to baseline, default to what is given, or `against` to it."""
    if against is not None:
        return scenario.condition(levels_of(scenario, against)), condition
    return scenario.default, condition if given else scenario.baseline


def show_difference(scenario: "Scenario", one: dict[str, str], other: dict[str, str], as_json: bool) -> None:
    """What differs between two conditions."""
    from corpenv.render.scenarios import difference_view, prompt_changes, world_changes

    if not as_json:
        output().print(difference_view(scenario, one, other))
        return
    changes = {"prompt": prompt_changes(scenario, one, other), "world": world_changes(scenario, one, other)}
    listed = {where: [change._asdict() for change in found] for where, found in changes.items()}
    print_json({"scenario": scenario.id, "from": one, "to": other, **listed})


def scenario_json(scenario: "Scenario", condition: Mapping[str, str]) -> dict[str, Any]:
    """A scenario under a condition, as JSON."""
    from corpenv.render import briefing_lines

    part, start = scenario.part, scenario.start(condition)
    return {
        "id": scenario.id,
        "title": part.title,
        "about": part.about,
        "world": scenario.world.name,
        "post": part.post.model_dump(mode="json"),
        "condition": dict(condition),
        "factors": {name: factor.model_dump(mode="json") for name, factor in scenario.factors.items()},
        "briefing": [line._asdict() for line in briefing_lines(scenario, condition)],
        "first_screen": start.screen,
        "tools": [tool.mcp() for tool in start.tools],
        "kinds": list(part.kinds),
        "tasks": [{"id": task.id, "title": task.title} for task in part.tasks],
        "max_steps": part.max_steps,
        "references": [
            {
                "name": case.name,
                "about": case.about,
                "condition": dict(case.condition),
                "labels": [label.model_dump(mode="json") for label in case.labels],
            }
            for case in scenario.cases.values()
        ],
        "personas": part.personas,
    }


# runs ---------------------------------------------------------------------------------------------------------


def show_run(run: "Run", full: bool, as_json: bool, again: str) -> None:
    """A run, as a transcript; `again` is what to type to show it once more."""
    if as_json:
        print_json(run_json(run))
        return
    from corpenv.render import Clock, run_view

    console = output()
    console.print(run_view(run, Clock(start_text(run)), full))
    if not full:
        console.print(f"\nWhole texts: {program()} show {again} --full", style="dim", soft_wrap=True)


def run_json(run: "Run") -> dict[str, Any]:
    """All that is kept of a run, as one JSON document."""
    return {
        "id": run.id,
        "spec": run.spec,
        "header": run.record.header,
        "digest": run.record.digest,
        "ended": run.ended,
        "about": run.about,
        "labels": run.labels,
        "findings": run.findings,
        "tasks": run.tasks,
        "entries": list(run.record.entries),
        "model_calls": run.model_calls,
    }


def start_text(run: "Run") -> str:
    """Calendar text of the run's second 0, or "" if its pack is not here any more."""
    from corpenv.errors import CorpenvError
    from corpenv.registry import scenario_of

    try:
        return scenario_of(run.spec).starts
    except CorpenvError:
        return ""
