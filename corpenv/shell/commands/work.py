"""What runs on a server: processes, scheduled jobs, GPUs."""

import re

from corpenv.company.hosts import ROOT, Process
from corpenv.company.machines import cron_of, processes_of
from corpenv.events import CronChanged
from corpenv.shell.base import SYSLOG, Call, Command, Result, moment_of, options
from corpenv.shell.machine import load_of, memory_of, up_for
from corpenv.shell.operating import end

SIGNALS = {"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "TERM": 15, "CONT": 18, "STOP": 19}
HARMLESS = (0, 1, 10, 12, 18)
CRON_LINE = re.compile(r"(@\w+|(\S+\s+){4}\S+)\s+\S.*|[A-Z_]+\s*=.*|#.*|\s*")


def running(call: Call) -> list[Process]:
    """What runs, the first process of all included, and the shell that asks."""
    booted = call.seat.server.booted
    first = Process(1, ROOT, "/sbin/init", since=booted)
    others = processes_of(call.seat.session.company, call.seat.server)
    last = max([each.pid for each in others], default=900)
    own = Process(last + 11, call.seat.login.id, "-bash", since=call.seat.session.company.now)
    return [first, *others, own]


def ps(call: Call) -> Result:
    words = "".join(call.argv).replace("-", "")
    found, _ = options(
        tuple(f"-{each}" if each in ("aux", "ef", "auxf", "auxww") else each for each in call.argv), "puCo"
    )
    shown = running(call)
    wanted = found.get("p", "") or found.get("C", "")
    every = any(letter in words for letter in ("a", "e", "A", "x")) or wanted
    if found.get("u") and "a" not in found:
        shown = [each for each in shown if each.account == found["u"]]
    elif not every:
        shown = [each for each in shown if each.account == call.seat.login.id and each.command == "-bash"]
    if "p" in found:
        shown = [each for each in shown if str(each.pid) in re.split(r"[,\s]+", found["p"])]
    if "C" in found:
        shown = [each for each in shown if each.name == found["C"]]
    if "o" in found:
        return columns(found["o"], shown)
    if "u" in words and "a" in words:
        head = f"{'USER':<12} {'PID':>7} %CPU %MEM    VSZ   RSS TTY STAT START   TIME COMMAND"
        return Result("\n".join([head, *(bsd(call, each) for each in shown), ""]))
    if "f" in words or "e" in words:
        head = f"{'UID':<8} {'PID':>7} {'PPID':>7}  C STIME TTY          TIME CMD"
        return Result("\n".join([head, *(unix(call, each) for each in shown), ""]))
    rows = [f"{each.pid:>7} pts/0    00:00:00 {each.name.lstrip('-')}" for each in shown]
    return Result("\n".join(["    PID TTY          TIME CMD", *rows, ""]), "", 0 if shown else 1)


def columns(asked: str, shown: list[Process]) -> Result:
    """`ps -o pid,user,comm`."""
    names = [each.rstrip("=").lower() for each in asked.split(",")]
    rows = ["" if asked.endswith("=") else " ".join(f"{each.upper():>7}" for each in names)]
    for each in shown:
        values = {
            "pid": str(each.pid),
            "user": each.account,
            "comm": each.name,
            "cmd": each.command,
            "args": each.command,
        }
        rows.append(" ".join(f"{values.get(name, '-'):>7}" for name in names))
    return Result("\n".join([*filter(None, rows), ""]))


def bsd(call: Call, each: Process) -> str:
    """A line of `ps aux`."""
    total = memory_of(call.seat)[0]
    size = total * each.memory // 1000
    cpu, memory = f"{each.cpu // 10}.{each.cpu % 10}", f"{each.memory // 10}.{each.memory % 10}"
    return (
        f"{each.account:<12} {each.pid:>7} {cpu:>4} {memory:>4} {size * 2:>6} {size:>5} ?   Ss   "
        f"{started(call, each):>5}   0:0{each.cpu % 10} {each.command}"
    )


def unix(call: Call, each: Process) -> str:
    """A line of `ps -ef`."""
    head = f"{each.account:<8} {each.pid:>7} {1 if each.pid > 1 else 0:>7}  0 {started(call, each):>5} ?"
    return f"{head}        00:00:0{each.cpu % 10} {each.command}"


def started(call: Call, each: Process) -> str:
    """When a process was started, as `ps` says it."""
    company = call.seat.session.company
    then = moment_of(company, each.since)
    return f"{then:%H:%M}" if company.now - each.since < 86_400 else f"{then:%b%d}"


def matching(call: Call, pattern: str, whole: bool, exact: bool) -> list[Process]:
    """Processes by name or, with `-f`, by their whole command."""
    try:
        asked = re.compile(f"^({pattern})$" if exact else pattern)
    except re.error:
        return []
    return [each for each in running(call)[1:-1] if asked.search(each.command if whole else each.name)]


def pgrep(call: Call) -> Result:
    found, rest = options(call.argv, "u")
    shown = matching(call, rest[-1], "f" in found, "x" in found) if rest else []
    if "u" in found:
        shown = [each for each in shown or running(call)[1:-1] if each.account == found["u"]]
    rows = [f"{each.pid} {each.command if 'a' in found else each.name}" if {"a", "l"} & set(found) else str(each.pid) for each in shown]  # fmt: skip  # noqa: E501
    return Result("".join(f"{row}\n" for row in rows), "", 0 if shown else 1)


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
        if word.startswith("-") and (name.isdigit() or name in SIGNALS):
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
    known, err = {str(each.pid): each for each in running(call)[:-1]}, ""
    for word in rest:
        if not word.isdigit():
            err += f"bash: line 1: kill: {word}: arguments must be process or job IDs\n"
        elif word not in known:
            err += f"bash: line 1: kill: ({word}) - No such process\n"
        elif not may_end(call, known[word]):
            err += f"bash: line 1: kill: ({word}) - Operation not permitted\n"
        else:
            ended(call, known[word], signal)
    return Result("", err, 1 if err else 0)


def may_end(call: Call, process: Process) -> bool:
    """Is it the account's own, or is it root?"""
    return process.pid != 1 and (call.seat.is_root or process.account == call.seat.login.id)


def ended(call: Call, process: Process, signal: int) -> None:
    """A signal that ends does end."""
    if signal not in HARMLESS:
        end(call.seat.session, call.seat.server, process.pid, process.service, signal)


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
            err += f"{call.name}: killing pid {each.pid} failed: Operation not permitted\n"
    if not shown and call.name == "killall":
        return Result("", f"{words[-1]}: no process found\n", 1)
    return Result("", err, 1 if err or not shown else 0)


def top(call: Call) -> Result:
    now, (total, used) = call.seat.session.clock, memory_of(call.seat)
    shown = sorted(running(call), key=lambda each: (-each.cpu, each.pid))[:20]
    days, load = up_for(call.seat) // 86_400, load_of(call.seat).replace(" ", ", ")
    every = len(running(call))
    head = [
        f"top - {now:%H:%M:%S} up {days} days,  1 user,  load average: {load}",
        f"Tasks: {every:>3} total,   1 running, {every - 1:>3} sleeping,   0 stopped,   0 zombie",
        f"MiB Mem : {total // 1024:>8}.0 total, {(total - used) // 1024:>8}.0 free, {used // 1024:>8}.0 used",
        "",
        "    PID USER      PR  NI  S  %CPU  %MEM     TIME+ COMMAND",
    ]
    rows = [
        f"{each.pid:>7} {each.account:<9} 20   0  S {each.cpu // 10:>3}.{each.cpu % 10} "
        f"{each.memory // 10:>3}.{each.memory % 10}   0:00.0{each.cpu % 10} {each.name}"
        for each in shown
    ]
    return Result("\n".join([*head, *rows, ""]))


def free(call: Call) -> Result:
    (total, used), names = memory_of(call.seat), "total        used        free      shared  buff/cache   available"
    unit = 1_048_576 if "-g" in call.argv else 1024 if {"-m", "-h"} & set(call.argv) else 1
    mark = "Mi" if "-h" in call.argv else ""
    cached = (total - used) // 3
    values = [f"{each // unit}{mark}" for each in (total, used, total - used - cached, 1024, cached, total - used)]
    row = " ".join(f"{each:>11}" for each in values)
    return Result(
        f"               {names}\nMem:    {row}\nSwap:             0{mark}           0{mark}           0{mark}\n"
    )


# scheduled jobs ---------------------------------------------------------------------------------------------


def crontab(call: Call) -> Result:
    found, rest = options(call.argv, "u")
    seat, whom = call.seat, found.get("u") or call.seat.login.id
    if "u" in found and not seat.is_root:
        return Result("", "must be privileged to use -u\n", 1)
    if whom not in seat.server.logins:
        return Result("", f"crontab:  user `{whom}' unknown\n", 1)
    lines = cron_of(seat.session.company, seat.server, whom)
    if ("l" in found or "r" in found) and not lines:
        return Result("", f"no crontab for {whom}\n", 1)
    if "l" in found:
        return Result("".join(f"{line}\n" for line in lines))
    if "e" in found:
        return Result("", "crontab: no editor: use crontab - or crontab FILE\n", 1)
    return installed(call, whom, ()) if "r" in found else replaced(call, whom, rest[0] if rest else "-")


def replaced(call: Call, whom: str, name: str) -> Result:
    """A new table for an account, from a file or from what is piped in."""
    path = call.path(name)
    if name != "-" and not (call.disk.tree.may_read(path) and call.fs.exists(path)):
        return Result("", f"{name}: No such file or directory\n", 1)
    text = call.stdin if name == "-" else call.fs.read_file(path).decode("utf-8", "replace")
    for number, line in enumerate(text.splitlines()):
        if not CRON_LINE.fullmatch(line):
            return Result("", f'"{name}":{number}: bad minute\nerrors in crontab file, can\'t install.\n', 1)
    return installed(call, whom, tuple(line for line in text.splitlines() if line.strip()))


def installed(call: Call, whom: str, lines: tuple[str, ...]) -> Result:
    """An account has these jobs now."""
    session, server = call.seat.session, call.seat.server
    if lines != cron_of(session.company, server, whom):
        session.do(CronChanged, server=server.id, account=whom, lines=lines)
        done = "REPLACE" if lines else "DELETE"
        session.log(server, SYSLOG, "crontab[2291]", f"({call.seat.login.id}) {done} ({whom})")
    return Result()


# GPUs -------------------------------------------------------------------------------------------------------


def nvidia_smi(call: Call) -> Result:
    gpus = call.seat.server.gpus
    if not gpus:
        return Result("", "bash: line 1: nvidia-smi: command not found\n", 127)
    using = [each for each in processes_of(call.seat.session.company, call.seat.server) if each.gpu]
    taken = sum(each.gpu for each in using)
    found, _ = options(call.argv)
    if "L" in found:
        return Result("".join(f"GPU {number}: {gpu.model}\n" for number, gpu in enumerate(gpus)))
    used = [min(gpu.memory, gpu.used + (taken if number == 0 else 0)) for number, gpu in enumerate(gpus)]
    if "query-gpu" in found:
        names = found["query-gpu"].split(",")
        head = [] if "noheader" in found.get("format", "") else [", ".join(names)]
        rows = []
        for number, gpu in enumerate(gpus):
            values = {
                "index": str(number), "name": gpu.model, "memory.total": f"{gpu.memory} MiB",
                "memory.used": f"{used[number]} MiB", "memory.free": f"{gpu.memory - used[number]} MiB",
                "utilization.gpu": f"{gpu.utilisation} %",
            }  # fmt: skip
            rows.append(", ".join(values.get(name.strip(), "[N/A]") for name in names))
        return Result("\n".join([*head, *rows, ""]))
    bar = "+" + "-" * 77 + "+"
    rows = [
        f"| {number:>3}  {gpu.model:<30} | {used[number]:>8}MiB / {gpu.memory:>8}MiB | {gpu.utilisation:>3}% |"
        for number, gpu in enumerate(gpus)
    ]
    jobs = [f"| {each.pid:>8}   C   {each.name:<40} {each.gpu:>8}MiB |" for each in using] or [
        "| No running processes found |"
    ]
    title = f"{call.seat.session.clock:%a %b %d %H:%M:%S %Y}"
    return Result("\n".join([title, bar, "| GPU  Name  |  Memory-Usage  |  GPU-Util |", bar, *rows, bar, "| Processes: |", *jobs, bar, ""]))  # fmt: skip  # noqa: E501


COMMANDS: dict[str, Command] = {
    "ps": ps, "pgrep": pgrep, "kill": kill, "pkill": pkill, "killall": pkill, "top": top, "free": free,
    "crontab": crontab, "nvidia-smi": nvidia_smi,
}  # fmt: skip
ACTING = tuple(COMMANDS)
