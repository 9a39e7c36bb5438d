import asyncio
import json
import pickle
import subprocess
import sys
from typing import Any

import pytest
from msgspec.structs import replace

from corpenv.agents.llm import LLMAgent
from corpenv.errors import AgentFault, UsageError
from corpenv.turns import Agent, Budget, Post, ToolCall, Turn

MODEL = "openai/test"
SCREEN = ("You have 2 mails.",)


@pytest.fixture
def agent(fake_openai, waits, post):
    def make(model=MODEL, *, budget=Budget(), **options: Any) -> LLMAgent:  # noqa: B008 - frozen
        made = LLMAgent(model, sleep=waits, **{**fake_openai.options, **options})
        made.begin(replace(post, budget=budget))
        return made

    return make


def play(agent: LLMAgent, *heard: tuple[str, ...]) -> list[Turn]:
    async def all_turns() -> list[Turn]:
        return [await agent.act(answers) for answers in heard]

    return asyncio.run(all_turns())


def fault_of(agent: LLMAgent, *heard: tuple[str, ...]) -> AgentFault:
    with pytest.raises(AgentFault) as caught:
        play(agent, *heard)
    return caught.value


def sent(fake: Any, at: int = -1) -> list[dict[str, Any]]:
    return fake.requests[at]["messages"]


def fenced(*calls: tuple[str, dict[str, Any]]) -> str:
    return "\n".join(f"```json\n{json.dumps({'name': name, 'arguments': given})}\n```" for name, given in calls)


def test_it_is_an_agent_with_the_name_of_its_model(agent):
    assert isinstance(agent(), Agent)
    assert agent().name == "litellm:openai/test"


def test_the_first_request_holds_briefing_first_screen_and_tools(fake_openai, agent, tools):
    fake_openai.calls(("list_mail", {"folder": "inbox"}), text="Let me look.")
    (turn,) = play(agent(temperature=0.0, max_tokens=50), SCREEN)
    assert turn == Turn((ToolCall("list_mail", {"folder": "inbox"}),), "Let me look.")
    assert fake_openai.requests == [
        {
            "model": "test",
            "messages": [
                {"role": "system", "content": "You work in the office."},
                {"role": "user", "content": "You have 2 mails."},
            ],
            "tools": [tool.openai() for tool in tools],
            "temperature": 0.0,
            "max_tokens": 50,
        }
    ]


def test_an_answer_goes_back_under_the_id_of_its_call_and_the_history_only_grows(fake_openai, agent):
    fake_openai.calls(("list_mail", {}))
    fake_openai.calls(("list_mail", {"folder": "sent"}))
    fake_openai.says("done")
    play(agent(), SCREEN, ("mail-1, mail-2",), ("nothing",))
    first, second, third = (sent(fake_openai, at) for at in range(3))
    assert second[: len(first)] == first
    assert third[: len(second)] == second
    call = {"id": "call-0", "type": "function", "function": {"name": "list_mail", "arguments": "{}"}}
    assert second[len(first) :] == [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call-0", "content": "mail-1, mail-2"},
    ]


def test_parallel_calls_are_one_turn_and_their_answers_are_matched(fake_openai, agent):
    fake_openai.calls(("list_mail", {}), ("list_mail", {"folder": "sent"}), ("send_mail", {"to": ["eva.long"]}))
    fake_openai.says("done")
    turn, _ = play(agent(), SCREEN, ("inbox", "sent", "refused"))
    assert [call.name for call in turn.calls] == ["list_mail", "list_mail", "send_mail"]
    answers = [(message["tool_call_id"], message["content"]) for message in sent(fake_openai)[-3:]]
    assert answers == [("call-0", "inbox"), ("call-1", "sent"), ("call-2", "refused")]


def test_too_few_answers_are_told_and_too_many_become_a_message(fake_openai, agent):
    fake_openai.calls(("list_mail", {}), ("list_mail", {}))
    fake_openai.calls(("list_mail", {}))
    fake_openai.says("done")
    play(agent(), SCREEN, ("one",), ("two", "a guard says hello", "and more"))
    assert [message["content"] for message in sent(fake_openai, 1)[-2:]] == ["one", "There is no answer to this call."]
    tool, user = sent(fake_openai)[-2:]
    assert (tool["role"], tool["content"]) == ("tool", "two")
    assert user == {"role": "user", "content": "a guard says hello\n\nand more"}


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_an_unknown_tool_passes_through_for_the_company_to_refuse(fake_openai, agent, protocol):
    if protocol == "native":
        fake_openai.calls(("open_vault", {"code": 1}))
    else:
        fake_openai.says(fenced(("open_vault", {"code": 1})))
    (turn,) = play(agent(protocol=protocol), SCREEN)
    assert turn.calls == (ToolCall("open_vault", {"code": 1}),)


def test_a_call_too_big_for_the_company_passes_through_too(fake_openai, agent):
    fake_openai.calls(("send_mail", {"subject": 2**60}), ("x" * 80, {}))
    (turn,) = play(agent(), SCREEN)
    assert [(call.name[0], call.arguments) for call in turn.calls] == [("s", {"subject": 2**60}), ("x", {})]


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_words_alone_are_a_turn_without_calls(fake_openai, agent, protocol):
    fake_openai.says("I will not do that.")
    fake_openai.says("No.")
    turns = play(agent(protocol=protocol), SCREEN, ("Nothing happened.",))
    assert turns == [Turn(message="I will not do that."), Turn(message="No.")]
    assert [(message["role"], message["content"]) for message in sent(fake_openai)[1:]] == [
        ("user", "You have 2 mails."),
        ("assistant", "I will not do that."),
        ("user", "Nothing happened."),
    ]


def test_a_refusal_of_the_api_is_words_too(fake_openai, agent):
    fake_openai.says(None, refusal="I cannot help with that.")
    assert play(agent(), SCREEN) == [Turn(message="I cannot help with that.")]


@pytest.mark.parametrize("protocol", ["native", "text"])
@pytest.mark.parametrize("text", [None, "", " \n"])
def test_an_empty_answer_is_silence_and_leaves_nothing_in_the_history(fake_openai, agent, protocol, text):
    fake_openai.says(text)
    fake_openai.says("hello")
    assert play(agent(protocol=protocol), SCREEN, ()) == [Turn(), Turn(message="hello")]
    assert [(message["role"], message["content"]) for message in sent(fake_openai)[1:]] == [
        ("user", "You have 2 mails."),
        ("user", "You called no tool, and nothing happened."),
    ]


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_reasoning_stands_apart_from_the_message_and_goes_back_as_it_came(fake_openai, agent, protocol):
    thought = {"type": "thinking", "thinking": "They trust me.", "signature": "s1"}
    fake_openai.says("Hello.", reasoning_content="They trust me.", thinking_blocks=[thought])
    fake_openai.says("done")
    turn, _ = play(agent(protocol=protocol), SCREEN, ())
    assert turn == Turn((), "Hello.", "They trust me.")
    assert sent(fake_openai)[2]["thinking_blocks"] == [thought]


@pytest.mark.parametrize("bad", ["{broken", "[1, 2]", '"inbox"', "null", "{} {}"])
def test_arguments_that_are_no_object_go_back_to_the_model_alone(fake_openai, agent, bad):
    fake_openai.calls(("list_mail", bad), text="First try.", reasoning_content="one")
    fake_openai.calls(("list_mail", {"folder": "inbox"}), text="Second try.", reasoning_content="two")
    made = agent()
    (turn,) = play(made, SCREEN)
    assert turn == Turn((ToolCall("list_mail", {"folder": "inbox"}),), "First try.\n\nSecond try.", "one\n\ntwo")
    told = sent(fake_openai)[-1]
    assert (told["role"], told["tool_call_id"]) == ("tool", "call-0")
    assert told["content"].startswith("This call was not made: arguments: ")
    assert [(call.turn, call.attempt) for call in made.model_calls] == [(1, 1), (1, 2)]


def test_of_a_mixed_reply_the_good_calls_go_out_and_each_id_gets_its_own_answer(fake_openai, agent):
    fake_openai.calls(
        ("list_mail", "{broken"), ("list_mail", {}), ("send_mail", "7"), ("list_mail", {"folder": "sent"})
    )
    fake_openai.says("done")
    turn, _ = play(agent(), SCREEN, ("inbox", "sent"))
    assert turn.calls == (ToolCall("list_mail", {}), ToolCall("list_mail", {"folder": "sent"}))
    texts = {message["tool_call_id"]: message["content"] for message in sent(fake_openai)[-4:]}
    assert (texts["call-1"], texts["call-3"]) == ("inbox", "sent")
    assert texts["call-0"] == "This call was not made: arguments: not JSON. Nothing happened. Write it again."
    assert "an object is needed" in texts["call-2"]


@pytest.mark.parametrize("protocol", ["native", "text"])
def test_three_replies_in_a_row_that_cannot_be_read_are_a_fault_of_the_model(fake_openai, agent, protocol):
    for _ in range(3):
        if protocol == "native":
            fake_openai.calls(("list_mail", "{broken"))
        else:
            fake_openai.says("```json\n{broken\n```")
    fault = fault_of(agent(protocol=protocol), SCREEN)
    assert (fault.owner, fault.code) == ("model", "malformed_calls")
    assert "not JSON" in fault.detail
    assert len(fake_openai.requests) == 3


def test_replies_that_cannot_be_read_are_counted_anew_in_every_turn(fake_openai, agent):
    for _ in range(2):
        fake_openai.calls(("list_mail", "{broken"))
        fake_openai.calls(("list_mail", "{broken"))
        fake_openai.calls(("list_mail", {}))
    assert [len(turn.calls) for turn in play(agent(), SCREEN, ("inbox",))] == [1, 1]


def test_the_text_protocol_explains_itself_and_sends_no_tools(fake_openai, agent, tools):
    fake_openai.says("hello")
    play(agent(protocol="text"), SCREEN)
    assert "tools" not in fake_openai.requests[0]
    system = sent(fake_openai)[0]["content"]
    assert system.startswith("You work in the office.\n\n")
    for tool in tools:
        assert f"## {tool.name}\n{tool.description}\nArguments: {json.dumps(tool.parameters)}" in system


def test_the_text_protocol_takes_several_calls_and_answers_them_in_one_message(fake_openai, agent):
    fake_openai.says(f"Let me look.\n{fenced(('list_mail', {}), ('send_mail', {'to': ['eva.long']}))}\nThat is all.")
    fake_openai.says(fenced(("list_mail", {})))
    fake_openai.says("done")
    first, second, _ = play(agent(protocol="text"), SCREEN, ("empty", "sent"), ("still empty",))
    assert first.calls == (ToolCall("list_mail", {}), ToolCall("send_mail", {"to": ["eva.long"]}))
    assert first.message == "Let me look.\n\nThat is all."
    assert second.message == ""
    assert sent(fake_openai, 1)[-1] == {
        "role": "user",
        "content": "# Answer 1: list_mail\nempty\n\n# Answer 2: send_mail\nsent",
    }
    assert sent(fake_openai)[-1] == {"role": "user", "content": "still empty"}


def test_the_text_protocol_tells_what_could_not_be_read_beside_the_answers(fake_openai, agent):
    fake_openai.says(fenced(("list_mail", {})) + '\n```json\n{"tool": "send_mail"}\n```')
    fake_openai.says("done")
    turn, _ = play(agent(protocol="text"), SCREEN, ())
    assert turn.calls == (ToolCall("list_mail", {}),)
    assert sent(fake_openai)[-1]["content"] == (
        "There is no answer to this call.\n\nThis call was not made: line 4: a call is an object such as "
        '{"name": "list_mail", "arguments": {}}. Nothing happened. Write it again.'
    )


def test_beginning_again_forgets_everything(fake_openai, agent, post):
    made = agent(budget=Budget(steps=1))
    for _ in range(2):
        fake_openai.calls(("list_mail", {}))
        play(made, SCREEN)
        assert [(call.turn, call.attempt) for call in made.model_calls] == [(1, 1)]
        made.begin(replace(post, budget=Budget(steps=1)))
        assert made.model_calls == ()
        assert len(made.messages) == 1
    assert fake_openai.requests[0] == fake_openai.requests[1]


def test_steps_that_are_used_up_end_the_agents_part_before_the_model_is_asked(fake_openai, agent):
    fake_openai.calls(("list_mail", {}))
    fake_openai.says("hm")
    fault = fault_of(agent(budget=Budget(steps=2)), SCREEN, ("inbox",), ("go on",))
    assert (fault.owner, fault.code) == ("agent", "budget_steps")
    assert len(fake_openai.requests) == 2


def test_of_a_turn_as_many_calls_go_out_as_steps_are_left(fake_openai, agent):
    fake_openai.calls(("list_mail", {}), ("list_mail", {}), ("list_mail", {}))
    made = agent(budget=Budget(steps=2))
    (turn,) = play(made, SCREEN)
    assert len(turn.calls) == 2
    assert fault_of(made, ("one", "two")).code == "budget_steps"
    assert [message["content"] for message in made.messages[-3:]] == ["one", "two", "There is no answer to this call."]


def test_tokens_over_the_budget_end_the_agents_part(fake_openai, agent):
    fake_openai.calls(("list_mail", {}), usage=(60, 10))
    fake_openai.calls(("list_mail", {}), usage=(60, 10))
    made = agent(budget=Budget(tokens=100))
    fault = fault_of(made, SCREEN, ("inbox",))
    assert (fault.owner, fault.code) == ("agent", "budget_tokens")
    assert "140 of 100" in fault.detail
    assert len(made.model_calls) == 2


def test_tokens_that_are_just_used_up_allow_no_further_request(fake_openai, agent):
    fake_openai.calls(("list_mail", {}), usage=(90, 10))
    fault = fault_of(agent(budget=Budget(tokens=100)), SCREEN, ("inbox",))
    assert fault.code == "budget_tokens"
    assert len(fake_openai.requests) == 1


def test_a_server_that_counts_no_tokens_does_not_make_the_budget_endless(fake_openai, agent):
    fake_openai.says("x" * 4000, usage=(0, 0))
    fault = fault_of(agent(budget=Budget(tokens=1000)), SCREEN)
    assert fault.code == "budget_tokens"


@pytest.mark.parametrize("money", [0.00021, 0.00015])
def test_money_over_the_budget_ends_the_agents_part(fake_openai, agent, money):
    for _ in range(2):
        fake_openai.calls(("list_mail", {}), usage=(1000, 0))  # $0.00015 each
    made = agent("openai/gpt-4o-mini", budget=Budget(money=money))
    fault = fault_of(made, SCREEN, ("inbox",))
    assert (fault.owner, fault.code) == ("agent", "budget_money")
    assert len(made.model_calls) == (2 if money > 0.0002 else 1)


def test_a_budget_of_money_for_a_model_without_a_price_is_a_fault_at_the_first_reply(fake_openai, agent):
    fake_openai.calls(("list_mail", {}))
    fault = fault_of(agent(budget=Budget(money=1.0)), SCREEN)
    assert (fault.owner, fault.code) == ("environment", "unknown_price")
    assert "input_cost_per_token" in fault.detail


@pytest.mark.parametrize(
    ("status", "message", "code"),
    [
        (400, "This model's maximum context length is 8192 tokens.", "context_overflow"),
        (401, "Incorrect API key", "bad_key"),
        (404, "The model does not exist", "unknown_model"),
    ],
)
def test_a_failed_request_is_a_fault_and_stands_in_the_model_calls(fake_openai, agent, status, message, code):
    fake_openai.calls(("list_mail", {}))
    fake_openai.fails(status, message)
    made = agent()
    assert fault_of(made, SCREEN, ("inbox",)).code == code
    assert [(call.turn, call.attempt, call.fault) for call in made.model_calls] == [(1, 1, ""), (2, 1, code)]


def test_the_episode_goes_on_after_a_storm_that_passes(fake_openai, agent, waits):
    fake_openai.fails(429, "slow down", {"Retry-After": "2"})
    fake_openai.fails(500)
    fake_openai.drops()
    fake_openai.calls(("list_mail", {}))
    made = agent()
    (turn,) = play(made, SCREEN)
    assert len(turn.calls) == 1
    assert [call.fault for call in made.model_calls] == ["rate_limited", "server_error", "connection_failed", ""]
    assert [call.attempt for call in made.model_calls] == [1, 2, 3, 4]
    assert waits[0] == 2.0


def test_a_storm_that_does_not_pass_is_a_fault(fake_openai, agent):
    for _ in range(2):
        fake_openai.fails(429, "slow down")
    assert fault_of(agent(attempts=2), SCREEN).code == "rate_limited"


def test_seconds_of_the_budget_bound_one_attempt(fake_openai, agent):
    fake_openai.hangs()
    assert fault_of(agent(attempts=1, budget=Budget(seconds=0.2)), SCREEN).code == "timed_out"


def test_keys_stand_in_nothing_that_can_be_seen(fake_openai, agent):
    key = fake_openai.options["api_key"]
    fake_openai.says(f"The key is {key}.")
    made = agent()
    (turn,) = play(made, SCREEN)
    assert turn.message == "The key is [key]."
    assert not any(key in repr(seen) for seen in (made, made.model_calls, made.messages, turn))


def test_a_dry_run_shows_the_first_request_and_what_the_episode_may_cost(fake_openai, agent, post):
    made = agent("openai/gpt-4o-mini")
    dry = made.dry_run(post, SCREEN[0])
    fake_openai.says("hi")
    play(made, SCREEN)
    assert list(dry.messages) == sent(fake_openai)
    assert list(dry.tools) == fake_openai.requests[0]["tools"]
    assert 0 < dry.cost < dry.total_cost
    assert dry.tokens < dry.total_tokens
    assert dry.steps == 40


def test_a_dry_run_takes_its_steps_from_the_budget_or_the_caller(agent, post):
    short = agent(budget=Budget(steps=3))
    assert short.dry_run(replace(post, budget=Budget(steps=3)), "hi").steps == 3
    one, two = (short.dry_run(post, "hi", steps) for steps in (1, 2))
    assert one.total_tokens == one.tokens + 250
    assert two.total_tokens == 2 * one.tokens + 250 + 400 + 2 * 250
    assert (one.cost, one.total_cost) == (None, None)


def test_a_dry_run_of_the_text_protocol_has_no_tools(agent, post):
    assert agent(protocol="text").dry_run(post, "hi").tools == ()


def test_a_dry_run_uses_a_price_of_ones_own(agent, post):
    dry = agent(extra={"input_cost_per_token": 1, "output_cost_per_token": 2}).dry_run(post, "hi", 1)
    assert dry.cost == dry.total_cost == dry.tokens + 500


def test_neither_the_import_nor_a_dry_run_imports_litellm():
    code = (
        "import sys\n"
        "from corpenv.agents.llm import LLMAgent\n"
        "from corpenv.turns import Post\n"
        "LLMAgent('openai/gpt-4o-mini').dry_run(Post('briefing', (), 1), 'screen')\n"
        "print([name for name in ('litellm', 'openai', 'httpx', 'aiohttp', 'tenacity') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_a_protocol_nobody_speaks_is_a_mistake():
    with pytest.raises(UsageError, match="there are native and text"):
        LLMAgent(MODEL, protocol="xml")


def test_lone_surrogates_in_answers_do_not_stop_the_request(fake_openai, agent):
    fake_openai.calls(("list_mail", {"folder": "\ud800"}))
    fake_openai.says("done")
    turn, _ = play(agent(), ("a\ud800",), ("b\ud800",))
    assert turn.calls[0].arguments == {"folder": "\ufffd"}
    assert [message.get("content") for message in sent(fake_openai)[1:]] == ["a\ufffd", None, "b\ufffd"]


def test_an_agent_travels_to_another_process():
    travelled = pickle.loads(pickle.dumps(LLMAgent(MODEL, protocol="text", max_tokens=5)))
    assert repr(travelled) == "LLMAgent('openai/test', protocol='text')"


def test_the_post_is_all_that_is_needed_to_make_the_history(agent):
    made = agent()
    made.begin(Post("Another briefing.", (), 1))
    assert made.messages == ({"role": "system", "content": "Another briefing."},)
