"""The claims of a world under one condition: what can be said of the company, and what makes it true."""

from corpenv.company.items import Claim
from corpenv.world.claimparts import ClaimPart
from corpenv.world.resolve import Resolver


def make_claims(names: Resolver) -> None:
    """Statements about the company that can be checked."""
    for part in names.there("claims"):
        names.facts.claims[part.id] = Claim(
            part.id,
            part.states,
            about=about_of(names, part),
            holds=part.holds,
            evidence=part.evidence,
            tells=part.tells,
        )


def about_of(names: Resolver, part: ClaimPart) -> str:
    """What a claim is about: an item that exists, or a word for a system."""
    return names.item(part, "about", part.about) if part.about.startswith("@") else part.about
