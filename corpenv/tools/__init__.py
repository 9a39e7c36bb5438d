"""The tools, and what a call of one becomes: done, refused, kept as a draft, or filed for approval."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec
from pydantic import ValidationError

from corpenv.company import Company
from corpenv.company.items import Grant
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import CallAccepted, CallRefused, TicketOpened
from corpenv.record import Answer
from corpenv.tools import (
    alarms,
    alerts,
    calendar,
    chat,
    desk,
    directory,
    documents,
    hours,
    jobs,
    mail,
    models,
    prompts,
    records,
    rollouts,
    servers,
    settings,
    tickets,
)
from corpenv.tools.base import Arguments, Effect, Tool
from corpenv.tools.tiers import MODES, TIERS, mode
from corpenv.turns import ToolSpec, shorten

__all__ = ["SYSTEMS", "TIERS", "TOOLS", "Arguments", "Effect", "Tool", "carry_out", "decide", "seconds_of", "specs"]

TOOLS: dict[str, Tool] = {
    tool.name: tool
    for module in (
        mail,
        directory,
        chat,
        calendar,
        documents,
        records,
        tickets,
        settings,
        desk,
        hours,
        alerts,
        alarms,
        models,
        rollouts,
        jobs,
        prompts,
        servers,
    )
    for tool in module.TOOLS
}
SYSTEMS: dict[str, tuple[str, ...]] = {
    system: tuple(tool.name for tool in TOOLS.values() if tool.system == system)
    for system in dict.fromkeys(tool.system for tool in TOOLS.values())
}
UNKNOWN_SECONDS = 5
"""Simulated time a call of a tool that does not exist takes."""
FAULTS = 5
"""Faults of one call that are told at most."""


@lru_cache(maxsize=256)
def specs(names: tuple[str, ...]) -> tuple[ToolSpec, ...]:
    """Tools as a model reads them."""
    return tuple(ToolSpec(name, TOOLS[name].description, schema(TOOLS[name].arguments)) for name in names)


@lru_cache(maxsize=256)
def schema(form: type[Arguments]) -> dict[str, Any]:
    """JSON Schema of arguments, without the titles that repeat the names."""
    made = form.model_json_schema()
    made.pop("title", None)
    made.pop("description", None)
    for part in made.get("properties", {}).values():
        part.pop("title", None)
    return made


def seconds_of(name: str) -> int:
    """Simulated time one use of a tool takes."""
    tool = TOOLS.get(name)
    return tool.seconds if tool else UNKNOWN_SECONDS


def granted(company: Company, actor: str, name: str) -> Grant:
    """The actor's grant, with the tool in it, or Refusal."""
    grant = company.grant(actor)
    if grant is None or name not in grant.tools:
        raise Refusal(f"you have no tool {name!r}{did_you_mean(name, sorted(grant.tools) if grant else (), 40)}")
    return grant


def parsed(tool: Tool, arguments: Mapping[str, Any]) -> Arguments:
    """The arguments in their form, or Refusal with a sentence a fault."""
    try:
        made: Arguments = tool.arguments.__pydantic_validator__.validate_python(arguments)  # as model_validate does
    except ValidationError as error:
        raise Refusal("; ".join(islice(faults(tool, error), FAULTS))) from None
    return made


SENTENCES = {
    "missing": "is needed",
    "extra_forbidden": "there is no such argument",
    "string_type": "a text is needed",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "tuple_type": "a list is needed",
    "too_short": "holds too few",
    "too_long": "holds too many",
    "greater_than_equal": "is too small",
    "less_than_equal": "is too large",
}


LIMITS = {
    "string_too_short": ("min_length", "least"),
    "string_too_long": ("max_length", "most"),
    "too_short": ("min_length", "least"),
    "too_long": ("max_length", "most"),
    "greater_than_equal": ("ge", "least"),
    "less_than_equal": ("le", "most"),
}
"""Fault → what says how much would fit, and on which side that lies."""


def faults(tool: Tool, error: ValidationError) -> Iterable[str]:
    """Own sentences: pydantic's change between releases, and the record must not."""
    for fault in error.errors(include_url=False, include_input=False):
        name = shorten(".".join(str(part) for part in fault["loc"])) or "arguments"
        limit, side = LIMITS.get(fault["type"], ("", ""))
        if fault["type"] == "literal_error":
            options = schema(tool.arguments)["properties"][name]["enum"]
            yield f"{name}: is not one of {', '.join(options)}"
        elif fault["type"] == "string_pattern_mismatch":
            wanted = schema(tool.arguments)["properties"][name]["description"].rstrip(".")
            yield f"{name}: does not fit: {wanted[:1].lower()}{wanted[1:]}"
        elif fault["type"] == "extra_forbidden":
            yield f"{name}: there is no such argument{did_you_mean(name, tool.arguments.model_fields)}"
        else:
            told = f" ({fault['ctx'][limit]:,} at {side})" if limit else ""
            yield f"{name}: {SENTENCES.get(fault['type'], 'does not fit')}{told}"


def decide(company: Company, actor: str, name: str, arguments: Mapping[str, Any]) -> Answer:
    """What a call is: its answer and events, first of them that it was accepted or refused. Changes nothing."""
    try:
        tier, tool = granted(company, actor, name).tier, TOOLS[name]
        args = parsed(tool, arguments)
        bounded = MODES[tier]  # else how far a call reaches is no question
        answer = permitted(company, actor, tier, tool, args) if bounded else tool.decide(company, actor, args)
    except Refusal as refusal:
        refused = CallRefused(at=company.now, actor=actor, tool=name, reason=str(refusal))
        return Answer(f"{name} was refused: {refusal}.", (refused,))
    return Answer(answer.text, (CallAccepted(at=company.now, actor=actor, tool=name), *answer.events))


def permitted(company: Company, actor: str, tier: str, tool: Tool, args: Arguments) -> Answer:
    """What the actor's tier makes of a call."""
    how = mode(tier, tool.reach(company, args))
    if how == "act":
        return tool.decide(company, actor, args)
    if how == "draft" and tool.draft:
        return tool.draft(company, actor, args)
    if how == "ask":
        tool.decide(company, actor, args)  # what could not be done is not asked for either
        return asked(company, actor, tool, args)
    raise Refusal("your account may not do that itself; file a ticket with open_ticket, or ask a colleague")


def asked(company: Company, actor: str, tool: Tool, args: Arguments) -> Answer:
    """The call waits for the actor's manager."""
    me = company.find_person(actor)
    approver = me.manager if me else ""
    arguments = args.model_dump(mode="json", exclude_defaults=True)
    call = msgspec.json.encode({"name": tool.name, "arguments": arguments}, order="sorted").decode()
    opened = TicketOpened(
        at=company.now,
        actor=actor,
        ticket_id=company.new_id("ticket"),
        sort="approval",
        title=f"{tool.name} by {company.name_of(actor)}",
        text=call,
        approver=approver,
        call=call,
    )
    whom = company.name_of(approver) or "your manager"
    return Answer(f"This needs approval. {whom} has it as {opened.ticket_id}; it is done once approved.", (opened,))


def carry_out(company: Company, actor: str, call: str) -> Answer:
    """A call that was approved, whatever the actor's tier.

    Raises:
        Refusal: it was possible when it was filed, and is no more.
    """
    given = msgspec.json.decode(call)
    tool = TOOLS[given["name"]]
    return tool.decide(company, actor, parsed(tool, given["arguments"]))
