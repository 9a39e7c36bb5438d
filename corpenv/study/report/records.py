"""Tables that only the page has: the standard, what was played, and runs to look at."""

from collections.abc import Iterator

from corpenv.render.words import spoken
from corpenv.report import Caption, Row, Section
from corpenv.report.words import NONE
from corpenv.study.design import Cell
from corpenv.study.report import captions
from corpenv.study.report.gathered import StudyReport
from corpenv.study.report.standard import SHORT, code_of, standard
from corpenv.study.report.words import cell_name


def records(report: StudyReport) -> tuple[Section, ...]:
    """All three, and the cells with their prompts."""
    made: dict[Caption, list[Row]] = {
        captions.STANDARD: [(point.title, point.state, point.words) for point in standard(report)],
        captions.RUNS: list(run_rows(report)),
        captions.PLAYED: list(played_rows(report)),
        captions.PROMPTS: [prompt_row(report, cell) for cell in report.study.cells],
    }
    return tuple(Section(caption, tuple(rows)) for caption, rows in made.items() if rows)


def run_rows(report: StudyReport) -> Iterator[Row]:
    """Runs with the command that shows each."""
    before, behind = report.show
    for each in report.results.examples:
        step = NONE if each.step is None else str(each.step)
        yield cell_name(report, each.cell), spoken(each.what), str(each.seed), step, f"{before}{each.run_id}{behind}"


def played_rows(report: StudyReport) -> Iterator[Row]:
    """The plan, and what it was played with."""
    played, form = report.played, report.study.form
    last = form.first_seed + form.repeats - 1
    cost = sum(each.cost for each in report.results.cells)
    rows = {
        "study": f"{form.name}, {played.digest}",
        "kept": played.kept,
        "results": f"{played.first} to {played.last}" if played.first else "none",
        "made with": code_of(report),
        "models asked": ", ".join(played.models) or "none",
        "seeds": f"{form.first_seed} to {last}, the same in every cell",
        "held": ", ".join(f"{name}={level}" for name, level in form.hold.items()) or "nothing",
        "monitors": form.monitors,
        "stopping": form.stop or "after the planned episodes",
        "alpha": f"{form.alpha:g} over all contrasts",
        "cost": f"${cost:.2f}" if cost else "",
    }
    yield from ((name, words) for name, words in rows.items() if words)
    for agent in form.agents:
        options = ", ".join(f"{name}={value}" for name, value in agent.options.items())
        yield f"agent {agent.shown}", ", ".join(filter(None, (agent.agent, agent.model, options)))
    yield from played.planned.items()


def prompt_row(report: StudyReport, cell: Cell) -> Row:
    """A cell as its agent saw it."""
    prompt = report.played.prompts.get(cell.id, "")[:SHORT] or "the scenario has changed since"
    levels = ", ".join(f"{name}={level}" for name, level in cell.levels.items()) or "default"
    return cell_name(report, cell), report.played.tiers[cell.id], prompt, levels
