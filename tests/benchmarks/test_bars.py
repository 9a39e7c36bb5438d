"""The bars of the hot path, on a generated company: `make bench`. Not part of the suite.

Every figure is printed beside the ratio to CartPole's raw step, which is measured in the same process before every
five rounds: a host that others use is fast and slow by turns. Rounds are process CPU time; medians count, of times
and of ratios. `CORPENV_BENCH_BIG=1` adds the company of 100,000 people and 1,000,000 mails.
"""

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium as gym
import pytest

import corpenv
from corpenv.company.mailbox import search
from corpenv.env import CompanyEnv
from corpenv.record import Called
from corpenv.registry import load_world
from corpenv.transition import transition
from corpenv.world import World

SIZES = {"1,000 people, 10,000 mails": (1_000, 10_000)}
if os.environ.get("CORPENV_BENCH_BIG"):
    SIZES["100,000 people, 1,000,000 mails"] = (100_000, 1_000_000)
STEPS, ROUNDS, TOGETHER, INBOX = 240, 45, 5, 320
BIG = pytest.mark.parametrize("size", SIZES)


@pytest.fixture(scope="session")
def world() -> Callable[[str], World]:
    made: dict[str, World] = {}

    def get(size: str) -> World:
        if size not in made:
            people, mails = SIZES[size]
            made[size] = load_world("mini").with_population(people=people, mails=mails, share=INBOX / mails)
        return made[size]

    return get


@pytest.fixture
def env(size: str, world: Callable[[str], World]) -> Iterator[gym.Env[str, Any]]:
    with undisturbed(corpenv.make("corpenv/Mini-v0", world=world(size), max_steps=10**9)) as env:
        yield env


@contextmanager
def undisturbed(env: gym.Env[str, Any]) -> Iterator[gym.Env[str, Any]]:
    """An environment that was begun. What pytest and its plugins hold is no part of what is measured."""
    env.reset(seed=0)
    gc.collect()
    gc.freeze()
    yield env
    gc.unfreeze()
    env.close()


@lru_cache(maxsize=1)
def pole() -> gym.Env[Any, Any]:
    env = gym.make("CartPole-v1").unwrapped
    env.reset(seed=0)
    return env


def cartpole(steps: int = 1_000) -> float:
    """Seconds of CartPole's raw step, resets at ends included."""
    env, before = pole(), time.process_time()
    for number in range(steps):
        if env.step(number & 1)[2]:
            env.reset()
    return (time.process_time() - before) / steps


def mixed(env: CompanyEnv, steps: int = STEPS) -> list[dict[str, Any]]:
    """60% read and list, 20% search, 20% send."""
    ids = [mail.id for mail in env.company.mailbox()]
    people = [account for account, person in env.company.world.people.items() if person.inside][4:504]
    words = ("invoice", "form delivery", "training day", "nothingness")
    calls: list[tuple[str, dict[str, Any]]] = []
    for number in range(steps):
        match number % 10:
            case 0 | 3 | 6:
                calls.append(("read_mail", {"mail_id": ids[number * 7 % len(ids)]}))
            case 1 | 4 | 8:
                calls.append(("list_mail", {"page": 1 + number % 3}))
            case 2 | 7:
                calls.append(("search_mail", {"query": words[number % 4]}))
            case _:
                to = [people[number % len(people)], people[number * 3 % len(people)]]
                body = "We will look at the invoice for the delivery tomorrow. " * 3
                calls.append(("send_mail", {"to": to, "subject": f"Re: form {number}", "body": body}))
    return [{"name": name, "arguments": arguments} for name, arguments in calls]


def report(what: str, play: Callable[[], Any], times: int = 1, rounds: int = ROUNDS) -> None:
    """Print what a round takes, `times` of which are one, and how often CartPole steps in that time."""
    pairs = []
    for number in range(rounds):
        if number % TOGETHER == 0:
            reference = cartpole()
            play()
        before = time.process_time()
        play()
        pairs.append(((time.process_time() - before) / times, reference))
    own, other = median(mine for mine, _ in pairs), median(reference for _, reference in pairs)
    ratio = median(mine / reference for mine, reference in pairs)
    print(f"\n{what}: {own * 1e6:.2f} µs, {ratio:.2f} × CartPole ({other * 1e6:.2f} µs)")


def episodes(env: gym.Env[str, Any], calls: list[dict[str, Any]]) -> Callable[[], None]:
    unwrapped: Any = env.unwrapped

    def play() -> None:
        env.reset(seed=1)
        for call in calls:
            env.step(call)
        assert unwrapped.digest

    return play


@BIG
def test_step(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    play = episodes(env, mixed(env.unwrapped))
    report(f"step with record and digest, {size}", play, STEPS)
    benchmark.pedantic(play, rounds=15)


@BIG
def test_step_inside_watched(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    play = episodes(corpenv.Watched(env), mixed(env.unwrapped))
    report(f"step inside Watched, {size}", play, STEPS)
    benchmark.pedantic(play, rounds=15)


@BIG
@pytest.mark.parametrize("tool", ["read_mail", "list_mail", "search_mail", "send_mail"])
def test_step_of_one_tool(env: gym.Env[str, Any], size: str, tool: str, benchmark: Any) -> None:
    calls = [call for call in mixed(env.unwrapped, 2_000) if call["name"] == tool][:100]
    play = episodes(env, calls)
    report(f"step of {tool}, {size}", play, len(calls))
    benchmark.pedantic(play, rounds=5)


@BIG
def test_reset(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    seeds = iter(range(10**6, 10**9))
    report(f"reset with a new seed, {size}", lambda: [env.reset(seed=next(seeds)) for _ in range(200)], 200)
    report(f"reset with the same seed, {size}", lambda: [env.reset(seed=5) for _ in range(200)], 200)
    benchmark(env.reset, seed=5)


@BIG
def test_snapshot_and_restore(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    unwrapped: Any = env.unwrapped
    for call in mixed(unwrapped, 100):
        env.step(call)
    forks = range(1_000)
    report(f"snapshot and restore, {size}", lambda: [unwrapped.restore(unwrapped.snapshot()) for _ in forks], 1_000)
    benchmark(lambda: unwrapped.restore(unwrapped.snapshot()))


def test_search_in_a_large_box(benchmark: Any) -> None:
    large = load_world("mini").with_population(people=1_000, mails=10_000, share=1.0)
    env = CompanyEnv("corpenv/Mini-v0", world=large, max_steps=10**9)
    env.reset(seed=0)
    company = env.company

    def look(query: str) -> None:
        for _, _ in zip(range(20), search(company, company.agent, "inbox", query), strict=False):
            pass

    for query in ("invoice", "training day", "nothingness"):
        report(f"search {query!r} in a box of 10,000", lambda q=query: [look(q) for _ in range(100)], 100)
    for number in range(1_000):
        call = Called(
            "send_mail", {"to": ["desk"], "subject": f"note {number}", "body": f"a line about cloth {number}"}
        )
        company = transition(company, number + 1, call).company
    for query in ("invoice", "cloth 77", "nothingness"):
        report(f"search {query!r} after 1,000 arrivals", lambda q=query: [look(q) for _ in range(100)], 100)
    benchmark(look, "invoice")


def test_memory_of_a_further_environment(world: Callable[[str], World], benchmark: Any) -> None:
    first = corpenv.make("corpenv/Mini-v0", world=world(next(iter(SIZES))))
    first.reset(seed=0)
    calls = mixed(first.unwrapped, 100)  # type: ignore[arg-type]
    gc.collect()
    envs: list[Any] = []
    tracemalloc.start()
    for seed in range(20):
        env = corpenv.make(first.unwrapped.scenario, max_steps=1_000)  # type: ignore[attr-defined]
        env.reset(seed=seed)
        for call in calls:
            env.step(call)
        envs.append(env)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] / len(envs)
    tracemalloc.stop()
    print(f"\nmemory of a further environment after 100 steps: {used / 1000:.0f} kB")
    benchmark(lambda: None)


def test_scripted_episodes_watched_and_stored(tmp_path: Path, benchmark: Any) -> None:
    from corpenv.agents.scripted import ScriptedAgent
    from corpenv.turns import ToolCall, Turn

    world = load_world("mini").with_population(people=1_000, mails=10_000, share=INBOX / 10_000)
    scenario = world.scenario("Mini-v0")
    env = CompanyEnv(scenario)
    turns = [Turn((ToolCall(call["name"], call["arguments"]),)) for call in mixed(env, 20)]
    agent = ScriptedAgent(turns)
    with corpenv.Store(tmp_path / "runs.db") as store:

        def play(seed: int) -> None:
            store.save(corpenv.run_episode(scenario, agent, seed=seed, max_steps=20))

        play(0)
        before, wall = time.process_time(), time.perf_counter()
        for seed in range(1, 401):
            play(seed)
        cpu, wall = time.process_time() - before, time.perf_counter() - wall
        print(f"\n20-step episodes watched and stored: {400 / wall:.0f}/s by the wall, {400 / cpu:.0f}/s of CPU")
        benchmark.pedantic(play, args=(401,), rounds=1)


@pytest.mark.parametrize("scenario", ["corpenv/Leverage-v0", "corpenv/Leak-v0"])
@pytest.mark.parametrize("watched", [False, True], ids=["bare", "watched"])
def test_step_in_calder(scenario: str, watched: bool, benchmark: Any) -> None:
    with undisturbed(corpenv.make(scenario, max_steps=10**9)) as env:
        play = episodes(corpenv.Watched(env) if watched else env, mixed(env.unwrapped))  # type: ignore[arg-type]
        report(f"step{' inside Watched' if watched else ''}, {scenario}", play, STEPS)
        benchmark.pedantic(play, rounds=5)


@pytest.mark.parametrize("scenario", ["corpenv/Mini-v0", "corpenv/Leverage-v0"])
def test_cold_make_and_reset(scenario: str, benchmark: Any) -> None:
    code = f"import gymnasium, corpenv\ngymnasium.make({scenario!r}).reset(seed=1)"

    def start() -> None:
        subprocess.run([sys.executable, "-c", code], check=True)

    start()
    before = time.perf_counter()
    for _ in range(3):
        start()
    print(f"\ncold make and reset of {scenario}: {(time.perf_counter() - before) / 3:.2f} s")
    benchmark.pedantic(start, rounds=1)
