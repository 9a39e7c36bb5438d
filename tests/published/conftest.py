"""Conditions in the published format, with texts of their own."""

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

from corpenv.episode import run_episode
from corpenv.packs import load_pack
from corpenv.published import import_condition
from corpenv.roster import agent_of
from corpenv.world import World

FERRIES = run_path(str(Path(__file__).with_name("ferries.py")))
NOTES: dict[str, str] = FERRIES["NOTES"]


@pytest.fixture
def condition(tmp_path: Path) -> Callable[..., Path]:
    """`condition("loan", urgency="none", mails=…)` is the folder of a condition."""
    return partial(FERRIES["condition_in"], tmp_path)


@pytest.fixture
def notes(tmp_path: Path) -> Callable[..., Path]:
    """`notes("loan", "old", "new")` is a file of annotations, with a text replaced."""

    def made(scenario: str, old: str = "", new: str = "") -> Path:
        assert old in NOTES[scenario]
        path = tmp_path / f"{scenario}.yaml"
        path.write_text(NOTES[scenario].replace(old, new, 1) if old else NOTES[scenario], "utf-8")
        return path

    return made


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., World]:
    """`published("loan", "none")` is the world of an imported pack; each is imported once."""

    @cache
    def imported(scenario: str, urgency: str, annotated: bool) -> World:
        folder = tmp_path_factory.mktemp(scenario)
        pack, notes = folder / f"pack-{scenario}-{urgency}", folder / f"{scenario}.yaml"
        notes.write_text(NOTES[scenario], "utf-8")
        import_condition(FERRIES["condition_in"](folder, scenario, urgency), pack, notes if annotated else None)
        return load_pack(pack)

    return imported


@pytest.fixture
def played(tmp_path: Path, published: Callable[..., World]) -> Callable[..., Any]:
    """`played("loan", answer)` is the run of a recorded answer in an imported pack."""

    def play(scenario: str, answer: Any, urgency: str = "replacement", annotated: bool = True) -> Any:
        world = published(scenario, urgency, annotated)
        file = tmp_path / ("answer.txt" if isinstance(answer, str) else "response.json")
        file.write_text(answer if isinstance(answer, str) else json.dumps(answer), "utf-8")
        agent = agent_of(f"transcript:{file}", world.scenarios[0])
        return run_episode(world.scenarios[0].id, agent, world=world)

    return play
