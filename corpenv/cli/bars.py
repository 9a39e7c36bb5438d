"""A line of progress, below whatever else is printed."""

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import Progress, ProgressColumn


class Bar:
    """Begins to be shown when it is moved first; never where nobody looks.

    Args:
        shown: False keeps it away from a terminal too.
    """

    def __init__(self, console: Console, *columns: ProgressColumn, shown: bool = True, **task: Any) -> None:
        self.shown = shown and console.is_terminal and not console.is_dumb_terminal
        self.progress = Progress(*columns, console=console, transient=True)
        self.task = self.progress.add_task("", **task)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            self.progress.stop()

    def move(self, **changes: Any) -> None:
        """Change what it shows."""
        self.progress.update(self.task, **changes)
        if self.shown:
            self.progress.start()

    @property
    def speed(self) -> float:
        """How many a second it moves by, of late."""
        return self.progress.tasks[0].speed or 0.0
