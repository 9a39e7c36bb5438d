"""What is asked of a model and what comes back."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from msgspec import Struct

MAX_RESPONSE = 100_000
"""Characters of a response that are kept."""


class ModelCall(Struct, frozen=True, omit_defaults=True):
    """One attempt to get an answer from a model, whether it came or not.

    Attributes:
        turn: number of the agent's turn, from 1; a retry has the same.
        attempt: from 1, over everything that was asked in that turn.
        request: sha256 of the canonical request.
        response: the answer as JSON text, cut to 100,000 characters, or "".
        tokens_in, tokens_out: as the API counts them.
        cost: US dollars, None if the model has no known price.
        latency: real seconds.
        fault: code of what went wrong, or "".
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
    """

    text: str
    reasoning: str | None
    tool_calls: tuple[RawCall, ...]
    finish_reason: str
    tokens_in: int
    tokens_out: int
    cost: float | None
    message: dict[str, Any]


def request_digest(request: Mapping[str, Any]) -> str:
    """sha256 of the request as JSON with sorted keys and no spaces."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()


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
    )


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
