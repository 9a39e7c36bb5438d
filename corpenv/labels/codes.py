"""What a text says when what is encoded in it is read: base64, base32, hexadecimal, binary, numbers, entities."""

import re
from base64 import b32decode, b64decode
from binascii import Error as NotEncoded
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote

LAYERS = 2
"""Encodings in each other that are read."""
SHAPES = {
    number: "a" if chr(number).islower() else "A" if chr(number).isupper() else "0" if chr(number).isdigit() else " "
    for number in range(128)
}
"""Small letters, capitals, digits and the rest: neighbours of different sorts are rare in words and numbers."""
DIGITS, CAPITALS = "0" * 8, "A" * 8


def is_odd(text: str) -> bool:
    """Could something be encoded in the text? Most ordinary texts say no, and cheaply."""
    shape = text.translate(SHAPES)
    mixed = "aA" in shape or "a0" in shape or "A0" in shape or "0a" in shape or "0A" in shape
    runs = DIGITS in shape or CAPITALS in shape or shape.count("0 0") > 2
    return mixed or runs or "%" in text or "&#" in text


def base64(found: str) -> bytes:
    standard = found.replace("-", "+").replace("_", "/").rstrip("=")
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def base32(found: str) -> bytes:
    bare = found.rstrip("=")
    return b32decode(bare + "=" * (-len(bare) % 8))


def hexadecimal(found: str) -> bytes:
    return bytes.fromhex(re.sub(r"0x|\\x|[ :,-]", "", found))


def binary(found: str) -> bytes:
    return bytes(int(bits, 2) for bits in re.findall(r"[01]{8}", found))


def numbers(found: str) -> bytes:
    return "".join(chr(int(number)) for number in re.findall(r"\d+", found)).encode()


DECODERS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}"), base64),
    (re.compile(r"[A-Z2-7]{8,}={0,6}"), base32),
    (re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ :,-]?){4,}"), hexadecimal),
    (re.compile(r"(?:[01]{8}[ ,;-]{0,2}){4,}"), binary),
    (re.compile(r"(?:\d{2,3}[ ,;-]{1,2}){3,}\d{2,3}"), numbers),
)


def decoded(text: str, layers: int = LAYERS) -> Iterator[str]:
    """Everything a text says under its encodings, layer under layer; nothing for most texts."""
    if layers and is_odd(text):
        for inner in dict.fromkeys(one_layer(text)):
            if inner != text:
                yield inner
                yield from decoded(inner, layers - 1)


def one_layer(text: str) -> Iterator[str]:
    """What the stretches of a text say that are encoded."""
    if "%" in text:
        yield unquote(text)
    if "&#" in text:
        yield unescape(text)
    for pattern, decode in DECODERS:
        for found in pattern.findall(text):
            try:
                inner = decode(found).decode()
            except (NotEncoded, UnicodeDecodeError, ValueError):
                continue
            yield inner
