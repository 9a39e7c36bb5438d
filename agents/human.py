"""An agent that is a person at a terminal."""

import json
import re
import shlex
from collections.abc import Mapping
from typing import Any, TextIO

from rich.console import Console

from corpenv.agents.schemas import Field, fields_of
from corpenv.agents.textprotocol import call_of
from corpenv.errors import did_you_mean
from corpenv.turns import BadCall, Post, ToolCall, ToolSpec, Turn

HELP = """\
NAME key=value key="more words"   call a tool; a name alone asks for what the tool needs
{"name": …, "arguments": {…}}     the same as JSON
help, ?                           list the tools
help NAME                         show what a tool takes
quit                              stop acting"""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Mistake(Exception):
    """What was typed cannot be meant; the sentence is shown and the person asked again."""


class Quit(Exception):
    """The person stops acting."""


class HumanAgent:
    """Shows what the company says, and turns what a person types into calls.

    Args:
        typed: where lines are read from; None is the terminal, with its line editing. Its end means `quit`.
        shown: where texts go; None is the terminal.
    """

    name = "human"

    def __init__(self, typed: TextIO | None = None, shown: TextIO | None = None) -> None:
        self._typed, self._console = typed, Console(file=shown, highlight=False)
        self._tools: dict[str, ToolSpec] = {}
        self._left = False

    def __repr__(self) -> str:
        return "HumanAgent()"

    def begin(self, post: Post) -> None:
        """Show the briefing."""
        self._tools, self._left = {tool.name: tool for tool in post.tools}, False
        self._show(post.briefing)
        self._show("\nType help for what you can do.")

    async def act(self, answers: tuple[str, ...]) -> Turn:
        """The call that is typed next; no call from `quit` on."""
        for answer in answers:
            self._show(f"\n{answer}")
        while not self._left:
            try:
                if call := self._call(self._line("> ")):
                    return Turn((call,))
            except Mistake as mistake:
                self._show(str(mistake))
            except Quit:
                self._left = True
        return Turn()

    def end(self, ended: str) -> None:
        """Say why."""
        self._show(f"\nThe episode is over: {ended}")

    def _show(self, text: str) -> None:
        """The text as it stands: neither markup nor the terminal's own commands take effect."""
        self._console.print(CONTROL.sub("\ufffd", text), markup=False, emoji=False, soft_wrap=True)

    def _line(self, prompt: str) -> str:
        try:
            line = self._console.input(prompt, markup=False, emoji=False, stream=self._typed)
        except EOFError:
            raise Quit from None
        if not line and self._typed is not None:
            raise Quit
        return line.strip()

    def _call(self, line: str) -> ToolCall | None:
        """The call in a line; None if it was something else."""
        if line.startswith("{"):
            return self._known(json_call(line))
        word, _, rest = line.partition(" ")
        if line in ("quit", "exit"):
            raise Quit
        if word in ("help", "?"):
            self._show(self._help(rest.strip()))
        elif word:
            return self._named(self._tool(word), rest.strip())
        return None

    def _help(self, name: str) -> str:
        if name:
            tool = self._tool(name)
            return "\n".join(
                [f"{tool.name}: {tool.description}", *(f"  {field}" for field in fields_of(tool).values())]
            )
        return "\n".join([HELP, "", *(f"{tool.name}: {first_line(tool)}" for tool in self._tools.values())])

    def _tool(self, name: str) -> ToolSpec:
        if name not in self._tools:
            raise Mistake(f"There is no tool {name!r}{did_you_mean(name, self._tools)}.")
        return self._tools[name]

    def _known(self, call: ToolCall) -> ToolCall:
        self._tool(call.name)
        return call

    def _named(self, tool: ToolSpec, rest: str) -> ToolCall:
        fields = fields_of(tool)
        arguments = json_object(rest) if rest.startswith("{") else typed_arguments(tool.name, fields, rest)
        for field in fields.values():
            if field.required and field.name not in arguments:
                arguments[field.name] = self._asked(tool.name, field)
        return ToolCall(tool.name, arguments)

    def _asked(self, tool: str, field: Field) -> Any:
        """A value that is still needed. An empty line drops the call."""
        while line := self._line(f"  {field}: "):
            try:
                return value_of(tool, field, line)
            except Mistake as mistake:
                self._show(str(mistake))
        raise Mistake(f"{tool} was not called: {field.name} is needed.")


def typed_arguments(tool: str, fields: Mapping[str, Field], text: str) -> dict[str, Any]:
    """The values in `key=value key="more words"`."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise Mistake(f"{tool}: a quotation mark is not closed.") from None
    arguments: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise Mistake(f'{tool}: {word!r} has no name: write key=value, or key="more words".')
        if name not in fields:
            raise Mistake(f"{tool} takes no {name!r}{did_you_mean(name, fields)}.")
        arguments[name] = value_of(tool, fields[name], value)
    return arguments


def value_of(tool: str, field: Field, text: str) -> Any:
    """What was typed, as the field wants it."""
    try:
        return field.read(text)
    except ValueError:
        raise Mistake(f"{tool}: {field.name}: {text!r} does not fit: {field.form} is needed.") from None


def json_object(text: str) -> dict[str, Any]:
    try:
        value: dict[str, Any] = json.loads(text)
    except ValueError as error:
        raise Mistake(f"This is not JSON: {error}.") from None
    return value


def json_call(text: str) -> ToolCall:
    """A call that is typed as JSON."""
    try:
        return call_of(json_object(text))
    except BadCall as mistake:
        raise Mistake(f"This is no call: {mistake}.") from None


def first_line(tool: ToolSpec) -> str:
    return tool.description.strip().partition("\n")[0]
