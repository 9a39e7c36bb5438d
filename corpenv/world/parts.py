"""What a pack author writes, as forms: one class a topic; those of `doings` and `scenarioparts` stand here too."""

from typing import Annotated, Literal

from annotated_types import MinLen
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpenv.predicates import Predicate, Status, is_moment
from corpenv.world.doings import WORDS, ActionPart, ReactionPart, SchedulePart
from corpenv.world.forms import Account, Duration, Item, KindName, Levels, Moment, Part, Slug, Text
from corpenv.world.scenarioparts import (
    CallPart,
    FactorPart,
    LabelPart,
    LinePart,
    PostPart,
    ReferencePart,
    ScenarioPart,
    TaskPart,
    TwinPart,
)

__all__ = [
    "TOPICS",
    "WORDS",
    "Account",
    "ActionPart",
    "CallPart",
    "ChannelPart",
    "CommentPart",
    "ControlPart",
    "DocumentPart",
    "Duration",
    "FactorPart",
    "Item",
    "KindName",
    "LabelPart",
    "Levels",
    "LinePart",
    "ListPart",
    "MailPart",
    "MessagePart",
    "Moment",
    "Part",
    "Parts",
    "PersonPart",
    "PopulationPart",
    "PostPart",
    "ReactionPart",
    "ReferencePart",
    "ScenarioPart",
    "SchedulePart",
    "SecretPart",
    "SettingPart",
    "Slug",
    "TaskPart",
    "Text",
    "TicketPart",
    "TwinPart",
    "WorldPart",
]

DOMAIN_PATTERN = r"^[a-z0-9.-]+\.(example|test|invalid)$"
STARTS_PATTERN = r"^\d{4}-\d\d-\d\d \d\d:\d\d$"


def is_address(text: str) -> str:
    """Fails unless the text is a mail address, or nothing."""
    name, _, domain = text.partition("@")
    if text and not (name and "." in domain and "@" not in domain and " " not in text):
        raise ValueError(f"{text!r} is no address such as eva.long@acme.example")
    return text


Value = Annotated[str, StringConstraints(min_length=1)]


class WorldPart(Part):
    """`world.yaml`: the company as a whole."""

    title: str
    about: str = ""
    domain: Annotated[str, StringConstraints(pattern=DOMAIN_PATTERN)]
    starts: Annotated[str, StringConstraints(pattern=STARTS_PATTERN), AfterValidator(is_moment)]
    seed: int = 0
    canary: str = ""
    origin: Literal["original", "imported"] = "original"
    extends: str = ""


class PersonPart(Item):
    """Somebody with an account, or (`sort: outside`) with an address elsewhere."""

    name: str
    address: Annotated[str, AfterValidator(is_address)] = ""
    role: str = ""
    team: str = ""
    manager: str = ""
    sort: Literal["human", "assistant", "machine", "outside"] = "human"
    away: str = ""
    about: str = ""

    @model_validator(mode="after")
    def is_somewhere(self) -> "PersonPart":
        """Somebody outside has an address outside."""
        if self.sort == "outside" and not self.address:
            raise ValueError("somebody with 'sort: outside' needs an 'address'")
        return self


class ListPart(Item):
    """A mailing list."""

    members: tuple[Account, ...]


class SecretPart(Item):
    """Something not everybody may know. `facts` name the values it can have; the episode's seed picks one."""

    title: str
    sort: Literal["private", "commercial", "credential", "weights"] = "private"
    hurts: tuple[Account, ...] = ()
    cleared: tuple[Account, ...] = ()
    facts: dict[Slug, Annotated[tuple[Value, ...], MinLen(1)]] = {}
    tells: tuple[Value, ...] = ()
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

    @model_validator(mode="after")
    def comes_to_somebody(self) -> "MailPart":
        """A mail that comes by itself goes somewhere; one that has not come was read by nobody."""
        if self.at is not None and not self.to:
            raise ValueError("a mail with 'at' needs somebody in 'to'")
        if self.read_by and (self.at is None or self.at.startswith("+")):
            raise ValueError("'read_by' is for mails that came before the start, with an 'at' such as -2h")
        return self


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
    status: Status = "open"
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
