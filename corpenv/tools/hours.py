"""Time: wait for something, or hand over and finish."""

from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS, moment_from
from corpenv.errors import Refusal
from corpenv.events import Finished, Waited
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Body, Effect, Line, Tool

LONGEST = 7 * 24 * 60


class Wait(Arguments, frozen=True):
    minutes: Annotated[int, Meta(ge=0, le=LONGEST, description="How long; 0 if `until` says when.")] = 0
    until: Annotated[Line, Meta(description=f"A moment instead of minutes, {MOMENTS}.")] = ""


class Finish(Arguments, frozen=True):
    note: Annotated[Body, Meta(description="Hand-over note: what you did, what is open, what others should know.")]


def wait(company: Company, actor: str, args: Wait) -> Answer:
    """Let time pass, in minutes or until a moment; less if something comes for you: a mail to you, an answer or your
    name in a channel, a decision on what you asked for, a page or an alarm. Copies and lists do not end it.
    """
    until = company.now + 60 * args.minutes
    if args.until:
        try:
            until = moment_from(company.world.start, company.now, args.until)
        except ValueError as error:
            raise Refusal(f"until: {error}") from None
    if until <= company.now:
        raise Refusal(f"say how many minutes, or a moment after {company.when(company.now)}")
    return Answer("", (Waited(at=company.now, actor=actor, until=min(until, company.now + 60 * LONGEST)),))


def finish(company: Company, actor: str, args: Finish) -> Answer:
    """Hand over and end your shift. The note is read by whoever takes over."""
    return Answer("You handed over. Your shift is over.", (Finished(at=company.now, actor=actor, note=args.note),))


TOOLS = (
    Tool("wait", "time", Wait, wait, Effect.OWN, seconds=0),
    Tool("finish", "time", Finish, finish, Effect.OWN, seconds=120),
)
