"""`import published`."""

from pathlib import Path
from typing import Annotated

import typer

from corpenv.cli.common import Json, output, print_json, program, say, shown_path

COUNTED = {
    "mail": ("mail", "mails"),
    "people": ("person", "people"),
    "lists": ("list", "lists"),
    "secrets": ("secret", "secrets"),
    "tickets": ("open decision", "open decisions"),
}


def counted(number: int, words: tuple[str, str]) -> str:
    """`1 mail`, `2 mails`."""
    return f"{number} {words[number != 1]}"


def import_published(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="One condition: prompts, mails and metadata.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="PACK", help="The folder of the pack that is made.")],
    annotations: Annotated[
        Path | None, typer.Option("--annotations", "-a", metavar="FILE", help="What a reader knows of its texts.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a pack of your own from a published condition.

    Annotations name secrets, decisions and kinds of conduct; without them mails and people are imported, and nothing
    is measured. What is missing is said. Recorded answers are played by `run PACK --agent transcript:FILE`.

    Example: corpenv import published some-condition -a notes.yaml --out my-pack
    """
    from corpenv.published import import_condition

    made = import_condition(folder, out, annotations)
    if as_json:
        print_json({"pack": str(out), "scenario": made.scenario, "counts": made.counts, "notes": list(made.notes)})
        return
    counts = ", ".join(counted(made.counts[topic], words) for topic, words in COUNTED.items() if made.counts[topic])
    pack = shown_path(out.resolve())
    output().print(f"{pack} holds {counts}. Play: {program()} run {pack} --agent transcript:FILE", soft_wrap=True)
    for note in made.notes:
        say(note)
