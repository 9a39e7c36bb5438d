"""GPUs: `nvidia-smi`."""

from corpenv.company.gpus import Card, cards_of
from corpenv.company.hosts import Process
from corpenv.names import draw
from corpenv.shell.base import Call, Command, Result, options

BAR = f"+{'-' * 87}+"
LINES = f"+{'-' * 41}+{'-' * 22}+{'-' * 22}+"
HEAD = f"""\
{BAR}
| NVIDIA-SMI 535.216.01             Driver Version: 535.216.01   CUDA Version: 12.2     |
|{"-" * 41}+{"-" * 22}+{"-" * 22}+
| GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |
|                                         |                      |               MIG M. |
|{"=" * 41}+{"=" * 22}+{"=" * 22}|"""
APPS = f"""\
{BAR}
| Processes:                                                                            |
|  GPU   GI   CI        PID   Type   Process name                            GPU Memory |
|        ID   ID                                                             Usage      |
|{"=" * 87}|"""
"""What stands around the rows for people."""


def nvidia_smi(call: Call) -> Result:
    if not call.seat.server.gpus:
        return Result("", "bash: line 1: nvidia-smi: command not found\n", 127)
    found, _ = options(call.argv, "i", ("id",))
    cards = cards_of(call.seat.session.company, call.seat.server)
    asked = (found.get("i") or found.get("id", "")).split(",")
    if asked != [""]:
        cards = [each for each in cards if str(each.number) in asked]
    if not cards:
        return Result("No devices were found\n", "", 6)
    if "L" in found:
        return Result("".join(f"GPU {each.number}: {each.gpu.model} (UUID: {uuid_of(call, each)})\n" for each in cards))
    if "query-gpu" in found:
        return queried(found, found["query-gpu"], [values_of(call, each) for each in cards])
    if "query-compute-apps" in found:
        return queried(found, found["query-compute-apps"], [apps for each in cards for apps in apps_of(each)])
    return Result(overview(call, cards))


def queried(found: dict[str, str], asked: str, rows: list[dict[str, str]]) -> Result:
    """What was asked for, as a table."""
    names, form = [each.strip() for each in asked.split(",")], found.get("format", "")
    lines = [] if "noheader" in form else [", ".join(names)]
    for row in rows:
        values = [row.get(name, "[N/A]") for name in names]
        lines.append(", ".join(each.split(" ")[0] if "nounits" in form else each for each in values))
    return Result("\n".join([*lines, ""]))


def uuid_of(call: Call, card: Card) -> str:
    """The number that a GPU was made with."""
    drawn = "".join(f"{draw(0, half, call.seat.server.id, str(card.number)):016x}" for half in ("first", "second"))
    return f"GPU-{drawn[:8]}-{drawn[8:12]}-{drawn[12:16]}-{drawn[16:20]}-{drawn[20:]}"


def state_of(call: Call, card: Card) -> tuple[int, int]:
    """How warm a GPU is, in degrees, and how many watts it draws."""
    warm = 29 + draw(0, "warm", call.seat.server.id, str(card.number)) % 7 + card.utilisation * 2 // 5
    return warm, 58 + warm % 9 + card.utilisation * 3


def values_of(call: Call, card: Card) -> dict[str, str]:
    """What can be asked of a GPU."""
    gpu, (warm, watts) = card.gpu, state_of(call, card)
    return {
        "index": str(card.number), "name": gpu.model, "memory.total": f"{gpu.memory} MiB",
        "memory.used": f"{card.used} MiB", "memory.free": f"{gpu.memory - card.used} MiB",
        "utilization.gpu": f"{card.utilisation} %", "count": str(len(call.seat.server.gpus)),
        "uuid": uuid_of(call, card), "temperature.gpu": str(warm), "power.draw": f"{watts}.00 W", "pstate": "P0",
        "utilization.memory": f"{card.utilisation // 2} %", "driver_version": "535.216.01", "power.limit": "400.00 W",
    }  # fmt: skip


def apps_of(card: Card) -> list[dict[str, str]]:
    """What can be asked of what runs on a GPU."""
    return [
        {
            "pid": str(each.pid), "process_name": title_of(each), "name": title_of(each),
            "used_memory": f"{each.gpu} MiB", "used_gpu_memory": f"{each.gpu} MiB", "gpu_name": card.gpu.model,
        }
        for each in card.processes
    ]  # fmt: skip


def title_of(process: Process) -> str:
    """What a process is called here: its program, or the title that one gave itself, as in `runnerd: proofs`."""
    program = process.command.split()[0]
    return process.command if program.endswith(":") else program


def overview(call: Call, cards: list[Card]) -> str:
    """All of it, for people."""
    clock = call.seat.session.clock
    title = f"{clock:%a %b} {clock.day:>2} {clock:%H:%M:%S %Y}"
    rows = [line for each in cards for line in [*rows_of(call, each), LINES]]
    apps = [
        f"|{each.number:>5}   N/A  N/A {one.pid:>9}      C   {title_of(one)[:38]:<39}{one.gpu:>8}MiB |"
        for each in cards
        for one in each.processes
    ]
    none = [f"|  {'No running processes found':<85}|"]
    text = "\n".join([f"{title:<31}", HEAD, *rows, " " * 89, APPS, *(apps or none), BAR])
    return f"{text}\n"


def rows_of(call: Call, card: Card) -> tuple[str, str, str]:
    """One GPU: its name and place, how warm it is and what it draws, its memory and use."""
    gpu, bus, load = card.gpu, f"00000000:{16 * card.number + 7:02X}:00.0", card.utilisation
    warm, watts = state_of(call, card)
    memory = f"{card.used}MiB / {gpu.memory:>5}MiB"
    return (
        f"|{card.number:>4}  {gpu.model:<30} On  | {bus} Off |                    0 |",
        f"| N/A {warm:>4}C    P0 {watts:>15}W / 400W | {memory:>20} |{load:>7}%      Default |",
        f"|{' ' * 41}|{' ' * 22}|             Disabled |",
    )


COMMANDS: dict[str, Command] = {"nvidia-smi": nvidia_smi}
ACTING = tuple(COMMANDS)
