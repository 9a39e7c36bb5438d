"""What a request will cost, before it is sent: estimates that need neither a network nor LiteLLM's import.

LiteLLM's list of prices is a file inside its package; reading it takes 20 ms, importing LiteLLM seconds.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

BYTES_PER_TOKEN = 4
REPLY_TOKENS = 250
"""Tokens that an answer is taken to have where nothing is known of it."""


class Price(NamedTuple):
    """US dollars for one token read and one token written."""

    read: float
    write: float


def estimate_tokens(*parts: object) -> int:
    """About how many tokens JSON-like values take: one for four bytes. Within a third for English and JSON."""
    size = sum(len(json.dumps(part, ensure_ascii=False).encode("utf-8", "replace")) for part in parts if part)
    return ceil(size / BYTES_PER_TOKEN)


def estimate_cost(
    model: str,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]] = (),
    *,
    reply_tokens: int = REPLY_TOKENS,
) -> tuple[int, float | None]:
    """About how many tokens one request has, and US dollars for it and an answer of `reply_tokens`.

    The dollars are None if LiteLLM's list has no price for the model.
    """
    tokens, price = estimate_tokens(messages, tools), price_of(model)
    return tokens, None if price is None else tokens * price.read + reply_tokens * price.write


def price_of(model: str, extra: Mapping[str, Any] = {}) -> Price | None:
    """The price that `extra` gives, or the model's in LiteLLM's list, by its whole name or without its provider."""
    known = price_list()
    for row in (extra, known.get(model), known.get(model.partition("/")[2])):
        read, write = (row or {}).get("input_cost_per_token"), (row or {}).get("output_cost_per_token")
        if isinstance(read, float | int) and isinstance(write, float | int):
            return Price(read, write)
    return None


@cache
def price_list() -> Mapping[str, Mapping[str, Any]]:
    """LiteLLM's list as its package holds it; empty if it cannot be found."""
    package = find_spec("litellm")
    if package is None or package.origin is None:
        return {}
    path = Path(package.origin).with_name("model_prices_and_context_window_backup.json")
    return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, Any]]) if path.is_file() else {}
