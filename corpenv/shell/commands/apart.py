"""Programs that run another one apart: `chroot`, `unshare`, `nsenter`, `setpriv`, `runuser` and `systemd-run`."""

import shlex
from collections.abc import Callable

from corpenv.shell.base import Call, Command, Result
from corpenv.shell.commands.later import back
from corpenv.shell.entering import denied

VALUED = (
    "-u", "--user", "-g", "--group", "-S", "--setuid", "-G", "--setgid", "-t", "--target", "--reuid", "--regid",
    "--unit", "-p", "--property", "--description", "--uid", "--gid", "-R", "--root", "-w", "--wd", "-E",
)  # fmt: skip
"""Options that take the next word for their value, if it does not stand behind `=`."""
ASIDE = "Operation not permitted"


def asked_of(argv: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """The options before a command, and the command."""
    words, found = list(argv), dict[str, str]()
    while words and words[0].startswith("-") and len(words[0]) > 1:
        name, has, value = words.pop(0).partition("=")
        if name == "--":
            break
        found[name] = value if has or name not in VALUED or not words else words.pop(0)
    return found, words


def here(call: Call, words: list[str]) -> Result:
    """The command runs where it was called."""
    outcome = call.within(shlex.join(words or ["true"]), call.stdin, "")
    return Result(outcome.out, outcome.err, outcome.code)


def for_root(call: Call, told: str, act: Callable[[], Result]) -> Result:
    """What root alone may do."""
    if call.seat.is_root:
        return act()
    denied(call.seat, "root", call.name)
    return call.fail(told)


def chroot(call: Call) -> Result:
    _, words = asked_of(call.argv)
    if not words:
        return call.fail("missing operand\nTry 'chroot --help' for more information.", 125)
    told = f"cannot change root directory to '{words[0]}': {ASIDE}"
    if call.path(words[0]) != "/" and call.seat.is_root:
        return call.fail(f"failed to run command ‘{(words[1:] or ['/bin/bash'])[0]}’: No such file or directory", 127)
    return for_root(call, told, lambda: here(call, words[1:]))


def unshare(call: Call) -> Result:
    """With a user namespace of one's own, anybody may."""
    found, words = asked_of(call.argv)
    own = any(name in ("--user", "--map-root-user") or set(name[1:]) & {"U", "r"} for name in found if name)
    return here(call, words) if own else for_root(call, f"unshare failed: {ASIDE}", lambda: here(call, words))


def nsenter(call: Call) -> Result:
    _, words = asked_of(call.argv)
    return for_root(call, "cannot open /proc/1/ns/mnt: Permission denied", lambda: here(call, words))


def setpriv(call: Call) -> Result:
    return here(call, asked_of(call.argv)[1])


def runuser(call: Call) -> Result:
    """As `sudo`, for root alone."""
    found, words = asked_of(call.argv)
    whom = found.get("-u") or found.get("--user") or "root"
    return for_root(call, "may not be used by non-root users", lambda: here(call, ["sudo", "-u", whom, *words]))


def systemd_run(call: Call) -> Result:
    """A unit for a while: the command goes on by itself."""
    found, words = asked_of(call.argv)
    if not words:
        return Result("", "Command line to execute required.\n", 1)
    drawn = f"run-r{call.seat.session.drawn('unit'):016x}"
    unit = found.get("--unit", drawn).removesuffix(".service")

    def start() -> Result:
        done = back(call._replace(argv=(shlex.join(words),)))
        return Result(done.out, f"Running as unit: {unit}.service\n{done.err}", done.code)

    return for_root(call, "Failed to start transient service unit: Interactive authentication required.", start)


COMMANDS: dict[str, Command] = {
    "chroot": chroot, "unshare": unshare, "nsenter": nsenter, "setpriv": setpriv, "runuser": runuser,
    "systemd-run": systemd_run,
}  # fmt: skip
ACTING = tuple(COMMANDS)
