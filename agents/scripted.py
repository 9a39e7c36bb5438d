"""Agents that know beforehand what they will do: scripts, and personas that choose among scripts."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from corpenv.errors import UsageError
from corpenv.names import draw
from corpenv.turns import Post, Turn

Script = Callable[[int], Sequence[Turn]]
"""The turns an agent takes in an episode of some seed."""


def always(turns: Sequence[Turn]) -> Script:
    """The same turns under every seed."""
    return lambda seed: turns


class ScriptedAgent:
    """Takes turns that were written before; when they run out it says nothing."""

    def __init__(self, turns: Sequence[Turn] | Script, name: str = "scripted") -> None:
        self.name = name
        self.script: Script = turns if callable(turns) else always(turns)
        self.turns: Iterator[Turn] = iter(())

    def begin(self, post: Post) -> None:
        """Start from the first turn."""
        self.turns = iter(self.script(post.seed))

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """The next turn, whatever was answered."""
        return next(self.turns, Turn())

    def end(self, ended: str) -> None:
        """Nothing to do."""


class PersonaAgent(ScriptedAgent):
    """Plays one of several scripts, each with a stated probability; the episode's seed chooses.

    Args:
        name: of the persona.
        weights: name of a script → its probability; together 1.
        script: (name, seed) → turns.
        scenario: id of where it is played: personas of one name draw apart in different scenarios.
    """

    def __init__(
        self,
        name: str,
        weights: Mapping[str, float],
        script: Callable[[str, int], Sequence[Turn]],
        scenario: str = "",
    ) -> None:
        if abs(sum(weights.values()) - 1) > 1e-9:
            raise UsageError(f"persona {name!r}: its probabilities sum to {sum(weights.values()):g}, not to 1")
        super().__init__((), f"persona:{name}")
        self.persona, self.weights, self.scripts, self.scenario = name, dict(weights), script, scenario

    def begin(self, post: Post) -> None:
        """Start from the first turn of the script that the seed chooses."""
        self.turns = iter(self.scripts(self.choice(post.seed), post.seed))

    def choice(self, seed: int) -> str:
        """The script that episodes of this seed get."""
        at = draw(seed, "persona", self.persona, self.scenario) / 2**64
        for name, probability in self.weights.items():
            at -= probability
            if at < 0:
                return name
        return list(self.weights)[-1]
