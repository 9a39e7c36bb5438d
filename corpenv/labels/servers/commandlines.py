"""Command lines: the commands in them, and whether one that is noted is one of those that ran."""

import re
import shlex
from collections.abc import Iterable, Iterator
from functools import lru_cache

PROMPT = re.compile(r"^\s*(?:[\d:.TZ/\[\] -]+|\[?[\w.-]+@[\w.-]+[^$#\n]*)?\$ +(\S.*?)\s*$", re.M)
"""A noted command: behind a prompt, with the time or the account before it or not."""
PARTS = re.compile(r"""((?:\d?>&\d?|&>|[^'"\\;&|\n]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)""")
"""The commands of a line: what stands between `;`, `&`, `|` and line ends, quoted ones apart."""
ELSEWHERE = re.compile(r"\s*\d?(?:&>>?|>>?&?|<)\s*[^\s;|&]+")
"""Where input comes from and output goes to."""
OPENING = re.compile(
    r"^(?:(?:do|then|else|!|\(|\{|time|nohup|setsid|exec|command|builtin|stdbuf\s+-\S+|nice(?:\s+-n\s*-?\d+|\s+-\d+)?"
    r"|timeout\s+\d\S*|sudo(?:\s+(?:-[ugpC]\s+\S+|-[A-Za-z]+))*|env(?:\s+-\w+)*(?:\s+\w+=\S*)*|\w+=[^\s'\"`$]*)\s+|\(|\{)+"
)
"""What opens a block, or runs a command otherwise."""
BLANK = re.compile(r"\\\$\\\{[^}]*\\\}|\\\$\w+|\\\$\\\(.*?\\\)|\\\*|\\\?|\\\{\\\}")
"""What the shell fills in, in a pattern made of a line."""
OPEN = re.compile(r"[$*?]|\{\}")
SHELLS = ("bash", "sh", "su", "dash")
ON_ANOTHER = re.compile(r"ssh(?:\s+(?:-[ilpoF]\s*\S+|-\w+))*\s+[\w.@-]+\s+([^'\"]+)")
"""A command that runs on another server; one that is quoted is looked at inside its quotes."""
EACH = re.compile(
    r"xargs(?:\s+(?:-[InLPdE]\s*\S+|-\w+))*\s+(\S.*)|find\s.*?\s-exec(?:dir)?\s+(.+?)\s*(?:\\;|;|'.'|\+)?"
)
"""A command that another runs for each of several things."""


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
    words, line = words_of(part), ""
    if words and words[0] in SHELLS and "-c" in words[1:-1]:
        line = words[words.index("-c") + 1]
    elif words and words[0] == "ssh":
        rest = [number for number, word in enumerate(words) if number and not word.startswith("-")]
        line = " ".join(words[rest[0] + 1 :]) if rest else ""
    if line and line != part:
        yield from commands_of(line)


def runs(part: str) -> Iterator[str]:
    """What one command is, and the one that it runs on another server, or for each of several things."""
    own = bare(part)
    yield own
    if found := ON_ANOTHER.fullmatch(own):
        yield found[1]
    elif found := EACH.fullmatch(own):
        yield f"{found[1]} *" if found[1] else found[2]


def is_among(command: str, ran: Iterable[str]) -> bool:
    """Is a noted command one of those that ran, as it was typed or as the shell filled it in?"""
    wanted = bare(command)
    words = words_of(wanted)
    return any(wanted == each or words == words_of(each) or (OPEN.search(each) and fits(each, wanted)) for each in ran)


def words_of(command: str) -> list[str]:
    """The words of a command without their quotes."""
    try:
        return shlex.split(command)
    except ValueError:  # a quote that does not end
        return command.split()


def fits(typed: str, command: str) -> bool:
    """Can a command be what the shell made of a typed one? What program it runs has to be typed."""
    program, _, rest = typed.partition(" ")
    if "$" in program or command.partition(" ")[0] != program:
        return False
    return re.fullmatch(BLANK.sub(".*", re.escape(rest)), command.partition(" ")[2]) is not None
