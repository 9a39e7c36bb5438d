"""A scenario: a world with a post, and one experimental variable a factor. Its `start` is where episodes begin."""

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.groups import Oversight, Plan
from corpenv.company.items import Grant
from corpenv.company.text import Text, render
from corpenv.errors import UnknownName, UsageError
from corpenv.record import encode
from corpenv.tools import TIERS, TOOLS, specs
from corpenv.turns import ToolCall, Turn
from corpenv.world.build import build, said_lines
from corpenv.world.checks import scenario_faults
from corpenv.world.parts import CallPart, FactorPart, LabelPart, LinePart, ScenarioPart
from corpenv.world.starts import Rules, Start, first_screen, marks_at_start
from corpenv.world.texts import Meaning

if TYPE_CHECKING:
    from corpenv.world.world import World


class Case(NamedTuple):
    """A reference or a twin, ready to be played: calls, condition and the labels it must get."""

    name: str
    about: str
    condition: Mapping[str, str]
    calls: tuple[CallPart, ...]
    labels: tuple[LabelPart, ...]


class Ground(NamedTuple):
    """A start with seed 0, and what placeholders stand for there."""

    start: Start
    meaning: Meaning


class Scenario:
    """A world with a post.

    Attributes:
        id: for example `corpenv/Mini-v0`.
        world: the company it plays in.
        part: what its file says.
    """

    def __init__(self, scenario_id: str, world: "World", part: ScenarioPart) -> None:
        self.id, self.world, self.part = scenario_id, world, part
        self._grounds: dict[tuple[tuple[str, str], ...], Ground] = {}

    # factors --------------------------------------------------------------------------------------------

    @cached_property
    def factors(self) -> dict[str, FactorPart]:
        """Every factor; the permission tier is one everywhere."""
        tier = FactorPart.model_construct(  # unchecked: `faults` tells of a tier that does not exist, with its place
            about="What the account may do by itself.",
            levels=TIERS,
            default=self.part.post.tier,
            baseline=self.part.post.tier,
            by_seed={},
        )
        return {**self.part.factors, "tier": tier}

    @property
    def default(self) -> dict[str, str]:
        """The pressure case."""
        return {name: factor.default for name, factor in self.factors.items()}

    @property
    def baseline(self) -> dict[str, str]:
        """The same world without pressure."""
        return {name: factor.baseline for name, factor in self.factors.items()}

    def condition(self, levels: Mapping[str, str] | str | None = None) -> dict[str, str]:
        """The level of every factor: the default, changed by `levels`; or `"default"` or `"baseline"`.

        `drop` is not a factor but names briefing lines to leave out, with commas between them.

        Raises:
            UnknownName: no such factor, level or line.
        """
        if levels is None or isinstance(levels, str):
            named = {None: self.default, "default": self.default, "baseline": self.baseline}
            if levels not in named:
                raise UnknownName("condition", levels, ("default", "baseline"))
            return named[levels]
        if not isinstance(levels, Mapping):
            raise UsageError(f"a condition is levels by factor, 'default' or 'baseline', not {levels!r}")
        chosen = self.default
        for name, level in levels.items():
            if name == "drop":
                self.check_lines(str(level))
            elif name not in self.factors:
                raise UnknownName(f"factor of {self.id}", name, (*self.factors, "drop"))
            elif str(level) not in self.factors[name].levels:
                raise UnknownName(f"level of {name}", level, self.factors[name].levels)
            chosen[name] = str(level)
        return chosen

    def check_lines(self, dropped: str) -> None:
        """Every dropped line is one of the briefing's."""
        known = [line.line for line in self.part.briefing]
        for name in filter(None, dropped.split(",")):
            if name not in known:
                raise UnknownName(f"briefing line of {self.id}", name, known)

    def lines(self, condition: Mapping[str, str]) -> tuple[LinePart, ...]:
        """The lines of the briefing that are said under a condition."""
        return said_lines(self.part, self.settled(condition, 0))

    # start ----------------------------------------------------------------------------------------------

    @cached_property
    def digest(self) -> str:
        """sha256 over everything authored: the world and this scenario."""
        written = encode(self.part.model_dump(mode="json", exclude_defaults=True))
        return sha256(self.world.digest.encode() + written).hexdigest()

    @property
    def starts(self) -> str:
        """Calendar text of second 0."""
        return self.part.starts or self.world.part.starts

    @cached_property
    def tools(self) -> tuple[str, ...]:
        """Names of the tools of the post."""
        return tuple(name for name, tool in TOOLS.items() if tool.system in self.part.post.systems)

    def settled(self, levels: Mapping[str, str] | str | None, seed: int) -> dict[str, str]:
        """A condition in which the seed has picked what it picks."""
        condition = self.condition(levels)
        for name in self.picked:
            condition[name] = self.factors[name].settled(name, condition[name], seed)
        return condition

    @cached_property
    def picked(self) -> tuple[str, ...]:
        """Factors with a level that the seed picks."""
        return tuple(name for name, factor in self.factors.items() if factor.by_seed)

    def ground(self, levels: Mapping[str, str] | str | None = None, seed: int = 0) -> Ground:
        """What episodes of one condition stand on, made once; `seed` picks the levels that it picks.

        Raises:
            PackError: the pack does not hold together under this condition; one line a fault.
        """
        condition = self.settled(levels, seed)
        key = tuple(sorted(condition.items()))
        if key not in self._grounds:
            self._grounds[key] = self.made(condition)
        return self._grounds[key]

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """What is wrong under every condition: in the scenario, and in its world as far as the scenario goes."""
        return (*self.world.faults, *scenario_faults(self.part, self.world.parts, self.factors))

    def made(self, condition: dict[str, str]) -> Ground:
        """The ground of a condition."""
        world, population = self.world, self.world.population.at(self.starts)
        part = world.part.model_copy(update={"starts": self.starts})
        facts, said, meaning = build(part, world.parts, world.slugs, self.part, condition, population, self.faults)
        facts.digest = self.digest
        facts.grants = {self.part.post.account: Grant(frozenset(self.tools), condition["tier"])}
        company = Company(facts, 0, plan=Plan(due=facts.schedule, number=len(facts.schedule)))
        company = replace(company, oversight=Oversight(marks=marks_at_start(company)))
        scope = tuple(facts.slugs[name[1:]] if name.startswith("@") else name for name in self.part.scope)
        asked = self.part
        rules = Rules(asked.kinds, asked.opportunities, asked.tasks, self.declared(meaning), scope, asked.origins)
        briefing, screen = "\n\n".join(said), first_screen(company)
        start = Start(self.id, condition, 0, company, briefing, screen, specs(self.tools), rules)
        return Ground(start, meaning)

    def declared(self, meaning: Meaning) -> tuple[tuple[Text, Mapping[str, str]], ...]:
        """What authored texts mean, as their authors declare beside them."""
        return tuple(
            (text, call.means)
            for reference in self.part.references
            for call in reference.calls
            if call.means
            for said in (call.message, *(call.args.get(name) for name in ("body", "text", "note")))
            if said and isinstance(said, str) and (text := filled_or_none(said, meaning)) is not None
        )

    def comprehension(self, levels: Mapping[str, str] | str | None = None) -> dict[str, str]:
        """The condition of the same facts without a reason to do harm, for a condition.

        Raises:
            UsageError: the scenario declares none.
        """
        if self.part.comprehension is None:
            raise UsageError(f"{self.id} declares no 'comprehension': nothing tells there who did not understand")
        return {**self.condition(levels), **self.part.comprehension.condition}

    def start(self, levels: Mapping[str, str] | str | None = None, seed: int = 0) -> Start:
        """Where an episode begins.

        Args:
            levels: what differs from the default condition, or `"baseline"`.
            seed: fills the drawn values; 0 to 2^63.
        """
        first = self.ground(levels, seed).start
        return first._replace(seed=seed, company=replace(first.company, seed=seed))

    # references -----------------------------------------------------------------------------------------

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Every reference by name, and every twin as `name~twin`."""
        cases = {
            each.name: Case(each.name, each.about, each.condition, each.calls, each.labels)
            for each in self.part.references
        }
        for twin in self.part.twins:
            condition = {**cases[twin.of].condition, **twin.condition}
            name = f"{twin.of}~twin"
            cases[name] = Case(name, twin.about, condition, cases[twin.of].calls, twin.labels)
        return cases

    def case(self, name: str) -> Case:
        """A reference or a twin.

        Raises:
            UnknownName: there is none of that name.
        """
        if name not in self.cases:
            raise UnknownName(f"reference of {self.id}", name, self.cases)
        return self.cases[name]

    def turns(self, name: str, seed: int = 0, levels: Mapping[str, str] | None = None) -> tuple[Turn, ...]:
        """The turns of a reference as an agent of this seed takes them, ids and drawn values filled in."""
        case = self.case(name)
        meaning = self.ground({**case.condition, **(levels or {})}, seed).meaning
        return tuple(
            Turn((ToolCall(call.call, filled(call.args, meaning, seed)),), call.message) for call in case.calls
        )

    def __repr__(self) -> str:
        return f"Scenario({self.id}: {self.part.title})"


def filled_or_none(written: str, meaning: Meaning) -> Text | None:
    """A text that is declared; None where a secret it speaks of is not there, so that nobody can write it."""
    try:
        return meaning.text(written)
    except ValueError:
        return None


def filled(value: Any, meaning: Meaning, seed: int) -> Any:
    """Arguments with `@slug` as visible ids and placeholders as an episode of this seed reads them."""
    if isinstance(value, str):
        if value.startswith("@") and value[1:] in meaning.ids:
            return meaning.ids[value[1:]]
        return render(meaning.text(value), seed)
    if isinstance(value, dict):
        return {name: filled(item, meaning, seed) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [filled(item, meaning, seed) for item in value]
    return value
