"""Programs as files: the bytes of a binary, of which only the beginning is kept, and which program a binary is."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha1, shake_128

from corpenv.company.hosts import HostFile
from corpenv.shell.programs import PROGRAMS

MAGIC = b"\x7fELF"
HEADER = (
    MAGIC + b"\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00" + b"\x30\x6d" + bytes(6) + b"\x40"
    + bytes(15) + bytes(4) + b"\x40\x00\x38\x00\x0d\x00\x40\x00\x1f\x00\x1e\x00"
)  # fmt: skip
"""The header of a program for 64 bits that is linked dynamically and can be loaded anywhere."""
WORDS = "/lib64/ld-linux-x86-64.so.2\0libc.so.6\0__libc_start_main\0__stack_chk_fail\0GLIBC_2.34\0GLIBC_2.4\0"
MADE_BY = "GCC: (Debian 12.2.0-14) 12.2.0\0.shstrtab\0.interp\0.note.gnu.build-id\0.text\0.rodata\0.data\0"
LOW = bytes(number % 32 for number in range(256))
"""What follows is made of bytes that no text has: read as one, it is no longer than it is."""
LARGEST = 8 * 2**20
"""Bytes of a binary that can be read."""


def build_id(name: str) -> bytes:
    """The number that a program was built with."""
    return sha1(f"build {name}".encode(), usedforsecurity=False).digest()


@lru_cache(maxsize=512)
def beginning(name: str) -> bytes:
    """How the binary of a program of the machine begins."""
    usage = f"{name}\0Usage: %s [OPTION]...\0Try '%s --help' for more information.\0"
    return HEADER + build_id(name) + f"{WORDS}{usage}{MADE_BY}".encode()


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """The beginning of a binary in base64 → the program that it is."""
    return {b64encode(beginning(name)).decode(): name for name in PROGRAMS}


def program_of(file: HostFile | None) -> str:
    """Which program of the machine a file is, wherever it stands; "" if it is none."""
    return names().get(file.text, "") if file and file.binary and isinstance(file.text, str) else ""


@lru_cache(maxsize=1)
def whole(start: bytes, more: int) -> bytes:
    """A binary that begins like this, with so many bytes more."""
    return start + shake_128(start).digest(min(more, LARGEST)).translate(LOW)


def kept(content: bytes) -> tuple[bytes, int]:
    """What is kept of a content: of a copy of a program its beginning, and how many bytes follow; else all of it."""
    end = content.find(MADE_BY.encode()) + len(MADE_BY) if content.startswith(MAGIC) else 0
    start, more = content[:end], len(content) - end
    return (start, more) if end >= len(HEADER) and whole(start, more) == content else (content, 0)
