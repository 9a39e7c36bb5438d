"""Episodes as they are played: each step when it has happened, and how far it is."""

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from corpenv.cli.bars import Bar
from corpenv.render import Clock, step_view
from corpenv.transition import Step
from corpenv.watched import Watch

if TYPE_CHECKING:
    from corpenv.cli.plan import Plan


class Live:
    """Prints steps, and where there is a terminal moves a line of progress below them.

    Args:
        quiet: no steps.
    """

    def __init__(self, console: Console, plan: "Plan", quiet: bool) -> None:
        self.console, self.plan, self.quiet = console, plan, quiet or plan.human
        self.clock = Clock(plan.scenario.starts)
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self.told, self.bar = 0, Bar(console, *columns, shown=not plan.attended)

    def __enter__(self) -> "Live":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.__exit__(kind, error, trace)

    def begin(self, number: int, seed: int) -> None:
        """An episode begins."""
        self.told, self.number = 0, number
        plan, many = self.plan, len(self.plan.seeds) > 1
        which = f" {number} of {len(plan.seeds)}" if many else ""
        self.name = f"episode{which}"
        self.move(0)
        if not self.quiet:
            self.console.print(
                Text(f"{plan.scenario.id}, seed {seed}, {plan.agent}{which and f', {self.name}'}", "bold")
            )

    def move(self, step: int) -> None:
        """The progress of an episode."""
        self.bar.move(description=f"{self.name}, step {step} of at most {self.plan.steps}")

    def step(self, step: Step, watch: Watch) -> None:
        """A step was carried out."""
        found = watch.findings[self.told :]
        self.told = len(watch.findings)
        self.move(step.company.step)
        if not self.quiet:
            self.console.print(step_view(step.entry, self.clock, found))
