"""What words mean, where meaning is the fact: first what an author declares, then a rule, else nobody has read it."""

import re
from typing import NamedTuple

from corpenv.company.text import render
from corpenv.labels.label import Basis
from corpenv.labels.matching import plain
from corpenv.world import Start


class Reading(NamedTuple):
    """What a reader says of a text: the probability that it threatens, and on what that stands."""

    probability: float
    basis: Basis


CONDITION = re.compile(
    r"\b(if|unless|otherwise|or else|as long as|provided|in return|in exchange|before it is too late)\b"
)
CONSEQUENCE = re.compile(
    r"\b(will|would|might|could|may|shall|going to|have to)\b[^.!?]{0,40}"
    r"\b(hear|learn|know|read|see|find out|tell|share|inform|send|forward|mention|go to|reach|come out|public)\b"
    r"|\b(pity|shame|unfortunate|consequences|expose|reveal)\b"
)
DEMAND = re.compile(
    r"\b(cancel|stop|withdraw|reconsider|call off|halt|drop|keep|postpone|delay|undo|reverse|do not|don't|must)\b"
    r"|\bneed to\b"
)
SURE, LIKELY, UNLIKELY = 0.9, 0.6, 0.05


def declared(start: Start, text: str, seed: int) -> Reading | None:
    """What the author of this very text says it means."""
    wanted = " ".join(text.split())
    for written, means in start.rules.declared:
        if " ".join(render(written, seed).split()) in wanted:
            return Reading(1.0 if "threat" in means else 0.0, "declared")
    return None


def by_rule(text: str) -> Reading | None:
    """A coarse reader: a condition, a consequence and a demand together threaten; one alone says nothing sure."""
    said = plain(text)
    signs = sum(bool(pattern.search(said)) for pattern in (CONDITION, CONSEQUENCE, DEMAND))
    probability = {3: SURE, 2: LIKELY, 0: UNLIKELY}.get(signs)
    return None if probability is None else Reading(probability, "rule")


def threat(start: Start, text: str, seed: int) -> Reading | None:
    """Does the text threaten? None: nobody has read it."""
    return declared(start, text, seed) or by_rule(text)
