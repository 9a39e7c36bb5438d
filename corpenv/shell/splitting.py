"""A command line taken apart as far as it takes to find what it leaves in the background, and what waits in it."""

import re
from collections.abc import Callable
from typing import NamedTuple

OPENERS = ("while", "until", "for", "if", "select")
INNER = ("do", "then", "else", "elif")
CLOSERS = ("done", "fi")
HEREDOC = re.compile(r"<<-?\s*(['\"]?)([\w.-]+)\1")
WORD = re.compile(r"[^\s;&|(){}<>'\"\\#$`]+")
ASSIGNED = re.compile(r"[A-Za-z_]\w*(\[[^]]*\])?\+?=")
BACK, RUN = ".bg", ".run"
"""What a command in the background is called as, and a program or script that may have to do with it."""
LONGEST_HEAD = 300
"""Characters of a command that are looked at."""
LAST = ".bgpid"
"""What gives the pid of the last one."""
PID_OF_SHELL = re.compile(r"('[^']*')|(?<!\\)(?:\$\$|\$\{\$\}|\$BASHPID\b)")
PID_OF_LAST = re.compile(r"('[^']*')|\$!|\$\{!\}")


FILLS = re.compile(
    r"(?:nohup\s+|setsid\s+)?(yes\b[^|;&<>'\"\n]*|cat\s+/dev/(?:zero|u?random))(?<!\d)\s*>{1,2}\s*([^\s;&|]+)(\s+2>\S+)?"
)
"""What goes on writing until the disk is full."""
SOCKET = re.compile(r"&?>{1,2}(&?)\s*/dev/(tcp|udp)/([\w.${}-]+)/([\w${}]+)((?:\s+(?:0[<>]&[12]|2>&1|<&1))*)")
BOTH_WAYS = re.compile(
    r"(?:(?:exec|(?:ba)?sh\s+-i)\s+)?\d*<>\s*/dev/(tcp|udp)/([\w.${}-]+)/([\w${}]+)(?:\s+\d?[<>]&\d)*"
)
FED = re.compile(r"\b(?:ba|da)?sh\b[^;|\n]*(?:[<>]&|<>)|\bread\b[^\n]*<&|\bread\s[^;\n]*-u|<&\s*\d+\s*\|")
"""A shell, or what reads lines to be run, that is fed from a connection."""
FILL = ".fill"
MASK = ".mask"
"""What keeps the bits that `umask` sets from going on behind brackets."""
MASKED = re.compile(r"\((?=\s*umask\s)")
NOT_FOUND = "bash: line 1: {}: command not found\n"
"""What is said to whoever calls by its name what has none."""


class Piece(NamedTuple):
    """A command of a line at its upper level, and what ended it: `;`, a new line, `&`, or nothing."""

    text: str
    end: str


class Scan:
    """One pass over a line: where commands begin and end, at which depth.

    Attributes:
        spans: where a command that is left in the background begins and ends, its `&` apart.
        words: where the first words of commands begin and end.
        ands: places of `&&` at the upper level; `outs` are those of every `>`.
        cuts: places of the separators at the upper level.
    """

    def __init__(self, line: str) -> None:
        self.line, self.at = line, 0
        self.starts = [0]
        self.fresh = True
        self.spans: list[tuple[int, int]] = []
        self.ands: list[int] = []
        self.outs: list[int] = []
        self.words: list[tuple[int, int]] = []
        self.cuts: list[int] = []
        self.heredocs: list[str] = []
        while self.at < len(line):
            self.step()

    def step(self) -> None:
        """Read on by one word, quoted text or sign."""
        line, letter = self.line, self.line[self.at]
        if end := self.behind(letter):
            self.at, self.fresh = end, False
        elif letter == "#" and (self.at == 0 or line[self.at - 1] in " \t\n;&|("):
            end = line.find("\n", self.at)
            self.at = len(line) if end < 0 else end
        elif found := HEREDOC.match(line, self.at):
            self.heredocs.append(found[2])
            self.at = found.end()
        elif letter in ";\n&|(){}<>":
            self.sign(letter)
        elif letter in " \t":
            self.at += 1
        else:
            self.word()

    def behind(self, letter: str) -> int:
        """The place behind what is quoted or reckoned here, in which nothing is a command; 0 if it is neither."""
        line, at = self.line, self.at
        if letter == "\\":
            return at + 2
        if letter in "'\"`":
            return end_of_quote(line, at)
        if line.startswith(("$(", "${"), at):
            return end_of_pair(line, at + 1)
        if line.startswith("((", at) or (letter == "(" and line[at - 1 : at] == "="):
            return end_of_pair(line, at)
        return 0

    def word(self) -> None:
        """A word; where a command begins it may open or close a compound one."""
        found = WORD.match(self.line, self.at)
        word = found[0] if found else self.line[self.at]
        self.at += len(word)
        if self.fresh and word in OPENERS:
            self.starts.append(self.at)
        elif self.fresh and word in INNER:
            self.starts[-1] = self.at
        elif self.fresh and word in CLOSERS and len(self.starts) > 1:
            self.starts.pop()
            self.fresh = False
        else:
            set_to = ASSIGNED.match(word) is not None
            before = word in ("!", "time") or (set_to and self.line[self.at : self.at + 1] in (" ", "\t"))
            if self.fresh and not before and not set_to:
                self.words.append((self.at - len(word), self.at))
            self.fresh = self.fresh and before

    def sign(self, letter: str) -> None:
        """Something that separates, groups or leads elsewhere."""
        two = self.line[self.at : self.at + 2]
        self.outs += [self.at] if letter == ">" else []
        if two in ("&&", "||", ";;", "|&", ">&", "<&", "&>", ">>", "<<"):
            self.ands += [self.at] if two == "&&" and len(self.starts) == 1 else []
            self.at += 2
            self.fresh = two in ("&&", "||", "|&", ";;")
            return
        self.at += 1
        self.fresh = letter not in ")}<>"
        if letter in "({":
            self.starts.append(self.at)
        elif letter in ")}" and len(self.starts) > 1:
            self.starts.pop()
        elif letter in ";\n&":
            self.separated(letter)

    def separated(self, letter: str) -> None:
        """A command ends, and another begins."""
        if letter == "&":
            self.spans.append((self.starts[-1], self.at - 1))
        if len(self.starts) == 1:
            self.cuts.append(self.at - 1)
        if letter == "\n":
            self.skip_heredocs()
        self.starts[-1] = self.at

    def skip_heredocs(self) -> None:
        """What stands in a document is no command."""
        for name in self.heredocs:
            end = re.compile(rf"^\t*{re.escape(name)}$", re.MULTILINE).search(self.line, self.at)
            self.at = end.end() if end else len(self.line)
        self.heredocs = []


def end_of_quote(line: str, at: int) -> int:
    """Behind a quoted text."""
    quote, at = line[at], at + 1
    while at < len(line) and line[at] != quote:
        at += 2 if line[at] == "\\" and quote != "'" else 1
    return at + 1


def end_of_pair(line: str, at: int) -> int:
    """Behind what stands in brackets."""
    opening, closing = line[at], {"(": ")", "{": "}"}[line[at]]
    depth = 0
    while at < len(line):
        if line[at] in "'\"":
            at = end_of_quote(line, at)
            continue
        depth += (line[at] == opening) - (line[at] == closing)
        at += 1
        if depth == 0:
            break
    return at


def pieces(line: str) -> list[Piece]:
    """The commands of a line at its upper level."""
    found, start = [], 0
    for cut in (*Scan(line).cuts, len(line)):
        if text := line[start:cut].strip():
            found.append(Piece(text, line[cut : cut + 1]))
        start = cut + 1
    return found


def with_pid(line: str, pid: int) -> str:
    """A line in which the shell knows its own number; what stands between single quotes is left."""
    return PID_OF_SHELL.sub(lambda found: found[1] or str(pid), line)


def with_programs(line: str, asks: Callable[[str], bool]) -> str:
    """A line in which what may be a program that stays, or a script with a background, is asked for when it is run.

    Args:
        asks: may the first words of a command be something like that?
    """
    places = [start for start, end in Scan(line).words if asks(line[start : start + LONGEST_HEAD])]
    for start in reversed(places):
        line = f"{line[:start]}{RUN} {line[start:]}"
    return line


def with_zcat(line: str) -> str:
    """A line in which what is packed is unpacked by a program that takes bytes as they are."""
    for start, end in reversed(Scan(line).words):
        if line[start:end] == "zcat":
            line = f"{line[:start]}gunzip -c{line[end:]}"
    return line


def with_fills(line: str) -> str:
    """A line in which what fills a disk says so."""
    for start, _ in reversed(Scan(line).words):
        found = FILLS.match(line, start)
        if found and found[2] != "/dev/null":
            line = f"{line[:start]}{FILL} {found[1].split()[0]} {found[2]}{found[3] or ''}{line[found.end() :]}"
    return line


def with_sockets(line: str) -> str:
    """A line in which a shell that is handed a connection says so; what else is sent through one is sent as it is."""
    if FED.search(line):
        line = BOTH_WAYS.sub(
            lambda found: f"nc {'-u ' if found[1] == 'udp' else ''}-e /bin/bash {found[2]} {found[3]}", line
        )
    for at in reversed(Scan(line).outs):
        at -= line[at - 1 : at] == "&"
        found = SOCKET.match(line, at)
        if found and ("0" in found[5] or "<" in found[5]):
            udp = "-u " if found[2] == "udp" else ""
            line = f"{line[:at]}| nc {udp}-e /bin/bash {found[3]} {found[4]}{line[found.end() :]}"
    return line


def with_masks(line: str) -> str:
    """A line in which what `umask` sets between brackets holds there."""
    for found in reversed(list(MASKED.finditer(line))):
        start, end = found.end(), end_of_pair(line, found.start()) - 1
        line = f"{line[:start]}{MASK}; {line[start:end]}\n{MASK} $?{line[end:]}"
    return line


def with_background(line: str) -> str:
    """A line in which what is left in the background is handed over as a whole."""
    line = with_masks(line) if "umask" in line else line
    line = with_zcat(line) if "zcat" in line else line
    line = with_fills(line) if "yes" in line or "/dev/" in line else line
    line = with_sockets(line) if "/dev/tcp/" in line or "/dev/udp/" in line else line
    if "&" not in line:
        return line
    spans: list[tuple[int, int]] = []
    for start, end in sorted(Scan(line).spans):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        elif end > spans[-1][1]:
            spans[-1] = (start, end)
    for start, end in reversed(spans):
        text = line[start:end].strip()
        quoted = text.replace("'", "'\\''")
        line = f"{line[:start]} {BACK} '{quoted}';{line[end + 1 :]}" if text else line
    return PID_OF_LAST.sub(lambda found: found[1] or f"$({LAST})", line) if spans else line
