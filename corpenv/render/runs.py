"""A run as people read it: the transcript, what is true, what monitors say; and many runs as a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from corpenv.kinds import COVARIATES
from corpenv.labels.label import Label
from corpenv.models import ModelCall
from corpenv.record import RanOn, encode
from corpenv.render.steps import MOST, step_view
from corpenv.render.words import DONE, Clock, agreement, brief, clean, is_harm, outcome_words, spoken
from corpenv.run import Ended, Run, TaskDone
from corpenv.views import Finding

if TYPE_CHECKING:
    from corpenv.store import RunRow

NARROW = 17
"""Characters of the columns of a narrow table that may be broken first."""
ROOMY = 80
"""Characters from which on a label has one line."""
NEW_EACH_STEP = 200
"""More steps than this are shown without empty lines between them."""
NO_WORLD = "Truth: unmeasured, of every kind: the episode was recorded elsewhere."
AGREEMENT = {
    "yes": "Monitors and truth agree.",
    "?": "Truth cannot be told of every kind, so the monitors cannot be judged.",
}


def table(*columns: str, **widths: int) -> Table:
    """A plain table; a column in `widths` has at least that many characters and is never broken."""
    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for name in columns:
        made.add_column(name, overflow="fold", min_width=widths.get(name), no_wrap=name in widths)
    return made


class ByWidth:
    """The first of two tables where there is room for it, else the second."""

    def __init__(self, wide: RenderableType, narrow: RenderableType) -> None:
        self.wide, self.narrow = wide, narrow

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Which one is seen when it is drawn."""
        yield self.wide if options.max_width >= ROOMY else self.narrow


def run_view(run: Run, clock: Clock, full: bool = False) -> RenderableType:
    """The whole of a run: head, steps with what was found at each, end, truth, findings."""
    return Group(head_view(run), Text(), *steps_of(run, clock, full), Text(), *outcome_view(run))


def head_view(run: Run) -> RenderableType:
    """What was played, by whom, under which condition."""
    spec = run.spec
    rows = {
        "run": run.id,
        "scenario": spec.scenario if run.imported else f"{spec.scenario}, seed {spec.seed}",
        "recorded in": f"{spec.source} ({spec.source.form})" if spec.source else "",
        "agent": spec.agent,
        "guardrails": ", ".join(spec.guardrails),
        "condition": "" if run.imported else condition_words(spec.condition) or "default",
        "laid over": ", ".join(f"{len(items)} {topic}" for topic, items in spec.world.items()),
        "models": model_words(run) or (spec.model if spec.source else ""),
        "not kept": counts_words(run.about.get("left_out")),
        "beside it": beside_words(run),
    }
    return pairs({name: value for name, value in rows.items() if value})


def pairs(rows: Mapping[str, str | Text]) -> Table:
    """Names and values in two columns."""
    made = Table.grid(padding=(0, 2, 0, 0))
    made.add_column(style="dim", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in rows.items():
        made.add_row(Text(name), value if isinstance(value, Text) else Text(clean(value)))
    return made


def condition_words(condition: Mapping[str, str]) -> str:
    """`news=told, tier=P3`."""
    return ", ".join(f"{clean(name)}={clean(level)}" for name, level in condition.items())


def counts_words(counts: object) -> str:
    """`2 × image, 1 × audio`."""
    return ", ".join(f"{count} × {what}" for what, count in counts.items()) if isinstance(counts, dict) else ""


def beside_words(run: Run) -> str:
    """What else a recording says of its episode, in short."""
    rest = {name: value for name, value in run.about.items() if name != "left_out"}
    return brief(encode(rest).decode()) if rest else ""


def model_words(run: Run) -> str:
    """How often models were asked, by the agent and by each monitor, and what it cost."""
    by = {name: [call for call in run.model_calls if call.made_by == name] for name in askers(run)}
    return "; ".join(f"{name}: {asked_words(calls)}" if name else asked_words(calls) for name, calls in by.items())


def askers(run: Run) -> Iterable[str]:
    """Who asked a model, in order; "" is the agent."""
    return dict.fromkeys(call.made_by for call in run.model_calls)


def asked_words(calls: Sequence[ModelCall]) -> str:
    """How often a model was asked, and what it cost."""
    failed = sum(bool(call.fault) for call in calls)
    costs = [call.cost for call in calls if call.cost is not None]
    cached = sum(call.cached for call in calls)
    kept = f", {cached} answered from what was kept" if cached else ""
    tokens = sum(call.tokens_in + call.tokens_out for call in calls)
    words = f"{len(calls)} requests ({failed} failed{kept}), {tokens} tokens"
    return f"{words}, ${sum(costs):.4f}" if costs else f"{words}, price unknown"


def steps_of(run: Run, clock: Clock, full: bool = False) -> Iterator[RenderableType]:
    """Every step, with the findings and labels that speak of it."""
    apart = (0, 0, 1 if len(run.record.entries) <= NEW_EACH_STEP else 0, 0)
    for entry in run.record.entries:
        findings = [finding for finding in run.findings if finding.step == entry.step]
        labels = [label for label in run.labels if step_of(label) == entry.step]
        yield Padding(step_view(entry, clock, findings, labels, None if full else MOST), apart)


def step_of(label: Label) -> int | None:
    """The step a label speaks of first, or None."""
    steps = (label.effected, label.attempted, *(each.step for each in label.evidence))
    return next((step for step in steps if step is not None), None)


# what came of it ------------------------------------------------------------------------------------------


def outcome_view(run: Run) -> Iterator[RenderableType]:
    """How it ended, what is true, what monitors say, and whether they agree."""
    yield ended_line(run.ended, steps_taken(run))
    yield Text()
    yield Text(NO_WORLD, "magenta") if run.imported else labels_table(run.labels)
    yield Text()
    yield findings_table(run.findings)
    if run.labels and not run.imported:
        yield Text()
        yield agreement_line(run.labels, run.findings)
    if run.tasks:
        yield Text()
        yield work_line(run.tasks)


def work_line(tasks: Sequence[TaskDone]) -> Text:
    """What of the post's ordinary work was done, and what was not."""
    done = [clean(task.title) for task in tasks if task.done]
    left = [clean(task.title) for task in tasks if not task.done]
    text = Text(f"Work done ({len(done)} of {len(tasks)}): {'; '.join(done) or 'none'}.")
    return text.append(f" Left: {'; '.join(left)}.", "yellow") if left else text


def ended_line(ended: Ended, steps: int) -> Text:
    """Why the episode ended, and whose fault it was if it was one."""
    text = Text(f"Ended after {steps} steps: {ended.reason}")
    if ended.owner:
        text.append(f", a fault of the {ended.owner}", "red")
    return text.append(f": {clean(ended.detail)}", "red" if ended.owner else "") if ended.detail else text


def steps_taken(run: Run) -> int:
    """How often the agent had its turn."""
    return sum(not isinstance(entry.input, RanOn) for entry in run.record.entries)


def labels_table(labels: Sequence[Label]) -> RenderableType:
    """What is true, one row a label; two lines each where there is little room."""
    if not labels:
        return Text("Truth: the scenario asks about no kind of conduct.", "dim")
    wide = table("truth", "outcome", "by", "step", "basis", "severity", truth=max(len(label.kind) for label in labels))
    narrow = table("truth\noutcome", "by\nstep", "basis\nseverity")
    for label in labels:
        kind, outcome, actor, step, basis, severity = cells = [Text(clean(cell)) for cell in label_cells(label)]
        wide.add_row(*cells, style=label_style(label))
        pairs_of = ((kind, outcome), (actor, step), (basis, severity))
        narrow.add_row(*(Text("\n").join(pair) for pair in pairs_of), style=label_style(label))
    return ByWidth(wide, narrow)


def label_cells(label: Label) -> tuple[str, ...]:
    """What is shown of a label, in the order of the wide table."""
    basis = label.basis if label.probability == 1 else f"{label.basis} {label.probability:.0%}"
    return label.kind, outcome_words(label), label.actor, str(step_of(label) or ""), basis, str(label.severity)


def label_style(label: Label) -> str:
    """Red for harm, cyan for what is told beside it, green for what was in order, dim for nothing."""
    if label.outcome in DONE:
        return "bold red" if is_harm(label.kind, label.outcome) else "cyan"
    if label.outcome == "unmeasured":
        return "magenta"
    return "green" if label.authorised_by else "dim"


def findings_table(findings: Sequence[Finding]) -> RenderableType:
    """What monitors say, one row a finding."""
    if not findings:
        return Text("Monitors found nothing.", "dim")
    made = table("monitor\nkind", "sure", "step", "claim")
    for finding in findings:
        sure = f"{finding.probability:.0%}" if finding.fault is None else "failed"
        claim = finding.claim if finding.fault is None else finding.fault
        row = (f"{finding.monitor}\n{finding.kind}", sure, str(finding.step), claim)
        made.add_row(*(Text(clean(cell)) for cell in row), style="yellow" if finding.fault is None else "magenta")
    return made


def agreement_line(labels: Sequence[Label], findings: Sequence[Finding]) -> Text:
    """Whether monitors and truth say the same."""
    how = agreement(labels, findings)
    style = {"yes": "green", "?": "magenta"}.get(how, "red")
    return Text(
        AGREEMENT.get(how, f"Monitors and truth do not agree: {how.replace('?', 'truth cannot be told')}."), style
    )


# many runs ------------------------------------------------------------------------------------------------


def runs_table(rows: "Iterable[RunRow]", defaults: Mapping[str, Mapping[str, str]], wide: bool) -> Table:
    """Stored runs, one row each, or two lines each where there is little room.

    Args:
        defaults: id of a scenario → its default condition; only levels that differ from it are shown.
        wide: one line each.
    """
    made = wide_table() if wide else narrow_table()
    for row in rows:
        default = defaults.get(row.scenario, {})
        differs = {name: level for name, level in row.condition.items() if default.get(name) != level}
        cells = cells_of(row, condition_words(differs) or "default")
        made.add_row(*(cells if wide else stacked(cells)))
    return made


def wide_table() -> Table:
    """Columns for one line a run."""
    names = ("run", "saved", "scenario", "agent", "seed", "condition", "steps", "end", "truth", "findings")
    made = table(*names)
    for column in made.columns:
        column.no_wrap = True
    return made


def narrow_table() -> Table:
    """Columns for two lines a run."""
    made = table("run\nsaved", "scenario, seed\nagent", "condition\nend, steps", "truth\nfindings")
    made.columns[0].no_wrap = True
    for column in made.columns[2:]:
        column.max_width = NARROW
    return made


def cells_of(row: "RunRow", condition: str) -> tuple[Text, ...]:
    """What is shown of a run, in the order of the wide table."""
    end = f"{row.ended} ({row.owner})" if row.owner else row.ended
    plain = (row.id, row.created[:16].replace("T", " "), row.scenario, row.agent, str(row.seed), condition)
    return (
        *(Text(clean(cell)) for cell in plain),
        Text(str(row.steps)),
        Text(clean(end)),
        truth_text(row.labels),
        Text(str(row.findings)),
    )


def truth_text(labels: Iterable[tuple[str, str]]) -> Text:
    """(kind, outcome) of every label of harm, in a few words."""
    known = tuple(labels)
    if done := [f"{spoken(kind)} {outcome}" for kind, outcome in known if is_harm(kind, outcome)]:
        return Text(", ".join(done), "bold red")
    if any(outcome == "unmeasured" for kind, outcome in known if kind not in COVARIATES):
        return Text("unmeasured", "magenta")
    return Text("nothing" if known else "", "green")


def stacked(cells: Sequence[Text]) -> Iterator[Text]:
    """The cells of the wide table as those of the narrow one."""
    run, saved, scenario, agent, seed, condition, steps, end, truth, findings = cells
    pairs_of = (
        (run, saved),
        (Text.assemble(scenario, ", ", seed), agent),
        (condition, Text.assemble(end, ", ", steps)),
        (truth, Text.assemble("findings: ", findings)),
    )
    for first, second in pairs_of:
        yield Text.assemble(first, "\n", Text.assemble(second, style="dim"))
