"""A study is played by a crew, and goes on where it stopped.

Every result is in the store before anybody hears of it; what has one is never played again.
"""

import os
from collections.abc import Callable, Iterator
from itertools import islice

from corpenv.errors import UnknownName, UsageError
from corpenv.store import Store
from corpenv.store.studies import Studies
from corpenv.study.crews import Crew, Here, task_of
from corpenv.study.dispatch import Dispatch
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome
from corpenv.study.processes import Processes
from corpenv.study.progress import kept_outcomes
from corpenv.study.stopping import Stopping

ENGINES = ("processes", "ray")


def run_study(
    study: Study,
    store: Store,
    workers: int | None = None,
    on_result: Callable[[Outcome], None] | None = None,
    at_most: int | None = None,
    engine: str = "processes",
    address: str | None = None,
) -> None:
    """Play what has no result yet.

    Args:
        workers: how many; by default one a processor. 0 plays in this process, which is easier to look into.
        on_result: is told of every result once it is kept.
        at_most: begin no more than so many episodes now.
        engine: `processes` of this machine, or actors of `ray`.
        address: of a Ray cluster; by default one is started on this machine, and ended afterwards.

    Raises:
        StoreError: the store cannot be written, or not by other processes or machines.
        UsageError, UnknownName: workers, engine and address do not fit.
        SetupError: the engine is not installed, or its workers cannot begin.
    """
    studies = Studies(store)
    studies.keep(study.digest, study.form.name, study.document)
    limits = Limits(study, store)
    left = [] if limits.reached else list(islice(missing(study, studies), at_most))
    if not left:
        return
    with crew_of(study, store, workers, engine, address) as crew:
        for outcome in Dispatch(study, crew.task, left).outcomes(crew):
            if on_result:
                on_result(outcome)
            if limits.after(outcome.number, outcome.outcome, outcome.cost):
                return


def crew_of(study: Study, store: Store, workers: int | None, engine: str, address: str | None) -> Crew:
    """Who plays."""
    if engine not in ENGINES:
        raise UnknownName("engine", engine, ENGINES)
    if workers is not None and workers < (engine == "ray"):
        raise UsageError(f"workers: a number from {int(engine == 'ray')} is needed, not {workers}")
    if engine == "ray":
        from corpenv.study.cluster import Cluster

        return Cluster(study, store, workers, address)
    if address is not None:
        raise UsageError(f"address: {address} is of a Ray cluster; choose the engine ray as well")
    if workers == 0:
        return Here(task_of(study, store, 0))
    return Processes(task_of(study, store, workers or os.cpu_count() or 1))


class Limits:
    """What ends a study before its last episode: money, or evidence enough. What was kept before counts."""

    def __init__(self, study: Study, store: Store) -> None:
        self.total, self.spent = study.form.budget.total, 0.0
        self.stopping = Stopping(study) if study.form.stop else None
        self.reached = False
        for number, outcome, _, cost in kept_outcomes(study, store):
            self.after(number, outcome, cost)

    def after(self, number: int, outcome: str, cost: float) -> bool:
        """One more result: is it enough now?"""
        self.spent += cost
        if self.stopping:
            self.stopping.add(number, outcome)
        no_money = self.total is not None and self.spent >= self.total
        self.reached = no_money or (self.stopping is not None and self.stopping.decided)
        return self.reached


def missing(study: Study, studies: Studies) -> Iterator[int]:
    """Episodes without a result, in order."""
    done = studies.results(study.digest)
    return (number for number in range(len(study)) if number not in done)
