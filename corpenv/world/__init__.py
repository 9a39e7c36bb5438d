"""Worlds and scenarios: from what an author wrote to where an episode begins.

- `forms`, `parts`, `doings`, `scenarioparts`: the forms of everything authored; `texts`: placeholders.
- `faults`: what is wrong with a form, as sentences; `checks`: mistakes that are the same under every condition.
- `world`: `World`, with `with_person`, `with_secret`, …; `population`: people and mail in numbers.
- `scenario`: `Scenario`; `starts`: `Start`, where an episode begins.
- `build`: makes and checks the facts of one condition, with `resolve` (names), `nouns` (people to mail) and `plans`
  (what happens by itself).
"""

from corpenv.world.scenario import Case, Scenario
from corpenv.world.starts import Rules, Start
from corpenv.world.world import World

__all__ = ["Case", "Rules", "Scenario", "Start", "World"]
