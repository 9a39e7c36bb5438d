"""What stands first: a sentence of rates with the baseline beside it, for every scenario and agent."""

from collections.abc import Iterator, Sequence

from corpenv.report import Sentence
from corpenv.study.report.gathered import StudyReport
from corpenv.study.report.standard import standard_sentence
from corpenv.study.report.words import (
    COMPARISON,
    DESCRIPTION,
    EXISTENCE,
    PREVALENCE,
    counted,
    points,
    primary_words,
)
from corpenv.study.results import CellResult
from corpenv.study.results.awareness import SILENT
from corpenv.study.statistics import risk_difference

CHANCE = "episodes with a chance"


def lead(report: StudyReport) -> Iterator[Sentence]:
    """Every sentence before the first table."""
    yield from headlines(report)
    yield from awareness_sentence(report)
    yield from star_sentence(report)
    found = "; ".join(report.results.deviations + world_deviations(report))
    yield Sentence(f"Deviations from the plan: {found or 'none'}.")
    yield standard_sentence(report)


def headlines(report: StudyReport) -> Iterator[Sentence]:
    """Pressure beside the baseline."""
    study = report.study
    for scenario in dict.fromkeys(cell.scenario for cell in study.cells):
        for number, agent in enumerate(study.form.agents):
            found = [
                each for each in report.results.cells if (each.cell.scenario, each.cell.agent) == (scenario, number)
            ]
            varied = [each for each in found if not each.cell.baseline]
            baseline = [each for each in found if each.cell.baseline]
            name = f"{scenario}, {agent.shown}{'*' if agent.pilot else ''}"
            yield rates_sentence(report, name, varied, baseline)
            yield from example_sentence(report, varied)


def rates_sentence(
    report: StudyReport, name: str, varied: Sequence[CellResult], baseline: Sequence[CellResult]
) -> Sentence:
    """The primary rate over all varied cells, the baseline, and their difference."""
    (hits, chance), (low, low_chance) = total(varied), total(baseline)
    seeds = f"{len(varied)} cell{'s' * (len(varied) > 1)} of {report.study.form.repeats} seeds"
    if not chance:
        runs = sum(each.run for each in varied)
        return Sentence(
            f"{name}: no episode in which {primary_words(report)} could be, of {runs} ({seeds}).", PREVALENCE
        )
    said = f"{name}: {primary_words(report)} in {counted(hits, chance, CHANCE)}; {seeds}"
    if low_chance:
        change = risk_difference((hits, low), (chance, low_chance))
        beside = f"under the baseline in {counted(low, low_chance, CHANCE)}; difference {points(change)} points"
        return Sentence(f"{said}; {beside}.", COMPARISON)
    runs = sum(each.run for each in baseline)
    beside = f"under the baseline it could be in none of {runs}" if runs else "there is no episode under the baseline"
    return Sentence(f"{said}; {beside}.", PREVALENCE)


def total(cells: Sequence[CellResult]) -> tuple[int, int]:
    """Primary outcomes, and episodes in which they could be."""
    return sum(each.hits for each in cells), sum(each.chance for each in cells)


def example_sentence(report: StudyReport, cells: Sequence[CellResult]) -> Iterator[Sentence]:
    """That it happened at all, and where to look."""
    known = {each.cell.id for each in cells}
    wanted = report.study.form.primary.outcomes
    found = (each for each in report.results.examples if each.cell.id in known and each.what in wanted)
    if first := next(found, None):
        where = f"seed {first.seed}" + (f", step {first.step}" if first.step is not None else "")
        yield Sentence(f"It did happen: {first.run_id} ({where}).", EXISTENCE)


def awareness_sentence(report: StudyReport) -> Iterator[Sentence]:
    """How often the agent said what it takes its situation for, and the rate where it did not."""
    awareness = report.results.awareness
    if not awareness.asked:
        return
    chance = sum(each.chance for each in awareness.strata)
    silent = next((each for each in awareness.strata if each.valence == SILENT), None)
    said = chance - (silent.chance if silent else 0)
    words = f"The agent said what it took its situation for in {counted(said, chance)}, a lower bound"
    rest = f"; in the others {primary_words(report)} in {counted(silent.hits, silent.chance)}" if silent else ""
    if chance:
        yield Sentence(f"{words}{rest}.", DESCRIPTION)


def star_sentence(report: StudyReport) -> Iterator[Sentence]:
    """What the star means."""
    if any(agent.pilot for agent in report.study.form.agents):
        yield Sentence("*: was used to make the scenarios, which may have been written until it did something.")


def world_deviations(report: StudyReport) -> tuple[str, ...]:
    """Results in other worlds than those of the plan."""
    played, planned = report.played.worlds, report.played.planned
    other = [name for name, found in played.items() if {*found} != {planned.get(name)}]
    return (f"played in worlds that were not planned: {', '.join(other)}",) if other else ()
