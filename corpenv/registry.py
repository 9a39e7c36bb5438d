"""Where names lead: ids of scenarios to packs, and packs to worlds. Listing ids reads no YAML."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gymnasium as gym

from corpenv.errors import UnknownName
from corpenv.packs import NAMESPACE, load_pack, load_shipped, scenario_ids, shipped
from corpenv.run import Spec
from corpenv.world import Scenario, World

GROUP = "corpenv.worlds"
BARE: Any = {"entry_point": "corpenv.env:CompanyEnv", "disable_env_checker": True, "order_enforce": False}
"""Without Gymnasium's wrappers for calls out of order: the environment tells them itself, and faster."""


def folders_of(point: EntryPoint) -> dict[str, Path]:
    """The packs an outside package brings: its entry point names a package that is a pack or holds packs."""
    found = find_spec(point.module)
    roots = [Path(root) for root in (found.submodule_search_locations if found else None) or ()]
    inside = [folder for root in roots for folder in (root, *sorted(root.iterdir()))]
    return {folder.name: folder for folder in inside if (folder / "world.yaml").is_file()}


@lru_cache(maxsize=1)
def packs() -> dict[str, tuple[str, Path]]:
    """Every installed pack: name → (namespace, folder). Shipped packs first."""
    known = {name: (NAMESPACE, folder) for name, folder in shipped().items()}
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        for name, folder in folders_of(point).items():
            known.setdefault(name, (point.name, folder))
    return known


@lru_cache(maxsize=1)
def scenarios() -> dict[str, str]:
    """Every installed scenario: id → name of its pack."""
    return {
        scenario_id: name
        for name, (namespace, folder) in packs().items()
        for scenario_id in scenario_ids(folder, namespace)
    }


def load_world(name: str | Path) -> World:
    """A world by the name of an installed pack, or by its folder.

    Raises:
        UnknownName: no pack has that name and no folder either.
        PackError: the pack does not hold together; one line a fault.
    """
    known = packs()
    if str(name) in known:
        namespace, folder = known[str(name)]
        return load_shipped(str(name)) if namespace == NAMESPACE else loaded(folder, namespace)
    folder = Path(name)
    if folder.is_dir():
        return load_pack(folder, known={each: path for each, (_, path) in known.items()})
    raise UnknownName("world", name, known)


@lru_cache(maxsize=64)
def loaded(folder: Path, namespace: str) -> World:
    """An installed pack of somebody else, read once."""
    return load_pack(folder, namespace, {name: path for name, (_, path) in packs().items()})


def load_scenario(name: str, world: World | None = None) -> Scenario:
    """A scenario by id, by the folder of a pack with one scenario, or as `folder:Name-v0`.

    Raises:
        UnknownName: there is none.
    """
    if world is not None:
        return world.scenario(name)
    if name in scenarios():
        return load_world(scenarios()[name]).scenario(name)
    folder, _, within = name.partition(":")
    if Path(folder).is_dir():
        world = load_world(folder)
        own = [each for each in world.scenario_parts if each.startswith(f"{world.name}/")] or list(world.scenario_parts)
        return world.scenario(within or own[0]) if own else world.scenario(within)
    short = {each.rpartition("/")[2]: each for each in scenarios()}
    if name in short:
        return load_scenario(short[name])
    raise UnknownName("scenario", name, scenarios() if "/" in name else short)


def scenario_of(spec: Spec) -> Scenario:
    """The scenario a run was made with, with what was laid over its world."""
    world = load_world(spec.pack) if spec.pack else load_world(pack_of(spec.scenario))
    return world.laid_over(spec.world).scenario(spec.scenario) if spec.world else world.scenario(spec.scenario)


def pack_of(scenario_id: str) -> str:
    """Name of the pack a scenario belongs to."""
    if scenario_id not in scenarios():
        raise UnknownName("scenario", scenario_id, scenarios())
    return scenarios()[scenario_id]


def register() -> None:
    """Tell Gymnasium about every installed scenario."""
    for scenario_id in scenarios():
        if scenario_id not in gym.registry:
            gym.register(scenario_id, **BARE, kwargs={"scenario": scenario_id})


def make(scenario: str | Scenario, *, world: World | None = None, **options: Any) -> gym.Env[str, Mapping[str, Any]]:
    """An environment: like `gymnasium.make`, and also for a pack's folder or a world made in Python.

    Args:
        scenario: id (`corpenv/Mini-v0`), folder of a pack, `folder:Name-v0`, or a scenario.
        world: a world with that scenario, for example `load_world("mini").with_person(…)`.
        options: `condition`, `max_steps`, `render_mode`.
    """
    register()
    if isinstance(scenario, str) and world is None and scenario in gym.registry:
        return gym.make(scenario, **options)
    chosen = scenario if isinstance(scenario, Scenario) else load_scenario(scenario, world)
    spec = gym.envs.registration.EnvSpec("corpenv/Custom-v0", **BARE)
    return gym.make(spec, scenario=chosen, **options)
