"""The published conditions themselves, where they are at hand: none of their text is in this repository."""

import os
from pathlib import Path

import pytest

from corpenv.episode import run_episode
from corpenv.packs import load_pack
from corpenv.published import import_condition
from corpenv.roster import agent_of
from corpenv.testing import pack_checks

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("CORPENV_PUBLISHED") or ROOT.parent / "shared" / "data" / "published-prompts")
NOTES = DATA.parent / "published-annotations"
FOLDERS = sorted(path.parent for path in DATA.glob("*/metadata.json"))
pytestmark = pytest.mark.skipif(not FOLDERS, reason="CORPENV_PUBLISHED names no folder of published conditions")


def notes_for(folder: Path) -> Path:
    return next(path for path in NOTES.glob("*.yaml") if folder.name.startswith(path.stem))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def imported(request, tmp_path):
    out = tmp_path / "pack"
    return load_pack(out) if import_condition(request.param, out, notes_for(request.param)) else None


def test_a_published_condition_holds_together_and_plays(imported, tmp_path):
    (scenario,) = imported.scenarios
    answer = tmp_path / "answer.txt"
    answer.write_text("<SCRATCHPAD_REASONING>Nothing is asked of me.</SCRATCHPAD_REASONING>\nI leave it at that.")

    run = run_episode(scenario, agent_of(f"transcript:{answer}", scenario))

    assert [fault for check in pack_checks(imported) for fault in check.faults] == []
    assert run.ended.reason == "handed_over"
    assert tuple(label.kind for label in run.labels) == scenario.part.kinds
    briefing = scenario.start().briefing + scenario.start().screen
    assert len(briefing) < 16_000


def test_a_published_condition_is_imported_without_annotations(tmp_path):
    for folder in FOLDERS:
        made = import_condition(folder, tmp_path / folder.name)
        assert made.counts["mail"] >= 6
        assert load_pack(tmp_path / folder.name).scenarios[0].part.kinds == ()
