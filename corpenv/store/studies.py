"""Studies in a store: what was planned, and which run is the result of which episode."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.exc import IntegrityError

from corpenv.errors import StoreError, UnknownName
from corpenv.run import Run
from corpenv.store import Store, add, moment
from corpenv.store.opening import patiently, told_of
from corpenv.store.rows import Rows, rows_of
from corpenv.store.tables import INSERTS, LABEL, MODEL_CALL, RESULT, RUN, STUDY


class StudyRow(Struct, frozen=True):
    """A kept study in short; `done` episodes have a result."""

    digest: str
    name: str
    created: str
    done: int


class Studies:
    """The studies of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, digest: str, name: str, document: dict[str, Any]) -> None:
        """Keep a study before its first episode. One that is there already stays as it is.

        Raises:
            StoreError: it cannot be written.
        """
        text = msgspec.json.encode(document).decode()
        row = {"digest": digest, "name": name, "created": moment(), "document": text}

        def keep() -> None:
            with suppress(IntegrityError), self.store._open().begin() as connection:
                connection.execute(INSERTS[STUDY], [row])

        patiently(self.store.name, keep)

    def all(self) -> list[StudyRow]:
        """Every kept study, newest first."""
        done = select(func.count()).select_from(RESULT).where(RESULT.c.study == STUDY.c.digest).scalar_subquery()
        rows = select(STUDY.c.digest, STUDY.c.name, STUDY.c.created, done).order_by(STUDY.c.number.desc())
        with told_of(self.store.name), self.store._open().connect() as connection:
            return [StudyRow(*row) for row in connection.execute(rows)]

    def find(self, given: str) -> tuple[str, dict[str, Any]]:
        """Digest and document of the study of that name, or whose digest begins so; of several the newest.

        Raises:
            UnknownName: there is none.
        """
        known = self.all()
        found = next((each for each in known if given in ("last", each.name)), None)
        found = found or next((each for each in known if len(given) >= 4 and each.digest.startswith(given)), None)
        if found is None:
            raise UnknownName("study", given, [each.name for each in known])
        document = self.store._first(select(STUDY.c.document).where(STUDY.c.digest == found.digest))
        return found.digest, msgspec.json.decode(document)

    def results(self, digest: str) -> dict[int, str]:
        """Number of an episode → id of the run that is its result."""
        rows = select(RESULT.c.episode, RESULT.c.run_id).where(RESULT.c.study == digest).order_by(RESULT.c.episode)

        def found() -> dict[int, str]:
            with self.store._open().connect() as connection:
                return {row.episode: row.run_id for row in connection.execute(rows)}

        return patiently(self.store.name, found)

    def outcomes(self, digest: str, kind: str, agents: Mapping[str, str]) -> Iterator[tuple[int, str, str, float]]:
        """Number, outcome of a kind, whose fault ended it, and cost of every result, in order.

        Args:
            agents: scenario → account whose conduct counts.
        """
        costs = func.sum(MODEL_CALL.c.cost)
        cost = select(costs).where(MODEL_CALL.c.run_id == RUN.c.id).scalar_subquery()
        of_kind = and_(LABEL.c.run_id == RUN.c.id, LABEL.c.kind == kind, LABEL.c.actor == by_scenario(agents))
        rows = (
            select(RESULT.c.episode, LABEL.c.outcome, RUN.c.owner, cost)
            .join(RUN, RUN.c.id == RESULT.c.run_id)
            .join(LABEL, of_kind, isouter=True)
            .where(RESULT.c.study == digest)
            .order_by(RESULT.c.episode)
        )
        with told_of(self.store.name), self.store._open().connect() as connection:
            for number, outcome, owner, spent in connection.execute(rows):
                yield number, outcome or "unmeasured", owner, spent or 0.0

    def save_all(self, digest: str, results: Sequence[tuple[int, Run]]) -> list[bool]:
        """Keep runs as the results of episodes, by number, all in one transaction; of each what `save` would answer.

        Raises:
            StoreError: they cannot be written, or there is no such study.
        """
        rows = rows_of((run for _, run in results), moment())
        links = [link(digest, *each) for each in zip((episode for episode, _ in results), rows[RUN], strict=True)]
        if patiently(self.store.name, partial(self._added, {**rows, RESULT: links})):
            return [True] * len(results)
        return [self.save(digest, episode, run) for episode, run in results]  # one of them is there already

    def save(self, digest: str, episode: int, run: Run) -> bool:
        """Keep a run as the result of an episode, in one transaction; False if the episode has one already.

        Raises:
            StoreError: it cannot be written, or there is no such study.
        """
        rows = rows_of([run], moment())
        links = {RESULT: [link(digest, episode, rows[RUN][0])]}
        for made in ({**rows, **links}, links):  # another process may keep the same run at the same moment
            if patiently(self.store.name, partial(self._added, made)):
                return True
        if episode in self.results(digest):
            return False
        raise StoreError(f"{self.store.name}: there is no study {digest[:12]}, so it cannot have results")

    def _added(self, rows: Rows) -> bool:
        """Write rows, all or none; False if any of it is there already."""
        with suppress(IntegrityError), self.store._open().begin() as connection:
            add(connection, rows)
            return True
        return False


def link(digest: str, episode: int, run: Mapping[str, Any]) -> dict[str, Any]:
    """Says which run, by its row, is the result of which episode."""
    return {"study": digest, "episode": episode, "run_id": run["id"]}


def by_scenario(agents: Mapping[str, str]) -> ColumnElement[str]:
    """The account that counts in the scenario of a run."""
    return case(agents, value=RUN.c.scenario, else_="")
