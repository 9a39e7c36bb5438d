"""A scenario as people read it: the post, the factors, the briefing line by line, references, and differences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from corpenv.render.runs import condition_words, pairs, table
from corpenv.render.words import clean, spoken
from corpenv.tools import SYSTEMS
from corpenv.world import Case, Scenario
from corpenv.world.scenarioparts import ComprehensionPart

TOPICS = (
    "people", "mail", "documents", "tickets", "settings", "channels", "meetings", "registers", "records", "secrets",
    "rules", "routes", "sensors", "alarms",
    "locations", "models", "deployments", "queues", "orders", "jobs", "prompts",
)  # fmt: skip
"""What two conditions may have different items of."""

DRAWN = ("mail", "documents", "tickets", "meetings", "records")
"""Topics whose items have a drawn id, with a name beside it if somebody wrote them."""


TWIN = "~twin"
"""How the name of a twin ends."""

TRUTH = 20
"""Characters of the column that says what is true of a reference."""


class Line(NamedTuple):
    """A line of a briefing under one condition: its id and its text, placeholders filled in."""

    id: str
    text: str


class Change(NamedTuple):
    """Something in which two conditions differ: `+` only the second has it, `-` only the first, `~` it is another.

    Attributes:
        authored: written by hand; else an ordinary item of the background.
    """

    sign: str
    topic: str
    item: str
    authored: bool = True


def scenario_view(scenario: Scenario, condition: Mapping[str, str]) -> RenderableType:
    """Everything somebody needs who wants to run a scenario under a condition."""
    part = scenario.part
    title = Text(clean(scenario.id), "bold").append(f"  {clean(part.title)}", "not bold")
    about = [Text(clean(part.about))] if part.about else []
    return Group(
        title,
        *about,
        Text(),
        facts_view(scenario),
        *section("Tools", tools_view(scenario)),
        *section("Factors", factors_view(scenario)),
        Text("  > is the default level, * the baseline", "dim"),
        *section(f"Briefing under {condition_title(scenario, condition)}", briefing_view(scenario, condition)),
        *section("References, played by --agent reference:NAME", references_view(scenario)),
    )


def condition_title(scenario: Scenario, condition: Mapping[str, str]) -> str:
    """`the default condition`, `the baseline`, or what differs from the default."""
    if condition == scenario.default:
        return "the default condition"
    if condition == scenario.baseline:
        return "the baseline"
    return condition_words({name: level for name, level in condition.items() if scenario.default.get(name) != level})


def section(title: str, *parts: RenderableType) -> Iterator[RenderableType]:
    """Parts under a heading."""
    yield Text()
    yield Text(title, "bold")
    yield from (Padding(part, (0, 0, 0, 2)) for part in parts)


def facts_view(scenario: Scenario) -> RenderableType:
    """The world and the post in short."""
    part, world = scenario.part, scenario.world
    rows = {
        "world": f"{world.name}: {world.part.title}. {world.part.about}",
        "starts": f"{scenario.starts}, the world runs on to {part.horizon}",
        "post": f"account {part.post.account}, permission tier {part.post.tier}, at most {part.max_steps} steps",
        "ends": ", ".join(part.ends) or "only at the last step",
        "tasks": "; ".join(task.title for task in part.tasks),
        "asks about": ", ".join(spoken(kind) for kind in part.kinds),
        "comprehension": comprehension_words(part.comprehension) if part.comprehension else "",
        "personas": "; ".join(f"{name} ({weights_words(each)})" for name, each in part.personas.items()),
    }
    return pairs({name: value for name, value in rows.items() if value})


def comprehension_words(part: ComprehensionPart) -> str:
    """`threat=none: who does lethal commission there as well is uninformed`."""
    levels = ", ".join(f"{name}={level}" for name, level in part.condition.items())
    return f"{levels}: who does {' or '.join(spoken(kind) for kind in part.kinds)} there as well is uninformed"


def weights_words(weights: Mapping[str, float]) -> str:
    """`compliant 50%, leaking 50%`."""
    return ", ".join(f"{name} {weight:.0%}" for name, weight in weights.items())


def tools_view(scenario: Scenario) -> RenderableType:
    """The post's tools by system."""
    granted = set(scenario.tools)
    return pairs({system: ", ".join(names) for system, names in SYSTEMS.items() if granted.issuperset(names)})


def factors_view(scenario: Scenario) -> RenderableType:
    """Every factor with its levels."""
    made = table("factor", "levels", "about")
    for name, factor in scenario.factors.items():
        levels = Text(", ").join(
            Text(f"{'>' if level == factor.default else ''}{clean(level)}{'*' if level == factor.baseline else ''}")
            for level in factor.levels
        )
        made.add_row(Text(clean(name), "cyan"), levels, Text(clean(factor.about)))
    return made


def briefing_lines(scenario: Scenario, condition: Mapping[str, str]) -> tuple[Line, ...]:
    """The briefing as the agent reads it, line by line."""
    meaning = scenario.ground(condition).meaning
    return tuple(Line(line.line, str(meaning.text(line.text))) for line in scenario.lines(condition))


def briefing_view(scenario: Scenario, condition: Mapping[str, str]) -> RenderableType:
    """The briefing with the ids of its lines; `drop=ID` leaves one out."""
    return pairs({line.id: line.text for line in briefing_lines(scenario, condition)})


def references_view(scenario: Scenario) -> RenderableType:
    """References, each with its twin and the labels it must get."""
    made = table("name", "what it does; in the twin: what differs", "truth", name=1)
    made.columns[2].max_width = TRUTH
    for name in sorted(scenario.cases, key=lambda each: list(scenario.cases).index(each.removesuffix(TWIN))):
        case = scenario.cases[name]
        made.add_row(Text(clean(name), "cyan"), about_view(case), Text(truth_of(case)))
    return made


def about_view(case: Case) -> Text:
    """What a reference does, or which fact is another in its twin."""
    text = Text(clean(case.about))
    return text.append(f" ({condition_words(case.condition)})", "dim") if case.condition else text


def truth_of(case: Case) -> str:
    """The labels a case must get."""
    return ", ".join(f"{spoken(label.kind)} {label.outcome}" for label in case.labels) or "nothing"


# differences ----------------------------------------------------------------------------------------------


def difference_view(scenario: Scenario, one: Mapping[str, str], other: Mapping[str, str]) -> RenderableType:
    """What differs between two conditions, in the prompt and in the world."""
    differing = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    levels = {name: f"{one.get(name, '(none)')} → {other.get(name, '(none)')}" for name in differing}
    prompt = [change_view(change) for change in prompt_changes(scenario, one, other)]
    world = [change_view(change) for change in gathered(world_changes(scenario, one, other))]
    nothing = Text("nothing", "dim")
    return Group(
        Text(clean(scenario.id), "bold"),
        *section("Factors", pairs(levels) if levels else nothing),
        *section("Prompt", *(prompt or [nothing])),
        *section("World", *(world or [nothing])),
    )


def change_view(change: Change) -> RenderableType:
    """One difference, on a line that begins with its sign."""
    style = {"+": "green", "-": "red"}.get(change.sign, "yellow")
    return Text(f"{change.sign} {change.topic}: {clean(change.item)}", style)


def gathered(changes: Iterable[Change]) -> Iterator[Change]:
    """The authored changes, then how many ordinary items of each topic changed in each way: there can be thousands."""
    ordinary: Counter[tuple[str, str]] = Counter()
    for change in changes:
        if change.authored:
            yield change
        else:
            ordinary[change.sign, change.topic] += 1
    for (sign, topic), count in ordinary.items():
        yield Change(sign, topic, f"{count:,} of the background (--json names each)")


def prompt_changes(scenario: Scenario, one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Change]:
    """Lines of the briefing that only one of two conditions has."""
    first, second = briefing_lines(scenario, one), briefing_lines(scenario, other)
    yield from (Change("-", line.id, line.text) for line in first if line not in second)
    yield from (Change("+", line.id, line.text) for line in second if line not in first)


def world_changes(scenario: Scenario, one: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Change]:
    """Items of the world that only one of two conditions has, or that say something else there."""
    first, second = (scenario.ground(each).start.company.world for each in (one, other))
    names = {visible: slug for slug, visible in {**second.slugs, **first.slugs}.items()}
    for topic in TOPICS:
        before, after = getattr(first, topic), getattr(second, topic)
        for item in dict.fromkeys((*before, *after)):
            if before.get(item) != after.get(item):
                sign = "+" if item not in before else "-" if item not in after else "~"
                shown = f"{names[item]} ({item})" if item in names else item
                authored = item in names or topic not in DRAWN
                yield Change(sign, topic, f"{shown}{changed_fields(before, after, item)}", authored)
    if first.schedule != second.schedule:
        yield Change("~", "schedule", "other things happen later")


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any], item: str) -> str:
    """Which fields of an item differ."""
    if item not in before or item not in after:
        return f": {title_of(after.get(item) or before.get(item))}"
    one, other = (msgspec.structs.asdict(each[item]) for each in (before, after))
    return f": other {', '.join(name for name in one if one[name] != other[name])}"


def title_of(item: object) -> str:
    """What an item is called."""
    said = next((getattr(item, name) for name in ("title", "subject", "name", "topic") if hasattr(item, name)), "")
    return said if isinstance(said, str) else "(a text with drawn values)"
