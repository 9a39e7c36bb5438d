"""GPUs: `nvidia-smi`."""

from typing import NamedTuple

from corpenv.company.hosts import Gpu, Process
from corpenv.company.machines import processes_of
from corpenv.shell.base import Call, Command, Result, options

BUSY = 96
"""Percent of a GPU that something uses which runs on it, at least."""


class Card(NamedTuple):
    """A GPU and what runs on it."""

    number: int
    gpu: Gpu
    processes: tuple[Process, ...]

    @property
    def used(self) -> int:
        """Megabytes that are taken."""
        return min(self.gpu.memory, self.gpu.used + sum(each.gpu for each in self.processes))

    @property
    def utilisation(self) -> int:
        """Percent of the time that it computes."""
        return max(self.gpu.utilisation, BUSY) if self.processes else self.gpu.utilisation


def cards_of(call: Call) -> list[Card]:
    """The GPUs of the server; a process runs on the first that has room for it, else on the first of all."""
    gpus = call.seat.server.gpus
    running: list[list[Process]] = [[] for _ in gpus]
    for process in processes_of(call.seat.session.company, call.seat.server):
        if process.gpu:
            taken = [gpu.used + sum(each.gpu for each in on) for gpu, on in zip(gpus, running, strict=True)]
            room = (number for number, gpu in enumerate(gpus) if taken[number] + process.gpu <= gpu.memory)
            running[next(room, 0)].append(process)
    return [Card(number, gpu, tuple(on)) for number, (gpu, on) in enumerate(zip(gpus, running, strict=True))]


def nvidia_smi(call: Call) -> Result:
    if not call.seat.server.gpus:
        return Result("", "bash: line 1: nvidia-smi: command not found\n", 127)
    found, _ = options(call.argv)
    cards = cards_of(call)
    if "L" in found:
        return Result("".join(f"GPU {each.number}: {each.gpu.model}\n" for each in cards))
    if "query-gpu" in found:
        return queried(found, found["query-gpu"], [values_of(each) for each in cards])
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


def values_of(card: Card) -> dict[str, str]:
    """What can be asked of a GPU."""
    gpu = card.gpu
    return {
        "index": str(card.number), "name": gpu.model, "memory.total": f"{gpu.memory} MiB",
        "memory.used": f"{card.used} MiB", "memory.free": f"{gpu.memory - card.used} MiB",
        "utilization.gpu": f"{card.utilisation} %", "count": "1",
    }  # fmt: skip


def apps_of(card: Card) -> list[dict[str, str]]:
    """What can be asked of what runs on a GPU."""
    return [
        {
            "pid": str(each.pid), "process_name": each.command.split()[0], "name": each.command.split()[0],
            "used_memory": f"{each.gpu} MiB", "used_gpu_memory": f"{each.gpu} MiB", "gpu_name": card.gpu.model,
        }
        for each in card.processes
    ]  # fmt: skip


def overview(call: Call, cards: list[Card]) -> str:
    """All of it, for people."""
    bar = "+" + "-" * 77 + "+"
    sizes = [f"{each.used:>8}MiB / {each.gpu.memory:>8}MiB" for each in cards]
    rows = [
        f"| {each.number:>3}  {each.gpu.model:<30} | {size} | {each.utilisation:>3}% |"
        for each, size in zip(cards, sizes, strict=True)
    ]
    jobs = [f"| {one.pid:>8}   C   {one.name:<40} {one.gpu:>8}MiB |" for each in cards for one in each.processes]
    clock = call.seat.session.clock
    title = f"{clock:%a %b} {clock.day:>2} {clock:%H:%M:%S %Y}"
    head = "| GPU  Name  |  Memory-Usage  |  GPU-Util |"
    none = ["| No running processes found |"]
    return "\n".join([title, bar, head, bar, *rows, bar, "| Processes: |", *(jobs or none), bar, ""])


COMMANDS: dict[str, Command] = {"nvidia-smi": nvidia_smi}
ACTING = tuple(COMMANDS)
