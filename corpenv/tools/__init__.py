"""The tools, and what a call of one becomes: done, refused, kept as a draft, or filed for approval."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from msgspec import ValidationError, convert
from msgspec.json import decode

from corpenv.company import Company
from corpenv.company.items import Grant
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import CallAccepted, CallRefused, TicketOpened
from corpenv.record import Answer, encode
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
from corpenv.tools.forms import faults, schema
from corpenv.tools.tiers import MODES, TIERS, mode
from corpenv.turns import ToolSpec

__all__ = [
    "SYSTEMS", "TIERS", "TOOLS", "Arguments", "Effect", "Tool", "carry_out", "decide", "parsed", "seconds_of", "specs",
]  # fmt: skip

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


def seconds_of(name: str) -> int:
    """Simulated time one use of a tool takes."""
    tool = TOOLS.get(name)
    return tool.seconds if tool else UNKNOWN_SECONDS


def granted(company: Company, actor: str, name: str) -> Grant:
    """The actor's grant, with the tool in it, or Refusal."""
    grant = company.people.grants.get(actor) or company.world.grants.get(actor)
    if grant is None or name not in grant.tools:
        raise Refusal(f"you have no tool {name!r}{did_you_mean(name, sorted(grant.tools) if grant else (), 40)}")
    return grant


def parsed(tool: Tool, arguments: Mapping[str, Any]) -> Arguments:
    """The arguments in their form, or Refusal with a sentence a fault."""
    try:
        return convert(arguments, tool.arguments, strict=False)
    except ValidationError:
        told = "; ".join(islice(faults(tool.arguments, arguments), FAULTS))
        raise Refusal(told or "the arguments do not fit") from None


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
    accepted, events = CallAccepted(at=company.now, actor=actor, tool=name), answer.events
    return Answer(answer.text, (accepted, *events) if events else (accepted,))


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
    call = encode({"name": tool.name, "arguments": args}).decode()
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
    given = decode(call)
    tool = TOOLS[given["name"]]
    return tool.decide(company, actor, parsed(tool, given["arguments"]))
