"""Interpreters that are used again: to make one takes ten times what most lines take.

One that comes back is reset, and knows no more of a line than one that was just made; `tests/shell` compares them.
Which commands of it are ours can be changed, as it hardly ever stays the same from one line to the next.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

from bashkit import Bash, BuiltinContext, BuiltinResult, ExecResult, ExecutionProfile

from corpenv.shell.abi import Plain, opened

MOST_COMMANDS, MOST_TURNS, MOST_MEMORY = 2_500, 2_500, 10_000_000
"""Counts that end a command line. What a line of `eval` in `eval` costs grows with the square of the first."""
MOST_KEPT = 8
"""Interpreters that wait to be used again; each holds three descriptors."""

Answer = Callable[[str, BuiltinContext], BuiltinResult]
"""Carries out a command of ours, by its name."""


class Form(NamedTuple):
    """What an interpreter is made with and stays.

    Attributes:
        variables: names of those that are handed down to it.
        fuse: seconds of the host after which it ends a line.
    """

    user: str
    host: str
    folder: str
    variables: frozenset[str]
    fuse: int


class Interpreter:
    """One that knows nothing of the lines before.

    Attributes:
        folder: where the last line ended.
        commands: names of those that are ours.
        spoilt: is it not to be used again?
    """

    def __init__(self, form: Form) -> None:
        self.form, self.folder, self.spoilt = form, form.folder, False
        self.commands = frozenset[str]()
        self._lent: list[Answer] = []  # the interpreter's side holds no more of ours than this
        self.bash = Bash(
            username=form.user,
            hostname=form.host,
            cwd=form.folder,
            profile=ExecutionProfile.Interactive,
            max_commands=MOST_COMMANDS,
            max_loop_iterations=MOST_TURNS,
            max_memory=MOST_MEMORY,
            timeout_seconds=form.fuse,
        )

    def know(self, commands: frozenset[str]) -> None:
        """Let these commands be ours, and no others."""
        for name in sorted(self.commands - commands):
            self.bash.remove_builtin(name)  # type: ignore[attr-defined]  # its stubs do not tell of these two
        for name in sorted(commands - self.commands):
            self.bash.add_builtin(name, answered(self._lent, name))  # type: ignore[attr-defined]
        self.commands = commands

    def run(
        self, script: str, environ: Mapping[str, str], files: Plain, answer: Answer, heard: Callable[[str, str], None]
    ) -> ExecResult:
        """One script, with values for the variables of its form."""
        self._lent.append(answer)
        for name, value in environ.items():
            self.bash.set_env(name, value)
        with opened(files) as there:
            self.bash.mount("/", there)
            result = self.bash.execute_sync(script, on_output=heard)
            self.folder = self.bash.shell_state().cwd
            self.bash.unmount("/")
        self.spoilt = bool(result.error)
        return result

    def reset(self) -> None:
        """Forget the line."""
        self.bash.reset()
        self._lent.clear()


def answered(lent: list[Answer], name: str) -> Callable[[BuiltinContext], BuiltinResult]:
    """A command of ours, as the interpreter calls it."""
    return lambda context: lent[0](name, context)


class Shelf:
    """Interpreters that nobody uses."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: list[Interpreter] = []

    def take(self, form: Form, commands: frozenset[str]) -> Interpreter:
        """One of a form: of those that are kept, the one that has the least to learn and to forget."""
        with self._lock:
            alike = [each for each in self._kept if each.form == form]
            same = next((each for each in alike if each.commands == commands), None)
            one = same or min(alike, key=lambda each: len(each.commands ^ commands), default=None)
            self._kept = [each for each in self._kept if each is not one]
        one = one or Interpreter(form)
        if one is not same:
            one.know(commands)
        return one

    def give(self, interpreter: Interpreter) -> None:
        """Keep one; what was not used for longest goes."""
        interpreter.reset()
        with self._lock:
            self._kept.append(interpreter)
            del self._kept[:-MOST_KEPT]

    def clear(self) -> None:
        """Keep none."""
        with self._lock:
            self._kept.clear()


SHELF = Shelf()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=SHELF.clear)  # two processes must not share what an interpreter waits with


@contextmanager
def interpreter(form: Form, commands: frozenset[str]) -> Iterator[Interpreter]:
    """One to run a script in, with these commands of ours; it is used again if all went well."""
    one = SHELF.take(form, commands)
    yield one
    if not one.spoilt:
        SHELF.give(one)
