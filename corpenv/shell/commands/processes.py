"""What runs on a server: `ps`, `kill` and their like."""

import re

from corpenv.company import Company
from corpenv.company.hosts import Process, Server
from corpenv.company.machines import find_service, processes_of
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.deeper import Ends
from corpenv.shell.entering import denied
from corpenv.shell.machine import busy, everything, load_of, memory_of, own_shell, ran_for, tenths, up_for
from corpenv.shell.operating import end, operate, pause

SIGNALS = {
    "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11,
    "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "CHLD": 17, "CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21,
    "TTOU": 22, "WINCH": 28,
}  # fmt: skip
HARMLESS, HANGS_UP = (0, 1, 10, 12, 17, 28), 1
PAUSES, GO_ON = (19, 20, 21, 22), 18
EVERYBODY = "-1"
"""Instead of a pid: all processes."""
TERMINATED = Ends("Terminated", 143)


def matching(call: Call, pattern: str, whole: bool, exact: bool) -> list[Process]:
    """Processes by name or, with `-f`, by their whole command."""
    try:
        asked = re.compile(f"^({pattern})$" if exact else pattern)
    except re.error:
        return []
    return [each for each in everything(call.seat)[1:-2] if asked.search(each.command if whole else each.name)]


def pgrep(call: Call) -> Result:
    found, rest = options(call.argv, "u")
    shown = matching(call, rest[-1], "f" in found, "x" in found) if rest else []
    if "u" in found:
        shown = [each for each in shown or everything(call.seat)[1:-2] if each.account == found["u"]]
    if "c" in found:
        return Result(f"{len(shown)}\n", "", 0 if shown else 1)
    rows = [f"{each.pid} {each.command if 'a' in found else each.name}" if {"a", "l"} & set(found) else str(each.pid) for each in shown]  # fmt: skip  # noqa: E501
    return Result("".join(f"{row}\n" for row in rows), "", 0 if shown else 1)


def pidof(call: Call) -> Result:
    names = [each for each in call.argv if not each.startswith("-")]
    pids = [
        str(each.pid)
        for each in reversed(everything(call.seat))
        if each.name in names or (each.pid == 1 and "systemd" in names)
    ]
    return Result(f"{' '.join(pids)}\n" if pids else "", "", 0 if pids else 1)


def signal_of(argv: tuple[str, ...]) -> tuple[int | None, list[str]]:
    """The signal a line names, and the rest; None if there is no such signal."""
    signal: int | None = 15
    rest: list[str] = []
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "-s" and words:
            word = f"-{words.pop(0)}"
        name = word[1:].removeprefix("SIG")
        if word == EVERYBODY and len(argv) > 1 and not words:
            rest.append(word)
        elif word.startswith("-") and (name.isdigit() or name in SIGNALS):
            signal = int(name) if name.isdigit() else SIGNALS[name]
        elif word.startswith("-") and len(word) > 2 and word[1:].isupper():
            signal = None
        else:
            rest.append(word)
    return signal, rest


def kill(call: Call) -> Result:
    if call.argv[:1] == ("-l",):
        return Result(" ".join(SIGNALS) + "\n")
    signal, rest = signal_of(call.argv)
    if signal is None:
        return Result("", f"bash: line 1: kill: {call.argv[0][1:]}: invalid signal specification\n", 1)
    if not rest:
        return Result(
            "", "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n", 2
        )
    known, err = {str(each.pid): each for each in everything(call.seat)}, ""
    for word in everybody(call, known) if rest == [EVERYBODY] else rest:
        if not word.isdigit():
            err += f"bash: line 1: kill: {word}: arguments must be process or job IDs\n"
        elif word not in known:
            err += f"bash: line 1: kill: ({word}) - No such process\n"
        elif not may_end(call, known[word]):
            denied(call.seat, "signal", word)
            err += f"bash: line 1: kill: ({word}) - Operation not permitted\n"
        else:
            ended(call, known[word], signal)
    return Result("", err, 1 if err else 0)


def everybody(call: Call, known: dict[str, Process]) -> list[str]:
    """The pids of all that the account may end, but for the shell that asks and what let it in."""
    return [pid for pid, each in known.items() if each not in everything(call.seat)[-2:] and may_end(call, each)]


def may_end(call: Call, process: Process) -> bool:
    """Is it the account's own, or is it root? What a machine runs by itself is started again at once."""
    return process.pid != 1 and (call.seat.is_root or process.account == call.seat.login.id)


def ended(call: Call, process: Process, signal: int) -> None:
    """A signal that ends does end; one that pauses leaves the process standing, and doing nothing."""
    company, server = call.seat.session.company, call.seat.server
    if process.pid not in (each.pid for each in processes_of(company, server)):
        if signal not in HARMLESS and process.pid == own_shell(call.seat).pid:
            call.disk.ends, call.seat.session.left = TERMINATED, 0
            call.disk.spend(1)
    elif signal in (*PAUSES, GO_ON):
        pause(call.seat.session, call.seat.server, process, signal in PAUSES)
    elif signal == HANGS_UP and process.service and is_main(company, server, process):
        operate(call.seat.session, server, process.service, "reload")
    elif signal not in HARMLESS:
        end(call.seat.session, call.seat.server, process, signal)


def is_main(company: Company, server: Server, process: Process) -> bool:
    """Is it the process that a service is, and none that this started?"""
    service = find_service(company, server.id, process.service)
    return service is not None and service.pid == process.pid


def pkill(call: Call) -> Result:
    signal, rest = signal_of(call.argv)
    found, words = options(tuple(rest), "u")
    if signal is None or not words:
        return call.fail("no matching criteria specified", 2)
    exact = call.name == "killall" or "x" in found
    shown = matching(call, words[-1], "f" in found, exact)
    err = ""
    for each in shown:
        if may_end(call, each):
            ended(call, each, signal)
        else:
            denied(call.seat, "signal", str(each.pid))
            err += f"{call.name}: killing pid {each.pid} failed: Operation not permitted\n"
    if not shown and call.name == "killall":
        return Result("", f"{words[-1]}: no process found\n", 1)
    return Result("", err, 1 if err or not shown else 0)


def top(call: Call) -> Result:
    now, (total, used) = call.seat.session.clock, memory_of(call.seat)
    shown = sorted(everything(call.seat), key=lambda each: (-each.cpu, each.pid))[:20]
    days, load = up_for(call.seat) // 86_400, load_of(call.seat).replace(" ", ", ")
    every = len(everything(call.seat))
    head = [
        f"top - {now:%H:%M:%S} up {days} days,  1 user,  load average: {load}",
        f"Tasks: {every:>3} total,   1 running, {every - 1:>3} sleeping,   0 stopped,   0 zombie",
        f"MiB Mem : {total // 1024:>8}.0 total, {(total - used) // 1024:>8}.0 free, {used // 1024:>8}.0 used",
        "",
        "    PID USER      PR  NI  S  %CPU  %MEM     TIME+ COMMAND",
    ]
    return Result("\n".join([*head, *(row_of(call, each) for each in shown), ""]))


def row_of(call: Call, each: Process) -> str:
    """A process as `top` shows it."""
    share, ran = tenths(busy(call.seat, each)), ran_for(call.seat, each)
    head = f"{each.pid:>7} {each.account:<9} 20   0  {'T' if each.paused else 'S'} {share:>5} {tenths(each.memory):>5}"
    return f"{head} {ran // 60:>3}:{ran % 60:02}.00 {each.name}"


def free(call: Call) -> Result:
    (total, used), names = memory_of(call.seat), "total        used        free      shared  buff/cache   available"
    unit = 1_048_576 if "-g" in call.argv else 1024 if "-m" in call.argv else 1
    cached, for_people = (total - used) // 3, "-h" in call.argv
    numbers = (total, used, total - used - cached, 1024, cached, total - used)
    values = [binary(each) if for_people else str(each // unit) for each in numbers]
    row, none = " ".join(f"{each:>11}" for each in values), "0B" if for_people else "0"
    return Result(f"               {names}\nMem:    {row}\nSwap:    {none:>10} {none:>11} {none:>11}\n")


def binary(kilobytes: int) -> str:
    """A size as `free -h` tells it."""
    for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti")):
        tenths = kilobytes * 10 // 1024**power
        if tenths < 100 and power:
            return f"{tenths // 10}.{tenths % 10}{unit}"
        if tenths < 10_240:
            return f"{tenths // 10}{unit}"
    return f"{kilobytes // 1024**3}Ti"


def renice(call: Call) -> Result:
    """How much a process gives way changes nothing that anybody here could see."""
    pids = [each for each in call.argv if each.isdigit()][-1:]
    known = {str(each.pid): each for each in everything(call.seat)}
    if not pids or pids[0] not in known:
        return call.fail(f"failed to get priority for {(pids or ['0'])[0]} (process ID): No such process")
    if not may_end(call, known[pids[0]]):
        denied(call.seat, "signal", pids[0])
        return call.fail(f"failed to set priority for {pids[0]} (process ID): Operation not permitted")
    return Result(f"{pids[0]} (process ID) old priority 0, new priority 10\n")


COMMANDS: dict[str, Command] = {
    "pgrep": pgrep, "pidof": pidof, "kill": kill, "pkill": pkill, "killall": pkill, "renice": renice,
    "top": top, "free": free,
}  # fmt: skip
ACTING = tuple(COMMANDS)
