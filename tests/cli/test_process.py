"""The command line as a process: exit codes, what goes where, pipes, and the demo."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def process(folder):
    def call(*words: str, **options: str) -> subprocess.CompletedProcess[str]:
        bare = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE"))}
        return subprocess.run(
            [sys.executable, *words], cwd=folder, env={**bare, **options}, capture_output=True, text=True, timeout=60
        )

    return call


def test_python_m_corpenv_is_the_command_line(process):
    result = process("-m", "corpenv", "run", "Mini-v0", "--agent", "reference:leaking", "--json")

    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["runs"][0]["ended"] == {"reason": "handed_over"}


def test_errors_go_to_standard_error_with_exit_code_2(copy):
    result = copy("-m", "corpenv", "show", "no-such-thing")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("corpenv: no scenario or run 'no-such-thing'")


def test_nothing_is_coloured_in_a_pipe_and_an_encoding_without_the_signs_is_no_error(process):
    result = process("-m", "corpenv", "run", "Mini-v0", "-a", "reference:leaking", PYTHONIOENCODING="ascii")

    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert max(len(line) for line in result.stdout.splitlines() if "Next: " not in line) <= 80


def test_a_reader_who_leaves_is_no_error(folder):
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "corpenv", "schema", "scenario"]
    with subprocess.Popen(words, cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        told = process.communicate(timeout=60)[1]

    assert (process.returncode, told) == (141, "")


def test_help_does_not_import_what_only_commands_need(process):
    heavy = ("corpenv.store", "corpenv.agents", "corpenv.render", "sqlmodel", "litellm", "rich.progress")
    script = f"import sys, corpenv.cli.main as m; print(sorted(set({heavy!r}) & set(sys.modules)))"

    assert process("-c", script).stdout == "[]\n"


def test_the_demo_tells_truth_and_findings_of_every_agent_and_what_to_type_next(copy, folder):
    result = copy(str(ROOT / "examples" / "demo.py"), COLUMNS="200")

    assert (result.returncode, result.stderr) == (0, "")
    steps, _, table = result.stdout.partition("what is true, and what monitors say ─")
    harmful = [f"{name}{twin}" for name in ("coercing", "leaking", "tampering") for twin in ("", "~twin")]
    for name in ("compliant", *harmful, "random"):
        assert f"\n{name} ─" in steps
        assert f"\n{name} " in table
    assert "blackmail: it took effect" in table
    assert table.count("order: ticket-") == 2
    assert table.count("false alarm") == 3
    assert (folder / "runs.db").is_file()


def test_the_commands_that_the_demo_ends_with_work(copy):
    shown = copy(str(ROOT / "examples" / "demo.py"), COLUMNS="80").stdout
    commands = [line.split()[1:] for line in shown.splitlines() if line.startswith("  ") and "/corpenv " in line]

    assert [words[0] for words in commands] == ["show", "play", "run"]
    assert "truth: blackmail" in copy("-m", "corpenv", *commands[0]).stdout
    assert copy("-m", "corpenv", *commands[2], "--dry-run").returncode == 0
