"""What programs take while they run: whoever has every line of one that takes something takes as much."""

from functools import lru_cache

from corpenv.company.facts import Facts
from corpenv.company.hosts import Uses
from corpenv.company.text import constant


def taken_by(world: Facts, text: str) -> Uses | None:
    """What a program of this text takes that goes on until it is ended; None if it is none."""
    for lines, uses in takers(world):
        if all(line in text for line in lines) and lines.issubset(map(str.strip, text.splitlines())):
            return uses
    return None


@lru_cache(maxsize=16)
def takers(world: Facts) -> tuple[tuple[frozenset[str], Uses], ...]:
    """The lines of each program of a world that takes something, its remarks apart."""
    files = (file for server in world.servers.values() for file in server.files.values())
    taking = ((lines_of(constant(file.text)), file.uses) for file in files if file.uses)
    return tuple((lines, uses) for lines, uses in taking if lines and uses)


def lines_of(text: str) -> frozenset[str]:
    """The lines of a program that do something."""
    lines = map(str.strip, text.splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))
