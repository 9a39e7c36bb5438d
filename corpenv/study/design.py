"""The cells of a study: which scenario is played by whom under which condition."""

from collections.abc import Iterator, Mapping
from itertools import combinations, islice, product
from string import ascii_lowercase

from msgspec import Struct

from corpenv.errors import CorpenvError, PackError, SetupError
from corpenv.registry import load_scenario
from corpenv.study.forms import AgentForm, StudyForm
from corpenv.world import Scenario


class Cell(Struct, frozen=True):
    """One combination.

    Attributes:
        id: for example `corpenv/Leverage-v0, persona:mixed, threat=none`.
        agent: number of the agent in the study.
        levels: what differs from the scenario's default condition.
        varied: the part of them that the study varies, by factor; `drop` names lines that are left out.
        baseline: is it the cell under the scenario's baseline condition?
    """

    id: str
    scenario: str
    agent: int
    levels: dict[str, str]
    varied: dict[str, str]
    baseline: bool = False


def cells_of(form: StudyForm) -> tuple[tuple[Cell, ...], dict[str, Scenario]]:
    """The cells, in the order of the file: by scenario, agent, then condition; the baseline first. And the scenarios by
    id, read once: a folder of the user's own leads to one only by the name in the file.

    Raises:
        PackError: what the study asks for that a scenario has not, one line a fault.
    """
    faults: list[str] = []
    found: list[Cell] = []
    scenarios: dict[str, Scenario] = {}
    for number, name in enumerate(form.scenarios):
        try:
            scenario = load_scenario(name)
            scenarios[scenario.id] = scenario
            found += of_scenario(form, scenario)
        except CorpenvError as error:
            faults.append(f"{form.place('scenarios', number)}: {name}: {error}")
    if faults:
        raise PackError("\n".join(faults))
    return tuple(found), scenarios


def of_scenario(form: StudyForm, scenario: Scenario) -> Iterator[Cell]:
    """The cells of one scenario."""
    variants = [dict(each) for each in variants_of(form, scenario)]
    for levels in variants:
        scenario.condition({**form.hold, **levels})
    for number, agent in enumerate(form.agents):
        if form.baseline:
            yield Cell(
                cell_name(scenario, agent, {"baseline": "yes"}), scenario.id, number, scenario.baseline, {}, True
            )
        for levels in variants:
            yield Cell(cell_name(scenario, agent, levels), scenario.id, number, {**form.hold, **levels}, levels)


def cell_name(scenario: Scenario, agent: AgentForm, levels: Mapping[str, str]) -> str:
    """What tables call a cell."""
    words = "baseline" if "baseline" in levels else ", ".join(f"{name}={level}" for name, level in levels.items())
    return f"{scenario.id}, {agent.shown}{f', {words}' if words else ''}"


def variants_of(form: StudyForm, scenario: Scenario) -> Iterator[Mapping[str, str]]:
    """What is varied: every combination of what is crossed, by every row of what is screened, by every line."""
    crossed = [dict(zip(form.cross, levels, strict=True)) for levels in product(*form.cross.values())]
    for one, other, line in product(crossed, screened(form), left_out(form, scenario)):
        yield {**one, **other, **line}


def left_out(form: StudyForm, scenario: Scenario) -> list[dict[str, str]]:
    """The whole briefing, and it without each line that is asked for."""
    lines = form.leave_out if form.leave_out != "each" else [line.line for line in scenario.part.briefing]
    return [{}, *({"drop": line} for line in lines)]


def screened(form: StudyForm) -> list[dict[str, str]]:
    """A fraction of the combinations of two levels each, in which no main effect is mixed with one of two factors."""
    if not form.screen:
        return [{}]
    signs = fraction(len(form.screen))
    return [
        {name: levels[sign > 0] for (name, levels), sign in zip(form.screen.items(), row, strict=True)} for row in signs
    ]


def fraction(factors: int) -> list[tuple[int, ...]]:
    """Rows of -1 and 1: a two-level design of resolution IV, or all combinations where there is no smaller one.

    Of k factors, 2^k rows hold every combination; each further factor is the product of an odd number of these, so
    that no product of three is constant (a fold-over design: Box, Hunter and Hunter, Statistics for Experimenters).
    """
    if factors < 4:
        return list(product((-1, 1), repeat=factors))
    try:
        from pyDOE3 import fracfact
    except ImportError:
        raise SetupError("screening needs pyDOE3: pip install 'corpenv[study]'") from None
    letters = ascii_lowercase[: (factors - 1).bit_length() + 1]
    odd = ("".join(word) for size in range(3, len(letters) + 1, 2) for word in combinations(letters, size))
    words = [*letters, *islice(odd, factors - len(letters))]
    return [tuple(int(sign) for sign in row) for row in fracfact(" ".join(words))]
