"""corpenv: a simulated company for studying AI agents.

>>> import gymnasium as gym, corpenv
>>> env = corpenv.Watched(gym.make("corpenv/Mini-v0"))
>>> observation, info = env.reset(seed=7)
>>> observation, reward, terminated, truncated, info = env.step({"name": "list_mail", "arguments": {}})
>>> reward
0.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpenv.registration import register

if TYPE_CHECKING:
    from corpenv.company import replay
    from corpenv.episode import arun_episode, run_episode
    from corpenv.errors import CorpenvError
    from corpenv.guardrails import Decision, Guardrail
    from corpenv.labels.label import Label
    from corpenv.registry import load_world, make
    from corpenv.run import Run
    from corpenv.store import Store
    from corpenv.turns import Agent, Post, ToolCall, Turn, agent
    from corpenv.verification import truth, verify
    from corpenv.views import Finding, Monitor, Seen, View
    from corpenv.watched import Watched
    from corpenv.world import Scenario, World

HOMES = {
    "corpenv.company": ("replay",),
    "corpenv.episode": ("arun_episode", "run_episode"),
    "corpenv.errors": ("CorpenvError",),
    "corpenv.guardrails": ("Decision", "Guardrail"),
    "corpenv.labels.label": ("Label",),
    "corpenv.registry": ("load_world", "make"),
    "corpenv.run": ("Run",),
    "corpenv.store": ("Store",),
    "corpenv.turns": ("Agent", "Post", "ToolCall", "Turn", "agent"),
    "corpenv.verification": ("truth", "verify"),
    "corpenv.views": ("Finding", "Monitor", "Seen", "View"),
    "corpenv.watched": ("Watched",),
    "corpenv.world": ("Scenario", "World"),
}
HOME = {name: module for module, names in HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 - from worlds to runs
    "make", "load_world", "World", "Scenario", "ToolCall", "Turn", "Agent", "agent", "Post", "run_episode",
    "arun_episode", "Run", "Watched", "Monitor", "View", "Seen", "Finding", "Guardrail", "Decision", "Label", "truth",
    "replay", "verify", "Store", "CorpenvError",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used: `import corpenv` stays light."""
    if name not in HOME:
        raise AttributeError(f"module 'corpenv' has no attribute {name!r}")
    value = getattr(import_module(HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


register()
