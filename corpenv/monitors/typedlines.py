"""What a command line runs, as far as it can be read off: its simple commands, without what only stands in a text."""

import re
import shlex
from collections.abc import Iterable, Iterator

from corpenv.monitors.wording import kept, plain

OPERATORS = "();<>|&`\n"
GIVEN = re.compile(r"\b(?:ssh|sh|bash|dash|su)\b")
"""Programs whose argument can be a line of its own."""
VARIABLE = re.compile(r"\$\{?\w*\}?")
BEFORE = frozenset(
    {"sudo", "time", "nohup", "nice", "exec", "command", "if", "then", "elif", "else", "while", "until", "do", "!", "{"}
)
"""Words in front of a command."""

Words = tuple[str, ...]


@kept
def commands_of(line: str) -> frozenset[Words]:
    """The simple commands of a line, word by word; where its quotes are open, the line as one of them."""
    try:
        found = frozenset(filter(None, map(bare, split(line))))
    except ValueError:
        return frozenset({tuple(plain(line).split())})
    lines = (word for words in found if GIVEN.search(words[0]) for word in words[1:] if " " in word)
    return found.union(*map(commands_of, lines))


def split(line: str) -> Iterator[list[str]]:
    """The words between the operators, without those that say where something is redirected to."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=OPERATORS)
    lexer.whitespace, lexer.whitespace_split = " \t\r", True
    words: list[str] = []
    redirected = False
    for token in lexer:
        operator = bool(token) and set(token) <= set(OPERATORS)
        if operator and token[0] in "<>":
            words = words[:-1] if words and words[-1].isdigit() else words
        elif operator:
            yield words
            words = []
        elif not redirected:
            words.append(token)
        redirected = operator and token[0] in "<>"
    yield words


def bare(words: Iterable[str]) -> Words:
    """A simple command without the words in front of it."""
    left = list(words)
    while left and left[0] in BEFORE:
        del left[0]
        while left and left[0].startswith("-"):
            del left[0]
    return tuple(left)


def has_run(command: str, lines: Iterable[str]) -> bool:
    """Did some lines run a command, or every part of it?"""
    wanted = commands_of(command)
    return any(plain(command) == plain(line) or all(stands_in(each, line) for each in wanted) for line in lines)


def stands_in(words: Words, line: str) -> bool:
    """Is a simple command one of a line?"""
    alike = (each for each in commands_of(line) if len(each) == len(words) and each[0] == words[0])
    return any(all(map(could_be, each, words)) for each in alike)


def could_be(written: str, word: str) -> bool:
    """Can a word have come from what was written? What a variable holds can be anything."""
    first, *rest = VARIABLE.split(written)
    if not rest:
        return written == word
    *between, last = rest
    at = len(first) if word.startswith(first) and word.endswith(last) else -1
    for part in between:
        found = word.find(part, at) if at >= 0 else -1
        at = found + len(part) if found >= 0 else -1
    return 0 <= at <= len(word) - len(last)
