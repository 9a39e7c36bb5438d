"""The one place that talks to LiteLLM."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cache
from time import perf_counter
from types import ModuleType
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from corpenv.errors import AgentFault, UsageError
from corpenv.models.answers import Answers
from corpenv.models.calls import MAX_RESPONSE, ModelCall, Reply, message_alone, read_reply, request_digest
from corpenv.models.faults import Failed, failure
from corpenv.models.keys import Keys, without_secrets
from corpenv.models.limits import Limits
from corpenv.models.loop import on_the_loop
from corpenv.models.surroundings import surroundings

if TYPE_CHECKING:
    from tenacity import AsyncRetrying, RetryCallState

FIRST_WAIT, LONGEST_WAIT, LONGEST_ASKED = 1.0, 30.0, 60.0
"""Seconds between attempts: the first back-off, the longest, and the most that a server may ask for."""

GRACE = 1.0
"""Seconds over its time after which an attempt is cut off: every byte renews the HTTP client's own time-out."""

LONGEST = 1_000_000
"""Characters that an answer may have: no model writes so many, and a history must not be made of them."""

RESERVED = frozenset(
    ("api_base", "api_key", "max_retries", "messages", "model", "n", "num_retries", "stream", "timeout", "tools")
)
"""Parameters that `extra` may not hold."""

Sleep = Callable[[float], Awaitable[None]]


@cache
def litellm() -> ModuleType:
    """LiteLLM, imported when first needed (2 to 5 seconds) and kept from fetching anything on import."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS", "True")
    os.environ.setdefault("LITELLM_LOG", "ERROR")
    import litellm as module

    module.suppress_debug_info = True
    return module


class _Question:
    """What is asked, and the attempts so far to get it answered.

    Attributes:
        turn: of the agent.
        times: for the how many-th time this client asks it.
        attempts: with whole responses.
    """

    def __init__(self, turn: int, request: dict[str, Any], digest: str, times: int) -> None:
        self.turn, self.request, self.digest, self.times = turn, request, digest, times
        self.attempts: list[ModelCall] = []


class ModelClient:
    """Asks one model, tries again where that may help, and keeps every attempt.

    Args:
        model: as LiteLLM names it: `provider/model`.
        max_tokens: the longest answer; None leaves it to the provider.
        seconds: real seconds that one attempt may take, give or take one.
        attempts: the most attempts for one answer, 1 or more.
        api_base: address of a server, for models of one's own.
        api_key: None takes the provider's environment variable.
        extra: further parameters of the request, for example `top_p` or `reasoning_effort`.
        sleep: how to wait between attempts.
        answers: where answers are kept; None takes those of `corpenv.models.asking`, if there are any.

    Attributes:
        calls: every attempt so far, in order. Keys never stand in it.

    Raises:
        UsageError: `attempts` or `seconds` that nothing could be asked in, or a parameter in `extra` that is not free.
    """

    def __init__(
        self,
        model: str,
        *,
        temperature: float | None = None,
        max_tokens: int | None = None,
        seconds: float = 120.0,
        attempts: int = 4,
        api_base: str | None = None,
        api_key: str | None = None,
        extra: Mapping[str, Any] = {},
        sleep: Sleep = asyncio.sleep,
        answers: Answers | None = None,
    ) -> None:
        if attempts < 1 or seconds <= 0:
            raise UsageError(
                f"{model}: attempts={attempts}, seconds={seconds:g}: at least 1 and more than 0 are needed"
            )
        if taken := sorted(RESERVED & set(extra)):
            raise UsageError(f"{model}: extra: {', '.join(taken)}: the client sets this itself")
        self.model, self.seconds, self.attempts = model, seconds, attempts
        self.calls: list[ModelCall] = []
        chosen = {"temperature": temperature, "max_tokens": max_tokens}
        self._parameters = {name: value for name, value in chosen.items() if value is not None} | dict(extra)
        self._known = {"model": model, "parameters": without_secrets(self._parameters)}
        self._api_base, self._api_key, self._sleep, self._answers = api_base, api_key, sleep, answers
        self._keys = Keys(api_key, api_base, extra)
        self._asked: Counter[str] = Counter()

    def __repr__(self) -> str:
        return f"ModelClient({self.model!r}, {len(self.calls)} calls)"

    async def complete(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] | None = None, turn: int = 1
    ) -> Reply:
        """The model's answer to the messages, of OpenAI's form like the tools.

        Raises:
            AgentFault: with a code of `corpenv.models.FAULTS`.
            UsageError: a text that no request can hold.
        """
        here, asked = surroundings(), self._question(messages, tools, turn)
        answers = here.answers if self._answers is None else self._answers
        if answers is None:
            return told(await on_the_loop(self._ask(asked, here.limits)))
        found = await asyncio.to_thread(answers.find, asked.digest, asked.times)
        if found is not None:
            return self._again(asked, found, answers.free)
        result = await on_the_loop(self._ask(asked, here.limits))
        await asyncio.to_thread(answers.keep, tuple(asked.attempts), asked.times)
        return told(result)

    def _question(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] | None, turn: int
    ) -> _Question:
        request = {"model": self.model, "messages": list(messages)} | ({"tools": list(tools)} if tools else {})
        try:
            digest = request_digest(request | self._known)
        except UnicodeEncodeError:
            raise UsageError(f"{self.model}: a message holds half of a surrogate pair, which is no character") from None
        self._asked[digest] += 1
        return _Question(turn, request, digest, self._asked[digest])

    def _again(self, asked: _Question, found: tuple[ModelCall, ...], free: bool) -> Reply:
        """The answer that was kept, or the fault. What it cost then counts for budgets: it is the same episode."""
        last = found[-1] if found else ModelCall(asked.turn, 1, self.model, asked.digest, fault="not_on_tape")
        reply = None if last.fault else reply_in(last)
        for call in found:
            again = replace(call, turn=asked.turn, attempt=self._tries(asked.turn) + 1, made_by="")
            self.calls.append(replace(again, cached=True, cost=0.0, latency=0.0) if free else again)
        return told(reply or Failed(last.fault or "bad_response").fault(self.model, len(found)))

    async def _ask(self, asked: _Question, limits: Limits | None) -> Reply | AgentFault:
        try:
            reply: Reply = await self._retrying()(self._attempt, asked, limits)
        except Failed as failed:
            return failed.fault(self.model, len(asked.attempts))
        return reply

    def _retrying(self) -> "AsyncRetrying":
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        return AsyncRetrying(
            sleep=self._sleep,
            stop=stop_after_attempt(self.attempts),
            wait=_wait,
            retry=retry_if_exception(lambda error: isinstance(error, Failed) and error.passes),
            reraise=True,
        )

    async def _attempt(self, asked: _Question, limits: Limits | None) -> Reply:
        """One attempt, kept whether it succeeds or fails."""
        module = litellm()
        async with limits.gate(self.model).passed() if limits else nullcontext():
            began = perf_counter()
            try:
                whole, cost = await self._send(module, asked.request)
            except Failed as failed:
                self._keep(asked, perf_counter() - began, fault=failed.code)
                raise
            took = perf_counter() - began
        reply = read_reply(whole, cost)
        code, response = code_of_reply(reply), json.dumps(whole, ensure_ascii=False)
        if len(response) > MAX_RESPONSE and reply:
            reply = replace(reply, response=message_alone(reply))
            response = json.dumps(reply.response, ensure_ascii=False)
        self._keep(asked, took, response[:MAX_RESPONSE] if code else response, reply, code)
        if reply is None or code:
            raise Failed(code)
        return reply

    async def _send(self, module: ModuleType, request: dict[str, Any]) -> tuple[dict[str, Any], float | None]:
        """The response as JSON without keys, and its cost."""
        from openai import OpenAIError  # the root of all that LiteLLM raises

        failed = None
        try:
            async with asyncio.timeout(self.seconds + GRACE):
                response = await module.acompletion(
                    **{**self._parameters, **request},
                    timeout=self.seconds,
                    api_base=self._api_base,
                    api_key=self._api_key,
                    max_retries=0,
                    num_retries=0,
                )
        except (OpenAIError, OSError) as error:
            failed = failure(error, module, self.model, self._keys)
        if failed is not None:
            raise failed
        text = json.dumps(response.model_dump(exclude_none=True, warnings=False), ensure_ascii=False, default=str)
        whole: dict[str, Any] = self._keys.strike_in(json.loads(sound(text)))
        return whole, response._hidden_params.get("response_cost")

    def _keep(
        self, asked: _Question, took: float, response: str = "", reply: Reply | None = None, fault: str = ""
    ) -> None:
        call = ModelCall(
            turn=asked.turn,
            attempt=self._tries(asked.turn) + 1,
            model=self.model,
            request=asked.digest,
            response=response,
            tokens_in=reply.tokens_in if reply else 0,
            tokens_out=reply.tokens_out if reply else 0,
            cost=reply.cost if reply else None,
            latency=took,
            fault=fault,
        )
        asked.attempts.append(call)
        self.calls.append(call)

    def _tries(self, turn: int) -> int:
        """Attempts kept for this turn."""
        return sum(call.turn == turn for call in self.calls)


def told(result: Reply | AgentFault) -> Reply:
    """The reply, or the fault is raised: out here, where what the provider said is not its context."""
    if isinstance(result, AgentFault):
        raise result
    return result


def reply_in(call: ModelCall) -> Reply | None:
    """The reply in a kept call, None if its response cannot be read: an earlier version cut it."""
    try:
        return read_reply(json.loads(call.response), call.cost)
    except ValueError:
        return None


def code_of_reply(reply: Reply | None) -> str:
    """The code of what is wrong with an answer that came, or ""."""
    if reply is None or size_of(reply) > LONGEST:
        return "bad_response"
    if reply.tool_calls:
        return ""
    return {"length": "length", "content_filter": "content_filtered"}.get(reply.finish_reason, "")


def size_of(reply: Reply) -> int:
    """Characters of all that the model wrote."""
    return len(reply.text) + len(reply.reasoning or "") + sum(len(call.arguments) for call in reply.tool_calls)


def sound(text: str) -> str:
    """The text with lone surrogates replaced by U+FFFD: the next request could not be sent with them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _wait(state: "RetryCallState") -> float:
    """What the server asked for, up to a bound, or else exponential back-off with jitter."""
    from tenacity import wait_random_exponential

    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Failed) and error.after is not None:
        return min(error.after, LONGEST_ASKED)
    return wait_random_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT)(state)
