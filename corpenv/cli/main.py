"""The table of commands, and what becomes of errors: one sentence on standard error and an exit code.

0  all is well               1  something does not hold: a reference, a re-execution, a model that cannot be asked
2  a mistake in the call     130 stopped by Ctrl-C           141 nobody reads the output any more
"""

import gc
import os
import re
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from corpenv.cli import (
    bench,
    checking,
    comparing,
    exchange,
    exporting,
    listing,
    playing,
    published,
    schemas,
    showing,
    study,
)
from corpenv.errors import CorpenvError, PackError

MISTAKE, INTERRUPTED, UNREAD = 2, 130, 141
YOUNG = 100_000
"""Objects that are made before anybody looks for garbage among them: modules and worlds stay, and to look through them
every few hundred would be a quarter of a command's start.
"""


class Commands(TyperGroup):
    """The commands, with their errors told in sentences."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Carry out a command line."""
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra) or 0
            sys.stdout.flush()
        except typer.TyperException as error:
            code = told(f"corpenv: {one_line(in_own_words(error))}")
        except typer.Abort:
            code = told("corpenv: stopped", INTERRUPTED)
        except BrokenPipeError:
            code = unread()
        if standalone_mode:
            sys.exit(code)
        return code

    def invoke(self, ctx: Any) -> Any:
        """Carry out a command, and tell what went wrong."""
        try:
            return super().invoke(ctx)
        except PackError as error:
            raise typer.Exit(told(str(error))) from None
        except CorpenvError as error:
            raise typer.Exit(told(f"corpenv: {error}")) from None
        except BrokenPipeError:
            raise typer.Exit(unread()) from None
        except KeyboardInterrupt:
            raise typer.Exit(told("corpenv: stopped", INTERRUPTED)) from None


def told(text: str, code: int = MISTAKE) -> int:
    """Say what went wrong; the exit code for it."""
    from corpenv.cli.common import say

    say(text)
    return code


PLAIN = (
    (re.compile("Input should be a valid integer.*"), "a whole number is needed"),
    (re.compile("Input should be a valid number.*"), "a number is needed"),
    (re.compile("Input should be"), "it must be"),
)
"""Words of the library that reads numbers, and ours."""


def in_own_words(error: typer.TyperException) -> str:
    """What was wrong with a command line."""
    text = str(error.format_message())
    for theirs, ours in PLAIN:
        text = theirs.sub(ours, text)
    return text


def one_line(text: str) -> str:
    """A message as one sentence without its full stop, as all others are."""
    return " ".join(text.split()).removesuffix(".")


def unread() -> int:
    """Nobody reads the output any more: keep Python from complaining about it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNREAD


app = typer.Typer(
    cls=Commands,
    help="A simulated company for studying AI agents: let an agent work in it, see what it did, and what is true.",
    epilog="Begin with: corpenv show corpenv/Mini-v0",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def show_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        from importlib.metadata import version

        typer.echo(f"corpenv {version('corpenv')}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Without a command, show the help."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.command("list")(listing.list_scenarios)
app.command("show")(showing.show)
app.command("check")(checking.check)
app.command("run")(playing.run)
app.command("play")(playing.play)
app.command("runs")(listing.list_runs)
app.command("bench")(bench.bench)
app.command("compare")(comparing.compare)
app.command("verify")(exchange.verify_run)
app.command("export")(exporting.export_runs)
imports = typer.Typer(help="Bring in what was made elsewhere.", rich_markup_mode=None)
imports.command("run")(exchange.import_run)
imports.command("published")(published.import_published)
imports.command("transcripts")(exchange.import_transcripts)
imports.callback()(lambda: None)
app.add_typer(imports, name="import")
app.add_typer(study.commands, name="study")
app.command("schema")(schemas.schema)


def main() -> None:
    """The entry point of `corpenv` and `python -m corpenv`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    gc.set_threshold(YOUNG)
    try:
        app(prog_name="corpenv")
    finally:
        gc.freeze()  # all of it ends now: to look for garbage in it once more would be a tenth of most commands
