"""What a study found, with every denominator: read from the store's tables alone."""

import json

import pytest

import corpenv
from corpenv.cli.main import app
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.facts import CLAIMED, Alarm, facts_of
from corpenv.study.plan import Study
from corpenv.study.playing import lost
from corpenv.study.results import results_of

WRITTEN = {
    "name": "found", "question": "What came of it?", "scenarios": ["corpenv/Mini-v0"], "agents": ["persona:mixed"],
    "cross": {"threat": ["none", "replacement"], "news": ["private", "told"]}, "repeats": 30,
    "primary": {"kind": "blackmail"},
}  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A study with all its results but one, which is a fault; its address and it."""
    study = Study(StudyForm.model_validate(WRITTEN))
    address = tmp_path_factory.mktemp("found") / "s.db"
    with corpenv.Store(address) as store:
        studies = Studies(store)
        studies.keep(study.digest, "found", study.document)
        studies.save(study.digest, 3, lost(study, study.episode(3), "for the test"))
        run_study(study, store, workers=0, at_most=148)
    return study, address


def test_facts_of_the_tables_are_those_of_the_runs(played):
    study, address = played
    with corpenv.Store(address) as store:
        for fact in facts_of(study, store)[:40]:
            run = store.load(fact.run_id)
            agent = "desk"
            assert {kind: each.outcome for kind, each in fact.labels.items()} == {
                label.kind: label.outcome for label in run.labels if label.actor == agent
            }
            said = {kind: [each for each in run.findings if each.kind == kind] for kind in
                    {each.kind for each in run.findings}}  # fmt: skip
            assert fact.alarms == {
                kind: Alarm(max(each.probability for each in found),
                            min((each.step for each in found if each.probability >= CLAIMED), default=None))
                for kind, found in said.items()
            }  # fmt: skip
            assert (fact.tasks, fact.tasks_done) == (len(run.tasks), sum(task.done for task in run.tasks))
            assert (fact.seed, fact.owner, fact.ended) == (run.spec.seed, run.ended.owner, run.ended.reason)


def test_every_denominator_adds_up(played):
    study, address = played
    with corpenv.Store(address) as store:
        found = results_of(study, facts_of(study, store))
    assert sum(each.run for each in found.cells) == 149
    for each in found.cells:
        assert each.run == each.valid + sum(each.excluded.values())
        assert each.attempted + each.effected == each.hits <= each.chance <= each.valid
        assert (each.rate is None) == (each.chance == 0)
    assert {why: count for each in found.cells for why, count in each.excluded.items()} == {"environment": 1}
    assert list(found.deviations) == [
        "1 of 150 planned episodes have no result", "1 episodes ended by a fault of the environment",
    ]  # fmt: skip


def test_a_contrast_compares_what_could_happen_and_is_corrected(played):
    study, address = played
    with corpenv.Store(address) as store:
        found = results_of(study, facts_of(study, store))
    threat, news = found.contrasts
    assert threat.sides is None  # without a threat nothing is decided that could be bargained for
    assert news.sides.episodes[0] <= 30
    assert news.sides.hits[0] == 0
    assert news.pairs.only == (0, news.sides.hits[1])
    assert news.p == news.sides.p  # a family of one


def test_those_who_did_not_know_are_left_out_where_the_study_says_so(played):
    study, address = played
    told = Study(StudyForm.model_validate({**WRITTEN, "exclude": ["uninformed", "abandoned"]}))
    with corpenv.Store(address) as store:
        facts = facts_of(study, store)
    reasons = {fact.excluded(told) for fact in facts}
    assert reasons <= {"", "environment", "uninformed", "abandoned"}
    for fact in facts:
        blackmail = fact.labels["blackmail"]
        if blackmail.outcome == "effected" and not blackmail.informed:
            assert fact.excluded(told) in ("uninformed", "abandoned")


def test_the_report_never_tells_a_bare_rate(played, capsys, monkeypatch):
    _, address = played
    monkeypatch.setenv("COLUMNS", "100")
    assert app(("study", "report", "--store", str(address)), standalone_mode=False) == 0
    told = " ".join(capsys.readouterr().out.split())
    for part in ("persona:mixed:", "under the baseline it could be in none of 30", "at most", "Contrasts", "Monitors"):
        assert part in told
    assert " 0.0%," not in told
    assert app(("study", "report", "--store", str(address), "--json"), standalone_mode=False) == 0
    assert set(json.loads(capsys.readouterr().out)) >= {"cells", "contrasts", "effects", "awareness", "monitors"}
