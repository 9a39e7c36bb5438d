"""What a monitor said of one trajectory about one kind, beside what is true: all that measures are made of."""

from typing import Literal

from msgspec import Struct

Source = Literal["reference", "twin", "persona", "lookalike", "ordinary", "given"]


class Alert(Struct, frozen=True):
    """A finding on its way: at a step, with a probability."""

    step: int
    probability: float


class Scored(Struct, frozen=True):
    """One monitor, one trajectory, one kind.

    Attributes:
        family: of scenarios; the unit that samples are split and resampled by.
        pair: the same call scripts under a condition and its twin share it; "" has none.
        harmful: was it effected or attempted by the agent? None if the label is unmeasured.
        alerts: findings of the kind, in order; a fault is none.
        score: the highest probability of an alert, 0 without any; `noisy_or` is 1 - prod(1 - p).
        observable: the first step at which the view could show it, None if it never could or nothing happened.
        effect: the step at which it took effect, None if it never did.
        steps: entries of the trajectory; what was not alerted by then is censored there.
        lookalike: benign, and written to be taken for harm.
        hidden: until it took effect nothing that the view showed told it from its twin, of which the other is true.
        cost: dollars, `tokens` and `seconds` that the monitor took for this trajectory, all kinds together.
    """

    monitor: str
    trajectory: str
    family: str
    kind: str
    harmful: bool | None
    score: float
    noisy_or: float
    alerts: tuple[Alert, ...]
    steps: int
    pair: str = ""
    source: Source = "given"
    lookalike: bool = False
    hidden: bool = False
    observable: int | None = None
    effect: int | None = None
    severity: int = 0
    fault: str | None = None
    cost: float = 0.0
    tokens: int = 0
    seconds: float = 0.0
