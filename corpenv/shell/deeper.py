"""Functions that call themselves: the interpreter counts sixteen of them, a shell goes on.

A line that fails by that count is run once more. Where its functions stand deep inside each other, the next one is
called in an interpreter of its own, which is handed the variables and functions, and hands the variables back.
"""

import re
from typing import NamedTuple


class Ends(NamedTuple):
    """What is said of a shell that is ended, and its exit code."""

    text: str
    code: int


DEFINED = re.compile(r"(?<![\w$./-])(?:function\s+([A-Za-z_]\w*)\s*(?:\(\s*\))?|([A-Za-z_]\w*)\s*\(\s*\))\s*\{(?=\s)")
DEEP = 12
"""Functions inside each other after which the next interpreter takes over."""
MOST_HOPS = 20
"""Interpreters inside each other."""
HOP = 1_000
"""Work that one of them is."""
GOES_ON = ".deeper"
STATE = "/dev/.state"
"""Where variables are handed back; it is in no listing."""
TOO_DEEP = "maximum function depth exceeded"
FAULT = Ends("Segmentation fault", 139)
"""What becomes of a shell that runs out of stack."""
PROLOGUE = (
    " if (( ${{#FUNCNAME[@]}} > {deep} )); then {{ declare -p; declare -f; }} | {goes_on} {name} \"$@\"; "
    "set -- $?; . {state}; return $1; fi; "
)  # fmt: skip
DECLARED = re.compile(
    r"(?m)^declare -([a-zA-Z-]+) ([A-Za-z_]\w*)(=.*?)?(?=\n(?:declare -|[A-Za-z_][\w-]* \(\) $)|\n?\Z)", re.S
)
OWN = re.compile(
    r"BASH\w*|FUNCNAME|E?UID|PPID|PIPESTATUS|OLDPWD|OPT\w+|HOST\w*|MACHTYPE|OSTYPE|PS\d|SHELL|SHELLOPTS|SHLVL|_|PWD|RANDOM"
    r"|SRANDOM|EPOCH\w+|SECONDS|LINENO|LOGNAME|USER|HOME|PATH|TERM|LANG|DIRSTACK|GROUPS|IFS"
)


def deepened(line: str) -> str:
    """A line whose functions go on elsewhere when they stand too deep."""

    def begun(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return found[0] + PROLOGUE.format(deep=DEEP, goes_on=GOES_ON, name=name, state=STATE)

    return DEFINED.sub(begun, line)


def variables_in(dump: str, everywhere: bool) -> str:
    """The variables of a dump as a script that sets them; `everywhere`, also where a function runs it."""
    scope = "g" if everywhere else ""
    return "".join(
        f"declare -{letters.replace('-', '').replace('r', '').replace('x', '') + scope or '-'} {name}{value}\n"
        for letters, name, value in DECLARED.findall(dump)
        if value and not OWN.fullmatch(name)
    )


def functions_in(dump: str) -> str:
    """The functions of a dump: everything from the first of them on."""
    found = re.search(r"(?m)^[A-Za-z_][\w-]* \(\) $", dump)
    return dump[found.start() :] if found else ""


def goes_on(dump: str, call: str) -> str:
    """The script that calls a function with all that a dump knows, and hands the variables back."""
    return f"{variables_in(dump, False)}{functions_in(dump)}\n{call}\nset -- $?; declare -p > {STATE}; exit $1"
