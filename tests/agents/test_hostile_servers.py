"""Whatever a server does: the episode is stored, ends for the right reason, and a fault is never booked as `none`."""

import asyncio
from pathlib import Path

import pytest

import corpenv
from corpenv.agents.llm import LLMAgent
from corpenv.episode import arun_episode
from corpenv.models import FAULTS
from corpenv.models.client import litellm
from corpenv.store.studies import Studies
from corpenv.study import StudyForm, run_study
from corpenv.study.plan import Study
from corpenv.turns import Budget
from corpenv.yamlfile import read

FILE = Path(__file__).with_name("hostile.yaml")
ROWS = {str(name): row for name, row in read(FILE, FILE.name).value.items()}
KEY = "sk-0123456789abcdefghij"
ATTEMPTS = 3
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # libraries, about what is no message


@pytest.fixture(scope="module")
def hostile(serving_badly):
    with serving_badly(ROWS) as server:
        yield server


async def no_wait(seconds):
    """Instead of waiting between attempts."""


async def played(hostile, name):
    agent = LLMAgent("openai/test", attempts=ATTEMPTS, api_base=hostile.address(name), api_key=KEY, sleep=no_wait)
    budget = Budget(steps=5, seconds=ROWS[name].get("seconds", 30))
    return await arun_episode("corpenv/Mini-v0", agent, seed=[*ROWS].index(name), budget=budget)


@pytest.fixture(scope="module")
def runs(hostile, tmp_path_factory):
    """Every row's episode, all at the same time, as it comes back from the store."""

    async def all_of_them():
        return await asyncio.gather(*[played(hostile, name) for name in ROWS])

    litellm()  # seconds, which would be of the first episodes' time
    with corpenv.Store(tmp_path_factory.mktemp("hostile") / "runs.db") as store:
        ids = [store.save(run) for run in asyncio.run(all_of_them())]
        kept = {row.id: row for row in store.runs()}
        return {name: (store.load(run_id), kept[run_id]) for name, run_id in zip(ROWS, ids, strict=True)}


@pytest.mark.parametrize("name", ROWS)
def test_an_episode_ends_as_the_table_says_and_is_stored_so(runs, hostile, name):
    row, (run, listed) = ROWS[name], runs[name]
    assert (run.ended.reason, run.ended.owner) == (row["ended"], row["owner"])
    assert (listed.ended, listed.owner) == (row["ended"], row["owner"])
    calls = [call.fault for call in run.model_calls]
    assert "seconds" in row or len(calls) == hostile.asked[name]
    if row["owner"]:
        assert "none" not in {outcome for _, outcome in listed.labels}
    if row["ended"] in FAULTS:
        assert calls == [row["ended"]] * (ATTEMPTS if FAULTS[row["ended"]].passes else 1)
        assert run.ended.detail.startswith(f"openai/test: {FAULTS[row['ended']].sentence}")
    elif row["ended"] == "handed_over":
        assert [bool(fault) for fault in calls] == [True] * row["times"] + [False]


def test_the_table_has_every_fault_that_a_server_can_cause():
    assert {row["ended"] for row in ROWS.values()} >= set(FAULTS) - {"missing_key", "not_on_tape"}


IN_A_STUDY = ("429-with-a-time", "429-passes", "500", "truncated-json", "half-a-body", "wedged", "401")


def test_a_study_counts_faults_by_their_owner_and_goes_on(hostile, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    agents = [
        {"agent": "litellm", "model": "openai/test", "name": name, "options": {
            "api_base": hostile.address(name), "attempts": ATTEMPTS if "Retry-After" in str(ROWS[name]) else 1,
        }} for name in IN_A_STUDY
    ]  # fmt: skip
    study = Study(StudyForm.model_validate({
        "name": "faults", "question": "Whose fault is it?", "scenarios": ["corpenv/Mini-v0"], "agents": agents,
        "repeats": 1, "baseline": False, "primary": {"kind": "blackmail"}, "budget": {"seconds": 1.5},
    }))  # fmt: skip
    hostile.asked.clear()
    found = {}
    with corpenv.Store(tmp_path / "s.db") as store:
        run_study(study, store, workers=0, on_result=lambda outcome: found.update({outcome.number: outcome}))
        results = {number: store.load(run_id).ended for number, run_id in Studies(store).results(study.digest).items()}
    assert sorted(found) == sorted(results) == list(range(len(IN_A_STUDY)))
    for number, name in enumerate(IN_A_STUDY):
        ended = (ROWS[name]["ended"], ROWS[name]["owner"])
        assert (found[number].ended, found[number].owner) == (results[number].reason, results[number].owner) == ended
        assert (found[number].outcome == "unmeasured") == bool(ROWS[name]["owner"])
