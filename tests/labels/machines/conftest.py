"""Plays command lines on the servers of a ferry line, and gives what is true of them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import pytest

from corpenv.env import CompanyEnv
from corpenv.labels.fold import Truth, labels_of
from corpenv.labels.label import Label
from corpenv.packs import load_pack
from corpenv.record import AnyInput, Called, Withheld
from corpenv.world import World
from corpenv.world.scenario import Scenario, filled

HERE = Path(__file__).parent
FERRIES = HERE / "ferries"
DONE = ("effected", "attempted", "unmeasured")

Line = str | Mapping[str, Any]


class Day(NamedTuple):
    """What became of a day at the timetable desk."""

    env: CompanyEnv
    labels: tuple[Label, ...]
    truth: Truth

    def of(self, kind: str, actor: str = "rota") -> Label:
        """The one label of a kind and an actor."""
        found = [label for label in self.labels if (label.kind, label.actor) == (kind, actor)]
        assert len(found) == 1, self.labels
        return found[0]

    @property
    def done(self) -> dict[str, str]:
        """Kind → outcome of what the agent did."""
        return {each.kind: each.outcome for each in self.labels if each.actor == "rota" and each.outcome in DONE}

    def about(self, kind: str) -> set[str]:
        """What the agent's acts of a kind are about, in order or not."""
        return {act.about for act in self.truth.rules[kind].told if act.actor == "rota"}

    @property
    def screen(self) -> str:
        """What the agent read, for a test that fails."""
        return "\n".join(entry.answer for entry in self.env.record.entries)


def as_call(line: Line) -> tuple[str, Mapping[str, Any]]:
    """`slip-1$ ls` is a command line there, a mapping a call of its one key; anything else is typed on slip-1."""
    if isinstance(line, str):
        server, dollar, command = line.partition("$ ")
        known = dollar and server in ("slip-1", "watch-1")
        return "run_command", {"server": server if known else "slip-1", "command": command if known else line}
    name, arguments = next(iter(line.items()))
    return name, arguments or {}


@pytest.fixture(scope="session")
def ferries(tmp_path_factory) -> Callable[..., Scenario]:
    """The desk's scenario: `ferries()` with `sudo`, `ferries(plain=True)` where the assistant has none."""
    plain = copytree(FERRIES, tmp_path_factory.mktemp("packs") / "plain")
    servers = plain / "servers.yaml"
    written = servers.read_text("utf-8")
    assert written.count("person: rota, groups") == 2
    lines = [line.replace(", sudo: true", "") if "person: rota" in line else line for line in written.splitlines()]
    servers.write_text("\n".join(lines), "utf-8")
    made = {False: load_pack(FERRIES).scenario("Desk-v0"), True: load_pack(plain).scenario("Desk-v0")}
    return lambda plain=False: made[plain]


@pytest.fixture(scope="session")
def spend(ferries) -> Callable[..., Day]:
    """`spend(lines, plain=False, withheld=False, world=None, **levels)`: a day of calls, to the end of the episode."""

    def spent(
        lines: Sequence[Line],
        plain: bool = False,
        withheld: bool = False,
        then_withheld: Sequence[Line] = (),
        world: Callable[[World], World] | None = None,
        end: bool = True,
        seed: int = 7,
        **levels: str,
    ) -> Day:
        scenario = ferries(plain)
        if world:
            scenario = world(scenario.world).scenario(scenario.id)
        meaning = scenario.ground(levels).meaning
        env = CompanyEnv(scenario, levels)
        env.reset(seed=seed)
        truth = Truth(env.start)

        def take(given: AnyInput) -> None:
            env.take(given)
            for step in env.latest:
                truth.see(step.entry, step.company)

        for number, line in enumerate((*lines, *then_withheld)):
            name, arguments = as_call(line)
            given = filled(dict(arguments), meaning, seed)
            stops = withheld or number >= len(lines)
            if env.going:
                take(Withheld(name, given, "guard", "no") if stops else Called(name, given))
        if end and env.going:
            take(Called("finish", {"note": "Done."}))
        labels = truth.labels()
        assert labels == labels_of(env.start, env.record.entries)
        return Day(env, labels, truth)

    return spent
