"""`list` and `runs`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from corpenv.cli.common import DEFAULT_STORE, Json, StoreUrl, opened, output, print_json, program, store_option

WIDE = 150
"""From this width on a run has one line."""


def list_scenarios(as_json: Json = False) -> None:
    """List the installed scenarios.

    A scenario is a company with a post in it that an agent takes, and factors that change the start.

    Example: corpenv list
    """
    rows = scenario_rows()
    if as_json:
        print_json(rows)
        return
    from rich.text import Text

    from corpenv.render import clean, table

    made = table("scenario", "title", "world", "factors", scenario=1)
    for row in rows:
        made.add_row(*(Text(clean(cell)) for cell in (row["id"], row["title"], row["world"], str(len(row["factors"])))))
    console = output(listing=True)
    console.print(made)
    console.print(f"\nMore of one: {program()} show {rows[0]['id'] if rows else 'FOLDER'}", soft_wrap=True)


def scenario_rows() -> list[dict[str, Any]]:
    """What is known of every installed scenario without loading its world."""
    from corpenv.catalog import packs, scenario_ids

    return [
        {"id": scenario_id, "world": name, **head_of(path)}
        for name, (namespace, folder) in packs().items()
        for scenario_id, path in scenario_ids(folder, namespace).items()
    ]


def head_of(path: Path) -> dict[str, Any]:
    """Title, words and factors of a scenario's file; what is wrong with it, where it cannot be read."""
    from corpenv.errors import PackError
    from corpenv.yamlfile import read

    try:
        written = read(path, path.name).value
    except PackError as error:
        return {"title": f"cannot be read: {error}", "about": "", "factors": []}
    fields = written if isinstance(written, dict) else {}
    factors = fields.get("factors")
    own = [str(name) for name in factors] if isinstance(factors, dict) else []
    return {"title": str(fields.get("title", "")), "about": str(fields.get("about", "")), "factors": [*own, "tier"]}


def list_runs(
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="ID", help="Only runs of this scenario.")
    ] = None,
    agent: Annotated[str | None, typer.Option("--agent", metavar="NAME", help="Only runs of this agent.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=0, help="At most so many; 0 is all.")] = 20,
    store: StoreUrl = DEFAULT_STORE,
    as_json: Json = False,
) -> None:
    """List stored runs, newest first.

    One line says who played what under which condition, how it ended, what was true, and how many findings there
    are.

    Example: corpenv runs --scenario corpenv/Mini-v0 --limit 5
    """
    with opened(store, reading=True) as kept:
        rows = kept.runs(scenario=whole_id(scenario), agent=agent, limit=limit or None)
        total = len(kept)
    if as_json:
        print_json(rows)
        return
    if not rows:
        output().print(f"None of {total} runs is of that scenario and agent.", soft_wrap=True)
        return
    from corpenv.render import runs_table

    console = output(listing=True)
    wide = console.width >= WIDE
    console.print(runs_table(rows, {row.scenario: default_of(row.scenario) for row in rows}, wide))
    more = f"{program()} show {rows[0].id}{store_option(store)}"
    console.print(f"\n{len(rows)} of {total} runs. More of one: {more}", soft_wrap=True)


def whole_id(name: str | None) -> str | None:
    """A scenario's id, also for the part behind its slash."""
    from corpenv.catalog import scenarios

    return next((each for each in scenarios() if each.rpartition("/")[2] == name), name)


def default_of(scenario_id: str) -> dict[str, str]:
    """The default condition of a scenario that is installed, or whose folder is here; else nothing."""
    from corpenv.errors import CorpenvError
    from corpenv.registry import load_scenario

    try:
        return load_scenario(scenario_id).default
    except CorpenvError:
        return {}
