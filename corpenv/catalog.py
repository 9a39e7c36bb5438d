"""Which packs and scenarios are installed, told from the names of files alone: no YAML is read, nothing is imported."""

import re
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

NAMESPACE = "corpenv"
GROUP = "corpenv.worlds"
WORLD_FILE = "world.yaml"
SCENARIO_FILE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)-v([0-9]+)\.yaml")


class Place(NamedTuple):
    """Where an installed pack is, and what its scenarios' ids begin with."""

    namespace: str
    folder: Path


def shipped() -> dict[str, Path]:
    """The packs that come with the package: name → folder."""
    root = Path(str(files("corpenv"))) / "worlds"
    return {folder.name: folder for folder in sorted(root.iterdir()) if (folder / WORLD_FILE).is_file()}


def folders_of(point: EntryPoint) -> dict[str, Path]:
    """The packs an outside package brings: its entry point names a package that is a pack or holds packs."""
    found = find_spec(point.module)
    roots = [Path(root) for root in (found.submodule_search_locations if found else None) or ()]
    inside = [folder for root in roots for folder in (root, *sorted(root.iterdir()))]
    return {folder.name: folder for folder in inside if (folder / WORLD_FILE).is_file()}


@lru_cache(maxsize=1)
def packs() -> dict[str, Place]:
    """Every installed pack by name, shipped ones first."""
    known = {name: Place(NAMESPACE, folder) for name, folder in shipped().items()}
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        for name, folder in folders_of(point).items():
            known.setdefault(name, Place(point.name, folder))
    return known


def scenario_ids(folder: Path, namespace: str) -> dict[str, Path]:
    """Ids of the scenarios of a pack, from the names of their files: `mini-v0.yaml` is `…/Mini-v0`."""
    found = {}
    for path in sorted((folder / "scenarios").glob("*.yaml")):
        if named := SCENARIO_FILE.fullmatch(path.name):
            title = "".join(word.capitalize() for word in named[1].split("-"))
            found[f"{namespace}/{title}-v{named[2]}"] = path
    return found


@lru_cache(maxsize=1)
def scenarios() -> dict[str, str]:
    """Every installed scenario: id → name of its pack."""
    return {
        scenario_id: name
        for name, place in packs().items()
        for scenario_id in scenario_ids(place.folder, place.namespace)
    }
