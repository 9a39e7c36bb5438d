"""Plans: something the world will do at a second, under a number of its own."""

from corpenv.company.state import Company
from corpenv.events import Due, Planned

WORLD = "world"
"""The actor of what nobody does."""


def planned(
    company: Company, at: int, sort: str, ref: str, trigger: str = "", cause: str = "", nth: int = 0
) -> Planned:
    """The world will do something."""
    due = Due(at=at, priority=0, number=company.plan.number + nth, sort=sort, ref=ref, trigger=trigger)
    return Planned(at=company.now, actor=WORLD, cause=cause, due=due)
