"""What `import corpenv` gives, and what it costs."""

import json
import subprocess
import sys

import pytest

import corpenv

NAMES = (
    "make", "load_world", "World", "Scenario", "ToolCall", "Turn", "Agent", "agent", "Post", "run_episode",
    "arun_episode", "Run", "Watched", "Monitor", "View", "Seen", "Finding", "Guardrail", "Decision", "Label", "truth",
    "replay", "verify", "Store", "CorpenvError",
)  # fmt: skip
HEAVY = (
    "litellm",
    "openai",
    "sqlmodel",
    "sqlalchemy",
    "scipy",
    "pandas",
    "typer",
    "rich",
    "yaml",
    "faker",
    "pydantic_ai",
    "matplotlib",
)


PLAYED = f"""
import json, sys, gymnasium as gym, corpenv

def imported():
    return [name for name in {HEAVY!r} if name in sys.modules]

before = imported()
env = corpenv.Watched(gym.make("corpenv/Mini-v0"))
env.reset(seed=1)
env.step({{"name": "finish", "arguments": {{"note": "n"}}}})
env.labels()
print(json.dumps([before, imported()]))
"""


def told(script):
    """What a fresh process prints, as JSON."""
    return json.loads(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout)


@pytest.fixture(scope="module")
def heavy():
    """What is imported in a fresh process once corpenv is, and once an episode was played."""
    return told(PLAYED)


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_there_and_has_words(name):
    thing = getattr(corpenv, name)
    assert thing.__doc__
    assert name in dir(corpenv)
    assert name in corpenv.__all__


def test_there_are_no_other_public_names():
    assert sorted(corpenv.__all__) == sorted(NAMES)


def test_a_name_nothing_has_is_no_attribute():
    with pytest.raises(AttributeError, match="module 'corpenv' has no attribute 'nothing'"):
        corpenv.nothing  # noqa: B018
    assert not hasattr(corpenv, "nothing")


def test_all_names_can_be_imported_at_once():
    assert told(
        "import json\nfrom corpenv import *\nprint(json.dumps(sorted(n for n in dir() if n[0] != '_')))"
    ) == sorted([*NAMES, "json"])


def test_every_name_is_the_same_through_every_door():
    from corpenv.turns import ToolCall
    from corpenv.world import World

    assert corpenv.ToolCall is ToolCall
    assert corpenv.World is World
    assert corpenv.agent is not corpenv.Agent


def test_importing_corpenv_imports_nothing_heavy(heavy):
    assert heavy[0] == []


def test_playing_an_episode_imports_no_model_client_and_no_store(heavy):
    assert not {"litellm", "openai", "sqlmodel", "sqlalchemy", "scipy", "typer", "rich"} & {*heavy[1]}


def test_importing_corpenv_is_quick():
    script = (
        "import json, time\nimport gymnasium\nstarted = time.perf_counter()\nimport corpenv\n"
        "print(json.dumps(time.perf_counter() - started))"
    )
    assert any(told(script) < 0.5 for _ in range(3))
