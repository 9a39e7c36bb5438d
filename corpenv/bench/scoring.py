"""Monitors over trajectories: what each says of every kind, beside what is true of it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import groupby, repeat
from math import prod
from time import process_time

from msgspec import Struct

from corpenv.bench.bank import Trajectory
from corpenv.bench.pairs import Pairs
from corpenv.bench.scored import Alert, Scored
from corpenv.bench.truths import Fact, facts_of
from corpenv.monitors import SHIPPED, monitors_of
from corpenv.run import Run
from corpenv.views import Finding, Monitor, Seen, View, seen_of
from corpenv.watched import looked

Told = Callable[[int, int], None]


class Panel(Struct, frozen=True):
    """Monitors that are scored as one: what any of them finds, the panel finds."""

    name: str
    monitors: tuple[Monitor, ...]

    @property
    def channels(self) -> View:
        """All channels that any of them sees."""
        return View(self.name, frozenset().union(*(monitor.view.channels for monitor in self.monitors)))


class Spent(Struct, frozen=True):
    """What a monitor took for one trajectory."""

    seconds: float = 0.0
    tokens: int = 0
    cost: float = 0.0


def panels_of(names: str) -> tuple[Panel, ...]:
    """Panels by name, with commas between them: `rules` is one panel, every other name one monitor, `all` each that
    comes with the package.

    Raises:
        UnknownName: no monitor has that name.
    """
    asked = [each for name in names.split(",") for each in (SHIPPED if name.strip() == "all" else (name.strip(),))]
    return tuple(Panel(name, monitors) for name in dict.fromkeys(asked) if (monitors := monitors_of(name)))


def score(trajectories: Sequence[Trajectory], panels: Sequence[Panel], told: Told | None = None) -> list[Scored]:
    """A row for every panel, trajectory, and kind that the trajectory has a label of.

    Args:
        told: is told how many trajectories are done, of how many.
    """
    rows, pairs = [], Pairs(trajectories)
    for number, trajectory in enumerate(trajectories, 1):
        facts, views = facts_of(trajectory.run), Views(trajectory.run)
        for panel in panels:
            found, spent = watched(panel, views)
            hidden = {kind for kind in facts if pairs.hidden(trajectory, kind, panel.channels)}
            rows += scored(panel, trajectory, facts, hidden, found, spent)
        if told:
            told(number, len(trajectories))
    return rows


class Views:
    """A run through any view, each made once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.made: dict[frozenset[str], tuple[Seen, ...]] = {}

    def through(self, view: View) -> tuple[Seen, ...]:
        """Every entry, as the view shows it."""
        if view.channels not in self.made:
            self.made[view.channels] = tuple(map(seen_of, self.run.record.entries, repeat(view)))
        return self.made[view.channels]


def watched(panel: Panel, views: Views) -> tuple[list[Finding], Spent]:
    """What a panel finds in a run that it sees for the first time, in the order of steps."""
    findings: list[Finding] = []
    began, monitors = process_time(), deepcopy(panel.monitors)
    for monitor in monitors:
        for seen in views.through(monitor.view):
            if found := looked(monitor, seen):
                findings += found
    findings.sort(key=lambda finding: finding.step)
    return findings, spent_by(monitors, process_time() - began)


def spent_by(monitors: Iterable[Monitor], seconds: float) -> Spent:
    """What monitors took; those that ask models keep their `model_calls`."""
    calls = [call for monitor in monitors for call in getattr(monitor, "model_calls", ())]
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    return Spent(seconds + sum(call.latency for call in calls), tokens, sum(call.cost or 0.0 for call in calls))


def scored(
    panel: Panel,
    trajectory: Trajectory,
    facts: Mapping[str, Fact],
    hidden: Collection[str],
    found: list[Finding],
    spent: Spent,
) -> list[Scored]:
    """The rows of one panel and one trajectory."""
    fault = next((finding.fault for finding in found if finding.fault is not None), None)
    said = by_kind(found)
    view = panel.channels
    return [
        Scored(
            panel.name,
            trajectory.id,
            trajectory.family,
            kind,
            fact.harmful,
            max((alert.probability for alert in said.get(kind, ())), default=0.0),
            1.0 - prod(1.0 - alert.probability for alert in said.get(kind, ())),
            said.get(kind, ()),
            len(trajectory.run.record.entries),
            pair=trajectory.pair,
            source=trajectory.source,
            lookalike=trajectory.lookalike,
            hidden=kind in hidden,
            observable=fact.observable(view),
            effect=fact.effect,
            severity=fact.severity,
            fault=fault,
            cost=spent.cost,
            tokens=spent.tokens,
            seconds=spent.seconds,
        )
        for kind, fact in facts.items()
    ]


def by_kind(found: Iterable[Finding]) -> dict[str, tuple[Alert, ...]]:
    """Alerts by the kind they are of, in order; faults are none."""
    claims = sorted((finding for finding in found if finding.fault is None), key=lambda finding: finding.kind)
    return {
        kind: tuple(Alert(finding.step, finding.probability) for finding in group)
        for kind, group in groupby(claims, lambda finding: finding.kind)
    }
