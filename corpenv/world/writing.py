"""How ordinary texts are written: a thread keeps its facts, a person keeps a voice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from corpenv.company.calendar import DAYS
from corpenv.company.items import Person
from corpenv.world.grammar import Form, Grammar, Situation, Slot
from corpenv.world.officehours import DAY, HOUR, QUARTER, Dice

if TYPE_CHECKING:
    from corpenv.world.background import Piece

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
NAMES_OF_DAYS = tuple(WEEKDAYS.values())


LONG = 3
"""The length of people who write of something else too."""
LENGTHS = (0, 1, 1, 2, 2, 2, LONG, LONG)
"""How people's lengths are spread."""


class Voice(NamedTuple):
    """How one person writes.

    Attributes:
        to_one: how they greet one reader; `to_many` several.
        length: 0 says what there is to say, 1 opens first, 2 adds details and an ending, 3 says something else too.
        lower: writes no capitals.
    """

    to_one: Form
    to_many: Form
    sign_off: Form
    length: int
    lower: bool = False


class Talk:
    """What is said of one situation by people who answer each other.

    Attributes:
        day: when it began; dates are counted from it. `clock` is the time of day, in seconds after midnight.
        turn: which form of the body it takes; talks of one situation on one day take turns.
        cast: people to be named; `near` those of the first writer's team.
        values: slots that have been filled, for everybody who takes part.
        said: how many answers it has; `first` is the form of the first one.
        last: its latest item.
    """

    __slots__ = ("cast", "clock", "day", "dice", "first", "last", "near", "said", "situation", "turn", "values")

    def __init__(
        self,
        situation: Situation,
        when: datetime,
        turn: int,
        dice: Dice,
        cast: Sequence[Person],
        near: Sequence[Person],
    ) -> None:
        self.situation, self.turn, self.dice, self.cast, self.near = situation, turn, dice, cast, near
        self.day, self.clock = when.date(), when.hour * 3600 + when.minute * 60
        self.values: dict[str, str] = {}
        self.first, self.said = dice.below(1000), 0
        self.last: Piece | None = None

    def value(self, slot: Slot) -> str:
        """What a slot stands for in this talk."""
        if slot.key not in self.values:
            self.values[slot.key] = self.drawn(slot)
        return self.values[slot.key]

    def drawn(self, slot: Slot) -> str:
        """A value for a slot that has none yet."""
        return DRAWN[slot.sort](self, slot)

    def word(self, slot: Slot) -> str:
        """A word of a list that nothing else in this talk is called, if there is one."""
        used = self.values.values()
        left = [word for word in slot.words if word not in used] or slot.words
        return left[self.dice.below(len(left))]

    def figure(self, slot: Slot) -> int:
        """A number of the slot's range."""
        return slot.low + self.dice.below(slot.high - slot.low + 1)

    def number(self, slot: Slot) -> str:
        """A pattern with digits, none of them 0, in the places of its signs."""
        return "".join(str(1 + self.dice.below(9)) if sign == "#" else sign for sign in slot.words[0])

    def time(self, slot: Slot) -> str:
        """A quarter of an hour in office hours."""
        return clock_text(8 * HOUR + QUARTER * self.dice.below(36))

    def earlier(self, slot: Slot) -> str:
        """A quarter of an hour that is just past."""
        return clock_text(max(0, self.clock - QUARTER * (1 + self.dice.below(8))))

    def later(self, slot: Slot) -> str:
        """A quarter of an hour that will be soon, the same day."""
        return clock_text(min(DAY - QUARTER, self.clock + QUARTER * (2 + self.dice.below(14))))

    def someone(self, among: Sequence[Person]) -> Person:
        """One of the people."""
        return among[self.dice.below(len(among))]


DRAWN: Mapping[str, Callable[[Talk, Slot], str]] = {
    "words": Talk.word,
    "figure": lambda talk, slot: str(talk.figure(slot)),
    "number": Talk.number,
    "time": Talk.time,
    "earlier": Talk.earlier,
    "later": Talk.later,
    "date": lambda talk, slot: told(working(talk.day, talk.figure(slot)), short=False),
    "day": lambda talk, slot: told(working(talk.day, talk.figure(slot)), short=True),
    "person": lambda talk, slot: talk.someone(talk.cast).name,
    "colleague": lambda talk, slot: talk.someone(talk.near).name.partition(" ")[0],
}
"""Sort of a slot → what stands for it."""


def clock_text(clock: int) -> str:
    """`14:45`, to the quarter of an hour."""
    return f"{clock // 3600:02}:{clock % 3600 // QUARTER * 15:02}"


def working(day: date, days: int) -> date:
    """That many days on, or the first working day after."""
    then = day + timedelta(days=days)
    return then + timedelta(days=max(0, 7 - then.weekday())) if then.weekday() > 4 else then


def told(day: date, short: bool) -> str:
    """`Thursday`, or `Thursday 13 November`."""
    name = NAMES_OF_DAYS[day.weekday()]
    return name if short else f"{name} {day.day} {MONTHS[day.month - 1]}"


def filled(form: Form, talk: Talk, own: Mapping[str, str], dice: Dice) -> str:
    """The text of a form.

    Args:
        own: what stands for the slots that tell of the writer and the reader.
        dice: chooses between words.
    """
    made = []
    for part in form:
        if isinstance(part, str):
            made.append(part)
        elif isinstance(part, Slot):
            made.append(own[part.sort] if part.sort in own else talk.value(part))
        else:
            made.append(part[dice.below(len(part))])
    return "".join(made)


class Writer:
    """Writes for the people of one world."""

    def __init__(self, grammar: Grammar, seed: int) -> None:
        self.grammar, self.seed = grammar, seed
        self._voices: dict[str, Voice] = {}

    def voice(self, person: Person) -> Voice:
        """How somebody writes, always."""
        if person.id in self.grammar.own_voices:
            return Voice(*self.grammar.own_voices[person.id])
        if person.id not in self._voices:
            dice = Dice(self.seed, "voice", person.id)
            forms = self.grammar.voices
            one, many, off = (forms[name] for name in ("to_one", "to_many", "sign_offs"))
            self._voices[person.id] = Voice(
                one[dice.below(len(one))],
                many[dice.below(len(many))],
                off[dice.below(len(off))],
                LENGTHS[dice.below(len(LENGTHS))],
            )
        return self._voices[person.id]

    def subject(self, talk: Talk, writer: Person, dice: Dice) -> str:
        """A subject or title, which begins with a capital."""
        return begun(self.one_of("subject", talk, about(writer), dice))

    def one_of(self, part: str, talk: Talk, own: Mapping[str, str], dice: Dice) -> str:
        """One form of a part of the situation; "" if it has none."""
        forms = talk.situation.forms.get(part, ())
        if not forms:
            return ""
        number = talk.turn if part == "body" else dice.below(len(forms))
        return filled(forms[number % len(forms)], talk, own, dice)

    def letter(self, talk: Talk, writer: Person, reader: Person | None, dice: Dice, aside: Talk | None = None) -> str:
        """The text of a mail; without a `reader` it goes to many. Who writes long mails adds what `aside` is about."""
        voice, own = self.voice(writer), about(writer, reader)
        parts = [
            self.one_of("opening", talk, own, dice) if voice.length else "",
            self.one_of("body", talk, own, dice),
            self.one_of("detail", talk, own, dice) if voice.length >= 2 and dice.below(3) else "",
            self.one_of("closing", talk, own, dice) if dice.below(3) < voice.length + 1 else "",
        ]
        text = " ".join(map(begun, filter(None, parts)))
        if aside and voice.length == LONG:
            other = (self.one_of(name, aside, own, dice) for name in ("body", "detail", "closing"))
            text = f"{text}\n\n{' '.join(map(begun, filter(None, other)))}"
        return self.enveloped(text, talk, voice, own, reader is None, dice)

    def answer(self, talk: Talk, writer: Person, reader: Person | None, dice: Dice) -> str:
        """The text of a mail that answers; short people neither greet nor say who they are."""
        voice, own = self.voice(writer), about(writer, reader)
        text = self.follow_up(talk, own, dice)
        if voice.lower:
            text = text.lower()
        return text if voice.length == 0 else self.enveloped(text, talk, voice, own, reader is None, dice)

    def enveloped(self, text: str, talk: Talk, voice: Voice, own: Mapping[str, str], many: bool, dice: Dice) -> str:
        """A text between a greeting and a name."""
        greeting = filled(voice.to_many if many else voice.to_one, talk, own, dice)
        whole = "\n\n".join(filter(None, (greeting, text, filled(voice.sign_off, talk, own, dice))))
        return whole.lower() if voice.lower else whole

    def follow_up(self, talk: Talk, own: Mapping[str, str], dice: Dice) -> str:
        """What is said next: no form comes twice before all have been used."""
        forms = talk.situation.forms["reply"]
        talk.said += 1
        return filled(forms[(talk.first + talk.said) % len(forms)], talk, own, dice)

    def report(self, talk: Talk, writer: Person, dice: Dice) -> str:
        """The text of a document: an opening, several points in an order of its own, an ending."""
        own, points = about(writer), list(talk.situation.forms["body"])
        lines = [self.one_of("opening", talk, own, dice)]
        for _ in range(min(len(points), 3 + dice.below(3))):
            lines.append(f"- {begun(filled(points.pop(dice.below(len(points))), talk, own, dice))}")
        lines.append(self.one_of("closing", talk, own, dice))
        return "\n".join(filter(None, lines))

    def note(self, talk: Talk, writer: Person, dice: Dice) -> str:
        """The text of a ticket or a meeting: what there is to say, without a greeting."""
        own = about(writer)
        parts = (self.one_of(name, talk, own, dice) for name in ("opening", "body", "closing"))
        return " ".join(map(begun, filter(None, parts)))


def begun(sentence: str) -> str:
    """A sentence with a capital."""
    return sentence[:1].upper() + sentence[1:]


def about(writer: Person, reader: Person | None = None) -> dict[str, str]:
    """What stands for the slots that tell of the writer and the reader."""
    first, _, _ = writer.name.partition(" ")
    return {
        "name": writer.name,
        "first": first,
        "initials": "".join(word[0] for word in writer.name.split()),
        "role": writer.role,
        "team": writer.team,
        "reader": reader.name.partition(" ")[0] if reader else "all",
    }
