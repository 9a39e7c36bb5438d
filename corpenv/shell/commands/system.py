"""What a server says of itself, and programs it has but that do nothing here."""

from corpenv.shell.base import SYSLOG, Call, Command, Result, options
from corpenv.shell.machine import KERNEL, built


def uname(call: Call) -> Result:
    found, _ = options(call.argv)
    words = {
        "s": "Linux", "n": call.seat.server.id, "r": KERNEL, "v": built(call.seat), "m": "x86_64", "o": "GNU/Linux",
    }  # fmt: skip
    asked = "snrvmo" if "a" in found else "".join(each for each in "snrvmo" if each in found) or "s"
    return Result(" ".join(words[each] for each in asked) + "\n")


def nproc(call: Call) -> Result:
    return Result(f"{call.seat.server.cores}\n")


def python(call: Call) -> Result:
    """A list of what may be started holds on every server: an interpreter for whatever is typed is not on it."""
    return Result("", f"bash: line 1: /usr/bin/{call.name}: Operation not permitted\n", 126)


def edited(call: Call) -> Result:
    """Without a terminal no editor opens."""
    return Result("", f"{call.name}: Standard input is not a terminal\n", 1)


def logger(call: Call) -> Result:
    """Writes a line into the system's log."""
    found, rest = options(call.argv, "tp")
    who, text = found.get("t") or call.seat.login.id, " ".join(rest) or call.stdin.strip()
    call.seat.session.log(call.seat.server, SYSLOG, who, text)
    return Result()


def nothing(call: Call) -> Result:
    return Result()


COMMANDS: dict[str, Command] = {
    "uname": uname, "nproc": nproc, "python3": python, "perl": python,
    "vi": edited, "vim": edited, "nano": edited,
    "logger": logger, "history": nothing, "clear": nothing,
}  # fmt: skip
ACTING = ("logger",)
