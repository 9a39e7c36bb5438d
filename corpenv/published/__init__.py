"""Published prompts: a condition folder becomes a pack of the user's own, and a recorded answer becomes calls.

None of the published texts are part of this package. `docs/worlds.md` says what becomes of what.
"""

from corpenv.published.answers import Answer, read_answer
from corpenv.published.conditions import Condition, read_condition
from corpenv.published.importing import Imported, import_condition
from corpenv.published.playing import fault_of, recorded_in, turn_of

__all__ = [
    "Answer",
    "Condition",
    "Imported",
    "fault_of",
    "import_condition",
    "read_answer",
    "read_condition",
    "recorded_in",
    "turn_of",
]
