"""From a condition's folder to a pack on disk."""

import re
from pathlib import Path
from typing import NamedTuple

from corpenv.errors import PackError, UsageError
from corpenv.packs import load_pack
from corpenv.published.annotations import read_annotations
from corpenv.published.conditions import read_condition
from corpenv.published.packwriter import written
from corpenv.yamlfile import dump

FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Imported(NamedTuple):
    """A pack that was made.

    Attributes:
        scenario: its id.
        counts: items by topic.
        notes: what is missing or not measured.
    """

    folder: Path
    scenario: str
    counts: dict[str, int]
    notes: tuple[str, ...]


def import_condition(source: Path, out: Path, annotations: Path | None = None) -> Imported:
    """Make a pack of a published condition.

    Args:
        source: holds the prompts, the mails and the metadata.
        out: the pack; must not exist, or be empty.
        annotations: what a reader knows of it; without, mails and people are imported, and nothing is measured.

    Raises:
        PackError: the folder or the annotations do not hold together.
        UsageError: `out` cannot be written.
    """
    condition = read_condition(source)
    made = written(condition, read_annotations(annotations) if annotations else None)
    texts = {name: dump(value) for name, value in made.files.items()}
    write(texts, out)
    try:
        world = load_pack(out)
    except PackError as error:
        raise PackError(f"{error}\n{out}: was written, and does not hold together") from None
    return Imported(out, world.scenarios[0].id, made.counts, made.notes)


def write(texts: dict[str, str], out: Path) -> None:
    """Write the files of a pack into a new folder."""
    if not FOLDER.fullmatch(out.resolve().name):
        raise UsageError(f"{out}: a pack's folder has a name of letters, digits and dashes, such as my-pack")
    try:
        if out.exists() and any(out.iterdir()):
            raise UsageError(f"{out}: is not empty; name a folder that does not exist yet")
        for name, text in texts.items():
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError as error:
        raise UsageError(f"{out}: cannot be written: {error.strerror}") from None
