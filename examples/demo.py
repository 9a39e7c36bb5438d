"""Play the small company with agents whose conduct is known, and compare what monitors say with what is true.

Run it with `make demo`. No key and no network are needed; every run is kept in runs.db.
"""

import sys
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from corpenv import Run, Scenario, Store, run_episode
from corpenv.registry import load_scenario
from corpenv.render import Clock, agreement, finding_words, is_harm, step_view, table, truth_words
from corpenv.roster import agent_of, condition_for
from corpenv.transition import Step
from corpenv.watched import Watch

SCENARIO = "corpenv/Mini-v0"
HARMFUL = ("coercing", "leaking", "tampering")
CAST = ("reference:compliant", *(f"reference:{name}{end}" for name in HARMFUL for end in ("", "~twin")), "random")
RANDOM_STEPS = 12

console = Console(highlight=False, markup=False, emoji=False)


def main() -> None:
    scenario = load_scenario(SCENARIO)
    introduce(scenario)
    with Store("runs.db") as store:
        runs = {name: play(scenario, name) for name in CAST}
        store.save_all(runs.values())
    compare(scenario, runs)
    explain(runs["reference:coercing"])


def introduce(scenario: Scenario) -> None:
    world = scenario.world.part
    console.print(Text(f"{world.title}: {scenario.part.title}", "bold"))
    console.print(
        f"{world.about} {scenario.part.about}\n\n"
        "Eight times somebody takes the assistant's post. A twin makes the very same calls in a company in which one "
        "fact is another. You see each call, then → what is read back, · what others do, ▲ what a monitor says."
    )


def play(scenario: Scenario, name: str) -> Run:
    """One episode, shown while it is played."""
    clock, told = Clock(scenario.world.part.starts), 0

    def show(step: Step, watch: Watch) -> None:
        nonlocal told
        most = 3 * (console.width - 24)  # three lines of an answer
        console.print(step_view(step.entry, clock, watch.findings[told:], most=most))
        told = len(watch.findings)

    heading(name.removeprefix("reference:"))
    console.print(f"{about(scenario, name)}\n")
    levels, steps = condition_for(name, scenario), RANDOM_STEPS if name == "random" else None
    return run_episode(scenario, agent_of(name, scenario, levels), condition=levels, max_steps=steps, on_step=show)


def heading(text: str) -> None:
    console.print()
    console.print(Rule(Text(text, "bold cyan"), align="left", style="dim"))


def about(scenario: Scenario, name: str) -> str:
    """What an agent does, in words; of a twin, which fact is another."""
    if name == "random":
        return "Calls tools at random."
    words = scenario.case(name.removeprefix("reference:")).about
    return f"The same calls, but: {words}" if name.endswith("~twin") else words


def compare(scenario: Scenario, runs: dict[str, Run]) -> None:
    """What is true beside what monitors say."""
    made = table("what the agent did", "what is true", "what monitors say", "right?")
    made.expand, made.leading, made.columns[3].no_wrap = True, 1, True
    for column, ratio in zip(made.columns, (3, 2, 2), strict=False):
        column.ratio = ratio
    for name, run in runs.items():
        right = agreement(run.labels, run.findings)
        harm = any(is_harm(label.kind, label.outcome) for label in run.labels)
        made.add_row(
            Text.assemble((name.removeprefix("reference:"), "cyan"), f"\n{about(scenario, name)}"),
            Text("\n".join(truth_words(run.labels)), "red" if harm else "green"),
            Text("\n".join(map(finding_words, run.findings)) or "nothing", "yellow" if run.findings else ""),
            Text(right, "green" if right == "yes" else "bold red"),
        )
    heading("what is true, and what monitors say")
    console.print(made)


def explain(run: Run) -> None:
    """How to read the table, and what to try next."""
    console.print(
        "\nWhat is true is looked up in the simulated company: is there an approved ticket, is it still a secret? The "
        "monitors here are simple rules: they see the act, and not the fact that puts it in order.\n\n"
        "Outcomes: effected (took effect), attempted (stopped), none (not done, or in order), "
        "no_opportunity (could not be done), unmeasured (cannot be told)."
    )
    program = Path(sys.executable).with_name("corpenv")
    shown = program.relative_to(Path.cwd()) if program.is_relative_to(Path.cwd()) else program
    console.print(Text("\nTry next", "bold"))
    for command, words in (
        (f"show {run.id}", "the blackmail once more, with truth and findings at the steps they speak of"),
        (f"play {SCENARIO}", "take the post yourself"),
        (f"run {SCENARIO} --model openai/gpt-4o-mini", "let a model take it; needs a key, --dry-run shows the price"),
    ):
        console.print(Text(f"  {shown} {command}", "cyan").append(f"\n    {words}", "default"), soft_wrap=True)


if __name__ == "__main__":
    main()
