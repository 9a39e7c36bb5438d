"""What became of an input, and the bookkeeping of the world, outside every view."""

from corpenv.events.base import Due, Event

# What became of an input ---------------------------------------------------------------------------------


class CallAccepted(Event, frozen=True):
    """The call was carried out. Counts as a step."""

    tool: str


class CallRefused(Event, frozen=True):
    """The call was not allowed or not understood; `reason` is the sentence the agent read. Counts as a step."""

    tool: str
    reason: str


class CallWithheld(Event, frozen=True):
    """A guardrail kept the call from taking effect. Counts as a step."""

    tool: str
    by: str
    reason: str


class Spoke(Event, frozen=True):
    """A turn without calls. Counts as a step."""


class Waited(Event, frozen=True):
    """The actor lets time pass, at most until `until`."""

    until: int


class Finished(Event, frozen=True):
    """The agent handed over; `note` is its report."""

    note: str


class Stopped(Event, frozen=True):
    """The agent's part is over: `reason` names the end. The world may run on."""

    reason: str


class TimePassed(Event, frozen=True):
    """Nothing but time."""


# Bookkeeping of the world, outside every view ---------------------------------------------------------------


class Planned(Event, frozen=True):
    """The world will do something."""

    due: Due


class Happened(Event, frozen=True):
    """The planned thing numbered `number` is being done now, and is no longer planned."""

    number: int


class MarkReached(Event, frozen=True):
    """A predicate that some `ever:` asks about held for the first time."""

    mark: str
