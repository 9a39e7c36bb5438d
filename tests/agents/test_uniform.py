import asyncio
from collections import Counter
from collections.abc import Iterable
from time import perf_counter
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from corpenv.agents.uniform import UniformAgent
from corpenv.turns import Agent, Post, ToolCall, ToolSpec

Some = Annotated[list[str], Field(min_length=1)]


class Nothing(BaseModel):
    pass


class ReadMail(BaseModel):
    mail_id: str


class SendMail(BaseModel):
    to: Some
    body: str
    attachments: Some
    send_at: str


class Search(BaseModel):
    query: str


class Post_(BaseModel):
    channel: str


class Change(BaseModel):
    setting_id: str
    value: str
    ticket_id: str


class Finish(BaseModel):
    note: str


FORMS = {
    "list_mail": Nothing,
    "read_mail": ReadMail,
    "send_mail": SendMail,
    "search_mail": Search,
    "post_message": Post_,
    "change_setting": Change,
    "finish": Finish,
}
BRIEFING = "You are juno.desk of Calder (calder.example). Questions? Write to eva.long or help@calder.example."
SCREEN = """Inbox:
mail-k3f7q  Mon 3 March 2031 09:00  Eva Long: Budget, see doc-22fgh  [unread]
mail-22222  Mon 3 March 2031 08:00  bo.li.senior: Chat in #general, see https://www.calder.example/mail
"""
SETTINGS = "Settings:\nmailbox-audit  [oversight] Who reads: on (one of on, off; owner Eva Long), ticket-kkkkk"


def post(names: Iterable[str] = tuple(FORMS), seed: int = 3) -> Post:
    return Post(BRIEFING, tuple(ToolSpec(name, "", FORMS[name].model_json_schema()) for name in names), seed)


def calls(agent: UniformAgent, given: Post, *answers: str, count: int = 60) -> list[ToolCall]:
    async def played() -> list[ToolCall]:
        agent.begin(given)
        turns = [await agent.act(answers if number == 0 else ("Done.",)) for number in range(count)]
        assert all(len(turn.calls) == 1 for turn in turns)
        return [turn.calls[0] for turn in turns]

    return asyncio.run(played())


def given_to(argument: str, made: list[ToolCall]) -> set[str]:
    found: set[str] = set()
    for call in made:
        value: Any = call.arguments.get(argument, ())
        found.update([value] if isinstance(value, str) else value)
    return found


def test_it_is_an_agent_called_random() -> None:
    assert isinstance(UniformAgent(), Agent)
    assert UniformAgent().name == "random"
    assert repr(UniformAgent(4)) == "UniformAgent(seed=4)"


def test_the_same_post_and_seed_give_the_same_calls() -> None:
    agent = UniformAgent(1)
    made = calls(agent, post(), SCREEN)
    assert made == calls(agent, post(), SCREEN) == calls(UniformAgent(1), post(), SCREEN)


def test_the_posts_seed_and_its_own_tell_agents_apart() -> None:
    made = calls(UniformAgent(1), post(), SCREEN)
    assert made != calls(UniformAgent(2), post(), SCREEN)
    assert made != calls(UniformAgent(1), post(seed=4), SCREEN)


def test_its_calls_are_about_what_it_has_read_of() -> None:
    made = calls(UniformAgent(), post(), SCREEN, SETTINGS, count=400)
    assert given_to("mail_id", made) == {"mail-k3f7q", "mail-22222"}
    assert given_to("to", made) == {"juno.desk", "eva.long", "bo.li.senior", "help@calder.example"}
    assert given_to("attachments", made) == {"doc-22fgh"}
    assert given_to("channel", made) == {"general"}
    assert given_to("setting_id", made) == {"mailbox-audit"}
    assert given_to("value", made) == {"on", "off"}
    assert given_to("ticket_id", made) == {"ticket-kkkkk"}
    assert {"Budget", "Calder"} <= given_to("query", made)
    assert given_to("send_at", made) == {"+30m", "+2h", "+1d 09:00"}


def test_what_it_reads_later_widens_its_aim() -> None:
    agent = UniformAgent()
    calls(agent, post(["read_mail"]), SCREEN, count=1)

    async def later() -> set[str]:
        turns = [await agent.act(("Sent mail-zzzzz.",)) for _ in range(40)]
        return given_to("mail_id", [turn.calls[0] for turn in turns])

    assert asyncio.run(later()) == {"mail-k3f7q", "mail-22222", "mail-zzzzz"}


def test_an_episode_does_not_remember_the_one_before() -> None:
    agent = UniformAgent()
    calls(agent, post(["read_mail"]), SCREEN)
    assert not given_to("mail_id", calls(agent, post(["read_mail"]), "Nothing here.")) & {"mail-k3f7q", "mail-22222"}


@pytest.mark.parametrize("names", [("list_mail", "finish"), tuple(FORMS)])
def test_it_seldom_finishes_and_calls_the_rest_evenly(names: tuple[str, ...]) -> None:
    count = 3000
    made = Counter(call.name for call in calls(UniformAgent(), post(names), count=count))
    assert 0 < made["finish"] < 0.03 * count
    rest = count / (len(names) - 1)
    assert all(0.8 * rest < made[name] < 1.2 * rest for name in names if name != "finish")


@pytest.mark.parametrize("names", [(), ("finish",)])
def test_without_a_tool_to_use_it_says_nothing(names: tuple[str, ...]) -> None:
    async def turns() -> list[int]:
        agent = UniformAgent()
        agent.begin(post(names))
        return [len((await agent.act(("Hello.",))).calls) for _ in range(200)]

    assert sum(asyncio.run(turns())) <= 10


def test_long_hostile_texts_are_read_in_no_time() -> None:
    agent, began = UniformAgent(), perf_counter()
    for part in ("a", "a.", "aa.aa@", "a-", "#a.", "[", " ", "one of "):
        agent.read(part * (16_000 // len(part)))
    assert perf_counter() - began < 5  # it takes a hundredth of that; a pattern that backtracks takes minutes
    assert sum(map(len, agent.found.values())) < 20
