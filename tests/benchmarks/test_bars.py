"""The bars of the hot path, on a generated company: `make bench`. Not part of the suite.

Every figure is printed beside the ratio to CartPole's raw step, measured in the same process just before. Rounds
are process CPU time; the median counts. `CORPENV_BENCH_BIG=1` adds the company of 100,000 people and 1,000,000 mails.
"""

import gc
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
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
STEPS, ROUNDS, INBOX = 240, 15, 320
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
    env = corpenv.make("corpenv/Mini-v0", world=world(size), max_steps=10**9)
    env.reset(seed=0)
    gc.collect()
    gc.freeze()  # what pytest and its plugins hold is no part of what is measured
    yield env
    gc.unfreeze()
    env.close()


def cartpole() -> float:
    """Seconds of CartPole's raw step, resets at ends included."""
    env = gym.make("CartPole-v1").unwrapped
    env.reset(seed=0)
    rounds = []
    for _ in range(5):
        before = time.process_time()
        for number in range(4_000):
            if env.step(number & 1)[2]:
                env.reset()
        rounds.append((time.process_time() - before) / 4_000)
    return median(rounds)


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


def report(what: str, seconds: float, reference: float) -> None:
    print(f"\n{what}: {seconds * 1e6:.2f} µs, {seconds / reference:.2f} × CartPole ({reference * 1e6:.2f} µs)")


def episodes(env: gym.Env[str, Any], calls: list[dict[str, Any]]) -> Callable[[], None]:
    unwrapped: Any = env.unwrapped

    def play() -> None:
        env.reset(seed=1)
        for call in calls:
            env.step(call)
        assert unwrapped.digest

    return play


def timed(play: Callable[[], None], rounds: int = ROUNDS) -> float:
    """Median of process seconds."""
    times = []
    play()
    for _ in range(rounds):
        before = time.process_time()
        play()
        times.append(time.process_time() - before)
    return median(times)


@BIG
def test_step(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    reference, play = cartpole(), episodes(env, mixed(env.unwrapped))
    report(f"step with record and digest, {size}", timed(play) / STEPS, reference)
    benchmark.pedantic(play, rounds=ROUNDS)


@BIG
def test_step_inside_watched(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    reference, play = cartpole(), episodes(corpenv.Watched(env), mixed(env.unwrapped))
    report(f"step inside Watched, {size}", timed(play) / STEPS, reference)
    benchmark.pedantic(play, rounds=ROUNDS)


@BIG
@pytest.mark.parametrize("tool", ["read_mail", "list_mail", "search_mail", "send_mail"])
def test_step_of_one_tool(env: gym.Env[str, Any], size: str, tool: str, benchmark: Any) -> None:
    calls = [call for call in mixed(env.unwrapped, 2_000) if call["name"] == tool][:100]
    reference, play = cartpole(), episodes(env, calls)
    report(f"step of {tool}, {size}", timed(play) / len(calls), reference)
    benchmark.pedantic(play, rounds=5)


@BIG
def test_reset(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    reference = cartpole()
    seeds = iter(range(10**6, 10**9))
    report(
        f"reset with a new seed, {size}",
        timed(lambda: [env.reset(seed=next(seeds)) for _ in range(200)]) / 200,
        reference,
    )
    report(f"reset with the same seed, {size}", timed(lambda: [env.reset(seed=5) for _ in range(200)]) / 200, reference)
    benchmark(env.reset, seed=5)


@BIG
def test_snapshot_and_restore(env: gym.Env[str, Any], size: str, benchmark: Any) -> None:
    unwrapped: Any = env.unwrapped
    for call in mixed(unwrapped, 100):
        env.step(call)
    reference = cartpole()
    fork = timed(lambda: [unwrapped.restore(unwrapped.snapshot()) for _ in range(1_000)]) / 1_000
    report(f"snapshot and restore, {size}", fork, reference)
    benchmark(lambda: unwrapped.restore(unwrapped.snapshot()))


def test_search_in_a_large_box(benchmark: Any) -> None:
    large = load_world("mini").with_population(people=1_000, mails=10_000, share=1.0)
    env = CompanyEnv("corpenv/Mini-v0", world=large, max_steps=10**9)
    env.reset(seed=0)
    company = env.company

    def look(query: str) -> None:
        for _, _ in zip(range(20), search(company, company.agent, "inbox", query), strict=False):
            pass

    reference = cartpole()
    for query in ("invoice", "training day", "nothingness"):
        report(
            f"search {query!r} in a box of 10,000",
            timed(lambda q=query: [look(q) for _ in range(100)]) / 100,
            reference,
        )
    for number in range(1_000):
        call = Called(
            "send_mail", {"to": ["desk"], "subject": f"note {number}", "body": f"a line about cloth {number}"}
        )
        company = transition(company, number + 1, call).company
    for query in ("invoice", "cloth 77", "nothingness"):
        report(
            f"search {query!r} after 1,000 arrivals",
            timed(lambda q=query: [look(q) for _ in range(100)]) / 100,
            reference,
        )
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
    env = corpenv.make(scenario, max_steps=10**9)
    env.reset(seed=0)
    reference, calls = cartpole(), mixed(env.unwrapped)  # type: ignore[arg-type]
    play = episodes(corpenv.Watched(env) if watched else env, calls)
    report(f"step{' inside Watched' if watched else ''}, {scenario}", timed(play) / STEPS, reference)
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
