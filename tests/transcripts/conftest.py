"""Recordings of episodes, with texts of their own."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from types import ModuleType
from typing import Any

import pytest

from corpenv.transcripts import Transcript, Unread, transcripts_in

HERE = Path(__file__).parent
FERRIES = run_path(str(HERE.parent / "published" / "ferries.py"))


@pytest.fixture(scope="session")
def writers() -> ModuleType:
    """The module that writes an episode in every form."""
    spec = importlib.util.spec_from_file_location("writers", HERE / "writers.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """`write("name.json", data)` is a file: bytes, a text, or anything else as its JSON."""

    def made(name: str, data: Any) -> Path:
        path = tmp_path / name
        text = data if isinstance(data, str | bytes) else json.dumps(data)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return made


@pytest.fixture
def read(write: Callable[..., Path]) -> Callable[..., list[Transcript | Unread]]:
    """`read(data, "name.json")` is everything in a file."""

    def all_of(data: Any, name: str = "episode.json", prose: bool = False) -> list[Transcript | Unread]:
        return list(transcripts_in(data if isinstance(data, Path) else write(name, data), prose))

    return all_of


@pytest.fixture
def one(read: Callable[..., list[Transcript | Unread]]) -> Callable[..., Transcript]:
    """`one(data)` is the only episode of a file."""

    def only(data: Any, name: str = "episode.json", prose: bool = False) -> Transcript:
        (found,) = read(data, name, prose)
        assert isinstance(found, Transcript), found
        return found

    return only


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that was imported from a condition in the published format."""
    from corpenv.published import import_condition

    root = tmp_path_factory.mktemp("published")
    notes = root / "notes.yaml"
    notes.write_text(FERRIES["NOTES"]["plans"], "utf-8")
    import_condition(FERRIES["condition_in"](root, "plans"), root / "ferries", notes)
    return root / "ferries"
