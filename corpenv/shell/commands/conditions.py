"""`test` and `[`: what is true of files for the account that asks, of texts and of numbers."""

import re

from corpenv.company.hosts import EXECUTE, READ, WRITE, HostFile
from corpenv.shell.base import Call, Command, Result
from corpenv.shell.inside import DEVICES

NUMBER = re.compile(r"\s*[+-]?\d+\s*")
COMPARED = {"-eq": (0,), "-ne": (-1, 1), "-lt": (-1,), "-le": (-1, 0), "-gt": (1,), "-ge": (0, 1)}
BINARY = ("=", "==", "!=", "<", ">", "-nt", "-ot", "-ef", *COMPARED)
UNARY = tuple(f"-{letter}" for letter in "abcdefghknoprstuvwxzGLNOS")
RIGHTS = {"-r": READ, "-w": WRITE, "-x": EXECUTE}


class Unclear(Exception):
    """What is wrong with an expression."""


def test(call: Call) -> Result:
    """Exit code 0 if it is true, 1 if not, 2 if nobody can tell."""
    words = list(call.argv)
    if call.name == "[" and (not words or words.pop() != "]"):
        return Result("", "bash: line 1: [: missing `]'\n", 2)
    try:
        return Result("", "", 0 if Expression(call, words).whole() else 1)
    except Unclear as why:
        return Result("", f"bash: line 1: {call.name}: {why}\n", 2)


class Expression:
    """Words of an expression, read from the left."""

    def __init__(self, call: Call, words: list[str]) -> None:
        self.call, self.words, self.at = call, words, 0

    def whole(self) -> bool:
        """Up to three words mean what their number says; more are read by precedence."""
        words = self.words
        if len(words) <= 1:
            return bool(words and words[0])
        if len(words) == 2:
            return not words[1] if words[0] == "!" else self.unary(*words)
        if len(words) == 3 and words[1] in BINARY:
            return self.binary(*words)
        found = self.either()
        if self.at < len(words):
            raise Unclear("too many arguments")
        return found

    def next(self, *words: str) -> bool:
        """Is this the next word? Then go on behind it."""
        if self.at < len(self.words) and self.words[self.at] in words:
            self.at += 1
            return True
        return False

    def either(self) -> bool:
        found = self.both()
        while self.next("-o"):
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.negated()
        while self.next("-a"):
            found = self.negated() and found
        return found

    def negated(self) -> bool:
        return not self.negated() if self.next("!") else self.term()

    def term(self) -> bool:
        """A group, a comparison, a question about one word, or a word."""
        words = self.words[self.at :]
        if not words:
            raise Unclear("argument expected")
        if words[0] == "(" and not (len(words) > 2 and words[1] in BINARY):
            self.at += 1
            found = self.either()
            if not self.next(")"):
                raise Unclear("`)' expected")
            return found
        if len(words) > 2 and words[1] in BINARY:
            self.at += 3
            return self.binary(words[0], words[1], words[2])
        if len(words) > 1 and words[0] in UNARY:
            self.at += 2
            return self.unary(words[0], words[1])
        self.at += 1
        return bool(words[0])

    def binary(self, left: str, sign: str, right: str) -> bool:
        if sign in COMPARED:
            one, other = number(left), number(right)
            return (one > other) - (one < other) in COMPARED[sign]
        if sign in ("-nt", "-ot", "-ef"):
            return self.files(left, sign, right)
        same, before = left == right, left < right
        return {"=": same, "==": same, "!=": not same, "<": before, ">": not same and not before}[sign]

    def files(self, left: str, sign: str, right: str) -> bool:
        """Which of two files is newer, or are they one?"""
        one, other = self.found(left), self.found(right)
        if sign == "-ef":
            return one is not None and one == other
        if sign == "-ot":
            one, other = other, one
        return one is not None and (other is None or one.at > other.at)

    def unary(self, sign: str, word: str) -> bool:
        if sign not in UNARY:
            raise Unclear(f"{sign}: unary operator expected")
        if sign in ("-n", "-z"):
            return bool(word) == (sign == "-n")
        if sign in ("-t", "-o"):
            return False
        if sign == "-v":
            return word in self.call.env
        if sign in ("-L", "-h"):
            path = self.call.path(word)
            link = self.call.disk.file(path)
            return self.call.disk.tree.reaches(path) and link is not None and link.sort == "link"
        return self.is_so(sign, self.found(word))

    def is_so(self, sign: str, file: HostFile | None) -> bool:
        """What is asked of a file that is there."""
        if file is None:
            return False
        login, device = self.call.seat.login, file.path in (f"/dev/{each}" for each in DEVICES)
        if sign in RIGHTS:
            return file.lets(login, RIGHTS[sign])
        answers = {
            "-e": True, "-a": True, "-f": file.sort == "file" and not device, "-d": file.sort == "directory",
            "-c": device, "-O": file.owner == login.id, "-G": file.group in login.groups,
            "-k": bool(file.mode & 0o1000), "-u": bool(file.mode & 0o4000), "-g": bool(file.mode & 0o2000),
            "-s": file.sort == "directory" or (not device and self.call.disk.told_of(file)[1] > 0),
        }  # fmt: skip
        return bool(answers.get(sign, False))

    def found(self, word: str) -> HostFile | None:
        """What a path leads to, where the account can get to it."""
        if not word:
            return None
        file: HostFile | None = self.call.disk.led(self.call.path(word))
        return file


def number(word: str) -> int:
    if not NUMBER.fullmatch(word):
        raise Unclear(f"{word}: integer expression expected")
    return int(word)


COMMANDS: dict[str, Command] = {"test": test, "[": test}
