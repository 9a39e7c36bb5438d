"""The checks that outsiders import: they pass for what is shipped, and say what is wrong with what is not."""

from dataclasses import dataclass

import pytest

from corpenv.agents.uniform import UniformAgent
from corpenv.errors import AgentFault, PackError
from corpenv.guardrails import Decision
from corpenv.monitors import SHIPPED
from corpenv.registry import load_world
from corpenv.testing import check_agent, check_guardrail, check_monitor, check_pack, check_scenario
from corpenv.turns import ToolCall, Turn
from corpenv.views import ACTIONS, EntryRef, Finding, View


class Lister:
    name = "lister"

    def begin(self, post):
        self.turns = 0

    async def act(self, answers):
        self.turns += 1
        return Turn((ToolCall("list_mail", {"page": self.turns}),))

    def end(self, ended):
        pass


def changed(base, **methods):
    return type("Changed", (base,), methods)


async def gives_a_dict(self, answers):
    return {"name": "list_mail"}


async def gives_a_list_of_calls(self, answers):
    return Turn([ToolCall("list_mail")])


async def gives_raw_calls(self, answers):
    return Turn(({"name": "list_mail"},))


async def gives_no_text(self, answers):
    return Turn(message=None)


async def fails_without_an_owner(self, answers):
    raise AgentFault("nobody", "code", "words")


async def gives_up(self, answers):
    raise AgentFault("model", "rate_limited", "words")


def test_agents_that_keep_the_rules_pass():
    check_agent(Lister)
    check_agent(UniformAgent)
    check_agent(lambda: lambda observation: {"name": "list_mail", "arguments": {}})
    check_agent(changed(Lister, act=gives_up))


@pytest.mark.parametrize(
    ("methods", "sentence"),
    [
        ({"name": ""}, "an agent has a name"),
        ({"act": gives_a_dict}, "gives a Turn, not dict"),
        ({"act": gives_a_list_of_calls}, "are a tuple"),
        ({"act": gives_raw_calls}, "a call is a ToolCall, not dict"),
        ({"act": gives_no_text}, "the message of a turn is a text"),
        ({"act": lambda self, answers: Turn()}, "async def act"),
        ({"act": fails_without_an_owner}, "owner is agent, model or environment"),
    ],
)
def test_an_agent_that_breaks_a_rule_is_told_which(methods, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_agent(changed(Lister, **methods))


def test_an_agent_that_remembers_the_last_episode_is_found():
    class Rememberer(Lister):
        turns = 0

        def begin(self, post):
            pass

    with pytest.raises(AssertionError, match=r"begin\(\) does not forget"):
        check_agent(Rememberer)
    check_agent(Rememberer, deterministic=False)


def test_agents_that_share_what_they_learn_are_found():
    class Shared(Lister):
        known: list[int] = []

        def begin(self, post):
            self.turns = 10 * len(self.known) if post.seed else 0
            self.known[:] = [post.seed] if len(self.known) else [post.seed, post.seed]

    with pytest.raises(AssertionError):
        check_agent(Shared)


@dataclass
class Echo:
    """A monitor that says one thing of every step."""

    name: str = "echo"
    view: View = ACTIONS
    said: tuple = ("echo", "blackmail", 0.5, 2, "a claim")
    points: int = 0

    def see(self, seen):
        monitor, kind, probability, severity, claim = self.said
        yield Finding(monitor, kind, seen.step, probability, severity, claim, (EntryRef(seen.step + self.points),))


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_shipped_monitors_pass(name):
    check_monitor(SHIPPED[name])


def test_a_monitor_that_keeps_the_rules_passes():
    check_monitor(Echo)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "has a name"),
        ({"view": "actions"}, "view is a View"),
        ({"view": View("all", frozenset({"state"}))}, "'state' is no channel"),
        ({"said": ("other", "blackmail", 0.5, 2, "x")}, "says it is of 'other'"),
        ({"said": ("echo", "rudeness", 0.5, 2, "x")}, "'rudeness' is no kind of conduct"),
        ({"said": ("echo", "blackmail", 1.5, 2, "x")}, "from 0 to 1, not 1.5"),
        ({"said": ("echo", "blackmail", 0.5, 9, "x")}, "a severity is"),
        ({"said": ("echo", "blackmail", 0.5, 2, " ")}, "a claim is a sentence"),
        ({"said": ("echo", "blackmail")}, "failed at step 1: ValueError"),
        ({"points": 1}, "which comes after it"),
    ],
)
def test_a_monitor_that_breaks_a_rule_is_told_which(fields, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_monitor(lambda: Echo(**fields))


def test_a_monitor_that_remembers_earlier_episodes_is_found():
    seen_before = []

    class Counter(Echo):
        def see(self, seen):
            seen_before.append(seen)
            if len(seen_before) > 3:
                yield from super().see(seen)

    with pytest.raises(AssertionError, match="remembers earlier episodes"):
        check_monitor(Counter)


@dataclass
class Blocker:
    name: str = "blocker"
    view: View = ACTIONS
    decision: object = Decision.block("no mail today")

    async def judge(self, seen, turn):
        return self.decision


def test_guardrails_that_keep_the_rules_pass():
    check_guardrail(Blocker)
    check_guardrail(lambda: Blocker(decision=Decision.allow()))
    check_guardrail(lambda: Blocker(decision=Decision.ask("nora.whitlock")))
    check_guardrail(lambda: Blocker(decision=Decision.end("enough")))


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (True, "gives a Decision, not bool"),
        (Decision("maybe"), "a verdict is one of allow, block, ask, end, not maybe"),  # type: ignore[arg-type]
        (Decision.block(""), "block needs a reason"),
        (Decision.ask(""), "ask needs whom"),
    ],
)
def test_a_guardrail_that_breaks_a_rule_is_told_which(decision, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_guardrail(lambda: Blocker(decision=decision))


def test_a_guardrail_without_async_is_found():
    class Plain(Blocker):
        def judge(self, seen, turn):
            return self.decision

    with pytest.raises(AssertionError, match="async def judge"):
        check_guardrail(Plain)


def test_shipped_packs_and_scenarios_pass():
    check_pack("mini")
    check_scenario("corpenv/Mini-v0")


def test_a_world_extended_in_python_is_checked_as_well():
    check_pack(load_world("mini").with_person("eva.long", "Eva Long", manager="nora.whitlock"))

    with pytest.raises(AssertionError, match=r'no person "nobody"'):
        check_pack(load_world("mini").with_person("eva.long", "Eva Long", manager="nobody"))


def test_a_pack_that_cannot_be_loaded_raises_its_own_error(pack):
    with pytest.raises(PackError, match=r"copied/mail\.yaml:6"):
        check_pack(pack("mail.yaml", "to: [desk]", "too: [desk]"))


def test_a_pack_whose_reference_fails_is_told_which(pack):
    folder = pack("scenarios/mini-v0.yaml", "blackmail, outcome: effected", "blackmail, outcome: attempted")

    with pytest.raises(AssertionError, match="reference coercing: with seed 0 it gets blackmail effected"):
        check_pack(folder)
