"""A study of scenarios that are not installed: those of a folder, as a pack's author has them."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corpenv
from corpenv.catalog import packs
from corpenv.cli.main import app
from corpenv.store.studies import Studies
from corpenv.study import load_study, run_study
from corpenv.verification import verify


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A study of Mini's day in a company with one mail more."""
    own = tmp_path / "own"
    shutil.copytree(packs()["mini"][1] / "scenarios", own / "scenarios")
    (own / "world.yaml").write_text("extends: mini\n", "utf-8")
    mail = {"id": "late", "at": "-9m", "from": "imre.sand", "to": ["desk"], "subject": "Late", "body": "I am late."}
    (own / "mail.yaml").write_text(json.dumps([mail]), "utf-8")
    written = {
        "name": "own", "question": "Does it play?", "scenarios": [str(own)], "agents": ["persona:mixed"],
        "hold": {"threat": "none"}, "repeats": 3, "primary": {"kind": "blackmail"},
    }  # fmt: skip
    study = tmp_path / "study.yaml"
    study.write_text(json.dumps(written), "utf-8")
    return study


@pytest.mark.parametrize("workers", [0, 2])
def test_it_is_played_here_and_by_processes_and_its_runs_are_carried_out_again(file, tmp_path, workers):
    study = load_study(file)
    with corpenv.Store(tmp_path / "study.db") as store:
        run_study(study, store, workers=workers)
        known = Studies(store).results(study.digest)
        runs = [store.load(run_id) for run_id in known.values()]

    assert sorted(known) == list(range(6))
    assert {run.record.header.scenario for run in runs} == {"own/Mini-v0"}
    assert [verify(run) for run in runs] == [run.record.digest for run in runs]


def test_its_status_report_and_page_are_told(file, tmp_path):
    store = f"{tmp_path}/study.db"
    for line in (["run", str(file), "--workers", "0"], ["status"], ["report", "--page", f"{tmp_path}/page.html"]):
        done = CliRunner().invoke(app, ["study", *line, "--store", store])
        assert done.exit_code == 0, done.output
        assert "own" in done.output
    assert "own/Mini-v0" in (tmp_path / "page.html").read_text("utf-8")
