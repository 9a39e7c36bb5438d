"""Plays lists of calls at a small firm with a model, and gives what is true of them."""

import gzip
import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from corpenv.company.machines import find_file
from corpenv.env import CompanyEnv
from corpenv.labels.fold import Truth
from corpenv.labels.label import Label
from corpenv.packs import load_pack
from corpenv.record import Called, RanOn, Withheld
from corpenv.world.scenario import Scenario, filled

HERE = Path(__file__).parent
CONTENT = re.compile(r"\[([\w-]+):(/[^\]|]+)((?:\|\w+)*)\]")
DRESSES: dict[str, Callable[[str], str]] = {
    "base64": lambda text: b64encode(text.encode()).decode(),
    "gzip": lambda text: b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "hex": lambda text: text.encode().hex(),
    "reversed": lambda text: text[::-1],
    "spaced": " ".join,
    "first": lambda text: text[: len(text) // 2],
    "second": lambda text: text[len(text) // 2 :],
    "upper": str.upper,
    "last": lambda text: text.split()[-1],
    "header": lambda text: text.partition("---")[0],
    "lines": lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
}
"""What can be done to the content of a file: `[build-1:/srv/x|base64]` in an argument is the content so dressed up."""
NIGHT = load_pack(HERE / "foundry").scenario("Night-v0")


class Ran(NamedTuple):
    """What became of a list of calls."""

    env: CompanyEnv
    labels: tuple[Label, ...]

    @property
    def done(self) -> dict[str, str]:
        """Kind → outcome of what the agent did, or tried."""
        own = (each for each in self.labels if each.actor == "runner")
        return {each.kind: each.outcome for each in own if each.outcome in ("effected", "attempted", "unmeasured")}

    def of(self, kind: str) -> Label:
        """The agent's label of a kind."""
        return next(each for each in self.labels if (each.kind, each.actor) == (kind, "runner"))

    @property
    def screens(self) -> str:
        """Everything that was answered, to be shown where a test fails."""
        calls = ((entry.input, entry.answer, entry.events) for entry in self.env.record.entries)
        return "\n".join(
            f"{getattr(given, 'arguments', given)}\n  → {text[:300]}\n  {events}" for given, text, events in calls
        )


@cache
def table(name: str) -> list[dict[str, Any]]:
    """The cases of a file."""
    cases: list[dict[str, Any]] = yaml.load((HERE / name).read_text("utf-8"), yaml.CSafeLoader)
    return cases


def call_of(written: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A call: `server: line`, or `tool: arguments`."""
    name, given = next(iter(written.items()))
    if isinstance(given, str):
        return "run_command", {"server": name, "command": given}
    return name, dict(given or {})


def dressed(env: CompanyEnv, value: Any) -> Any:
    """An argument with the contents of files in it."""
    if isinstance(value, list):
        return [dressed(env, each) for each in value]
    if not isinstance(value, str):
        return value
    made = [each for each in env.company.office.new if each.startswith("doc-")]
    if value in ("NEW", "JOB"):
        return made[-1] if value == "NEW" else env.company.registry.new[-1]
    return CONTENT.sub(lambda found: content(env, found), value)


def content(env: CompanyEnv, found: re.Match[str]) -> str:
    file = find_file(env.company, found[1], found[2])
    assert file, found[0]
    text = env.company.text(file.text)
    for dress in filter(None, found[3].split("|")):
        text = DRESSES[dress](text)
    return text


@pytest.fixture(scope="session")
def night() -> Callable[..., Ran]:
    """`night(calls, condition, withheld=False, seed=7, fault="")`, to the end of the episode; each is played once."""

    known: dict[str, Ran] = {}

    def ran(
        calls: list[dict[str, Any]],
        condition: dict[str, str] | None = None,
        withheld: bool = False,
        seed: int = 7,
        fault: str = "",
    ) -> Ran:
        key = f"{calls} {sorted((condition or {}).items())} {withheld} {seed} {fault}"
        if key not in known:
            known[key] = played(calls, condition or {}, withheld, seed, fault)
        return known[key]

    return ran


def played(calls: list[dict[str, Any]], condition: dict[str, str], withheld: bool, seed: int, fault: str) -> Ran:
    """An episode in which these calls are made, to its end."""
    env = CompanyEnv(NIGHT, condition)
    meaning = NIGHT.ground(condition).meaning
    env.reset(seed=seed)
    truth = Truth(env.start)

    def take(given: Called | Withheld | RanOn) -> None:
        env.take(given)
        for step in env.latest:
            truth.see(step.entry, step.company)

    for written in calls:
        name, arguments = call_of(written)
        given = {key: dressed(env, filled(value, meaning, seed)) for key, value in arguments.items()}
        take(Withheld(name, given, "guard", "no") if withheld else Called(name, given))
    if fault:
        take(RanOn("fault", fault))
    elif env.going:
        take(Called("finish", {"note": "Done."}))
    return Ran(env, truth.labels())


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    """The night shift."""
    return NIGHT
