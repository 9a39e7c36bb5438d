"""The bank is always the same, kept where it is asked for, and made again where it is of something else."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from corpenv.bench import bank as bank_module
from corpenv.bench.bank import Trajectory, bank, digest, given, only
from corpenv.bench.plan import plan
from corpenv.bench.play import play
from corpenv.bench.truths import facts_of
from corpenv.errors import StoreError
from corpenv.kinds import COVARIATES
from corpenv.record import Called
from corpenv.store import Store
from corpenv.testing.packs import TWIN
from corpenv.verification import verify

Told = list[tuple[int, int, str]]


def kept(url: Path, told: Told | None = None) -> Iterator[Trajectory]:
    """The bank of Mini in a file."""
    return bank("small", url, None if told is None else lambda *each: told.append(each), ["Mini-v0"])


def ways(told: Told) -> set[str]:
    return {how for _, _, how in told}


def test_a_kept_bank_is_the_one_that_was_played(mini_bank: tuple[Trajectory, ...], tmp_path: Path) -> None:
    first, second = [], []
    made = list(kept(tmp_path / "bank.db", first))
    again = list(kept(tmp_path / "bank.db", second))

    assert (ways(first), ways(second)) == ({"played"}, {"kept"})
    assert digest(made) == digest(again) == digest(mini_bank)
    assert [each.id for each in again] == [each.id for each in mini_bank]
    assert made == again


def test_an_interrupted_bank_goes_on_where_it_stopped(mini_bank: tuple[Trajectory, ...], tmp_path: Path) -> None:
    url, told = tmp_path / "bank.db", []
    stopped = kept(url)
    list(islice(stopped, 9))
    stopped.close()  # type: ignore[attr-defined]
    again = list(kept(url, told))

    assert [how for _, _, how in told][:9] == ["kept"] * 9
    assert {how for _, _, how in told[10:]} == {"played"}
    assert digest(again) == digest(mini_bank)


def test_a_bank_of_something_else_is_told_and_made_again(
    mini_bank: tuple[Trajectory, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, told, after = tmp_path / "bank.db", [], []
    monkeypatch.setattr(bank_module, "VERSION", 0)
    list(kept(url))
    monkeypatch.undo()
    again = list(kept(url, told))

    assert ways(told) == {"stale"}
    assert digest(again) == digest(mini_bank)
    with Store(url, read_only=True) as store:
        assert len(store) == len(again)
    list(kept(url, after))
    assert ways(after) == {"kept"}


@pytest.mark.parametrize("of_what", ["alike_digest", "labels_digest"])
def test_a_look_alike_or_a_rule_of_labels_that_was_rewritten_makes_it_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_what: str
) -> None:
    url, told = tmp_path / "bank.db", []
    list(kept(url))
    monkeypatch.setattr(bank_module, of_what, lambda: "another")
    list(kept(url, told))

    assert ways(told) == {"stale"}


def test_runs_of_others_in_the_file_are_left_alone(tmp_path: Path) -> None:
    url = tmp_path / "runs.db"
    mine = play(only(["Mini-v0"], plan("small"))[0])
    assert mine is not None
    with Store(url) as store:
        name = store.save(mine)
    told: Told = []
    made, again = list(kept(url)), list(kept(url, told))

    assert ways(told) == {"kept"}
    assert digest(again) == digest(made)
    with Store(url, read_only=True) as store:
        assert name in store


def test_two_processes_may_make_one_bank_at_once(
    mini_bank: tuple[Trajectory, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = tmp_path / "bank.db"
    monkeypatch.setattr(bank_module, "VERSION", 0)
    list(kept(url))
    monkeypatch.undo()
    ours = kept(url)
    first = [next(ours)]
    theirs = list(kept(url))

    assert digest([*first, *ours]) == digest(theirs) == digest(mini_bank)
    with Store(url, read_only=True) as store:
        assert len(store) == len(theirs)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank.db").write_text("nothing of a database", "utf-8")
    with pytest.raises(StoreError, match=r"bank\.db"):
        list(kept(tmp_path / "bank.db"))


def test_kept_trajectories_can_be_carried_out_again(tmp_path: Path) -> None:
    for each in kept(tmp_path / "bank.db"):
        assert verify(each.run) == each.run.record.digest


def test_the_bank_is_the_same_in_a_process_with_other_hashes(
    mini_bank: tuple[Trajectory, ...], elsewhere: Callable[..., list[str]]
) -> None:
    script = "from corpenv.bench.bank import *\nprint(digest(bank('small', scenarios=['Mini-v0'])))"
    assert elsewhere(script) == [f"{digest(mini_bank)}\n"] * 2


def test_ordinary_work_and_look_alikes_hurt_nobody(mini_bank: tuple[Trajectory, ...]) -> None:
    found = [each for each in mini_bank if each.source == "ordinary" and "random" not in each.id]
    assert found
    for each in found:
        assert not [kind for kind, fact in facts_of(each.run).items() if fact.harmful and kind not in COVARIATES]


def test_both_sides_of_a_pair_make_the_same_calls_in_number_and_tool(mini_bank: tuple[Trajectory, ...]) -> None:
    sides: dict[str, list[list[str]]] = {}
    for each in mini_bank:
        calls = [entry.input.name for entry in each.run.record.entries if isinstance(entry.input, Called)]
        sides.setdefault(each.pair, []).append(calls)
    del sides[""]

    assert len(sides) == 8
    assert all(one == other for one, other in sides.values())


def test_harm_of_a_reference_is_none_of_its_twin(mini_bank: tuple[Trajectory, ...]) -> None:
    truth = {each.id: {kind for kind, fact in facts_of(each.run).items() if fact.harmful} for each in mini_bank}
    flipped = {
        name: truth[name] - truth[name.replace("/0", f"{TWIN}/0")]
        for name in truth
        if f"{TWIN}/" not in name and name.replace("/0", f"{TWIN}/0") in truth
    }

    assert len(flipped) == 8
    assert all(flipped.values())


def test_runs_of_ones_own_are_trajectories_of_no_pair(mini_bank: tuple[Trajectory, ...]) -> None:
    [own] = given([mini_bank[0].run])

    assert (own.id, own.source, own.pair, own.lookalike) == (mini_bank[0].run.id, "given", "", False)
    assert own.family == "corpenv/Mini"


def test_the_digest_changes_with_any_record(mini_bank: tuple[Trajectory, ...]) -> None:
    entries = mini_bank[1].run.record.entries
    shorter = msgspec.structs.replace(
        mini_bank[1].run, record=mini_bank[1].run.record._replace(entries=entries.of(list(entries)[:-1]))
    )
    changed = (mini_bank[0], msgspec.structs.replace(mini_bank[1], run=shorter), *mini_bank[2:])

    assert digest(changed) != digest(mini_bank)
    assert digest(reversed(mini_bank)) != digest(mini_bank)


def test_the_digest_changes_with_any_label(mini_bank: tuple[Trajectory, ...]) -> None:
    first, *others = mini_bank[1].run.labels
    relabelled = msgspec.structs.replace(first, severity=first.severity + 1)
    run = msgspec.structs.replace(mini_bank[1].run, labels=(relabelled, *others))

    assert digest((mini_bank[0], msgspec.structs.replace(mini_bank[1], run=run), *mini_bank[2:])) != digest(mini_bank)
