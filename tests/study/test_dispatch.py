"""Who plays what: every episode has one result, whoever dies and however many play at the same time."""

import multiprocessing
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpenv
from corpenv.errors import SetupError, StoreError, UnknownName, UsageError
from corpenv.run import Run
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.crews import Here, News, Task, task_of
from corpenv.study.dispatch import DEATHS, Dispatch
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome, lost, outcome_of
from corpenv.study.processes import Processes
from corpenv.study.running import crew_of

EPISODES = 40
WRITTEN: dict[str, Any] = {
    "name": "dispatched", "question": "Who plays?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "hold": {"threat": "none"}, "baseline": False, "repeats": EPISODES, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    """A run for each episode; nobody has to play them again."""
    return [lost(STUDY, STUDY.episode(number), "for the test") for number in range(EPISODES)]


class Mortal:
    """A crew in this process, of which workers die when they are told to.

    Args:
        deadly: episodes over which a worker dies, each time.
        deaths: after how many portions any worker dies, before or after it has kept what it played.
    """

    def __init__(self, task: Task, runs: list[Run], deadly: set[int], deaths: list[tuple[int, bool]]) -> None:
        self.task, self.runs, self.deadly, self.deaths = task, runs, deadly, deque(deaths)
        self.studies, self.rest = Studies(task.store), self.deaths[0][0] if deaths else -1
        self.given: dict[int, list[Sequence[int]]] = {}
        self.joining = deque(range(task.size))
        self.began: Counter[int] = Counter()
        self.begun: set[tuple[int, int]] = set()

    def give(self, worker: int, portion: Sequence[int]) -> None:
        self.given[worker].append(portion)

    def news(self) -> list[News]:
        if self.joining:
            self.given[self.joining[0]] = []
            return [(self.joining.popleft(), "joined")]
        worker = max(self.given, key=lambda each: len(self.given[each]))
        now, ahead = self.given[worker][: self.task.together], self.given[worker][self.task.together :]
        begun = {(worker, number) for portion in now for number in portion} - self.begun
        self.begun |= begun  # each goes on until it has a result or its worker dies
        self.began.update(number for _, number in begun)
        if any(number in self.deadly for portion in now for number in portion):
            return self.die(worker)
        self.rest -= 1
        if not self.rest:
            _, keeps = self.deaths.popleft()
            self.rest = self.deaths[0][0] if self.deaths else -1
            if keeps:
                self.play(now[-1])
            return self.die(worker)
        self.given[worker] = [*now[:-1], *ahead]
        return [(worker, self.play(now[-1]))]

    def die(self, worker: int) -> list[News]:
        del self.given[worker]
        self.joining.append(worker + 100)
        return [(worker, "left")]

    def play(self, portion: Sequence[int]) -> list[Outcome]:
        self.studies.save_all(STUDY.digest, [(number, self.runs[number]) for number in portion])
        return [outcome_of(STUDY, number, self.runs[number]) for number in portion]


@pytest.mark.parametrize(("together", "portion"), [(1, 4), (9, 1)])
@settings(max_examples=10)
@given(
    deadly=st.sets(st.integers(0, EPISODES - 1), max_size=2),
    deaths=st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=2),
    size=st.integers(1, 3),
)
def test_every_episode_has_one_result_and_only_the_deadly_are_given_up(runs, together, portion, deadly, deaths, size):
    with corpenv.Store("sqlite://") as store:
        Studies(store).keep(STUDY.digest, STUDY.form.name, STUDY.document)
        task = Task(STUDY.document, STUDY.digest, store, together, portion, size)
        crew = Mortal(task, runs, deadly, deaths)
        heard = [outcome.number for outcome in Dispatch(STUDY, task, range(EPISODES)).outcomes(crew)]
        found = {number: store.load(each).ended for number, each in Studies(store).results(STUDY.digest).items()}
    assert sorted(heard) == sorted(found) == list(range(EPISODES))
    given_up = {number for number, ended in found.items() if ended.reason == "process_died"}
    assert deadly <= given_up
    if not deaths:
        assert given_up == deadly
    assert all(crew.began[number] == DEATHS for number in given_up)


def test_workers_that_die_before_they_begin_are_no_episodes_fault(runs):
    with corpenv.Store("sqlite://") as store:
        task = Task(STUDY.document, STUDY.digest, store, 1, 4, 2)
        crew: Any = SimpleNamespace(news=lambda: [(0, "left")])
        with pytest.raises(
            SetupError, match=r'die before they can begin; in a script, .* `if __name__ == "__main__":`'
        ):
            list(Dispatch(STUDY, task, range(EPISODES)).outcomes(crew))
        assert len(store) == 0


def test_two_who_play_the_same_study_step_by_step_soon_play_different_episodes(tmp_path):
    """The worst case: both are always at the same place, and the second is always late."""
    late = []

    def player(store: corpenv.Store, name: str) -> Iterator[Outcome]:
        Studies(store).keep(STUDY.digest, STUDY.form.name, STUDY.document)
        crew = Here(task_of(STUDY, store, 0))
        dispatch = Dispatch(STUDY, crew.task, range(EPISODES))
        dispatch.runner = (name, "1")
        return dispatch.outcomes(crew)

    with corpenv.Store(tmp_path / "s.db") as one, corpenv.Store(tmp_path / "s.db") as other:
        both = deque([player(one, "one"), player(other, "other")])
        heard: list[set[int]] = [set(), set()]
        while both:
            with suppress(StopIteration):
                outcome = next(both[0])
                late.append(outcome.late)
                heard[len(late) % 2].add(outcome.number)
                both.append(both[0])
            both.popleft()
        assert sorted(Studies(one).results(STUDY.digest)) == list(range(EPISODES))
        assert len(one) == EPISODES
    assert sum(late) <= EPISODES // 2
    assert heard[0] | heard[1] == set(range(EPISODES))


@pytest.mark.parametrize(
    ("workers", "engine", "address", "error", "told"),
    [
        (-1, "processes", None, UsageError, "workers: a number from 0 is needed, not -1"),
        (0, "ray", None, UsageError, "workers: a number from 1 is needed, not 0"),
        (2, "rays", None, UnknownName, "no engine 'rays' \\(did you mean \"ray\"\\?\\)"),
        (2, "processes", "h:1", UsageError, "address: h:1 is of a Ray cluster; choose the engine ray as well"),
    ],
)
def test_what_cannot_be_meant_is_told(workers, engine, address, error, told):
    with corpenv.Store("sqlite://") as store, pytest.raises(error, match=told):
        crew_of(STUDY, store, workers, engine, address)


def test_an_exception_stops_processes_at_once_and_what_was_told_is_kept(tmp_path):
    with corpenv.Store(tmp_path / "s.db") as store:
        with pytest.raises(KeyboardInterrupt):
            run_study(STUDY, store, workers=1, on_result=interrupt)
        assert 0 < len(Studies(store).results(STUDY.digest)) < EPISODES
        assert multiprocessing.active_children() == []


def test_a_store_that_no_other_process_can_reach_is_told(tmp_path):
    with corpenv.Store("sqlite://") as store, pytest.raises(StoreError, match="cannot go to another process"):
        run_study(STUDY, store, workers=1)


def test_what_stops_a_process_before_it_begins_is_told_in_its_own_words(tmp_path):
    with corpenv.Store(tmp_path / "s.db") as store:
        crew = Processes(task_of(STUDY, store, 1))
        (tmp_path / "s.db").unlink()
        (tmp_path / "s.db").mkdir()
        with crew, pytest.raises(StoreError, match=r"s\.db: this is a folder"):
            list(Dispatch(STUDY, crew.task, range(EPISODES)).outcomes(crew))
    assert multiprocessing.active_children() == []


def interrupt(outcome: Outcome) -> None:
    raise KeyboardInterrupt
