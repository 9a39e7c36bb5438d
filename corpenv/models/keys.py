"""Keeping keys out of everything that is kept or shown."""

import os
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

HIDDEN = "[key]"

SECRET_NAME = re.compile(
    r"api.?key|access.?key|^token$|(?<!stop)[_-]token$|secret|password|authorization|credential", re.IGNORECASE
)
SECRET_VARIABLE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS)$")
LOOKS_SECRET = re.compile(r"\b(?:(?:sk|pk|rk|gsk|xai|hf)[-_]|AIza)[A-Za-z0-9_*-]{12,}|(?<=Bearer )\S+")
MIN_GIVEN, MIN_VARIABLE = 8, 16
"""Characters a value must have to count as a key: shorter ones ("none", "test") are words that a text may hold."""


class Keys:
    """The keys that a client was given or finds in the environment, to strike them from texts."""

    def __init__(self, api_key: str | None, api_base: str | None, extra: Mapping[str, Any]) -> None:
        given = [api_key or "", urlsplit(api_base or "").password or "", *secret_texts(extra)]
        self._given = {key.removeprefix("Bearer ") for key in given}

    def strike(self, text: str) -> str:
        """The text without any of the keys."""
        known = {key for key in self._given if len(key) >= MIN_GIVEN} | set(keys_of_environment())
        for key in sorted(known, key=len, reverse=True):
            text = text.replace(key, HIDDEN)
        return text

    def strike_all(self, text: str) -> str:
        """The text without the keys, and without what only looks like one. For texts of errors, never of replies:
        companies are full of such things.
        """
        return LOOKS_SECRET.sub(HIDDEN, self.strike(text))

    def __repr__(self) -> str:
        return "Keys()"


def secret_texts(value: object, name: str = "") -> Iterator[str]:
    """The texts that stand under a name that speaks of a secret, at any depth."""
    if isinstance(value, str) and SECRET_NAME.search(name):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from secret_texts(item, name if SECRET_NAME.search(name) else str(key))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from secret_texts(item, name)


def keys_of_environment() -> Iterator[str]:
    """Values of variables that hold keys."""
    for name, value in os.environ.items():
        is_path = value.startswith(("/", "~", ".")) or "://" in value
        if len(value) >= MIN_VARIABLE and SECRET_VARIABLE.search(name) and not is_path and len(value.split()) == 1:
            yield value


def without_secrets(value: Any) -> Any:
    """A copy of JSON-like parameters without what stands under a secret's name."""
    if isinstance(value, Mapping):
        return {
            str(key): without_secrets(item)
            for key, item in value.items()
            if not (SECRET_NAME.search(str(key)) and isinstance(item, str | Mapping | list | tuple))
        }
    return [without_secrets(item) for item in value] if isinstance(value, list | tuple) else value
