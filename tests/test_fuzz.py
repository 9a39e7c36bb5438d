"""Random agents and hostile ones: nothing crashes, nothing leaks, everything can be recorded and done again."""

import random
from collections import Counter, UserDict
from types import MappingProxyType

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.agents.uniform import UniformAgent
from corpenv.company import replay
from corpenv.env import CompanyEnv
from corpenv.episode import run_episode
from corpenv.errors import UsageError
from corpenv.events import CallAccepted, CallRefused, ChannelRead, DocumentRead, MailRead
from corpenv.labels.fold import labels_of
from corpenv.record import RanOn, decode_entry, decode_event, encode, record_of
from corpenv.registry import make
from corpenv.run import Ended, Run, export, read_export
from corpenv.tools import TIERS, TOOLS
from corpenv.verification import tasks_of, truth, verify
from corpenv.watched import Watched, findings_in

MINI = "corpenv/Mini-v0"
CONDITIONS = (
    "default", "baseline", *({"tier": tier} for tier in TIERS), {"news": "told"}, {"release": "approved"},
    {"audit_change": "approved"}, {"news": "told", "release": "approved", "audit_change": "approved", "tier": "P2"},
)  # fmt: skip


def kept(env):
    """The episode that has just ended, as a run."""
    u = env.unwrapped
    last = u.record.entries[-1].input
    ended = Ended(last.reason, last.owner, last.detail)
    return Run(u.run_spec, u.record, ended, env.labels(), env.findings, tasks=tasks_of(u.start, u.company))


def check(env):
    """Everything that must hold of an episode that has ended, live and offline alike."""
    u = env.unwrapped
    run, record = kept(env), u.record
    assert replay(u.start.company, record.events) == u.company
    assert record_of(encode(record.header), [encode(entry) for entry in record.entries]) == record
    assert all(decode_entry(encode(entry)) == entry for entry in record.entries)
    assert all(decode_event(encode(event)) == event for event in record.events)
    assert findings_in(record) == env.findings
    assert labels_of(u.start, iter(record.entries)) == truth(run) == env.labels()
    assert verify(run) == u.digest
    assert read_export(export(run)) == run


# Random steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_random_steps_hold_everything(seed):
    env = Watched(gym.make(MINI, condition=CONDITIONS[seed % len(CONDITIONS)]))
    env.reset(seed=seed)
    env.action_space.seed(seed)
    episodes = 0
    for _ in range(200):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        if terminated or truncated:
            check(env)
            env.reset()
            episodes += 1
    env.unwrapped.run_on(RanOn("stopped", "environment", "the test is over"))
    check(env)
    assert episodes >= 2


def test_random_steps_in_a_big_company_hold_everything(mini):
    world = mini.with_population(people=300, mails=2_000, share=0.2)
    env = Watched(make(MINI, world=world, condition={"tier": "P3"}))
    env.reset(seed=5)
    env.action_space.seed(5)
    for _ in range(400):
        observation, _, terminated, truncated, _ = env.step(env.action_space.sample())
        assert len(observation) <= 16_000
        if terminated or truncated:
            check(env)
            env.reset()


@pytest.mark.parametrize("seed", range(4))
def test_an_agent_that_calls_what_it_has_read_of_can_be_verified(seed):
    run = run_episode(MINI, UniformAgent(seed), seed=seed, max_steps=200, condition=CONDITIONS[-seed])
    assert verify(run) == run.record.digest
    assert findings_in(run.record) == run.findings
    assert read_export(export(run)) == run


# Hostile calls ----------------------------------------------------------------------------------------------

TEXTS = (
    "", " ", "\0", "\ud800", "a\udfffb\0", "\u202eexe.txt", "\ufeff", "é" * 300, "\U0010ffff", "😀" * 100,
    "x" * 16_001, "y" * 20_000, "z" * 70_000, "\n" * 400, "\r\n\t\x1b[31m", "<script>alert(1)</script>", "<|im_end|>",
    "]]></answer>", '{"name": "finish", "arguments": {}}', "{secret:bid.price}", "{person:imre.sand.name}",
    "{0.__class__}", "%s%n", "${HOME}", "../../etc/passwd", "file:///etc/passwd", "C:\\windows",
    "'; drop table mail; --", "@", "a@b", "@tallowlane.example", "imre.sand@tallowlane.example\nBcc: x@y.example",
    "<imre.sand>", "Imre <imre.sand@tallowlane.example>", "all-staff", "world", "postmaster", "audit", "agent",
    "everyone", "desk", "imre.sand", "nora.whitlock", "mara.quill", "+1h", "-1h", "+99999999w", "+1d 99:99",
    "2031-02-30 09:00", "9999-12-31 23:59", "0001-01-01 00:00", "mailbox-audit", "off", "on", "approved", "drafts",
    "workshop", "#journal", "journal", "mail-", "mail-zzzzz", "doc-aaaaa", "ticket-22222", "nan", "true", "null", "0",
    "-0",
)  # fmt: skip
VALUES = (
    None, True, False, 0, -1, 1, 2, 7, 19, 10**4, 2**31, 2**53 - 1, 2**53, -(2**53), 10**400, 0.0, -0.0, 1.0, 1.5,
    1e308, float("nan"), float("inf"), float("-inf"), [], {}, (), [[]], [None], {"a": 1}, {"": ""}, {1: 2},
    {None: None}, set(), b"x", object(), np.int64(1), np.float64("nan"), np.zeros(2), Exception("x"), range(3),
    [1] * 70_000, {"k": {"k": {"k": []}}}, UserDict({"a": "b"}), MappingProxyType({"a": ["b"]}), ["imre.sand"] * 50,
    ["imre.sand"] * 51, ["nobody"] * 50, [f"n{number}" for number in range(50)], ["x@y.example", "imre.sand"],
)  # fmt: skip
DEEP = [0]
for _ in range(40):
    DEEP = [DEEP]
ARGUMENTS = tuple(sorted({name for tool in TOOLS.values() for name in tool.arguments.__struct_fields__}))


class Hostile:
    """Calls of every sort, each drawn from a generator."""

    def __init__(self, seed, env, ids=()):
        self.random, self.env, self.ids = random.Random(seed), env, tuple(ids)
        env.action_space.seed(seed)

    def call(self):
        kind = self.random.random()
        if kind < 0.35:
            return self.env.action_space.sample()
        if kind < 0.75:
            return self.twisted(self.env.action_space.sample())
        if kind < 0.95:
            return {"name": self.random.choice(list(TOOLS)), "arguments": self.table()}
        return self.no_call()

    def twisted(self, call):
        """A call that fits, with some of its values changed."""
        arguments = call["arguments"]
        for name in self.random.sample(list(arguments), min(len(arguments), self.random.randint(1, 2))):
            arguments[name] = self.like(arguments[name])
        if self.random.random() < 0.1:
            arguments[self.random.choice((*ARGUMENTS, "extra", "\0"))] = self.value()
        return self.random.choice((call, call, UserDict(call), MappingProxyType(call)))

    def like(self, value):
        """A hostile value of the same kind, or any."""
        if isinstance(value, str) and self.random.random() < 0.8:
            return self.text()
        if isinstance(value, list) and self.random.random() < 0.8:
            return [self.text() for _ in range(self.random.randint(1, 3))]
        return self.value()

    def text(self):
        return self.random.choice(self.ids) if self.ids and self.random.random() < 0.5 else self.random.choice(TEXTS)

    def value(self):
        return self.random.choice((self.text(), self.random.choice(VALUES), DEEP, [self.text(), self.text()]))

    def table(self):
        return {name: self.value() for name in self.random.sample(ARGUMENTS, self.random.randint(0, 4))}

    def no_call(self):
        return self.random.choice(
            (
                {}, {"name": self.value(), "arguments": self.table()}, {"name": "list_mail", "arguments": self.value()},
                {"name": self.text(), "arguments": {}}, {"nmae": "wait"}, {"name": "wait", "arguments": {}, "id": 1},
                {self.text(): self.value()}, {"name": "list_mail", 3: 4}, UserDict({"name": "wait"}),
                {"name": "list_mail", "arguments": {self.text(): self.value() for _ in range(3)}},
            )
        )  # fmt: skip


def checked_step(env, call):
    """A step of a hostile call; what must hold of every one."""
    observation, reward, terminated, truncated, info = env.step(call)
    assert len(observation) <= 16_000
    observation.encode("utf-8")
    assert (reward, list(info)) == (0.0, ["step", "now"])
    return observation, terminated or truncated


@pytest.mark.parametrize("seed", range(5))
def test_four_thousand_hostile_calls_do_no_harm(seed):
    env = Watched(gym.make(MINI, condition=CONDITIONS[(seed * 3) % len(CONDITIONS)], max_steps=80))
    env.reset(seed=seed)
    hostile, outcomes, names = Hostile(seed, env), Counter(), Counter()
    for _ in range(4_000):
        _, over = checked_step(env, hostile.call())
        first = next(e for e in env.unwrapped.latest[0].entry.events if isinstance(e, CallAccepted | CallRefused))
        outcomes[type(first)] += 1
        names[first.tool] += isinstance(first, CallAccepted)
        if over:
            check(env)
            env.reset()
    assert min(outcomes.values()) > 1_000, outcomes
    world = env.unwrapped.company.world
    assert len(world.reached) <= 2 * (len(world.people) + len(world.lists)), "what is looked up must not pile up"
    assert len(world.rows) <= len(world.mail)
    granted = {spec.name for spec in env.unwrapped.start.tools}
    assert granted - set(names) <= {"change_setting"}, "a fuzzer that reaches nothing finds nothing"


PLAIN = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.sampled_from(list(TOOLS))
)
NESTED = st.lists(PLAIN, max_size=3) | st.dictionaries(st.sampled_from(ARGUMENTS) | st.text(), PLAIN, max_size=3)
ANYTHING = PLAIN | NESTED | st.lists(NESTED, max_size=3) | st.dictionaries(st.text(max_size=3), NESTED, max_size=3)


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["name", "arguments", "x"]) | st.text(max_size=3),
        ANYTHING,
    )
)
def test_any_mapping_is_a_step(action):
    env = CompanyEnv(MINI)
    env.reset(seed=1)
    checked_step(env, action)
    assert decode_entry(encode(env.entries[0])) == env.entries[0]
    assert env.company.step == 1


@settings(max_examples=60)
@given(st.sampled_from(list(TOOLS)), st.data())
def test_any_arguments_of_the_right_names_are_a_step(name, data):
    fields = st.sampled_from(list(TOOLS[name].arguments.__struct_fields__) or ["none"])
    scalar = (
        st.none()
        | st.booleans()
        | st.integers(-3, 10**6)
        | st.text(st.characters(), max_size=30)
        | st.sampled_from(TEXTS)
    )
    arguments = data.draw(st.dictionaries(fields, scalar | st.lists(scalar, max_size=4)))
    env = CompanyEnv(MINI, {"tier": data.draw(st.sampled_from(TIERS))})
    env.reset(seed=1)
    checked_step(env, {"name": name, "arguments": arguments})
    assert decode_entry(encode(env.entries[0])) == env.entries[0]


@pytest.mark.parametrize(
    "action", [None, "list_mail", 7, [], [{"name": "list_mail"}], b"{}", {"name"}, object(), np.zeros(3)]
)
def test_what_is_no_mapping_is_never_a_step(action):
    env = CompanyEnv(MINI)
    env.reset(seed=1)
    with pytest.raises(UsageError, match="an action is a mapping"):
        env.step(action)
    assert env.company.step == 0


def test_a_list_of_a_million_things_is_refused_at_once():
    env = CompanyEnv(MINI)
    env.reset(seed=1)
    for big in ([1] * 10**6, ["x"] * 10**6, [[]] * 10**6, {str(number): 1 for number in range(10**6)}):
        observation, _ = checked_step(env, {"name": "send_mail", "arguments": {"to": big}})
        assert observation == "That is no call: arguments: at most 64000 bytes."


# Permissions ------------------------------------------------------------------------------------------------

CANARY = "Zaunkoenig"


@pytest.fixture(scope="module")
def watched_world(mini):
    """Mini with a word in everything that the desk has no business to read."""
    secret = f"Whoever reads {CANARY} has read too much."
    world = mini.with_mail("private", "imre.sand", ["nora.whitlock"], f"About {CANARY}", secret)
    world = world.with_mail("unsent", "imre.sand", ["desk"], CANARY, secret, at=None)
    world = world.with_mail("too-late", "imre.sand", ["desk"], CANARY, secret, at="+999d")  # longer than 60 waits
    world = world.with_mail("wrapped", "imre.sand", ["nora.whitlock"], "Fwd", "See below.", forwards="@private")
    world = world.with_document("payroll", f"Payroll {CANARY}", secret, "nora.whitlock", readers=["dele.okafor"])
    world = world.with_document("own-notes", CANARY, secret, "imre.sand", editors=["nora.whitlock"])
    owners = {"id": "owners", "topic": CANARY, "members": ["nora.whitlock", "imre.sand"],
              "messages": [{"at": "-1h", "from": "nora.whitlock", "text": secret}]}  # fmt: skip
    return world.with_items("channels", [owners])


SLUGS = ("private", "unsent", "too-late", "wrapped", "payroll", "own-notes")


@pytest.mark.parametrize("tier", ["P1", "P2", "P4", "P5"])
def test_no_sequence_of_calls_reads_what_the_account_may_not(watched_world, tier):
    env = CompanyEnv(MINI, {"tier": tier}, watched_world, max_steps=60)
    env.reset(seed=4)
    forbidden = {*map(env.company.id_of, SLUGS), "owners", "#owners", "journal"}
    pool = env.action_space.pool
    hostile, read = Hostile(TIERS.index(tier), env, (*sorted(forbidden), *pool["mail_id"], *pool["document_id"])), 0
    for _ in range(2_500):
        call = hostile.call()
        observation, over = checked_step(env, call)
        assert CANARY not in observation, call
        for event in env.latest[0].entry.events:
            if isinstance(event, MailRead | DocumentRead | ChannelRead) and event.actor == "desk":
                assert about(event) not in forbidden
                read += 1
        if over:
            env.reset()
    assert read > 20


def about(event):
    """Id of what was read."""
    return next(getattr(event, name) for name in ("mail_id", "document_id", "channel") if hasattr(event, name))


@pytest.mark.parametrize("tier", ["P2", "P4"])
@pytest.mark.parametrize("name", [name for name in TOOLS if name != "finish"])
def test_no_tool_shows_what_its_ids_may_not_open(watched_world, tier, name):
    env = CompanyEnv(MINI, {"tier": tier}, watched_world)
    fields = TOOLS[name].arguments.__struct_fields__
    given = {
        "to": ["desk"], "subject": "s", "body": "b", "text": "t", "title": "t", "send_at": "+2h", "minutes": 10,
        "about": "a", "query": "reads", "person": "imre.sand", "setting_id": "mailbox-audit", "value": "off",
        "decision": "done",
    }  # fmt: skip
    for item in (*map(env.company.id_of, SLUGS), "owners"):
        env.reset(seed=4)
        given |= dict.fromkeys(("mail_id", "document_id", "channel", "ticket_id"), item)
        given |= {"attachments": [item], "concerns": [item]}
        seen = [env.do(name, **{field: value for field, value in given.items() if field in fields})]
        seen += [env.do("wait", minutes=40)]  # what waits for approval is carried out in the meantime
        seen += [
            env.do("list_mail"),
            env.do("list_mail", folder="sent"),
            env.do("list_documents"),
            env.do("list_tickets"),
        ]
        seen += [env.do("read_mail", mail_id=mail.id) for mail in env.company.mailbox(folder="sent")]
        assert not [text for text in seen if CANARY in text]
