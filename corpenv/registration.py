"""Telling Gymnasium which scenarios there are: their ids alone, so that `import corpenv` stays light."""

from typing import Any

import gymnasium as gym

from corpenv.catalog import scenarios

BARE: Any = {"entry_point": "corpenv.env:CompanyEnv", "disable_env_checker": True, "order_enforce": False}
"""Without Gymnasium's wrappers for calls out of order: the environment tells them itself, and faster."""


def register() -> None:
    """Register every installed scenario under its id."""
    for scenario_id in scenarios():
        if scenario_id not in gym.registry:
            gym.register(scenario_id, **BARE, kwargs={"scenario": scenario_id})
