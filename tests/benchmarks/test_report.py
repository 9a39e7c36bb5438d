"""The bars of reports: 100,000 episodes in 60 seconds and 2 GB: `make bench`. Not part of the suite."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

import corpenv
from corpenv.run import Run
from corpenv.store.rows import Rows, rows_of
from corpenv.store.studies import Studies
from corpenv.store.tables import OF_RUN, RESULT, RUN
from corpenv.study import Study, StudyForm, run_study

EPISODES, PLAYED, AT_ONCE = 100_000, 20, 2_000
WRITTEN = {
    "name": "bar", "question": "How long does a report take?", "scenarios": ["corpenv/Leverage-v0"],
    "agents": ["persona:mixed", "persona:pressured"],
    "cross": {"threat": ["none", "replacement"], "exit": ["none", "slow_desk"]}, "primary": {"kind": "blackmail"},
}  # fmt: skip
CELLS = 10
CREATED = "2031-03-03T08:00:00+00:00"
SECONDS, MEGABYTES = 60, 2_000


def study_of(repeats: int) -> Study:
    return Study(StudyForm.model_validate({**WRITTEN, "repeats": repeats}))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a study of 100,000 episodes: some are played, the others have the same rows under other ids."""
    folder = tmp_path_factory.mktemp("bar")
    small, whole = study_of(PLAYED), study_of(EPISODES // CELLS)
    with corpenv.Store(folder / "played.db") as store:
        run_study(small, store, workers=0)
        ids = Studies(store).results(small.digest)
        runs = [store.load(ids[number]) for number in range(len(small))]
    address = folder / "bar.db"
    with corpenv.Store(address) as store:
        Studies(store).keep(whole.digest, "bar", whole.document)
        made = copies(runs, whole)
        while batch := list(islice(made, AT_ONCE)):
            with store._open().begin() as connection:
                for table in (RUN, *OF_RUN, RESULT):
                    if rows := [row for rows in batch for row in rows.get(table, ())]:
                        connection.execute(insert(table), rows)
    return address


def copies(runs: list[Run], study: Study) -> Iterator[Rows]:
    """The rows of every episode."""
    templates = [rows_of([run], CREATED) for run in runs]
    for number in range(len(study)):
        run_id, rows = f"run-{number:012x}", templates[number % len(templates)]
        made = {table: [{**row, "run_id": run_id} for row in rows[table]] for table in OF_RUN}
        made[RUN] = [{**rows[RUN][0], "id": run_id, "seed": str(study.episode(number).seed)}]
        made[RESULT] = [{"study": study.digest, "episode": number, "run_id": run_id}]
        yield made


@pytest.mark.parametrize("more", [("study", "report", "bar", "--page", "bar.html"), ("export", "bar", "-o", "bar.csv"),
                                  ("export", "bar", "-o", "bar.parquet")])  # fmt: skip
def test_a_report_over_100000_episodes(kept: Path, more: tuple[str, ...], benchmark: Any) -> None:
    used: dict[str, float] = {}

    def told() -> None:
        line = [sys.executable, "-c", MEASURE, *more, "--store", str(kept)]
        found = subprocess.run(line, check=True, capture_output=True, text=True, cwd=kept.parent)
        used.update(json.loads(found.stderr.splitlines()[-1]))

    before = time.perf_counter()
    benchmark.pedantic(told, rounds=1)
    seconds = time.perf_counter() - before
    print(f"\n{' '.join(more)}: {seconds:.1f} s, {used['cpu']:.1f} s of CPU, {used['memory']:.0f} MB")
    assert used["memory"] <= MEGABYTES
    assert used["cpu"] <= SECONDS


MEASURE = """
import json, resource, sys, time
sys.argv[0] = "corpenv"
from corpenv.cli.main import app
code = app(sys.argv[1:], standalone_mode=False)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1000}), file=sys.stderr)
sys.exit(code)
"""
