"""How processes start and end."""

import multiprocessing
import threading
from collections.abc import Iterator

import pytest

import corpenv
from corpenv.store import opening
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.crews import task_of
from corpenv.study.plan import Study
from corpenv.study.processes import Processes, start_method

WRITTEN = {
    "name": "starts", "question": "How?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "hold": {"threat": "none"}, "baseline": False, "repeats": 9, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))


@pytest.fixture
def thread() -> Iterator[None]:
    """Another thread is at something."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    yield
    done.set()
    other.join()


def test_no_process_is_copied_while_a_thread_may_hold_what_the_copy_would_wait_for(thread):
    assert start_method() == "forkserver"


TELLING = """
import os
import corpenv

@corpenv.agent
def telling(observation):
    return corpenv.ToolCall("finish", {"note": os.environ["SAID_BEFORE_THE_STUDY"]})
"""


def test_a_process_has_the_variables_that_hold_when_it_starts(thread, tmp_path, monkeypatch):
    (tmp_path / "telling.py").write_text(TELLING, "utf-8")
    study = Study(StudyForm.model_validate({**WRITTEN, "agents": [f"{tmp_path}/telling.py:telling"], "repeats": 1}))
    for word in ("one", "other"):
        monkeypatch.setenv("SAID_BEFORE_THE_STUDY", word)
        with corpenv.Store(tmp_path / f"{word}.db") as store:
            run_study(study, store, workers=1)
            (run,) = (store.load(run_id) for run_id in store)
        assert run.record.entries[0].input.arguments == {"note": word}


def test_no_connection_is_carried_into_a_copy(tmp_path):
    with corpenv.Store(tmp_path / "s.db") as store, corpenv.Store("sqlite://") as memory:
        assert len(store) == len(memory) == 0
        opening.close_idle()
        assert store._engine.pool.checkedin() == 0
        assert len(store) == len(memory) == 0


def test_what_was_begun_is_ended_and_kept_and_no_more_of_what_was_given(tmp_path):
    with corpenv.Store(tmp_path / "s.db") as store:
        Studies(store).keep(STUDY.digest, STUDY.form.name, STUDY.document)
        with Processes(task_of(STUDY, store, 1)) as crew:
            assert crew.news() == [(1, "joined")]
            crew.give(1, [4, 2])
            ((worker, outcomes),) = crew.news()
            assert (worker, [outcome.number for outcome in outcomes]) == (1, [4, 2])
            crew.give(1, [7])
        assert {4, 2} <= set(Studies(store).results(STUDY.digest)) <= {4, 2, 7}
    assert multiprocessing.active_children() == []
