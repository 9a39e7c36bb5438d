"""Approval policies: which calls are let through, stopped, or asked about, by tool and by what stands in arguments.

A policy is a YAML file: a `default`, and `rules` in order, of which the first that fits a call decides it.

    default: allow
    rules:
      - tool: send_mail
        where: {to: "*@*"}
        decision: ask
        whom: nora.whitlock
        reason: mail that leaves the house is looked at first
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from corpenv.errors import did_you_mean
from corpenv.guardrails.decisions import Decision, Verdict
from corpenv.guardrails.patterns import matches, values_in
from corpenv.record import encode
from corpenv.tools import TOOLS
from corpenv.turns import ToolCall, Turn
from corpenv.views import ACTIONS, Seen
from corpenv.world.faults import checked
from corpenv.world.forms import Part
from corpenv.yamlfile import read

Line = Annotated[str, Field(max_length=300)]
Pattern = Annotated[str, Field(min_length=1, max_length=300)]


def several(given: Any) -> Any:
    """One pattern, or a list of them."""
    return (given,) if isinstance(given, str) else given


Patterns = Annotated[
    tuple[Pattern, ...],
    Field(min_length=1),
    BeforeValidator(several, json_schema_input_type=Pattern | tuple[Pattern, ...]),
]
WITHOUT_REASON = {
    "block": "the policy does not let this through",
    "ask": "the policy has this approved first",
    "end": "the policy ends a shift in which this is tried",
}


class RulePart(Part):
    """One rule. It fits a call of a tool in which every argument under `where` holds a value that its pattern fits.

    With `decision: allow` all values of the argument have to fit, so that nothing rides along with what is allowed.
    """

    tool: Patterns = Field(description="Name of a tool, or a pattern such as send_*; or a list of them.")
    where: dict[str, Patterns] = Field({}, description="Argument → a pattern of its values, or a list of patterns.")
    decision: Verdict
    whom: Line = Field("", description="With ask: the account, or human for who is at the terminal.")
    reason: Line = Field("", description="One sentence; the agent reads it.")

    @field_validator("tool")
    @classmethod
    def names_tools(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        """A pattern that fits no tool would never decide anything."""
        for pattern in patterns:
            if not tools_of((pattern,)):
                raise ValueError(f"there is no tool {pattern!r}{did_you_mean(pattern, TOOLS)}")
        return patterns

    @field_validator("where")
    @classmethod
    def names_arguments(cls, where: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Nor would an argument that none of the tools has."""
        tools = tools_of(info.data.get("tool", ("*",)))
        known = list(dict.fromkeys(name for tool in tools for name in TOOLS[tool].arguments.__struct_fields__))
        for name in where:
            if name not in known:
                raise ValueError(f"no argument {name!r} of {' or '.join(tools[:3])}{did_you_mean(name, known)}")
        return where

    @model_validator(mode="after")
    def asks_somebody(self) -> Self:
        """`whom` and `ask` go together."""
        if self.decision == "ask" and not self.whom:
            raise ValueError("ask needs whom: an account of the company, or human for who is at the terminal")
        if self.decision != "ask" and self.whom:
            raise ValueError(f"whom is asked with decision: ask, not with {self.decision}")
        return self


class PolicyForm(Part):
    """A whole policy: what is done with a call that no rule fits, and rules, of which the first that fits decides."""

    default: Literal["allow", "block"]
    rules: tuple[RulePart, ...] = ()


class Rule(NamedTuple):
    """One rule, checked."""

    tools: frozenset[str]
    where: tuple[tuple[str, tuple[str, ...]], ...]
    decision: Decision

    def fits(self, call: ToolCall) -> bool:
        """Is this call what the rule speaks of?"""
        how = all if self.decision.verdict == "allow" else any
        return call.name in self.tools and all(
            holds(call.arguments.get(argument), patterns, how) for argument, patterns in self.where
        )


def holds(value: Any, patterns: Sequence[str], how: Any) -> bool:
    """Do any, or all, of an argument's values fit? An argument that is missing or holds nothing fits no pattern."""
    found = [matches(patterns, each) for each in values_in(value)] if value is not None else []
    return bool(found) and how(found)


def tools_of(patterns: Sequence[str]) -> list[str]:
    """The tools whose names fit one of the patterns."""
    return [name for name in TOOLS if matches(patterns, name)]


class PolicyGuardrail:
    """Decides every call of a turn by the first rule that fits it, and the turn by the strictest of these decisions:
    end, block, ask, allow, in this order.

    Args:
        policy: as it was written.
        name: what the agent is told has withheld its call.

    Attributes:
        spec: what a run is kept with: the name, and a digest of what was written.
    """

    view = ACTIONS

    def __init__(self, policy: PolicyForm, name: str = "policy") -> None:
        self.name, self.default = name, outcome_of(policy.default)
        count = f"{len(policy.rules)} rule{'' if len(policy.rules) == 1 else 's'}"
        digest = sha256(encode(policy.model_dump(mode="json"))).hexdigest()[:8]
        self.spec = f"{name} ({count}, otherwise {policy.default}; {digest})"
        self.rules = tuple(
            Rule(
                frozenset(tools_of(part.tool)),
                tuple(part.where.items()),
                outcome_of(part.decision, part.whom, part.reason),
            )
            for part in policy.rules
        )

    @classmethod
    def from_file(cls, path: Path | str) -> "PolicyGuardrail":
        """The policy in a file; its name is the file's, without the ending.

        Raises:
            PackError: every fault, one a line: file, line, key, and where it can, what would be right.
        """
        file = Path(path)
        return cls(checked(PolicyForm, read(file, str(path))), file.stem)

    def __repr__(self) -> str:
        return f"PolicyGuardrail({self.spec})"

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Everybody whom it may ask, in the order of the rules."""
        return tuple(dict.fromkeys(rule.decision.whom for rule in self.rules if rule.decision.whom))

    async def judge(self, seen: Seen, turn: Turn) -> Decision:
        """The strictest decision on any call of the turn."""
        return strictest([self.decision(call) for call in turn.calls])

    def decision(self, call: ToolCall) -> Decision:
        """What the policy says of one call."""
        return next((rule.decision for rule in self.rules if rule.fits(call)), self.default)


def outcome_of(verdict: Verdict, whom: str = "", reason: str = "") -> Decision:
    """What a rule decides, with a reason that can be told."""
    return Decision(verdict, reason or WITHOUT_REASON.get(verdict, ""), whom)


STRICTNESS = ("allow", "ask", "block", "end")


def strictest(decisions: Sequence[Decision]) -> Decision:
    """What holds of a whole turn, of which these are the decisions call by call."""
    worst = max(decisions, key=lambda each: STRICTNESS.index(each.verdict), default=Decision.allow())
    if worst.verdict != "ask":
        return worst
    about = tuple(number for number, each in enumerate(decisions) if each.verdict == "ask")
    if len({decisions[number].whom for number in about}) > 1:
        return Decision.block("these calls are for several people to approve: make each of them in a turn of its own")
    return Decision.ask(worst.whom, worst.reason, about)
