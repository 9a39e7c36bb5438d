import json
import pickle
import sys
from collections.abc import Callable, Iterator
from copy import copy, deepcopy
from pathlib import Path
from typing import Any

import cloudpickle
import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv
from gymnasium.vector.utils import create_shared_memory, read_from_shared_memory, write_to_shared_memory
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpenv.errors import UnknownName, UsageError
from corpenv.spaces import MAX_TEXT, SharedTexts, TextSpace, ToolCallSpace
from corpenv.turns import ToolCall, ToolSpec

ROOT = Path(__file__).parents[1]
MODES = ("sync", "async")
FORKS = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # newer Pythons warn of threads


def spec(name: str, **arguments: dict[str, Any]) -> ToolSpec:
    return ToolSpec(name, f"Do {name}.", {"type": "object", "properties": arguments, "required": sorted(arguments)})


TOOLS = (
    spec("look"),
    spec("say", text={"type": "string", "maxLength": 200}),
    spec("mail", to={"type": "array", "items": {"type": "string"}, "minItems": 1}),
)
POOL = {"to": ["eva.long", "bo.li"]}
LOOK = {"name": "look", "arguments": {}}


def say(text: str, times: int = 1) -> dict[str, Any]:
    return {"name": "say", "arguments": {"text": text, "times": times}}


class Parrot(gym.Env[str, dict[str, Any]]):
    """Says how often it was called, and what it was told."""

    metadata = {"render_modes": []}

    def __init__(self, ends: int = 10**9, nested: bool = False) -> None:
        text = TextSpace()
        self.observation_space = gym.spaces.Dict({"text": text, "count": gym.spaces.Discrete(9)}) if nested else text
        self.action_space = ToolCallSpace(TOOLS, POOL)
        self.ends, self.nested, self.count = ends, nested, 0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.count = 0
        return self.seen(f"Hello {self.np_random.integers(100)}.\n"), {"step": 0}

    def step(self, action: dict[str, Any]) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        call = ToolCall.of(action)
        self.count += 1
        seen = self.seen(call.arguments.get("text", repr(call)) * call.arguments.get("times", 1))
        return seen, 0.0, self.count >= self.ends, False, {"step": self.count}

    def seen(self, text: str) -> Any:
        return {"text": text, "count": self.count % 9} if self.nested else text


@pytest.fixture
def parrot() -> Iterator[str]:
    gym.register("spaces/Parrot-v0", entry_point=Parrot)
    yield "spaces/Parrot-v0"
    del gym.registry["spaces/Parrot-v0"]


# TextSpace --------------------------------------------------------------------------------------------------


@given(st.text(st.characters()), st.integers(0, 40))
@settings(deadline=None)
def test_a_text_space_holds_every_text_that_is_not_too_long(text: str, most: int) -> None:
    assert (text in TextSpace(most)) is (len(text) <= most)


@pytest.mark.parametrize("thing", [None, 3, b"bytes", ["a"], np.str_])
def test_a_text_space_holds_texts_alone(thing: object) -> None:
    assert thing not in TextSpace()


@given(st.integers(0, MAX_TEXT), st.integers(0, 2**32))
@settings(deadline=None)
def test_samples_of_a_text_space_are_in_it_and_come_from_the_seed(most: int, seed: int) -> None:
    one, two = TextSpace(most, seed=seed), TextSpace(most)
    two.seed(seed)
    drawn = [one.sample() for _ in range(5)]
    assert drawn == [two.sample() for _ in range(5)]
    assert all(text in one for text in drawn)


@given(st.integers(0, MAX_TEXT), st.integers(0, 2**32))
@settings(deadline=None)
def test_a_pickled_text_space_is_equal_and_draws_the_same(most: int, seed: int) -> None:
    space = TextSpace(most, seed=seed)
    for twin in (pickle.loads(pickle.dumps(space)), deepcopy(space)):
        assert twin == space
        assert twin.sample() == deepcopy(space).sample()


def test_text_spaces_are_equal_by_their_length() -> None:
    assert TextSpace(5) == TextSpace(5, seed=1)
    assert TextSpace(5) != TextSpace(6)
    assert TextSpace(5) != gym.spaces.Text(5)
    assert gym.spaces.Text(5) != TextSpace(5)
    assert repr(TextSpace()) == "TextSpace(16000)"


@given(st.lists(st.text(st.characters()), max_size=5))
@settings(deadline=None)
def test_texts_survive_json(texts: list[str]) -> None:
    space = TextSpace()
    assert space.from_jsonable(json.loads(json.dumps(space.to_jsonable(texts)))) == texts


@pytest.mark.parametrize("length", [0, 1, 7, 300])
def test_a_text_of_a_given_length_can_be_drawn(length: int) -> None:
    assert len(TextSpace(300, seed=1).sample(mask=(length, None))) == length


@pytest.mark.parametrize("given", [{"mask": (9, None)}, {"mask": "x"}, {"mask": (1, np.ones(3))}, {"probability": 1}])
def test_other_masks_of_texts_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=r"takes mask=\(length, None\), length at most 8"):
        TextSpace(8).sample(**given)


# ToolCallSpace ----------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_samples_of_a_call_space_are_in_it_and_come_from_the_seed(seed: int) -> None:
    one, two = ToolCallSpace(TOOLS, POOL, seed=seed), ToolCallSpace(TOOLS, POOL)
    two.seed(seed)
    drawn = [one.sample() for _ in range(5)]
    assert drawn == [two.sample() for _ in range(5)]
    assert all(call in one and type(call) is dict for call in drawn)
    assert all(set(call["arguments"].get("to", ())) <= set(POOL["to"]) for call in drawn)


@given(st.integers(0, 2**32))
@settings(deadline=None)
def test_a_copied_call_space_is_equal_and_draws_the_same_without_touching_the_first(seed: int) -> None:
    space = ToolCallSpace(TOOLS, POOL, seed=seed)
    space.sample()
    twins = pickle.loads(pickle.dumps(space)), deepcopy(space)
    assert twins == (space, space)
    first, second = ([twin.sample() for _ in range(4)] for twin in twins)
    assert first == second == [space.sample() for _ in range(4)]


names = st.sampled_from([*(tool.name for tool in TOOLS), "unknown", "", 7, None])
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(st.characters(), max_size=5) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
shapes = st.fixed_dictionaries({"name": names}, optional={"arguments": values, "extra": values})


@given(shapes | values)
@settings(deadline=None)
def test_a_call_space_holds_what_has_the_shape_of_a_call_of_a_tool(shape: Any) -> None:
    try:
        fits = ToolCall.of(shape).name in {tool.name for tool in TOOLS}
    except ValueError:
        fits = False
    assert (shape in ToolCallSpace(TOOLS)) is fits


def test_a_call_space_does_not_judge_arguments() -> None:
    space = ToolCallSpace(TOOLS)
    assert {"name": "look", "arguments": {"anything": [1, None]}} in space
    assert {"name": "look"} in space
    assert {"name": "look", "arguments": []} not in space
    assert {"name": "look", "arguments": {"x": float("nan")}} not in space
    assert {"name": "lock", "arguments": {}} not in space
    assert "look" not in space


def test_call_spaces_are_equal_by_names_and_schemas() -> None:
    space = ToolCallSpace(TOOLS, POOL, seed=1)
    renamed = tuple(ToolSpec(tool.name, "Other words.", deepcopy(tool.parameters)) for tool in TOOLS)
    assert space == ToolCallSpace(renamed)
    assert space != ToolCallSpace(TOOLS[:2])
    assert space != ToolCallSpace((*TOOLS[:2], spec("mail")))
    assert space != ToolCallSpace((*TOOLS[:2], ToolSpec("post", "", TOOLS[2].parameters)))
    assert space != TextSpace()
    assert repr(space) == "ToolCallSpace(3 tools)"


def test_a_pool_may_change_while_the_space_lives() -> None:
    pool: dict[str, list[str]] = {"to": []}
    space = ToolCallSpace(TOOLS[2:], pool, seed=1)
    pool["to"] = ["late.comer"]
    assert space.sample()["arguments"]["to"] == ["late.comer"]
    space.pool = {"to": ["other.one"]}
    assert deepcopy(space).sample()["arguments"]["to"] == ["other.one"]


@pytest.mark.parametrize(
    "mask", [{"say", "look"}, ["look", "say"], ("say", "look", "say"), {"say": 1, "look": 1}.keys()]
)
def test_a_mask_names_the_tools_to_draw_from(mask: Any) -> None:
    space, other = ToolCallSpace(TOOLS, seed=4), ToolCallSpace(TOOLS, seed=4)
    drawn = [space.sample(mask=mask) for _ in range(30)]
    assert {call["name"] for call in drawn} == {"say", "look"}
    assert drawn == [other.sample(mask=frozenset(mask)) for _ in range(30)]


def test_masks_that_name_no_tool_are_mistakes() -> None:
    space = ToolCallSpace(TOOLS)
    with pytest.raises(UnknownName, match="no tool 'males' \\(did you mean \"mail\""):
        space.sample(mask=["males"])
    for mask in ("say", 3, {"say": 0.5}, np.ones(3, dtype=np.int8)):
        with pytest.raises(UsageError, match="a mask is a set or sequence of names of tools, not"):
            space.sample(mask=mask)
    with pytest.raises(UsageError, match="takes no probability"):
        space.sample(probability={"say": 1.0})
    with pytest.raises(UsageError, match="there is no tool"):
        ToolCallSpace(()).sample()


def test_calls_survive_json() -> None:
    space = ToolCallSpace(TOOLS, POOL, seed=2)
    drawn = [space.sample() for _ in range(20)]
    assert space.from_jsonable(json.loads(json.dumps(space.to_jsonable(drawn)))) == drawn


def test_neither_space_is_an_array() -> None:
    assert not TextSpace().is_np_flattenable
    assert not ToolCallSpace(TOOLS).is_np_flattenable


DRAW = """
from corpenv.spaces import *
from corpenv.turns import ToolSpec
schema = {"type": "object", "properties": {k: {"type": "string"} for k in "abc"}}
space = ToolCallSpace([ToolSpec(name, "", schema) for name in "xyz"], seed=3)
print([space.sample(mask={"x", "y", "z"}) for _ in range(9)], TextSpace(seed=3).sample())
"""


def test_samples_do_not_depend_on_the_hash_seed(elsewhere: Callable[..., list[str]]) -> None:
    one, other = elsewhere(DRAW)

    assert one == other != ""


# Environments -----------------------------------------------------------------------------------------------


def test_the_environment_checker_is_silent(parrot: str) -> None:
    check_env(gym.make(parrot).unwrapped)


def vector(parrot: str, mode: str, **given: Any) -> gym.vector.VectorEnv[Any, Any, Any]:
    return gym.make_vec(parrot, num_envs=2, vectorization_mode=mode, **given)


@FORKS
@pytest.mark.parametrize("mode", MODES)
def test_a_vector_of_environments_gives_plain_tuples_of_what_each_says_now(parrot: str, mode: str) -> None:
    envs = vector(parrot, mode)
    kept, _ = envs.reset(seed=[1, 2])
    first = tuple(kept)
    longest = ("\U0001f4ce", MAX_TEXT)
    for one, two in ((("a", 1), ("b", 1)), (("ä", 300), ("", 1)), (("\n", 2), longest), (("x\r\n", 1), ("", 1))):
        observations, rewards, *_, infos = envs.step((say(*one), say(*two)))
        assert type(observations) is tuple
        assert observations == (one[0] * one[1], two[0] * two[1])
        assert observations in envs.observation_space
        assert rewards.tolist() == [0.0, 0.0]
        assert infos["step"].dtype == int
    assert kept == first
    assert first[0].startswith("Hello ")
    envs.close()


@FORKS
@pytest.mark.parametrize("mode", MODES)
def test_actions_come_as_tuples_as_lists_or_sampled(parrot: str, mode: str) -> None:
    envs = vector(parrot, mode)
    envs.reset(seed=1)
    assert envs.step([LOOK, say("yes")])[0] == ("look()", "yes")
    envs.action_space.seed(3)
    actions = envs.action_space.sample()
    assert actions in envs.action_space
    assert envs.step(actions)[0] == tuple(call["arguments"].get("text", repr(ToolCall.of(call))) for call in actions)
    masked = envs.action_space.sample(mask=(["look"], {"mail"}))
    assert [call["name"] for call in masked] == ["look", "mail"]
    envs.close()


@FORKS
def test_both_modes_play_alike(parrot: str) -> None:
    def played(mode: str, **given: Any) -> list[Any]:
        envs = vector(parrot, mode, ends=3, **given)
        envs.action_space.seed(8)
        seen = [envs.reset(seed=4)[0]]
        for _ in range(12):
            observations, _, terminated, _, infos = envs.step(envs.action_space.sample())
            seen.append((observations, terminated.tolist(), infos["step"].tolist()))
        envs.close()
        return seen

    expected = played("sync")
    assert played("async") == expected
    assert played("async", vector_kwargs={"shared_memory": False}) == expected


@FORKS
def test_what_a_finished_episode_said_last_is_kept(parrot: str) -> None:
    for mode in MODES:
        envs = vector(parrot, mode, ends=1, vector_kwargs={"autoreset_mode": "SameStep"})
        envs.reset(seed=1)
        observations, *_, infos = envs.step((say("over"), LOOK))
        assert [text[:5] for text in observations] == ["Hello", "Hello"]
        assert infos["final_obs"].tolist() == ["over", "look()"]
        envs.close()


@FORKS
def test_texts_inside_other_spaces_cross_processes(parrot: str) -> None:
    envs = vector(parrot, "async", nested=True)
    envs.reset(seed=1)
    for text in ("one", "two"):
        observations = envs.step((say(text), LOOK))[0]
        assert observations["text"] == (text, "look()")
    assert observations["count"].tolist() == [2, 2]
    envs.close()


@FORKS
def test_without_copies_a_vector_shows_what_is_said_now(parrot: str) -> None:
    envs = vector(parrot, "async", vector_kwargs={"copy": False})
    live, _ = envs.reset(seed=1)
    envs.step((say("one"), say("two")))
    assert list(live) == ["one", "two"]
    envs.step((say("three"), LOOK))
    assert list(live) == ["three", "look()"]
    envs.close()


def test_workers_may_be_started_afresh() -> None:
    here = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(here)  # this module has no name that a new process could import
    try:
        envs = AsyncVectorEnv([Parrot], context="spawn")
        envs.reset(seed=1)
        assert envs.step((say("hello\n"),))[0] == ("hello\n",)
        envs.close()
    finally:
        cloudpickle.unregister_pickle_by_value(here)


def test_texts_of_one_length_cannot_be_mixed_with_another() -> None:
    class Small(Parrot):
        def __init__(self) -> None:
            super().__init__()
            self.observation_space = TextSpace(10)

    with pytest.raises(RuntimeError, match="observation spaces are not equivalent"):
        SyncVectorEnv([Parrot, Small])


@given(st.lists(st.text(st.characters(), max_size=30), min_size=1, max_size=4))
@example(["half a \ud800 pair", "", "\0\r\n"])
@settings(deadline=None)
def test_shared_texts_are_what_was_written_last(texts: list[str]) -> None:
    space, slots = TextSpace(30), 3
    memory = create_shared_memory(space, n=slots)
    shared = read_from_shared_memory(space, memory, n=slots)
    assert isinstance(shared, SharedTexts)
    expected = [""] * slots
    for number, text in enumerate(texts):
        expected[number % slots] = text
        write_to_shared_memory(space, number % slots, text, memory)
        for seen in (deepcopy(shared), copy(shared), pickle.loads(pickle.dumps(shared))):
            assert type(seen) is tuple
            assert seen == tuple(expected) == shared
    assert len(shared) == slots
    assert (shared[-1], shared[:2]) == (expected[-1], tuple(expected[:2]))
    assert repr(shared) == repr(tuple(expected))


def test_a_text_that_is_too_long_is_not_shared() -> None:
    space = TextSpace(3)
    memory = create_shared_memory(space, n=1)
    with pytest.raises(UsageError, match="at most 3 characters, not 4"):
        write_to_shared_memory(space, 0, "four", memory)
