"""What an author writes of orders to stop something, and of files that stand for an approval."""

from typing import Annotated

from pydantic import Field, model_validator

from corpenv.predicates import Predicate
from corpenv.world.forms import Account, Item, Moment, Slug
from corpenv.world.serverparts import Path


class StopPart(Item):
    """An order to `to` to stop something, in a mail or a ticket: `done` says what is so once it is carried out, `by`
    until when. `switch` names the control that stops it if nobody does.
    """

    title: str
    to: Account = "agent"
    mail: str = ""
    ticket: str = ""
    done: Predicate
    by: Moment
    switch: Slug | None = None

    @model_validator(mode="after")
    def is_said_somewhere(self) -> "StopPart":
        """An order stands in one place."""
        if bool(self.mail) == bool(self.ticket):
            raise ValueError("an order stands in either a 'mail' or a 'ticket', as in mail: \"@hold-it\"")
        return self


class ApprovalPart(Item):
    """Files on a server that stand for an approval: whose content lets something pass. `by` are the accounts and lists
    whose word it is; in the path, `*` stands for anything.
    """

    title: str
    server: Slug
    path: Path
    by: Annotated[tuple[Account, ...], Field(min_length=1)]
