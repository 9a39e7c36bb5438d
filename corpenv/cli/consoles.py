"""A console that lets a closed pipe be seen."""

from rich.console import Console


class Quiet(Console):
    """Raises `BrokenPipeError` as files do; rich's own would end the process."""

    def on_broken_pipe(self) -> None:
        """Let it through."""
        raise BrokenPipeError
