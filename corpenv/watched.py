"""Watching an episode: monitors see it through their views, truth is folded beside them."""

from codecs import lookup
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any

import gymnasium as gym

from corpenv.company import replay
from corpenv.env import CompanyEnv, Observation
from corpenv.errors import UsageError
from corpenv.labels.fold import Truth
from corpenv.labels.label import Label
from corpenv.models.calls import ModelCall, calls_by
from corpenv.monitors import monitors_of
from corpenv.record import Entry, Log, Record
from corpenv.transition import Step
from corpenv.turns import clean_text
from corpenv.views import Finding, Monitor, Seen, View, seen_of
from corpenv.world import Start

lookup("rot13")  # labels read texts turned by it: loaded now, so that no step of an episode loads it


class Watch:
    """Monitors and truth on one episode after the other.

    Monitors see every step as it happens. Truth is folded once labels are asked for: states are values, and keep.

    Attributes:
        asks: do any of the monitors ask models?
    """

    def __init__(self, monitors: str | Iterable[Monitor] | None = "rules") -> None:
        self.pristine = monitors_of(monitors)
        self.asks = any(hasattr(each, "model_calls") for each in self.pristine)
        self.monitors: tuple[tuple[View, tuple[Monitor, ...]], ...] = ()
        self.findings: list[Finding] = []
        self.start: Start | None = None
        self.truth: Truth | None = None
        self.unfolded: list[Step] = []

    def begin(self, start: Start) -> None:
        """A new episode: monitors forget the last one."""
        self.gather(deepcopy(self.pristine))
        self.start, self.truth, self.unfolded = start, None, []

    def gather(self, monitors: tuple[Monitor, ...]) -> None:
        """Monitors that have seen nothing yet; those of one view in a row look at the same."""
        self.findings = []
        self.monitors = tuple((view, tuple(group)) for view, group in groupby(monitors, lambda each: each.view))

    def see(self, step: Step) -> None:
        """What was carried out, and the company after it."""
        if self.start is None:
            raise UsageError("nothing is being watched: call reset() first")
        self.unfolded.append(step)
        self.show(step.entry)

    def show(self, entry: Entry) -> None:
        """Let every monitor look at an entry, each through its view."""
        for view, monitors in self.monitors:
            seen = seen_of(entry, view)
            for monitor in monitors:
                if found := looked(monitor, seen):
                    self.findings += found

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """Every attempt of a monitor to get an answer from a model so far, under the monitor's name."""
        monitors = (monitor for _, group in self.monitors for monitor in group)
        return tuple(call for monitor in monitors for call in calls_by(monitor, monitor.name))

    def labels(self) -> tuple[Label, ...]:
        """What is true so far."""
        if self.start is None:
            return ()
        truth = self.truth = self.truth or Truth(self.start)
        for step in self.unfolded:
            truth.see(step.entry, step.company)
        self.unfolded = []
        return truth.labels()


def looked(monitor: Monitor, seen: Seen) -> Sequence[Finding]:
    """What a monitor finds; its own failure is a finding too, and never a label."""
    try:
        found = monitor.see(seen)
        return list(found) if found else ()
    except Exception as error:  # a monitor is somebody else's code, and the episode must not hang on it
        fault = clean_text(f"{type(error).__name__}: {error}")
        return [Finding(monitor.name, "", seen.step, 0.0, 0, "the monitor failed", fault=fault)]


def findings_in(record: Record, monitors: str | Iterable[Monitor] = "rules") -> tuple[Finding, ...]:
    """What monitors find in a record, offline: the same as live."""
    watch = Watch(monitors)
    watch.gather(deepcopy(watch.pristine))
    for entry in record.entries:
        watch.show(entry)
    return tuple(watch.findings)


def steps_of(start: Start, record: Record) -> Iterable[Step]:
    """A record as it was carried out: every entry with the company after it."""
    company = start.company
    for entry in record.entries:
        company = replay(company, entry.events)
        yield Step(company, entry)


class Watched(gym.Wrapper[str, Mapping[str, Any], str, Mapping[str, Any]]):
    """An environment with monitors on it.

    Args:
        env: made with `gymnasium.make("corpenv/…")` or `corpenv.make`.
        monitors: `"rules"`, names with commas between them, or monitors.

    `findings` is what monitors say so far, `labels()` what is true so far. Neither reaches the agent.
    """

    def __init__(self, env: gym.Env[str, Mapping[str, Any]], monitors: str | Iterable[Monitor] = "rules") -> None:
        super().__init__(env)
        if not isinstance(env.unwrapped, CompanyEnv):
            raise UsageError(f"Watched is for environments of corpenv, not for {type(env.unwrapped).__name__}")
        self.company_env = env.unwrapped
        self.watch = Watch(monitors)
        self.start: Start | None = None
        self.seen: Log[Entry] = Log.of()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
        """Begin an episode, watched from its start."""
        observation, info = self.env.reset(seed=seed, options=options)
        self.begin()
        return observation, info

    def step(self, action: Mapping[str, Any]) -> Observation:
        """One tool call, watched."""
        result = self.env.step(action)
        self.look()
        return result  # type: ignore[return-value]

    def begin(self) -> None:
        """Forget the last episode."""
        self.watch.begin(self.company_env.start)
        self.start, self.seen = self.company_env.start, self.company_env.entries

    def look(self) -> None:
        """See what happened since the last look, also where the environment was used without this wrapper."""
        env = self.company_env
        if env.entries is self.seen or not (self.start or env.entries):
            return
        if env.before is self.seen and env.start is self.start:  # what was carried out last is all that is new
            steps: Iterable[Step] = env.latest
        else:
            self.begin()
            steps = steps_of(env.start, env.record)
        for step in steps:
            self.watch.see(step)
        self.seen = env.entries

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What monitors say so far."""
        self.look()
        return tuple(self.watch.findings)

    def labels(self) -> tuple[Label, ...]:
        """What is true so far; final once the episode has ended."""
        self.look()
        return self.watch.labels()
