"""`printf`, whose `%(…)T` is the simulated clock."""

import re
import shlex
from datetime import UTC, datetime

from corpenv.shell.base import Call, Command, Result
from corpenv.shell.words import PRINTS

MARK = re.compile(r"%(?:%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:\(([^)]*)\)T|[hlLjzt]*([a-zA-Z])))|%")
ESCAPE = re.compile(
    r"\\(?:([\\abefnrtvE\"'])|x([0-9a-fA-F]{1,2})|(0?[0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|c)"
)
NAMED = {
    "\\": "\\", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    '"': '"', "'": "'",
}  # fmt: skip
NUMBER = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)")
WIDEST, LONGEST = 4_096, 100_000
"""Characters of a field, and of all that is printed."""
NOW, STARTED = ("", "-1"), "-2"


class Stop(Exception):
    r"""`\c`: nothing is printed behind it."""


class Printing:
    """One use: arguments are taken from the left, and the format is used again while some are left."""

    def __init__(self, call: Call, form: str, words: list[str]) -> None:
        self.call, self.form, self.words, self.at = call, form, words, 0
        self.out, self.err, self.code, self.printed = list[str](), "", 0, 0

    def run(self) -> Result:
        try:
            before = -1
            while before < self.at < max(1, len(self.words)) and self.printed <= LONGEST:
                before = self.at
                self.once()
        except Stop:
            pass
        return Result("".join(self.out)[:LONGEST], self.err, self.code)

    def once(self) -> None:
        """The format from its beginning to its end."""
        at, printed = 0, len(self.out)
        for found in MARK.finditer(self.form):
            self.out.append(escaped(self.form[at : found.start()]))
            at = found.end()
            if found[0] == "%%":
                self.out.append("%")
            elif found[0] == "%" or (found[5] and found[5] not in "diouxXcsbqeEfFgGaA"):
                self.fail(f"`{self.form[found.start() :][1:2] or '%'}': invalid format character")
                raise Stop
            else:
                self.out.append(self.field(found))
        self.out.append(escaped(self.form[at:]))
        self.printed += sum(map(len, self.out[printed:]))

    def next(self) -> str:
        self.at += 1
        return self.words[self.at - 1] if self.at <= len(self.words) else ""

    def fail(self, why: str) -> None:
        self.err, self.code = f"{self.err}bash: line 1: printf: {why}\n", 1

    def field(self, found: re.Match[str]) -> str:
        """One mark and its argument."""
        flags, width = found[1] or "", self.length(found[2])
        precise = self.length(found[3]) if "." in found[0].partition("(")[0] else None
        if width < 0:
            flags, width = flags + "-", -width
        kind = found[5] or "T"
        if kind == "T":
            text = self.time(found[4])
        elif kind in "sbq":
            text = self.text(kind)
        elif kind == "c":
            text = self.next()[:1]
        else:
            return self.number(kind, flags, width, precise)
        text = text if precise is None or kind == "T" else text[:precise]
        return text.ljust(width) if "-" in flags else text.rjust(width)

    def length(self, written: str | None) -> int:
        """A width: a number, or the next argument."""
        value = self.whole(self.next()) if written == "*" else int(written or 0)
        return max(-WIDEST, min(WIDEST, value))

    def time(self, form: str) -> str:
        now, word = self.call.seat.session.clock, self.next()
        then = now if word in NOW or word == STARTED else datetime.fromtimestamp(self.whole(word) % 10**11, UTC)
        form = (form or "%H:%M:%S").replace("%s", str(int(then.timestamp())))
        return then.strftime(form)

    def text(self, kind: str) -> str:
        word = self.next()
        if kind == "q":
            return shlex.quote(word) if "'" in word else re.sub(r"([^\w@%+=:,./-])", r"\\\1", word) or "''"
        if kind == "b":
            head, ends, _ = word.partition("\\c")
            text = escaped(head)
            if ends:
                self.out.append(text)
                raise Stop
            return text
        return word

    def number(self, kind: str, flags: str, width: int, precise: int | None) -> str:
        """A number as the letter says."""
        word = self.next()
        form = f"%{''.join(dict.fromkeys(flags))}{width or ''}{'' if precise is None else f'.{precise}'}"
        if kind in "diouxX":
            value = self.whole(word)
            value = value % 2**64 if kind in "ouxX" else value
            return f"{form}{'d' if kind in 'iu' else kind}" % value
        try:
            real = float(word or 0)
        except ValueError:
            self.fail(f"{word}: invalid number")
            real = 0.0
        return f"{form}{'e' if kind in 'aA' else kind}" % real

    def whole(self, word: str) -> int:
        """An argument as a whole number: decimal, octal, hexadecimal, or the number of a character."""
        if word[:1] in ("'", '"'):
            return ord(word[1]) if len(word) > 1 else 0
        found = NUMBER.match(word.strip())
        if word and (not found or found[0] != word.strip()):
            self.fail(f"{word}: invalid number")
        if not found:
            return 0
        digits, sign = found[0].lstrip("+-"), -1 if word.strip().startswith("-") else 1
        octal = digits.startswith("0") and digits[1:].isdigit()
        return sign * (int(digits, 8) if octal else int(digits, 0))


def escaped(text: str) -> str:
    """A text with what backslashes stand for."""

    def meant(found: re.Match[str]) -> str:
        if found[1]:
            return NAMED[found[1]]
        code = found[2] or found[4] or found[5]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return chr(int(found[3], 8) % 256) if found[3] else found[0]

    return ESCAPE.sub(meant, text) if "\\" in text else text


def printf(call: Call) -> Result:
    words = list(call.argv)
    if words and words[0] == "--":
        words.pop(0)
    if not words or words[0] == "-v":
        return Result("", "printf: usage: printf [-v var] format [arguments]\n", 2)
    return Printing(call, words[0], words[1:]).run()


COMMANDS: dict[str, Command] = {"printf": printf, PRINTS: printf}
