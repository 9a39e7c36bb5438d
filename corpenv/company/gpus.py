"""The GPUs of a server now: what runs on them, how much of their memory is taken, how busy they are."""

from typing import NamedTuple

from corpenv.company.hosts import Gpu, Process, Server
from corpenv.company.machines import processes_of
from corpenv.company.state import Company
from corpenv.names import draw

BUSY = 96
"""Percent of the time that a GPU computes on which a program runs that takes what it can get, at least."""
MINUTE = 60


class Card(NamedTuple):
    """A GPU and what runs on it; `load` is the percent of the time that this keeps it busy."""

    number: int
    gpu: Gpu
    processes: tuple[Process, ...]
    load: int

    @property
    def used(self) -> int:
        """Megabytes that are taken."""
        return min(self.gpu.memory, self.gpu.used + sum(each.gpu for each in self.processes))

    @property
    def utilisation(self) -> int:
        """Percent of the time that it computes."""
        return max(self.gpu.utilisation, self.load)


def cards_of(company: Company, server: Server) -> list[Card]:
    """The GPUs of a server. A job has its own; any other process runs on the first that has room for it, else on the
    first of all.
    """
    gpus = server.gpus
    running: list[list[Process]] = [[] for _ in gpus]
    found = [each for each in processes_of(company, server) if each.gpu] if gpus else []
    for process in sorted(found, key=lambda each: not each.job):
        taken = [gpu.used + sum(each.gpu for each in on) for gpu, on in zip(gpus, running, strict=True)]
        room = (number for number, gpu in enumerate(gpus) if taken[number] + process.gpu <= gpu.memory)
        running[process.board if process.job else next(room, 0)].append(process)
    return [
        Card(number, gpu, tuple(on), max((load_of(company, each) for each in on), default=0))
        for number, (gpu, on) in enumerate(zip(gpus, running, strict=True))
    ]


def load_of(company: Company, process: Process) -> int:
    """Percent of the time that a process keeps a GPU busy: of a job it goes up and down from minute to minute."""
    if process.paused:
        return 0
    minute = str(company.now // MINUTE)
    return 52 + draw(company.world.seed, "load", f"{process.job} {process.board}", minute) % 44 if process.job else BUSY
