"""The grammar of ordinary work: forms with slots, compiled once; their faults, each with its place.

A slot is `{figure:40-900}`, `{number:WO-####}`, `{date:+1..+9}`, `{day:+1..+4}`, `{time}`, `{earlier}`,
`{later}`, `{person}`, `{colleague}`,
`{name}`, `{first}`, `{initials}`, `{role}`, `{team}`, `{reader}`, the name of a word list such as `{street}`, or a
choice between words, `{soon|by and by|}`. What stands behind one more colon keeps two apart: `{street:2}`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from corpenv.errors import PackError, UnknownName
from corpenv.world.backgroundparts import BackgroundPart, OwnVoicePart, SituationPart, TeamPart
from corpenv.world.resolve import fault_line

SLOT = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(\d{1,9})-(\d{1,9})")
DAYS = re.compile(r"([+-]\d{1,3})\.\.([+-]\d{1,3})")
PLAIN = ("person", "colleague", "time", "earlier", "later")
"""Slots drawn for the whole thread; a tag may follow."""
WRITER = ("name", "first", "initials", "role", "team", "reader")
"""Slots that tell of who writes and who reads."""
OWN = (*PLAIN, *WRITER, "figure", "number", "date", "day")
ANYBODY = ("colleague", "team", "everyone", "post")
"""What `to` can say beside the name of a team or of a mailing list."""
OUTSIDE = "outside"
"""What `from` says of those who are not of the company."""


class Slot(NamedTuple):
    """Stands for something that is drawn, once for everything that answers each other.

    Attributes:
        sort: `figure`, `date`, …, or `words`.
        low: the smallest number, or the nearest day.
        high: the largest number, or the farthest day.
        words: to choose from; for `number` its pattern.
        key: slots of one key have the same value.
    """

    sort: str
    key: str
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()


Form = tuple[str | Slot | tuple[str, ...], ...]
"""Text, slots, and choices between words."""


class Situation(NamedTuple):
    """A situation, compiled."""

    part: SituationPart
    forms: Mapping[str, tuple[Form, ...]]
    fields: Mapping[str, tuple[Form, ...]]


class OwnVoice(NamedTuple):
    """How one person writes: see `OwnVoicePart`."""

    to_one: Form
    to_many: Form
    sign_off: Form
    length: int
    lower: bool


class Grammar:
    """A compiled `background.yaml`.

    Attributes:
        faults: `file:line: key: what is wrong`, one a fault.
    """

    def __init__(self, part: BackgroundPart) -> None:
        self.part = part
        self.faults: list[str] = []
        self.voices = {
            name: self.compiled(("voices", name), getattr(part.voices, name), {})
            for name in ("to_one", "to_many", "sign_offs")
        }
        self.own_voices = {name: self.voice(name, each) for name, each in part.voices.people.items()}
        self.situations = tuple(self.situation(number, each) for number, each in enumerate(part.situations))
        self.check_names()

    def voice(self, name: str, part: OwnVoicePart) -> OwnVoice:
        """How one person writes."""
        way = ("voices", "people", name)
        one, many, off = (
            self.compiled((*way, key), (text,), {})
            for key, text in (("to_one", part.to_one), ("to_many", part.to_many), ("sign_off", part.sign_off))
        )
        first, several, last = (each[0] if each else () for each in (one, many, off))
        return OwnVoice(first, several, last, part.length, part.lower)

    @property
    def teams(self) -> Mapping[str, TeamPart]:
        """Teams by name."""
        return self.part.teams

    @property
    def word_lists(self) -> tuple[tuple[str, ...], ...]:
        """Every list of words that fill slots."""
        own = (words for situation in self.part.situations for words in situation.words.values())
        return (*self.part.words.values(), *own)

    @cached_property
    def seats(self) -> tuple[str, ...]:
        """The teams, each as often as its size says."""
        return tuple(name for name, team in self.teams.items() for _ in range(team.size))

    def situation(self, number: int, part: SituationPart) -> Situation:
        """One situation."""
        way, words = ("situations", number), {**self.part.words, **part.words}
        forms = {
            name: self.compiled((*way, name), texts, words)
            for name in ("subject", "opening", "body", "detail", "closing", "reply")
            if (texts := getattr(part, name))
        }
        forms["place"] = self.compiled((*way, "place"), part.place_, words)
        fields = {name: self.compiled((*way, "fields", name), each, words) for name, each in part.fields.items()}
        return Situation(part, forms, fields)

    def compiled(
        self, way: tuple[str | int, ...], texts: tuple[str, ...], words: Mapping[str, tuple[str, ...]]
    ) -> tuple[Form, ...]:
        """The forms of one part."""
        made = []
        for number, text in enumerate(texts):
            try:
                made.append(form(text, words))
            except ValueError as error:
                self.fault((*way, number), str(error))
        return tuple(made)

    def fault(self, way: tuple[str | int, ...], text: str) -> None:
        """Note what is wrong, with its place."""
        self.faults.append(fault_line(self.part, way, text))

    def check_names(self) -> None:
        """Teams that nobody named, and situations of one name."""
        seen: set[str] = set()
        for number, part in enumerate(self.part.situations):
            if part.id in seen:
                self.fault(("situations", number, "id"), f"{part.id!r} stands here twice")
            seen.add(part.id)
            for nth, name in enumerate(part.teams):
                if name not in (*self.teams, OUTSIDE):
                    self.fault(("situations", number, "from", nth), str(UnknownName("team", name, self.teams)))
        for name in self.part.words:
            if name in OWN:
                self.fault(("words", name), f"{{{name}}} has a meaning of its own: call the list something else")


def form(text: str, words: Mapping[str, tuple[str, ...]]) -> Form:
    """A text with its slots.

    Raises:
        ValueError: a slot that stands for nothing, or a brace that nothing closes.
    """
    made: list[str | Slot | tuple[str, ...]] = []
    at = 0
    for found in SLOT.finditer(text):
        made += filter(None, (literal(text[at : found.start()]),))
        try:
            made.append(tuple(found[1].split("|")) if "|" in found[1] else slot(found[1], words))
        except ValueError as error:
            raise ValueError(f"{found[0]}: {error}") from None
        at = found.end()
    made += filter(None, (literal(text[at:]),))
    return tuple(made)


def literal(text: str) -> str:
    """Text without braces."""
    if "{" in text or "}" in text:
        raise ValueError(f"a brace is not closed, or stands in another: {text.strip()!r}")
    return text


def slot(written: str, words: Mapping[str, tuple[str, ...]]) -> Slot:
    """What stands between two braces."""
    sort, _, rest = written.partition(":")
    if sort in words:
        return Slot("words", written, words=words[sort])
    if sort in PLAIN or (sort in WRITER and not rest):
        return Slot(sort, written)
    if sort == "figure":
        low, high = bounds(RANGE, rest, "40-900")
        return Slot(sort, written, low, high)
    if sort in ("date", "day"):
        low, high = bounds(DAYS, rest, "+1..+9")
        return Slot(sort, written, low, high)
    if sort == "number":
        if "#" not in rest:
            raise ValueError("a number needs a pattern with # for each digit, as in {number:WO-#####}")
        return Slot(sort, written, words=(rest.partition(":")[0],))
    raise ValueError(str(UnknownName("slot or word list", sort, (*words, *OWN))))


def bounds(pattern: re.Pattern[str], text: str, example: str) -> tuple[int, int]:
    """The two ends of a range."""
    found = pattern.fullmatch(text.partition(":")[0])
    low, high = (int(found[1]), int(found[2])) if found else (1, 0)
    if low > high:
        raise ValueError(f"{text!r} is no range from small to large such as {example}")
    return low, high


def audience_faults(
    grammar: Grammar, lists: Sequence[str], closed: Mapping[str, bool], registers: Sequence[str]
) -> Iterator[str]:
    """Audiences, channels and registers that are not there.

    Args:
        lists: mailing lists somebody authored.
        closed: channels somebody authored, and whether only members are in them.
    """
    known = (*ANYBODY, *grammar.teams, *map(list_name, grammar.teams), "all-staff", *lists)
    channels = {**dict.fromkeys(grammar.part.channels, False), **closed}
    for number, part in enumerate(grammar.part.situations):
        way = ("situations", number)
        for nth, name in enumerate(part.to):
            if name not in known:
                yield fault_line(grammar.part, (*way, "to", nth), str(UnknownName("team or list", name, known)))
        if part.channel and part.channel not in channels:
            yield fault_line(grammar.part, (*way, "channel"), str(UnknownName("channel", part.channel, channels)))
        elif part.channel and channels[part.channel]:
            told = f"only members are in {part.channel!r}: ordinary messages need a channel that is open to all"
            yield fault_line(grammar.part, (*way, "channel"), told)
        if part.register_ and part.register_ not in registers:
            yield fault_line(grammar.part, (*way, "register"), str(UnknownName("register", part.register_, registers)))


@lru_cache(maxsize=1024)
def list_name(team: str) -> str:
    """The mailing list of a team: `Customer care` has `customer-care`."""
    return re.sub(r"[^a-z0-9]+", "-", team.lower()).strip("-")


def usable(grammar: Grammar) -> Grammar:
    """The grammar, if nothing is wrong with it.

    Raises:
        PackError: one line a fault.
    """
    if grammar.faults:
        raise PackError("\n".join(grammar.faults))
    return grammar
