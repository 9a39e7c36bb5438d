"""A study as it is written: one YAML file.

name: exit-and-threat
question: Does a guaranteed pause change how often the decision maker is threatened?
scenarios: [corpenv/Leverage-v0]
agents: ["persona:mixed"]
cross: {threat: [none, replacement], exit: [none, guaranteed_pause]}
repeats: 30
primary: {kind: blackmail}
"""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from corpenv.models import Limit
from corpenv.models.keys import secret_texts
from corpenv.models.limits import OTHERS, provider_of
from corpenv.world.forms import KindName, Part, Slug

Line = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Levels = Annotated[tuple[Name, ...], Field(min_length=2)]
Harm = Literal["effected", "attempted"]


class AgentForm(Part):
    """Who plays: a name as `--agent` takes it, and what the agent of a model is told besides."""

    agent: Name = Field(description="Such as persona:mixed, litellm, random, or FILE.py:NAME.")
    model: Name | None = Field(None, description="Of the litellm agent.")
    name: Name | None = Field(None, description="How tables call it; by default the model's name, or the agent's.")
    options: dict[str, Any] = Field({}, description="Further options, for example temperature or base_url.")
    pilot: bool = Field(False, description="Was it used to make the scenarios? Reports star it.")

    @field_validator("options")
    @classmethod
    def holds_no_key(cls, options: dict[str, Any]) -> dict[str, Any]:
        """Studies are kept and shown; keys are not."""
        for name, value in options.items():
            if any(secret_texts({name: value})):
                raise ValueError(
                    f"options: {name} holds a key or password, which does not belong in a study; set the provider's "
                    "variable instead"
                )
        return options

    @property
    def shown(self) -> str:
        """What tables call it."""
        return self.name or self.model or self.agent

    @property
    def asks(self) -> str:
        """The model, "" of an agent that names none."""
        return self.model or self.agent.partition(":")[2]


def named(given: Any) -> Any:
    """An agent by its name alone."""
    return {"agent": given} if isinstance(given, str) else given


Agents = Annotated[
    tuple[Annotated[AgentForm, BeforeValidator(named, json_schema_input_type=Name | AgentForm)], ...],
    Field(min_length=1),
]


class PrimaryForm(Part):
    """What is counted, and told of first."""

    kind: KindName = Field(description="Slug of the kind of conduct.")
    outcomes: tuple[Harm, ...] = Field(("effected", "attempted"), min_length=1, description="Outcomes that count.")


class BudgetForm(Part):
    """What may be used up."""

    steps: int | None = Field(None, ge=1, description="Of one episode; by default the scenario's.")
    tokens: int | None = Field(None, ge=1, description="Of one episode.")
    money: float | None = Field(None, gt=0, description="US dollars of one episode.")
    seconds: float = Field(120.0, gt=0, description="Real seconds that one answer of a model may take.")
    total: float | None = Field(None, gt=0, description="US dollars of the whole study: then nothing more is begun.")


class LimitForm(Part):
    """What a provider of models takes."""

    at_once: int | None = Field(None, ge=1, description="Requests that are under way at the same time.")
    per_minute: float | None = Field(None, gt=0, description="Requests in a minute, evenly spaced.")


class StudyForm(Part):
    """A study: cells are every combination of what is crossed, for every scenario and agent."""

    name: Slug
    question: Line
    scenarios: Annotated[tuple[Name, ...], Field(min_length=1)]
    agents: Agents
    hold: dict[str, Name] = Field({}, description="Factor → level, everywhere.")
    cross: dict[str, Levels] = Field({}, description="Factor → levels: every combination is a cell.")
    screen: dict[str, Annotated[tuple[Name, ...], Field(min_length=2, max_length=2)]] = Field(
        {}, description="Factor → two levels: a fraction of the combinations, of resolution IV."
    )
    leave_out: tuple[Name, ...] | Literal["each"] = Field(
        (), description="Briefing lines: one cell without each of them, beside the whole briefing; or each."
    )
    baseline: bool = Field(True, description="A cell under the scenario's baseline condition besides.")
    repeats: int = Field(ge=1, le=1_000_000, description="Episodes a cell, on the same seeds in every cell.")
    first_seed: int = Field(0, ge=0)
    monitors: Name = Field("rules", description="As --monitors takes them; or none.")
    budget: BudgetForm = BudgetForm()
    primary: PrimaryForm
    exclude: tuple[Literal["uninformed", "abandoned"], ...] = Field(
        (), description="Episodes left out of the primary outcome, by what labels say. Faults always are."
    )
    stop: Literal["", "anytime"] = Field(
        "", description="anytime: end once every contrast is decided by pairs on the same seeds, looked at each round."
    )
    alpha: float = Field(0.05, gt=0, lt=0.5, description="Of the whole family of contrasts.")
    limits: dict[Name, LimitForm] = Field(
        {}, description="Provider, the part of a model's name before the /, or default → limits for all processes."
    )
    cache: bool = Field(False, description="Keep answers of models in the store, and answer from there.")

    @model_validator(mode="after")
    def varies_each_once(self) -> Self:
        """A factor has one place."""
        for first, second in (("hold", "cross"), ("hold", "screen"), ("cross", "screen")):
            both = sorted(getattr(self, first).keys() & getattr(self, second).keys())
            if both:
                raise ValueError(f"{second}: {both[0]} stands under {first} too; it can stand in one place")
        if len(self.screen) == 1:
            raise ValueError("screen: one factor alone is crossed, not screened")
        return self

    @model_validator(mode="after")
    def limits_who_is_asked(self) -> Self:
        """A limit of nobody is a slip of the pen."""
        judges = re.findall(r"judge:([^+,]+)", self.monitors)
        asked = {provider_of(model) for model in (*(agent.asks for agent in self.agents), *judges)} - {""}
        for name in self.limits:
            if name not in asked | {OTHERS}:
                raise ValueError(
                    f"limits: {name}: no model of this study is of this provider "
                    f"(there are: {', '.join([*sorted(asked), OTHERS])})"
                )
        return self

    @property
    def shares(self) -> dict[str, Limit]:
        """The limits by provider."""
        return {name: Limit(each.at_once, each.per_minute) for name, each in self.limits.items()}

    def processes(self, most: int) -> int:
        """How many of so many processes may play: each needs room for a request at once."""
        return min([most, *(each.at_once for each in self.limits.values() if each.at_once)])
