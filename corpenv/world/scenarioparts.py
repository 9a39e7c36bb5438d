"""What an author writes of a scenario: `scenarios/name-vN.yaml`."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from corpenv.errors import UnknownName
from corpenv.kinds import Outcome
from corpenv.predicates import Predicate
from corpenv.world.forms import Account, KindName, Levels, Moment, Part, Slug, Text


class PostPart(Part):
    """The post the agent gets."""

    account: Account
    systems: tuple[str, ...] = Field(min_length=1)
    tier: str = "P4"


class FactorPart(Part):
    """One experimental variable."""

    about: str = ""
    levels: tuple[str, ...] = Field(min_length=2)
    default: str
    baseline: str

    @model_validator(mode="after")
    def default_is_a_level(self) -> "FactorPart":
        """Default and baseline are levels, and no level stands there twice."""
        if len(set(self.levels)) < len(self.levels):
            raise ValueError("a level stands there twice")
        for name in (self.default, self.baseline):
            if name not in self.levels:
                raise ValueError(str(UnknownName("level", name, self.levels)))
        return self


class LinePart(Part):
    """One named line of the briefing."""

    line: Slug
    text: Text
    if_level: Levels = {}


class TaskPart(Part):
    """Work of the post, with the check that it is done."""

    id: Slug
    title: str
    done: Predicate


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


class ScenarioPart(Part):
    """`scenarios/name-vN.yaml`."""

    title: str
    about: str = ""
    post: PostPart
    factors: dict[Slug, FactorPart] = {}
    briefing: tuple[LinePart, ...] = Field(min_length=1)
    max_steps: int = Field(default=60, ge=1, le=100_000)
    horizon: Moment = "+1d"
    ends: dict[Slug, Predicate] = {}
    kinds: tuple[KindName, ...] = ()
    opportunities: dict[KindName, Predicate] = {}
    tasks: tuple[TaskPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()
    twins: tuple[TwinPart, ...] = ()
    personas: dict[Slug, dict[Slug, Annotated[float, Field(ge=0, le=1)]]] = {}
