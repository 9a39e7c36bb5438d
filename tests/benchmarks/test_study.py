"""The bars of studies: episodes a second, and fifty processes killed: `make bench`. Not part of the suite."""

import json
import os
import runpy
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from importlib.util import find_spec
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import corpenv
from corpenv.names import draw
from corpenv.store.studies import Studies
from corpenv.study import load_study, run_study
from corpenv.study.playing import Outcome

POSTGRES = runpy.run_path(str(Path(__file__).parents[1] / "store" / "postgres.py"))

WRITTEN = {
    "name": "bar",
    "question": "How many episodes a second?",
    "agents": ["persona:mixed"],
    "baseline": False,
    "primary": {"kind": "blackmail"},
}
KILLS = 50
MINI = Path(corpenv.__file__).parents[1] / "worlds" / "mini"
READING = [
    *({"call": "read_mail", "args": {"mail_id": f"@{slug}"}} for slug in ("noras-week", "imres-slip")),
    *({"call": "search_mail", "args": {"query": word}} for word in ("invoice", "bid", "Friday")),
    *({"call": name} for name in ("list_mail", "list_documents", "list_tickets", "list_settings", "show_org_chart")),
    {"call": "read_document", "args": {"document_id": "@house-rules"}},
]
"""Calls of an office day that change nothing."""


def written(folder: Path, **more: Any) -> Path:
    file = folder / "study.yaml"
    file.write_text(json.dumps({**WRITTEN, **more}), "utf-8")
    return file


def twenty(folder: Path) -> str:
    """Mini with longer days: its persona reads on before it finishes, until its episodes have 20 steps."""
    there = folder / "twenty"
    (there / "scenarios").mkdir(parents=True)
    (there / "world.yaml").write_text("extends: mini\n", "utf-8")
    scenario = yaml.safe_load((MINI / "scenarios" / "mini-v0.yaml").read_text("utf-8"))
    for case in scenario["references"]:
        *calls, finish = case["calls"]
        case["calls"] = [*calls, *islice(cycle(READING), 19 - len(calls)), finish]
    (there / "scenarios" / "twenty-v0.yaml").write_text(json.dumps(scenario), "utf-8")
    return f"{there}"


def command(file: Path, store: object) -> list[str]:
    return [sys.executable, "-m", "corpenv", "study", "run", str(file), "--store", str(store), "--workers", "2"]


@pytest.mark.parametrize("scenario", ["corpenv/Mini-v0", "twenty", "corpenv/Leverage-v0"])
def test_persona_episodes_scored_monitored_and_stored(scenario: str, tmp_path: Path, benchmark: Any) -> None:
    played = twenty(tmp_path) if scenario == "twenty" else scenario
    file, address = written(tmp_path, scenarios=[played], repeats=5_000), tmp_path / "study.db"

    def play() -> None:
        subprocess.run(command(file, address), check=True, capture_output=True)

    before = time.perf_counter()
    benchmark.pedantic(play, rounds=1)
    seconds = time.perf_counter() - before
    with corpenv.Store(address) as store:
        steps = sum(row.steps for row in store.runs())
        assert len(store) == 5_000
    size = sum(each.stat().st_size for each in tmp_path.glob("study.db*"))
    print(f"\n{scenario}: {5_000 / seconds:.0f} episodes/s on two processes, start included; {steps / 5_000:.1f} steps "
          f"and {size / 5_000 / 1000:.1f} kB an episode, {size / steps * 20 / 1000:.1f} kB for 20 steps")  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "study.db")
        return
    if POSTGRES["MISSING"]:
        pytest.skip(POSTGRES["MISSING"])
    with POSTGRES["serving"]() as server:
        yield server.new()


def whole(file: Path, address: str) -> str:
    """What a store holds of a study that was played to its end, checked."""
    with corpenv.Store(address) as store:
        known = Studies(store).results(load_study(file).digest)
        assert sorted(known) == list(range(2_000))
        assert len(store) == len(set(known.values())) == 2_000
        assert all(store.load(run_id).id == run_id for run_id in known.values())
        assert not [row for row in store.runs() if row.owner]
        return f"{len(known)} results, each a run of its own that reads back"


def test_fifty_times_killed(tmp_path: Path, address: str, benchmark: Any) -> None:
    file = written(tmp_path, scenarios=["corpenv/Leverage-v0"], repeats=2_000)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def killed_and_ended() -> None:
        for number in range(KILLS):
            process = subprocess.Popen(command(file, address), start_new_session=True, **quiet)
            time.sleep(draw(0, "kill", str(number)) % 3_000 / 1000)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        subprocess.run(command(file, address), check=True, capture_output=True)

    benchmark.pedantic(killed_and_ended, rounds=1)
    print(f"\n{KILLS} kills: {whole(file, address)}, integrity {integrity(address)}")


def integrity(address: str) -> str:
    """What the database says of itself."""
    if "://" not in address:
        with closing(sqlite3.connect(address)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            assert found == "ok"
            return str(found)
    url = urlsplit(address)
    where = ["-h", url.hostname, "-p", str(url.port), "-U", url.username, "-d", url.path.removeprefix("/")]
    check = [POSTGRES["HOME"] / "pg_amcheck", "--install-missing", "--heapallindexed", *where]
    subprocess.run(check, check=True)
    return "ok (pg_amcheck)"


def parent(process: int) -> int:
    """Of a process; it may be gone."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def actors() -> list[int]:
    """Ray's workers that play for this process: children of its raylet."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = folder.joinpath("cmdline").read_bytes().startswith(b"ray::Worker")
            if ours and parent(parent(int(folder.name))) == os.getpid():
                found.append(int(folder.name))
    return sorted(found)


def test_fifty_workers_of_ray_killed(tmp_path: Path, benchmark: Any) -> None:
    if not find_spec("ray"):
        pytest.skip("no Ray")
    file, killed, heard = written(tmp_path, scenarios=["corpenv/Leverage-v0"], repeats=2_000), [], []
    study = load_study(file)

    def hear(outcome: Outcome) -> None:
        heard.append(outcome.number)
        if len(killed) < KILLS and len(heard) >= 38 * (len(killed) + 1):
            moment = draw(0, "kill", str(len(killed)))
            time.sleep(moment % 100 / 1000)
            if alive := actors():
                killed.append(alive[moment % len(alive)])
                os.kill(killed[-1], signal.SIGKILL)

    with corpenv.Store(tmp_path / "study.db") as store:
        benchmark.pedantic(lambda: run_study(study, store, workers=2, on_result=hear, engine="ray"), rounds=1)
    assert sorted(heard) == list(range(2_000))
    assert len(killed) == KILLS
    address = str(tmp_path / "study.db")
    print(f"\n{KILLS} workers killed: {whole(file, address)}, integrity {integrity(address)}")
