"""An agent that is any language model LiteLLM can reach."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, get_args

from msgspec import Struct

from corpenv.agents.conversation import Conversation, NativeConversation, TextConversation
from corpenv.agents.meter import Meter
from corpenv.agents.textprotocol import Said
from corpenv.errors import AgentFault, UsageError
from corpenv.models import REPLY_TOKENS, ModelCall, ModelClient, Reply, estimate_tokens, price_of
from corpenv.turns import Post, Turn

MALFORMED_IN_A_ROW = 3
"""Replies in a row, with calls of which none can be read, after which the model is given up."""

ANSWER_TOKENS, DRY_STEPS = 400, 40
"""What a dry run takes an answer of the company to have, and an episode without a budget of steps."""

Protocol = Literal["native", "text"]


class DryRun(Struct, frozen=True):
    """What would be sent, and about what it would cost.

    Attributes:
        messages: of the first request, without the tools.
        tools: in OpenAI's form; empty in the text protocol.
        tokens: of the first request.
        cost: US dollars for the first turn, None if the model has no known price.
        steps: turns of an episode, for the next two.
        total_tokens: read and written; the history is read again in every turn.
        total_cost: US dollars without any discount for caching, None if the model has no known price.
    """

    messages: tuple[dict[str, Any], ...]
    tools: tuple[dict[str, Any], ...]
    tokens: int
    cost: float | None
    steps: int
    total_tokens: int
    total_cost: float | None


class LLMAgent:
    """A model that calls tools.

    Args:
        model: as LiteLLM names it: `provider/model`.
        protocol: `native` tool calling, or `text`: fenced JSON, for models that have none.
        max_tokens: the longest reply; None leaves it to the provider.
        attempts: the most attempts for one reply.
        api_base: address of a server, for models of one's own.
        api_key: None takes the provider's environment variable.
        extra: further parameters of every request, for example `top_p`.
        sleep: how to wait between attempts.
    """

    def __init__(
        self,
        model: str,
        *,
        protocol: Protocol = "native",
        temperature: float | None = None,
        max_tokens: int | None = None,
        attempts: int = 4,
        api_base: str | None = None,
        api_key: str | None = None,
        extra: Mapping[str, Any] = {},
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if protocol not in get_args(Protocol):
            raise UsageError(f"protocol: {protocol!r}: there are native and text")
        self.name, self.model, self.protocol = f"litellm:{model}", model, protocol
        self._settings: dict[str, Any] = {
            "temperature": temperature,
            "max_tokens": max_tokens,
            "attempts": attempts,
            "api_base": api_base,
            "api_key": api_key,
            "extra": dict(extra),
            "sleep": sleep,
        }
        self.begin(Post("", (), 0))

    def __repr__(self) -> str:
        return f"LLMAgent({self.model!r}, protocol={self.protocol!r})"

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """Every attempt to get a reply since `begin`."""
        return tuple(self._client.calls)

    @property
    def messages(self) -> tuple[dict[str, Any], ...]:
        """The history as the next request will hold it."""
        return tuple(self._talk.messages)

    def begin(self, post: Post) -> None:
        """A new history, a new meter, no calls."""
        self._client = ModelClient(self.model, seconds=post.budget.seconds, **self._settings)
        self._talk = self._conversation(post)
        self._meter = Meter(post.budget)
        self._turn = 0

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """What the model does next, as far as the budget of steps goes.

        Calls that cannot be read go back to the model without reaching the company.

        Raises:
            AgentFault: the model failed, wrote nothing but calls that cannot be read, or the budget is used up.
        """
        self._turn += 1
        self._talk.hear(answers)
        messages, thoughts = [], []
        for _ in range(MALFORMED_IN_A_ROW):
            reply, said = await self._ask()
            messages.append(said.message)
            thoughts.append(reply.reasoning or "")
            if said.calls or not said.mistakes:
                most = self._meter.take(len(said.calls))
                return Turn(said.calls[:most], joined(messages), joined(thoughts) or None)
            self._talk.hear(())
        raise AgentFault(
            "model",
            "malformed_calls",
            f"{self.model} wrote {MALFORMED_IN_A_ROW} replies in a row with calls that cannot be read, the last: "
            f"{said.mistakes[0]}",
        )

    def end(self, ended: str) -> None:
        """The history stays readable until the next `begin`."""

    def dry_run(self, post: Post, first_screen: str, steps: int | None = None) -> DryRun:
        """What `act` would send first and about what the episode would cost, without any network.

        Args:
            post: as for `begin`.
            first_screen: what the agent reads first.
            steps: turns of the episode; None takes the budget's, or 40.
        """
        talk = self._conversation(post)
        talk.hear((first_screen,))
        tokens, turns = estimate_tokens(talk.messages, talk.tools), steps or post.budget.steps or DRY_STEPS
        read = turns * tokens + (REPLY_TOKENS + ANSWER_TOKENS) * turns * (turns - 1) // 2
        return DryRun(
            tuple(talk.messages),
            tuple(talk.tools),
            tokens,
            self._cost(tokens, REPLY_TOKENS),
            turns,
            read + turns * REPLY_TOKENS,
            self._cost(read, turns * REPLY_TOKENS),
        )

    async def _ask(self) -> tuple[Reply, Said]:
        self._meter.ask()
        reply = await self._client.complete(self._talk.messages, self._talk.tools, self._turn)
        counted = reply.tokens_in + reply.tokens_out
        tokens = counted or estimate_tokens(self._talk.messages, self._talk.tools, reply.message)
        self._meter.pay(self.model, tokens, reply.cost)
        return reply, self._talk.take(reply)

    def _conversation(self, post: Post) -> Conversation:
        return TextConversation(post) if self.protocol == "text" else NativeConversation(post)

    def _cost(self, read: int, written: int) -> float | None:
        price = price_of(self.model, self._settings["extra"])
        return None if price is None else read * price.read + written * price.write


def joined(texts: list[str]) -> str:
    """The texts that say something, one under the other."""
    return "\n\n".join(text for text in texts if text)
