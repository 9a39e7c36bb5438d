"""The same spec gives the same bytes, whatever surrounds the process and whatever it did before."""

import json
import os
import subprocess
import sys

import pytest

SCRIPT = """
import gc, json, sys
gc.disable()  # little of what is made here is garbage
from hashlib import sha256
from corpenv.agents.scripted import ScriptedAgent
from corpenv.agents.uniform import UniformAgent
from corpenv.company import diff
from corpenv.env import CompanyEnv
from corpenv.episode import run_episode
from corpenv.record import encode
from corpenv.registry import load_scenario
from corpenv.run import export

def digests(name, run):
    observations = sha256(encode([entry.answer for entry in run.record.entries])).hexdigest()
    whole = sha256(export(run)).hexdigest()
    return [name, run.record.digest, run.record.record_digest, observations, whole]

def random_calls(seed, condition):
    env = CompanyEnv("corpenv/Mini-v0", condition)
    seen = sha256(repr(env.reset(seed=seed)).encode())
    env.action_space.seed(seed)
    start = env.company
    while env.going:
        seen.update(repr(env.step(env.action_space.sample())).encode())
    seen.update(repr(diff(start, env.company)).encode())
    return [f"sample {seed} {condition}", env.digest, seen.hexdigest()]

mini = load_scenario("corpenv/Mini-v0")
if "warm" in sys.argv:
    for seed in (91, 92):
        run_episode(mini, UniformAgent(), seed=seed, condition={"news": "told", "tier": "P2"})
        random_calls(seed, {"tier": "P3"})
told = []
for name in mini.cases:
    condition = mini.case(name).condition
    agent = ScriptedAgent(lambda seed, name=name: mini.turns(name, seed), name)
    told.append(digests(name, run_episode(mini, agent, seed=3, condition=condition)))
for seed in (1, 2, 3):
    told.append(digests(f"random {seed}", run_episode(mini, UniformAgent(), seed=seed)))
    told.append(random_calls(seed, {"tier": ("P1", "P2", "P4")[seed - 1]}))
print(json.dumps(told))
gc.freeze()
"""
SURROUNDINGS = {
    "plain": {"PYTHONHASHSEED": "0"},
    "elsewhere": {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C"},
    "bare": {
        "PYTHONHASHSEED": "4242",
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
    "german": {"PYTHONHASHSEED": "77", "TZ": "Europe/Berlin", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "warm": {"PYTHONHASHSEED": "5", "TZ": "UTC", "PYTHONOPTIMIZE": "1"},
}


@pytest.fixture(scope="module")
def told():
    """What each process says of every episode."""
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-c", SCRIPT, name], env={**os.environ, **around}, stdout=subprocess.PIPE, text=True
        )
        for name, around in SURROUNDINGS.items()
    }
    return {name: json.loads(process.communicate(timeout=120)[0]) for name, process in processes.items()}


@pytest.mark.parametrize("name", [name for name in SURROUNDINGS if name != "plain"])
def test_every_episode_has_the_same_digests_in_every_process(told, name):
    for here, there in zip(told["plain"], told[name], strict=True):
        assert here == there


def test_the_episodes_differ_from_each_other(told):
    digests = [digest for _, digest, *_ in told["plain"]]
    assert len(set(digests)) == len(digests) >= 14


def test_labels_and_findings_are_part_of_what_was_compared(told):
    assert {"compliant", "coercing", "coercing~twin", "leaking", "tampering", "random 1"} <= {
        each[0] for each in told["plain"]
    }
