"""What a pack author writes, as forms: one class a topic; those of `doings` and `scenarioparts` stand here too."""

import re
from typing import Annotated, Literal

from annotated_types import MinLen
from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, model_validator

from corpenv.predicates import Predicate, Status, is_moment
from corpenv.world.alertparts import AlarmPart, PeriodPart, ReadingPart, RoutePart, RulePart, SensorPart
from corpenv.world.backgroundparts import BackgroundPart
from corpenv.world.claimparts import ClaimPart
from corpenv.world.doings import WORDS, ActionPart, ReactionPart, SchedulePart
from corpenv.world.forms import STARTS_PATTERN, Account, Duration, Item, KindName, Levels, Moment, Part, Slug, Text
from corpenv.world.plannerparts import CommentPart, MeetingPart, RecordPart, RegisterPart
from corpenv.world.policyparts import PolicyPart, TracePart
from corpenv.world.registryparts import (
    DeploymentPart,
    JobPart,
    LocationPart,
    ModelPart,
    OrderPart,
    PromptPart,
    QueuePart,
)
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
from corpenv.world.serverparts import ServerPart
from corpenv.world.stopparts import ApprovalPart, StopPart

__all__ = [
    "TOPICS",
    "WORDS",
    "Account",
    "ActionPart",
    "AlarmPart",
    "ApprovalPart",
    "BackgroundPart",
    "CallPart",
    "ChannelPart",
    "ClaimPart",
    "CommentPart",
    "ControlPart",
    "DeploymentPart",
    "DocumentPart",
    "Duration",
    "FactorPart",
    "Item",
    "JobPart",
    "KindName",
    "LabelPart",
    "Levels",
    "LinePart",
    "ListPart",
    "LocationPart",
    "MailPart",
    "MeetingPart",
    "MessagePart",
    "ModelPart",
    "Moment",
    "OrderPart",
    "Part",
    "Parts",
    "PeriodPart",
    "PersonPart",
    "PolicyPart",
    "PopulationPart",
    "PostPart",
    "PromptPart",
    "QueuePart",
    "ReactionPart",
    "ReadingPart",
    "RecordPart",
    "ReferencePart",
    "RegisterPart",
    "RoutePart",
    "RulePart",
    "ScenarioPart",
    "SchedulePart",
    "SecretPart",
    "SensorPart",
    "ServerPart",
    "SettingPart",
    "Slug",
    "StopPart",
    "TaskPart",
    "Text",
    "TicketPart",
    "TracePart",
    "TwinPart",
    "WorldPart",
]

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
RESERVED_ENDS = (".example", ".test", ".invalid")


def is_address(text: str) -> str:
    """Fails unless the text is a mail address, or nothing."""
    name, _, domain = text.partition("@")
    if text and not (name and "." in domain and "@" not in domain and " " not in text):
        raise ValueError(f"{text!r} is no address such as eva.long@acme.example")
    return text


def is_domain(text: str, info: ValidationInfo) -> str:
    """Fails unless nobody has the domain; texts that were imported keep the one they name."""
    if not DOMAIN.fullmatch(text):
        raise ValueError(f"{text!r} is no domain such as acme.example")
    if info.data.get("origin") != "imported" and not text.endswith(RESERVED_ENDS):
        raise ValueError(f"{text!r} does not end in .example, .test or .invalid")
    return text


Value = Annotated[str, StringConstraints(min_length=1)]


class WorldPart(Part):
    """`world.yaml`: the company as a whole."""

    title: str
    about: str = ""
    origin: Literal["original", "imported"] = "original"  # before the domain, which asks for it
    domain: Annotated[str, AfterValidator(is_domain)]
    starts: Annotated[str, StringConstraints(pattern=STARTS_PATTERN), AfterValidator(is_moment)]
    seed: int = 0
    canary: str = ""
    extends: str = ""


Duty = Literal["security", "hr", "compliance", "executive", "audit", "press", "desk"]


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
    calendar_by: tuple[Account, ...] = ()
    duties: tuple[Duty, ...] = ()
    delegates: tuple[Account, ...] = ()

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
    report_to: tuple[Account, ...] = ()
    report_if: Predicate | None = None
    policy: str = ""

    @model_validator(mode="after")
    def is_reported_somewhere(self) -> "SecretPart":
        """What a report needs and stands on is said of reports that somebody gets."""
        if not self.report_to and (self.policy or self.report_if is not None):
            given = "policy" if self.policy else "report_if"
            raise ValueError(f"{given!r} says nothing without somebody in 'report_to'")
        return self


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
    """People and what they write in numbers, made from the world's own seed.

    `a_day` ordinary items are written each working day, for `days` before the start and `ahead` after its day; the
    post's mailbox gets its `share` of mail, and still holds that of the last `kept` days, else all of it. An item with
    `if_level` changes `a_day` for these levels.
    """

    if_level: Levels = {}
    people: int = Field(default=0, ge=0, le=1_000_000)
    mails: int = Field(default=0, ge=0, le=10_000_000)
    days: int = Field(default=30, ge=1, le=3650)
    ahead: int = Field(default=1, ge=0, le=365)
    a_day: int = Field(default=0, ge=0, le=100_000)
    share: Annotated[float, Field(ge=0, le=1)] = 0.03
    kept: int = Field(default=0, ge=0, le=3650)

    @model_validator(mode="after")
    def is_somebodys(self) -> "PopulationPart":
        """A level changes how much is written, never who is there; and nothing is written by nobody."""
        if self.if_level and self.model_fields_set - {"if_level", "a_day"}:
            told = "an item with 'if_level' says 'a_day' alone: the rest is the same under every level"
            raise ValueError(f"{told}, and stands in an item without 'if_level'")
        if self.a_day and not self.if_level and self.people < 2:
            raise ValueError("'a_day' needs 'people', two or more, who write to each other")
        return self


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
    calendar: tuple[MeetingPart, ...] = ()
    registers: tuple[RegisterPart, ...] = ()
    records: tuple[RecordPart, ...] = ()
    servers: tuple[ServerPart, ...] = ()
    locations: tuple[LocationPart, ...] = ()
    models: tuple[ModelPart, ...] = ()
    deployments: tuple[DeploymentPart, ...] = ()
    queues: tuple[QueuePart, ...] = ()
    orders: tuple[OrderPart, ...] = ()
    jobs: tuple[JobPart, ...] = ()
    prompts: tuple[PromptPart, ...] = ()
    controls: tuple[ControlPart, ...] = ()
    policies: tuple[PolicyPart, ...] = ()
    traces: tuple[TracePart, ...] = ()
    stops: tuple[StopPart, ...] = ()
    approvals: tuple[ApprovalPart, ...] = ()
    schedule: tuple[SchedulePart, ...] = ()
    reactions: tuple[ReactionPart, ...] = ()
    claims: tuple[ClaimPart, ...] = ()
    rules: tuple[RulePart, ...] = ()
    routes: tuple[RoutePart, ...] = ()
    sensors: tuple[SensorPart, ...] = ()
    alarms: tuple[AlarmPart, ...] = ()
    population: tuple[PopulationPart, ...] = ()
    background: tuple[BackgroundPart, ...] = ()


TOPICS: tuple[str, ...] = tuple(Parts.model_fields)
