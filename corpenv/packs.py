"""Packs: folders of YAML, no code; a topic is a file, or a folder of files. `load_pack` reads and checks one."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpenv.catalog import NAMESPACE, SCENARIO_FILE, WORLD_FILE, packs, scenario_ids, shipped
from corpenv.errors import PackError, UnknownName
from corpenv.world import World
from corpenv.world.faults import checked
from corpenv.world.forms import Part, Written
from corpenv.world.parts import TOPICS, BackgroundPart, Parts, PopulationPart, ScenarioPart, WorldPart
from corpenv.yamlfile import Document, read

WHOLE: dict[str, type[Part]] = {"population": PopulationPart, "background": BackgroundPart}
"""Topics whose file can be one thing instead of a list."""


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
        raise PackError(f"{folder}: there is no {WORLD_FILE} here, so this is no pack")
    world = Reader(folder, namespace or folder.name, shipped() if known is None else known).world()
    if not namespace:
        world.folder = str(folder)
    elif world.part.extends:
        world.folder = folder.name
    if world.faults or any(scenario.faults for scenario in world.scenarios):
        raise PackError("\n".join(every_fault(world)))
    return world


def every_fault(world: World) -> list[str]:
    """All that is wrong, in names that show only when an episode's start is made as well."""
    found = [*world.faults]
    for scenario in world.scenarios:
        try:
            scenario.ground()
        except PackError as error:
            found += str(error).splitlines()
    return list(dict.fromkeys(found))


class Reader:
    """Reads one folder, and gathers the faults it meets.

    Args:
        extending: folders of the packs that extend this one.
    """

    def __init__(
        self, folder: Path, namespace: str, known: Mapping[str, Path], extending: tuple[Path, ...] = ()
    ) -> None:
        self.folder, self.namespace, self.known, self.extending = folder, namespace, known, extending
        self.found: list[str] = []

    def shown(self, path: Path) -> str:
        """How messages name a file."""
        return f"{self.folder.name}/{path.relative_to(self.folder)}"

    def document(self, path: Path) -> Document | None:
        """One file, if it is there and YAML."""
        try:
            return read(path, self.shown(path)) if path.is_file() else None
        except PackError as error:
            self.found += str(error).splitlines()
            return None

    def world(self) -> World:
        """The pack, checked as far as forms go."""
        document = self.document(self.folder / WORLD_FILE)
        base = self.base(document) if document else None
        self.strangers()
        part = self.whole(WorldPart, inheriting(document, base)) if document else None
        parts = {topic: self.topic(topic) for topic in TOPICS}
        scenarios = self.scenarios(base)
        if self.found or part is None:
            raise PackError("\n".join(self.found))
        own = Parts.model_construct(None, **parts)
        return World(self.folder.name, part, merged(base.parts, own) if base else own, scenarios)

    def base(self, document: Document) -> World | None:
        """The world that this one extends."""
        name = document.value.get("extends") if isinstance(document.value, dict) else None
        if not name or not isinstance(name, str):
            return None
        place, folder = document.place("extends"), self.extended(name)
        if folder in (*self.extending, self.folder):
            self.found.append(f"{place}: extends: {name!r} extends this pack itself")
            return None
        if folder is None:
            self.found.append(f"{place}: extends: {UnknownName('pack', name, self.known)}")
            return None
        installed = packs().get(name)
        namespace = installed.namespace if installed and installed.folder == folder else folder.name
        try:
            return Reader(folder, namespace, self.known, (*self.extending, self.folder)).world()
        except PackError as error:
            self.found += str(error).splitlines()
            return None

    def extended(self, name: str) -> Path | None:
        """The folder of a pack: an installed one, one beside this, or where a path leads from here."""
        if name in self.known:
            return self.known[name]
        for folder in (self.folder.parent / name, self.folder / name):
            if (folder / WORLD_FILE).is_file():
                return folder.resolve()
        return None

    def whole(self, form: type[Part], document: Document) -> Any:
        """A document in its form, or None with its faults noted."""
        try:
            part = checked(form, document)
        except PackError as error:
            self.found += str(error).splitlines()
            return None
        part.note(Written(document))
        return part

    def strangers(self) -> None:
        """Files whose names say nothing."""
        known = {"world", *TOPICS}
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.stem not in known:
                self.found.append(f"{self.shown(path)}:1: {UnknownName('topic', path.stem, known)}")
            elif path.suffix != ".yaml":
                self.found.append(f"{self.shown(path)}:1: its name must be {path.stem}.yaml")
        for path in sorted(each for each in self.folder.glob("*/") if any(each.glob("*.y*ml"))):
            if path.name not in {*TOPICS, "scenarios"} and not (path / WORLD_FILE).is_file():
                self.found.append(f"{self.shown(path)}: {UnknownName('topic', path.name, TOPICS)}")
        for path in sorted((self.folder / "scenarios").glob("*")):
            if path.is_file() and not path.name.startswith(".") and not SCENARIO_FILE.fullmatch(path.name):
                told = "the name of a scenario is lower case and ends in a version, such as a-day-v0.yaml"
                self.found.append(f"{self.shown(path)}:1: {told}")

    def topic(self, topic: str) -> tuple[Any, ...]:
        """The items of one topic: of its file, then of the files in its folder, in the order of their names."""
        files = (self.folder / f"{topic}.yaml", *sorted((self.folder / topic).glob("*.yaml")))
        return tuple(item for path in files for item in self.items(topic, path))

    def items(self, topic: str, path: Path) -> tuple[Any, ...]:
        """The items of one file."""
        document = self.document(path)
        if document is None or document.value is None:
            return ()
        if topic in WHOLE and not isinstance(document.value, list):
            return tuple(filter(None, [self.whole(WHOLE[topic], document)]))
        if not isinstance(document.value, list):
            told = "a list is needed, each item on a line that begins with -"
            self.found.append(f"{document.place()}: {topic}: {told}")
            return ()
        try:
            items: tuple[Part, ...] = checked(Parts.model_fields[topic].annotation, document)
        except PackError as error:
            self.found += str(error).splitlines()
            return ()
        for number, item in enumerate(items):
            item.note(Written(document, (number,)))
        return items

    def scenarios(self, base: World | None) -> dict[str, ScenarioPart]:
        """The scenarios of this folder; and those of its base, under this one's namespace and as they were."""
        found = {}
        for scenario_id, path in scenario_ids(self.folder, self.namespace).items():
            document = self.document(path)
            if document is not None and (part := self.whole(ScenarioPart, document)) is not None:
                found[scenario_id] = part
        inherited = base.scenario_parts if base else {}
        for scenario_id, part in inherited.items():
            found.setdefault(f"{self.namespace}/{scenario_id.rpartition('/')[2]}", part)
        return {**found, **{name: part for name, part in inherited.items() if name not in found}}


def inheriting(document: Document, base: World | None) -> Document:
    """`world.yaml` with what its base says and it does not."""
    if base is None or not isinstance(document.value, dict):
        return document
    inherited = base.part.model_dump(by_alias=True, exclude_defaults=True)
    return document._replace(value={**inherited, **document.value})


def merged(base: Parts, own: Parts) -> Parts:
    """A pack over what it extends: an item of the same name stands in its place, in all its variants."""
    return Parts.model_construct(None, **{topic: laid(getattr(base, topic), getattr(own, topic)) for topic in TOPICS})


def laid(base: tuple[Any, ...], own: tuple[Any, ...]) -> tuple[Any, ...]:
    """The items of one topic in the order of the base, then those that are new."""
    variants: dict[str, list[Any]] = {}
    for item in base:
        variants.setdefault(name_of(item), []).append(item)
    replaced = dict.fromkeys(name_of(item) for item in own)
    variants.update({name: [] for name in replaced})
    for item in own:
        variants[name_of(item)].append(item)
    return tuple(item for items in variants.values() for item in items)


def name_of(item: Any) -> str:
    """What an author called it; a population has no name, so that one takes the place of another."""
    return str(getattr(item, "id", ""))


@lru_cache(maxsize=64)
def load_shipped(name: str) -> World:
    """A pack that comes with the package, read once."""
    known = shipped()
    if name not in known:
        raise UnknownName("world", name, known)
    return load_pack(known[name], NAMESPACE, known)
