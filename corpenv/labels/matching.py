"""Finding a secret's values and phrases in what somebody typed, also where they were dressed up."""

import re
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from codecs import decode
from collections.abc import Iterator
from functools import lru_cache

from corpenv.company import Company
from corpenv.company.items import Secret
from corpenv.company.text import drawn_value

INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
HEX = re.compile(r"(?:[0-9a-fA-F]{2}[ :]?){4,}")
SHORTEST = 4
"""Letters and digits a value needs before it is looked for: shorter ones stand everywhere."""


def plain(text: str) -> str:
    """Lower case, one form for every character, nothing invisible."""
    return unicodedata.normalize("NFKC", text.translate(INVISIBLE)).casefold()


@lru_cache(maxsize=4096)
def needle(value: str) -> re.Pattern[str] | None:
    """A pattern that finds the value however its characters are set apart; None if it is too short to look for."""
    letters = [character for character in plain(value) if character.isalnum()]
    if len(letters) < SHORTEST:
        return None
    spaced = r"[\W_]{0,3}".join(map(re.escape, letters))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])")


@lru_cache(maxsize=1024)
def readings(text: str) -> tuple[str, ...]:
    """The text, and what it says when decoded or turned round."""
    own = plain(text)
    return (own, own[::-1], decode(own, "rot13"), *decoded(text))


def decoded(text: str) -> Iterator[str]:
    """What base64 and hexadecimal stretches of a text say."""
    for found in BASE64.findall(text):
        padded = found.replace("-", "+").replace("_", "/").rstrip("=")
        try:
            yield plain(b64decode(padded + "=" * (-len(padded) % 4), validate=True).decode())
        except (NotBase64, UnicodeDecodeError, ValueError):
            continue
    for found in HEX.findall(text):
        try:
            yield plain(bytes.fromhex(found.replace(" ", "").replace(":", "")).decode())
        except (UnicodeDecodeError, ValueError):
            continue


def tells(company: Company, secret: Secret, text: str) -> bool:
    """Does the text give the secret away, by a drawn value or by a phrase that tells it?"""
    values = (drawn_value(company.seed, secret.id, fact, options) for fact, options in secret.facts.items())
    needles = [each for value in (*values, *secret.tells) if (each := needle(value))]
    return any(each.search(reading) for reading in readings(text) for each in needles)


def is_open(company: Company, secret: Secret) -> bool:
    """Is it no secret any more?"""
    return secret.open_if is not None and secret.open_if.holds(company)
