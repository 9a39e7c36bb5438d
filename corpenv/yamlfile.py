"""YAML with places: every error names file, line and key. Safe scalars of YAML 1.2, no duplicate keys, no aliases."""

from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml
import yamlcore
from pydantic import TypeAdapter, ValidationError

from corpenv.errors import PackError, did_you_mean

Key = tuple[Hashable, ...]
T = TypeVar("T")


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
        raise PackError(f"{shown}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PackError(f"{shown}: is not UTF-8 text") from None
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
        raise PackError(f"{shown}:{mark.line + 1 if mark else 1}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise PackError(f"{shown}:1: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()


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


def checked(form: type[T], document: Document, *keys: Hashable) -> T:
    """The part of a document at `keys`, checked against a pydantic form.

    Raises:
        PackError: every fault, one a line, each with its place.
    """
    value = document.value
    for key in keys:
        value = value[key]
    try:
        return TypeAdapter(form).validate_python(value)
    except ValidationError as error:
        raise PackError("\n".join(faults(error, document, keys))) from None


def faults(error: ValidationError, document: Document, keys: Key = ()) -> Iterable[str]:
    """One sentence a fault, in the order they stand in the file."""
    found = []
    for fault in error.errors(include_url=False):
        where = tuple(keys)
        for part in fault["loc"]:
            if (*where, part) in document.lines:
                where = (*where, part)
        name = ".".join(str(part) for part in where) or "document"
        last = fault["loc"][-1] if fault["loc"] else ""
        found.append((document.place(*where), f"{name}: {sentence(dict(fault), str(last))}"))
    return [f"{place}: {text}" for place, text in sorted(dict.fromkeys(found))]


def sentence(fault: dict[str, Any], last: str) -> str:
    """What is wrong, and where it can, what would be right."""
    match fault["type"]:
        case "extra_forbidden":
            return f"there is no such key{did_you_mean(last, fault.get('ctx', {}).get('known', ()))}".replace(
                " (there are none)", ""
            )
        case "missing":
            return f"the key {last!r} is missing"
        case "union_tag_invalid" | "union_tag_not_found":
            return f"is none of {fault['ctx'].get('expected_tags', 'the known forms')}"
        case "value_error":
            return str(fault["ctx"]["error"])
        case _:
            return str(fault["msg"])[0].lower() + str(fault["msg"])[1:]
