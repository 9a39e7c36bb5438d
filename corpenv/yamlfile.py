"""YAML with places: every error names file, line and key. Safe scalars of YAML 1.2, no duplicate keys, no aliases."""

import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
import yamlcore

from corpenv.errors import PackError

Key = tuple[Hashable, ...]
TAB = "a tab cannot indent: use spaces"
DEEPEST, OPEN = 50, 1000
"""Lists and mappings in each other that anybody writes; brackets that may stand open, balanced or not."""
TOO_DEEP = f"more than {DEEPEST} lists or mappings stand in each other here"
BRACKETS = re.compile(r"[\[\]{}]")
TEXT, LIST, MAPPING = (f"tag:yaml.org,2002:{sort}" for sort in ("str", "seq", "map"))
"""Tags of what nearly everything is."""
MARKS = re.compile(rf"^(?: *[-?] ){{{OPEN}}}", re.MULTILINE)


class Place(NamedTuple):
    """Where something was written."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Document(NamedTuple):
    """A YAML document and where each of its parts stands, by the keys that lead there."""

    file: str
    value: Any
    lines: dict[Key, int]

    def place(self, *keys: Hashable) -> Place:
        """Where a part stands, or the nearest part around it."""
        while keys not in self.lines and keys:
            keys = keys[:-1]
        return Place(self.file, self.lines.get(keys, 1))


def read(path: Path, shown: str) -> Document:
    """Read one file; `shown` is how messages name it.

    Raises:
        PackError: it is no file, no YAML, or uses aliases or a key twice.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise PackError(f"{shown}:1: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise PackError(f"{shown}:{line}: is not UTF-8 text") from None
    return parse(text, shown)


def parse(text: str, shown: str) -> Document:
    """The document in a text."""
    if line := bottomless(text):
        raise PackError(f"{shown}:{line}: {TOO_DEEP}")
    loader = yamlcore.CCoreLoader(text)
    try:
        root, building = loader.get_single_node(), Building(loader, shown)
        return Document(shown, building.value(root, ()) if root else None, building.lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        raise PackError(f"{shown}:{line + 1}: {TAB if tabbed(text, line) else error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise PackError(f"{shown}:{line}: the character U+{error.character:04X} cannot stand in YAML") from None
    finally:
        loader.dispose()


def bottomless(text: str) -> int:
    """The line at which more is open than the parser's stack holds; 0 if there is none."""
    depth = 0
    for found in BRACKETS.finditer(text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        if depth > OPEN:
            return text.count("\n", 0, found.start()) + 1
    deep = MARKS.search(text)
    return text.count("\n", 0, deep.start()) + 1 if deep else 0


def tabbed(text: str, line: int) -> bool:
    """Is there a tab before the first word of a line?"""
    return re.match(r" *\t", (text.split("\n")[line:] or [""])[0]) is not None


class Building:
    """What a document says, and the line of every part of it, in one walk."""

    def __init__(self, loader: Any, shown: str) -> None:
        self.loader, self.shown = loader, shown
        self.lines: dict[Key, int] = {}
        self.known: set[int] = set()

    def value(self, node: yaml.Node, key: Key) -> Any:
        """What a node stands for."""
        if id(node) in self.known:
            raise self.fault(node, "aliases (*name) are not read: write the text again")
        self.known.add(id(node))
        self.lines.setdefault(key, node.start_mark.line + 1)
        if len(key) > DEEPEST:
            raise self.fault(node, TOO_DEEP)
        if node.tag == TEXT and isinstance(node, yaml.ScalarNode):
            return node.value
        if node.tag == LIST and isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*key, number)) for number, item in enumerate(node.value)]
        if node.tag == MAPPING and isinstance(node, yaml.MappingNode):
            return {name: self.value(item, (*key, name)) for name, item in self.named(node, key)}
        return self.constructed(node)

    def constructed(self, node: yaml.Node) -> Any:
        """What a node with a tag of its own stands for, given or found."""
        try:
            return self.loader.construct_document(node)
        except (ValueError, KeyError):
            raise self.fault(node, f"{node.value!r} is no {node.tag.rpartition(':')[2]}") from None

    def named(self, node: yaml.MappingNode, key: Key) -> Iterator[tuple[Hashable, yaml.Node]]:
        """What stands under the keys of a mapping."""
        for name, item in node.value:
            if not isinstance(name, yaml.ScalarNode):
                raise self.fault(name, "a key is a text, not a list or a mapping")
            word = name.value if name.tag == TEXT else self.constructed(name)
            if (*key, word) in self.lines:
                raise self.fault(name, f"the key {word!r} stands here twice")
            self.lines[(*key, word)] = name.start_mark.line + 1
            yield word, item

    def fault(self, node: yaml.Node, told: str) -> PackError:
        """What cannot stand at a node."""
        return PackError(f"{self.shown}:{node.start_mark.line + 1}: {told}")


# writing --------------------------------------------------------------------------------------------------


class Writer(yamlcore.CoreDumper):  # type: ignore[misc]
    """Writes texts of several lines as blocks, and nothing as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        """Aliases are not read either."""
        return True


def text_node(writer: Any, text: str) -> Any:
    """A text: as a block if it has several lines."""
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Writer.add_representer(str, text_node)


def dump(value: Any) -> str:
    """A document as text that `parse` reads as the same value; keys stay in their order."""
    return str(yaml.dump(value, Dumper=Writer, sort_keys=False, allow_unicode=True, width=116))
