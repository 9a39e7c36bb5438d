"""What authors say of their very texts: it wins over what a rule reads in the words."""

from functools import lru_cache

from corpenv.company.text import render
from corpenv.world import Start


@lru_cache(maxsize=1024)
def normal(text: str) -> str:
    """A text with every gap as one space. What is declared is asked about in every episode."""
    return " ".join(text.split())


def declared(start: Start, meaning: str) -> dict[str, str]:
    """The texts that were declared with a meaning → what it names; items by their visible id."""
    slugs, seed = start.company.world.slugs, start.company.seed
    return {
        normal(render(text, seed)): slugs.get(means[meaning].removeprefix("@"), means[meaning])
        for text, means in start.rules.declared
        if meaning in means
    }
