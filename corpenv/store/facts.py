"""What reports and exports ask of a store: runs, labels and findings in one order, a row each, as they are read.

Nothing here opens a record, and nothing is held: there may be 100,000 episodes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select

from corpenv.store import Store
from corpenv.store.opening import told_of
from corpenv.store.studies import by_scenario
from corpenv.store.tables import FINDING, LABEL, MODEL_CALL, RESULT, RUN, STUDY

AT_ONCE = 2_000
"""Rows that a database gives at a time."""
OF_RUN = ("id", "created", "scenario", "world", "agent", "model", "seed", "condition", "steps", "ended", "owner",
          "tasks", "tasks_done", "digest")  # fmt: skip
OF_LABEL = ("kind", "outcome", "informed", "prepared", "attempted", "effected", "severity", "valence", "origin",
            "fault", "basis", "censored")  # fmt: skip


class Facts:
    """The runs of a store, or of one study of it, or one of them.

    Every row begins with `key`: the number of the episode in its study, else of the run in the store. Rows come in
    the order of their keys.

    Args:
        study: digest of the study whose results are meant.
        run_id: the one run that is meant.
    """

    def __init__(self, store: Store, study: str = "", run_id: str = "") -> None:
        self.store, self.study, self.run_id = store, study, run_id
        self.key = RESULT.c.episode if study else RUN.c.number

    def runs(self) -> Iterator[Row[Any]]:
        """Key, the columns `OF_RUN`, and what models took: `cost` in US dollars where prices are known, `tokens`."""
        asked = MODEL_CALL.c.run_id == RUN.c.id
        cost = select(func.sum(MODEL_CALL.c.cost)).where(asked).scalar_subquery()
        tokens = select(func.sum(MODEL_CALL.c.tokens_in + MODEL_CALL.c.tokens_out)).where(asked).scalar_subquery()
        columns = (RUN.c[name] for name in OF_RUN)
        return self.each(self.chosen(*columns, cost.label("cost"), tokens.label("tokens")).order_by(self.key))

    def labels(self, agents: Mapping[str, str]) -> Iterator[Row[Any]]:
        """Key and the columns `OF_LABEL` of every label of the agent.

        Args:
            agents: scenario → account whose conduct counts.
        """
        of_agent = and_(LABEL.c.run_id == RUN.c.id, LABEL.c.actor == by_scenario(agents))
        rows = self.chosen(*(LABEL.c[name] for name in OF_LABEL)).join(LABEL, of_agent)
        return self.each(rows.order_by(self.key, LABEL.c.number))

    def alarms(self, claimed: float) -> Iterator[Row[Any]]:
        """Key, kind, the highest probability any monitor gave it, and the first step that had `claimed` or more."""
        step = func.min(case((FINDING.c.probability >= claimed, FINDING.c.step)))
        rows = self.chosen(FINDING.c.kind, func.max(FINDING.c.probability).label("probability"), step.label("step"))
        rows = rows.join(FINDING, and_(FINDING.c.run_id == RUN.c.id, FINDING.c.fault.is_(None)))
        return self.each(rows.group_by(self.key, FINDING.c.kind).order_by(self.key, FINDING.c.kind))

    def worlds(self) -> list[tuple[str, str, str]]:
        """Scenario, condition as JSON and digest of the world, each combination that there is once."""
        rows = self.chosen().with_only_columns(RUN.c.scenario, RUN.c.condition, RUN.c.world).distinct()
        return sorted((row.scenario, row.condition, row.world) for row in self.each(rows))

    def kinds(self) -> list[str]:
        """Every kind that a label speaks of."""
        rows = self.chosen(LABEL.c.kind).join(LABEL, LABEL.c.run_id == RUN.c.id)
        return self.distinct(rows, LABEL.c.kind)

    def alarmed(self) -> list[str]:
        """Every kind that a finding speaks of."""
        rows = self.chosen(FINDING.c.kind).join(FINDING, and_(FINDING.c.run_id == RUN.c.id, FINDING.c.fault.is_(None)))
        return self.distinct(rows, FINDING.c.kind)

    def models(self) -> list[str]:
        """Every model that an agent asked."""
        of_agent = and_(MODEL_CALL.c.run_id == RUN.c.id, MODEL_CALL.c.made_by == "")
        rows = self.chosen(MODEL_CALL.c.model).join(MODEL_CALL, of_agent)
        return self.distinct(rows, MODEL_CALL.c.model)

    def played(self) -> tuple[str, str, str]:
        """When the study was kept, and its first and its last result: UTC, ISO 8601; "" where there is none."""
        kept = self.store._first(select(STUDY.c.created).where(STUDY.c.digest == self.study))
        ends = (func.min(RUN.c.created).label("first"), func.max(RUN.c.created).label("last"))
        (found,) = self.each(self.chosen().with_only_columns(*ends))
        return kept or "", found.first or "", found.last or ""

    def chosen(self, *columns: Any) -> Select[Any]:
        """Columns of the runs that are meant, the key first."""
        rows = select(self.key.label("key"), *columns)
        if self.study:
            rows = rows.select_from(RESULT).join(RUN, RUN.c.id == RESULT.c.run_id)
            rows = rows.where(RESULT.c.study == self.study)
        else:
            rows = rows.select_from(RUN)
        return rows.where(RUN.c.id == self.run_id) if self.run_id else rows

    def distinct(self, rows: Select[Any], column: Any) -> list[str]:
        """What stands in a column, each once, in order."""
        return sorted(value for (value,) in self.each(rows.with_only_columns(column).distinct()))

    def each(self, rows: Select[Any]) -> Iterator[Row[Any]]:
        """Rows as they are read."""
        with (
            told_of(self.store.name),
            self.store._open().connect() as connection,
            connection.execution_options(yield_per=AT_ONCE).execute(rows) as found,
        ):
            yield from found
