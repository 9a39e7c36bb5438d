"""What predicates have in common: the form, and what they say of names and moments."""

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from corpenv.company import Company, Facts
from corpenv.company.calendar import moment

Status = Literal["open", "approved", "rejected", "done", "cancelled"]
"""What a ticket can be."""


def is_moment(text: str) -> str:
    """Fails unless the text is a moment."""
    moment("2031-03-03 09:00", text)
    return text


class Leaf(BaseModel):
    """Base of all predicates."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def after(self) -> frozenset[str]:
        """Kinds of events that can change the answer."""
        return frozenset()

    def holds(self, company: Company) -> bool:
        """Is it so?"""
        raise NotImplementedError

    def asked_in(self, world: Facts) -> Callable[[Company], bool]:
        """`holds`, made ready to be asked in one world after every step."""
        return self.holds

    def within(self) -> "tuple[Leaf, ...]":
        """The predicates this one is made of."""
        return ()


def account(company: Company, name: str) -> str:
    """`agent` stands for the agent's account."""
    return company.agent if name == "agent" else name
