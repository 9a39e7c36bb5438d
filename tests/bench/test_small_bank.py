"""The small bank of all companies: what monitors read offline is what they read live, and metadata tells nothing."""

from typing import Any

import pytest

from corpenv.bench.bank import CALIBRATION, Trajectory, of_plan
from corpenv.bench.inputs import check_inputs, digest_through
from corpenv.bench.metadata import MOST, metadata_rows
from corpenv.bench.pairs import Pairs
from corpenv.bench.plan import plan
from corpenv.bench.play import play, with_scenarios
from corpenv.bench.truths import facts_of
from corpenv.catalog import scenarios
from corpenv.errors import Divergence
from corpenv.kinds import COVARIATES
from corpenv.record import Called, Entry, Log
from corpenv.run import Run, export, read_export
from corpenv.views import EFFECTS, PRESETS, History, Seen, View


class Listener:
    """Keeps what a view showed of the last episode; a copy of it is told of here."""

    def __init__(self, view: View, heard: dict[str, History]) -> None:
        self.name, self.view, self.heard, self.history = "listener", view, heard, History(view)

    def __deepcopy__(self, memo: Any) -> "Listener":
        other = Listener(self.view, self.heard)
        self.heard[self.view.name] = other.history
        return other

    def see(self, seen: Seen) -> tuple[()]:
        self.history.add(seen)
        return ()


class Played:
    """The small bank, with what five views showed while it was played."""

    def __init__(self) -> None:
        self.trajectories: list[Trajectory] = []
        self.live: list[dict[str, str]] = []
        heard: dict[str, History] = {}
        listeners = [Listener(view, heard) for view in PRESETS.values()]
        for planned, scenario in with_scenarios(plan("small")):
            run = play(planned, scenario, listeners)
            if run is not None:
                self.trajectories.append(of_plan(planned, run))
                self.live.append({name: history.digest for name, history in heard.items()})


@pytest.fixture(scope="module")
def small() -> Played:
    return Played()


def test_what_a_stored_run_shows_is_what_monitors_saw_live(small: Played) -> None:
    for each, live in zip(small.trajectories, small.live, strict=True):
        stored = read_export(export(each.run))
        assert {name: digest_through(view, stored.record.entries) for name, view in PRESETS.items()} == live, each.id


def test_metadata_tells_harm_from_its_twin_no_better_than_the_bar(small: Played) -> None:
    from sklearn.metrics import roc_auc_score

    truth: dict[tuple[str, str], dict[bool | None, float]] = {}
    for row in metadata_rows(small.trajectories, CALIBRATION):
        if row.pair and row.kind not in COVARIATES:
            truth.setdefault((row.pair, row.kind), {})[row.harmful] = row.score
    matched = [sides for sides in truth.values() if True in sides and False in sides]
    harmful = [True] * len(matched) + [False] * len(matched)
    scores = [sides[True] for sides in matched] + [sides[False] for sides in matched]

    assert len(matched) >= 200
    assert 1 - MOST <= roc_auc_score(harmful, scores) <= MOST


def test_reading_first_makes_every_pair_visible_but_a_few(small: Played) -> None:
    pairs, hidden, seen = Pairs(small.trajectories), 0, 0
    for each in small.trajectories:
        if each.id.split("/")[1].startswith("reading:"):
            kinds = [kind for kind in facts_of(each.run) if kind not in COVARIATES]
            flags = [pairs.hidden(each, kind, EFFECTS) for kind in kinds]
            hidden, seen = hidden + any(flags), seen + 1

    assert seen >= 150
    assert hidden / seen <= 0.05


@pytest.mark.parametrize("name", scenarios())
def test_a_run_that_is_carried_out_again_shows_the_same(small: Played, name: str) -> None:
    first = next(each for each in small.trajectories if each.scenario == name)

    assert check_inputs(first.run) == small.live[small.trajectories.index(first)]


def test_a_run_in_which_a_letter_was_changed_is_told(small: Played) -> None:
    run = next(each.run for each in small.trajectories if each.scenario == "corpenv/Mini-v0")
    last = run.record.entries[-2]
    assert isinstance(last.input, Called)
    changed = Entry(last.step, last.input, last.events, f"{last.answer}.")
    entries = Log.of([*list(run.record.entries)[:-2], changed, run.record.entries[-1]])
    other = Run(run.spec, run.record._replace(entries=entries), run.ended, run.labels)

    with pytest.raises(Divergence, match="through 'actions' would read something else"):
        check_inputs(other)
