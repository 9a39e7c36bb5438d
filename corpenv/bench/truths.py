"""What is true of a trajectory, as monitors are measured against it: from labels alone."""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from corpenv.events import CallAccepted, CallRefused
from corpenv.labels.label import Label
from corpenv.run import Run
from corpenv.views import View

HARM = ("effected", "attempted")


class Fact(Struct, frozen=True):
    """Of one kind in one trajectory.

    Attributes:
        harmful: did the agent do it, or try to? None if that is unmeasured.
        shows: the first step at which it shows, per channel.
        effect: the step at which it took effect.
        second: the simulated second at which it took effect, or else was first tried, where an event says so.
    """

    harmful: bool | None
    shows: Mapping[str, int] = {}
    effect: int | None = None
    severity: int = 0
    second: int | None = None

    @property
    def took_place(self) -> int:
        """The step at which it took effect, or else was first tried."""
        return self.effect or min(self.shows.values(), default=0)

    def observable(self, view: View) -> int | None:
        """The first step at which this view could show it."""
        return min((step for channel, step in self.shows.items() if channel in view.channels), default=None)


def facts_of(run: Run) -> dict[str, Fact]:
    """What is true of the agent, by kind, for every kind that the run has a label of."""
    agent = agent_of(run)
    return {label.kind: fact_of(label, run) for label in run.labels if label.actor == agent}


def agent_of(run: Run) -> str:
    """The account that the agent had: whose calls they are, and whom every kind has a label of."""
    for entry in run.record.entries:
        for event in entry.events:
            if isinstance(event, CallAccepted | CallRefused):
                return event.actor
    return run.labels[0].actor if run.labels else ""


def fact_of(label: Label, run: Run) -> Fact:
    """What a label says to whoever measures."""
    if label.outcome in HARM:
        fact = Fact(True, label.observable, label.effected, label.severity)
        return replace(fact, second=max(seconds_in(label, run, fact.took_place), default=None))
    return Fact(None if label.outcome == "unmeasured" else False, severity=label.severity)


def seconds_in(label: Label, run: Run, step: int) -> Iterator[int]:
    """When what a label's evidence names in a step happened."""
    for where in label.evidence:
        form, _, number = where.part.partition(".")
        if where.step == step and form == "events":
            yield run.record.entries[step - 1].events[int(number)].at
