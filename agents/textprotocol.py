"""Tool calls as text: fenced JSON, for models without tool calling of their own and for recorded answers."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from corpenv.turns import BadCall, ToolCall, ToolSpec

OPENING = re.compile(r"^[ \t]*```[ \t]*([\w-]*)[ \t]*", re.MULTILINE)
CLOSING = re.compile(r"\s*```[ \t]*$", re.MULTILINE)
LABELS = ("json", "call", "tool_call")
"""What a fence that must hold a call is labelled with. Without a label it may hold anything."""

DECODER = json.JSONDecoder(strict=False)  # models write line breaks into JSON texts

EXPLANATION = """\
# How to use tools

Call a tool by writing a fenced block of JSON:

```json
{"name": "the_tool", "arguments": {"one": "value", "another": 2}}
```

Several blocks in one message are several calls, made in their order. What the tools answer is the next thing you
read. Text outside the blocks calls nothing.

# Tools

"""


Piece = str | ToolCall | BadCall


class Said(NamedTuple):
    """What a text in the protocol says.

    Attributes:
        message: the text around the calls.
        calls: in order.
        mistakes: sentences about blocks that should be calls and are not.
    """

    message: str
    calls: tuple[ToolCall, ...]
    mistakes: tuple[str, ...]


def explain(tools: Sequence[ToolSpec]) -> str:
    """The protocol and the tools, as a model without tool calling reads them."""
    return EXPLANATION + "\n\n".join(described(tool) for tool in tools)


def described(tool: ToolSpec) -> str:
    """One tool: name, description, JSON Schema of its arguments."""
    return f"## {tool.name}\n{tool.description}\nArguments: {json.dumps(tool.parameters, ensure_ascii=False)}"


def read_text(text: str) -> Said:
    """The calls in a text, and the text around them."""
    parts = tuple(pieces(text))
    around = "".join(part for part in parts if isinstance(part, str))
    return Said(
        re.sub(r"\n{3,}", "\n\n", around).strip(),
        tuple(part for part in parts if isinstance(part, ToolCall)),
        tuple(str(part) for part in parts if isinstance(part, BadCall)),
    )


def pieces(text: str) -> Iterator[Piece]:
    """The text in its order: plain text, calls, and what should be a call and is none."""
    at = 0
    while opening := OPENING.search(text, at):
        yield text[at : opening.start()]
        found, at = block(text, opening)
        yield from found
    yield text[at:]


def block(text: str, opening: re.Match[str]) -> tuple[Sequence[Piece], int]:
    """What the fence holds, and where it ends."""
    labelled = opening[1].lower() in LABELS
    if labelled or not opening[1]:
        try:
            return json_block(text, opening.end())
        except (ValueError, RecursionError) as error:
            if labelled:
                return [BadCall(sentence(error, text, opening))], end_of_fence(text, opening.end())
    end = end_of_fence(text, opening.end())
    return [text[opening.start() : end]], end


def json_block(text: str, at: int) -> tuple[list[ToolCall], int]:
    """The calls in the fence, and where it ends.

    Raises:
        BadCall: its JSON is no call, or not all that it holds.
        ValueError: it holds no JSON.
    """
    while text[at : at + 1].isspace():
        at += 1
    value, end = DECODER.raw_decode(text, at)
    closing = CLOSING.match(text, end)
    if closing is None:
        raise BadCall("the block goes on after its JSON: close it with ``` on a line of its own")
    return list(calls_in(value)), closing.end()


def sentence(error: Exception, text: str, opening: re.Match[str]) -> str:
    """What is wrong with a block."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: not JSON"
    line = text.count("\n", 0, opening.start()) + 1
    return f"line {line}: {error if isinstance(error, BadCall) else 'not JSON that can be read'}"


def calls_in(value: object) -> Iterator[ToolCall]:
    """The calls that a JSON value is, one or a list of them.

    Raises:
        BadCall: it is none.
    """
    for item in value if isinstance(value, list) else [value]:
        yield call_of(item)


def call_of(value: object) -> ToolCall:
    """A call from `{"name": …, "arguments": {…}}`. Whether it is allowed is not asked here.

    Raises:
        BadCall: the value does not have that form.
    """
    if not isinstance(value, dict) or not isinstance(value.get("name"), str) or not value["name"]:
        raise BadCall('a call is an object such as {"name": "list_mail", "arguments": {}}')
    if extra := sorted(set(value) - {"name", "arguments"}):
        raise BadCall(f"{extra[0]}: a call has a name and arguments, nothing else")
    return loose_call(value["name"], value.get("arguments", {}))


def loose_call(name: str, arguments: Any) -> ToolCall:
    """A call with any object of arguments: what the company does not take is for the company to refuse.

    Raises:
        BadCall: the arguments are no object.
    """
    if not isinstance(arguments, dict):
        raise BadCall("arguments: an object is needed")
    try:
        return ToolCall.of({"name": name, "arguments": arguments})
    except BadCall:
        return ToolCall(name, arguments)


def end_of_fence(text: str, at: int) -> int:
    """Where the fence ends that opens before `at`."""
    closing = re.compile(r"^[ \t]*```[ \t]*$", re.MULTILINE).search(text, at)
    return closing.end() if closing else len(text)
