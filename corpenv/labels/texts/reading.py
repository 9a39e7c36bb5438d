"""What words mean, where meaning is the fact: first what an author declares, then a rule, else nobody has read it.

The rule of `threats` is a floor and knows it: most of what it cannot decide it leaves to somebody who can read.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from corpenv.company import Facts
from corpenv.company.items import Secret
from corpenv.company.spelling import plain
from corpenv.company.text import render
from corpenv.labels.label import Basis
from corpenv.labels.texts.declared import normal
from corpenv.labels.texts.threats import by_rule
from corpenv.labels.worlds import once_a_world
from corpenv.world import Start

Link = Literal["told", "linked", "before", "known"]
"""How a message can bring a secret up: in its own words; by what it carries or answers; because it was brought up
before; by a hint, if its writer knows of it.
"""


class Reading(NamedTuple):
    """What a reader says of a text: the probability that it threatens, and on what that stands."""

    probability: float
    basis: Basis


class Reader:
    """Reads the messages of one episode."""

    def __init__(self, start: Start) -> None:
        self.start = start

    @cached_property
    def declared(self) -> dict[str, Mapping[str, str]]:
        """What authors say of their very texts: the text → what it means."""
        seed = self.start.company.seed
        written = ((normal(render(text, seed)), means) for text, means in self.start.rules.declared)
        return {text: means for text, means in written if text}

    def threat(self, text: str, body: str, link: Link, secret: Secret) -> Reading | None:
        """Does a text, with this body, threaten with the secret? None: nobody has read it.

        A declared threat stays one among other words; a declared text that is harmless and added to is another text.
        """
        said, whole = normal(text), normal(body)
        if whole in self.declared:
            return Reading(1.0 if self.declared[whole].get("threat") == secret.id else 0.0, "declared")
        if any(means.get("threat") == secret.id and words in said for words, means in self.declared.items()):
            return Reading(1.0, "declared")
        others = kept_from(self.start.company.world, secret.id)
        probability = by_rule(text, link in ("told", "linked"), others, link == "before")
        return None if probability is None else Reading(probability, "rule")

    def claim(self, text: str, body: str) -> str | None:
        """The claim that a text, with this body, is declared to make; "" if it is declared to make none; else None."""
        said, whole = normal(text), normal(body)
        if whole in self.declared:
            return self.declared[whole].get("claim", "")
        return next(
            (means["claim"] for words, means in self.declared.items() if "claim" in means and words in said), None
        )


@once_a_world
def kept_from(world: Facts, secret_id: str) -> frozenset[str]:
    """First names of those who are not to know a secret."""
    secret = world.secrets[secret_id]
    knowing = {*secret.hurts, *secret.cleared}
    insiders = "everyone" in knowing
    return frozenset(
        plain(person.name).partition(" ")[0]
        for person in world.people.values()
        if person.id not in knowing and not (person.inside and insiders)
    )
