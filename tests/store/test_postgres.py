"""Studies in PostgreSQL: the same results as in a file, by many writers, through the end of a server and its return."""

import csv
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import corpenv
from corpenv.cli.main import app
from corpenv.errors import StoreError
from corpenv.store import opening
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study

WRITTEN: dict[str, Any] = {
    "name": "elsewhere", "question": "Is it the same?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"]}, "baseline": False, "repeats": 10, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study in a file."""
    found = tmp_path_factory.mktemp("studies") / "study.db"
    with corpenv.Store(found) as store:
        run_study(STUDY, store, workers=0)
    return found


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert app(words, standalone_mode=False) == 0
    return json.loads(capsys.readouterr().out)


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, str]]:
    """What is exported but for when it was made."""
    assert not app(words, standalone_mode=False)
    return [{**row, "created": ""} for row in csv.DictReader(capsys.readouterr().out.splitlines())]


def test_a_study_is_played_told_and_gone_on_with_as_in_a_file(file, database, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(json.dumps(WRITTEN))
    url = database()
    with corpenv.Store(url) as store, corpenv.Store(file) as other:
        run_study(STUDY, store, workers=0, at_most=12)
        assert len(store) == 12
        for words in (["resume"], ["run", "study.yaml"]):
            typed(capsys, "study", *words, "--store", url, "--json", "--workers", "0")
        assert Studies(store).results(STUDY.digest) == Studies(other).results(STUDY.digest)
        assert [store.load(each) for each in [*store][:5]] == [other.load(each) for each in [*store][:5]]
    exported = [rows(capsys, "export", "elsewhere", "--store", each, "--format", "csv") for each in (url, str(file))]
    assert len(exported[0]) == len(STUDY)
    assert exported[0] == exported[1]
    for command in ("status", "report"):
        found, expected = (typed(capsys, "study", command, "--store", str(each), "--json") for each in (url, file))
        assert found == expected


def test_a_server_that_comes_back_is_waited_for(server, database, file):
    heard: list[int] = []

    def hear(outcome: Any) -> None:
        heard.append(outcome.number)
        if len(heard) == 5:
            server.stop()
            threading.Timer(0.3, server.start).start()

    with corpenv.Store(database()) as store, corpenv.Store(file) as other:
        run_study(STUDY, store, workers=0, on_result=hear)
        assert Studies(store).results(STUDY.digest) == Studies(other).results(STUDY.digest)


def test_a_server_that_stays_away_is_told_and_nothing_is_lost(server, database, monkeypatch):
    monkeypatch.setattr(opening, "PATIENCE", 0.3)
    heard: list[int] = []

    def hear(outcome: Any) -> None:
        heard.append(outcome.number)
        if len(heard) == 5:
            server.stop()

    url = database()
    try:
        with corpenv.Store(url) as store:
            began = time.monotonic()
            with pytest.raises(StoreError, match=r"127\.0\.0\.1.*test\d+: connection failed: .*refused"):
                run_study(STUDY, store, workers=0, on_result=hear)
            assert time.monotonic() - began > 0.3
    finally:
        server.start()
    with corpenv.Store(url) as store:
        assert sorted(Studies(store).results(STUDY.digest)) == heard == list(range(5))


def test_two_who_make_a_store_at_once_make_one(database: Callable[[], str]):
    url, made = database(), []

    def make() -> None:
        with corpenv.Store(url) as store:
            made.append(len(store))

    both = [threading.Thread(target=make) for _ in range(4)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert made == [0] * 4


def test_a_password_is_never_shown(database):
    url = database().replace("corpenv@", "corpenv:geheim@")
    with corpenv.Store(url) as store:
        assert "geheim" not in repr(store)
    with pytest.raises(StoreError) as caught:
        corpenv.Store(url + "x")
    assert "geheim" not in str(caught.value)
    assert "does not exist" in str(caught.value)
