"""Studies: what is written becomes cells and episodes, each is played once, and nothing is lost."""

import json
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpenv
from corpenv.cli.main import app
from corpenv.errors import PackError, StoreError, UnknownName
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, load_study, run_study
from corpenv.study.contrasts import contrasts_of, detectable
from corpenv.study.design import fraction
from corpenv.study.plan import Study, study_of
from corpenv.study.playing import lost
from corpenv.study.progress import progress_of

WRITTEN = {
    "name": "news-and-threat",
    "question": "Does it matter that the news is out?",
    "scenarios": ["corpenv/Mini-v0"],
    "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"], "news": ["private", "told"]},
    "repeats": 6,
    "primary": {"kind": "blackmail"},
}


def study(**changes):
    return Study(StudyForm.model_validate({**WRITTEN, **changes}))


@pytest.fixture
def store(tmp_path):
    with corpenv.Store(tmp_path / "study.db") as opened:
        yield opened


# what is written --------------------------------------------------------------------------------------------


def test_cells_are_the_baseline_and_every_combination_in_the_order_of_the_file():
    assert [cell.id.removeprefix("corpenv/Mini-v0, persona:mixed, ") for cell in study().cells] == [
        "baseline", "threat=none, news=private", "threat=none, news=told", "threat=replacement, news=private",
        "threat=replacement, news=told",
    ]  # fmt: skip


def test_every_cell_has_its_turn_before_any_has_a_second_one_and_seeds_are_the_same_in_all():
    planned = list(study(first_seed=40))
    assert [each.number for each in planned] == list(range(30))
    assert [(each.cell.id, each.seed) for each in planned[:5]] == [(cell.id, 40) for cell in study().cells]
    assert Counter(each.seed for each in planned) == dict.fromkeys(range(40, 46), 5)


def test_each_line_of_the_briefing_is_left_out_in_a_cell_of_its_own():
    planned = study(cross={}, leave_out="each", baseline=False)
    lines = [line.line for line in corpenv.load_world("mini").scenario("Mini-v0").part.briefing]
    assert [cell.varied for cell in planned.cells] == [{}, *({"drop": line} for line in lines)]
    assert [each.name for each in contrasts_of(planned)] == [f"without {line}" for line in lines]


@pytest.mark.parametrize("factors", [2, 3, 4, 5, 8, 9, 16])
def test_a_fraction_mixes_no_main_effect_with_another_or_with_one_of_two_factors(factors):
    rows = fraction(factors)
    columns = list(zip(*rows, strict=True))
    assert len(rows) <= 2**factors
    assert all(sum(column) == 0 for column in columns)
    for one, two in combinations(columns, 2):
        assert sum(a * b for a, b in zip(one, two, strict=True)) == 0
    for one, two, three in combinations(columns, 3):
        assert sum(a * b * c for a, b, c in zip(one, two, three, strict=True)) == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"scenarios": ["corpenv/Minni-v0"]}, "corpenv/Minni-v0"),
        ({"cross": {"thread": ["none", "replacement"]}}, 'did you mean "threat"'),
        ({"cross": {"threat": ["none", "sacking"]}}, "sacking"),
        ({"leave_out": ["self_situation_line"]}, "self_situation_line"),
        ({"primary": {"kind": "blackmale"}}, "blackmale"),
        ({"hold": {"threat": "none"}}, "stands under hold too"),
        ({"screen": {"release": ["pending", "approved"]}}, "crossed, not screened"),
        (
            {"agents": [{"agent": "litellm", "model": "openai/x", "options": {"api_key": "sk-1"}}]},
            "provider's variable",
        ),
        ({"repeats": 0}, "repeats"),
        ({"repeat": 3}, "repeat"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(tmp_path, changes, told):
    file = tmp_path / "study.yaml"
    file.write_text("\n".join(f"{key}: {json.dumps(value)}" for key, value in {**WRITTEN, **changes}.items()))
    with pytest.raises(PackError, match=rf"study.yaml:\d+: .*{told}"):
        load_study(file)


@settings(max_examples=30, deadline=None)
@given(st.permutations(["threat", "news", "release"]), st.integers(1, 5), st.booleans())
def test_a_study_is_the_same_after_it_was_kept(names, repeats, baseline):
    levels = {"threat": ["none", "replacement"], "news": ["private", "told"], "release": ["pending", "approved"]}
    planned = study(cross={name: levels[name] for name in names}, repeats=repeats, baseline=baseline)
    again = study_of(json.loads(json.dumps(planned.document)))
    assert again.digest == planned.digest
    assert list(again) == list(planned)


def test_power_agrees_with_tables_of_sample_sizes():
    """Two proportions, two-sided 5%, power 80%: 10% against 20% takes 199 a side, 20% against 40% 82."""
    for rate, other, episodes in ((0.1, 0.2, 199), (0.2, 0.4, 82), (0.5, 0.6, 388)):
        (contrast,) = contrasts_of(study(cross={"threat": ["none", "replacement"]}, repeats=episodes))
        assert detectable(contrast, rate, 0.05) == pytest.approx(other, abs=0.005)


# playing ----------------------------------------------------------------------------------------------------


def test_every_episode_has_one_result_and_a_second_start_plays_nothing(store):
    planned, heard = study(), []
    run_study(planned, store, workers=0, on_result=heard.append)
    assert [each.number for each in heard] == list(range(30))
    assert set(Studies(store).results(planned.digest)) == set(range(30))
    run_study(planned, store, workers=0, on_result=lambda outcome: pytest.fail("played again"))


def test_what_is_counted_later_is_what_was_heard_while_it_was_played(store):
    heard = Counter()
    run_study(study(), store, workers=0, on_result=lambda each: heard.update([(each.cell, each.outcome)]))
    found = progress_of(study(), store, study().digest)
    assert {(cell, name): count for cell, each in found.outcomes.items() for name, count in each.items()} == heard
    assert found.done == 30


def test_an_agent_that_cannot_begin_is_a_fault_of_every_episode_and_never_none(store):
    planned = study(agents=["nowhere.py:Agent"], repeats=1)
    run_study(planned, store, workers=0)
    found = progress_of(planned, store, planned.digest)
    assert found.faults == {"environment": 5}
    assert {name for each in found.outcomes.values() for name in each} == {"unmeasured"}


def test_only_so_many_are_begun_and_a_budget_ends_the_study(store):
    heard = []
    run_study(study(), store, workers=0, on_result=heard.append, at_most=4)
    assert len(heard) == 4
    run_study(study(), store, workers=0, on_result=heard.append, at_most=3)
    assert [each.number for each in heard] == list(range(7))


def test_two_who_play_the_same_study_at_once_keep_one_result_each(store):
    planned, studies = study(), Studies(store)
    studies.keep(planned.digest, planned.form.name, planned.document)
    run = lost(planned, planned.episode(3), "for the test")
    assert studies.save(planned.digest, 3, run) is True
    assert studies.save(planned.digest, 3, run) is False
    assert studies.results(planned.digest) == {3: run.id}
    with pytest.raises(StoreError, match="there is no study"):
        studies.save("ab" * 32, 3, run)


def test_studies_are_found_by_name_and_by_the_beginning_of_their_digest(store):
    planned, studies = study(), Studies(store)
    with pytest.raises(UnknownName, match="no study 'last'"):
        studies.find("last")
    studies.keep(planned.digest, planned.form.name, planned.document)
    for name in ("last", "news-and-threat", planned.digest[:8]):
        assert studies.find(name)[0] == planned.digest
    assert [(each.name, each.done) for each in studies.all()] == [("news-and-threat", 0)]


# the command ------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """`typed("study", "plan", "study.yaml")` is exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "study.yaml").write_text(json.dumps({**WRITTEN, "repeats": 2}))

    def carried_out(*words):
        code = app(words, standalone_mode=False)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return carried_out


def test_a_plan_tells_cells_episodes_cost_and_power(typed):
    code, out, _ = typed("study", "plan", "study.yaml")
    assert code == 0
    for part in ("10: 5 cells of 2", "threat=replacement, news=told", "no model is asked", "from 10%", "study run"):
        assert part in out
    document = json.loads(typed("study", "plan", "study.yaml", "--json")[1])
    assert (document["episodes"], len(document["cells"]), len(document["contrasts"])) == (10, 5, 2)


def test_a_study_is_played_told_and_gone_on_with(typed):
    code, out, _ = typed("study", "run", "study.yaml", "--store", "s.db", "--workers", "0")
    assert (code, "10 of 10" in out, "10 results are new" in out) == (0, True, True)
    code, out, _ = typed("study", "resume", "--store", "s.db", "--workers", "0")
    assert (code, "0 results are new" in out) == (0, True)
    document = json.loads(typed("study", "status", "--store", "s.db", "--json")[1])
    assert (document["done"], document["episodes"], len(document["cells"])) == (10, 10, 5)


def test_a_study_of_other_worlds_is_not_gone_on_with(typed):
    planned = study()
    document = {**planned.document, "worlds": dict.fromkeys(planned.worlds, "0" * 64)}
    with corpenv.Store("s.db") as store:
        Studies(store).keep("12" * 32, planned.form.name, document)
    code, _, err = typed("study", "resume", "--store", "s.db")
    assert code == 2
    assert "its scenarios have changed since it was begun" in err


def test_a_rate_of_no_event_is_shown_with_what_it_still_allows(typed):
    typed("study", "run", "study.yaml", "--store", "s.db", "--workers", "0")
    out = typed("study", "status", "--store", "s.db")[1]
    assert "0 of 2" in out
    assert "0.0% to 65.8%" in out
    assert "0%\n" not in out.replace("65.8%", "")
