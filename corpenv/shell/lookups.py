"""Which program a name leads to: the folders of programs are gone through when it is called, for somebody may have put
another there, or taken one away.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from corpenv.company.hosts import EXECUTE
from corpenv.shell.background import FOLDERS
from corpenv.shell.disk import Disk
from corpenv.shell.inside import machine_files
from corpenv.shell.programs import FOREIGN

IN_PATH = re.compile(r"/s?bin/([\w.+-]+|\[)")
"""A name of what stands where programs are looked for."""
CHANGES = re.compile(
    r"\b(?:rm|mv|unlink|shred|chmod)\s[^;&|\n]*|(?:\b(?:cp|ln|install|tee)\s[^;&|\n]*?|>\s*\S*)/s?bin/[\w.+-]+(?=\s*(?:[;&|\n'\")]|$))"
)
"""Commands that may take a program away, or put another there."""
WITHIN_SHELL = frozenset({"[", "echo", "false", "kill", "printf", "pwd", "test", "true"})
"""Names for which a shell looks nowhere: it does that itself."""


@lru_cache(maxsize=1024)
def places_of(name: str) -> frozenset[str]:
    """Where a program of a name may stand, and the folders on the way there."""
    places = [f"{folder}/{name}" for folder in FOLDERS]
    return frozenset(
        place[:at] for place in places for at in (*(n for n, sign in enumerate(place) if sign == "/"), None)
    )


def other_program(disk: Disk, name: str) -> str | None:
    """The path of what a name leads to, "" if to nothing any more; None if the machine's own stands behind it."""
    places, refused, known = places_of(name), "", False
    if disk.tree.files.keys().isdisjoint(places) and disk.tree.away.isdisjoint(places):
        return None
    for path in (f"{folder}/{name}" for folder in FOLDERS if name not in WITHIN_SHELL):
        file, first = disk.led(path), machine_files().get(path)
        known = known or first is not None
        if file is not None and file.lets(disk.seat.login, EXECUTE) and file.sort == "file":
            return None if first is not None and first.text == file.text else path
        refused = refused or (path if file is not None and file.sort == "file" else "")
    return refused if refused or known else None


def is_absent(disk: Disk, name: str) -> bool:
    """Is it the name of a program that the machine has not, or no longer?"""
    return name in FOREIGN or other_program(disk, name) == ""


def changed_programs(disk: Disk, line: str) -> Iterator[str]:
    """The names of programs that somebody put where programs are looked for, or took away, or may in this line."""
    here = (name for part in CHANGES.findall(line) for name in IN_PATH.findall(part))
    yield from (name for name in here if name not in WITHIN_SHELL)
    for folder in FOLDERS:
        for name in (*disk.names(folder), *disk.gone_from(folder)):
            if other_program(disk, name) is not None:
                yield name
