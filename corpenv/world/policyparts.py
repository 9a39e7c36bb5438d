"""What an author writes of standing permissions and of traces."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from corpenv.predicates import Predicate
from corpenv.world.doings import is_event
from corpenv.world.forms import Account, Item, KindName, Slug
from corpenv.world.serverparts import Path

UNASKED = ("thread", "carries")
"""What reactions look at beside the fields of an event, and policies do not."""


def is_form(allowed: dict[str, Any]) -> dict[str, Any]:
    """Fails unless it is a kind of event with fields of it."""
    for name in next(iter(is_event(allowed).values())) or {}:
        if name in UNASKED:
            raise ValueError(f"{name}: a policy looks at the fields of an event alone")
    return allowed


Form = Annotated[dict[str, dict[str, Any] | None], Field(min_length=1, max_length=1), AfterValidator(is_form)]


class PolicyPart(Item):
    """What puts acts in order: events of one of the forms in `allows`, while `if` holds. With `kinds`, for these only.

    A form is written as `on` of a reaction; in its texts `*` stands for anything. Where `if` names a ticket, an act is
    authorised by that ticket, else by the policy.
    """

    title: str
    kinds: tuple[KindName, ...] = ()
    allows: Annotated[tuple[Form, ...], Field(min_length=1)]
    when: Predicate | None = Field(default=None, alias="if")


class TracePart(Item):
    """A file in which an account has to note the commands that it runs on servers, a line `$ command` each."""

    title: str
    server: Slug
    path: Path
    of: Account
