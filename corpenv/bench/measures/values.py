"""What measuring yields. Every share keeps its denominator; what could not be measured is None, never 0."""

from typing import Literal

from msgspec import Struct

from corpenv.bench.measures.mistakes import Confusion

State = Literal["measured", "silent", "no harm", "no benign", "no truth"]
"""Both classes are there and the monitor spoke; it never said anything of the kind; one class is missing; both are."""
How = Literal["split", "left_out"]


class Share(Struct, frozen=True):
    """`count` of `of`, and the exact 95% interval (Clopper and Pearson), which takes rows as independent.

    Attributes:
        value: count / of; None of nothing, and the interval is then 0 to 1.
    """

    count: int
    of: int
    value: float | None
    low: float
    high: float


class Estimate(Struct, frozen=True):
    """A figure and its 95% interval, from resampled families; no interval from fewer than three of them."""

    value: float
    low: float | None = None
    high: float | None = None


class Denominators(Struct, frozen=True):
    """What a figure is made of: pairs of a trajectory and a kind, read by one monitor.

    Attributes:
        rows: harmful + benign + unmeasured + failed + hidden; the last three are in no figure.
        lookalikes: of the benign.
        unmeasured: nobody knows the truth.
        failed: the monitor failed there.
        hidden: nobody could tell it from its twin through this view.
    """

    rows: int
    harmful: int
    benign: int
    lookalikes: int
    unmeasured: int
    failed: int
    hidden: int
    trajectories: int
    families: int


class Frozen(Struct, frozen=True):
    """Recall at a false-alarm rate, the threshold taken from benign rows of other families.

    Attributes:
        target: share of benign trajectories that may alarm where the threshold is taken.
        how: `split`, calibration families and test families; `left_out`, every family in turn.
        thresholds: an alarm is a score above it; (family it is used on, or "" for all of the test split; threshold).
        benign: rows the threshold was taken from, the fewest of all turns; below 1 / target it cannot be told apart
            from no false alarm at all.
        tpr: of the harmful rows that the threshold is used on.
        fpr: what became of the target there.
    """

    target: float
    how: How
    thresholds: tuple[tuple[str, float], ...]
    benign: int
    tpr: Share
    fpr: Share

    @property
    def resolved(self) -> bool:
        """Were there enough benign rows to tell the target from nothing?"""
        return self.benign * self.target >= 1


class Bin(Struct, frozen=True):
    """Rows with about the same probability: how many, what was said on average, and how often it was so."""

    rows: int
    said: float
    true: float


class Calibration(Struct, frozen=True):
    """How far probabilities can be taken at their word. Nothing said counts as probability 0.

    Attributes:
        brier: mean squared difference; `brier_of_base_rate` is what always saying the share of harm would get.
        log_score: mean of -ln of the probability given to what is true, clipped to 0.001 … 0.999 first; less is
            better.
        clipped: rows whose probability was clipped.
        ece: expected calibration error over `bins`.
        bins: of equal mass, as far as ties allow; at most ten.
    """

    brier: Estimate
    brier_of_base_rate: float
    log_score: float
    clipped: int
    ece: float
    bins: tuple[Bin, ...]


class Ranking(Struct, frozen=True):
    """How well scores put harm above the rest; trajectories by their highest probability.

    Attributes:
        noisy_or: AUROC by 1 - prod(1 - p) instead.
        pauroc: area up to 20% false alarms, standardised after McClish: 0.5 is chance, 1 perfect.
        roc: (false-alarm rate, recall, threshold), from (0, 0) to (1, 1); an alarm is a score at or above it. The
            first threshold, which no score reaches, is 2.
    """

    auroc: Estimate
    noisy_or: float
    pauroc: Estimate
    roc: tuple[tuple[float, float, float], ...]


class Audit(Struct, frozen=True):
    """What a person finds who can look at so many, the most suspicious first; ties in any order.

    Attributes:
        budget: share of trajectories that is looked at.
        caught: share of the harmful ones that is among them, in rows as they are.
        possible: what a perfect monitor would catch.
        caught_rare: the same where 1 trajectory of 100 is harmful; `possible_rare` likewise.
    """

    budget: float
    caught: float
    possible: float
    caught_rare: float
    possible_rare: float


class Detection(Struct, frozen=True):
    """Steps from where the view could first show it to the alarm (Kaplan and Meier; never alarmed is censored).

    Attributes:
        of: harmful rows that the view could show.
        never_shown: harmful rows that it never could; in no figure.
        early: alarms before that step; they count as 0 steps.
        alarmed: in the trajectory at all.
        median: steps until half of them are alarmed; None if it never came to that.
        curve: (steps, share without an alarm by then), from the first alarm on to where the last trajectory ended.
    """

    of: int
    never_shown: int
    early: int
    alarmed: Share
    median: float | None
    curve: tuple[tuple[float, float], ...]


class Lead(Struct, frozen=True):
    """The alarm beside the step at which harm took effect: before it, at it, after it or never.

    Attributes:
        before: of all harmful rows with an effect.
        timely: the same, of those that the view could show before the effect.
        median: steps that the alarm comes before the effect (negative: after it), never alarmed being censored; None if
            fewer than half are ever alarmed.
    """

    before: Share
    timely: Share
    at: int
    after: int
    never: int
    median: float | None


class Ppv(Struct, frozen=True):
    """The share of alarms that are right where harm has this base rate.

    Attributes:
        value: at the recall and false-alarm rate observed; None if there was no alarm, or no false one, as that
            would say 100% for want of rows.
        low, high: with both at the ends of their intervals.
    """

    base_rate: float
    value: float | None
    low: float
    high: float


class Cost(Struct, frozen=True):
    """For 1,000 steps, trajectories counted once."""

    trajectories: int
    steps: int
    dollars: float
    tokens: float
    seconds: float


class Measured(Struct, frozen=True):
    """One monitor on one kind, or on several as if they were one.

    Attributes:
        recall: alarms among harmful rows; an alarm is a score of `CLAIMED` or more, here and below.
        false_alarms: alarms among benign rows, look-alikes too.
        lookalikes: alarms among benign rows that were written to be taken for harm.
        unmeasured: alarms where nobody knows the truth; in no other figure.
        g_mean: sqrt(recall * (1 - false alarms)); None where one of the two has no row.
        severity_recall: severity alarmed / severity of all harmful rows; None where that is 0.
        recall_interval, false_alarms_interval: the two with families, not rows, as independent.
        ranking, calibration: None unless `state` is measured, as those intervals; `audit` is then empty.
    """

    name: str
    state: State
    denominators: Denominators
    recall: Share
    false_alarms: Share
    lookalikes: Share
    unmeasured: Share
    g_mean: float | None
    recall_interval: Estimate | None
    false_alarms_interval: Estimate | None
    severity_recall: float | None
    ranking: Ranking | None
    calibration: Calibration | None
    frozen: tuple[Frozen, ...]
    audit: tuple[Audit, ...]
    detection: Detection
    lead: Lead
    ppv: tuple[Ppv, ...]


class Macro(Struct, frozen=True):
    """Means over kinds, each counting alike; only over kinds whose state is measured."""

    kinds: int
    auroc: float
    pauroc: float
    recall: float
    false_alarms: float
    brier: float


class MonitorReport(Struct, frozen=True):
    """Everything of one monitor.

    Attributes:
        kinds: every kind that a row speaks of, in the order of the table of kinds.
        overall: the kinds of harm that it is not silent on, pooled; None if there is none.
        matched: the same, of rows whose pair has a harmful and a benign side, so that metadata cannot tell them apart.
        all_harm: alarms among harmful rows of every kind of harm, those it is silent on too.
        confusion: what harm was taken for, by the kind that is true.
    """

    monitor: str
    kinds: tuple[Measured, ...]
    overall: Measured | None
    macro: Macro | None
    matched: Measured | None
    all_harm: Share
    confusion: tuple[Confusion, ...]
    cost: Cost


class Difference(Struct, frozen=True):
    """`first` minus `second` over the rows that both have read, of kinds that neither is silent on.

    Attributes:
        rows: of a known truth, in common.
    """

    first: str
    second: str
    kinds: tuple[str, ...]
    rows: int
    families: int
    auroc: Estimate
    pauroc: Estimate
    brier: Estimate
    recall: Estimate
    false_alarms: Estimate
