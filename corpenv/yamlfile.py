"""YAML with places: every error names file, line and key. Safe scalars of YAML 1.2, no duplicate keys, no aliases."""

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, NamedTuple

import yaml
import yamlcore

from corpenv.errors import PackError

Key = tuple[Hashable, ...]
TAB = "a tab cannot indent: use spaces"


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
        text = path.read_text("utf-8")
    except OSError as error:
        raise PackError(f"{shown}:1: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = bytes(error.object[: error.start]).count(b"\n") + 1
        raise PackError(f"{shown}:{line}: is not UTF-8 text") from None
    return parse(text, shown)


def parse(text: str, shown: str) -> Document:
    """The document in a text."""
    loader = yamlcore.CCoreLoader(text)
    try:
        root = loader.get_single_node()
        lines: dict[Key, int] = {}
        walk(loader, root, (), lines, shown)
        return Document(shown, loader.construct_document(root) if root else None, lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        raise PackError(f"{shown}:{line + 1}: {TAB if tabbed(text, line) else error.problem}") from None
    except yaml.YAMLError as error:
        raise PackError(f"{shown}:1: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()


def tabbed(text: str, line: int) -> bool:
    """Is there a tab before the first word of a line?"""
    return re.match(r" *\t", (text.split("\n")[line:] or [""])[0]) is not None


def walk(loader: Any, root: yaml.Node | None, key: Key, lines: dict[Key, int], shown: str) -> None:
    """Note the line of every part below `root`."""
    waiting: list[tuple[yaml.Node, Key]] = [(root, key)] if root else []
    known: set[int] = set()
    while waiting:
        node, key = waiting.pop()
        if id(node) in known:
            raise PackError(f"{shown}:{node.start_mark.line + 1}: aliases (*name) are not read: write the text again")
        known.add(id(node))
        lines.setdefault(key, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            waiting += [(item, (*key, number)) for number, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            for name, item in node.value:
                word = loader.construct_object(name, deep=True)
                if (*key, word) in lines:
                    raise PackError(f"{shown}:{name.start_mark.line + 1}: the key {word!r} stands here twice")
                lines[(*key, word)] = name.start_mark.line + 1
                waiting.append((item, (*key, word)))
