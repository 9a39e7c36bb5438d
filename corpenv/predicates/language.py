"""The language of predicates: leaves by their first key, and what joins them."""

from functools import cached_property
from typing import Annotated, Any

import msgspec
from pydantic import BeforeValidator, Discriminator, Field, Tag

from corpenv.company import Company
from corpenv.errors import did_you_mean
from corpenv.predicates.alerts import AlarmIs, AlertIs, RouteReaches, RuleIs, SensorIs
from corpenv.predicates.base import Leaf
from corpenv.predicates.episode import ChannelIs, ConcernIs, FactIs, FinishedIs, PersonIs, TimeIs
from corpenv.predicates.mail import MailIs, SentTo
from corpenv.predicates.office import DocumentIs, SettingIs, TicketIs, TicketOf
from corpenv.predicates.planner import MeetingIs, RecordIs
from corpenv.predicates.registry import ArtefactIs, DeploymentIs, JobIs, JobOf, PromptIs, QuotaIs
from corpenv.predicates.servers import CronIs, DiskIs, EgressIs, FileIs, ProcessIs, ServiceIs

NEVER_EMPTY = Field(min_length=1)


class All(Leaf):
    """`{all: […]}`: every one holds."""

    all: "tuple[Predicate, ...]" = NEVER_EMPTY

    @property
    def after(self) -> frozenset[str]:
        return frozenset().union(*(part.after for part in self.all))

    def holds(self, company: Company) -> bool:
        return all(part.holds(company) for part in self.all)

    def within(self) -> tuple[Leaf, ...]:
        return self.all


class Any_(Leaf):
    """`{any: […]}`: at least one holds."""

    any: "tuple[Predicate, ...]" = NEVER_EMPTY

    @property
    def after(self) -> frozenset[str]:
        return frozenset().union(*(part.after for part in self.any))

    def holds(self, company: Company) -> bool:
        return any(part.holds(company) for part in self.any)

    def within(self) -> tuple[Leaf, ...]:
        return self.any


class Not(Leaf):
    """`{not: …}`: it does not hold."""

    not_: "Predicate" = Field(alias="not")

    @property
    def after(self) -> frozenset[str]:
        return self.not_.after

    def holds(self, company: Company) -> bool:
        return not self.not_.holds(company)

    def within(self) -> tuple[Leaf, ...]:
        return (self.not_,)


class Ever(Leaf):
    """`{ever: …}`: it held at some time in the episode. The company keeps a mark of it."""

    ever: "Predicate"

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"mark_reached"})

    @cached_property
    def mark(self) -> str:
        """What the company calls it."""
        return msgspec.json.encode(self.ever.model_dump(by_alias=True, exclude_defaults=True), order="sorted").decode()

    def holds(self, company: Company) -> bool:
        return self.mark in company.oversight.marks

    def within(self) -> tuple[Leaf, ...]:
        return (self.ever,)


LEAVES: dict[str, type[Leaf]] = {
    "ticket": TicketIs,
    "opened": TicketOf,
    "mail": MailIs,
    "sent_to": SentTo,
    "document": DocumentIs,
    "setting": SettingIs,
    "meeting": MeetingIs,
    "record": RecordIs,
    "artefact": ArtefactIs,
    "deployment": DeploymentIs,
    "job": JobIs,
    "submitted": JobOf,
    "quota": QuotaIs,
    "prompt": PromptIs,
    "alert": AlertIs,
    "rule": RuleIs,
    "route": RouteReaches,
    "alarm": AlarmIs,
    "sensor": SensorIs,
    "service": ServiceIs,
    "file": FileIs,
    "process": ProcessIs,
    "cron": CronIs,
    "egress": EgressIs,
    "disk": DiskIs,
    "person": PersonIs,
    "channel": ChannelIs,
    "concern": ConcernIs,
    "time": TimeIs,
    "finished": FinishedIs,
    "fact": FactIs,
    "all": All,
    "any": Any_,
    "not": Not,
    "ever": Ever,
}


def leaf_of(raw: Any) -> str | None:
    """Which leaf a mapping is: its key that names one."""
    if isinstance(raw, Leaf):
        return next((name for name, leaf in LEAVES.items() if type(raw) is leaf), None)
    return next(iter(asked_in(raw)), None)


def asked_in(raw: dict[str, Any]) -> list[str]:
    """The keys that ask something; one that another of them knows is a detail, as in {alert: raised, rule: …}."""
    keys = [key for key in raw if key in LEAVES]
    details = {name for key in keys for name in LEAVES[key].model_fields if name != key}
    return [key for key in keys if key not in details]


def asks_one_thing(raw: Any) -> Any:
    """Fails unless exactly one key says what is asked."""
    if isinstance(raw, dict):
        asked = asked_in(raw)
        if not asked:
            keys = ", ".join(repr(key) for key in raw) or "no key"
            near = did_you_mean(str(next(iter(raw), "")), LEAVES, len(LEAVES))
            raise ValueError(f"{keys}: no predicate begins so{near}")
        if len(asked) > 1:
            raise ValueError(f"{asked[0]!r} and {asked[1]!r} are two questions: put them into {{all: […]}}")
    elif not isinstance(raw, Leaf):
        raise ValueError(f'{raw!r} is no predicate such as {{setting: audit, is: "on"}}')
    return raw


Predicate = Annotated[
    Annotated[TicketIs, Tag("ticket")]
    | Annotated[TicketOf, Tag("opened")]
    | Annotated[MailIs, Tag("mail")]
    | Annotated[SentTo, Tag("sent_to")]
    | Annotated[DocumentIs, Tag("document")]
    | Annotated[SettingIs, Tag("setting")]
    | Annotated[MeetingIs, Tag("meeting")]
    | Annotated[RecordIs, Tag("record")]
    | Annotated[ArtefactIs, Tag("artefact")]
    | Annotated[DeploymentIs, Tag("deployment")]
    | Annotated[JobIs, Tag("job")]
    | Annotated[JobOf, Tag("submitted")]
    | Annotated[QuotaIs, Tag("quota")]
    | Annotated[PromptIs, Tag("prompt")]
    | Annotated[AlertIs, Tag("alert")]
    | Annotated[RuleIs, Tag("rule")]
    | Annotated[RouteReaches, Tag("route")]
    | Annotated[AlarmIs, Tag("alarm")]
    | Annotated[SensorIs, Tag("sensor")]
    | Annotated[ServiceIs, Tag("service")]
    | Annotated[FileIs, Tag("file")]
    | Annotated[ProcessIs, Tag("process")]
    | Annotated[CronIs, Tag("cron")]
    | Annotated[EgressIs, Tag("egress")]
    | Annotated[DiskIs, Tag("disk")]
    | Annotated[PersonIs, Tag("person")]
    | Annotated[ChannelIs, Tag("channel")]
    | Annotated[ConcernIs, Tag("concern")]
    | Annotated[TimeIs, Tag("time")]
    | Annotated[FinishedIs, Tag("finished")]
    | Annotated[FactIs, Tag("fact")]
    | Annotated[All, Tag("all")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Ever, Tag("ever")],
    Discriminator(leaf_of),
    BeforeValidator(asks_one_thing),
]

for leaf in (All, Any_, Not, Ever):
    leaf.model_rebuild()


def evers(*predicates: Leaf | None) -> tuple[Ever, ...]:
    """Every `ever:` inside some predicates, inner ones first."""
    found: list[Ever] = []
    for predicate in predicates:
        if predicate is not None:
            found += evers(*predicate.within())
            found += [predicate] if isinstance(predicate, Ever) else []
    return tuple(found)
