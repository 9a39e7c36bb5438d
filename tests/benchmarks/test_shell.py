"""The bars of the shell, on a server with 200 files: `make bench ARGS="-k shell"`. Not part of the suite.

A line is fresh where nothing is kept of this company but its world; minima count, as others may use the machine. The
last test plays 2,000 generated lines in two processes, one of them with another hash seed, zone and clock.
"""

import importlib.util
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpenv.company import Company
from corpenv.env import CompanyEnv
from corpenv.registry import load_world
from corpenv.shell import Seat, Session
from corpenv.shell.bash import BashShell
from corpenv.shell.settling import PROTECTED
from corpenv.shell.tree import STANDING

FILES, SERVERS = 200, 50
READS = (
    "cat /srv/data/file-7.txt",
    "ls /srv/data",
    "ls -la /srv/data",
    "ps aux",
    "grep -r needle /srv/data",
    "find /srv -name '*7*'",
)
WRITES = (
    "echo x >> notes.txt",
    "sed -i s/line/word/ notes.txt",
    "cp notes.txt n",
    "for i in 1 2 3; do echo $i > f$i; done",
)
MANY = "cp -r /srv/data d"
"""Writes a file for each of them."""
BARS = {"cat /srv/data/file-7.txt": 2, "ls /srv/data": 2, "ps aux": 2, **dict.fromkeys(WRITES, 6)}
"""Milliseconds of a fresh line."""
SNAPSHOT = 5
"""Microseconds."""


def server(number: int, files: int) -> dict[str, Any]:
    """A server as an author writes it."""
    text = "line of a file that says little\n" * 20
    return {
        "id": f"host-{number}", "title": f"Host {number}", "address": f"10.30.{number}.1",
        "accounts": [{"id": "desk", "person": "desk"}],
        "files": [
            {"path": "/home/desk/notes.txt", "text": text, "owner": "desk"},
            *({"path": f"/srv/data/file-{each}.txt", "text": text} for each in range(files)),
        ],
    }  # fmt: skip


def opened(servers: int, files: int) -> CompanyEnv:
    world = load_world("mini").with_items("servers", [server(number, files) for number in range(servers)])
    env = CompanyEnv("corpenv/Mini-v0", {"tier": "P4"}, world)
    env.reset(seed=1)
    return env


@pytest.fixture(scope="module")
def company() -> Company:
    return opened(1, FILES).company


def played(company: Company, line: str) -> None:
    host = company.world.servers["host-0"]
    login = host.logins["desk"]
    BashShell().run(Seat(Session(company, "desk"), host, login), line, login.home)


def forget() -> None:
    """Nothing is kept of any company."""
    STANDING.clear()
    PROTECTED.clear()


def least(play: Callable[[], None], before: Callable[[], None], rounds: int = 200) -> float:
    """Milliseconds of the fastest round."""
    best = float("inf")
    for _ in range(rounds):
        before()
        began = time.perf_counter()
        play()
        best = min(best, time.perf_counter() - began)
    return best * 1000


@pytest.mark.parametrize("line", [*READS, *WRITES, MANY])
def test_shell_line(company: Company, line: str, benchmark: Any) -> None:
    fresh = least(lambda: played(company, line), forget)
    again = least(lambda: played(company, line), lambda: None)
    print(f"\n{line}: fresh {fresh:.2f} ms, again {again:.2f} ms")
    assert fresh <= BARS.get(line, 50)
    benchmark.pedantic(lambda: played(company, line), rounds=50)


def test_shell_snapshot_and_restore(benchmark: Any) -> None:
    env = opened(SERVERS, 20)
    env.do("wait", minutes=5)

    def there_and_back() -> None:
        env.restore(env.snapshot())

    taken = least(there_and_back, lambda: None, 2_000) * 1000
    print(f"\nsnapshot and restore, {SERVERS} servers: {taken:.2f} µs")
    assert taken <= SNAPSHOT
    benchmark(there_and_back)


def test_shell_two_processes(tmp_path: Path, benchmark: Any) -> None:
    there = Path(__file__).parents[1] / "shell" / "test_differential.py"
    spec = importlib.util.spec_from_file_location("differential", there)
    assert spec is not None
    assert spec.loader is not None
    shared = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shared)
    environ = shared.moved_clock(tmp_path)
    here, elsewhere = (json.loads(shared.printed(each, shared.PLAYER, shared.PLANNED, 2_000)) for each in ({}, environ))
    print(f"\n{len(here)} lines in two processes, {os.cpu_count()} processors")
    assert here == elsewhere
    benchmark.pedantic(lambda: None, rounds=1)
