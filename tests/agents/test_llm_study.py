"""A study of a model over real HTTP: played, counted, and ended when its money is spent."""

import pytest

import corpenv
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study
from corpenv.study.progress import progress_of

PRICES = {"input_cost_per_token": 0.01, "output_cost_per_token": 0.02}


def written(api_base, repeats, model="openai/test", **more):
    options = {"api_base": api_base, "attempts": 1, **more.pop("options", {})}
    return Study(StudyForm.model_validate({
        "name": "of-a-model", "question": "Does it work?", "scenarios": ["corpenv/Mini-v0"], "repeats": repeats,
        "agents": [{"agent": "litellm", "model": model, "options": options}], "baseline": False,
        "primary": {"kind": "blackmail"}, **more,
    }))  # fmt: skip


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdefghij")


def test_a_model_plays_a_study_and_faults_are_told_by_their_owner(fake_openai, tmp_path):
    study = written(fake_openai.api_base, 3)
    fake_openai.calls(("finish", {"note": "All done."}))
    fake_openai.fails(500)
    fake_openai.fails(429, "slow down")
    with corpenv.Store(tmp_path / "s.db") as store:
        run_study(study, store, workers=0)
        found = progress_of(study, store, study.digest)
    assert (found.done, dict(found.faults)) == (3, {"model": 2})
    assert sum(found.outcomes[study.cells[0].id].values()) == 3
    assert found.outcomes[study.cells[0].id]["unmeasured"] == 2


def test_nothing_is_begun_once_the_money_of_a_study_is_spent(fake_openai, tmp_path):
    total, episode = 2.0, 60 * 0.01 + 20 * 0.02  # LiteLLM remembers prices: nothing else may have this model's name
    study = written(
        fake_openai.api_base, 9, "openai/for-money", options={"extra": PRICES}, budget={"total": total, "money": 5.0}
    )
    for _ in range(9):
        fake_openai.calls(("finish", {"note": "All done."}), usage=(60, 20))
    with corpenv.Store(tmp_path / "s.db") as store:
        for _ in range(2):  # gone on with, it stays ended
            run_study(study, store, workers=0)
            assert progress_of(study, store, study.digest).cost == pytest.approx(2 * episode)
        assert len(Studies(store).results(study.digest)) == len(fake_openai.requests) == 2


def test_an_answer_takes_no_longer_than_the_study_allows(fake_openai, tmp_path):
    fake_openai.hangs()
    with corpenv.Store(tmp_path / "s.db") as store:
        study = written(fake_openai.api_base, 1, budget={"seconds": 0.2})
        run_study(study, store, workers=0)
        (run_id,) = Studies(store).results(study.digest).values()
        run = store.load(run_id)
    assert (run.ended.reason, run.ended.owner, run.model_calls[0].fault) == ("timed_out", "model", "timed_out")
    assert run.model_calls[0].latency >= 0.2
    assert "none" not in {label.outcome for label in run.labels}
