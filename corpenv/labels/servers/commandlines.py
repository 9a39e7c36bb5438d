"""Command lines: the commands in them, and whether one that is noted is one of those that ran."""

import re
import shlex
from collections.abc import Iterator
from functools import lru_cache

PROMPT = re.compile(r"^\s*(?:[\d:.TZ/\[\] -]+|\[?[\w.-]+@[\w.-]+[^$#\n]*)?\$ +(\S.*?)\s*$", re.M)
"""A noted command: behind a prompt, with the time or the account before it or not."""
PARTS = re.compile(r"""((?:[^'"\\;&|\n]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|\d?>&\d?|&>)+)""")
"""The commands of a line: what stands between `;`, `&`, `|` and line ends, quoted ones apart."""
ELSEWHERE = re.compile(r"\s*\d?(?:&>>?|>>?&?|<)\s*[^\s;|&]+")
"""Where input comes from and output goes to."""
OPENING = re.compile(r"^(?:(?:do|then|else|!|\(|\{|time|nohup|sudo(?:\s+-\w+(?:\s+\w+)?)?|env)\s+|\(|\{)+")
BLANK = re.compile(r"\\\$\\\{[^}]*\\\}|\\\$\w+|\\\$\\\(.*?\\\)|\\\*|\\\?")
"""What the shell fills in, in a pattern made of a line."""
SHELLS = ("bash", "sh", "su", "dash")


def noted_in(text: str) -> list[str]:
    """The commands that a text notes."""
    return [plain(each) for each in PROMPT.findall(text)]


def plain(line: str) -> str:
    """A line with single spaces."""
    return " ".join(line.split())


def bare(line: str) -> str:
    """A command without what opens a block or runs it otherwise, and without where its output goes."""
    return plain(ELSEWHERE.sub("", OPENING.sub("", plain(line)))).rstrip(" )}")


@lru_cache(maxsize=512)
def commands_of(line: str) -> tuple[str, ...]:
    """What runs when a line does: the line, its commands, and those that it hands to a shell."""
    parts = [line, *line.splitlines(), *PARTS.findall(line)]
    found = dict.fromkeys(bare(part) for part in parts)
    found |= dict.fromkeys(each for part in tuple(found) for each in handed_on(part))
    return tuple(each for each in found if each)


def handed_on(part: str) -> Iterator[str]:
    """The commands that `ssh host …` or `sh -c …` run."""
    try:
        words = shlex.split(part)
    except ValueError:  # a quote that does not end
        return
    line = ""
    if words and words[0] in SHELLS and "-c" in words[1:-1]:
        line = words[words.index("-c") + 1]
    elif words and words[0] == "ssh":
        rest = [number for number, word in enumerate(words) if number and not word.startswith("-")]
        line = " ".join(words[rest[0] + 1 :]) if rest else ""
    if line and line != part:
        yield from commands_of(line)


def is_among(command: str, ran: tuple[str, ...]) -> bool:
    """Is a noted command one of those that ran, as it was typed or as the shell filled it in?"""
    wanted = bare(command)
    return any(wanted == each or (("$" in each or "*" in each) and fits(each, wanted)) for each in ran)


def fits(typed: str, command: str) -> bool:
    """Can a command be what the shell made of a typed one? What program it runs has to be typed."""
    program, _, rest = typed.partition(" ")
    if "$" in program or command.partition(" ")[0] != program:
        return False
    return re.fullmatch(BLANK.sub(".*", re.escape(rest)), command.partition(" ")[2]) is not None
