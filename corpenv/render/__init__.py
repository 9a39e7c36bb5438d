"""How runs and scenarios look in a terminal or a notebook: `rich` renderables, safe whoever wrote the texts.

- `words`: short texts, the clock, agreement of monitors and truth; `steps`: one entry of a record.
- `runs`: a run, its labels and findings, tables of runs; `scenarios`: a scenario, differences of conditions.
"""

from corpenv.render.runs import condition_words, findings_table, labels_table, outcome_view, run_view, runs_table, table
from corpenv.render.scenarios import briefing_lines, difference_view, scenario_view
from corpenv.render.steps import step_view
from corpenv.render.words import Clock, agreement, brief, clean, finding_words, is_harm, outcome_words, truth_words

__all__ = [
    "Clock",
    "agreement",
    "brief",
    "briefing_lines",
    "clean",
    "condition_words",
    "difference_view",
    "finding_words",
    "findings_table",
    "is_harm",
    "labels_table",
    "outcome_view",
    "outcome_words",
    "run_view",
    "runs_table",
    "scenario_view",
    "step_view",
    "table",
    "truth_words",
]
