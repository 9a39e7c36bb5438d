"""The command line inside this process, in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from corpenv.cli.main import app

HERE = Path(__file__).parent
MINI = HERE.parents[1] / "worlds" / "mini"
IMPORTED = ("corpenv.cli.main", "corpenv.cli.dry", "corpenv.cli.live", "corpenv.env", "corpenv.store")
COMMAND = """
import json, os, runpy, sys
folder, around, typed, sys.argv = (json.loads(each) for each in sys.argv[1:])
os.chdir(folder)
os.dup2(os.open(typed, os.O_RDONLY | os.O_NOCTTY), 0)
sys.stdin = open(0)
os.environ.clear()
os.environ.update(around)
if sys.argv[0] == "-m":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
else:
    runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test runs in an empty folder, without keys, and called `corpenv`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["corpenv"])
    for name in ("CORPENV_STORE", "OPENAI_API_KEY", "COLUMNS", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="session", autouse=True)
def built_once() -> Iterator[None]:
    """The table of commands is built for the first of them; a process of its own needs it once too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture(scope="session")
def host() -> Iterator[subprocess.Popen[str]]:
    """A process that has imported what commands need, and carries them out in copies of itself."""
    words = [sys.executable, "-W", "error", str(HERE.parent / "elsewhere.py"), *IMPORTED]
    around = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # a process with threads should not be copied
    with subprocess.Popen(words, env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


@pytest.fixture
def copy(host: subprocess.Popen[str], folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`copy("-m", "corpenv", "list", COLUMNS="80")`, or a script: as Python would, but that all is imported by then.

    `typed` names a file or a terminal that is standard input.
    """

    def carried_out(*words: str, typed: str = os.devnull, **options: str) -> subprocess.CompletedProcess[str]:
        told = [json.dumps(each) for each in (str(folder), os.environ | options, typed, words)]
        print(json.dumps([COMMAND, told]), file=host.stdin, flush=True)
        answer = json.loads(host.stdout.readline()) if host.stdout else {}
        return subprocess.CompletedProcess(words, answer["code"], answer["out"], answer["err"])

    return carried_out


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
