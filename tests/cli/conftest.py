"""The command line inside this process, in a folder of its own."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from corpenv.cli.main import app

MINI = Path(__file__).parents[2] / "worlds" / "mini"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder, without keys, and called `corpenv`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["corpenv"])
    for name in ("CORPENV_STORE", "OPENAI_API_KEY", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def corpenv() -> Callable[..., Result]:
    """`corpenv("run", "Mini-v0", "--agent", "random")`; a bug is raised as it is."""

    def call(*words: str, typed: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(words), input=typed, prog_name="corpenv")
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def answered(corpenv: Callable[..., Result]) -> Callable[..., Any]:
    """The one JSON document on standard output."""

    def call(*words: str) -> Any:
        result = corpenv(*words)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return call


@pytest.fixture
def refused(corpenv: Callable[..., Result]) -> Callable[..., str]:
    """The sentence on standard error of a call that must be a mistake."""

    def call(*words: str) -> str:
        result = corpenv(*words)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert "Traceback" not in result.stderr
        assert result.stderr.endswith("\n")
        return str(result.stderr).removesuffix("\n")

    return call


@pytest.fixture
def pack(folder: Path) -> Callable[..., str]:
    """A copy of Mini with some of its texts replaced: `pack("mail.yaml", "to: [desk]", "to: [dsk]")`."""

    def copy(file: str = "", old: str = "", new: str = "") -> str:
        place = folder / "copied"
        shutil.copytree(MINI, place, dirs_exist_ok=True)
        if file:
            text = (place / file).read_text("utf-8")
            assert old in text
            (place / file).write_text(text.replace(old, new, 1), "utf-8")
        return "copied"

    return copy
