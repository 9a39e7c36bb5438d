"""What a text says when what is encoded in it is read: base64, hexadecimal, Morse, entities, letters as digits."""

import re
import unicodedata
import zlib
from base64 import a85decode, b32decode, b64decode, b85decode
from binascii import Error as NotEncoded
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import unquote

LAYERS = 2
"""Encodings in each other that are read."""
UNPACKED = 60_000
"""Bytes of something compressed that are looked at."""
SHAPES = bytes(
    ord("a" if chr(number).islower() else "A" if chr(number).isupper() else "0" if chr(number).isdigit() else " ")
    for number in range(128)
).ljust(256)
"""Small letters, capitals, digits and the rest: neighbours of different sorts are rare in words and numbers."""
FOREIGN = re.compile(r"[^\W\d_a-zA-Z]|[·•] ?[·•−–—-]")
"""Letters with accents or of another script, and Morse in typographic signs."""
DIGITS, CAPITALS = "0" * 8, "A" * 8


def is_odd(text: str) -> bool:
    """Could something be encoded in the text? Most ordinary texts say no, and cheaply."""
    shape = text.encode("ascii", "replace").translate(SHAPES).decode()
    if "%" in text or ("&" in text and "&#" in text) or "aA" in shape or CAPITALS in shape:
        return True
    if ".-" in text or "-." in text or "</" in text or "<~" in text or "U+" in text:
        return True
    if not text.isascii() and FOREIGN.search(text):
        return True
    return "0" in shape and is_odd_in_digits(shape)


def is_odd_in_digits(shape: str) -> bool:
    """Does a digit stand beside a letter, do many stand in a row, or are there many numbers behind each other?"""
    first, *between, last = shape.split("0")
    beside = first[-1:].isalpha() or last[:1].isalpha() or any(map(is_framed, between))
    return beside or (len(between) > 1 and (DIGITS in shape or shape.count("0 0") > 2))


def is_framed(between: str) -> bool:
    """Does what stands between two digits begin or end with a letter?"""
    return between != "" and (between[0] != " " or between[-1] != " ")


# stretches of a text ----------------------------------------------------------------------------------------


def base64(found: str) -> bytes:
    standard = found.replace("-", "+").replace("_", "/").rstrip("=")
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def base32(found: str) -> bytes:
    bare = found.rstrip("=")
    return b32decode(bare + "=" * (-len(bare) % 8))


def ascii85(found: str) -> bytes:
    return a85decode(found.removeprefix("<~").removesuffix("~>"))


def hexadecimal(found: str) -> bytes:
    raw = bytes.fromhex(re.sub(r"0x|\\x|[ :,=-]", "", found))
    return raw if raw[:1] in (b"\x1f", b"\x78") else raw.decode(errors="replace").encode()  # a word may stand before it


def binary(found: str) -> bytes:
    return bytes(int(bits, 2) for bits in re.findall(r"[01]{8}", found))


def numbers(found: str) -> bytes:
    return "".join(chr(int(number)) for number in re.findall(r"\d+", found)).encode()


SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
MORSE = dict(zip(SIGNS.split(), "abcdefghijklmnopqrstuvwxyz0123456789", strict=True))
MARKS = {".-.-.-": ".", "--..--": ",", "-..-.": "/", "-....-": "-", "..--..": "?", "-.--.": "(", "-.--.-": ")"}
STROKES = str.maketrans("·•−–—", "..---")


def morse(found: str) -> bytes:
    """Signs apart by spaces, words by strokes; the last may be a full stop. With any other sign it is not Morse."""
    known = {**MORSE, **MARKS, "/": " ", "|": " "}
    try:
        told = "".join(known[sign] for sign in found.translate(STROKES).split())
    except KeyError:
        raise NotEncoded from None
    return (f"{told} {told[:-1]}" if found.endswith(".") else told).encode()


DECODERS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}"), base64),
    (re.compile(r"[A-Z2-7]{8,}={0,6}"), base32),
    (re.compile(r"(?:<~)?[!-u]{7,}(?:~>)?"), ascii85),
    (re.compile(r"[!#-&(-+\--;<-Z^-z{-~]{7,}"), b85decode),
    (re.compile(r"(?<![^\W_])(?:(?:0x|\\x|=)?[0-9a-fA-F]{2}[ :,-]?){4,}"), hexadecimal),
    (re.compile(r"(?:[01]{8}[ ,;-]{0,2}){4,}"), binary),
    (re.compile(r"(?:\d{2,3}[ ,;-]{1,2}){3,}\d{2,3}"), numbers),
    (re.compile(r"[.·•−–—-]{1,6}(?:\s+[.·•−–—-]{1,6}|\s+[/|])+"), morse),
)


def unpacked(raw: bytes) -> str:
    """The text in some bytes, also where it was compressed with zlib or gzip."""
    if raw[:2] == b"\x1f\x8b" or (raw[:1] == b"\x78" and int.from_bytes(raw[:2], "big") % 31 == 0):
        raw = zlib.decompressobj(wbits=47).decompress(raw, UNPACKED)
    return raw.decode()


# whole texts ------------------------------------------------------------------------------------------------

ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([0-3]?[0-7]{2})|U\+([0-9a-fA-F]{4,6})\s?")
TAG = re.compile(r"<[^<>]{1,80}>")
LEET = tuple(str.maketrans("4@831!05$7", f"aabe{one}{one}osst") for one in "il")
"""Digits and signs that stand for letters; a one is read as `i`, and as `l`."""
FOR_DIGITS = str.maketrans("OoQDlI|ZSB", "0000111258")
NUMERAL = re.compile(r"(?<![^\W_])(?=\S{0,12}\d)[\dOoQDlI|ZSB][\dOoQDlI|ZSB.,' ]{2,12}(?![^\W_])")
ALIKE = str.maketrans(
    "αβεικνορτυχγωηᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "abeikvoptuxywnabcdefghijklmnoprstuvwyz",
)
"""Greek letters and small capitals that look Latin."""


def escaped(found: re.Match[str]) -> str:
    """The character behind an escape."""
    octal = found[3]
    return chr(int(octal, 8) if octal else int(found[1] or found[2] or found[4], 16) % 0x110000)


def respelt(text: str) -> Iterator[str]:
    """A text with what stands for a letter or a digit as that: digits in words, letters in figures, accents, tags."""
    yield from (text.translate(table) for table in LEET)
    yield NUMERAL.sub(lambda found: found[0].translate(FOR_DIGITS), text)
    if "<" in text:
        yield TAG.sub("", text)
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text)
        yield "".join(each for each in apart if not unicodedata.combining(each)).casefold().translate(ALIKE)


def decoded(text: str, layers: int = LAYERS) -> Iterator[str]:
    """Everything a text says under its encodings, layer under layer; nothing for most texts."""
    if layers and is_odd(text):
        for inner in dict.fromkeys(one_layer(text)):
            if inner != text:
                yield inner
                yield from decoded(inner, layers - 1)
        if layers == LAYERS:
            yield from dict.fromkeys(other for other in respelt(text) if other != text)


def one_layer(text: str) -> Iterator[str]:
    """What the stretches of a text say that are encoded."""
    if "%" in text:
        yield unquote(text)
    if "&" in text:
        yield unescape(text)
    if "\\" in text or "U+" in text:
        yield ESCAPE.sub(escaped, text)
    for pattern, decode in DECODERS:
        for found in pattern.findall(text):
            try:
                inner = unpacked(decode(found))
            except (NotEncoded, UnicodeDecodeError, ValueError, zlib.error):
                continue
            yield inner
