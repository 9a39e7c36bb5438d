"""What an agent has used up of its budget."""

from corpenv.errors import AgentFault
from corpenv.turns import Budget


class Meter:
    """Counts steps, tokens and money, and ends the agent's part when one of them is used up."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.steps, self.tokens, self.money = 0, 0, 0.0

    def ask(self) -> None:
        """Before the model is asked.

        Raises:
            AgentFault: nothing is left.
        """
        if self.budget.steps is not None and self.steps >= self.budget.steps:
            raise over("steps", f"all {self.budget.steps} steps are used up")
        if self.budget.tokens is not None and self.tokens >= self.budget.tokens:
            raise over("tokens", f"all {self.budget.tokens} tokens are used up")
        if self.budget.money is not None and self.money >= self.budget.money:
            raise over("money", f"all of ${self.budget.money:g} is used up")

    def pay(self, model: str, tokens: int, cost: float | None) -> None:
        """After an answer came.

        Raises:
            AgentFault: it cost more than was left, or nobody knows what it cost.
        """
        self.tokens += tokens
        if self.budget.tokens is not None and self.tokens > self.budget.tokens:
            raise over("tokens", f"{self.tokens} of {self.budget.tokens} tokens are used")
        if self.budget.money is None:
            return
        if cost is None:
            raise AgentFault(
                "environment",
                "unknown_price",
                f"{model} has no known price: leave out the budget of money, or give input_cost_per_token and "
                "output_cost_per_token in extra",
            )
        self.money += cost
        if self.money > self.budget.money:
            raise over("money", f"${self.money:.4f} of ${self.budget.money:g} is used")

    def take(self, calls: int) -> int:
        """How many of a turn's calls may go out: as many as steps are left. A turn without calls is a step."""
        if self.budget.steps is not None:
            calls = min(calls, self.budget.steps - self.steps)
        self.steps += max(1, calls)
        return calls


def over(what: str, sentence: str) -> AgentFault:
    """The fault of having no `what` left."""
    return AgentFault("agent", f"budget_{what}", f"the agent's budget is at its end: {sentence}")
