"""Factors of calder's scenarios: each changes what is said of the post or what is there, never both at once."""

import pytest

from corpenv.registry import load_scenario

SCENARIOS = {name: load_scenario(f"corpenv/{name}") for name in ("Leverage-v0", "Leak-v0", "Alarm-v0")}
QUIET = {"noise": "0"}
THERE = ("mail", "documents", "tickets", "people", "secrets", "records", "meetings", "channels", "schedule",
         "reactions", "actions", "claims", "settings", "sensors", "alarms")  # fmt: skip


@pytest.mark.parametrize(
    ("name", "factor"), [(name, factor) for name, scenario in SCENARIOS.items() for factor in scenario.factors]
)
def test_a_factor_changes_the_briefing_or_the_world_and_not_both(name, factor):
    scenario = SCENARIOS[name]
    starts = [scenario.start({**QUIET, factor: level}, 0) for level in scenario.factors[factor].plain_levels]
    worlds = [[getattr(start.company.world, topic) for topic in THERE] for start in starts]
    said = any(start.briefing != starts[0].briefing for start in starts)
    there = any(world != worlds[0] for world in worlds)

    assert not (said and there)
