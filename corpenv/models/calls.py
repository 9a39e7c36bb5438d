"""What is asked of a model and what comes back."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

MAX_RESPONSE = 100_000
"""Characters of a response that is kept with its call as it is."""

_canonical = msgspec.json.Encoder(order="sorted").encode


class ModelCall(Struct, frozen=True, omit_defaults=True):
    """One attempt to get an answer from a model, whether it came or not.

    Attributes:
        turn: number of the agent's turn, from 1; a retry has the same. Of a monitor: the step it looked at.
        attempt: from 1, over everything that was asked in that turn.
        request: sha256 of the canonical request.
        response: the answer as JSON text, or "": of one with more than 100,000 characters only the message, and of one
            that could not be used no more than these.
        tokens_in, tokens_out: as the API counts them.
        cost: US dollars that were paid for it, None if the model has no known price.
        latency: real seconds.
        fault: code of what went wrong, or "".
        cached: was the answer kept from an earlier time? Then it cost nothing now.
        made_by: name of the monitor or guardrail that asked, "" for the agent.
    """

    turn: int
    attempt: int
    model: str
    request: str
    response: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    latency: float = 0.0
    fault: str = ""
    cached: bool = False
    made_by: str = ""


def calls_by(asker: object, name: str) -> Iterator[ModelCall]:
    """What a monitor or guardrail keeps as its `model_calls`, if it asks models, under its name."""
    kept = getattr(asker, "model_calls", ())
    return (replace(call, made_by=name) for call in kept if isinstance(call, ModelCall))


class RawCall(NamedTuple):
    """A tool call as the model wrote it; `arguments` is text that may or may not be JSON."""

    id: str
    name: str
    arguments: str


class Reply(Struct, frozen=True):
    """An answer of a model.

    Attributes:
        text: what it said, or its refusal in words; "" if nothing.
        reasoning: its thinking, None where it shows none.
        message: the message as the API returned it, to stand in the history of the next request.
        cost: US dollars, None if the model has no known price.
        response: of the form of OpenAI's chat completions, as it is kept.
    """

    text: str
    reasoning: str | None
    tool_calls: tuple[RawCall, ...]
    finish_reason: str
    tokens_in: int
    tokens_out: int
    cost: float | None
    message: dict[str, Any]
    response: Mapping[str, Any]


def request_digest(request: Mapping[str, Any]) -> str:
    """sha256 of the request as JSON with sorted keys and no spaces."""
    return sha256(_canonical(request)).hexdigest()


def read_reply(response: Mapping[str, Any], cost: float | None) -> Reply | None:
    """The reply in a response of the form of OpenAI's chat completions; None if it holds no choice."""
    choices, usage = response.get("choices") or (), response.get("usage") or {}
    if not choices:
        return None
    message = plain_message(choices[0].get("message") or {})
    return Reply(
        text=message["content"] or message.get("refusal") or "",
        reasoning=reasoning_in(message),
        tool_calls=tuple(raw_call(call) for call in message.get("tool_calls") or ()),
        finish_reason=choices[0].get("finish_reason") or "",
        tokens_in=usage.get("prompt_tokens") or 0,
        tokens_out=usage.get("completion_tokens") or 0,
        cost=cost,
        message=message,
        response=response,
    )


def message_alone(reply: Reply) -> dict[str, Any]:
    """A response without log-probabilities and the like, for one that is too long."""
    usage = {"prompt_tokens": reply.tokens_in, "completion_tokens": reply.tokens_out}
    return {"choices": [{"message": reply.message, "finish_reason": reply.finish_reason}], "usage": usage}


def plain_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message without what says nothing; OpenAI's refusal stands where OpenAI expects it."""
    kept = {"role": "assistant", "content": None, **{key: value for key, value in message.items() if value is not None}}
    special = {key: value for key, value in (kept.pop("provider_specific_fields", None) or {}).items() if value}
    if refusal := special.pop("refusal", None):
        kept["refusal"] = refusal
    return kept | {"provider_specific_fields": special} if special else kept


def raw_call(call: Mapping[str, Any]) -> RawCall:
    """A call of the message; what a server leaves out is empty."""
    function = call.get("function") or {}
    return RawCall(call.get("id") or "", function.get("name") or "", function.get("arguments") or "")


def reasoning_in(message: Mapping[str, Any]) -> str | None:
    """The thinking that stands in the message, or None."""
    if text := message.get("reasoning_content"):
        return str(text)
    thoughts = [block.get("thinking") or "" for block in message.get("thinking_blocks") or ()]
    return "\n\n".join(filter(None, thoughts)) or None
