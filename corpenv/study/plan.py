"""A study, ready to be played: its cells, its episodes in order, and the digest it is known by."""

from collections.abc import Iterator
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from corpenv.study.design import Cell, cells_of
from corpenv.study.forms import AgentForm, StudyForm
from corpenv.world.faults import checked
from corpenv.world.forms import Written
from corpenv.yamlfile import read

HOW = ("limits", "cache")
"""Keys of a study that change how models are asked, not what: a study goes on when they are others."""


class Episode(Struct, frozen=True):
    """One episode of a study; `number` counts from 0 in the order in which episodes are begun."""

    number: int
    cell: Cell
    seed: int


class Study:
    """What will be played, decided before the first episode.

    Attributes:
        form: as it was written.
        cells: every combination.
        scenarios: by id.
    """

    def __init__(self, form: StudyForm) -> None:
        self.form = form
        self.cells, self.scenarios = cells_of(form)

    def __len__(self) -> int:
        """Episodes in all."""
        return len(self.cells) * self.form.repeats

    def episode(self, number: int) -> Episode:
        """Episode `number`: every cell has its turn before any has a second one."""
        repeat, cell = divmod(number, len(self.cells))
        return Episode(number, self.cells[cell], self.form.first_seed + repeat)

    def __iter__(self) -> Iterator[Episode]:
        return map(self.episode, range(len(self)))

    def agent(self, cell: Cell) -> AgentForm:
        """Who plays a cell."""
        return self.form.agents[cell.agent]

    @cached_property
    def worlds(self) -> dict[str, str]:
        """Digest of the world by cell: what was authored when the study was planned."""
        return {
            each.id: self.scenarios[each.scenario].start(each.levels, self.form.first_seed).header.world
            for each in self.cells
        }

    @cached_property
    def document(self) -> dict[str, Any]:
        """All that was decided beforehand, as JSON."""
        return {"study": self.form.model_dump(mode="json"), "worlds": self.worlds}

    @cached_property
    def digest(self) -> str:
        """sha256 of `document` without how models are asked: another study, or version of a world, has another.

        The order in which factors stand counts: it is the order of the cells.
        """
        study = {name: value for name, value in self.document["study"].items() if name not in HOW}
        return sha256(msgspec.json.encode({**self.document, "study": study})).hexdigest()

    def __repr__(self) -> str:
        return f"Study({self.form.name}: {len(self.cells)} cells, {len(self)} episodes)"


def load_study(path: Path | str) -> Study:
    """The study in a file.

    Raises:
        PackError: every fault, one a line: file, line, key, and where it can, what would be right.
    """
    document = read(Path(path), str(path))
    form: StudyForm = checked(StudyForm, document)
    form.note(Written(document))
    return Study(form)


def study_of(document: dict[str, Any]) -> Study:
    """The study behind what a store keeps of it."""
    return Study(StudyForm.model_validate(document["study"]))
