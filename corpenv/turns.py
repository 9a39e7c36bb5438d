"""What passes between an agent and its post: tool calls, turns, the post, and the agent's three methods."""

import math
from codecs import lookup
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from corpenv.errors import UsageError

MAX_NAME, MAX_BYTES, MAX_DEPTH, MAX_INTEGER = 64, 64_000, 16, 2**53
"""Bounds of a tool call: characters of the name, bytes and depth of the arguments, size of a whole number."""
FEW = 16
"""Arguments of a call that is small; with short texts they never come near the bound."""
MOST_PLAIN = 1_000
SHORT = 500
"""Characters of a text that is not measured before all of them are."""
lookup("utf-16")  # now, so that no step of an episode loads it


class BadCall(ValueError):
    """A call that is not of the form of a call. The environment logs it as a refusal."""


class ToolCall(Struct, frozen=True):
    """One use of a tool: its name and a JSON object of arguments."""

    name: str
    arguments: dict[str, Any] = {}

    @classmethod
    def of(cls, raw: object) -> "ToolCall":
        """A call from `{"name": …, "arguments": {…}}`, the only door into the company.

        Arguments are copied; lone surrogates and NUL become U+FFFD.

        Raises:
            UsageError: `raw` is not a mapping.
            BadCall: it is one, but not of the form of a call.
        """
        return cls(*name_and_arguments(raw))

    @classmethod
    def from_openai(cls, call: Any) -> "ToolCall":
        """A call from one item of an OpenAI-style `tool_calls` list, a mapping or an object.

        Raises:
            BadCall: its arguments are not the JSON of an object.
        """
        function = call["function"] if isinstance(call, Mapping) else call.function
        if not isinstance(function, Mapping):
            function = {"name": function.name, "arguments": function.arguments}
        try:
            arguments = msgspec.json.decode(function.get("arguments") or "{}")
        except msgspec.DecodeError:
            raise BadCall("arguments: not JSON") from None
        return cls.of({"name": function.get("name"), "arguments": arguments})

    def __repr__(self) -> str:
        given = ", ".join(f"{key}={shorten(repr(value))}" for key, value in self.arguments.items())
        return f"{self.name}({given})"


def name_and_arguments(raw: object) -> tuple[str, dict[str, Any]]:
    """The two parts of a call, as `ToolCall.of` takes it.

    Raises:
        UsageError: `raw` is not a mapping.
        BadCall: it is one, but not of the form of a call.
    """
    if type(raw) is dict and len(raw) == 2:  # most calls are small, and need no cleaning
        name, arguments = raw.get("name"), raw.get("arguments")
        if type(name) is str and type(arguments) is dict and (name in PLAIN or are_plain((name,))):
            small = small_copy(arguments)
            if small is not None:
                return name, small
    return cleaned_call(raw if isinstance(raw, dict) else mapping_of(raw))


def cleaned_call(raw: Mapping[Any, Any]) -> tuple[str, dict[str, Any]]:
    """The two parts of a call without what no record can hold, or BadCall."""
    name, arguments = raw.get("name"), raw.get("arguments", {})
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        raise BadCall(f"name: a text of 1 to {MAX_NAME} characters is needed")
    if not isinstance(arguments, Mapping):
        raise BadCall("arguments: an object is needed")
    if len(raw) > ("name" in raw) + ("arguments" in raw):
        extra = min(str(key) for key in raw if key not in ("name", "arguments"))
        raise BadCall(f"{clean_text(extra[:MAX_NAME])}: a call has a name and arguments, nothing else")
    copy = cleaned_object(arguments, 1, [MAX_BYTES])
    if len(msgspec.json.encode(copy)) > MAX_BYTES:
        raise BadCall(f"arguments: at most {MAX_BYTES} bytes")
    return clean_text(str(name)), copy


def mapping_of(raw: object) -> Mapping[Any, Any]:
    """A call that is no dict as a mapping, or UsageError."""
    if isinstance(raw, ToolCall):
        return {"name": raw.name, "arguments": raw.arguments}
    if isinstance(raw, Mapping):
        return raw
    raise UsageError(
        f'an action is a mapping such as {{"name": "list_mail", "arguments": {{}}}}, not {type(raw).__name__}'
    )


def small_copy(arguments: dict[Any, Any]) -> dict[str, Any] | None:
    """A copy of a few short, plain texts, small numbers and lists of such texts; None of anything else.

    Most calls are no more than that, and need no cleaning.
    """
    if len(arguments) > FEW or not (PLAIN.issuperset(arguments) or are_plain(arguments)):
        return None
    copy = arguments.copy()
    for key, item in arguments.items():
        kind = type(item)
        if type(key) is not str:  # one of another sort, as numpy has, is equal to a plain one
            return None
        if kind is str:
            small = len(item) <= SHORT and item.isascii() and "\0" not in item
        elif kind is list:
            small, copy[key] = are_names(item), item.copy()
        else:
            small = kind is bool or is_whole(item)
        if not small:
            return None
    return copy


def is_whole(item: object) -> bool:
    """A whole number that JSON and every reader of it agree on?"""
    return type(item) is int and -MAX_INTEGER < item < MAX_INTEGER


PLAIN: set[str] = set()
"""Names that were found to be plain, a thousand at most: every call has some."""


def are_plain(names: Iterable[object]) -> bool:
    """Are all of these names that need no cleaning?"""
    for name in names:
        if type(name) is not str or not name.isidentifier() or len(name) > MAX_NAME:
            return False
        if len(PLAIN) < MOST_PLAIN:
            PLAIN.add(name)
    return True


def are_names(items: list[object]) -> bool:
    """A few texts as short as names are, of characters that every record can hold?"""
    if len(items) > FEW:
        return False
    for item in items:
        if type(item) is not str or len(item) > MAX_NAME or not item.isascii() or "\0" in item:
            return False
    return True


def shorten(text: str, most: int = 60) -> str:
    """At most `most` characters of the text."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def clean_text(text: str) -> str:
    """The text with lone surrogates and NUL replaced by U+FFFD."""
    if text.isascii():
        return text.replace("\0", "\ufffd") if "\0" in text else text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def cleaned_object(value: Mapping[Any, Any], depth: int, room: list[int]) -> dict[str, Any]:
    """A copy of a JSON object, or BadCall. `room` holds how many bytes may still come."""
    use(room, len(value))
    copy = {}
    for key, item in value.items():
        if type(key) is not str:
            if not isinstance(key, str):
                raise BadCall("arguments: keys are texts")
            key = str(key)  # a text of another sort, as numpy has
        copy[clean_text(key)] = cleaned_text(item, room) if type(item) is str else cleaned(item, depth, room)
    return copy


def cleaned(value: object, depth: int, room: list[int]) -> Any:
    """A copy of a JSON value, or BadCall."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return cleaned_text(str(value), room)
    if isinstance(value, int | float):
        return cleaned_number(value)
    if depth >= MAX_DEPTH:
        raise BadCall(f"arguments: at most {MAX_DEPTH} levels deep")
    if isinstance(value, Mapping):
        return cleaned_object(value, depth + 1, room)
    if isinstance(value, list | tuple):
        use(room, len(value))
        return [cleaned_text(item, room) if type(item) is str else cleaned(item, depth + 1, room) for item in value]
    raise BadCall(f"arguments: {clean_text(type(value).__name__)} is not JSON")


def use(room: list[int], count: int) -> None:
    """Take so many bytes at least, or BadCall: what holds itself ten times over is never walked through."""
    room[0] -= count
    if room[0] < 0:
        raise BadCall(f"arguments: at most {MAX_BYTES} bytes")


def cleaned_text(text: str, room: list[int]) -> str:
    """A text without what no record can hold, or BadCall."""
    if len(text) > SHORT:
        use(room, len(text))
    return clean_text(text)


def cleaned_number(value: float) -> float:
    """A number that JSON and every reader of it agree on, or BadCall."""
    if isinstance(value, int):
        if abs(value) >= MAX_INTEGER:
            raise BadCall("arguments: whole numbers lie between -2^53 and 2^53")
        return int(value)
    if not math.isfinite(value):
        raise BadCall("arguments: numbers are finite")
    return float(value)


class Turn(Struct, frozen=True):
    """What an agent does at once: calls in order, and what it said about them.

    Attributes:
        message: text the agent said, "" if none.
        reasoning: text of its thinking, None where the model shows none.
    """

    calls: tuple[ToolCall, ...] = ()
    message: str = ""
    reasoning: str | None = None


class ToolSpec(Struct, frozen=True):
    """A tool as a model reads it. `parameters` is a JSON Schema object."""

    name: str
    description: str
    parameters: dict[str, Any]

    def openai(self) -> dict[str, Any]:
        """The form of OpenAI's `tools`."""
        return {
            "type": "function",
            "function": {"name": self.name, "description": self.description, "parameters": self.parameters},
        }

    def anthropic(self) -> dict[str, Any]:
        """The form of Anthropic's `tools`."""
        return {"name": self.name, "description": self.description, "input_schema": self.parameters}

    def mcp(self) -> dict[str, Any]:
        """The form of MCP's `tools/list`."""
        return {"name": self.name, "description": self.description, "inputSchema": self.parameters}


class Budget(Struct, frozen=True):
    """What an agent may use up; None is no bound.

    Attributes:
        steps: tool calls and silent turns.
        tokens: read and written, over the episode.
        money: US dollars, over the episode.
        seconds: real seconds one answer of a model may take.
    """

    steps: int | None = None
    tokens: int | None = None
    money: float | None = None
    seconds: float = 120.0


class Post(Struct, frozen=True):
    """What an agent is given when it starts: nothing else of the episode reaches it but answers."""

    briefing: str
    tools: tuple[ToolSpec, ...]
    seed: int
    budget: Budget = Budget()


@runtime_checkable
class Agent(Protocol):
    """Somebody who can hold a post. One object plays one episode at a time."""

    name: str

    def begin(self, post: Post) -> None:
        """A new episode: forget the last one."""

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """The next turn. First `answers` is the first screen alone, then one answer for each call of the last
        turn.

        Raises:
            AgentFault: the agent cannot go on; says whose fault it is.
        """

    def end(self, ended: str) -> None:
        """The episode is over; `ended` says why."""


Policy = Callable[[str], Mapping[str, Any] | ToolCall | Turn | None]
"""A plain function: what was read last → the next call, or None to stop acting."""


class FunctionAgent:
    """An agent made of a plain function."""

    def __init__(self, policy: Policy, name: str = "") -> None:
        self.name = name or getattr(policy, "__name__", "function")
        self.policy = policy

    def begin(self, post: Post) -> None:
        """Nothing to forget: state, if any, is the function's own."""

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """One call at a time."""
        result = self.policy("\n\n".join(answers))
        if isinstance(result, Turn):
            return result
        return Turn() if result is None else Turn((ToolCall.of(result),))

    def end(self, ended: str) -> None:
        """Nothing to do."""

    def __call__(self, observation: str) -> Mapping[str, Any] | ToolCall | Turn | None:
        return self.policy(observation)

    def __repr__(self) -> str:
        return f"agent({self.name})"


def agent(policy: Policy) -> FunctionAgent:
    """Make an agent of a function from an observation to a call.

    >>> @agent
    ... def reader(observation):
    ...     return {"name": "list_mail", "arguments": {}}
    >>> reader
    agent(reader)
    """
    return FunctionAgent(policy)
