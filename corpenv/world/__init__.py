"""Worlds and scenarios: from what an author wrote to where an episode begins.

- `parts`: the forms of everything authored; `texts`: placeholders.
- `world`: `World`, with `with_person`, `with_secret`, …; `population`: people and mail in numbers.
- `scenario`: `Scenario` and `Start`; `build`: makes and checks the facts of one condition.
"""

from corpenv.world.scenario import Case, Rules, Scenario, Start
from corpenv.world.world import World

__all__ = ["Case", "Rules", "Scenario", "Start", "World"]
