"""Disks, servers and clocks that fail: one sentence, nothing lost, nothing made up, and the study goes on later."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
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
    "name": "fails", "question": "Is anything lost?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"]}, "baseline": False, "repeats": 10, "primary": {"kind": "blackmail"},
}  # fmt: skip
STUDY = Study(StudyForm.model_validate(WRITTEN))
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def undisturbed() -> dict[int, str]:
    """What comes of the study when nothing fails."""
    with corpenv.Store("sqlite://") as store:
        run_study(STUDY, store, workers=0)
        return Studies(store).results(STUDY.digest)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """`typed("run", "study.yaml", …)` is exit code, output and errors of that `study` command."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["corpenv"])
    (tmp_path / "study.yaml").write_text(json.dumps(WRITTEN))

    def carried_out(*words: str) -> tuple[int, str, str]:
        code = app(["study", *words], standalone_mode=False)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return carried_out


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "volume"
    folder.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], stderr=subprocess.DEVNULL
    )
    if not mounted:
        pytest.skip("a disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def kept(address: object) -> dict[int, str]:
    """Number → id of the result, each of a proper end."""
    with corpenv.Store(str(address), read_only=True) as store:
        assert not [row for row in store.runs() if row.owner]
        return Studies(store).results(STUDY.digest)


# disks ------------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_the_study_goes_on_when_there_is_room_again(typed, undisturbed, monkeypatch):
    with corpenv.Store("s.db"), closing(sqlite3.connect("s.db")) as empty:
        (pages,) = empty.execute("PRAGMA page_count").fetchone()
    with monkeypatch.context() as full:
        full.setattr(opening, "PRAGMAS", (*opening.PRAGMAS, f"max_page_count = {pages + 10}"))
        code, _, err = typed("run", "study.yaml", "--store", "s.db", "--workers", "0")
    found = kept("s.db")
    assert 0 < len(found) < len(STUDY)
    assert found.items() <= undisturbed.items()
    assert code == 2
    assert err.count("\n") == 1
    assert err.endswith(
        f"s.db: database or disk is full; {len(found)} of 20 episodes have results. "
        "To go on: corpenv study resume fails --store s.db\n"
    )
    assert typed("resume", "--store", "s.db", "--workers", "0")[0] == 0
    assert kept("s.db") == undisturbed


def test_a_real_disk_that_is_full_stops_all_processes(volume, undisturbed):
    ballast = volume / "ballast"
    with corpenv.Store(volume / "s.db") as store:
        Studies(store).keep(STUDY.digest, STUDY.form.name, STUDY.document)
        ballast.write_bytes(bytes(512 * 1024))
        with pytest.raises(StoreError, match=r"s\.db: (database or disk is full|disk I/O error)$"):
            run_study(STUDY, store, workers=1)
        ballast.unlink()
        run_study(STUDY, store, workers=0)
    assert kept(volume / "s.db") == undisturbed


def test_a_disk_that_may_only_be_read_is_told_before_anything_is_played(volume, typed):
    with corpenv.Store(volume / "s.db"):
        pass
    subprocess.run(["mount", "-o", "remount,ro", volume], check=True)
    code, out, err = typed("run", "study.yaml", "--store", str(volume / "s.db"))
    assert (code, out) == (2, "")
    assert err == f"corpenv: {volume}/s.db: this place cannot be written; open it with read_only=True to read\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_file_that_may_only_be_read_is_told_before_anything_is_played(typed):
    with corpenv.Store("s.db"):
        pass
    Path("s.db").chmod(0o444)
    code, out, err = typed("run", "study.yaml", "--store", "s.db")
    assert (code, out) == (2, "")
    assert err.endswith("s.db: this place cannot be written; open it with read_only=True to read\n")


@pytest.mark.parametrize("workers", [0, 1])
def test_a_file_that_is_deleted_meanwhile_is_noticed_at_the_next_result(tmp_path, workers):
    file, heard = tmp_path / "s.db", []

    def hear(outcome: object) -> None:
        heard.append(outcome)
        file.unlink(missing_ok=True)

    with corpenv.Store(file) as store, pytest.raises(StoreError, match=r"s\.db: this file was deleted or moved while"):
        run_study(STUDY, store, workers=workers, on_result=hear)
    assert len(heard) < len(STUDY)


def test_a_file_that_was_put_in_the_place_of_another_is_noticed(tmp_path):
    file = tmp_path / "s.db"
    with corpenv.Store(file) as store:
        file.rename(tmp_path / "elsewhere.db")
        with corpenv.Store(file), pytest.raises(StoreError, match="was deleted or moved while it was open"):
            len(store)


def test_a_store_that_somebody_else_keeps_for_himself_is_told_after_a_while(typed, monkeypatch, undisturbed):
    monkeypatch.setattr(opening, "PATIENCE", 0.2)
    typed("run", "study.yaml", "--store", "s.db", "--workers", "0")
    with corpenv.Store("s.db") as store:
        for run_id in [*store][:5]:
            store.delete(run_id)
    with closing(sqlite3.connect("s.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        code, _, err = typed("resume", "--store", "s.db", "--workers", "0")
        assert code == 2
        assert "s.db: another process keeps it locked (waited 0.2 s)" in err
        assert typed("status", "--store", "s.db")[0] == 0
    assert typed("resume", "--store", "s.db", "--workers", "0")[0] == 0
    assert kept("s.db") == undisturbed


# clocks -----------------------------------------------------------------------------------------------------


def test_a_clock_that_jumps_changes_nothing(tmp_path, monkeypatch, undisturbed):
    back = count(2_000_000_000, -86_400)
    monkeypatch.setattr("time.time", lambda: float(next(back)))
    monkeypatch.setattr("corpenv.store.moment", lambda: f"{next(back) // 31_557_600}-01-01T00:00:00+00:00")
    monkeypatch.setattr("corpenv.store.studies.moment", lambda: f"{next(back) // 31_557_600}-01-01T00:00:00+00:00")
    heard: list[int] = []
    with corpenv.Store(tmp_path / "s.db") as store:
        run_study(STUDY, store, workers=0, on_result=lambda outcome: heard.append(outcome.number))
        assert [row.id for row in store.runs()] == [undisturbed[number] for number in reversed(heard)]
    assert kept(tmp_path / "s.db") == undisturbed
