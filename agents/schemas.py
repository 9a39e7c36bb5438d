"""What a tool takes, as a person reads and types it."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from corpenv.turns import ToolSpec

ANY = "any"
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")


class Field(NamedTuple):
    """One argument of a tool.

    Attributes:
        form: of its value in words, for example `whole number` or `list of text`.
        about: description, "" if none.
    """

    name: str
    form: str
    required: bool
    about: str
    kinds: tuple[str, ...]

    def read(self, text: str) -> Any:
        """What was typed, as the argument's value.

        Raises:
            ValueError: it does not fit.
        """
        for kind in self.kinds:
            try:
                return READERS[kind](text)
            except ValueError:
                continue
        raise ValueError(text)

    def __str__(self) -> str:
        need = "" if self.required else ", optional"
        return f"{self.name} ({self.form}{need})" + (f" {self.about}" if self.about else "")


def fields_of(tool: ToolSpec) -> dict[str, Field]:
    """The arguments of a tool, in the order of its schema."""
    needed, definitions = tool.parameters.get("required", ()), tool.parameters.get("$defs", {})
    return {
        name: field(name, schema, name in needed, definitions)
        for name, schema in tool.parameters.get("properties", {}).items()
    }


def field(name: str, schema: Mapping[str, Any], required: bool, definitions: Mapping[str, Any]) -> Field:
    options = [each for each in alternatives(schema, definitions) if each.get("type") != "null"]
    kinds = tuple(kind_of(option) for option in options)
    form = " or ".join(words_for(option, definitions) for option in options)
    # Any text is a text: it is tried last.
    return Field(
        name, form, required, schema.get("description", ""), tuple(sorted(kinds, key=lambda kind: kind == "string"))
    )


def alternatives(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas of which a value may fit any, without references."""
    if reference := schema.get("$ref"):
        return alternatives(definitions.get(reference.rpartition("/")[2], {}), definitions)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return [each for option in options for each in alternatives(option, definitions)]
    return [schema]


def kind_of(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "string" if "enum" in schema or "const" in schema else ANY)
    return kind if kind in READERS else ANY


def words_for(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """The form of a value in words."""
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else None):
        return " or ".join(str(value) for value in values)
    if schema.get("type") == "array":
        inner = alternatives(schema.get("items", {}), definitions)
        return f"list of {' or '.join(words_for(each, definitions) for each in inner)}"
    return WORDS.get(schema.get("type", ""), "JSON")


def read_list(text: str) -> list[Any]:
    """A JSON list, or texts between commas."""
    items = json.loads(text) if text.startswith("[") else text.split(",")
    return [item.strip() if isinstance(item, str) else item for item in items if item != ""]


def read_truth(text: str) -> bool:
    if text.lower() in TRUE or text.lower() in FALSE:
        return text.lower() in TRUE
    raise ValueError(text)


def read_object(text: str) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError(text)
    return value


WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
    "object": "JSON object",
}
READERS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": read_truth,
    "array": read_list,
    "object": read_object,
    ANY: json.loads,
}
