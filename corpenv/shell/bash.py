"""The shell: `bashkit` behind `Shell`, as new for each line; it asks for files of a server as it needs them."""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache, partial

from bashkit import Bash, BuiltinContext, BuiltinResult, ExecutionProfile

from corpenv.errors import AgentFault
from corpenv.shell.absent import asked_for_nothing, known_names, missing
from corpenv.shell.background import asks_for
from corpenv.shell.base import DEEPEST, Call, Outcome, Result, Seat
from corpenv.shell.binaries import program_of
from corpenv.shell.commands import ACTING, COMMANDS
from corpenv.shell.deeper import (
    DEFINED,
    FAULT,
    GOES_ON,
    HOP,
    MOST_HOPS,
    TOO_DEEP,
    deepened,
    goes_on,
)
from corpenv.shell.disk import KILLED, Disk
from corpenv.shell.inside import PIPED, apart, machine_files
from corpenv.shell.interpreters import Form, interpreter
from corpenv.shell.lookups import changed_programs, is_absent, other_program
from corpenv.shell.machine import own_shell
from corpenv.shell.memory import OVERCOME, give_back, keep_in_one_place, touch
from corpenv.shell.programs import FOREIGN, PROGRAMS
from corpenv.shell.splitting import with_background, with_pid, with_programs
from corpenv.shell.spoken import Plain, Spoken, plain_words
from corpenv.shell.words import (
    FORKS,
    LONGEST_SCREEN,
    is_bomb,
    made_up,
    meant,
    prints_plainly,
    reworded,
    shown,
    sorts_plainly,
    turned_away,
    with_variables,
)

COMMAND, EVENT, SHELL = 10, 50, 100
"""Work that one of our commands is, an event, and an interpreter."""
FUSE, SHORT_FUSE = 30, 3
"""Seconds of the host after which something is wrong here: the line never was, and nothing is told of the agent. The
short one is for a program of the interpreter's own, which runs by itself and is not counted."""
CALLS = re.compile(r"/|\b(?:ba)?sh\b|\bsource\b|(?:^|[\s;&|])\.\s")
"""What may call a program by its path: a path, and what reads a script."""
UNSEEN = 300
"""Characters beyond what a screen holds that are as much work as a path is to look at."""
HELD, KEPT = "/dev/fd/", "/proc/self/fd/"
"""Where the interpreter has what a substitution printed, and where our commands find it: the same place on Linux."""
OVERDUE = re.compile("execution time(out|d out)")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
UNDERLYING = "nawk"
"""A name of the interpreter's own awk; ours calls it, nobody else finds it."""


FIRST = "echo a > /tmp/a; sed -i s/a/b/ /tmp/a; awk 1 /tmp/a | sort | grep b | head -1; jq -n 1"
"""A line after which the interpreter asks the host for nothing any more: how many processors it has, it asks once."""


@lru_cache(maxsize=1)
def warmed() -> None:
    """Let the interpreter ask what it asks once in a process."""
    keep_in_one_place()
    apart(lambda: Bash(profile=ExecutionProfile.Interactive).execute_sync(FIRST))
    apart(touch)
    known_names()


class BashShell:
    """Runs command lines in `bashkit`."""

    def run(self, seat: Seat, line: str, folder: str, stdin: str = "") -> Outcome:
        """One line.

        Raises:
            AgentFault: the interpreter did not come to an end; whatever it did is forgotten.
        """
        if is_bomb(line):
            return Outcome(FORKS, "", FORKS, 254, folder)
        seat.session.left -= SHELL
        if seat.depth > DEEPEST or seat.session.left < 0:
            text = "bash: fork: Resource temporarily unavailable\n"
            return Outcome(text, "", text, 254, folder)
        before = seat.session.mark()
        outcome, too_deep = self.once(Running(seat, Disk(seat)), line, folder, stdin)
        if outcome.code in OVERCOME:
            give_back()
        if too_deep and DEFINED.search(line):
            seat.session.back_to(before)
            outcome, _ = self.once(Running(seat, Disk(seat), hops=0), deepened(line), folder, stdin)
        return outcome

    def once(self, running: "Running", line: str, folder: str, stdin: str) -> tuple[Outcome, bool]:
        """One line, and whether its functions stood deeper inside each other than the interpreter lets them."""
        found = running.disk.file(folder)
        outcome = running.run(line, folder if found and found.sort == "directory" else "/", stdin)
        running.disk.sockets.close()
        running.disk.sync()
        return outcome, running.too_deep


def with_held(context: Spoken, disk: Disk) -> tuple[str, ...]:
    """The words of a command, where what `<( … )` printed stands in a file: the interpreter holds it for itself."""
    words = list(context.argv)
    for number, word in enumerate(words):
        if word.startswith(HELD) and isinstance(context, BuiltinContext):
            with suppress(RuntimeError):  # there is none of that number
                disk.lent[word.replace(HELD, KEPT)] = context.fs.read_file(word)
                words[number] = word.replace(HELD, KEPT)
    return tuple(words)


@lru_cache(maxsize=1)
def every_name() -> frozenset[str]:
    """The names of all commands that are ours."""
    return frozenset((*COMMANDS, *FOREIGN))


@lru_cache(maxsize=1)
def every_command() -> frozenset[str]:
    """The same, and the paths of the programs of the machine, through links too."""
    paths = [path for path, file in machine_files().items() if file.binary]
    return every_name().union(paths, (path.removeprefix("/usr") for path in paths))


@lru_cache(maxsize=64)
def ours(by_path: bool, more: frozenset[str], away: frozenset[str]) -> frozenset[str]:
    """Names of commands that are ours, with some more and without some."""
    return ((every_command() if by_path else every_name()) | more) - away


def not_found(name: str) -> BuiltinResult:
    """What is said where there is no such program."""
    return BuiltinResult(stderr=f"bash: line 1: {name}: command not found\n", exit_code=127)


class Screen:
    """What a line prints, as it comes."""

    def __init__(self, disk: Disk) -> None:
        self.disk, self.texts, self.seen = disk, list[str](), 0

    def heard(self, out: str, err: str) -> None:
        """Some more of it."""
        if self.seen < LONGEST_SCREEN:
            self.texts.extend((reworded(shown(out), False), self.said(shown(err))))
        self.seen += len(out) + len(err)
        beyond = min(self.seen - LONGEST_SCREEN, len(out) + len(err))
        if beyond > 0 and not self.disk.has_left(beyond // UNSEEN):
            self.disk.stop()

    def said(self, err: str) -> str:
        """A complaint as a server makes it."""
        return turned_away(reworded(err, True), self.disk.closed)

    def whole(self, last: str, ended: bool) -> str:
        """All of it, with what was said last, and whether it was ended."""
        text = "".join(self.texts)
        text = shown(text if text.endswith(last) else text + last)
        last = self.disk.ends.text
        return f"{text.rstrip().removesuffix(KILLED.text).rstrip()}\n{last}\n".lstrip() if ended else text


class Running:
    """Lines in interpreters that share the files of one seat.

    Attributes:
        within: how many interpreters are around this one.
        without: commands of ours that the interpreter's own stand in for.
        hops: how often a function has gone on in another interpreter; None if none does.
        too_deep: did functions stand deeper inside each other than the interpreter lets them?
    """

    def __init__(
        self, seat: Seat, disk: Disk, within: int = 0, without: tuple[str, ...] = (), hops: int | None = None
    ) -> None:
        self.seat, self.disk, self.within, self.without, self.hops = seat, disk, within, without, hops
        self.too_deep = False

    def run(self, line: str, folder: str, stdin: str = "", environ: Mapping[str, str] | None = None) -> Outcome:
        """One line: a command of ours with plain words as it stands, any other in an interpreter."""
        if (words := plain_words(line)) and self.is_ours(line, words[0]):
            return self.called(words, folder, stdin, environ or {})
        piped, self.disk.piped = self.disk.piped, stdin.encode()
        try:
            return apart(lambda: self.ran(line, folder, bool(stdin), environ or {}))
        finally:
            self.disk.piped = piped

    def is_ours(self, line: str, name: str) -> bool:
        """Is it our command that a plain line calls, and no program that somebody put in its place?"""
        if name in self.without or other_program(self.disk, name) is not None:
            return False
        return bool(self.hops) or not asks_for(self.disk.tree.files, line)

    def called(self, words: Sequence[str], folder: str, stdin: str, environ: Mapping[str, str]) -> Outcome:
        """One command of ours, with nothing for an interpreter to read."""
        screen, session = Screen(self.disk), self.seat.session
        drawn = made_up(session.drawn("random"), session.clock)
        known = self.variables({**environ, **drawn, "PWD": folder, "USER": self.seat.login.id})
        result = self.builtin(words[0])(Plain(words[1:], stdin, folder, known))
        screen.heard(result.stdout, result.stderr)
        ended = session.left < 0
        code = self.disk.ends.code if ended else result.exit_code
        out, err = shown(reworded(result.stdout, False)), shown(screen.said(result.stderr))
        return Outcome(screen.whole("", ended), out, err, code, folder)

    def ran(self, line: str, folder: str, piped: bool, environ: Mapping[str, str]) -> Outcome:
        """One line in an interpreter that knows nothing yet, on a thread of its own."""
        session, screen = self.seat.session, Screen(self.disk)
        if not self.hops:
            line = with_pid(line, own_shell(self.seat).pid) if "$" in line else line
            line = with_programs(with_background(meant(line)), partial(asks_for, self.disk.tree.files))
            line = asked_for_nothing(with_variables(line), partial(is_absent, self.disk))
        script = f"{{ {line}\n}} < {PIPED}" if piped else line
        drawn = session.drawn("random")
        environ = self.variables({**environ, **made_up(drawn, session.clock)})
        script = f"RANDOM={drawn % 32768}; {script}"
        with interpreter(self.form(folder, environ), self.commands(line)) as one:
            outer, self.disk.stop = self.disk.stop, one.bash.cancel
            result = one.run(script, environ, self.disk, self.answer, screen.heard)
            self.disk.stop = outer
        if self.disk.failed:
            raise self.disk.failed[0]
        if OVERDUE.search((result.error or "") + result.stderr):
            raise AgentFault("environment", "shell_timeout", f"a command line on {self.seat.server.id} came to no end")
        self.too_deep = TOO_DEEP in (result.error or "")
        ended = session.left < 0
        err = screen.said(result.stderr)
        text = screen.whole(err if result.error else "", ended)
        code = self.disk.ends.code if ended or (result.error and "limit" in result.error) else result.exit_code
        out = reworded(result.stdout if self.within else shown(result.stdout), False)
        return Outcome(text, out if self.within else shown(out), shown(err), code, one.folder)

    def form(self, folder: str, environ: Mapping[str, str]) -> Form:
        """What interpreter a line of the seat is run in."""
        fuse = SHORT_FUSE if self.without else FUSE
        return Form(self.seat.login.id, self.seat.server.id, folder, frozenset(environ), fuse)

    def variables(self, environ: Mapping[str, str]) -> dict[str, str]:
        """What a shell of the seat hands down."""
        login = self.seat.login
        own = {"HOME": login.home, "LANG": "C.UTF-8", "LOGNAME": login.id, "PATH": PATH, "TERM": "dumb"}
        door = own_shell(self.seat).pid - 4
        return own | dict(environ) | {"UID": str(login.uid), "EUID": str(login.uid), "PPID": str(door)}

    def commands(self, line: str) -> frozenset[str]:
        """Names of the commands that are ours in a line: programs are called by their paths as well."""
        plain = {"printf": prints_plainly, "sort": sorts_plainly}
        away = {*self.without, *(name for name in plain if plain[name](line))}
        more = {*missing(line, self.disk.tree.files), *changed_programs(self.disk, line)}
        more |= set() if self.hops is None else {GOES_ON}
        return ours(CALLS.search(line) is not None, frozenset(more), frozenset(away))

    def answer(self, name: str, context: BuiltinContext) -> BuiltinResult:
        """What a command of ours does; programs that were put before those of the machine win."""
        if name == GOES_ON:
            return self.deeper(context)
        if name.startswith("/"):
            return self.by_path(name)(context)
        path = other_program(self.disk, name)
        if path is None:
            return (self.left if name in PROGRAMS and name not in COMMANDS else self.builtin)(name)(context)
        return self.added(path)(context) if path else not_found(name)

    def builtin(self, name: str) -> Callable[[Spoken], BuiltinResult]:
        """A command as the interpreter calls it."""
        command = COMMANDS.get(name)

        def run(context: Spoken) -> BuiltinResult:
            if command is None:
                return not_found(name)
            call = Call(
                name, with_held(context, self.disk), context.stdin or "", context.cwd, self.disk, self.seat, self.disk,
                self.nested, self.inner(context), context.env,
            )  # fmt: skip
            session = self.seat.session
            try:
                if name in ACTING:  # what the line did to files before is no work of this command
                    self.disk.sync()
                before = len(session.events)
                self.disk.spend(COMMAND)
                result = self.acted(call) if name in ACTING else command(call)
                self.disk.spend(EVENT * (len(session.events) - before) + len(result.out) // 50)
            except OSError as why:  # what a file refuses, and a command says nothing of
                return BuiltinResult(stderr=f"{name}: {why.filename or name}: {why.strerror}\n", exit_code=1)
            except BaseException as fault:  # the interpreter would print it
                self.disk.failed.append(fault)
                raise
            return BuiltinResult(stdout=result.out, stderr=result.err, exit_code=result.code)

        return run

    def by_path(self, path: str) -> Callable[[BuiltinContext], BuiltinResult]:
        """A program of the machine that is called by its path: what stands there now."""

        def run(context: BuiltinContext) -> BuiltinResult:
            name = program_of(self.disk.led(path))
            if name in COMMANDS and name not in self.without:
                return self.builtin(name)(context)
            line = shlex.join([name or path, *context.argv])
            outcome = self.inner(context)(line, context.stdin or "", name or path)
            return BuiltinResult(stdout=outcome.out, stderr=outcome.err, exit_code=outcome.code)

        return run

    def added(self, path: str) -> Callable[[BuiltinContext], BuiltinResult]:
        """A program that stands in a folder of its own."""

        def run(context: BuiltinContext) -> BuiltinResult:
            outcome = self.inner(context)(shlex.join([path, *context.argv]), context.stdin or "", "")
            return BuiltinResult(stdout=outcome.out, stderr=outcome.err, exit_code=outcome.code)

        return run

    def left(self, name: str) -> Callable[[BuiltinContext], BuiltinResult]:
        """A program that is left to the interpreter."""

        def run(context: BuiltinContext) -> BuiltinResult:
            outcome = self.inner(context)(shlex.join([name, *context.argv]), context.stdin or "", name)
            return BuiltinResult(stdout=outcome.out, stderr=outcome.err, exit_code=outcome.code)

        return run

    def deeper(self, context: BuiltinContext) -> BuiltinResult:
        """A function goes on in another interpreter."""
        hops = self.hops or 0
        if hops >= MOST_HOPS:
            self.disk.ends = FAULT
            self.seat.session.left = 0
        try:
            self.disk.spend(HOP)
        except OSError:
            return BuiltinResult(exit_code=self.disk.ends.code)
        there = Running(self.seat, self.disk, self.within, self.without, hops + 1)
        outcome = there.run(goes_on(context.stdin or "", shlex.join(context.argv)), context.cwd, "", context.env)
        return BuiltinResult(stdout=outcome.out, stderr=outcome.err, exit_code=outcome.code)

    def acted(self, call: Call) -> Result:
        """A command that looks at the company's state, or changes it; files that it changed are looked at again."""
        session = call.seat.session
        before = len(session.events)
        result = COMMANDS[call.name](call)
        if len(session.events) > before:
            self.disk.follow(session.events[before:])
        return result

    def inner(self, context: Spoken) -> Callable[[str, str, str], Outcome]:
        """What runs a line where a command stands, on the same files, with one of our commands out of the way."""

        def run(line: str, stdin: str, without: str) -> Outcome:
            if self.within >= DEEPEST:
                text = "bash: fork: Resource temporarily unavailable\n"
                return Outcome(text, "", text, 254, context.cwd)
            self.disk.spend(SHELL)
            away = (*self.without, without) if without else self.without
            return Running(self.seat, self.disk, self.within + 1, away).run(line, context.cwd, stdin, context.env)

        return run

    def nested(self, seat: Seat, line: str, folder: str, stdin: str) -> Outcome:
        """A line in a shell of its own, elsewhere or as somebody else."""
        return BashShell().run(seat, line, folder, stdin)
