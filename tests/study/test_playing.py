"""A portion of episodes is kept in one transaction, and what stood there before stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

import corpenv
from corpenv.errors import StoreError
from corpenv.run import Run
from corpenv.store.studies import Studies
from corpenv.study import StudyForm
from corpenv.study.plan import Study
from corpenv.study.playing import Player, lost

PLANNED = Study(
    StudyForm.model_validate(
        {
            "name": "portions",
            "question": "What is kept of a portion?",
            "scenarios": ["corpenv/Mini-v0"],
            "agents": ["persona:mixed"],
            "baseline": False,
            "repeats": 8,
            "primary": {"kind": "blackmail"},
        }
    )
)


def opened(file: Path) -> Studies:
    studies = Studies(corpenv.Store(file))
    studies.keep(PLANNED.digest, PLANNED.form.name, PLANNED.document)
    return studies


@pytest.fixture
def studies(tmp_path: Path) -> Iterator[Studies]:
    studies = opened(tmp_path / "study.db")
    with studies.store:
        yield studies


def runs(*numbers: int) -> list[tuple[int, Run]]:
    return [(number, lost(PLANNED, PLANNED.episode(number), "for the test")) for number in numbers]


def kept(studies: Studies) -> dict[int, Run]:
    return {number: studies.store.load(run_id) for number, run_id in studies.results(PLANNED.digest).items()}


def test_a_portion_is_what_its_episodes_are_one_by_one(studies, tmp_path):
    together = Player(PLANNED, studies).play(range(4))
    one_by_one = opened(tmp_path / "other.db")
    with one_by_one.store:
        player = Player(PLANNED, one_by_one)
        assert [outcome for number in range(4) for outcome in player.play([number])] == together
        assert kept(one_by_one) == kept(studies)
        assert sorted(kept(studies)) == [0, 1, 2, 3]


def test_a_portion_is_written_in_one_transaction(studies):
    commits: list[object] = []
    event.listen(studies.store._engine, "commit", commits.append)
    Player(PLANNED, studies).play(range(4))
    assert len(commits) == 1


def test_an_episode_that_has_a_result_keeps_it_and_the_others_of_its_portion_are_kept(studies):
    (first,) = Player(PLANNED, studies).play([1])
    outcomes = Player(PLANNED, studies).play([0, 1, 2])
    assert [(each.number, each.late) for each in outcomes] == [(0, False), (1, True), (2, False)]
    assert studies.results(PLANNED.digest)[1] == first.run_id
    assert len(studies.store) == 3


def test_the_same_episode_twice_in_a_portion_is_kept_once(studies):
    assert studies.save_all(PLANNED.digest, runs(5, 5)) == [True, False]
    assert sorted(studies.results(PLANNED.digest)) == [5]


def test_of_a_portion_that_cannot_be_written_nothing_is_there(studies):
    with pytest.raises(StoreError, match="there is no study"):
        studies.save_all("ab" * 32, runs(0, 1))
    assert len(studies.store) == 0


def test_a_portion_of_no_episodes_is_nothing(studies):
    assert Player(PLANNED, studies).play([]) == []
