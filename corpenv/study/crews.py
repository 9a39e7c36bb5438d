"""Crews: who plays a study. Engines differ in where their workers are; what workers do is the same everywhere."""

import asyncio
import gc
import pickle
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol

from corpenv.errors import SetupError
from corpenv.store import Store
from corpenv.store.studies import Studies
from corpenv.study.plan import Study, study_of
from corpenv.study.playing import Outcome, Player

ASLEEP = {"litellm"}
"""Agents that wait for somebody else most of the time: many of their episodes fit into one process."""
TOGETHER, PORTION = 100, 16
"""Such episodes at the same time in one process, and episodes of others that are given and kept in one go."""
SPARE = 4
"""Threads of a process beside those of its episodes, whose judges ask there."""


class Task(NamedTuple):
    """What every worker is told before its first episode.

    Attributes:
        document, digest: of the study.
        together: portions that one worker plays at the same time.
        portion: episodes in a portion, at most.
        size: workers.
    """

    document: dict[str, Any]
    digest: str
    store: Store
    together: int
    portion: int
    size: int


News = tuple[int, Literal["joined", "left"] | list[Outcome]]
"""A worker, and what is new of it: it can be given episodes, it died, or a portion has its results."""


class Crew(AbstractContextManager["Crew"], Protocol):
    """Workers, by number, each in a process of its own or in this one.

    One that dies leaves, and another joins under another number. At the end of the `with` block workers end what
    they are at and keep it; after an exception they are stopped at once.

    Attributes:
        task: theirs.
    """

    task: Task

    def give(self, worker: int, portion: Sequence[int]) -> None:
        """Give a worker that has joined one more portion of episodes. It plays portions in order."""

    def news(self) -> Sequence[News]:
        """Wait until there is any.

        Raises:
            CorpenvError: what stopped a worker: it goes for all.
        """


def task_of(study: Study, store: Store, size: int) -> Task:
    """What the workers of a study are told.

    Args:
        size: at most so many workers; 0 where this process plays alone.
    """
    sleeping = all(agent.agent.partition(":")[0] in ASLEEP for agent in study.form.agents)
    together, portion = (1, 1) if not size else (TOGETHER, 1) if sleeping else (1, PORTION)
    return Task(study.document, study.digest, store, together, portion, study.form.processes(max(1, size)))


def player_of(task: Task) -> Player:
    """Who plays in a worker.

    Raises:
        SetupError: the worlds installed where the worker is are others.
    """
    study = study_of(task.document)
    if study.digest != task.digest:
        raise SetupError(
            f"{study.form.name}: a worker has other versions of the worlds; install the same corpenv there"
        )
    return Player(study, Studies(task.store), task.size, task.together > 1)


class Worker:
    """Plays portions, `together` of them at the same time.

    Args:
        task: pickled; with it the store is opened, which may fail.
    """

    def __init__(self, task: bytes) -> None:
        self.task, self.ending = task, False

    async def begin(self) -> Literal["joined"]:
        """Get ready."""
        task: Task = pickle.loads(self.task)
        self.player, self.turns = player_of(task), asyncio.Semaphore(task.together)
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(task.together + SPARE))
        gc.freeze()  # worlds stay: looking through them again and again would be a twentieth of all work
        return "joined"

    async def play(self, portion: Sequence[int]) -> list[Outcome]:
        """Play a portion, once it has its turn; nothing more of what was given once `end` was called."""
        async with self.turns:
            return [] if self.ending else await self.player.play_all(portion)

    def end(self) -> None:
        """Begin nothing more."""
        self.ending = True


class Here:
    """A crew of one, in this process: slower, and easier to look into."""

    def __init__(self, task: Task) -> None:
        self.task, self.joined = task, False
        self.player, self.given = player_of(task), deque[Sequence[int]]()

    def give(self, worker: int, portion: Sequence[int]) -> None:
        """See `Crew`."""
        self.given.append(portion)

    def news(self) -> Sequence[News]:
        """See `Crew`."""
        if not self.joined:
            self.joined = True
            return [(0, "joined")]
        return [(0, self.player.play(self.given.popleft()))]

    def __enter__(self) -> "Here":
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody else is at anything."""
