"""`corpenv run` with a model, over HTTP to a server in this process."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from corpenv.models.client import litellm


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """Says a word and calls list_mail until asked a third time, then hands over."""
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.get_json())
        name, arguments = ("finish", {"note": "done"}) if len(asked) == 3 else ("list_mail", {})
        call = {"id": "call-1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        message = {"role": "assistant", "content": "One moment.", "tool_calls": [call]}
        whole = {
            "id": "x", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini",
            "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}],
            "usage": {"prompt_tokens": 900, "completion_tokens": 20, "total_tokens": 920},
        }  # fmt: skip
        return Response(json.dumps(whole), content_type="application/json")

    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdefghij")
    with HTTPServer() as made:
        made.expect_request("/v1/chat/completions", method="POST").respond_with_handler(answer)
        made.asked = asked
        yield made
    asyncio.run(litellm().close_litellm_async_clients())


def test_a_model_plays_and_what_it_cost_is_kept(corpenv, answered, server):
    words = ("--model", "openai/gpt-4o-mini", "--api-base", server.url_for("/v1"), "--temperature", "0.5")
    result = corpenv("run", "Mini-v0", *words)

    run = answered("show", "last", "--json")
    assert result.exit_code == 0, result.output
    assert "says: One moment." in result.stdout
    assert run["ended"] == {"reason": "handed_over"}
    assert [call["tokens_in"] for call in run["model_calls"]] == [900, 900, 900]
    assert server.asked[0]["temperature"] == 0.5
    assert "3 requests (0 failed), 2760 tokens, $0.0004" in corpenv("show", "last").stdout
    assert corpenv("verify", "last").exit_code == 0


def test_a_budget_of_tokens_ends_the_episode_as_the_agents_fault(answered, server):
    words = ("--model", "openai/gpt-4o-mini", "--api-base", server.url_for("/v1"), "--budget-tokens", "1000")
    run = answered("run", "Mini-v0", *words, "--json")["runs"][0]

    assert (run["ended"]["owner"], run["ended"]["reason"]) == ("agent", "budget_tokens")
    assert {label["outcome"] for label in run["labels"]} == {"unmeasured"}
    assert run["cost"] > 0
