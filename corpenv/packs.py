"""Packs: folders of YAML, one topic a file, no code. `load_pack` reads and checks one."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpenv.catalog import NAMESPACE, WORLD_FILE, scenario_ids, shipped
from corpenv.errors import PackError, UnknownName
from corpenv.world import World
from corpenv.world.parts import TOPICS, Parts, PopulationPart, ScenarioPart, WorldPart
from corpenv.yamlfile import Document, checked, read


def load_pack(folder: Path, namespace: str = "", known: Mapping[str, Path] | None = None) -> World:
    """Read one pack and everything it extends.

    Args:
        folder: has a `world.yaml`.
        namespace: of its scenarios' ids; by default the folder's name.
        known: packs that `extends:` can name.

    Raises:
        PackError: one line a fault, each `file:line: key: what is wrong`.
    """
    folder = folder.resolve()
    if not (folder / WORLD_FILE).is_file():
        raise PackError(f"{folder}: there is no world.yaml here, so this is no pack")
    world = Reader(folder, namespace or folder.name, dict(known or shipped())).world()
    world.folder = "" if namespace else str(folder)
    return world


class Reader:
    """Reads one folder."""

    def __init__(
        self, folder: Path, namespace: str, known: Mapping[str, Path], extending: tuple[str, ...] = ()
    ) -> None:
        self.folder, self.namespace, self.known, self.extending = folder, namespace, known, extending
        self.places: dict[tuple[str, str], str] = {}

    def shown(self, path: Path) -> str:
        """How messages name a file."""
        return f"{self.folder.name}/{path.relative_to(self.folder)}"

    def document(self, name: str) -> Document | None:
        """One file, if it is there."""
        path = self.folder / name
        return read(path, self.shown(path)) if path.is_file() else None

    def base(self) -> World | None:
        """The world that this one extends."""
        document = self.document("world.yaml")
        name = document.value.get("extends") if document and isinstance(document.value, dict) else None
        if not name:
            return None
        if name in self.extending:
            raise PackError(f"{self.folder.name}/world.yaml: extends: {name!r} extends this pack itself")
        folder = self.known.get(name) or self.folder.parent / str(name)
        if not (folder / WORLD_FILE).is_file():
            raise PackError(f"{self.folder.name}/world.yaml: extends: {UnknownName('pack', name, self.known)}")
        namespace = NAMESPACE if name in self.known else name
        return Reader(folder, namespace, self.known, (*self.extending, self.folder.name)).world()

    def world(self) -> World:
        """The pack, checked."""
        base = self.base()
        document = self.document("world.yaml")
        assert document is not None
        if base and isinstance(document.value, dict):
            inherited = base.part.model_dump(by_alias=True, exclude_defaults=True)
            document = document._replace(value={**inherited, **document.value})
        faults: list[str] = self.strangers()
        part = self.attempt(faults, WorldPart, document)
        parts = {topic: self.topic(topic, faults) for topic in TOPICS}
        scenarios = {**(base.scenario_parts if base else {}), **self.scenarios(faults)}
        if faults or part is None:
            raise PackError("\n".join(faults))
        own = Parts(**parts)
        together = own if base is None else merged(base.parts, own)
        places = {**(base.places if base else {}), **self.places}
        return World(self.folder.name, part, together, scenarios, places)

    def attempt(self, faults: list[str], form: Any, document: Document, *keys: Any) -> Any:
        """A part of a document in its form, or None with its faults noted."""
        try:
            return checked(form, document, *keys)
        except PackError as error:
            faults.extend(str(error).splitlines())
            return None

    def strangers(self) -> list[str]:
        """Files whose names are no topic."""
        known = {"world", *TOPICS}
        return [
            f"{self.shown(path)}: {UnknownName('topic', path.stem, known)}"
            for path in sorted(self.folder.glob("*.yaml"))
            if path.stem not in known
        ]

    def topic(self, topic: str, faults: list[str]) -> tuple[Any, ...]:
        """The items of one topic."""
        document = self.document(f"{topic}.yaml")
        if document is None or document.value is None:
            return ()
        if topic == "population":
            return tuple(filter(None, [self.attempt(faults, PopulationPart, document)]))
        if not isinstance(document.value, list):
            faults.append(f"{document.place()}: {topic}: a list is needed, each item on a line that begins with -")
            return ()
        items = self.attempt(faults, Parts.model_fields[topic].annotation, document) or ()
        for number, item in enumerate(items):
            self.places.setdefault((topic, item.id), str(document.place(number)))
        return tuple(items)

    def scenarios(self, faults: list[str]) -> dict[str, ScenarioPart]:
        """The scenarios of this folder."""
        found = {}
        for scenario_id, path in scenario_ids(self.folder, self.namespace).items():
            document = read(path, self.shown(path))
            part = self.attempt(faults, ScenarioPart, document)
            if part is not None:
                found[scenario_id] = part
                self.places["scenario", ""] = self.shown(path)
        return found


def merged(base: Parts, own: Parts) -> Parts:
    """A pack over what it extends: an item of the same name stands in its place, in all its variants."""
    both: dict[str, Any] = {}
    for topic in TOPICS:
        mine = getattr(own, topic)
        names = {getattr(item, "id", None) for item in mine}
        both[topic] = (*(item for item in getattr(base, topic) if getattr(item, "id", "") not in names), *mine)
    return Parts.model_construct(**both)


@lru_cache(maxsize=64)
def load_shipped(name: str) -> World:
    """A pack that comes with the package, read once."""
    packs = shipped()
    if name not in packs:
        raise UnknownName("world", name, packs)
    return load_pack(packs[name], NAMESPACE, packs)
