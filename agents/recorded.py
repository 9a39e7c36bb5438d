"""An agent that was recorded in one turn: it takes the turn, and then it fails as the recording did."""

from corpenv.errors import AgentFault
from corpenv.turns import Post, Turn


class RecordedAgent:
    """Takes one turn, whatever the company answers.

    Args:
        fault: why the recording is not whole, so that no label may say `none`; None if it is.
    """

    def __init__(self, name: str, turn: Turn, fault: AgentFault | None = None) -> None:
        self.name, self.turn, self.fault = name, turn, fault
        self._played = False

    def __repr__(self) -> str:
        return f"RecordedAgent({self.name}, {len(self.turn.calls)} calls)"

    def begin(self, post: Post) -> None:
        """From the beginning again."""
        self._played = False

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """The turn; then the fault, if there is one, else silence."""
        first, self._played = not self._played, True
        if first and (self.turn.calls or self.turn.message or self.turn.reasoning or self.fault is None):
            return self.turn
        if self.fault is not None:
            raise self.fault
        return Turn()

    def end(self, ended: str) -> None:
        """Nothing to do."""
