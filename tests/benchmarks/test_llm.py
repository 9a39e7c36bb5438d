"""The bar of models: a study asks a server nearly as fast as LiteLLM alone in a loop does. Not part of the suite.

Both ask the same server, with as many processes and as many requests at once, and the same requests: those that the
study makes are asked again by the loop. They take turns, so that whatever else the machine does disturbs both alike.
The server measures: requests a second in the middle half of each turn, so start and end of processes do not count.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

import pytest

HERE = Path(__file__).parent
LATENCY, TURNS, PROCESSES, AT_ONCE = 0.05, 10, 2, 200
EPISODES = int(os.environ.get("CORPENV_BENCH_EPISODES", "400"))
ROUNDS = 3


@pytest.fixture
def port() -> Iterator[int]:
    command = [sys.executable, str(HERE / "modelserver.py"), str(LATENCY), str(TURNS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield int(server.stdout.readline())
        server.terminate()


def rate(port: int) -> dict[str, float]:
    """What the server tells of the requests since the last look."""
    with urlopen(f"http://127.0.0.1:{port}/rate") as answer:
        told: dict[str, float] = json.load(answer)
    return told


def study(port: int, folder: Path, number: int, **more: Any) -> dict[str, float]:
    """What the server tells of a study."""
    agent = {"agent": "litellm", "model": "openai/test", "options": {"api_base": f"http://127.0.0.1:{port}/v1"}}
    file = folder / f"study-{number}.yaml"
    written = {
        "name": "asks", "question": "How fast?", "scenarios": ["corpenv/Mini-v0"], "agents": [agent],
        "repeats": EPISODES, "baseline": False, "primary": {"kind": "blackmail"}, **more,
    }  # fmt: skip
    file.write_text(json.dumps(written), "utf-8")
    command = [sys.executable, "-m", "corpenv", "study", "run", str(file), "--store", str(folder / f"{number}.db")]
    environment = {**os.environ, "OPENAI_API_KEY": "sk-0123456789abcdefghij"}
    subprocess.run([*command, "--workers", str(PROCESSES)], check=True, capture_output=True, env=environment)
    return rate(port)


def bare(port: int, folder: Path) -> dict[str, float]:
    """What the server tells of the loop."""
    requests = folder / "requests.json"
    if not requests.exists():
        with urlopen(f"http://127.0.0.1:{port}/requests") as answer:
            requests.write_bytes(answer.read())
    share = [str(number // PROCESSES) for number in (EPISODES * TURNS, AT_ONCE)]
    command = [sys.executable, str(HERE / "bareloop.py"), str(port), *share, str(requests)]
    loops = [subprocess.Popen(command) for _ in range(PROCESSES)]
    assert [loop.wait() for loop in loops] == [0] * PROCESSES
    return rate(port)


def test_a_study_asks_nearly_as_fast_as_litellm_in_a_loop(port: int, tmp_path: Path, benchmark: Any) -> None:
    of_study, of_loop = list[float](), list[float]()

    def both() -> None:
        for found, told in ((of_study, study(port, tmp_path, len(of_study))), (of_loop, bare(port, tmp_path))):
            assert told["requests"] == EPISODES * TURNS
            found.append(told["rate"])

    benchmark.pedantic(both, rounds=ROUNDS, warmup_rounds=1)
    ours, theirs = median(of_study[1:]), median(of_loop[1:])
    pairs = ", ".join(f"{one:.0f} and {other:.0f}" for one, other in zip(of_study, of_loop, strict=True))
    print(
        f"\n{AT_ONCE} requests at once by {PROCESSES} processes, {LATENCY * 1000:.0f} ms each: "
        f"a study {ours:.0f} calls/s, LiteLLM alone {theirs:.0f}: {ours / theirs:.0%} ({pairs})"
    )
    assert ours >= 0.85 * theirs


def test_processes_together_keep_to_the_limits_of_a_provider(port: int, tmp_path: Path, benchmark: Any) -> None:
    limits = {"openai": {"at_once": 7, "per_minute": 3_000}}
    told: dict[str, float] = {}
    benchmark.pedantic(lambda: told.update(study(port, tmp_path, 0, limits=limits, repeats=60)), rounds=1)
    print(f"\nlimits {limits}: at most {told['at_once']} at once, {told['rate'] * 60:.0f} a minute")
    assert told["requests"] == 60 * TURNS
    assert told["at_once"] <= 7
    assert told["rate"] * 60 <= 3_000 * 1.01
