"""Everything that a report tells of, gathered once: what was found, and what was played."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from corpenv.errors import CorpenvError
from corpenv.realism import Realism, realism
from corpenv.store import Store
from corpenv.store.facts import Facts
from corpenv.study.design import Cell
from corpenv.study.facts import facts_of
from corpenv.study.plan import Study
from corpenv.study.results import Results, results_of


class Played(NamedTuple):
    """What the episodes were played with.

    Attributes:
        digest: of the study as it was kept, at `kept`; `first` and `last` are the times of its results.
        planned: scenario → digest of its world when the study was kept; `worlds` of those that were played.
        versions: of what makes worlds differ, in the first and in the last result.
        models: that were asked.
        prompts: cell → sha256 of what its agent is told on the first seed, briefing and first screen; none where the
            scenario is another one now.
        tiers: cell → permission tier of the post.
    """

    digest: str
    kept: str
    first: str
    last: str
    planned: Mapping[str, str]
    worlds: Mapping[str, tuple[str, ...]]
    versions: tuple[Mapping[str, str], ...]
    models: tuple[str, ...]
    prompts: Mapping[str, str]
    tiers: Mapping[str, str]


class StudyReport(NamedTuple):
    """All of it.

    Attributes:
        realism: of the scenarios that are as they were when the study was kept.
        show: a command that shows a run, up to its id, and what stands behind that.
    """

    study: Study
    results: Results
    played: Played
    realism: tuple[Realism, ...]
    show: tuple[str, str] = ("corpenv show ", "")

    @property
    def lines(self) -> dict[tuple[str, str], str]:
        """Scenario and id of a briefing line → its text, placeholders and all."""
        scenarios = self.study.scenarios.items()
        return {(name, line.line): line.text for name, each in scenarios for line in each.part.briefing}


def gathered(
    study: Study, store: Store, digest: str, document: Mapping[str, Any], show: tuple[str, str] = ("corpenv show ", "")
) -> StudyReport:
    """A report over what a store holds of a study.

    Args:
        digest, document: as the store has them.
        show: see `StudyReport`.

    Raises:
        SetupError: a library for statistics is not installed.
    """
    facts = facts_of(study, store, digest)
    planned = {cell.scenario: document["worlds"][cell.id] for cell in study.cells if cell.id in document["worlds"]}
    same = [name for name, world in planned.items() if study.scenarios[name].digest == world]
    ends = [fact.run_id for fact in (*facts[:1], *facts[1:][-1:])]
    played = played_of(study, Facts(store, digest), planned, frozenset(same), [versions_of(store, id) for id in ends])
    looked = tuple(realism(study.scenarios[name]) for name in same)
    return StudyReport(study, results_of(study, facts), played, looked, show)


def versions_of(store: Store, run_id: str) -> Mapping[str, str]:
    """The versions that a run was played with; none where its record cannot be read."""
    try:
        return store.load(run_id).spec.versions
    except CorpenvError:
        return {}


def played_of(
    study: Study, kept: Facts, planned: Mapping[str, str], same: frozenset[str], versions: list[Mapping[str, str]]
) -> Played:
    """What the episodes were played with.

    Args:
        same: scenarios that are what they were.
    """
    worlds: dict[str, dict[str, None]] = {}
    for scenario, _, world in kept.worlds():
        worlds.setdefault(scenario, {})[world] = None
    return Played(
        kept.study,
        *kept.played(),
        planned,
        {scenario: tuple(found) for scenario, found in worlds.items()},
        tuple(versions),
        tuple(kept.models()),
        {cell.id: prompt_digest(study, cell) for cell in study.cells if cell.scenario in same},
        {cell.id: study.scenarios[cell.scenario].condition(cell.levels)["tier"] for cell in study.cells},
    )


def prompt_digest(study: Study, cell: Cell) -> str:
    """sha256 of what the agent of a cell is told on the first seed."""
    start = study.scenarios[cell.scenario].start(cell.levels, study.form.first_seed)
    return sha256(f"{start.post().briefing}\0{start.screen}".encode()).hexdigest()
