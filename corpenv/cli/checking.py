"""`check`: does a pack hold together?"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpenv.cli.common import Json, output, print_json, say
from corpenv.cli.realism import as_json as realism_json
from corpenv.cli.realism import realism_of, show_realism

if TYPE_CHECKING:
    from corpenv.realism import Realism
    from corpenv.testing import Check
    from corpenv.world import Scenario

FAILED, FAULTY = 1, 2


def check(
    packs: Annotated[list[str], typer.Argument(metavar="PACK", help="Names of packs, folders, or scenarios.")],
    realism: Annotated[
        bool, typer.Option("--realism", help="Measure how much is ordinary, how much is plot, and what repeats itself.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check that packs hold together.

    A pack must load. Every scenario, or the one that is named (its id, or FOLDER:NAME), is compiled under its
    default, its baseline and every change of one factor; every reference and twin is played with three seeds, and
    must get exactly its labels. Exit code 1: a reference fails. Exit code 2: a fault in what is written, told as
    file:line: key: what is wrong.

    With --realism the figures of every scenario follow, under its default condition; they fail no pack.

    Example: corpenv check mini my-pack/
    """
    checks, code = {name: list(checked(name, quiet=as_json)) for name in packs}, 0
    for check in (each for group in checks.values() for each in group if each.faults):
        code = max(code, FAULTY if check.sort == "pack" else FAILED)
    figures = {name: [] if unreadable(group) else measured(name) for name, group in checks.items()} if realism else {}
    if as_json:
        print_json({name: as_data(group, figures[name] if realism else None) for name, group in checks.items()})
    else:
        for each in (each for group in figures.values() for each in group):
            show_realism(each)
        output().print(summary([each for group in checks.values() for each in group]), soft_wrap=True)
    raise typer.Exit(code)


def as_data(checks: Iterable["Check"], figures: "list[Realism] | None") -> Any:
    """The checks of one pack; with figures, both under their names."""
    told = [each._asdict() for each in checks]
    return told if figures is None else {"checks": told, "realism": [realism_json(each) for each in figures]}


def unreadable(checks: Iterable["Check"]) -> bool:
    """Is there a fault in what is written, so that nothing can be measured?"""
    return any(check.faults and check.sort == "pack" for check in checks)


def measured(name: str) -> "list[Realism]":
    """The figures of one pack, or of one scenario."""
    return realism_of(meant(name))


def meant(name: str) -> "tuple[Scenario, ...]":
    """All scenarios of a pack, or the one that is named."""
    from corpenv.catalog import packs
    from corpenv.registry import load_scenario, load_world

    if name in packs() or Path(name).is_dir() or not ("/" in name or ":" in name):
        return load_world(name).scenarios
    return (load_scenario(name),)


def checked(name: str, quiet: bool) -> Iterable["Check"]:
    """The checks of one pack, each told as it is made."""
    from corpenv.errors import PackError
    from corpenv.testing import Check, scenarios_checks

    console = output()
    try:
        scenarios = meant(name)
    except PackError as error:
        checks: Iterable[Check] = (Check("pack", f"{name}: loads", tuple(str(error).splitlines())),)
    else:
        checks = (Check("pack", f"{name}: loads"), *scenarios_checks(scenarios))
    for check in checks:
        if not quiet:
            style = "red" if check.faults else ""
            console.print("FAIL" if check.faults else "ok  ", check.about, style=style, soft_wrap=True)
            for fault in check.faults:
                say(fault)
        yield check


def summary(checks: list["Check"]) -> str:
    """How many checks passed."""
    failed = sum(bool(check.faults) for check in checks)
    return f"\n{len(checks) - failed} of {len(checks)} checks passed" + (f", {failed} failed." if failed else ".")
