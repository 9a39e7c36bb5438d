"""`ps`: what runs, chosen and shown as its options say."""

import re
from collections.abc import Callable

from corpenv.company.hosts import Process
from corpenv.company.servicing import moment_of
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.machine import busy, everything, memory_of, ran_for, tenths

CHOOSES: dict[str, Callable[[Process], str]] = {
    "p": lambda each: str(each.pid), "pid": lambda each: str(each.pid), "u": lambda each: each.account,
    "U": lambda each: each.account, "user": lambda each: each.account, "C": lambda each: each.name,
}  # fmt: skip
"""Options that choose → what of a process they compare."""
SORTS: dict[str, Callable[[Process], int]] = {
    "pid": lambda each: each.pid, "start_time": lambda each: each.since, "etime": lambda each: -each.since,
    **dict.fromkeys(("%cpu", "pcpu", "cpu", "time"), lambda each: each.cpu),
    **dict.fromkeys(("%mem", "pmem", "rss", "vsz"), lambda each: each.memory),
}  # fmt: skip
VALUED = re.compile(r"-[AaefFlwHxjMNry]*[uUpCotgs]$")
"""Words behind which a value stands."""
LISTED, RIGHT = (
    re.compile(r"[,\s]+"),
    ("pid", "ppid", "%cpu", "%mem", "pcpu", "pmem", "vsz", "rss", "etime", "ni", "etimes"),
)
WIDTHS = {"pid": 7, "ppid": 7, "user": 8, "%cpu": 4, "%mem": 4, "pcpu": 4, "pmem": 4, "vsz": 6, "rss": 5, "etime": 11, "stat": 4, "tty": 8, "comm": 15, "ni": 3}  # fmt: skip  # noqa: E501
HEADS = {"cmd": "CMD", "args": "COMMAND", "command": "COMMAND", "comm": "COMMAND", "etime": "ELAPSED", "tty": "TT", "etimes": "ELAPSED", "pcpu": "%CPU", "pmem": "%MEM", "lstart": "STARTED", "start": "STARTED"}  # fmt: skip  # noqa: E501


def ps(call: Call) -> Result:
    asked = asked_of(call.argv)
    own = everything(call.seat)
    me = Process(own[-1].pid + 1, call.seat.login.id, " ".join(["ps", *call.argv]), since=own[-1].since)
    shown = ordered(asked.get("sort", ""), chosen(call, asked, [*own, me]))
    if "o" in asked or "format" in asked:
        return columns(call, f"{asked.get('o', '')},{asked.get('format', '')}".strip(",").replace("\n", ","), shown)
    code = 0 if shown else 1
    if "bsd" in asked and "u" in asked["bsd"]:
        head = "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"
        return Result("\n".join([head, *(bsd(call, each) for each in shown), ""]), "", code)
    if "bsd" in asked:
        rows = [f"{each.pid:>7} {'?':<8} {state(each):<6} 0:00 {each.command}" for each in shown]
        return Result("\n".join(["    PID TTY      STAT   TIME COMMAND", *rows, ""]), "", code)
    if "f" in asked or "F" in asked:
        head = "UID          PID    PPID  C STIME TTY          TIME CMD"
        return Result("\n".join([head, *(unix(call, each, own) for each in shown), ""]), "", code)
    rows = [f"{each.pid:>7} {'?':<8} 00:00:00 {each.name.lstrip('-')}" for each in shown]
    return Result("\n".join(["    PID TTY          TIME CMD", *rows, ""]), "", code)


def asked_of(argv: tuple[str, ...]) -> dict[str, str]:
    """Options; letters without a dash, which mean other things, as `bsd`."""
    found: dict[str, str] = {}
    words = list(argv)
    while words:
        word = words.pop(0)
        if word.startswith("--"):
            name, has, value = word[2:].partition("=")
            found[name] = value if has or not words else words.pop(0)
        elif word.startswith("-"):
            taken = (word, words.pop(0)) if VALUED.match(word) and words else (word,)
            found |= options(taken, "uUpCotgs")[0]
        elif word.replace(",", "").isdigit():
            found["p"] = word
        else:
            found["bsd"] = found.get("bsd", "") + word
    if "bsd" in found and found["bsd"][-1:] in ("o", "p", "U"):
        found.setdefault(found["bsd"][-1], found.pop("p", ""))
    if word := next((each for each in (found.get("u", ""), found.get("U", "")) if each in ("x", "xf")), ""):
        found["bsd"] = f"au{word}"  # `-aux` means `aux` to it
        found.pop("u", None)
    return found


def chosen(call: Call, asked: dict[str, str], processes: list[Process]) -> list[Process]:
    """The processes that are asked for: by name or number, all, or those of the account."""
    named = [name for name in CHOOSES if asked.get(name)]
    if named:
        wanted = {name: LISTED.split(asked[name]) for name in named}
        return [each for each in processes if any(CHOOSES[name](each) in wanted[name] for name in named)]
    if {"e", "A"} & set(asked) or {"a", "x"} <= set(asked.get("bsd", "")):
        return processes
    mine = [each for each in processes if each.account == call.seat.login.id]
    return mine if {"x", "bsd", "a"} & set(asked) else mine[-2:]


def ordered(by: str, processes: list[Process]) -> list[Process]:
    """`--sort=-%mem`: by its first key, the other way round behind a minus."""
    key = by.partition(",")[0]
    if key.lstrip("+-") not in SORTS:
        return processes
    return sorted(processes, key=SORTS[key.lstrip("+-")], reverse=key.startswith("-"))


def lasted(seconds: int) -> str:
    """How long something has run: `[[days-]hours:]minutes:seconds`."""
    days, rest = divmod(max(0, seconds), 86_400)
    hours, rest = divmod(rest, 3600)
    head = f"{days}-{hours:02}:" if days else f"{hours:02}:" if hours else ""
    return f"{head}{rest // 60:02}:{rest % 60:02}"


def columns(call: Call, asked: str, shown: list[Process]) -> Result:
    """`ps -o pid,user,comm`: as wide as what stands in them."""
    parts = [each.partition("=") for each in LISTED.split(asked) if each]
    names = [name.lower() for name, _, _ in parts]
    heads = [own if has else HEADS.get(name.lower(), name.upper()) for name, has, own in parts]
    cells = [[value_of(call, name, each) for name in names] for each in shown]
    if unknown := [name for name, value in zip(names, cells[0] if cells else [], strict=False) if value is None]:
        told = f'error: unknown user-defined format specifier "{unknown[0]}"\n\nUsage:\n ps [options]\n'
        return Result("", f"{told}\n Try 'ps --help <simple|list|output|threads|misc|all>'\n", 1)
    rows = [heads, *([value or "" for value in row] for row in cells)] if any(heads) else cells
    lines = []
    for row in rows:
        padded = []
        for place, (name, value) in enumerate(zip(names, row, strict=True)):
            width = max(WIDTHS.get(name, 0), max((len(other[place] or "") for other in rows), default=0))
            padded.append(f"{value:>{width}}" if name in RIGHT else f"{value:<{width}}")
        lines.append(" ".join(padded).rstrip())
    return Result("".join(f"{line}\n" for line in lines), "", 0 if shown else 1)


def value_of(call: Call, name: str, each: Process) -> str | None:
    """A column of a process; None if there is no such column."""
    total, company = memory_of(call.seat)[0], call.seat.session.company
    cpu, memory = percent(busy(call.seat, each)), tenths(each.memory)
    size, ran = resident(total, each), max(0, company.now - each.since)
    values = {
        "pid": str(each.pid), "user": each.account, "euser": each.account, "ruser": each.account, "uname": each.account,
        "comm": each.name.lstrip("-"), "cmd": each.command, "args": each.command, "command": each.command,
        "ucmd": each.name, "ppid": str(parent_of(each, everything(call.seat))), "etime": lasted(ran),
        "stat": state(each), "s": state(each)[:1], "state": state(each)[:1], "tty": "?", "tt": "?", "ni": "0",
        "%cpu": cpu, "pcpu": cpu, "%mem": memory, "pmem": memory, "rss": str(size), "vsz": str(size * 2),
        "time": clock_of(ran_for(call.seat, each)), "start": started(call, each), "stime": started(call, each),
        "etimes": str(ran), "lstart": f"{moment_of(company, each.since):%a %b %d %H:%M:%S %Y}",
        "uid": str(uid_of(call, each)),
    }  # fmt: skip
    return values.get(name)


def uid_of(call: Call, each: Process) -> int:
    """The number of an account."""
    login = call.seat.server.logins.get(each.account)
    return login.uid if login else 0


def state(each: Process) -> str:
    """Asleep, standing still, or running: `ps` itself does."""
    if each.paused:
        return "T"
    return "R" if each.command.startswith("ps ") or each.command == "ps" else "Ss"


def parent_of(each: Process, every: list[Process]) -> int:
    """The pid of what started a process."""
    door, shell = every[-2:]
    if each.pid == shell.pid + 1:
        return shell.pid
    listener = next((other.pid for other in every if "[listener]" in other.command), 1)
    if each.job:
        return next((other.pid for other in every if other.service and f"{other.name}:" == each.name), 1)
    return {shell.pid: door.pid, door.pid: listener, 1: 0}.get(each.pid, 1)


def resident(total: int, each: Process) -> int:
    """Kilobytes that a process holds."""
    return max(total * each.memory // 1000 if each.memory > 1 else 0, 2_304 + each.pid * 53 % 9_000)


def bsd(call: Call, each: Process) -> str:
    """A line of `ps aux`."""
    size = resident(memory_of(call.seat)[0], each)
    cpu, memory, ran = percent(busy(call.seat, each)), tenths(each.memory), ran_for(call.seat, each)
    head = f"{each.account:<8} {each.pid:>7} {cpu:>4} {memory:>4} {size * 2:>6} {size:>5} {'?':<8} {state(each):<4}"
    return f"{head} {started(call, each):>5} {ran // 60:>3}:{ran % 60:02} {each.command}"


def unix(call: Call, each: Process, every: list[Process]) -> str:
    """A line of `ps -ef`."""
    head = f"{each.account:<8} {each.pid:>7} {parent_of(each, every):>7}  0 {started(call, each):>5} ?"
    return f"{head}        {clock_of(ran_for(call.seat, each))} {each.command}"


def percent(number: int) -> str:
    """Tenths of a percent: of a hundred and more, no tenths are shown."""
    return tenths(number) if number < 1000 else str(number // 10)


def clock_of(seconds: int) -> str:
    """A time that was taken."""
    days, rest = divmod(seconds, 86_400)
    return f"{f'{days}-' if days else ''}{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def started(call: Call, each: Process) -> str:
    """When a process was started, as `ps` says it."""
    company = call.seat.session.company
    then = moment_of(company, each.since)
    return f"{then:%H:%M}" if company.now - each.since < 86_400 else f"{then:%b%d}"


COMMANDS: dict[str, Command] = {"ps": ps}
ACTING = tuple(COMMANDS)
