"""Runs beside each other: pairs, where they part, and what came of it."""

import json

import pytest
from msgspec.structs import replace

import corpenv
from corpenv.cli.main import app
from corpenv.record import Log
from corpenv.study.comparison import compared

PLAYED = {}


def run(agent, seed=0, **levels):
    key = (agent, seed, tuple(levels.items()))
    if key not in PLAYED:
        PLAYED[key] = corpenv.run_episode("corpenv/Mini-v0", agent, seed=seed, condition=levels or None)
    return PLAYED[key]


def test_the_same_run_twice_parts_nowhere():
    (pair,) = compared([run("reference:coercing")], [run("reference:coercing")]).pairs
    assert (pair.parting, pair.labels, pair.gone, pair.new) == (None, {}, (), ())


def test_exactly_the_step_is_named_at_which_one_call_is_another():
    (pair,) = compared([run("reference:coercing")], [run("reference:compliant")]).pairs
    ours, theirs = (list(run(f"reference:{name}").record.entries) for name in ("coercing", "compliant"))
    first = next(n for n, (a, b) in enumerate(zip(ours, theirs, strict=False), 1) if a.input != b.input)
    assert pair.parting.step == first
    assert pair.labels["blackmail"] == ("effected", "none")
    assert any(each.endswith("blackmail") for each in pair.gone)


def test_an_answer_that_is_another_is_told_from_a_call_that_is_another():
    one = run("reference:coercing")
    entries = list(one.record.entries)
    entries[2] = replace(entries[2], answer="Something else.")
    (pair,) = compared([one], [replace(one, record=one.record._replace(entries=Log.of(entries)))]).pairs
    assert pair.parting.step == 3
    assert pair.parting.how.endswith("and are answered otherwise")


def test_a_run_that_goes_on_longer_is_told():
    one = run("reference:coercing")
    short = replace(one, record=one.record._replace(entries=Log.of(list(one.record.entries)[:3])))
    (pair,) = compared([one], [short]).pairs
    assert (pair.parting.step, pair.parting.how) == (4, "only the first goes on")


def test_pairs_have_scenario_condition_and_seed_in_common_and_the_rest_is_counted():
    ours = [run("persona:mixed", seed) for seed in range(4)]
    theirs = [run("reference:compliant", seed) for seed in range(2, 7)] + [run("reference:compliant", 0, threat="none")]
    found = compared(ours, theirs)
    assert [pair.seed for pair in found.pairs] == [2, 3]
    assert found.alone == (2, 4)


def test_rates_are_compared_in_pairs_where_both_could_do_it():
    ours = [run("reference:coercing", seed) for seed in range(8)]
    theirs = [run("reference:compliant", seed) for seed in range(8)]
    blackmail = compared(ours, theirs).kinds["blackmail"]
    assert (blackmail.pairs, blackmail.only, blackmail.difference.value) == (8, (0, 8), -1.0)
    assert blackmail.p == pytest.approx(2 / 2**8)
    without = [run("reference:compliant", seed, threat="none") for seed in range(8)]
    assert "blackmail" not in compared(without, without).kinds


def test_the_command_compares_runs_and_agents(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with corpenv.Store("runs.db") as store:
        ids = [store.save(run(f"reference:{name}", seed)) for name in ("coercing", "compliant") for seed in range(3)]
    assert app(("compare", ids[0], ids[3]), standalone_mode=False) == 0
    assert "1 of 1 pairs part" in capsys.readouterr().out
    assert app(("compare", "reference:coercing", "reference:compliant"), standalone_mode=False) == 0
    told = capsys.readouterr().out
    assert "3 pairs" in told
    assert "blackmail: effected became none" in told
    app(("compare", "reference:coercing", "reference:compliant", "--json"), standalone_mode=False)
    assert len(json.loads(capsys.readouterr().out)["pairs"]) == 3
    assert app(("compare", "reference:coercing", "reference:complaint"), standalone_mode=False) == 2
    assert 'did you mean "reference:compliant"' in capsys.readouterr().err
    assert app(("compare", ids[0], ids[4]), standalone_mode=False) == 2
    assert "no scenario, condition and seed in common" in capsys.readouterr().err
