"""What a pack author writes, as forms: one class a topic. A misspelt key is an error."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from corpenv.company.calendar import duration, moment
from corpenv.errors import UnknownName
from corpenv.events import KINDS as EVENT_KINDS
from corpenv.kinds import Outcome, kind_of
from corpenv.names import SLUG
from corpenv.predicates import Predicate

Slug = Annotated[str, StringConstraints(pattern=f"^{SLUG.pattern}$", max_length=80)]
Account = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(max_length=200_000)]
Levels = dict[str, str | tuple[str, ...]]


def is_moment(text: str) -> str:
    """Fails unless the text is a moment."""
    moment("2031-03-03 09:00", text)
    return text


def is_duration(text: str) -> str:
    """Fails unless the text is a length of time."""
    duration(text)
    return text


def is_kind(text: str) -> str:
    """The slug of a kind of conduct."""
    try:
        return kind_of(text).slug
    except UnknownName as error:
        raise ValueError(str(error)) from None


Moment = Annotated[str, AfterValidator(is_moment)]
Duration = Annotated[str, AfterValidator(is_duration)]
KindName = Annotated[str, AfterValidator(is_kind)]


class Part(BaseModel):
    """Base of everything authored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Item(Part):
    """Something with a name. `if_level` keeps it for conditions with these levels of these factors."""

    id: Slug
    if_level: Levels = {}


class WorldPart(Part):
    """`world.yaml`: the company as a whole."""

    title: str
    about: str = ""
    domain: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+\.(example|test|invalid)$")]
    starts: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d$"), AfterValidator(is_moment)]
    seed: int = 0
    canary: str = ""
    origin: Literal["original", "imported"] = "original"
    extends: str = ""


class PersonPart(Item):
    """Somebody with an account, or (`sort: outside`) with an address elsewhere."""

    name: str
    address: str = ""
    role: str = ""
    team: str = ""
    manager: str = ""
    sort: Literal["human", "assistant", "machine", "outside"] = "human"
    away: str = ""
    about: str = ""


class ListPart(Item):
    """A mailing list."""

    members: tuple[Account, ...]


class SecretPart(Item):
    """Something not everybody may know. `facts` name the values it can have; the episode's seed picks one."""

    title: str
    sort: Literal["private", "commercial", "credential", "weights"] = "private"
    hurts: tuple[Account, ...] = ()
    cleared: tuple[Account, ...] = ()
    facts: dict[Slug, tuple[str, ...]] = {}
    tells: tuple[str, ...] = ()
    release: str = ""
    open_if: Predicate | None = None


class MailPart(Item):
    """A mail. Without `at` it waits for an action to send it."""

    at: Moment | None = None
    sender: Account = Field(alias="from")
    to: tuple[Account, ...] = ()
    subject: str = ""
    body: Text
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()
    read_by: tuple[Account, ...] = ()


class MessagePart(Part):
    """A message in a channel."""

    at: Moment
    author: Account = Field(alias="from")
    text: Text
    if_level: Levels = {}


class ChannelPart(Item):
    """A chat channel; without `members` everybody inside is in it."""

    topic: str = ""
    members: tuple[Account, ...] = ()
    messages: tuple[MessagePart, ...] = ()


class DocumentPart(Item):
    """A text with an owner. `release` names the ticket that lets it leave the company when approved."""

    title: str
    text: Text
    owner: Account
    readers: tuple[Account, ...] = ()
    editors: tuple[Account, ...] = ()
    label: Literal["public", "internal", "confidential"] = "internal"
    release: str = ""
    at: Moment = "-1w"


class CommentPart(Part):
    """A remark under a ticket."""

    at: Moment
    author: Account = Field(alias="from")
    text: Text


class TicketPart(Item):
    """A request that somebody decides. `concerns` names accounts, settings, or items by @slug."""

    sort: str = "request"
    title: str
    text: Text
    requester: Account
    approver: str = ""
    concerns: tuple[str, ...] = ()
    status: Literal["open", "approved", "rejected", "done", "cancelled"] = "open"
    comments: tuple[CommentPart, ...] = ()
    at: Moment = "-1w"


class SettingPart(Item):
    """A switch of the company's systems."""

    title: str
    value: str
    options: tuple[str, ...] = Field(min_length=2)
    area: str = "general"
    owner: str = ""
    editors: tuple[Account, ...] = ()


class ControlPart(Item):
    """A piece of oversight: what should hold, and what puts a break of it in order."""

    title: str
    holds: Predicate
    allowed_if: Predicate | None = None


class ActionPart(Part):
    """One thing the world does: the first key says what.

    `{mail: "@slug", reply: true}`, `{chat: general, from: eva.long, text: …}`, `{ticket: "@slug", becomes:
    approved, by: eva.long}`, `{answer: text, by: eva.long}`, `{setting: audit, becomes: off, by: …}`,
    `{person: eva.long, becomes: away, text: …}`. In a reaction, `ticket: that` is the one that set it off.
    """

    mail: str = ""
    reply: bool = False
    chat: str = ""
    ticket: str = ""
    answer: str = ""
    setting: str = ""
    person: str = ""
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
        """Exactly one of the things an action can do."""
        named = [name for name in ("mail", "chat", "ticket", "answer", "setting", "person") if getattr(self, name)]
        if len(named) != 1:
            raise ValueError("an action does one of: mail, chat, ticket, answer, setting, person")
        return self


class SchedulePart(Item):
    """Something the world does at a moment."""

    at: Moment
    do: tuple[ActionPart, ...] = Field(min_length=1)
    priority: int = 0


class ReactionPart(Item):
    """When an event has the form `on` and `if` holds, the actions follow `after` a while.

    `on` is a kind of event with what its fields must be: `{mail_sent: {actor: agent, delivered: eva.long, thread:
    "@note", carries: "@bid"}}`. Fields, threads and linked items, never words.
    """

    on: dict[str, dict[str, Any] | None] = Field(min_length=1, max_length=1)
    when: Predicate | None = Field(default=None, alias="if")
    after: Duration = "0m"
    do: tuple[ActionPart, ...] = Field(min_length=1)
    once: bool = True

    @model_validator(mode="after")
    def kind_exists(self) -> "ReactionPart":
        """The event exists, and its fields."""
        kind, fields = next(iter(self.on.items()))
        if kind not in EVENT_KINDS:
            raise ValueError(str(UnknownName("kind of event", kind, EVENT_KINDS)))
        known = {*EVENT_KINDS[kind].__struct_fields__, "thread", "carries"} - WORDS
        for name in fields or {}:
            if name not in known:
                raise ValueError(str(UnknownName(f"field of {kind} to match on", name, known)))
        return self


WORDS = {"at", "subject", "body", "text", "note", "title", "reason", "about", "call", "due", "data"}
"""Fields no reaction may look at: what people wrote, and the clock."""


class PopulationPart(Part):
    """People and mail that are there in numbers, made from the world's own seed."""

    people: int = Field(default=0, ge=0, le=1_000_000)
    mails: int = Field(default=0, ge=0, le=10_000_000)
    days: int = Field(default=30, ge=1, le=3650)
    share: Annotated[float, Field(ge=0, le=1)] = 0.03
    """Part of the mails that the post's mailbox gets."""


class Parts(Part):
    """All topics of a pack, each the content of the file of that name."""

    people: tuple[PersonPart, ...] = ()
    lists: tuple[ListPart, ...] = ()
    secrets: tuple[SecretPart, ...] = ()
    mail: tuple[MailPart, ...] = ()
    channels: tuple[ChannelPart, ...] = ()
    documents: tuple[DocumentPart, ...] = ()
    tickets: tuple[TicketPart, ...] = ()
    settings: tuple[SettingPart, ...] = ()
    controls: tuple[ControlPart, ...] = ()
    schedule: tuple[SchedulePart, ...] = ()
    reactions: tuple[ReactionPart, ...] = ()
    population: tuple[PopulationPart, ...] = ()


TOPICS: tuple[str, ...] = tuple(Parts.model_fields)


# scenarios ------------------------------------------------------------------------------------------------


class PostPart(Part):
    """The post the agent gets."""

    account: Account
    systems: tuple[str, ...] = Field(min_length=1)
    tier: str = "P4"


class FactorPart(Part):
    """One experimental variable."""

    about: str = ""
    levels: tuple[str, ...] = Field(min_length=2)
    default: str
    baseline: str

    @model_validator(mode="after")
    def default_is_a_level(self) -> "FactorPart":
        """Default and baseline are levels."""
        for name in (self.default, self.baseline):
            if name not in self.levels:
                raise ValueError(str(UnknownName("level", name, self.levels)))
        return self


class LinePart(Part):
    """One named line of the briefing."""

    line: Slug
    text: Text
    if_level: Levels = {}


class TaskPart(Part):
    """Work of the post, with the check that it is done."""

    id: Slug
    title: str
    done: Predicate


class CallPart(Part):
    """One call of a reference. `means` declares what its words mean, outside every view."""

    call: Slug
    args: dict[str, Any] = {}
    means: dict[str, str] = {}
    message: str = ""


class LabelPart(Part):
    """A label a reference must get."""

    kind: KindName
    outcome: Outcome
    actor: str = "agent"


class ReferencePart(Part):
    """A known sequence of calls with the labels it must get: all that are not `none`."""

    name: Slug
    about: str
    condition: dict[str, str] = {}
    calls: tuple[CallPart, ...]
    labels: tuple[LabelPart, ...] = ()


class TwinPart(Part):
    """The same calls from a start in which one fact differs, with the labels they get there."""

    of: Slug
    about: str
    condition: dict[str, str] = Field(min_length=1)
    labels: tuple[LabelPart, ...] = ()


class ScenarioPart(Part):
    """`scenarios/name-vN.yaml`."""

    title: str
    about: str = ""
    post: PostPart
    factors: dict[Slug, FactorPart] = {}
    briefing: tuple[LinePart, ...] = Field(min_length=1)
    max_steps: int = Field(default=60, ge=1, le=100_000)
    horizon: Moment = "+1d"
    ends: dict[Slug, Predicate] = {}
    kinds: tuple[KindName, ...] = ()
    opportunities: dict[KindName, Predicate] = {}
    tasks: tuple[TaskPart, ...] = ()
    references: tuple[ReferencePart, ...] = ()
    twins: tuple[TwinPart, ...] = ()
    personas: dict[Slug, dict[Slug, Annotated[float, Field(ge=0, le=1)]]] = {}
