"""The shell: `bashkit` behind `Shell`, fresh for every command line, with the server's files loaded from the state."""

from collections.abc import Callable
from typing import Any

from bashkit import Bash, BuiltinContext, BuiltinResult, ExecutionProfile, FileSystem

from corpenv.company.machines import find_file
from corpenv.errors import AgentFault
from corpenv.shell.base import DEEPEST, Call, Outcome, Result, Seat
from corpenv.shell.commands import ACTING, COMMANDS
from corpenv.shell.disk import Disk
from corpenv.shell.inside import apart
from corpenv.shell.machine import proc_files
from corpenv.shell.programs import FOREIGN
from corpenv.shell.words import FORK_BOMB, FORKS, asks_for_age, reworded, shown, with_clock, with_variables

MOST_COMMANDS, MOST_TURNS, MOST_MEMORY = 5_000, 5_000, 10_000_000
"""Counts that end a command line."""
FUSE = 30
"""Seconds of the host after which something is wrong here: the line never was, and nothing is told of the agent."""
STDIN = "/tmp/.stdin"
"""Where a nested line finds what was piped into it; never compared."""


class BashShell:
    """Runs command lines in `bashkit`."""

    def run(self, seat: Seat, line: str, folder: str, stdin: str = "") -> Outcome:
        """One line.

        Raises:
            AgentFault: the interpreter did not come to an end; whatever it did is forgotten.
        """
        if FORK_BOMB.search(line):
            return Outcome(FORKS, "", FORKS, 254, folder)
        disk = Disk(seat)
        screen: list[str] = []
        bash = disk.fill(lambda closed: self.made(seat, disk, closed, folder), asks_for_age(line))
        self.dress(seat, bash)
        now = seat.session.clock

        def heard(out: str, err: str) -> None:
            screen.extend((reworded(out, False), reworded(err, True)))

        script = with_variables(
            with_clock(line, now), seat.session.drawn("random"), seat.login.uid, now, bool(seat.depth)
        )
        if stdin:
            bash.fs().write_file(STDIN, stdin.encode())
            script = f"{{ {script}\n}} < {STDIN}"
        result = apart(lambda: bash.execute_sync(script, on_output=heard))
        if stdin:
            bash.fs().remove(STDIN)
        if "execution timeout" in (result.error or "") + result.stderr:
            raise AgentFault("environment", "shell_timeout", f"a command line on {seat.server.id} came to no end")
        disk.sync(bash.fs())
        text, err = "".join(screen), reworded(result.stderr, True)
        if result.error and not text.endswith(err):
            text += err
        complaints = "".join(complaint(each.path, each.why, each.removed) for each in disk.refused)
        code = 137 if result.error and "limit" in result.error else result.exit_code
        where = bash.shell_state().cwd
        return Outcome(
            shown(text + complaints), shown(reworded(result.stdout, False)), shown(err + complaints),
            1 if disk.refused and not code else code, where,
        )  # fmt: skip

    def made(self, seat: Seat, disk: Disk, closed: dict[str, Any], folder: str) -> Bash:
        """An interpreter of a seat."""
        login = seat.login
        return Bash(
            username=login.id,
            hostname=seat.server.id,
            cwd=folder,
            env={
                "HOME": login.home, "LANG": "C.UTF-8", "LOGNAME": login.id,
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM": "dumb",
            },
            profile=ExecutionProfile.Interactive,
            max_commands=MOST_COMMANDS,
            max_loop_iterations=MOST_TURNS,
            max_memory=MOST_MEMORY,
            timeout_seconds=FUSE,
            files=closed,
            custom_builtins={name: self.builtin(seat, disk, name) for name in (*COMMANDS, *FOREIGN)},
        )  # fmt: skip

    def dress(self, seat: Seat, bash: Bash) -> None:
        """What belongs to this machine at this moment: devices and what its kernel tells."""
        session, proc, dev = seat.session, FileSystem(), FileSystem()
        for path, text in proc_files(seat).items():
            if path.count("/") > 1:
                proc.mkdir(path.rpartition("/")[0], recursive=True)
            proc.write_file(path, text.encode())
        drawn = b"".join(session.drawn("urandom").to_bytes(8, "big") for _ in range(64))
        for name, data in (("urandom", drawn), ("random", drawn), ("zero", bytes(65_536)), ("null", b"")):
            dev.write_file(f"/{name}", data)
        bash.mount("/proc", proc, read_only=True)
        bash.mount("/dev", dev)

    def builtin(self, seat: Seat, disk: Disk, name: str) -> Callable[[BuiltinContext], BuiltinResult]:
        """A command as the interpreter calls it."""
        command = COMMANDS.get(name)

        def run(context: BuiltinContext) -> BuiltinResult:
            if command is None:
                return BuiltinResult(stderr=f"bash: line 1: {name}: command not found\n", exit_code=127)
            files: Any = context.fs
            call = Call(
                name, tuple(context.argv), context.stdin or "", context.cwd, files, seat, disk, self.nested
            )  # fmt: skip
            result = self.acted(call) if name in ACTING else command(call)
            return BuiltinResult(stdout=result.out, stderr=result.err, exit_code=result.code)

        return run

    def acted(self, call: Call) -> Result:
        """A command that looks at the company's state, or changes it: files first, and files again afterwards."""
        session = call.seat.session
        call.disk.sync(call.fs)
        before = len(session.events)
        result = COMMANDS[call.name](call)
        if len(session.events) > before:
            call.disk.follow(call.fs, session.events[before:])
        return result

    def nested(self, seat: Seat, line: str, folder: str, stdin: str) -> Outcome:
        """A line in a shell of its own."""
        if seat.depth > DEEPEST:
            text = "bash: fork: Resource temporarily unavailable\n"
            return Outcome(text, "", text, 254, folder)
        home = folder if folder == "/" or find_file(seat.session.company, seat.server.id, folder) else "/"
        return apart(lambda: self.run(seat, line, home, stdin))


def complaint(path: str, why: str, removed: bool) -> str:
    """What is said of a change that was put back."""
    return f"rm: cannot remove '{path}': {why}\n" if removed else f"bash: line 1: {path}: {why}\n"
