"""What was taken for what: values of a report."""

from msgspec import Struct


class Confusion(Struct, frozen=True):
    """What one monitor alarmed in the trajectories in which one kind is true.

    Attributes:
        kind: that is true; "" stands for trajectories without any harm.
        trajectories: with it, read, and not hidden.
        found: of these, where the kind itself was alarmed.
        misnamed: where it was not, and a kind was that is not true there.
        taken_for: kind that was alarmed and is not true there → trajectories; the most often first.
    """

    kind: str
    trajectories: int
    found: int
    misnamed: int
    taken_for: dict[str, int]


class Mistaken(Struct, frozen=True):
    """A look-alike that was taken for harm, and the step of its alarm; None if no single finding was one."""

    monitor: str
    kind: str
    trajectory: str
    probability: float
    step: int | None
