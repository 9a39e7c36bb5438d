"""The history that a model is shown: it only ever grows. One class for native tool calling, one for text."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from corpenv.agents.textprotocol import Said, explain, loose_call, read_text
from corpenv.models import RawCall, Reply
from corpenv.turns import BadCall, Post, ToolCall, clean_text

NO_CALL = "You called no tool, and nothing happened."
NO_ANSWER = "There is no answer to this call."
NOT_A_CALL = "This call was not made: {}. Nothing happened. Write it again."

Message = dict[str, Any]


class Conversation(Protocol):
    """A history of messages in OpenAI's form, and how answers and replies enter it."""

    messages: list[Message]
    tools: list[dict[str, Any]]

    def hear(self, answers: Sequence[str]) -> None:
        """Add what the company answered: to the calls that wait for an answer, in order; the rest as a message."""

    def take(self, reply: Reply) -> Said:
        """Add what the model said, and read it."""


class Pending(NamedTuple):
    """A call of the last reply: its id, and what is wrong with it if it was not made."""

    id: str
    mistake: str = ""


class NativeConversation:
    """Calls and answers in the API's own form, matched by the ids of the calls."""

    def __init__(self, post: Post) -> None:
        self.messages: list[Message] = [{"role": "system", "content": clean_text(post.briefing)}]
        self.tools = [tool.openai() for tool in post.tools]
        self._pending: list[Pending] = []
        self._silent = True

    def hear(self, answers: Sequence[str]) -> None:
        """Each call gets its answer; an answer too few is told to the model, one too many is a user message."""
        texts = [clean_text(answer) for answer in answers]
        for call in self._pending:
            text = NOT_A_CALL.format(call.mistake) if call.mistake else (texts.pop(0) if texts else NO_ANSWER)
            self.messages.append({"role": "tool", "tool_call_id": call.id, "content": text})
        self._pending = []
        if texts or self._silent:
            self.messages.append({"role": "user", "content": "\n\n".join(texts) or NO_CALL})
        self._silent = False

    def take(self, reply: Reply) -> Said:
        """An empty reply leaves nothing behind: most APIs refuse a history with one."""
        if reply.text.strip() or reply.tool_calls:
            self.messages.append(reply.message)
        read = [read_call(call) for call in reply.tool_calls]
        self._pending = [
            Pending(raw.id, str(call) if isinstance(call, BadCall) else "")
            for raw, call in zip(reply.tool_calls, read, strict=True)
        ]
        self._silent = not read
        mistakes = tuple(call.mistake for call in self._pending if call.mistake)
        return Said(reply.text.strip(), tuple(call for call in read if isinstance(call, ToolCall)), mistakes)


def read_call(raw: RawCall) -> ToolCall | BadCall:
    """The call that a model wrote, or what is wrong with it."""
    try:
        return loose_call(raw.name, json.loads(raw.arguments or "{}"))
    except BadCall as mistake:
        return mistake
    except (ValueError, RecursionError):
        return BadCall("arguments: not JSON")


class TextConversation:
    """Calls as fenced JSON in the text, answers as one user message."""

    def __init__(self, post: Post) -> None:
        system = f"{post.briefing}\n\n{explain(post.tools)}"
        self.messages: list[Message] = [{"role": "system", "content": clean_text(system)}]
        self.tools: list[dict[str, Any]] = []
        self._last = Said("", (), ())

    def hear(self, answers: Sequence[str]) -> None:
        """One message with the answers, each under the name of its tool where there were several."""
        texts, calls = [clean_text(answer) for answer in answers], self._last.calls
        texts[: len(calls)] = headed(calls, texts)
        texts += [NOT_A_CALL.format(mistake) for mistake in self._last.mistakes]
        self.messages.append({"role": "user", "content": "\n\n".join(texts) or NO_CALL})
        self._last = Said("", (), ())

    def take(self, reply: Reply) -> Said:
        """An empty reply leaves nothing behind: most APIs refuse a history with one."""
        if reply.text.strip():
            self.messages.append(reply.message)
        self._last = read_text(reply.text)
        return self._last


def headed(calls: Sequence[ToolCall], texts: Sequence[str]) -> list[str]:
    """The answer to each call; under the name of its tool where there are several."""
    answers = [*texts[: len(calls)], *[NO_ANSWER] * (len(calls) - len(texts))]
    if len(calls) < 2:
        return answers
    return [
        f"# Answer {at}: {call.name}\n{text}" for at, (call, text) in enumerate(zip(calls, answers, strict=True), 1)
    ]
