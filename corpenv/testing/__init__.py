"""Contract checks for what others write; use them in your own tests.

    from corpenv.testing import check_agent, check_monitor, check_pack

    def test_my_pack_holds_together():
        check_pack("path/to/my-pack")

    def test_my_agent_keeps_the_rules():
        check_agent(MyAgent)

Each raises `AssertionError`, or a `CorpenvError`, with a sentence that says what is wrong. `conditions(scenario)` are
the conditions worth trying.
"""

from corpenv.testing.contracts import check_agent, check_guardrail, check_monitor, check_pack, check_scenario
from corpenv.testing.covering import conditions
from corpenv.testing.packs import Check, pack_checks, scenario_checks, scenarios_checks

__all__ = [
    "Check",
    "check_agent",
    "check_guardrail",
    "check_monitor",
    "check_pack",
    "check_scenario",
    "conditions",
    "pack_checks",
    "scenario_checks",
    "scenarios_checks",
]
