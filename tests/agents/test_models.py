import asyncio
import json
import pickle
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from typing import Any

import pytest

from corpenv.errors import AgentFault, UsageError
from corpenv.models import FAULTS, ModelClient, estimate_cost, estimate_tokens, price_of

MODEL = "openai/test"
HELLO = [{"role": "user", "content": "hello"}]
KEY = "sk-0123456789abcdefghij"


@pytest.fixture
def client(fake_openai, waits):
    def make(model=MODEL, **options: Any) -> ModelClient:
        return ModelClient(model, sleep=waits, **{**fake_openai.options, **options})

    return make


def fault_of(run, client: ModelClient, tools=None) -> AgentFault:
    with pytest.raises(AgentFault) as caught:
        run(client.complete(HELLO, tools))
    return caught.value


def test_a_reply_holds_text_tokens_and_reason_and_the_call_is_kept(fake_openai, client, run):
    fake_openai.says("hi", usage=(5, 7))
    asked = client(temperature=0.5, max_tokens=9, extra={"top_p": 0.5})
    reply = run(asked.complete(HELLO, turn=3))
    assert (reply.text, reply.reasoning, reply.tool_calls, reply.finish_reason) == ("hi", None, (), "stop")
    assert (reply.tokens_in, reply.tokens_out, reply.cost) == (5, 7, None)
    assert reply.message == {"role": "assistant", "content": "hi"}
    assert fake_openai.requests == [
        {"model": "test", "messages": HELLO, "temperature": 0.5, "max_tokens": 9, "top_p": 0.5}
    ]
    (kept,) = asked.calls
    assert (kept.turn, kept.attempt, kept.model, kept.fault) == (3, 1, MODEL, "")
    assert (kept.tokens_in, kept.tokens_out, kept.cost) == (5, 7, None)
    assert json.loads(kept.response)["choices"][0]["message"]["content"] == "hi"
    assert 0 < kept.latency < 60


def test_the_digest_depends_on_model_messages_tools_and_parameters_alone(fake_openai, client, run, tools):
    def digest(messages=HELLO, given=None, **options):
        fake_openai.says("hi")
        asked = client(**options)
        run(asked.complete(messages, given))
        return asked.calls[0].request

    same = digest()
    assert len(same) == 64
    assert same == digest([{"content": "hello", "role": "user"}], api_key="another-key", seconds=9, attempts=1)
    others = [
        digest([{"role": "user", "content": "hello!"}]),
        digest(given=[tools[0].openai()]),
        digest(temperature=0.0),
        digest(extra={"top_p": 1}),
        digest(model="openai/test2"),
    ]
    assert len({same, *others}) == 6


def test_tool_calls_come_back_as_they_were_written(fake_openai, client, run, tools):
    fake_openai.calls(("list_mail", {"folder": "inbox"}), ("send_mail", "{broken"), text="Let me see.")
    reply = run(client().complete(HELLO, [tool.openai() for tool in tools]))
    assert reply.tool_calls == (("call-0", "list_mail", '{"folder": "inbox"}'), ("call-1", "send_mail", "{broken"))
    assert (reply.text, reply.finish_reason) == ("Let me see.", "tool_calls")
    assert [tool["function"]["name"] for tool in fake_openai.requests[0]["tools"]] == ["list_mail", "send_mail"]


THOUGHT = {"type": "thinking", "thinking": "two"}


@pytest.mark.parametrize(
    ("message", "text", "reasoning"),
    [
        ({"text": "x", "reasoning_content": "because"}, "x", "because"),
        ({"text": "<think>because</think>x"}, "x", "because"),
        ({"text": "x", "thinking_blocks": [{"type": "thinking", "thinking": "one"}, THOUGHT]}, "x", "one\n\ntwo"),
        ({"text": None, "refusal": "I will not."}, "I will not.", None),
        ({"text": None}, "", None),
    ],
)
def test_text_and_reasoning_are_found_where_servers_put_them(fake_openai, client, run, message, text, reasoning):
    fake_openai.says(message.pop("text"), **message)
    reply = run(client().complete(HELLO))
    assert (reply.text, reply.reasoning) == (text, reasoning)


def test_a_refusal_goes_back_in_the_form_it_came(fake_openai, client, run):
    fake_openai.says(None, refusal="I will not.")
    fake_openai.says("still not")
    asked = client()
    reply = run(asked.complete(HELLO))
    run(asked.complete([*HELLO, reply.message, *HELLO]))
    assert fake_openai.requests[1]["messages"][1] == {"role": "assistant", "refusal": "I will not."}


def test_a_lone_surrogate_in_an_answer_can_be_sent_back(fake_openai, client, run):
    fake_openai.says("a\ud800b")
    fake_openai.says("fine")
    asked = client()
    reply = run(asked.complete(HELLO))
    assert reply.text == "a\ufffdb"
    assert run(asked.complete([*HELLO, reply.message, *HELLO])).text == "fine"


ONCE = [
    (400, "bad thing", "bad_request", "agent"),
    (401, "Incorrect API key", "bad_key", "environment"),
    (402, "pay first", "no_credit", "environment"),
    (403, "forbidden", "bad_key", "environment"),
    (404, "The model `test` does not exist", "unknown_model", "environment"),
    (413, "Request too large", "context_overflow", "agent"),
    (400, "This model's maximum context length is 8192 tokens.", "context_overflow", "agent"),
    (400, "prompt is too long: 9 tokens > 8 maximum", "context_overflow", "agent"),
    (400, "invalid_request_error: content_policy_violation", "content_filtered", "model"),
    (400, "The response was filtered due to the content management policy", "content_filtered", "model"),
    (403, "Your input was flagged: requires moderation", "content_filtered", "model"),
    (429, "You exceeded your current quota (insufficient_quota)", "no_credit", "environment"),
    (422, "unprocessable", "bad_request", "agent"),
]


@pytest.mark.parametrize(("status", "message", "code", "owner"), ONCE)
def test_what_cannot_pass_is_asked_once_and_told_in_the_servers_words(
    fake_openai, client, run, waits, status, message, code, owner
):
    fake_openai.fails(status, message)
    asked = client()
    fault = fault_of(run, asked)
    assert (fault.code, fault.owner) == (code, owner)
    assert fault.detail == f"{MODEL}: {FAULTS[code].sentence} ({message})"
    assert [call.fault for call in asked.calls] == [code]
    assert (len(fake_openai.requests), waits) == (1, [])


def passing(fake: Any, code: str) -> None:
    {
        "rate_limited": lambda: fake.fails(429, "slow down"),
        "server_error": lambda: fake.fails(500, "boom"),
        "connection_failed": fake.drops,
        "bad_response": fake.breaks_off,
        "timed_out": fake.hangs,
    }[code]()


@pytest.mark.parametrize("code", ["rate_limited", "server_error", "connection_failed", "bad_response", "timed_out"])
def test_what_can_pass_is_asked_again_and_every_attempt_is_kept(fake_openai, client, run, waits, code):
    passing(fake_openai, code)
    fake_openai.says("at last")
    asked = client(seconds=1 if code == "timed_out" else 20)
    assert run(asked.complete(HELLO)).text == "at last"
    assert [(call.turn, call.attempt, call.fault) for call in asked.calls] == [(1, 1, code), (1, 2, "")]
    assert asked.calls[0].request == asked.calls[1].request
    assert len(fake_openai.requests) == 2
    assert len(waits) == 1


@pytest.mark.parametrize(
    ("code", "owner"),
    [
        ("rate_limited", "model"),
        ("server_error", "model"),
        ("connection_failed", "environment"),
        ("bad_response", "model"),
        ("timed_out", "model"),
    ],
)
def test_what_does_not_pass_ends_after_the_last_attempt(fake_openai, client, run, waits, code, owner):
    for _ in range(3):
        passing(fake_openai, code)
    asked = client(seconds=0.2 if code == "timed_out" else 20, attempts=3)
    fault = fault_of(run, asked)
    assert (fault.code, fault.owner) == (code, owner)
    assert fault.detail.startswith(f"{MODEL}: {FAULTS[code].sentence} in 3 attempts")
    assert [(call.attempt, call.fault) for call in asked.calls] == [(1, code), (2, code), (3, code)]
    assert len(waits) == 2


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_every_failure_of_a_server_passes(fake_openai, client, run, status):
    fake_openai.body("<html>sorry</html>", status)
    fake_openai.says("fine")
    assert run(client().complete(HELLO)).text == "fine"


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")  # the SDK's, of a message that is a number
@pytest.mark.parametrize(
    "body",
    [
        "<html>login</html>",
        "null",
        '{"error": {"message": "upstream went away"}}',
        '{"id": "x", "object": "chat.completion", "created": 1, "model": "test", "choices": []}',
        '{"id": "x", "object": "chat.completion", "created": 1, "model": "test", "choices": [{"message": 7}]}',
    ],
)
def test_a_body_that_is_no_answer_is_asked_for_again(fake_openai, client, run, body):
    fake_openai.body(body)
    fake_openai.says("fine")
    asked = client()
    assert run(asked.complete(HELLO)).text == "fine"
    assert [call.fault for call in asked.calls] == ["bad_response", ""]


@pytest.mark.parametrize("arguments", ["[" * 100_000, "1" * 5000])
def test_arguments_that_break_litellms_own_reader_are_asked_for_again(fake_openai, client, run, arguments):
    fake_openai.calls(("list_mail", arguments))
    fake_openai.says("fine")
    asked = client()
    assert run(asked.complete(HELLO)).text == "fine"
    assert [call.fault for call in asked.calls] == ["bad_response", ""]


def test_back_off_grows_with_jitter_up_to_a_bound(fake_openai, client, run, waits):
    for _ in range(9):
        fake_openai.fails(500)
    fault_of(run, client(attempts=9))
    bounds = [1, 2, 4, 8, 16, 30, 30, 30]
    assert len(waits) == 8
    assert all(0 <= wait <= bound for wait, bound in zip(waits, bounds, strict=True))
    assert len(set(waits)) == 8


@pytest.mark.parametrize(("asked", "seconds"), [("3", 3.0), ("0.5", 0.5), ("-1", 0.0), ("7200", 60.0)])
def test_a_server_that_says_when_to_come_back_is_heeded_up_to_a_bound(fake_openai, client, run, waits, asked, seconds):
    fake_openai.fails(429, "slow down", {"Retry-After": asked})
    fake_openai.says("fine")
    run(client().complete(HELLO))
    assert waits == [seconds]


def test_a_date_to_come_back_at_counts_from_the_servers_clock(fake_openai, client, run, waits):
    fake_openai.fails(429, "slow down", {"Retry-After": formatdate(time.time() + 30, usegmt=True)})
    fake_openai.says("fine")
    run(client().complete(HELLO))
    assert 25 <= waits[0] <= 31


def test_a_wish_that_cannot_be_read_leaves_the_wait_to_us(fake_openai, client, run, waits):
    fake_openai.fails(429, "slow down", {"Retry-After": "soon"})
    fake_openai.says("fine")
    run(client().complete(HELLO))
    assert 0 <= waits[0] <= 1


def test_nobody_listening_is_a_failed_connection(client, run):
    fault = fault_of(run, client(api_base="http://127.0.0.1:9/v1", attempts=2))
    assert (fault.code, fault.owner) == ("connection_failed", "environment")


def test_an_answer_that_comes_in_drops_is_still_cut_off_in_time(run, waits):
    """The HTTP client's own time-out starts anew with every byte; ours does not."""
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")
            while not over.wait(0.05):
                try:
                    connection.sendall(b" ")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    base = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    began = time.perf_counter()
    fault = fault_of(run, ModelClient(MODEL, seconds=0.4, attempts=1, api_base=base, api_key=KEY, sleep=waits))
    over.set()
    thread.join()
    listener.close()
    assert fault.code == "timed_out"
    assert time.perf_counter() - began < 5


def test_a_model_that_never_stops_is_a_fault_of_the_model(fake_openai, client, run):
    fake_openai.says("and so on and so on", finish="length")
    asked = client(max_tokens=5)
    fault = fault_of(run, asked)
    assert (fault.owner, fault.code) == ("model", "length")
    assert asked.calls[0].fault == "length"
    assert "and so on" in asked.calls[0].response
    assert asked.calls[0].tokens_out == 7


def test_a_call_in_an_answer_that_was_cut_off_still_counts(fake_openai, client, run):
    fake_openai.calls(("list_mail", {}), finish="length")
    assert run(client().complete(HELLO)).tool_calls[0].name == "list_mail"


def test_an_answer_that_a_filter_stopped_is_a_fault(fake_openai, client, run):
    fake_openai.says("", finish="content_filter")
    assert fault_of(run, client()).code == "content_filtered"


@pytest.mark.parametrize("name", ["nosuch/model", "nosuch"])
def test_a_provider_nobody_knows_is_an_unknown_model(client, run, name):
    fault = fault_of(run, client(name))
    assert (fault.owner, fault.code) == ("environment", "unknown_model")
    assert "provider/model" in fault.detail


@pytest.mark.parametrize(
    ("model", "variable"),
    [(MODEL, "OPENAI_API_KEY"), ("anthropic/some-model", "ANTHROPIC_API_KEY"), ("groq/some-model", "GROQ_API_KEY")],
)
def test_a_missing_key_is_one_sentence_that_names_the_variable(fake_openai, client, run, monkeypatch, model, variable):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GROQ_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    fake_openai.fails(401, "no key was given")
    fault = fault_of(run, client(model, api_key=None))
    assert (fault.owner, fault.code) == ("environment", "missing_key")
    assert fault.detail == f"{model}: there is no key (set {variable})"


def test_a_key_from_the_environment_that_is_refused_is_bad_not_missing(fake_openai, client, run, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment-0001")
    fake_openai.fails(401, "Incorrect API key provided: sk-from-the-environment-0001")
    fault = fault_of(run, client(api_key=None))
    assert fault.code == "bad_key"
    assert fault.detail.endswith("Incorrect API key provided: [key])")


def test_keys_never_stand_in_what_is_kept_or_shown(fake_openai, client, run, monkeypatch):
    elsewhere = "prov-elsewhere-9876543210"
    monkeypatch.setenv("SOME_OTHER_API_KEY", elsewhere)
    hidden, listed = "header-secret-1234", "listed-secret-1234"
    headers = {"Authorization": f"Bearer {hidden}", "X-Team": "blue-team"}
    asked = client(extra={"extra_headers": headers, "extra_body": {"passwords": [listed]}})
    fake_openai.says(
        f"your key is {KEY}, and {elsewhere}, and {hidden}, and {listed}", reasoning_content=f"{KEY} it is"
    )
    fake_openai.fails(400, f"bad request with {KEY}, {hidden}, Bearer abcd and sk-another-key-000000000")
    reply = run(asked.complete(HELLO))
    fault = fault_of(run, asked)
    assert reply.text == "your key is [key], and [key], and [key], and [key]"
    shown = [repr(asked), repr(fault), str(fault), repr(reply), repr(asked.calls), str(pickle.dumps(fault))]
    for secret in (KEY, elsewhere, hidden, listed, "abcd", "sk-another-key-000000000"):
        assert not any(secret in text for text in shown)
    assert fault.__context__ is None
    assert fault.__cause__ is None


def test_a_key_does_not_change_the_digest_and_short_ones_are_words(fake_openai, client, run):
    for _ in range(2):
        fake_openai.says("a test is none of your business")
    first, second = (client(api_key=key, extra={"extra_headers": {"Authorization": key}}) for key in ("test", "none"))
    assert run(first.complete(HELLO)).text == run(second.complete(HELLO)).text == "a test is none of your business"
    assert first.calls[0].request == second.calls[0].request


def test_of_a_long_response_the_message_is_kept(fake_openai, client, run):
    fake_openai.says("x" * 200_000, logprobs={"content": []})
    asked = client()
    assert len(run(asked.complete(HELLO)).text) == 200_000
    kept = json.loads(asked.calls[0].response)
    assert set(kept) == {"choices", "usage"}
    assert len(kept["choices"][0]["message"]["content"]) == 200_000


def test_an_answer_that_no_model_writes_is_no_answer(fake_openai, client, run):
    fake_openai.says("x" * 1_000_001)
    asked = client(attempts=1)
    assert fault_of(run, asked).code == "bad_response"
    assert len(asked.calls[0].response) == 100_000


def test_half_a_surrogate_pair_in_a_message_is_told_in_a_sentence(client, run):
    with pytest.raises(UsageError, match="half of a surrogate pair"):
        run(client().complete([{"role": "user", "content": "\ud800"}]))


def test_a_known_model_has_a_cost(fake_openai, client, run):
    fake_openai.says("hi", usage=(1000, 100))
    asked = client("openai/gpt-4o-mini")
    price = price_of("openai/gpt-4o-mini")
    reply = run(asked.complete(HELLO))
    assert reply.cost == asked.calls[0].cost == pytest.approx(1000 * price.read + 100 * price.write)


def test_a_price_of_ones_own_is_used(fake_openai, client, run):
    prices = {"input_cost_per_token": 0.001, "output_cost_per_token": 0.002}
    fake_openai.says("hi", usage=(10, 5))
    assert run(client("openai/house-model", extra=prices).complete(HELLO)).cost == pytest.approx(0.02)
    assert price_of("openai/house-model", prices) == (0.001, 0.002)


def test_several_questions_at_once_share_a_server(fake_openai, client, run):
    async def together():
        asked = client()
        for _ in range(8):
            fake_openai.says("hi")
        return await asyncio.gather(*[asked.complete(HELLO, turn=turn) for turn in range(8)]), asked

    replies, asked = run(together())
    assert [reply.text for reply in replies] == ["hi"] * 8
    assert sorted(call.turn for call in asked.calls) == list(range(8))


def test_one_client_serves_several_event_loops(fake_openai, client):
    asked = client()
    for _ in range(3):
        fake_openai.says("hi")
        assert asyncio.run(asked.complete(HELLO)).text == "hi"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"attempts": 0}, "attempts=0"),
        ({"seconds": 0}, "seconds=0"),
        ({"extra": {"stream": True}}, "extra: stream"),
    ],
)
def test_what_nothing_could_be_asked_with_is_a_mistake(options, words):
    with pytest.raises(UsageError, match=words):
        ModelClient(MODEL, **options)


def test_estimates_need_neither_litellm_nor_a_network():
    code = (
        "import sys\n"
        "from corpenv.models import estimate_cost\n"
        "print(estimate_cost('openai/gpt-4o-mini', [{'role': 'user', 'content': 'x' * 4000}]))\n"
        "print([name for name in ('litellm', 'openai', 'httpx', 'aiohttp') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    shown, imported = ran.stdout.splitlines()
    assert imported == "[]"
    tokens, dollars = json.loads(shown.replace("(", "[").replace(")", "]"))
    assert 1000 <= tokens <= 1020
    assert dollars == pytest.approx(tokens * 1.5e-7 + 250 * 6e-7)


def test_a_model_without_a_price_has_tokens_alone():
    tokens, dollars = estimate_cost("openai/test", HELLO)
    assert tokens == estimate_tokens(HELLO)
    assert dollars is None


def test_prices_are_found_with_and_without_the_provider():
    assert price_of("openai/gpt-4o-mini") == price_of("gpt-4o-mini")
    assert price_of("gpt-4o-mini").write > price_of("gpt-4o-mini").read > 0
