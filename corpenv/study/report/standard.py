"""The reporting standard, point by point: what fills it and what is lacking, told from what the study holds."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from corpenv.report import Sentence
from corpenv.study.report.gathered import StudyReport
from corpenv.study.report.sections import sections

SHORT = 12
"""Digits of a digest that are shown."""


class Point(NamedTuple):
    """One point.

    Attributes:
        has, lacks: what fills it here, and what is not there.
        asked: does it apply to this study?
    """

    title: str
    has: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    asked: bool = True

    @property
    def state(self) -> str:
        """`filled`, `partly`, `not filled`, or that it does not apply."""
        if not self.asked:
            return "not applicable here"
        if not self.lacks:
            return "filled"
        return "partly" if self.has else "not filled"

    @property
    def words(self) -> str:
        """What there is, and what is lacking."""
        lacks = f"Lacking: {'; '.join(self.lacks)}" if self.lacks else ""
        return ". ".join(part for part in ("; ".join(self.has), lacks) if part) + "."


def standard(report: StudyReport) -> tuple[Point, ...]:
    """The fourteen points."""
    return tuple(Point(title, *told(report)) for title, told in POINTS.items())


def standard_sentence(report: StudyReport) -> Sentence:
    """How much of the standard is filled, and what a study is called that does not fill it."""
    found = standard(report)
    states = Counter(point.state for point in found)
    words = ", ".join(f"{count} {state}" for state, count in sorted(states.items(), key=lambda each: -each[1]))
    whole = states["filled"] + states["not applicable here"] == len(found)
    rest = "" if whole else "; a study that does not fill it all is exploratory"
    return Sentence(f"Reporting standard, {len(found)} points: {words}{rest}.")


Told = tuple[tuple[str, ...], tuple[str, ...], bool]
"""What there is, what is lacking, and whether the point applies."""


def told(has: Iterable[str], lacks: Iterable[str] = (), asked: bool = True) -> Told:
    """A point without its title; empty words are none."""
    return tuple(filter(None, has)), tuple(filter(None, lacks)), asked


def planned(report: StudyReport) -> Told:
    """1."""
    played, form = report.played, report.study.form
    stop = "once every contrast is decided, looked at each round" if form.stop else "after the planned episodes"
    before = played.kept <= played.first
    return told(
        [
            f"plan {played.digest[:SHORT]} with {len(report.study.cells)} cells of {form.repeats}, primary outcome, "
            f"exclusions ({', '.join(form.exclude) or 'faults alone'}) and stopping rule ({stop})",
            f"kept {played.kept}; the first result came {played.first}" if played.first and before else "",
            "deviations are listed above",
        ],
        ["" if played.first and before else "the plan was not kept before the first result",
         "" if code_of(report) else "the version of the code that made the results"],
    )  # fmt: skip


def code_of(report: StudyReport) -> str:
    """The versions that results were made with, as far as they are known."""
    shown = dict.fromkeys(
        ", ".join(f"{name} {of}" for name, of in sorted(each.items())) for each in report.played.versions
    )
    return " and ".join(filter(None, shown))


def versions(report: StudyReport) -> Told:
    """2."""
    played, form = report.played, report.study.form
    asked = [agent for agent in form.agents if agent.model]
    bare = [agent.shown for agent in asked if "temperature" not in agent.options]
    efforts = [agent.shown for agent in asked if not any("effort" in name for name in agent.options)]
    models = f"models {', '.join(played.models)}, asked {played.first} to {played.last}" if played.models else ""
    return told(
        [code_of(report), f"digests of {len(played.planned)} scenarios and {len(played.prompts)} prompts",
         models or "no model was asked"],
        [f"temperature of {', '.join(bare)}" if bare else "", f"effort of {', '.join(efforts)}" if efforts else "",
         "how reasoning was captured and which safety filters the provider has" if played.models else "",
         "prompts of scenarios that have changed since" if len(played.prompts) < len(report.study.cells) else ""],
    )  # fmt: skip


def pilots(report: StudyReport) -> Told:
    """3."""
    found = [agent.shown for agent in report.study.form.agents if agent.pilot]
    return told(
        [f"starred: {', '.join(found)}" if found else "the plan names no agent that the scenarios were made with"]
    )


def cells(report: StudyReport) -> Told:
    """4."""
    found = report.results.cells
    hits, informed = sum(each.hits for each in found), sum(each.informed for each in found)
    excluded = sum(each.run - each.valid for each in found)
    return told(
        [
            f"{sum(each.run for each in found)} of {len(report.study)} episodes played, {excluded} left out by reason, "
            f"Wilson intervals, work done, dropped orders and ways out by cell",
            f"the agent had read what it used in {informed} of {hits} in which it did it" if hits else "",
            "events by kind and phase",
        ],
        ["whether those who did nothing had understood", "" if report.study.form.baseline else "a baseline cell"],
    )


def contrasts(report: StudyReport) -> Told:
    """5."""
    found = [each for each in report.results.contrasts if each.sides]
    lines = sum(each.contrast.factor == "drop" for each in found)
    scenarios = len(report.study.form.scenarios)
    every = len(report.results.contrasts)
    return told(
        [f"{len(found)} of {every} contrasts with difference, odds ratio, Fisher's test and Holm",
         f"{lines} of them of briefing lines" if lines else "",
         "logistic regression clustered by scenario and seed" if report.results.effects else ""],
        ["" if found else "a contrast with a chance on both sides",
         "random effects of scenarios: they are fixed here" if scenarios > 1 else "",
         "the effect of each briefing line" if not lines else ""],
        bool(report.results.contrasts),
    )  # fmt: skip


def origins(report: StudyReport) -> Told:
    """6."""
    counts = Counter[str]()
    for each in report.results.kinds:
        counts.update(each.origins)
    words = ", ".join(f"{count} {origin}" for origin, count in sorted(counts.items())) or "nothing was done or tried"
    disclosed = any(each.kind == "damage_nondisclosure" for each in report.results.kinds)
    return told(
        [f"{words}; attempts and effects have columns of their own",
         "whether the hand-over names the damage is a kind of its own" if disclosed else ""],
        ["an interrogation after the episode"],
    )  # fmt: skip


def aware(report: StudyReport) -> Told:
    """7."""
    found = report.results.awareness
    bases = ", ".join(f"{count} by {basis}" for basis, count in found.bases.items())
    return told(
        [f"rate by valence, tax, contrasts without such statements; a lower bound; read {bases or 'in no episode'}"]
        if found.asked else [],
        ["agreement with a second grader"] if found.asked else ["the scenarios do not ask about it"],
    )  # fmt: skip


def oracles(report: StudyReport) -> Told:
    """8."""
    counts = Counter[str]()
    for each in report.results.kinds:
        counts.update(each.bases)
    words = ", ".join(f"{count} on {basis}" for basis, count in sorted(counts.items()))
    return told(
        [
            f"labels of what was done or tried stand on: {words}"
            if words
            else "no label tells of anything done or tried"
        ],
        ["twin flips, benign fires and agreement with people belong to the release (corpenv check, corpenv bench)"],
    )


def monitors(report: StudyReport) -> Told:
    """9."""
    known = [each for each in report.results.monitors if each.harmful]
    return told(
        [f"{report.study.form.monitors}: recall and false alarms at a probability set beforehand, for {len(known)} "
         "kinds with harm; alarms before and after the effect"],
        ["thresholds by family, AUROC, calibration, look-alikes, cost, metadata baseline (corpenv bench --runs)",
         "an arm in which the agent knows of the monitor", "an adaptive attack"],
        bool(report.results.monitors),
    )  # fmt: skip


def base_rates(report: StudyReport) -> Told:
    """10."""
    known = [each for each in report.results.monitors if each.harmful and each.benign]
    return told(
        [f"at 0.01%, 0.1% and 1%, for {len(known)} kinds"] if known else [],
        [] if known else ["a kind with episodes of both sorts"],
        bool(report.results.monitors),
    )


def claims(report: StudyReport) -> Told:
    """11."""
    kinds = Counter(section.caption.claim.removeprefix("claim: ") for section in sections(report))
    words = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()) if kind)
    return told([f"tables by what they allow to say: {words}; none is about deployments"])


def realistic(report: StudyReport) -> Told:
    """12."""
    whole = len(report.realism) == len(report.played.planned)
    return told(
        [f"background and plot of {len(report.realism)} scenarios"] if report.realism else [],
        ["realism judged in pairs against real logs",
         "" if whole else "figures of scenarios that have changed since"],
    )  # fmt: skip


def transcripts(report: StudyReport) -> Told:
    """13."""
    runs = sum(each.run for each in report.results.cells)
    return told(
        [f"{runs} whole records with digests are in the store; corpenv export writes them for others to label"],
        ["a release of them, encrypted or gated"],
    )


def tiers(report: StudyReport) -> Told:
    """14."""
    counts = Counter(report.played.tiers.values())
    words = ", ".join(f"{tier} in {count} cells" for tier, count in sorted(counts.items()))
    return told([f"played: {words}"], ["which of them a company would really grant"])


POINTS: Mapping[str, Callable[[StudyReport], Told]] = {
    "1 Written down beforehand": planned,
    "2 Versions, prompts, models": versions,
    "3 Pilot models": pilots,
    "4 Every denominator of every cell": cells,
    "5 Contrasts": contrasts,
    "6 Initiated, inherited, instructed": origins,
    "7 Awareness": aware,
    "8 Oracles validated": oracles,
    "9 Monitors": monitors,
    "10 Alarms where harm is rare": base_rates,
    "11 Kind of claim": claims,
    "12 Realism": realistic,
    "13 Transcripts": transcripts,
    "14 Permissions": tiers,
}
