"""`find`: the files below a folder, by what is known of them; times are simulated ones, rights those of the account."""

import re
import shlex
from collections.abc import Callable, Iterator

from corpenv.shell.base import Call, Command, Result
from corpenv.shell.commands.findquestions import VALUED, Path, Questions, Test, Wrong

MOST_PATHS = 20_000
MOST_RUNS = 500
"""Lines that `-exec` runs."""


class Search:
    """One search.

    Attributes:
        gathered: paths that a command of `-exec … +` gets all at once, by that command.
        least, most: depths between which paths count; `deepest` first where asked for.
    """

    def __init__(self, call: Call) -> None:
        self.call, self.words, self.asks = call, list(call.argv), Questions(call)
        self.out, self.err, self.code, self.runs = list[str](), "", 0, 0
        self.least, self.most, self.deepest, self.follows, self.acts = 0, MOST_PATHS, False, False, False
        self.pruned = False
        self.gathered: dict[tuple[str, ...], list[str]] = {}

    def run(self) -> Result:
        while self.words and self.words[0] in ("-L", "-H", "-P"):
            self.follows = self.words.pop(0) == "-L"
        starts = []
        while self.words and not self.words[0].startswith(("-", "(", "!")):
            starts.append(self.words.pop(0))
        asked = self.either() if self.words else lambda path: True
        if self.words:
            raise Wrong(f"paths must precede expression: `{self.words[0]}'")
        for start in starts or ["."]:
            for path in self.below(start, self.call.path(start), 0, start):
                if asked(path) and not self.acts:
                    self.out.append(f"{path.written}\n")
        for command, paths in self.gathered.items():
            self.launch([*command, *paths])
        return Result("".join(self.out), self.err, self.code)

    # walking --------------------------------------------------------------------------------------------

    def below(self, written: str, path: str, depth: int, root: str) -> Iterator[Path]:
        """A path and what is below it; what cannot be looked into is told."""
        disk = self.call.disk
        file = disk.led(path) if self.follows else None
        file = file or (disk.file(path) if disk.tree.reaches(path) else None)
        if file is None:
            if depth == 0:
                why = "No such file or directory" if disk.tree.reaches(path) else "Permission denied"
                self.complain(f"find: ‘{written}’: {why}\n")
            return
        found, counts = Path(written, path, file, depth, root), depth >= self.least
        self.pruned = False
        if counts and not self.deepest:
            yield found
        if file.sort == "directory" and depth < self.most and not self.pruned:
            for name in self.names(written, path):
                yield from self.below(f"{written.rstrip('/')}/{name}", f"{path.rstrip('/')}/{name}", depth + 1, root)
        if counts and self.deepest:
            yield found

    def names(self, written: str, path: str) -> list[str]:
        try:
            return [name for name, _ in self.call.disk.listed(self.call.disk.real(path))]
        except OSError as why:
            self.complain(f"find: ‘{written}’: {why.strerror}\n")
            return []

    def complain(self, text: str) -> None:
        self.err, self.code = self.err + text, 1

    # the expression -------------------------------------------------------------------------------------

    def word(self, of: str) -> str:
        if not self.words:
            raise Wrong(f"missing argument to `{of}'")
        return self.words.pop(0)

    def either(self) -> Test:
        found = self.both()
        while self.words and self.words[0] in ("-o", "-or"):
            self.words.pop(0)
            found = self.joined(found, self.both(), False)
        return found

    def both(self) -> Test:
        found = self.one()
        while self.words and self.words[0] not in ("-o", "-or", ")"):
            if self.words[0] in ("-a", "-and"):
                self.words.pop(0)
            found = self.joined(found, self.one(), True)
        return found

    def joined(self, first: Test, second: Test, both: bool) -> Test:
        return (lambda path: first(path) and second(path)) if both else (lambda path: first(path) or second(path))

    def one(self) -> Test:
        word = self.word("find")
        if word in ("!", "-not"):
            inner = self.one()
            return lambda path: not inner(path)
        if word == "(":
            group = self.either()
            if self.word("(") != ")":
                raise Wrong("expected ')'")
            return group
        if word in ("-exec", "-execdir", "-ok"):
            return self.execution(word)
        return self.option(word) or self.act(word) or self.asks.plain(word) or self.valued(word)

    def valued(self, word: str) -> Test:
        """A question with a value."""
        if word not in VALUED:
            raise Wrong(f"unknown predicate `{word}'")
        return VALUED[word](self.asks, word, self.word(word))

    def option(self, word: str) -> Test | None:
        """What changes the walk."""
        if word in ("-maxdepth", "-mindepth"):
            value = self.word(word)
            if not value.isdigit():
                raise Wrong(f"Expected a positive decimal integer argument to {word}, but got ‘{value}’")
            if word == "-maxdepth":
                self.most = int(value)
            else:
                self.least = int(value)
        elif word in ("-depth", "-mount", "-xdev", "-daystart", "-noleaf", "-true"):
            self.deepest = self.deepest or word == "-depth"
        else:
            return None
        return lambda path: True

    def act(self, word: str) -> Test | None:
        """What is done with a path."""
        acts: dict[str, Callable[[Path], bool]] = {
            "-print": lambda path: self.said(f"{path.written}\n"), "-delete": self.delete, "-prune": self.prune,
            "-print0": lambda path: self.said(f"{path.written}\0"), "-quit": self.prune,
            "-ls": lambda path: self.launch(["ls", "-ld", path.written]),
        }  # fmt: skip
        if word == "-printf":
            form = self.word(word)
            self.acts = True
            return lambda path: self.said(self.asks.written(path, form))
        if word not in acts:
            return None
        self.acts = self.acts or word != "-prune"
        self.deepest = self.deepest or word == "-delete"
        return acts[word]

    def said(self, text: str) -> bool:
        self.out.append(text)
        return True

    def prune(self, path: Path) -> bool:
        self.pruned = True
        return True

    def delete(self, path: Path) -> bool:
        try:
            self.call.disk.take(path.path)
        except OSError as why:
            self.complain(f"find: cannot delete ‘{path.written}’: {why.strerror}\n")
            return False
        return True

    def execution(self, word: str) -> Test:
        """A command for every path, or for all of them."""
        self.acts = True
        command = []
        while (part := self.word(word)) not in (";", "+"):
            command.append(part)
        if part == "+":
            several = self.gathered.setdefault(tuple(command[:-1]), [])
            return lambda path: self.gather(several, path)
        return lambda path: self.launch([each.replace("{}", path.written) for each in command])

    def gather(self, several: list[str], path: Path) -> bool:
        several.append(path.written)
        return True

    def launch(self, words: list[str]) -> bool:
        self.runs += 1
        if self.runs > MOST_RUNS:
            self.complain("find: cannot fork: Resource temporarily unavailable\n" if self.runs == MOST_RUNS + 1 else "")
            return False
        outcome = self.call.within(shlex.join(words), "", "")
        self.out.append(outcome.out)
        self.err += outcome.err
        return outcome.code == 0


def find(call: Call) -> Result:
    try:
        return Search(call).run()
    except Wrong as why:
        return call.fail(str(why))
    except re.error as why:
        return call.fail(f"invalid regular expression: {why}")


COMMANDS: dict[str, Command] = {"find": find}
