"""Words of a line that are no command of the machine: what is said of them is ours, wherever it goes."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from bashkit import Bash, ExecutionProfile

from corpenv.shell.commands import COMMANDS
from corpenv.shell.inside import apart
from corpenv.shell.programs import ABSENT, FOREIGN
from corpenv.shell.splitting import BACK, LAST, RUN

LED = re.compile(r"2>|&>|\|&|>&|`|\$\(|\beval\b|(?:^|\s)\.?/|\b(?:ba)?sh\b|(?:^|[;&|]\s*)(?:\.|source)\s")
"""Where a complaint may go elsewhere than to the screen: in a line, or in a script that it runs."""
LOOKED_UP = re.compile(r"\b(?:command\s+-[vV]|type(?:\s+-\w+)?|hash)\s+([^;&|<>)\n]*)")
ASKED = re.compile(r"(?<![\w.-])(command\s+-[vV]|type(?:\s+-[apPt]+)?|hash)\s+([\w.+-]+)(?=\s*(?:$|[;&|)<>\n]))")
"""The same of one program. Behind it may be where the answer goes."""
NAMES = re.compile(r"(?<![\w/$.+-])[A-Za-z_][\w.+-]*(?![\w(=/])")
MOST = 100
"""Words of a line that are looked at."""


@lru_cache(maxsize=1)
def known_names() -> frozenset[str]:
    """Every command that the interpreter knows by itself, and ours."""
    line = "compgen -c; compgen -k; compgen -b"
    printed = apart(lambda: Bash(profile=ExecutionProfile.Interactive).execute_sync(line)).stdout
    return frozenset({*printed.split(), *COMMANDS, *FOREIGN, BACK, RUN, LAST})


def asked_for_nothing(line: str, is_absent: Callable[[str], bool]) -> str:
    """A line in which the shell, asked where a program is that is nowhere, finds none: the interpreter has its own, and
    `which` is ours.
    """

    def told(found: re.Match[str]) -> str:
        verb, name = found[1].split()[0], found[2]
        if not is_absent(name):
            return found[0]
        if verb == "command":
            return f"which {name}"  # it looks when it is called
        tells = f"echo {name} is $(which {name})" if verb == "type" else "true"
        why = f"echo 'bash: line 1: {verb}: {name}: not found' >&2"
        return f"{{ if which {name} > /dev/null; then {tells}; else {why}; false; fi; }}"

    return ASKED.sub(told, line)


def missing(line: str, files: Iterable[str]) -> list[str]:
    """Words that call nothing, if a complaint about them may go into a pipe or a file.

    The interpreter has more to say of some names, and of those that are much like another. A word is left to it where
    somebody only asks whether there is such a program, and where a file bears that name.
    """
    if not LED.search(line):
        return []
    words = {*ABSENT, *([] if "PATH=" in line else NAMES.findall(line)[:MOST])}
    words -= {name for found in LOOKED_UP.findall(line) for name in found.split()}
    words -= known_names()
    if not words <= set(ABSENT):
        words -= {path.rpartition("/")[2] for path in files}
    return sorted(words)
