"""Actors of Ray: the same results as processes, on the loopback interface alone, and nothing lost with a worker."""

import json
import subprocess
import sys
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

import pytest

import corpenv
from corpenv.errors import SetupError, StoreError, UsageError
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study import cluster as module
from corpenv.study.plan import Study

WRITTEN: dict[str, Any] = {
    "name": "actors", "question": "Is it the same?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"]}, "baseline": False, "repeats": 20, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))
SCRIPT = """
import json, os, signal, sys
from contextlib import suppress
from pathlib import Path
import corpenv
from corpenv.study import load_study, run_study

heard, killed, nodes = [], [], set()

def parent(process):
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])

def actors():
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if folder.joinpath("cmdline").read_bytes().startswith(b"ray::Worker"):
                found += [int(folder.name)] if parent(parent(int(folder.name))) == os.getpid() else []
    return found

def hear(outcome):
    import ray
    heard.append(outcome.number)
    nodes.update(node["NodeManagerAddress"] for node in ray.nodes())
    if not killed and (alive := actors()):
        os.kill(alive[0], signal.SIGKILL)
        killed.append(alive[0])

with corpenv.Store(sys.argv[2]) as store:
    run_study(load_study(Path(sys.argv[1])), store, workers=1, on_result=hear, engine="ray")
print(json.dumps([heard, len(killed), sorted(nodes)]))
"""


@pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed")
def test_an_actor_that_is_killed_is_followed_by_another_and_the_results_are_those_of_processes(tmp_path):
    (tmp_path / "study.yaml").write_text(json.dumps(WRITTEN))
    files = [str(tmp_path / name) for name in ("study.yaml", "s.db")]
    ended = subprocess.run([sys.executable, "-c", SCRIPT, *files], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    heard, killed, nodes = json.loads(ended.stdout.splitlines()[-1])
    assert (sorted(heard), killed, nodes) == (list(range(40)), 1, ["127.0.0.1"])
    with corpenv.Store(files[1]) as store, corpenv.Store("sqlite://") as other:
        run_study(STUDY, other, workers=0)
        assert Studies(store).results(STUDY.digest) == Studies(other).results(STUDY.digest)


def test_a_file_is_refused_where_a_cluster_has_other_machines(tmp_path, monkeypatch):
    monkeypatch.setattr("platform.node", lambda: "here")
    nodes = [{"NodeManagerHostname": name, "Alive": name != "gone"} for name in ("here", "gone", "there")]
    with corpenv.Store(tmp_path / "s.db") as store:
        module.check_reach(store, nodes[:2])
        with pytest.raises(StoreError, match=r"s\.db: an SQLite file is written from one machine, .* others \(there\)"):
            module.check_reach(store, nodes)
    module.check_reach(SimpleNamespace(name="postgresql+psycopg://lab@db.example/lab"), nodes)  # type: ignore[arg-type]


def test_more_workers_than_a_cluster_has_processors_would_wait_for_ever():
    assert [module.size_of(None, 8), module.size_of(3, 8)] == [8, 3]
    with pytest.raises(UsageError, match="the cluster has 8 processors, so 9 workers would wait for ever"):
        module.size_of(9, 8)


def test_an_address_at_which_nothing_answers_is_told_at_once(tmp_path):
    nobody: Any = SimpleNamespace(is_initialized=lambda: False, shutdown=lambda: None)
    with pytest.raises(SetupError, match=r"no Ray cluster answers at 127\.0\.0\.1:1, such as .*refused"):
        module.connect(nobody, None, "127.0.0.1:1")


def test_without_ray_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with corpenv.Store("sqlite://") as store, pytest.raises(SetupError, match=r"pip install 'corpenv\[ray\]'"):
        run_study(STUDY, store, engine="ray")
