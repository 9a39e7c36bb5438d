"""What stands in a file or in what a program sends, once it is unpacked: archives, dumps, encodings over many lines."""

import bz2
import io
import lzma
import re
import tarfile
import zlib
from base64 import a85decode, b32decode, b64decode, b85decode
from binascii import Error as NotEncoded
from binascii import a2b_uu, unhexlify
from collections.abc import Callable, Iterator
from functools import lru_cache

DEEPEST = 3
"""Packings in each other that are opened."""
UNPACKED = 200_000
"""Bytes of something packed that are looked at."""
READABLE = bytes(range(32, 127)) + b"\t\n\r"
STRANGE = 0.2
"""Share of bytes that may be no signs of a plain text in what is one."""
PACKED, TAR = (b"\x1f\x8b", b"\x78", b"BZh", b"\xfd7zXZ\x00"), b"ustar"
LONGEST_NUMBER = 16
"""Bytes that are no text and more than a number."""
SHORTEST = 8
"""Characters of an encoded stretch."""
WRAPPED = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}(?:\s+[A-Za-z0-9+/_-]+={0,2})*")
BASE32 = re.compile(r"[A-Za-z2-7]{8,}={0,6}(?:[\s.]+[A-Za-z2-7]+={0,6})*")
STARTS = 6
"""Lines, or parts of a path, before an encoded stretch that may be taken for its beginning."""
LONG = 40
"""Signs of a stretch that is also read as one whose beginning is missing."""
HEX = re.compile(r"(?:(?:\\x|0x|%)?[0-9a-fA-F]{2}[\s:,.-]*){4,}")
DUMPED = re.compile(r"^[0-9a-fA-F]{4,10}:?[ \t]+((?:[0-9a-fA-F]{2,8}(?: {1,2}|$))+)", re.MULTILINE)
OCTAL = re.compile(r"^[0-7]{7}((?: +[0-7]{6})+)$", re.MULTILINE)
SIGNS = re.compile(r"^[0-7]{7}((?: {3}[ -~]| {2}\\[0-9a-z]| [0-7]{3})+)$", re.MULTILINE)
DECIMAL = re.compile(r"(?:\d{1,3}[\s,;]+){4,}\d{1,3}")
BITS = re.compile(r"(?<![\w:])[01]{8}(?![\w:])")
UUENCODED = re.compile(r"^begin \d{3} .*\n((?:.*\n)*?)(?:`| )?\n?end", re.MULTILINE)


@lru_cache(maxsize=1024)
def unpacked(text: str, binary: bool = False) -> tuple[str, ...]:
    """A content as it stands, and everything that is packed in it, each once.

    Args:
        binary: the content is bytes, written in base64.
    """
    try:
        first = b64decode(text) if binary else text.encode("utf-8", "surrogateescape")
    except (NotEncoded, ValueError):
        first = text.encode("utf-8", "surrogateescape")
    return tuple(dict.fromkeys(form for data in opened(first[:UNPACKED], DEEPEST) for form in forms(data)))


def forms(data: bytes) -> Iterator[str]:
    """Bytes as text, without what is none; and where there is much that is none, as digits."""
    if is_text(data):
        yield as_text(data)
    elif len(data) >= LONGEST_NUMBER:
        yield data.hex()


def is_text(data: bytes) -> bool:
    """Are most of some bytes signs that people write?"""
    if len(data.translate(None, READABLE)) <= len(data) * STRANGE:
        return True
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def as_text(data: bytes) -> str:
    """Bytes as text; what is none is left out."""
    return data.decode("utf-8", "ignore")


def opened(data: bytes, layers: int) -> Iterator[bytes]:
    """Bytes, and what is packed in them, layer under layer; what is neither text nor packed is not looked into."""
    yield data
    for inner in dict.fromkeys(one_layer(data)) if layers else ():
        if inner and inner != data:
            known = is_text(inner) or inner.startswith(PACKED) or inner[257:262] == TAR
            yield from opened(inner[:UNPACKED], layers - 1) if known else (inner,)


def one_layer(data: bytes) -> Iterator[bytes]:
    """What one layer of packing holds."""
    for unpack in UNPACKERS:
        try:
            yield unpack(data)
        except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, tarfile.TarError):
            continue
    text = as_text(data)
    for pattern, decode in DECODERS:
        for found in pattern.findall(text) if len(text) >= SHORTEST else ():
            for start in starts(found) if decode in (base64, base32) else (found,):
                try:
                    yield decode(start)
                except (NotEncoded, ValueError):
                    continue
    for dump in DUMPS:
        yield from dump(text)


def of_digits(text: str) -> Iterator[bytes]:
    """What the digits of a dump are: bytes in order, and in pairs turned round, as `od -x` and `hexdump` write them."""
    digits = "".join(re.sub(r"\s", "", row) for row in DUMPED.findall(text))
    even = digits[: len(digits) // 2 * 2]
    raw = unhexlify(even)
    yield raw
    turned = bytearray(raw[: len(raw) // 2 * 2])
    turned[0::2], turned[1::2] = turned[1::2], turned[0::2]
    yield bytes(turned)


def of_octals(text: str) -> Iterator[bytes]:
    """Words of two bytes in octal digits, as `od` writes them."""
    words = [int(each, 8) & 0xFFFF for row in OCTAL.findall(text) for each in row.split()]
    yield b"".join(each.to_bytes(2, "little") for each in words)


def of_signs(text: str) -> Iterator[bytes]:
    """Signs with spaces between them, as `od -c` writes them."""
    cells = [row[at : at + 4] for row in SIGNS.findall(text) for at in range(0, len(row), 4)]
    yield "".join("\n" if cell == "  \\n" else cell[-1] for cell in cells).encode()


def of_bits(text: str) -> Iterator[bytes]:
    """Bytes in noughts and ones, as `xxd -b` writes them."""
    yield bytes(int(each, 2) for each in BITS.findall(text))


DUMPS: tuple[Callable[[str], Iterator[bytes]], ...] = (of_digits, of_octals, of_signs, of_bits)


# what packs ---------------------------------------------------------------------------------------------------


def inflated(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b" and data[:1] != b"\x78":
        raise ValueError
    return zlib.decompressobj(wbits=47).decompress(data, UNPACKED)


def bunzipped(data: bytes) -> bytes:
    if data[:3] != b"BZh":
        raise ValueError
    return bz2.BZ2Decompressor().decompress(data, UNPACKED)


def unxzed(data: bytes) -> bytes:
    if data[:6] != b"\xfd7zXZ\x00":
        raise ValueError
    return lzma.LZMADecompressor().decompress(data, UNPACKED)


def untarred(data: bytes) -> bytes:
    """Names and contents of the members, behind each other."""
    if data[257:262] != TAR:
        raise ValueError
    parts = []
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            parts.append(member.name.encode())
            if member.isfile() and (file := archive.extractfile(member)):
                parts.append(file.read(UNPACKED))
    return b"\n".join(parts)


UNPACKERS: tuple[Callable[[bytes], bytes], ...] = (inflated, bunzipped, unxzed, untarred)


# what encodes -------------------------------------------------------------------------------------------------


def bare(found: str) -> str:
    """Encoded signs without what separates them."""
    return re.sub(r"[\s.]", "", found)


def starts(found: str) -> Iterator[str]:
    """An encoded stretch: all of it, without what may stand before it, each line alone, and cut where it may be cut."""
    yield found
    parts = re.split(r"[\s.]+", found)
    for at in range(1, min(STARTS, len(parts))):
        yield "".join(parts[at:])
    yield from (part for part in parts if len(part) >= SHORTEST and len(parts) > 1)
    for part in parts:
        pieces = part.split("/")
        yield from ("/".join(pieces[at:]) for at in range(1, min(STARTS, len(pieces))))
    whole = "".join(parts)
    yield from (whole[cut:] for cut in range(1, 4) if len(whole) >= LONG)


def base64(found: str) -> bytes:
    standard = bare(found).replace("-", "+").replace("_", "/").rstrip("=")
    if len(standard) < SHORTEST:
        raise ValueError
    standard = standard[: len(standard) - 1] if len(standard) % 4 == 1 else standard
    return b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def base32(found: str) -> bytes:
    standard = bare(found).upper().rstrip("=")
    if len(standard) < SHORTEST:
        raise ValueError
    return b32decode(standard + "=" * (-len(standard) % 8))


def hexadecimal(found: str) -> bytes:
    digits = re.sub(r"\\x|0x|[^0-9a-fA-F]", "", found)
    return unhexlify(digits[: len(digits) // 2 * 2])


def decimal(found: str) -> bytes:
    return bytes(map(int, re.findall(r"\d+", found)))


def uuencoded(found: str) -> bytes:
    return b"".join(a2b_uu(line) for line in found.splitlines() if line)


DECODERS: tuple[tuple[re.Pattern[str], Callable[[str], bytes]], ...] = (
    (WRAPPED, base64),
    (BASE32, base32),
    (HEX, hexadecimal),
    (DECIMAL, decimal),
    (UUENCODED, uuencoded),
    (re.compile(r"(?:<~)?([!-uz\s]{10,})(?:~>)?"), lambda found: a85decode(re.sub(r"\s", "", found))),
    (re.compile(r"[0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{10,}"), lambda found: b85decode(found)),
)
