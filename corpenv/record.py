"""The record of an episode: inputs, what the world made of them, and a chain of digests over both.

An entry is one input with the events it led to and the text that was read back. Inputs are everything that is
not computable from the state, so a record can be executed again without asking anybody.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar, Union

import msgspec
from msgspec import Struct

from corpenv.errors import RecordError
from corpenv.events import EVENTS, Event
from corpenv.names import snake

SCHEMA = 1
"""Version of the form of records. Raised when a field of an event, input or entry changes meaning."""

if TYPE_CHECKING:
    AnyEvent = Event
else:
    AnyEvent = Union[EVENTS]  # noqa: UP007 - built from the tuple of events


class Input(Struct, frozen=True, gc=False, omit_defaults=True, tag=snake, tag_field="kind"):
    """Something that came from outside the world."""


class Called(Input, frozen=True):
    """The agent called a tool. `message` and `reasoning` stand on the first call of a turn only."""

    name: str
    arguments: dict[str, Any]
    message: str = ""
    reasoning: str | None = None


class Malformed(Input, frozen=True):
    """The agent's call had no shape of a call: `fault` says what was wrong. `text` is what was given, cut short."""

    fault: str
    text: str
    message: str = ""
    reasoning: str | None = None


class Withheld(Input, frozen=True):
    """The agent called a tool and a guardrail did not let it take effect.

    Attributes:
        by: the guardrail.
        whom: account that is asked to approve it, or "".
    """

    name: str
    arguments: dict[str, Any]
    by: str
    reason: str
    message: str = ""
    reasoning: str | None = None
    whom: str = ""


class Said(Input, frozen=True):
    """The agent's turn had no call."""

    message: str
    reasoning: str | None = None


class Edited(Input, frozen=True):
    """An experimenter changed facts of the company, at a fork."""

    events: tuple[AnyEvent, ...]
    why: str = ""


class RanOn(Input, frozen=True):
    """The agent's part ended for `reason`; the world goes on without it to its horizon.

    Attributes:
        reason: `finished`, `max_steps`, an end of the scenario, or the code of a fault.
        owner: whose fault it was: `agent`, `model`, `environment`, or "" if the episode came to its proper end.
        detail: one sentence about the fault, or "".
    """

    reason: str
    owner: str = ""
    detail: str = ""


AnyInput = Called | Malformed | Withheld | Said | Edited | RanOn


class Answer(Struct, frozen=True, gc=False):
    """What a call gives: the text the agent reads, and the facts it makes."""

    text: str
    events: tuple[Event, ...] = ()


class Entry(Struct, frozen=True, gc=False, omit_defaults=True):
    """One input, its events in order, and the answer. `step` counts from 1."""

    step: int
    input: AnyInput
    events: tuple[AnyEvent, ...]
    answer: str = ""


class Header(Struct, frozen=True, gc=False):
    """Entry 0: what the episode started from.

    Attributes:
        scenario: its id, for example `corpenv/Mini-v0`.
        world: digest of everything authored that the episode stands on.
        condition: the level of every factor.
    """

    scenario: str
    world: str
    condition: dict[str, str]
    seed: int
    schema: int = SCHEMA


encoder = msgspec.json.Encoder(order="sorted")
encode, encode_lines = encoder.encode, encoder.encode_lines
decode_entry = msgspec.json.Decoder(Entry).decode
decode_event = msgspec.json.Decoder(AnyEvent).decode

T = TypeVar("T")


class Log(Struct, Generic[T], eq=False, gc=False):
    """A sequence that only grows, as a value: a size on a shared list.

    Extending the tip appends in place; extending anything older copies first, so a fork never disturbs its
    sibling. Not for two threads at once.

    Attributes:
        shared: the items, and maybe others behind them.
        size: how many there are.
    """

    shared: list[T]
    size: int

    @classmethod
    def of(cls, items: Iterable[T] = ()) -> Self:
        """A log of some items."""
        own = [*items]
        return cls(own, len(own))

    def add(self, item: T) -> "Log[T]":
        """The log with one item more."""
        shared, size = self.shared, self.size
        if len(shared) != size:
            shared = shared[:size]
        shared.append(item)
        return Log(shared, size + 1)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[T]:
        return islice(self.shared, self.size)

    def __reversed__(self) -> Iterator[T]:
        return islice(reversed(self.shared), len(self.shared) - self.size, None)

    def __getitem__(self, index: int) -> T:
        at = index + self.size if index < 0 else index
        if not 0 <= at < self.size:
            raise IndexError(f"{index} is outside a log of {self.size}")
        return self.shared[at]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Log):
            return NotImplemented
        return self.size == other.size and (self.shared is other.shared or list(self) == list(other))

    def __hash__(self) -> int:
        return hash((self.size, self.shared[self.size - 1] if self.size else None))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).of, (list(self),)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.size} items)"


class Record(NamedTuple):
    """Everything that happened in an episode, from its header on."""

    header: Header
    entries: Log[Entry]

    def add(self, entry: Entry) -> "Record":
        """The record with one entry more."""
        return Record(self.header, self.entries.add(entry))

    @property
    def events(self) -> Iterator[Event]:
        """Every event, in order."""
        return (event for entry in self.entries for event in entry.events)

    @property
    def lines(self) -> list[bytes]:
        """The header and every entry as JSON."""
        return [encode(self.header), *map(encode, self.entries)]

    @property
    def digests(self) -> Iterator[str]:
        """The chain: one sha256 in hex for the header and one after each entry, each over the lines up to there.

        An entry counts with what the world is: the input without the agent's words about it, the events, the answer.
        """
        chain = sha256()
        for item in (self.header, *map(without_words, self.entries)):
            chain.update(encode_lines((item,)))
            yield chain.hexdigest()

    @property
    def digest(self) -> str:
        """The last link of the chain."""
        lines: list[Header | Entry] = [self.header]
        for entry in self.entries:
            given = entry.input
            has_words = type(given) is not Called or given.message or given.reasoning is not None
            lines.append(without_words(entry) if has_words else entry)
        return sha256(encode_lines(lines)).hexdigest()

    def last_link(self, lines: Sequence[bytes]) -> str:
        """The last link of the chain, where `lines` are made already."""
        chain = sha256(lines[0] + b"\n")
        for entry, line in zip(self.entries, lines[1:], strict=True):
            bare = without_words(entry)
            chain.update((line if bare is entry else encode(bare)) + b"\n")
        return chain.hexdigest()

    @property
    def record_digest(self) -> str:
        """sha256 over everything, messages and reasoning included."""
        return sha256(b"".join(self.lines)).hexdigest()

    def __repr__(self) -> str:
        return f"Record({self.header.scenario}, seed {self.header.seed}, {len(self.entries)} entries)"


def without_words(entry: Entry) -> Entry:
    """The entry with no message and no reasoning."""
    given = entry.input
    if isinstance(given, Edited | RanOn):
        return entry
    if isinstance(given, Said):
        return Entry(entry.step, Said(""), entry.events, entry.answer)
    if not given.message and given.reasoning is None:
        return entry
    bare = msgspec.structs.replace(given, message="", reasoning=None)
    return Entry(entry.step, bare, entry.events, entry.answer)


def record_of(header: bytes, entries: Iterable[bytes]) -> Record:
    """The record behind its JSON lines.

    Raises:
        RecordError: names the line that is not an entry.
    """
    try:
        head = msgspec.json.decode(header, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordError(f"line 1: not the header of a record: {error}") from None
    if head.schema != SCHEMA:
        raise RecordError(f"line 1: this record has schema {head.schema}; this corpenv reads {SCHEMA}")
    log: list[Entry] = []
    for number, line in enumerate(entries, 2):
        try:
            log.append(decode_entry(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordError(f"line {number}: not an entry of a record: {error}") from None
    return Record(head, Log(log, len(log)))
