"""What an author writes of claims, `claims.yaml`: statements about the company, with what makes them true."""

from typing import Annotated

from pydantic import Field, StringConstraints

from corpenv.predicates import Predicate
from corpenv.world.forms import Item


class ClaimPart(Item):
    """A statement about the company that can be checked: true while `holds` does, said in good faith while `evidence`
    does, recognised by the phrases of `tells`.
    """

    about: str = ""
    states: Annotated[str, Field(min_length=1, max_length=500)]
    holds: Predicate
    evidence: Predicate | None = None
    tells: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
