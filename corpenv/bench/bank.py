"""The bank: a fixed set of trajectories of which the truth is known, made from the packs and always the same.

    trajectories = list(bank("small"))                 # played now, in seconds
    trajectories = list(bank("full", "bank.db"))       # played once, kept in a store

Families are scenarios. Calibration and test are split by company: scenarios of one company share its people and papers,
and what was tuned on one of them has seen the others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from hashlib import sha256
from os import PathLike
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from corpenv import labels
from corpenv.bench.lookalikes import FILES, FOLDER
from corpenv.bench.plan import Planned, Size, plan
from corpenv.bench.play import play, with_scenarios
from corpenv.bench.scored import Source
from corpenv.env import versions
from corpenv.errors import UnknownName
from corpenv.record import SCHEMA, encode
from corpenv.run import Run
from corpenv.store import Store
from corpenv.world import Scenario

VERSION = 3
"""Of the bank: raised when what is planned changes its meaning."""
CALIBRATION = ("corpenv/Mini", "corpenv/PlanCheck")
"""Families that thresholds are frozen on: a bindery and a freight forwarder. All others are for the test."""
MARK = "bank"
"""Where a kept run says which bank it is of: beside the versions it was made with."""

Told = Callable[[int, int, str], None]
"""Is told how many trajectories are there, of how many, and what became of the last: `kept`, `played` or `stale`."""


class Trajectory(Struct, frozen=True):
    """A run, and what the bench has to know of it.

    Attributes:
        family: of scenarios; samples are split and resampled by it.
        pair: the same call scripts under a condition and its twin share it; "" has none.
        lookalike: benign, and written to be taken for harm.
    """

    id: str
    scenario: str
    family: str
    source: Source
    pair: str
    lookalike: bool
    run: Run


def bank(
    size: Size = "full", url: str | PathLike[str] | None = None, told: Told | None = None, scenarios: Sequence[str] = ()
) -> Iterator[Trajectory]:
    """The trajectories of the bank, in order.

    Args:
        url: of a store that keeps them. What it has is not played again, unless packs or versions have changed since;
            an interrupted bank goes on where it stopped.
        told: for a display of progress.
        scenarios: only what is played in these, by their ids or the parts behind the slash.

    Raises:
        UnknownName: the bank has nothing of that scenario.
        StoreError: the store cannot be opened.
        SetupError: the covering sets of the full bank need covertable.
    """
    asked = only(scenarios, plan(size)) if scenarios else plan(size)
    if url is None:
        played = ((each, play(each, scenario), "played") for each, scenario in with_scenarios(asked))
        yield from counted(played, told, len(asked))
        return
    with Store(url) as store:
        yield from counted(kept_or_played(asked, store), told, len(asked))


def only(scenarios: Sequence[str], asked: Sequence[Planned]) -> list[Planned]:
    """What is played in some scenarios."""
    known = {name: each.scenario for each in asked for name in (each.scenario, each.scenario.rpartition("/")[2])}
    for name in scenarios:
        if name not in known:
            raise UnknownName("scenario in the bank", name, dict.fromkeys(known.values()))
    wanted = {known[name] for name in scenarios}
    return [each for each in asked if each.scenario in wanted]


def counted(made: Iterable[tuple[Planned, Run | None, str]], told: Told | None, total: int) -> Iterator[Trajectory]:
    """Trajectories of what was made, each told of."""
    for number, (planned, run, how) in enumerate(made, 1):
        if told:
            told(number, total, how)
        if run is not None:
            yield of_plan(planned, run)


def of_plan(planned: Planned, run: Run) -> Trajectory:
    """The trajectory of a planned episode."""
    family = family_of(planned.scenario)
    return Trajectory(planned.id, planned.scenario, family, planned.source, planned.pair, planned.lookalike, run)


def given(runs: Iterable[Run]) -> Iterator[Trajectory]:
    """Trajectories of runs that were made elsewhere."""
    for run in runs:
        scenario = run.record.header.scenario
        yield Trajectory(run.id, scenario, family_of(scenario), "given", "", False, run)


def family_of(scenario_id: str) -> str:
    """The family of a scenario: its id without the version."""
    head, mark, version = scenario_id.rpartition("-v")
    return head if mark and version.isdigit() else scenario_id


# what is kept -----------------------------------------------------------------------------------------------

Key = tuple[str, str, str, str]


def kept_or_played(asked: Iterable[Planned], store: Store) -> Iterator[tuple[Planned, Run | None, str]]:
    """Every planned episode: as it is kept, or played and kept. Runs of others in the store are left alone."""
    known: dict[Key, list[str]] = {}
    for row in store.runs():
        known.setdefault((row.scenario, row.agent, str(row.seed), words(row.condition)), []).append(row.id)
    for planned, scenario in with_scenarios(asked):
        levels, mark = scenario.settled(planned.levels, planned.seed), mark_of(scenario)
        names = known.get((planned.scenario, planned.agent, str(planned.seed), words(levels)), [])
        of_banks = [run for run in found_in(store, names) if MARK in run.spec.versions]
        if kept := next((run for run in of_banks if run.spec.versions[MARK] == mark), None):
            yield planned, kept, "kept"
            continue
        for stale in of_banks:
            with suppress(UnknownName):
                store.delete(stale.id)
        yield planned, played_for(store, planned, scenario, mark), "stale" if of_banks else "played"


def found_in(store: Store, names: Iterable[str]) -> Iterator[Run]:
    """Runs by their ids; one that another process has made anew meanwhile is not there any more."""
    for name in names:
        with suppress(UnknownName):
            yield store.load(name)


def played_for(store: Store, planned: Planned, scenario: Scenario, mark: str) -> Run | None:
    """A planned episode, played and kept."""
    run = play(planned, scenario)
    if run is None:
        return None
    marked = replace(run, spec=replace(run.spec, versions={**run.spec.versions, MARK: mark}))
    store.save(marked)
    return marked


def words(condition: Mapping[str, str]) -> str:
    """A condition as a text that can be compared."""
    return encode(dict(condition)).decode()


def mark_of(scenario: Scenario) -> str:
    """Twelve digits of what makes trajectories of a scenario, and their truth: packs, look-alikes, labels, versions."""
    return sha256(f"{digest_of(scenario)} {alike_digest()} {labels_digest()}".encode()).hexdigest()[:12]


def digest_of(scenario: Scenario) -> str:
    """What is authored of a scenario, with the versions that carry it out."""
    return sha256(encode([VERSION, SCHEMA, scenario.digest, versions()])).hexdigest()


@cache
def alike_digest() -> str:
    """sha256 over the files of look-alikes."""
    return sha256(b"".join((FOLDER / name).read_bytes() for name in FILES)).hexdigest()


@cache
def labels_digest() -> str:
    """sha256 over the rules that tell what is true: kept labels are those of other rules once one of them changes."""
    files = sorted(Path(labels.__file__).parent.rglob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def digest(trajectories: Iterable[Trajectory]) -> str:
    """sha256 over the names, records and labels of trajectories: equal for two banks that are the same."""
    whole = sha256()
    for each in trajectories:
        whole.update(msgspec.json.encode([each.id, each.run.record.record_digest, each.run.labels]))
    return whole.hexdigest()
