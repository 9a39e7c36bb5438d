"""A crew of actors of Ray: processes on many machines. Nothing else in the package knows of Ray."""

import logging
import os
import pickle
import platform
import socket
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpenv.errors import CorpenvError, SetupError, StoreError, UsageError
from corpenv.store import Store
from corpenv.store.opening import file_of, url_of
from corpenv.study.crews import News, Worker, task_of
from corpenv.study.plan import Study

NO_STATISTICS = {"RAY_USAGE_STATS_ENABLED": "0"}
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Keeps a cluster of this machine alone on the loopback interface: Ray's own way for other systems."""
OBJECTS = 80 * 1024 * 1024
"""Bytes for objects that Ray's processes share; results are too small to go there, and this is the least it takes."""
PATIENCE = 120
"""Seconds to wait for the first worker."""
MORE = 8
"""Calls that an actor takes besides portions."""


class Cluster:
    """Actors, each with a store of its own."""

    def __init__(self, study: Study, store: Store, workers: int | None, address: str | None) -> None:
        self.study, self.store, self.workers, self.address = study, store, workers, address
        self.ray = imported(address)
        self.task = task_of(study, store, 1)
        self.started, self.joined = 0, set[int]()
        self.actors: dict[int, Any] = {}
        self.expected: dict[Any, int] = {}

    def give(self, worker: int, portion: Sequence[int]) -> None:
        """See `Crew`."""
        self.expected[self.actors[worker].play.remote(portion)] = worker

    def news(self) -> Sequence[News]:
        """See `Crew`."""
        found, _ = self.ray.wait([*self.expected], timeout=None if self.joined else PATIENCE)
        if not found:
            raise SetupError(f"no worker of the Ray cluster could begin in {PATIENCE} s: its processors are taken")
        found, _ = self.ray.wait([*self.expected], num_returns=len(self.expected), timeout=0)
        return [self.heard(each) for each in found if each in self.expected]

    def heard(self, call: Any) -> News:
        """What became of a call; an actor that died is followed by another."""
        worker, faults = self.expected.pop(call), self.ray.exceptions
        try:
            said = self.ray.get(call)
        except (faults.RayActorError, faults.ObjectLostError):
            self.replace(worker)
            return worker, "left"
        except faults.RayTaskError as error:
            if isinstance(error.cause, CorpenvError):
                raise error.cause from None
            raise
        self.joined.add(worker)
        return worker, said

    def replace(self, worker: int) -> None:
        """Start another actor, on whichever machine has room."""
        self.ray.kill(self.actors.pop(worker))
        self.expected = {call: other for call, other in self.expected.items() if other != worker}
        self.joined.discard(worker)
        self.start()

    def start(self) -> None:
        """Start an actor."""
        self.started += 1
        actor = self.kind.remote(pickle.dumps(self.task))
        self.actors[self.started] = actor
        self.expected[actor.begin.remote()] = self.started

    def __enter__(self) -> "Cluster":
        self.own = not self.ray.is_initialized()
        try:
            if self.own:
                connect(self.ray, self.workers, self.address)
            check_reach(self.store, self.ray.nodes())
            size = size_of(self.workers, int(self.ray.cluster_resources().get("CPU", 0)))
            self.task = task_of(self.study, self.store, size)
            self.kind = self.ray.remote(num_cpus=1, max_concurrency=self.task.together + MORE)(Worker)
            for _ in range(self.task.size):
                self.start()
        except BaseException:
            self.leave()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                for actor in self.actors.values():
                    actor.end.remote()
                if under_way := [call for call, worker in self.expected.items() if worker in self.joined]:
                    self.ray.wait(under_way, num_returns=len(under_way))
        finally:
            self.leave()

    def leave(self) -> None:
        """End the actors, and a cluster that was begun for them."""
        for actor in self.actors.values():
            self.ray.kill(actor)
        if self.own:
            self.ray.shutdown()


def imported(address: str | None) -> Any:
    """Ray, set up to tell nobody.

    Raises:
        SetupError: it is not installed.
    """
    for name, value in (NO_STATISTICS if address else NO_STATISTICS | LOOPBACK).items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError:
        raise SetupError("the engine ray needs Ray: pip install 'corpenv[ray]'") from None
    return ray


def connect(ray: Any, workers: int | None, address: str | None) -> None:
    """Join a cluster, or begin one of this machine alone.

    Raises:
        SetupError: nothing answers at the address.
    """
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address is None:
        ray.init("local", num_cpus=workers, include_dashboard=False, object_store_memory=OBJECTS, **quiet)
        return
    try:
        check_answers(address)
        ray.init(address, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise SetupError(f"address: no Ray cluster answers at {address}, such as 10.0.0.1:6379: {reason}") from None


def check_answers(address: str) -> None:
    """Ray itself goes on asking for ten minutes.

    Raises:
        OSError: nothing answers.
    """
    host, _, port = address.rpartition(":")
    if host and port.isdecimal() and "://" not in address:
        socket.create_connection((host, int(port)), timeout=10).close()


def check_reach(store: Store, nodes: Iterable[Mapping[str, Any]]) -> None:
    """An SQLite file is written from one machine.

    Raises:
        StoreError: the cluster has others.
    """
    others = sorted({each["NodeManagerHostname"] for each in nodes if each["Alive"]} - {platform.node()})
    if others and file_of(url_of(store.name)):
        raise StoreError(
            f"{store.name}: an SQLite file is written from one machine, and the cluster has others "
            f"({', '.join(others[:3])}); keep the study in PostgreSQL, as postgresql://…"
        )


def size_of(workers: int | None, processors: int) -> int:
    """How many actors: by default one a processor.

    Raises:
        UsageError: the cluster has not so many.
    """
    if workers is not None and workers > processors:
        raise UsageError(f"workers: the cluster has {processors} processors, so {workers} workers would wait for ever")
    return workers or processors
