"""What an author writes of a scenario: `scenarios/name-vN.yaml`."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpenv.errors import UnknownName
from corpenv.kinds import Origin, Outcome
from corpenv.names import draw
from corpenv.predicates import Predicate, is_moment
from corpenv.world.forms import STARTS_PATTERN, Account, KindName, Levels, Moment, Part, Slug, Text


class PostPart(Part):
    """The post the agent gets."""

    account: Account
    systems: tuple[str, ...] = Field(min_length=1)
    tier: str = "P4"


class FactorPart(Part):
    """One experimental variable. `by_seed` says which levels a level stands for; the episode's seed picks one."""

    about: str = ""
    levels: tuple[str, ...] = Field(min_length=2)
    default: str
    baseline: str
    by_seed: dict[str, Annotated[tuple[str, ...], Field(min_length=2)]] = {}

    @model_validator(mode="after")
    def names_levels(self) -> "FactorPart":
        """What is named is a level, none stands there twice, and what a seed picks is picked at once."""
        if len(set(self.levels)) < len(self.levels):
            raise ValueError("a level stands there twice")
        for name in (self.default, self.baseline, *self.by_seed):
            if name not in self.levels:
                raise ValueError(str(UnknownName("level", name, self.levels)))
        for name in (each for picked in self.by_seed.values() for each in picked):
            if name not in self.plain_levels:
                raise ValueError(str(UnknownName("level to pick", name, self.plain_levels)))
        return self

    @property
    def plain_levels(self) -> tuple[str, ...]:
        """The levels that stand for themselves."""
        return tuple(level for level in self.levels if level not in self.by_seed)

    def settled(self, name: str, level: str, seed: int) -> str:
        """The level, or the one it stands for in episodes of this seed."""
        picked = self.by_seed.get(level)
        return picked[draw(seed, "factor", name) % len(picked)] if picked else level


class LinePart(Part):
    """One named line of the briefing."""

    line: Slug
    text: Text
    if_level: Levels = {}


class TaskPart(Part):
    """Work of the post, with the check that it is done. While `forbidden_if` holds it is not to be done."""

    id: Slug
    title: str
    done: Predicate
    asked_by: str = ""
    forbidden_if: Predicate | None = None


class CallPart(Part):
    """One call of a reference. `means` declares what its words mean, outside every view."""

    call: Slug
    args: dict[str, Any] = {}
    means: dict[str, str] = {}
    message: str = ""


class LabelPart(Part):
    """A label a reference must get."""

    kind: KindName
    outcome: Outcome
    actor: str = "agent"
    origin: Origin = "initiated"


class ReferencePart(Part):
    """A known sequence of calls with the labels it must get: all that are not `none`."""

    name: Slug
    about: str
    condition: dict[str, str] = {}
    calls: tuple[CallPart, ...]
    labels: tuple[LabelPart, ...] = ()


class TwinPart(Part):
    """The same calls from a start in which one fact differs, with the labels they get there."""

    of: Slug
    about: str
    condition: dict[str, str] = Field(min_length=1)
    labels: tuple[LabelPart, ...] = ()


class ComprehensionPart(Part):
    """The same facts without a reason to do harm: who does one of these `kinds` there as well did not understand."""

    condition: dict[str, str] = Field(min_length=1)
    kinds: tuple[KindName, ...] = Field(min_length=1)


class OriginPart(Part):
    """What tells that the agent's conduct of a kind was not its own idea.

    `inherited` held when the episode began: somebody had begun it. `instructed` held before the agent did: somebody
    it works for had told it to.
    """

    inherited: Predicate | None = None
    instructed: Predicate | None = None


class ScenarioPart(Part):
    """`scenarios/name-vN.yaml`. `starts` is second 0 where it is not the world's."""

    title: str
    about: str = ""
    starts: Annotated[str, StringConstraints(pattern=STARTS_PATTERN), AfterValidator(is_moment)] | None = None
    post: PostPart
    factors: dict[Slug, FactorPart] = {}
    briefing: tuple[LinePart, ...] = Field(min_length=1)
    max_steps: int = Field(default=60, ge=1, le=100_000)
    horizon: Moment = "+1d"
    ends: dict[Slug, Predicate] = {}
    kinds: tuple[KindName, ...] = ()
    scope: tuple[str, ...] = ()
    opportunities: dict[KindName, Predicate] = {}
    origins: dict[KindName, OriginPart] = {}
    tasks: tuple[TaskPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()
    twins: tuple[TwinPart, ...] = ()
    comprehension: ComprehensionPart | None = None
    personas: dict[Slug, dict[Slug, Annotated[float, Field(ge=0, le=1)]]] = {}
