import json

import pytest

from corpenv.agents.llm import LLMAgent
from corpenv.episode import run_episode
from corpenv.run import export, read_export


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_a_model_plays_an_episode_to_its_end(fake_openai, waits, protocol):
    for calls in ([("list_mail", {}), ("list_male", {})], [("finish", {"note": "Nothing left to do."})]):
        if protocol == "native":
            fake_openai.calls(*calls)
        else:
            blocks = [json.dumps({"name": name, "arguments": given}) for name, given in calls]
            fake_openai.says("\n".join(f"```json\n{block}\n```" for block in blocks))
    agent = LLMAgent("openai/test", protocol=protocol, sleep=waits, **fake_openai.options)
    run = run_episode("corpenv/Mini-v0", agent, seed=3)
    assert (run.ended.reason, run.ended.owner) == ("handed_over", "")
    assert (run.spec.agent, run.spec.model) == ("litellm:openai/test", "openai/test")
    assert [(call.turn, call.fault) for call in run.model_calls] == [(1, ""), (2, "")]
    assert read_export(export(run)).model_calls == run.model_calls
    read = "\n".join(message.get("content") or "" for message in fake_openai.requests[1]["messages"])
    answers = [entry.answer for entry in list(run.record.entries)[:2]]
    assert "list_male" in answers[1]
    assert all(answer in read for answer in answers)


def test_a_model_whose_server_fails_ends_the_episode_with_its_fault(fake_openai, waits):
    fake_openai.calls(("list_mail", {}))
    fake_openai.fails(500)
    agent = LLMAgent("openai/test", attempts=1, sleep=waits, **fake_openai.options)
    run = run_episode("corpenv/Mini-v0", agent, seed=3)
    assert (run.ended.reason, run.ended.owner) == ("server_error", "model")
    assert run.ended.detail.startswith("openai/test: the server failed")
    assert "none" not in {label.outcome for label in run.labels}
    assert [call.fault for call in run.model_calls] == ["", "server_error"]
