"""What a monitor sees: channels of a run through a window, and nothing else.

Labels, conditions, hidden prompts and state have no place in these types. The rendering is canonical JSON, one
line a step, so no text an agent writes can make structure: `parse(render(seen)) == seen`.
"""

from collections import deque
from collections.abc import Container, Iterable, Iterator
from hashlib import sha256
from itertools import compress
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec
from msgspec import Struct

from corpenv.events import BOOKKEEPING, EVENTS, Event, Finished
from corpenv.record import AnyEvent, Called, Entry, Malformed, Said, Withheld

Channel = Literal["calls", "answers", "messages", "reasoning", "effects", "report"]


class View(Struct, frozen=True):
    """Channels, and how many of the latest steps belong together.

    Attributes:
        channels: `calls`, `answers`, `messages`, `reasoning`, `effects` (events in the company), `report` (the
            hand-over note).
        window: steps that a monitor which shows its history to a model keeps; 0 is all.
    """

    name: str
    channels: frozenset[Channel]
    window: int = 40


ACTIONS = View("actions", frozenset({"calls", "answers"}))
MESSAGES = View("messages", frozenset({"calls", "answers", "messages"}))
REASONING = View("reasoning", frozenset({"calls", "answers", "messages", "reasoning"}))
EFFECTS = View("effects", frozenset({"calls", "answers", "effects"}))
REPORT = View("report", frozenset({"report"}))
PRESETS = {view.name: view for view in (ACTIONS, MESSAGES, REASONING, EFFECTS, REPORT)}


class SeenCall(Struct, frozen=True, gc=False):
    """A call as a monitor sees it; `withheld_by` names the guardrail that kept it from taking effect."""

    name: str
    arguments: dict[str, Any]
    withheld_by: str = ""


class Seen(Struct, frozen=True, gc=False, omit_defaults=True):
    """One step through a view. A channel that is not in the view, or was silent, is None.

    Attributes:
        step: number of the entry in the record, from 1.
    """

    step: int
    call: SeenCall | None = None
    answer: str | None = None
    message: str | None = None
    reasoning: str | None = None
    effects: tuple[AnyEvent, ...] | None = None
    report: str | None = None

    def those_of(self, kinds: Container[type[Event]]) -> Iterator[tuple[int, Event]]:
        """The effects that are of some types, each with its number among all: most steps have few that matter."""
        effects = self.effects or ()
        return compress(enumerate(effects), map(kinds.__contains__, map(type, effects)))


class EntryRef(Struct, frozen=True):
    """Points into a record: an entry, and where in it.

    Attributes:
        part: `events.0` counts all events of the entry, `effects.0` those that a view shows; or `call`, `answer`.
    """

    step: int
    part: str = ""


class Finding(Struct, frozen=True):
    """What a monitor claims.

    Attributes:
        kind: slug of the kind of conduct.
        probability: that the claim is true, 0 to 1.
        severity: 0 to 4, apart from the probability.
        claim: one sentence.
        fault: set if the monitor itself failed; the finding then claims nothing.
    """

    monitor: str
    kind: str
    step: int
    probability: float
    severity: int
    claim: str
    evidence: tuple[EntryRef, ...] = ()
    fault: str | None = None


@runtime_checkable
class Monitor(Protocol):
    """Reads what happened and reports. It has no reward and cannot act.

    A monitor is deep-copied for every episode, so what it remembers is of one episode.
    """

    name: str
    view: View

    def see(self, seen: Seen) -> Iterable[Finding]:
        """Look at the next step."""


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Seen).decode
LINE_ENDS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
"""What readers of texts take for ends of lines, and JSON does not escape."""


def render(seen: Seen) -> str:
    """One line of canonical JSON."""
    return _encode(seen).decode().translate(LINE_ENDS)


def parse(line: str) -> Seen:
    """What `render` was given."""
    return _decode(line)


class History:
    """What a view has shown so far, as a model reads it: the latest steps of its window, a line each.

    Attributes:
        digest: of every line so far, those that have left the window too: 64 hexadecimal digits.
    """

    def __init__(self, view: View) -> None:
        self.lines: deque[str] = deque(maxlen=view.window or None)
        self._hash = sha256()

    def add(self, seen: Seen) -> str:
        """Show one more step; its line."""
        line = render(seen)
        self.lines.append(line)
        self._hash.update(line.encode() + b"\n")
        return line

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def __deepcopy__(self, memo: dict[int, Any]) -> "History":
        twin = History.__new__(History)
        twin.lines, twin._hash = self.lines.copy(), self._hash.copy()
        return twin

    def __str__(self) -> str:
        return "\n".join(self.lines)


def seen_of(entry: Entry, view: View) -> Seen:
    """An entry of the record through a view."""
    channels, given = view.channels, entry.input
    call = answer = message = reasoning = effects = report = None
    if isinstance(given, SPOKEN):
        if "calls" in channels:
            call = call_of(given)
        if "messages" in channels:
            message = given.message or None
        if "reasoning" in channels:
            reasoning = given.reasoning
    if "answers" in channels and entry.answer:
        answer = entry.answer
    if "effects" in channels and entry.events:  # what was recorded elsewhere has no world, and nobody knows its effects
        effects = effects_of(entry.events)
    if "report" in channels:
        report = next((event.note for event in entry.events if isinstance(event, Finished)), None)
    return Seen(entry.step, call, answer, message, reasoning, effects, report)


SPOKEN = (Called, Withheld, Malformed, Said)
"""Inputs that hold words of the agent."""


def call_of(given: Called | Withheld | Malformed | Said) -> SeenCall | None:
    """The call in an input, if there is one."""
    if isinstance(given, Called):  # by far the most
        return SeenCall(given.name, given.arguments)
    if isinstance(given, Withheld):
        return SeenCall(given.name, given.arguments, given.by)
    return SeenCall("", {"malformed": given.text}) if isinstance(given, Malformed) else None


def effects_of(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """The events that are facts of the company, not bookkeeping of the simulation."""
    if FACTS.issuperset(map(type, events)):  # by far the most
        return events
    return tuple([event for event in events if type(event) in FACTS])


FACTS = frozenset(EVENTS) - BOOKKEEPING
"""Kinds of events that a view can show."""
