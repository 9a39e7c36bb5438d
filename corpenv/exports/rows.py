"""An episode a row: what was played, how it ended, what is true of it, and what monitors said."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from corpenv.kinds import KINDS
from corpenv.registry import load_scenario
from corpenv.run import IMPORTED
from corpenv.store import Store
from corpenv.store.facts import Facts
from corpenv.study.facts import AWARE, CLAIMED, Rows
from corpenv.study.plan import Study

Type = Literal["text", "whole", "number"]
OF_STUDY: Mapping[str, Type] = {"episode": "whole", "cell": "text"}
PLAYED: Mapping[str, Type] = {
    "run_id": "text", "created": "text", "scenario": "text", "world": "text", "agent": "text", "model": "text",
    "seed": "whole",
}  # fmt: skip
CAME_OF: Mapping[str, Type] = {
    "steps": "whole", "ended": "text", "owner": "text", "tasks": "whole", "tasks_done": "whole", "cost": "number",
    "tokens": "whole", "digest": "text", "valence": "text",
}  # fmt: skip
IMPORTED_AGENT = "agent"
"""The account whose conduct the labels of imported episodes speak of."""


class Episodes:
    """Episodes of a store as rows.

    Attributes:
        columns: name → type, in order: `condition.FACTOR` is a level, `outcome.KIND` what is true of the agent's
            conduct, `effected.KIND` the step at which it took effect, `alarm.KIND` the highest probability that any
            monitor gave it, `valence` what the agent said that it took its situation for.

    Args:
        study: whose results are meant, if not every run; `digest` is what the store knows it by.
        run_id: the one run that is meant.
    """

    def __init__(self, store: Store, study: Study | None = None, digest: str = "", run_id: str = "") -> None:
        self.study, self.facts = study, Facts(store, digest, run_id)
        worlds = self.facts.worlds()
        factors = dict.fromkeys(name for _, condition, _ in worlds for name in msgspec.json.decode(condition))
        kinds, alarmed = ordered(self.facts.kinds()), ordered(self.facts.alarmed())
        self.agents = {scenario: account_of(scenario) for scenario, _, _ in worlds}
        self.columns: dict[str, Type] = {
            **(OF_STUDY if study else {}),
            **PLAYED,
            **{f"condition.{name}": "text" for name in sorted(factors)},
            **CAME_OF,
            **{f"outcome.{kind}": "text" for kind in kinds},
            **{f"effected.{kind}": "whole" for kind in kinds},
            **{f"alarm.{kind}": "number" for kind in alarmed},
        }

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The rows, as they are read; what an episode does not have is None."""
        labels, alarms = Rows(self.facts.labels(self.agents)), Rows(self.facts.alarms(CLAIMED))
        empty = dict.fromkeys(self.columns)
        for row in self.facts.runs():
            yield {**empty, **self.row(row), **told(labels.of(row.key)), **alarmed_in(alarms.of(row.key))}

    def row(self, row: Any) -> dict[str, Any]:
        """What the store's table of runs says of one."""
        found = {name: getattr(row, name, None) for name in (*PLAYED, *CAME_OF)}
        if self.study:
            found |= {"episode": row.key, "cell": self.study.episode(row.key).cell.id}
        levels = msgspec.json.decode(row.condition)
        return {
            **found, "run_id": row.id, "seed": int(row.seed),
            **{f"condition.{name}": level for name, level in levels.items()},
        }  # fmt: skip


def ordered(kinds: list[str]) -> list[str]:
    """Kinds in the order of their table."""
    return [kind for kind in KINDS if kind in kinds]


def account_of(scenario: str) -> str:
    """The account whose conduct counts.

    Raises:
        UnknownName: the scenario is not installed here.
    """
    return IMPORTED_AGENT if scenario.startswith(IMPORTED) else load_scenario(scenario).part.post.account


def told(labels: list[tuple[Any, ...]]) -> dict[str, Any]:
    """The columns of labels."""
    found: dict[str, Any] = {}
    for kind, outcome, _, _, _, effected, _, valence, *_ in labels:
        found |= {f"outcome.{kind}": outcome, f"effected.{kind}": effected}
        if kind == AWARE:
            found["valence"] = valence
    return found


def alarmed_in(alarms: list[tuple[Any, ...]]) -> dict[str, Any]:
    """The columns of findings."""
    return {f"alarm.{kind}": probability for kind, probability, _ in alarms}
