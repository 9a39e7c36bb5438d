"""A crew of processes of this machine."""

import asyncio
import os
import pickle
import signal
import threading
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from traceback import format_exc
from typing import Any

from corpenv.errors import CorpenvError
from corpenv.study.crews import News, Task, Worker

THREADS = Path("/proc/self/task")
"""Linux lists the threads of a process there, also those that Python does not know of."""


class Processes:
    """Processes, each with a store of its own, at the other ends of lines."""

    def __init__(self, task: Task) -> None:
        self.task, self.started = task, 0
        self.processes: dict[int, BaseProcess] = {}
        self.lines: dict[int, Connection[Any, Any]] = {}

    def give(self, worker: int, portion: Sequence[int]) -> None:
        """See `Crew`."""
        self.say(worker, portion)

    def news(self) -> Sequence[News]:
        """See `Crew`."""
        ready = wait(self.lines.values())
        return [self.heard(worker) for worker, line in [*self.lines.items()] if line in ready]

    def heard(self, worker: int) -> News:
        """What a process says; one that is silent for good is followed by another."""
        try:
            said = self.lines[worker].recv()
        except (EOFError, OSError):
            self.replace(worker)
            return worker, "left"
        if isinstance(said, BaseException):
            raise said
        return worker, said

    def replace(self, worker: int) -> None:
        """Start another process."""
        self.lines.pop(worker).close()
        process = self.processes.pop(worker)
        process.kill()
        process.join()
        self.start()

    def start(self) -> None:
        """Start a process, and tell it what it is to play."""
        self.started += 1
        task = pickle.dumps(self.task)
        ours, theirs = Pipe()
        context: Any = get_context(start_method())
        context.set_forkserver_preload([__name__])
        inherited = (*self.lines.values(), ours) if context.get_start_method() == "fork" else ()
        process = context.Process(target=work, args=(theirs, inherited, {**os.environ}))
        with no_interrupt():
            process.start()
        theirs.close()
        self.processes[self.started], self.lines[self.started] = process, ours
        self.say(self.started, task)

    def say(self, worker: int, what: Any) -> None:
        """Send something to a process; if it has died, that is heard later."""
        with suppress(ConnectionError):
            self.lines[worker].send(what)

    def __enter__(self) -> "Processes":
        try:
            for _ in range(self.task.size):
                self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.end()
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop every process at once: what anybody has heard of is kept."""
        for worker, process in self.processes.items():
            process.kill()
            process.join()
            self.lines[worker].close()

    def end(self) -> None:
        """Wait until every process has kept what it was at."""
        for worker in self.lines:
            self.say(worker, None)
        for line in self.lines.values():
            with suppress(EOFError, OSError):
                while line.recv() != "left":
                    pass


def start_method() -> str:
    """How processes start: as copies of this one, with all that it has read, unless threads forbid it.

    A thread may hold what a copy would wait for: then they are copies of a process that has only imported what plays.
    numpy brings threads that end when a process is copied, so a copy that does nothing tells whether others are left.
    """
    if not THREADS.is_dir():
        return "spawn"
    if threading.active_count() > 1:
        return "forkserver"
    if len([*THREADS.iterdir()]) > 1:
        copy = os.fork()
        if not copy:
            os._exit(0)
        os.waitpid(copy, 0)
    return "fork" if len([*THREADS.iterdir()]) == 1 else "forkserver"


@contextmanager
def no_interrupt() -> Iterator[None]:
    """What is started meanwhile never hears of Ctrl-C: whoever started it does, and decides."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's alone
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# in the other processes -------------------------------------------------------------------------------------


def work(
    line: "Connection[Any, Any]", inherited: "Sequence[Connection[Any, Any]]", environment: Mapping[str, str]
) -> None:
    """All that such a process does.

    Args:
        line: to whoever started it.
        inherited: ends of lines that are not for it: whoever reads the other end would never hear of a death.
        environment: variables of whoever started it, keys of models among them; those of the process that it is a copy
            of may be older.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.clear()
    os.environ.update(environment)
    for each in inherited:
        each.close()
    try:
        asyncio.run(serve(line))
    except* (EOFError, OSError):
        pass  # who started it is gone


async def serve(line: "Connection[Any, Any]") -> None:
    """Play what comes along the line, until that is None; tell what came of it."""

    async def tell(news: Awaitable[Any]) -> Any:
        try:
            said = await news
        except CorpenvError as error:
            said = error
        except Exception:  # a bug, for the eyes of whoever started this process
            said = RuntimeError(f"in a process of the study:\n{format_exc()}")
        line.send(said)
        return said

    async with asyncio.TaskGroup() as group:
        worker = Worker(await asyncio.to_thread(line.recv))
        if await tell(worker.begin()) != "joined":
            return
        while portion := await asyncio.to_thread(line.recv):
            group.create_task(tell(worker.play(portion)))
        worker.end()
    line.send("left")
