"""The contract of the environment: Gymnasium's, and corpenv's own."""

import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from collections import Counter
from copy import deepcopy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

import corpenv
from corpenv.company import diff, replay
from corpenv.env import CompanyEnv, Snapshot, versions
from corpenv.errors import PackError, UnknownName, UsageError
from corpenv.events import CallAccepted, CallRefused
from corpenv.record import RanOn, encode
from corpenv.registry import make, scenario_of
from corpenv.turns import Budget, ToolCall

MINI = "corpenv/Mini-v0"
LIST = {"name": "list_mail", "arguments": {}}
FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # newer Pythons warn of threads


# Gymnasium --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("condition", [None, {"tier": "P0"}, {"tier": "P2", "news": "told"}])
def test_gymnasiums_checker_is_silent(condition, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(CompanyEnv(MINI, condition), skip_render_check=True)
        check_env(gym.make(MINI, condition=condition).unwrapped)
        check_env(gym.make(MINI, condition=condition, render_mode="ansi").unwrapped)


def test_an_environment_is_made_by_name_by_folder_and_from_a_world(mini):
    for env in (
        gym.make(MINI),
        make(MINI),
        make("Mini-v0", world=mini),
        make(mini.scenario(MINI)),
        make(CompanyEnv().scenario),
    ):
        observation, _ = env.reset(seed=3)
        assert observation.endswith("Your inbox holds 5 mails, 5 of them unread.")
        assert env.unwrapped.scenario.id == MINI


def test_the_first_observation_is_the_briefing_and_the_first_screen(office):
    env = office()
    observation, info = env.reset(seed=1)
    assert observation == f"{env.start.briefing}\n\n{env.start.screen}"
    assert observation.startswith("You are the office desk of Tallow Lane Bindery")
    assert info == {"step": 0, "now": "Tue 2031-03-04 08:30"}
    assert observation in env.observation_space


def test_the_reward_is_always_nothing_and_info_holds_the_step_and_the_time_alone(office):
    env = office()
    env.action_space.seed(5)
    for step in range(1, 40):
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert (type(reward), reward) == (float, 0.0)
        assert (type(terminated), type(truncated)) == (bool, bool)
        assert list(info) == ["step", "now"]
        assert (type(info["step"]), type(info["now"])) == (int, str)
        assert info["step"] == step
        assert observation in env.observation_space
        if terminated or truncated:
            break


def test_the_last_step_tells_its_own_time_not_that_of_the_world_after_it(office):
    info = office().step({"name": "finish", "arguments": {"note": "n"}})[4]
    assert info == {"step": 1, "now": "Tue 2031-03-04 08:32"}


@pytest.mark.parametrize("through", [lambda: CompanyEnv(), lambda: gym.make(MINI)], ids=["raw", "gym.make"])
def test_a_step_out_of_an_episode_names_reset(through):
    env = through()
    with pytest.raises(UsageError, match=r"call reset\(\) first"):
        env.step(LIST)
    env.reset(seed=1)
    assert env.step({"name": "finish", "arguments": {"note": "n"}})[2:4] == (True, False)
    for action in (LIST, {}, {"name": 3}):
        with pytest.raises(UsageError, match=r"call reset\(\) first, and again after an episode has ended"):
            env.step(action)
    with pytest.raises(UsageError, match=r"call reset\(\) first"):
        env.unwrapped.run_on(RanOn("late"))
    env.reset()
    assert env.step(LIST)[4]["step"] == 1


def test_an_action_that_is_no_mapping_is_a_mistake_of_the_caller_and_changes_nothing(office):
    env = office()
    before = env.snapshot()
    for action in ("list_mail", None, 3, ["list_mail"], ("name", "list_mail")):
        with pytest.raises(UsageError, match="an action is a mapping such as"):
            env.step(action)
    assert env.snapshot() == before


@pytest.mark.parametrize(
    "action", [{}, {"name": None}, {"name": "x" * 99}, {"name": "x", "arguments": 3}, ToolCall("", {})]
)
def test_a_mapping_that_is_no_call_is_a_logged_refusal_and_a_step(office, facts, action):
    env = office()
    observation, _, terminated, truncated, info = env.step(action)
    assert observation.startswith("That is no call: ")
    assert (terminated, truncated, info["step"]) == (False, False, 1)
    assert [event.tool for event in facts(env, CallRefused)] == [""]
    assert len(env.entries[0].input.text) <= 60


def test_the_steps_of_an_episode_are_counted_and_end_it(office):
    env = office(max_steps=3)
    results = [env.step(LIST)[2:4] for _ in range(3)]
    assert results == [(False, False), (False, False), (False, True)]
    assert env.record.entries[-1].input == RanOn("max_steps", "agent")
    assert env.company.ended == "max_steps"


def test_the_scenarios_own_number_of_steps_holds_where_none_is_given(office):
    env = office()
    for _ in range(59):
        assert env.step(LIST)[3] is False
    assert env.step(LIST)[2:4] == (False, True)


def test_an_end_of_the_scenario_wins_over_the_number_of_steps(office):
    env = office(max_steps=1)
    assert env.step({"name": "finish", "arguments": {"note": "n"}})[2:4] == (True, False)


@pytest.mark.parametrize("max_steps", [0, -1])
def test_an_episode_has_at_least_one_step(max_steps):
    with pytest.raises(UsageError, match="max_steps is 1 or more"):
        CompanyEnv(MINI, max_steps=max_steps)


# Seeds, conditions, options ---------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "7", None], ids=repr)
def test_a_seed_is_a_whole_number_that_a_record_can_hold(office, seed):
    env = office()
    if seed is None:
        env.reset(seed=None)
    else:
        with pytest.raises(UsageError, match=r"a seed is a whole number from 0 to 2\^63 - 1"):
            env.reset(seed=seed)


def test_seeds_at_the_bounds_and_of_numpy_can_be_recorded(office):
    env = office()
    for seed in (0, 2**63 - 1, np.int64(12)):
        env.reset(seed=seed)
        assert (type(env.record.header.seed), env.record.header.seed) == (int, seed)
        assert encode(env.record.header)


def test_a_reset_without_a_seed_goes_on_from_the_last_one(office):
    env = office()
    drawn = []
    for _ in range(2):
        env.reset(seed=5)
        drawn.append([env.reset() and env.start.seed for _ in range(3)])
    assert drawn[0] == drawn[1]
    assert len(set(drawn[0])) == 3


def test_options_of_reset_change_the_condition_from_there_on(office):
    env = office()
    env.reset(seed=1, options={"condition": {"tier": "P0", "news": "told"}})
    assert env.record.header.condition["tier"] == "P0"
    assert "You should hear it from me" in env.do("list_mail")
    env.reset(seed=2)
    assert env.record.header.condition["tier"] == "P0"
    env.reset(options={"condition": "default"})
    assert env.record.header.condition == env.scenario.default
    env.reset(options={})
    assert env.record.header.condition == env.scenario.default


def test_the_calls_that_are_drawn_are_about_the_condition_that_holds(office):
    env = office()
    env.reset(seed=1, options={"condition": {"news": "told"}})
    assert env.company.id_of("imres-news") in env.action_space.pool["mail_id"]
    env.reset(seed=1, options={"condition": {}})
    assert env.company.id_of("imres-news") not in env.action_space.pool["mail_id"]


def test_unknown_conditions_options_and_render_modes_are_told(office):
    env = office()
    with pytest.raises(UnknownName, match=r"no level of tier .P9."):
        env.reset(options={"condition": {"tier": "P9"}})
    with pytest.raises(UnknownName, match=r'no factor of corpenv/Mini-v0 .treat. \(did you mean "threat"\?\)'):
        CompanyEnv(MINI, {"treat": "none"})
    with pytest.raises(UsageError, match="the one option of reset is \"condition\", not 'conditon'"):
        env.reset(options={"conditon": {}})
    with pytest.raises(UsageError, match="render_mode is ansi, human or None, not 'rgb_array'"):
        CompanyEnv(MINI, render_mode="rgb_array")


# Rendering --------------------------------------------------------------------------------------------------


def test_the_last_call_and_its_answer_are_rendered():
    env = gym.make(MINI, render_mode="ansi")
    env.reset(seed=1)
    assert env.render().startswith("It is Tue 2031-03-04 08:30. You are Office Desk (desk).")
    answer = env.step(LIST)[0]
    assert env.render() == f"[1, Tue 2031-03-04 08:30] list_mail()\n{answer}"
    env.step({"name": 3})
    assert env.render().startswith("[2, Tue 2031-03-04 08:30] malformed\nThat is no call")
    answer = env.step({"name": "finish", "arguments": {"note": "n"}})[0]
    assert env.render() == f"[3, Tue 2031-03-04 08:32] finish(note='n')\n{answer}"


def test_the_human_mode_prints_every_step_and_returns_nothing(capsys):
    env = gym.make(MINI, render_mode="human")
    env.reset(seed=1)
    assert env.render() is None
    env.step(LIST)
    printed = capsys.readouterr().out
    assert printed.startswith("It is Tue 2031-03-04 08:30.")
    assert "[1, Tue 2031-03-04 08:30] list_mail()\nInbox:\n" in printed


# Plain Python -----------------------------------------------------------------------------------------------


def test_a_tool_can_be_called_by_name(office):
    env = office()
    mail = env.company.id_of("noras-week")
    assert env.do("read_mail", mail_id=mail) == env.record.entries[0].answer
    assert env.record.entries[0].input.arguments == {"mail_id": mail}


@pytest.mark.parametrize(
    ("form", "name"), [("openai", "function"), ("anthropic", "input_schema"), ("mcp", "inputSchema")]
)
def test_the_tools_are_given_in_three_forms(office, form, name):
    tools = office().tools(form)
    assert len(tools) == 29
    assert all(name in tool for tool in tools)
    json.dumps(tools)


def test_what_is_done_to_the_tools_that_were_given_stays_there(office):
    env = office()
    tools = env.tools()
    tools[0]["function"]["parameters"]["properties"].clear()
    assert "folder" in env.tools()[0]["function"]["parameters"]["properties"]
    assert "folder" in office().start.tools[0].parameters["properties"]


def test_tools_in_another_form_are_refused(office):
    with pytest.raises(UsageError, match="in the form of openai, anthropic or mcp, not 'xml'"):
        office().tools("xml")


def test_the_post_holds_what_an_agent_is_given(office):
    env = office()
    post = env.post(Budget(steps=5))
    assert (post.briefing, post.tools, post.seed, post.budget.steps) == (env.start.briefing, env.start.tools, 7, 5)
    assert "replacement" not in post.briefing


def test_what_was_made_shows_itself_in_a_line(office, mini):
    env = office()
    env.do("send_mail", to=["imre.sand"], subject="s", body="b")
    for shown in (
        env,
        env.company,
        env.record,
        env.scenario,
        env.start,
        env.entries,
        env.action_space,
        mini,
        env.company.world,
    ):
        assert "\n" not in repr(shown)
        assert len(repr(shown)) < 110
    assert repr(env) == "CompanyEnv(corpenv/Mini-v0, Company(Tue 2031-03-04 08:33, step 1, 1 new mails))"
    assert repr(env.record) == "Record(corpenv/Mini-v0, seed 7, 1 entries)"
    assert repr(env.entries) == "Log(1 items)"


def test_an_environment_can_be_copied(office):
    env = office()
    env.do("list_mail")
    twin = deepcopy(env)
    assert env.step(LIST) == twin.step(LIST)
    assert env.digest == twin.digest


def test_the_spec_of_an_episode_builds_it_again(mini):
    world = mini.with_person("ann.bee", "Ann Bee").with_mail("hello", "ann.bee", ["desk"], "Hello", "I am new.")
    env = make(MINI, world=world, condition={"tier": "P3"}, max_steps=9).unwrapped
    env.reset(seed=11)
    spec = env.run_spec
    assert (spec.scenario, spec.condition, spec.seed, spec.max_steps) == (MINI, {"tier": "P3"}, 11, 9)
    assert set(spec.world) == {"people", "mail"}
    assert spec.versions == versions()
    again = scenario_of(spec).start(spec.condition, spec.seed)
    assert again.header == env.record.header
    assert json.loads(encode(spec))["max_steps"] == 9


def test_a_pack_at_fault_leaves_the_episode_as_it_was(mini):
    echo = {"chat": "workshop", "from": "imre.sand", "text": "Echo."}
    loop = {"id": "echo", "on": {"chat_posted": {}}, "once": False, "do": [echo]}
    env = make(MINI, world=mini.with_items("reactions", [loop]))
    env.reset(seed=1)
    env.step(LIST)
    before = env.unwrapped.snapshot()
    with pytest.raises(PackError, match="more than 200 events"):
        env.step({"name": "post_message", "arguments": {"channel": "workshop", "text": "Hello."}})
    assert env.unwrapped.snapshot() == before
    assert env.step(LIST)[4]["step"] == 2


# Vector environments ----------------------------------------------------------------------------------------


@FORKS
@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("through", [{}, {"condition": {"tier": "P2"}, "max_steps": 5}])
def test_a_vector_environment_does_what_single_ones_do(mode, through):
    count, steps = 2, 8
    vector = gym.make_vec(MINI, num_envs=count, vectorization_mode=mode, **through)
    singles = [gym.make(MINI, **through) for _ in range(count)]
    try:
        observations, infos = vector.reset(seed=[4, 5])
        alone = [env.reset(seed=4 + number) for number, env in enumerate(singles)]
        assert tuple(observations) == tuple(observation for observation, _ in alone)
        assert list(infos["now"]) == [info["now"] for _, info in alone]
        vector.single_action_space.seed(3)
        ended = [False] * count
        for _ in range(steps):
            actions = [vector.single_action_space.sample() for _ in range(count)]
            observations, rewards, terminations, truncations, infos = vector.step(tuple(actions))
            alone = [
                (*env.reset(), False, False) if over else [result[index] for index in (0, 4, 2, 3)]
                for env, action, over in zip(singles, actions, ended, strict=True)
                for result in ([None] * 5 if over else env.step(action),)
            ]
            assert tuple(observations) == tuple(each[0] for each in alone)
            assert list(infos["step"]) == [each[1]["step"] for each in alone]
            assert list(zip(terminations, truncations, strict=True)) == [tuple(each[2:]) for each in alone]
            assert list(rewards) == [0.0] * count
            ended = [any(each[2:]) for each in alone]
    finally:
        vector.close()


# Drawn calls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["P3", "P4", "P5"])
def test_most_calls_that_are_drawn_are_accepted_and_every_tool_at_least_once(office, tier):
    env = office(tier=tier)
    drawn, accepted = Counter(), Counter()
    for seed in range(8):
        env.reset(seed=seed)
        env.action_space.seed(seed)
        for _ in range(150):
            action = env.action_space.sample()
            result = env.step(action)
            drawn[action["name"]] += 1
            accepted[action["name"]] += any(isinstance(event, CallAccepted) for event in env.latest[0].entry.events)
            if result[2] or result[3]:
                env.reset()
    assert accepted.total() / drawn.total() >= 0.8
    assert set(accepted) == {spec.name for spec in env.start.tools}
    assert all(accepted[name] for name in drawn)


# Snapshots and forks ----------------------------------------------------------------------------------------

CALLS = (
    ("list_mail", {}),
    ("read_mail", {"mail_id": "noras-week"}),
    ("reply_mail", {"mail_id": "deles-question", "body": "Both came."}),
    ("send_mail", {"to": ["x@elsewhere.example", "nobody"], "subject": "s", "body": "b"}),
    ("search_mail", {"query": "library"}),
    ("schedule_mail", {"to": ["desk"], "subject": "s", "body": "note to self", "send_at": "+30m"}),
    ("post_message", {"channel": "workshop", "text": "Hello."}),
    ("change_setting", {"setting_id": "mailbox-audit", "value": "off"}),
    ("open_ticket", {"title": "t", "text": "t"}),
    ("raise_concern", {"about": "a", "text": "t"}),
    ("write_document", {"title": "t", "text": "t"}),
    ("wait", {"minutes": 45}),
    ("nonsense", {}),
)


def played(calls):
    """An episode in an environment of its own, from its start."""
    env = CompanyEnv(MINI, {"tier": "P4"})
    env.reset(seed=9)
    for name, arguments in calls:
        call(env, name, arguments)
    return env


def call(env, name, arguments):
    given = {key: env.company.id_of(value) if key.endswith("_id") else value for key, value in arguments.items()}
    return env.do(name, **given)


class Forks(RuleBasedStateMachine):
    """Whatever was done to forks, each goes on as if it had been played alone."""

    @initialize()
    def begin(self):
        self.env = played(())
        self.calls = ()
        self.kept = [(self.env.snapshot(), ())]

    @rule(chosen=st.sampled_from(CALLS))
    @precondition(lambda self: self.env.going)
    def do(self, chosen):
        call(self.env, *chosen)
        self.calls = (*self.calls, chosen)

    @rule()
    def snapshot(self):
        self.kept.append((self.env.snapshot(), self.calls))

    @rule(data=st.data())
    def restore(self, data):
        snapshot, self.calls = data.draw(st.sampled_from(self.kept))
        self.env.restore(snapshot)

    @rule(data=st.data())
    def travel(self, data):
        snapshot, self.calls = data.draw(st.sampled_from(self.kept))
        again = pickle.loads(pickle.dumps(snapshot))
        assert again == snapshot
        self.env.restore(again)

    def teardown(self):
        if hasattr(self, "env"):
            self.matches(self.env.snapshot(), self.calls)
            for snapshot, calls in self.kept:
                self.matches(snapshot, calls)

    def matches(self, snapshot, calls):
        alone = played(calls)
        assert not diff(alone.company, snapshot.company)
        assert alone.snapshot() == snapshot
        assert alone.record.record_digest == snapshot.record.record_digest
        assert replay(snapshot.start.company, snapshot.record.events) == snapshot.company


TestForks = Forks.TestCase
TestForks.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)


def test_a_fork_continued_unchanged_is_the_original_byte_for_byte(office):
    env = office()
    middle = len(CALLS) // 2
    for name, arguments in CALLS[:middle]:
        call(env, name, arguments)
    snapshot = env.snapshot()
    for name, arguments in CALLS[middle:]:
        call(env, name, arguments)
    env.do("finish", note="n")
    fork = CompanyEnv(MINI)
    fork.restore(snapshot)
    for name, arguments in CALLS[middle:]:
        call(fork, name, arguments)
    fork.do("finish", note="n")
    assert [encode(entry) for entry in fork.entries] == [encode(entry) for entry in env.entries]
    assert (fork.digest, fork.company) == (env.digest, env.company)


def test_forks_that_differ_leave_each_other_alone(office):
    env = office()
    env.do("list_mail")
    snapshot, kept = env.snapshot(), []
    for word in ("oak", "elm", "ash"):
        env.restore(snapshot)
        env.do("send_mail", to=["desk"], subject=word, body=word)
        kept.append((word, env.snapshot()))
    for word, fork in kept:
        env.restore(fork)
        assert env.company.mailbox()[0].subject == word
        assert env.do("search_mail", query=word).startswith("Found in your inbox:")
        for other in {"oak", "elm", "ash"} - {word}:
            assert env.do("search_mail", query=other).startswith("No mail")
    assert len(snapshot.record.entries) == 1


def test_an_ended_episode_stays_ended_when_it_is_restored(office):
    env = office()
    going = env.snapshot()
    env.do("finish", note="n")
    over = env.snapshot()
    env.restore(going)
    assert env.do("list_mail")
    env.restore(over)
    assert env.latest == ()
    with pytest.raises(UsageError, match="reset"):
        env.do("list_mail")


def test_a_snapshot_of_another_scenario_is_refused(office):
    env = office()
    other = Snapshot(env.scenario, env.start._replace(scenario="corpenv/Other-v0"), env.company, env.record)
    with pytest.raises(UsageError, match="this snapshot is of corpenv/Other-v0, this environment of corpenv/Mini-v0"):
        env.restore(other)


GO_ON = """
import pickle, sys
from pathlib import Path
from corpenv.env import CompanyEnv
env = CompanyEnv()
env.restore(pickle.loads(Path(sys.argv[1]).read_bytes()))
print(env.digest)
env.do("wait", minutes=90)
env.do("finish", note="n")
print(env.digest)
Path(sys.argv[2]).write_bytes(pickle.dumps(env.snapshot()))
"""


def test_a_snapshot_goes_on_in_another_process(mini, tmp_path):
    world = mini.with_person("ann.bee", "Ann Bee", away="Away.").with_secret(
        "flower", "F", facts={"name": ["aster", "begonia"]}
    )
    env = CompanyEnv(MINI, {"tier": "P4"}, world)
    env.reset(seed=12)
    env.do("send_mail", to=["ann.bee", "dele.okafor"], subject="s", body="b")
    env.do("reply_mail", mail_id=env.company.id_of("deles-question"), body="Both came.")
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(pickle.dumps(env.snapshot()))
    around = {**os.environ, "PYTHONHASHSEED": "99"}
    command = [sys.executable, "-c", GO_ON, there, back]
    told = subprocess.run(command, env=around, capture_output=True, check=True, text=True).stdout.split()
    expected = [env.digest]
    env.do("wait", minutes=90)
    env.do("finish", note="n")
    assert told == [*expected, env.digest]
    again = pickle.loads(back.read_bytes())
    assert (again.record, again.company.now) == (env.record, env.company.now)
    assert len(there.read_bytes()) < 20_000


def digest_of(snapshot):
    """What a process that was handed a snapshot makes of it."""
    env = CompanyEnv(MINI)
    env.restore(snapshot)
    env.do("list_mail")
    return env.digest


def test_a_snapshot_can_be_handed_to_a_spawned_process(office):
    env = office()
    env.do("send_mail", to=["imre.sand"], subject="s", body="b")
    snapshot = env.snapshot()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        carried = pool.apply(pickle.loads, (pickle.dumps(snapshot),))
    env.restore(carried)
    assert digest_of(carried) == digest_of(snapshot)
    assert carried.company == snapshot.company


def test_importing_corpenv_registers_its_scenarios():
    assert MINI in gym.registry
    assert gym.spec(MINI).kwargs == {"scenario": MINI}
    assert corpenv.make is make
