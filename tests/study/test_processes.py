"""How processes start and end."""

import multiprocessing
import threading

import corpenv
from corpenv.store import opening
from corpenv.store.studies import Studies
from corpenv.study import StudyForm
from corpenv.study.crews import task_of
from corpenv.study.plan import Study
from corpenv.study.processes import Processes, start_method

WRITTEN = {
    "name": "starts", "question": "How?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "hold": {"threat": "none"}, "baseline": False, "repeats": 9, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))


def test_no_process_is_copied_while_a_thread_may_hold_what_the_copy_would_wait_for():
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert start_method() == "spawn"
    finally:
        done.set()
        other.join()


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
