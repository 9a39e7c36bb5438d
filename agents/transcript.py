"""An agent that plays a recorded answer."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpenv.agents.textprotocol import call_of, loose_call, read_text
from corpenv.errors import UsageError
from corpenv.turns import BadCall, Post, ToolCall, Turn

NOT_PLAYED = ("system", "developer", "user", "tool", "function")
"""Roles of messages that are context: what the company answers now takes their place."""

THOUGHTS = {"thinking": "thinking", "reasoning": "text", "redacted_thinking": ""}
WORDS = {"text": "text", "output_text": "text", "refusal": "refusal"}
"""Types of content blocks, and under which key their text stands."""


class TranscriptAgent:
    """Plays the turns of a recording, whatever the company answers; silent when they run out.

    A recording is one of: a list of messages in OpenAI's form or with Anthropic's content blocks (or the JSON of one
    response, or of a request with `messages`); a list of calls `{"name", "arguments"}`, also as one line of JSON
    each; a text with fenced JSON calls. Each assistant message, each call of a list and each text is one turn.

    Args:
        source: a file, or the recording itself: data, or a text of more than one line or in JSON.

    Raises:
        UsageError: the file or a place in it cannot be read.
    """

    def __init__(self, source: str | os.PathLike[str] | Sequence[Any] | Mapping[str, Any]) -> None:
        self.name = "transcript"
        if isinstance(source, str | os.PathLike) and not is_recording(source):
            path = Path(source)
            self.name = f"transcript:{path.name}"
            self.turns = turns_of_text(read(path), str(source))
        elif isinstance(source, str):
            self.turns = turns_of_text(source, "transcript")
        else:
            self.turns = turns_of_data(source, "transcript")
        self._played = 0

    def __repr__(self) -> str:
        return f"TranscriptAgent({self.name}, {len(self.turns)} turns)"

    def begin(self, post: Post) -> None:
        """From the first turn again."""
        self._played = 0

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """The next turn of the recording."""
        self._played += 1
        return self.turns[self._played - 1] if self._played <= len(self.turns) else Turn()

    def end(self, ended: str) -> None:
        """Nothing to do."""


def is_recording(source: object) -> bool:
    """Whether a text is a recording, not the name of a file."""
    return isinstance(source, str) and ("\n" in source or source.lstrip()[:1] in ("{", "["))


def read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start}: a text in UTF-8 is needed") from None


def turns_of_text(text: str, where: str) -> tuple[Turn, ...]:
    """The turns of a recording that is a text."""
    if not text.strip():
        raise UsageError(f"{where}: there is nothing to play: a message, call or text is needed")
    if text.lstrip()[0] not in "{[":
        return (turn_of_words(text, where),)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
            return tuple(turns_of_lines(text, where))
        raise unreadable(where, error) from None
    return turns_of_data(data, where)


def turns_of_lines(text: str, where: str) -> Iterator[Turn]:
    """The turns of a recording with one JSON document a line."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise unreadable(where, error, number) from None
        yield from turns_of_item(item, f"{where}:{number}")


def unreadable(where: str, error: Exception, line: int = 1) -> UsageError:
    """The mistake of a text, from its `line` on, that is not JSON."""
    if not isinstance(error, json.JSONDecodeError):
        return UsageError(f"{where}: not JSON that can be read")
    return UsageError(f"{where}:{line + error.lineno - 1}:{error.colno}: not JSON: {error.msg}")


def turns_of_data(data: object, where: str) -> tuple[Turn, ...]:
    """The turns of a recording that is JSON."""
    if isinstance(data, Mapping):
        if isinstance(data.get("messages"), list):
            return turns_of_data(data["messages"], where)
        if isinstance(data.get("choices"), list):
            messages = [choice.get("message") for choice in data["choices"] if isinstance(choice, Mapping)]
            return turns_of_data(messages, where)
        data = [data]
    if not isinstance(data, Sequence) or isinstance(data, str | bytes):
        raise UsageError(f"{where}: {type(data).__name__}: a list of messages or calls is needed")
    turns = tuple(
        turn for number, item in enumerate(data, 1) for turn in turns_of_item(item, f"{where}: message {number}")
    )
    if not turns:
        raise UsageError(f"{where}: there is nothing to play: no message has the role assistant")
    return turns


def turns_of_item(item: object, where: str) -> Iterator[Turn]:
    """The turn of a message or call, if it is one of the agent's."""
    if not isinstance(item, Mapping):
        raise UsageError(f"{where}: {type(item).__name__}: a message or a call is an object")
    role = item.get("role")
    if role == "assistant":
        yield turn_of_message(item, where)
    elif role is None:
        yield Turn((checked(where, call_of, dict(item)),))
    elif role not in NOT_PLAYED:
        raise UsageError(f"{where}: role: {role!r}: there are assistant, {', '.join(NOT_PLAYED)}")


def turn_of_message(message: Mapping[str, Any], where: str) -> Turn:
    """The turn that an assistant's message was."""
    content, made = message.get("content") or "", message.get("tool_calls") or []
    if not isinstance(content, str | list | tuple):
        raise UsageError(f"{where}: content: {type(content).__name__}: a text or a list of blocks is needed")
    if not isinstance(made, list | tuple):
        raise UsageError(f"{where}: tool_calls: {type(made).__name__}: a list is needed")
    reasoning = str(message.get("reasoning_content") or message.get("reasoning") or "")
    calls = tuple(checked(f"{where}: tool_calls.{at}", openai_call, call) for at, call in enumerate(made))
    if isinstance(content, str) and not calls:
        said = turn_of_words(content, where)
        return Turn(said.calls, said.message, reasoning or None)
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return turn_of_blocks(blocks, calls, reasoning, where)


def turn_of_blocks(blocks: Sequence[Any], calls: tuple[ToolCall, ...], reasoning: str, where: str) -> Turn:
    """The turn of content blocks, in front of calls and thoughts that stand beside them."""
    words, thoughts, used = [], [reasoning], []
    for at, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, Mapping) else type(block).__name__
        if kind == "tool_use":
            used.append(checked(f"{where}: content.{at}", anthropic_call, block))
        elif kind in WORDS:
            words.append(str(block.get(WORDS[kind]) or ""))
        elif kind in THOUGHTS:
            thoughts.append(str(block.get(THOUGHTS[kind]) or ""))
        else:
            raise UsageError(f"{where}: content.{at}: {kind}: there are {', '.join([*WORDS, *THOUGHTS, 'tool_use'])}")
    return Turn((*used, *calls), joined(words), joined(thoughts) or None)


def turn_of_words(text: str, where: str) -> Turn:
    """The turn of a text in the text protocol."""
    said = read_text(text)
    if said.mistakes:
        raise UsageError(f"{where}: {said.mistakes[0]}")
    return Turn(said.calls, said.message)


def openai_call(call: Any) -> ToolCall:
    """A call from an item of `tool_calls`, whose arguments are an object or its JSON."""
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping):
        raise BadCall('a tool call is {"id": …, "function": {"name": …, "arguments": "{…}"}}')
    arguments = function.get("arguments") or {}
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            raise BadCall("arguments: not JSON") from None
    return call_of({"name": function.get("name"), "arguments": arguments})


def anthropic_call(block: Mapping[str, Any]) -> ToolCall:
    """A call from a `tool_use` block."""
    return loose_call(str(block.get("name") or ""), block.get("input", {}))


def checked(where: str, reader: Callable[[Any], ToolCall], value: Any) -> ToolCall:
    """The call in the value, or the place and what is wrong with it."""
    try:
        return reader(value)
    except BadCall as mistake:
        raise UsageError(f"{where}: {mistake}") from None


def joined(texts: Sequence[str]) -> str:
    """The texts that say something, one under the other."""
    return "\n\n".join(text for text in texts if text)
