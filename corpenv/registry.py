"""Where names lead: from ids and folders to worlds, scenarios and environments."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import gymnasium as gym

from corpenv.catalog import NAMESPACE, WORLD_FILE, packs, scenarios
from corpenv.errors import UnknownName, UsageError
from corpenv.packs import load_pack, load_shipped
from corpenv.registration import BARE, register
from corpenv.run import Spec
from corpenv.world import Scenario, World


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
    """A scenario by id, by the folder of a pack (its first one), or in it as `folder:Name-v0` or `folder/Name-v0`.

    Raises:
        UnknownName: there is none of that name.
        UsageError: the pack has no scenario at all.
    """
    check_sorts(name, world)
    if world is not None:
        return world.scenario(name)
    if name in scenarios():
        return load_world(scenarios()[name]).scenario(name)
    folder, _, within = name.partition(":")
    if Path(folder).is_dir():
        world = load_world(folder)
        if not world.scenario_parts:
            raise UsageError(f"{folder}: this pack has no scenario; a file scenarios/a-day-v0.yaml would be one")
        return world.scenario(within or next(iter(world.scenario_parts)))
    parent, _, last = name.rpartition("/")
    if parent and (Path(parent) / WORLD_FILE).is_file():
        return load_world(parent).scenario(last)
    short = {each.rpartition("/")[2]: each for each in scenarios()}
    if name in short:
        return load_scenario(short[name])
    raise UnknownName("scenario", name, scenarios() if "/" in name else short)


def check_sorts(name: object, world: object) -> None:
    """Raise UsageError for what is no name and no world."""
    if not isinstance(name, str):
        raise UsageError(f"a scenario is named by its id, such as corpenv/Mini-v0, or by a folder, not by {name!r}")
    if world is not None and not isinstance(world, World):
        raise UsageError(f"world= is a World, as load_world gives, not {world!r}")


def scenario_of(spec: Spec) -> Scenario:
    """The scenario a run was made with, with what was laid over its world."""
    world = load_world(spec.pack) if spec.pack else load_world(pack_of(spec.scenario))
    return world.laid_over(spec.world).scenario(spec.scenario) if spec.world else world.scenario(spec.scenario)


def pack_of(scenario_id: str) -> str:
    """Name of the pack a scenario belongs to."""
    if scenario_id not in scenarios():
        raise UnknownName("scenario", scenario_id, scenarios())
    return scenarios()[scenario_id]


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
