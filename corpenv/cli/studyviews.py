"""Studies as they are shown: plans, progress while they are played, and how far they are."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from corpenv.cli.bars import Bar
from corpenv.models import estimate_cost
from corpenv.render import condition_words, table
from corpenv.render.runs import pairs
from corpenv.render.words import OUTCOMES
from corpenv.study.contrasts import RATES, contrasts_of, detectable
from corpenv.study.design import Cell
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome
from corpenv.study.progress import Progress as Counts
from corpenv.study.statistics import rate

# plans ------------------------------------------------------------------------------------------------------


def plan_view(study: Study) -> RenderableType:
    """What will be played, what it may cost, and what it can tell."""
    form = study.form
    head = {
        "study": f"{form.name}, {study.digest[:12]}",
        "question": form.question,
        "primary": f"{form.primary.kind}: {' or '.join(form.primary.outcomes)}",
        "episodes": f"{len(study)}: {len(study.cells)} cells of {form.repeats}, seeds {form.first_seed} to "
        f"{form.first_seed + form.repeats - 1} in each",
        "cost": cost_words(study),
    }
    return Group(pairs(head), Text(), cells_view(study), Text(), power_view(study))


def cells_view(study: Study) -> RenderableType:
    """The cells, a row each."""
    made = table("cell", "scenario", "agent", "condition")
    for number, cell in enumerate(study.cells, 1):
        made.add_row(str(number), cell.scenario, study.agent(cell).shown, condition_of(study, cell))
    return made


def condition_of(study: Study, cell: Cell) -> str:
    """What is varied in a cell."""
    return "baseline" if cell.baseline else condition_words(cell.varied) or condition_words(cell.levels) or "default"


def power_view(study: Study) -> RenderableType:
    """Which rates each contrast tells apart."""
    contrasts = contrasts_of(study)
    if not contrasts:
        return Text("Nothing is varied: there is no contrast to test.")
    alpha = study.form.alpha / len(contrasts)
    made = table("contrast", "episodes", *(f"from {base:.0%}" for base in RATES))
    for each in contrasts:
        found = (detectable(each, base, alpha) for base in RATES)
        cells = ("-" if higher is None else f"to {higher:.0%}" for higher in found)
        made.add_row(f"{each.name} ({each.scenario}, {each.agent})", " / ".join(map(str, each.episodes)), *cells)
    foot = (
        f"Smallest higher rate that is told from a rate with a power of 80%, two-sided, alpha {study.form.alpha:g} "
        f"shared by {len(contrasts)} contrasts. No event in {study.form.repeats} episodes still allows "
        f"{rate(0, study.form.repeats).high:.1%}."
    )
    return Group(made, Text(foot, "dim"))


def cost_words(study: Study) -> str:
    """About what asking models comes to."""
    total, unknown = cost_of(study)
    if unknown:
        return f"the price of {', '.join(unknown)} is not known" + (f"; the rest about ${total:.2f}" if total else "")
    return f"about ${total:.2f}" if total else "none: no model is asked"


def cost_of(study: Study) -> tuple[float, list[str]]:
    """US dollars that the study may cost where prices are known, and models without a price."""
    total, unknown = 0.0, dict[str, None]()
    for cell in study.cells:
        agent = study.agent(cell)
        if agent.model is None:
            continue
        scenario = study.scenarios[cell.scenario]
        steps = study.form.budget.steps or scenario.part.max_steps
        start = scenario.start(cell.levels, study.form.first_seed)
        messages = [{"role": "system", "content": start.post().briefing}, {"role": "user", "content": start.screen}]
        _, cost = estimate_cost(agent.model, messages, [tool.openai() for tool in start.tools])
        if cost is None:
            unknown[agent.model] = None
        else:
            total += cost * steps * study.form.repeats
    return total, list(unknown)


def plan_json(study: Study) -> dict[str, Any]:
    """A plan as JSON."""
    contrasts = contrasts_of(study)
    alpha = study.form.alpha / max(1, len(contrasts))
    total, unknown = cost_of(study)
    return {
        "name": study.form.name,
        "digest": study.digest,
        "episodes": len(study),
        "cells": study.cells,
        "contrasts": [
            {"contrast": each, "detectable": {str(base): detectable(each, base, alpha) for base in RATES}}
            for each in contrasts
        ],
        "cost": total,
        "without_price": unknown,
        "document": study.document,
    }


# progress ---------------------------------------------------------------------------------------------------


def status_view(study: Study, counts: Counts) -> RenderableType:
    """How far a study is: every denominator, and the primary outcome so far with its interval."""
    form = study.form
    faults = ", ".join(f"{count} of the {owner}" for owner, count in sorted(counts.faults.items())) or "none"
    head = {
        "study": f"{form.name}, {study.digest[:12]}",
        "results": f"{counts.done} of {len(study)}",
        "faults": faults,
        "cost": f"${counts.cost:.2f}" if counts.cost else "",
    }
    made = table("condition", "run", "valid", "chance", form.primary.kind.replace("_", " "), "95% interval")
    for cell in study.cells:
        made.add_row(*row_of(study, cell, counts.outcomes[cell.id]))
    foot = (
        "run: episodes with a result; valid: neither failed nor unmeasured; chance: of these, with an opportunity; "
        f"then how many of those {' or '.join(form.primary.outcomes)}."
    )
    return Group(pairs({name: value for name, value in head.items() if value}), Text(), made, Text(foot, "dim"))


def row_of(study: Study, cell: Cell, outcomes: Mapping[str, int]) -> tuple[str, ...]:
    """One cell."""
    run, valid, chance, hits = denominators(study, outcomes)
    several = len(study.form.scenarios) > 1 or len(study.form.agents) > 1
    name = f"{cell.scenario}, {study.agent(cell).shown}, " if several else ""
    found = rate(hits, chance) if chance else None
    counted, bounds = (f"{hits} of {chance}", f"{found.low:.1%} to {found.high:.1%}") if found else ("-", "-")
    return name + condition_of(study, cell), str(run), str(valid), str(chance), counted, bounds


def denominators(study: Study, outcomes: Mapping[str, int]) -> tuple[int, int, int, int]:
    """Episodes with a result, valid ones, those with an opportunity, and those in which it happened."""
    run = sum(outcomes.values())
    valid = run - outcomes.get("unmeasured", 0)
    hits = sum(outcomes.get(each, 0) for each in study.form.primary.outcomes)
    return run, valid, valid - outcomes.get("no_opportunity", 0), hits


def status_json(study: Study, counts: Counts) -> dict[str, Any]:
    """How far a study is, as JSON."""
    return {
        "name": study.form.name,
        "digest": study.digest,
        "episodes": len(study),
        "done": counts.done,
        "faults": dict(sorted(counts.faults.items())),
        "cost": counts.cost,
        "cells": [{"cell": cell, "outcomes": {name: counts.outcomes[cell.id][name] for name in OUTCOMES}}
                  for cell in study.cells],
    }  # fmt: skip


class Watching:
    """A line that moves while a study is played: how far, how fast, what it cost, what failed, what was found.

    Args:
        who: plays, in words.
        quiet: show nothing.

    Attributes:
        bar: the line; it goes away at the end of `with bar:`.
    """

    def __init__(self, console: Console, study: Study, counts: Counts, who: str, quiet: bool = False) -> None:
        columns = (BarColumn(20), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
        times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
        self.study, self.counts = study, counts
        self.bar = Bar(console, *columns, *times, shown=not quiet, total=len(study), completed=counts.done)
        if self.bar.shown:
            console.print(f"{len(study) - counts.done} of {len(study)} episodes to play: {who}.", soft_wrap=True)

    def result(self, outcome: Outcome) -> None:
        """One more result."""
        self.counts.add(outcome)
        self.bar.move(completed=self.counts.done, description=self.words)

    @property
    def words(self) -> str:
        """What stands beside the bar."""
        counting = self.study.form.primary.outcomes
        hits = sum(found[each] for found in self.counts.outcomes.values() for each in counting)
        faults = "".join(f", faults of the {owner}: {count}" for owner, count in sorted(self.counts.faults.items()))
        cost = f", ${self.counts.cost:.2f}" if self.counts.cost else ""
        return f"{self.bar.speed:.1f}/s, {self.study.form.primary.kind}: {hits}{faults}{cost}"
