"""What a command does now, and what it leaves for later: sleeps and loops that sleep, found in its text."""

import re
import shlex
from typing import NamedTuple

from corpenv.shell.splitting import Piece, end_of_pair, pieces

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
SLEEP = re.compile(r"(?:/usr)?(?:/bin/)?sleep\s+(\d+(?:\.\d+)?)([smhd]?)\s*(?:&&\s*(.+))?", re.DOTALL)
LOOP = re.compile(r"(while|until)\s+(.+?)\s*[;\n]\s*do\b(.*)\bdone\b([^;]*)", re.DOTALL)
FOR_EVER = re.compile(r"for\s*\(\(\s*;\s*;\s*\)\)\s*;?\s*do\b(.*)\bdone\b([^;]*)", re.DOTALL)
WATCH = re.compile(r"watch\s+(?:-n\s*(\d+)\s+)?(.+)", re.DOTALL)
BEFORE = re.compile(
    r"(?:[A-Za-z_]\w*=(?:'[^']*'|\"[^\"]*\"|[^\s;&|'\"])*|nohup|setsid(?:\s+-{1,2}\w+)*|exec(?:\s+-a\s+\S+)?|command|stdbuf\s+-\S+|nice(?:\s+-n\s*-?\d+|\s+-\d+)?|ionice(?:\s+-\S+)*)\s+"
)
TIMEOUT = re.compile(r"timeout\s+(?:-\S+\s+)*(\d+)([smhd]?)\s+")
ALWAYS = {"while": ("true", ":", "[ 1 ]", "[[ 1 ]]", "((1))", "/bin/true"), "until": ("false", "/bin/false")}
SHORTEST = 60
"""Seconds between the turns of a loop at least: nobody looks more often."""


class Wait(NamedTuple):
    """A command that waits.

    Attributes:
        before: what it does first.
        seconds: how long it waits then; `again` if it waits as long after that every time.
        after: what it does then.
        busy: it does not sleep.
    """

    before: str
    seconds: int
    after: str
    again: bool = False
    busy: bool = False


class Bare(NamedTuple):
    """A command without what is only wrapped around it.

    Attributes:
        ends: after how many seconds it is stopped, 0 for never.
        tail: where all of it reads from and writes to, as in `> out.log 2>&1`.
    """

    text: str
    ends: int = 0
    tail: str = ""

    def led(self, text: str) -> str:
        """A part of it, reading and writing where all of it does."""
        return f"{{ {text}\n}} {self.tail}" if text and self.tail else text


def bare(text: str) -> Bare:
    """A command without `nohup`, `timeout`, brackets and the like."""
    text, ends, tail = text.strip(), 0, ""
    while True:
        inner = inside(text)
        if found := BEFORE.match(text):
            text = text[found.end() :].lstrip()
        elif found := TIMEOUT.match(text):
            ends, text = int(found[1]) * UNITS[found[2]], text[found.end() :].lstrip()
        elif inner:
            text, tail = inner[0], " ".join(filter(None, (inner[1], tail)))
        else:
            return Bare(text, ends, tail)


def inside(text: str) -> tuple[str, str] | None:
    """What stands in the brackets or behind the `-c` that a whole command is, and where all of it writes to."""
    if text[:1] in ("(", "{") and not text.startswith("(("):
        end = end_of_pair(text, 0)
        tail = text[end:].strip()
        if not tail or tail[0] in "<>012&":
            return text[1 : end - 1].strip().rstrip(";"), tail
    words = words_of(text)
    if len(words) >= 3 and words[0].rpartition("/")[2] in ("bash", "sh") and words[1] in ("-c", "-lc"):
        tail = text[text.find(words[2]) + len(words[2]) :].lstrip("'\"").strip() if words[2] in text else ""
        return words[2], tail
    return None


def words_of(text: str) -> list[str]:
    """The words of a command; none where quotes do not fit."""
    try:
        return shlex.split(text)
    except ValueError:
        return []


def waiting(text: str) -> Wait | None:
    """Where a command waits first; None if it does not."""
    found = pieces(text)
    for place, piece in enumerate(found):
        if wait := wait_in(piece.text):
            rest = whole(found[place + 1 :])
            after = wait.after if wait.again else "\n".join(filter(None, (wait.after, rest)))
            before = whole([*found[:place], *([Piece(wait.before, ";")] if wait.before else [])])
            return wait._replace(before=before, after=after)
    return None


def whole(found: list[Piece]) -> str:
    """Commands as one text again."""
    return "".join(f"{piece.text}{' &' if piece.end == '&' else ''}\n" for piece in found).strip()


def wait_in(text: str) -> Wait | None:
    """How one command waits."""
    if sleep := SLEEP.fullmatch(text):
        return Wait("", max(1, int(float(sleep[1]) * UNITS[sleep[2]])), sleep[3] or "")
    if watch := WATCH.fullmatch(text):
        line = " ".join(words_of(watch[2]))
        return Wait(line, max(SHORTEST, int(watch[1] or 2)), line, True)
    if ever := FOR_EVER.fullmatch(text):
        return turning(ever[1])
    if loop := LOOP.fullmatch(text):
        if loop[2].strip() in ALWAYS[loop[1]]:
            return turning(loop[3])
        asked = loop[2] if loop[1] == "while" else f"! {loop[2]}"
        turn = turning(loop[3])
        return None if turn.busy else turn._replace(
            before=guarded(asked, turn.before), after=guarded(asked, turn.after)
        )  # fmt: skip
    return None


def guarded(condition: str, text: str) -> str:
    """What is done while a condition holds."""
    return f"if {condition}; then\n{text}\nfi" if text else ""


def turning(body: str) -> Wait:
    """A loop without end: what it does before it sleeps for the first time, and then every time."""
    found = pieces(body)
    for place, piece in enumerate(found):
        if sleep := SLEEP.fullmatch(piece.text):
            first = whole(found[:place])
            then = "\n".join(filter(None, (sleep[3] or "", whole(found[place + 1 :]), first)))
            return Wait(first, max(SHORTEST, int(float(sleep[1]) * UNITS[sleep[2]])), then, True)
    return Wait(whole(found), SHORTEST, whole(found), True, True)
