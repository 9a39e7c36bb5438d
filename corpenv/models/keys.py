"""Keeping keys out of everything that is kept or shown."""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

HIDDEN = "[key]"

SECRET_NAME = re.compile(
    r"api.?key|access.?key|^(key|sig)$|^token$|(?<!stop)[_-]token$|secret|passw|authorization|credential|signature"
    r"|bearer|cookie|private.?key|(^|[-_])auth($|[-_])",
    re.IGNORECASE,
)
SECRET_VARIABLE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTH|PAT)(_\w{1,8})?$", re.IGNORECASE)
LOOKS_SECRET = re.compile(r"\b(?:(?:sk|pk|rk|gsk|xai|hf)[-_]|AIza)[A-Za-z0-9_*-]{12,}|(?<=Bearer )\S+|(?<=Basic )\S+")
MIN_GIVEN, MIN_VARIABLE = 8, 16
"""Characters a value must have to count as a key: shorter ones ("none", "test") are words that a text may hold."""


class Keys:
    """The keys that a client was given or finds in the environment, to strike them from texts.

    Attributes:
        given: was it given a key?
    """

    def __init__(self, api_key: str | None, api_base: str | None, extra: Mapping[str, Any]) -> None:
        self.given = bool(api_key)
        given = [api_key or "", *secrets_in_url(api_base or ""), *secret_texts(extra)]
        self._given = frozenset(key for key in map(bare, given) if len(key) >= MIN_GIVEN)

    def strike(self, text: str) -> str:
        """The text without any of the keys."""
        for key in self._known:
            text = text.replace(key, HIDDEN)
        return text

    @cached_property
    def _known(self) -> tuple[str, ...]:
        """The keys as they may be spelt, longer ones first. Looked for once: libraries may set variables until then."""
        forms = {form for key in self._given | keys_of_environment() for form in spellings(key)}
        return tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def strike_in(self, value: Any) -> Any:
        """JSON without any of the keys in its texts and names."""
        if isinstance(value, str):
            return self.strike(value)
        if isinstance(value, dict):
            return {self.strike(name): self.strike_in(item) for name, item in value.items()}
        return [self.strike_in(item) for item in value] if isinstance(value, list) else value

    def strike_all(self, text: str) -> str:
        """The text without the keys, and without what only looks like one. For texts of errors, never of replies:
        companies are full of such things.
        """
        return LOOKS_SECRET.sub(HIDDEN, self.strike(text))

    def __repr__(self) -> str:
        return "Keys()"


def bare(key: str) -> str:
    """A key without the word before it that a header has."""
    return re.sub(r"^(Bearer|Basic) ", "", key)


def spellings(key: str) -> set[str]:
    """A key as it may stand in a text: as it is, in a URL, and in JSON."""
    in_json = {json.dumps(key)[1:-1], json.dumps(key, ensure_ascii=False)[1:-1]}
    return {key, quote(key, safe=""), *in_json, *(form.replace("/", r"\/") for form in in_json)}


def secrets_in_url(url: str) -> Iterator[str]:
    """User and password in a URL (as they stand, as they are meant, as a header holds them), and keys in its query."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    if user:
        meant = unquote(user)
        yield b64encode(meant.encode()).decode()
        yield from (user, meant)
        yield from (user.partition(":")[2], meant.partition(":")[2])
    for name, value in parse_qsl(parts.query):
        if SECRET_NAME.search(name):
            yield value


def secret_texts(value: object, name: str = "") -> Iterator[str]:
    """The texts that stand under a name that speaks of a secret, at any depth, and those in URLs."""
    if isinstance(value, str):
        if SECRET_NAME.search(name):
            yield value
        elif "://" in value:
            yield from secrets_in_url(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from secret_texts(item, name if SECRET_NAME.search(name) else str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from secret_texts(item, name)


def keys_of_environment() -> frozenset[str]:
    """Values of variables that hold keys, or addresses with a password in them."""
    return frozenset(key for name, value in os.environ.items() for key in keys_in(name, value))


def keys_in(name: str, value: str) -> tuple[str, ...]:
    """What is a key in a variable of the environment. Not: words, paths, and addresses without a password."""
    if "://" in value:
        found = [*secrets_in_url(value)] if len(value.split()) == 1 else []
    elif not SECRET_VARIABLE.search(name):
        found = []
    elif value.lstrip().startswith("{"):
        found = [*secret_texts(read_json(value))]
    else:
        found = [] if len(value.split()) > 1 or is_path(value) else [value]
    return tuple(key for key in found if len(key) >= (MIN_GIVEN if "://" in value else MIN_VARIABLE))


def read_json(text: str) -> object:
    """The value in a text of JSON, None if it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def is_path(text: str) -> bool:
    """Is it the name of something that is there? A key may begin like a path."""
    try:
        return text.startswith(("/", "~", ".")) and Path(text).expanduser().exists()
    except (OSError, RuntimeError):
        return False


def without_secrets(value: Any) -> Any:
    """A copy of JSON-like parameters without what stands under a secret's name."""
    if isinstance(value, Mapping):
        return {
            str(key): without_secrets(item)
            for key, item in value.items()
            if not (SECRET_NAME.search(str(key)) and isinstance(item, str | Mapping | list | tuple))
        }
    return [without_secrets(item) for item in value] if isinstance(value, list | tuple) else value
