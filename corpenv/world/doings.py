"""What an author writes of what the world does by itself: actions, the schedule and reactions."""

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpenv.errors import UnknownName
from corpenv.events import KINDS as EVENT_KINDS
from corpenv.predicates import Predicate, Status
from corpenv.tools.tiers import TIERS
from corpenv.world.forms import Duration, Item, Moment, Part

DOINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "mail": ((), ("reply",)),
    "chat": (("from", "text"), ()),
    "ticket": (("becomes", "from"), ()),
    "answer": (("from",), ()),
    "setting": (("becomes", "from"), ()),
    "person": (("becomes",), ("text",)),
    "alert": (("becomes", "from"), ()),
    "alarm": (("becomes", "from"), ()),
    "grant": (("becomes", "from"), ()),
    "job": (("becomes", "from"), ()),
    "prompt": (("becomes", "from"), ()),
    "service": (("text",), ()),
}
"""What an action does → the keys it needs, and those it may have."""


BECOMES: dict[str, tuple[str, ...]] = {
    "ticket": get_args(Status),
    "person": ("away", "present", "back"),
    "alert": ("acknowledged", "escalated", "closed"),
    "alarm": ("dispatched", "cancelled", "handled"),
    "grant": TIERS,
    "job": ("cancelled",),
    "prompt": ("approved", "rejected"),
}
"""What becomes of something → the states it can have."""


class ActionPart(Part):
    """One thing the world does: the first key says what.

    `{mail: "@slug", reply: true}`, `{chat: general, from: eva.long, text: …}`, `{ticket: "@slug", becomes:
    approved, by: eva.long}`, `{answer: text, by: eva.long}`, `{setting: audit, becomes: off, by: …}`,
    `{person: eva.long, becomes: away, text: …}`, `{alert: that, becomes: acknowledged, by: …}`, `{alarm: "@slug",
    becomes: dispatched, by: …}`, `{grant: desk, becomes: P0, by: …}`, `{job: "@slug", becomes: cancelled, by: …}`,
    `{prompt: "@slug", becomes: approved, by: …}`, `{service: "log-1:audit", text: …}`. In a reaction, `that` is the
    ticket, alert, alarm, job or prompt that set it off.
    """

    mail: str = ""
    reply: bool = False
    chat: str = ""
    ticket: str = ""
    answer: str = ""
    setting: str = ""
    person: str = ""
    alert: Literal["", "that"] = ""
    alarm: str = ""
    grant: str = ""
    job: str = ""
    prompt: str = ""
    service: Annotated[str, StringConstraints(pattern=r"^([^:\s]+:[^:\s]+)?$")] = ""
    by: str = Field(default="", alias="from")
    becomes: str = ""
    text: str = ""

    @model_validator(mode="before")
    @classmethod
    def by_is_from(cls, raw: Any) -> Any:
        """`by` and `from` say the same."""
        if isinstance(raw, dict) and "by" in raw and "from" not in raw:
            return {("from" if key == "by" else key): value for key, value in raw.items()}
        return raw

    @model_validator(mode="after")
    def does_one_thing(self) -> "ActionPart":
        """Exactly one of the things an action can do, with the keys that belong to it."""
        given = [self.key_of(name) for name in type(self).model_fields if getattr(self, name)]
        doing = [name for name in DOINGS if name in given]
        if len(doing) != 1:
            raise ValueError(f"an action does one of: {', '.join(DOINGS)}")
        needed, more = DOINGS[doing[0]]
        for key in needed:
            if key not in given:
                raise ValueError(f"with {doing[0]!r}, {key!r} is missing")
        for key in given:
            if key not in (*doing, *needed, *more):
                raise ValueError(f"{key!r} says nothing with {doing[0]!r}")
        self.becomes_something(doing[0])
        return self

    def becomes_something(self, doing: str) -> None:
        """A ticket and a person become what they can be."""
        options, article = BECOMES.get(doing, (self.becomes,)), "an" if doing.startswith("a") else "a"
        if self.becomes not in options:
            raise ValueError(f"becomes: {UnknownName(f'state of {article} {doing}', self.becomes, options)!s}")
        if doing == "person" and (self.becomes == "away") != bool(self.text):
            raise ValueError("'text' is the automatic answer of somebody who is away: needed then, and only then")

    @staticmethod
    def key_of(name: str) -> str:
        """The key of a field."""
        return "from" if name == "by" else name


WORDS = {"at", "subject", "body", "text", "note", "title", "place", "reason", "about", "call", "due", "data"}
"""Fields no reaction may look at: what people wrote, and the clock."""


def is_event(on: dict[str, Any]) -> dict[str, Any]:
    """Fails unless there is such a kind of event, with these fields."""
    kind, fields = next(iter(on.items()))
    if kind not in EVENT_KINDS:
        raise ValueError(str(UnknownName("kind of event", kind, EVENT_KINDS)))
    known = {*EVENT_KINDS[kind].__struct_fields__, "thread", "carries"} - WORDS
    for name, value in (fields or {}).items():
        if name not in known:
            raise ValueError(str(UnknownName(f"field of {kind} to match on", name, known)))
        if not all(isinstance(each, str | bool) for each in (value if isinstance(value, list | tuple) else (value,))):
            raise ValueError(f"{name}: a text is needed, or true, or a list of texts")
    return on


TRIGGERS = (
    ("ticket", "ticket_id"),
    ("alert", "alert_id"),
    ("alarm", "alarm_id"),
    ("job", "job_id"),
    ("prompt", "prompt_id"),
)
"""What an action may call `that` → the field of an event that set it off."""


def fit(kind: str, doings: tuple[ActionPart, ...]) -> None:
    """Fails if an action is about what set it off, and that is something else."""
    fields = EVENT_KINDS[kind].__struct_fields__
    for doing in doings:
        said = [("that", field) for key, field in TRIGGERS if getattr(doing, key) == "that"]
        for name, field in [*said, *([("reply", "mail_id")] if doing.reply else [])]:
            if field not in fields:
                raise ValueError(f"do: {name!r} is about what set the reaction off, and {kind} has no {field}")


class SchedulePart(Item):
    """Something the world does at a moment."""

    at: Moment
    do: tuple[ActionPart, ...] = Field(min_length=1)
    priority: int = 0


class ReactionPart(Item):
    """When an event has the form `on` and `if` holds, the actions follow `after` a while, if `still` holds then.

    `on` is a kind of event with what its fields must be: `{mail_sent: {actor: agent, delivered: eva.long, thread:
    "@note", carries: "@bid"}}`. Fields, threads and linked items, never words.
    """

    on: Annotated[dict[str, dict[str, Any] | None], Field(min_length=1, max_length=1), AfterValidator(is_event)]
    when: Predicate | None = Field(default=None, alias="if")
    after: Duration = "0m"
    still: Predicate | None = None
    do: tuple[ActionPart, ...] = Field(min_length=1)
    once: bool = True

    @model_validator(mode="after")
    def is_about_its_event(self) -> "ReactionPart":
        """What the actions answer or decide is what set them off."""
        fit(next(iter(self.on)), self.do)
        return self
