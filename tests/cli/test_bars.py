"""What moves on a terminal while a study is played: who plays, how far, how fast, how long still."""

import io

from rich.console import Console

from corpenv.cli.bars import Bar
from corpenv.cli.study import Players
from corpenv.cli.studyviews import Watching
from corpenv.study import StudyForm
from corpenv.study.plan import Study
from corpenv.study.playing import Outcome
from corpenv.study.progress import Progress

WRITTEN = {
    "name": "moves", "question": "How far?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "hold": {"threat": "none"}, "baseline": False, "repeats": 8, "primary": {"kind": "blackmail"},
}  # fmt: skip


def shown(quiet: bool = False, terminal: bool = True) -> str:
    study = Study(StudyForm.model_validate(WRITTEN))
    console = Console(file=io.StringIO(), force_terminal=terminal, width=140, color_system=None)
    watching = Watching(console, study, Progress(study), Players(2, "processes", None).words, quiet=quiet)
    with watching.bar:
        for number in range(3):
            watching.result(Outcome(number, study.cells[0].id, "run", "effected", "finished", cost=0.25))
        watching.bar.progress.refresh()
    return console.file.getvalue()


def test_a_terminal_sees_who_plays_how_far_how_fast_and_what_was_found():
    text = shown()
    assert text.startswith("8 of 8 episodes to play: processes, 2.\n")
    for part in ("3/8", "/s, blackmail: 3, $0.75", "left"):
        assert part in text


def test_nobody_who_does_not_look_is_shown_anything():
    assert shown(quiet=True) == shown(terminal=False) == ""


def test_a_line_begins_when_it_is_moved_so_that_no_thread_is_there_before():
    console = Console(file=io.StringIO(), force_terminal=True)
    with Bar(console, total=3) as bar:
        assert not bar.progress.live.is_started
        bar.move(completed=1)
        assert bar.progress.live.is_started
    assert not bar.progress.live.is_started


def test_players_are_told_in_words():
    assert [Players(*each).words for each in [(0, "processes", None), (None, "ray", "h:1"), (3, "ray", None)]] == [
        "this process alone", "actors of Ray at h:1, one on each processor", "actors of Ray at this machine, 3",
    ]  # fmt: skip
