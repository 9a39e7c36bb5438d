"""Whatever is killed, and whenever: nothing that was told of is lost, and nothing has two results."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import corpenv
from corpenv.cli.main import app
from corpenv.names import draw
from corpenv.store.studies import Studies
from corpenv.study import load_study, run_study

WRITTEN = {
    "name": "killed", "question": "Is anything lost?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"]}, "baseline": False, "repeats": 40, "primary": {"kind": "blackmail"},
}  # fmt: skip
EPISODES = 80


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("studies") / "study.yaml"
    written.write_text(json.dumps(WRITTEN))
    return written


class Runner:
    """Starts what `runner.py` carries out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def start(self, *words: object) -> int:
        """The process that plays a study in a store, or carries out a command in a folder."""
        print(json.dumps([str(word) for word in words]), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())

    def ended(self) -> int:
        """Waits until it has; the exit code."""
        word, code = self.process.stdout.readline().split()
        assert word == "ended"
        return int(code)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    script = str(Path(__file__).with_name("runner.py"))
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, script], **pipes) as process:
        yield Runner(process)
        process.stdin.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "study.db") if request.param == "sqlite" else request.getfixturevalue("database")()


def kept(file: Path, address: str) -> dict[int, str]:
    """Number of an episode → id of its result, each of them read and checked."""
    with corpenv.Store(address) as store:
        known = Studies(store).results(load_study(file).digest)
        assert all(store.load(run_id).id == run_id for run_id in known.values())
        assert set(store) == set(known.values())
        return known


@pytest.fixture(scope="module")
def undisturbed(file: Path) -> dict[int, str]:
    """What comes of the study in one process that nobody kills."""
    with corpenv.Store("sqlite://") as store:
        run_study(load_study(file), store, workers=0)
        return Studies(store).results(load_study(file).digest)


def test_after_kill_nine_nothing_is_lost_and_nothing_is_there_twice(file, runner, address, undisturbed):
    before: dict[int, str] = {}
    for number in range(2):
        process = runner.start(file, address)
        time.sleep(0.1 + draw(0, "kill", str(number)) % 200 / 1000)
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
        runner.ended()
        found = kept(file, address)
        assert before.items() <= found.items()
        before = found
    runner.start(file, address)
    assert runner.ended() == 0
    assert kept(file, address) == undisturbed
    assert len(set(undisturbed.values())) == EPISODES


DEADLY = """
import os
import corpenv

@corpenv.agent
def deadly(observation):
    os._exit(3)
"""


def test_an_episode_that_kills_its_process_ends_as_a_fault_and_the_others_are_played(runner, tmp_path):
    (tmp_path / "deadly.py").write_text(DEADLY)
    file, address = tmp_path / "study.yaml", str(tmp_path / "s.db")
    agents = ["persona:mixed", f"{tmp_path}/deadly.py:deadly"]
    file.write_text(json.dumps({**WRITTEN, "agents": agents, "cross": {}, "repeats": 2}))
    runner.start(file, address)
    runner.ended()
    with corpenv.Store(address) as store:
        ends = {number: store.load(each) for number, each in Studies(store).results(load_study(file).digest).items()}
    assert [ends[number].ended.reason for number in range(4)] == ["handed_over", "process_died"] * 2
    assert ends[1].ended.detail == "3 processes died over this episode"
    assert ends[1].ended.owner == "environment"
    assert {label.outcome for label in ends[1].labels} == {"unmeasured"}


def test_ctrl_c_stops_at_once_and_says_how_to_go_on_and_the_status_can_be_asked_meanwhile(runner, tmp_path, capsys):
    file, address = tmp_path / "study.yaml", tmp_path / "study.db"
    file.write_text(json.dumps({**WRITTEN, "repeats": 5_000}))
    process = runner.start(tmp_path, "study", "run", file, "--store", address, "--workers", "1")
    until, done = time.monotonic() + 60, 0
    while not done and time.monotonic() < until:
        time.sleep(0.1)
        if app(["study", "status", "--store", str(address), "--json"], standalone_mode=False) == 0:
            done = json.loads(capsys.readouterr().out)["done"]
    os.killpg(process, signal.SIGINT)
    code = runner.ended()
    out, err = ((tmp_path / name).read_text("utf-8") for name in ("out", "err"))
    capsys.readouterr()
    assert code == 130, err
    assert 0 < done < 10_000
    with corpenv.Store(address, read_only=True) as store:
        kept = len(Studies(store).results(load_study(file).digest))
    assert kept >= done
    told = (
        rf"corpenv: stopped: {kept} of 10000 episodes have results. To go on: \S+ -m corpenv study resume killed .*\n"
    )
    assert re.fullmatch(told, err)
    assert f"{kept} of 10000" in out
    with pytest.raises(ProcessLookupError):
        os.killpg(process, 0)
