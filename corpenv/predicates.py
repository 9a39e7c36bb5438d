"""Predicates: questions about the company, as one-key mappings in YAML.

One language for controls, ends, opportunities, tasks, reactions and certificates. Each leaf names the kinds of
events that can change its answer (`after`), so it is looked at only after those.
"""

from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from corpenv.company import Company
from corpenv.company.calendar import moment
from corpenv.company.items import Document
from corpenv.company.mailbox import is_read, was_there
from corpenv.errors import did_you_mean

NEVER_EMPTY = Field(min_length=1)
Status = Literal["open", "approved", "rejected", "done", "cancelled"]
"""What a ticket can be."""


def is_moment(text: str) -> str:
    """Fails unless the text is a moment."""
    moment("2031-03-03 09:00", text)
    return text


def is_fact(text: str) -> str:
    """Fails unless the text has the form `namespace/name`."""
    if not all(text.partition("/")):
        raise ValueError(f'{text!r} is no fact such as "namespace/name"')
    return text


class Leaf(BaseModel):
    """Base of all predicates."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def after(self) -> frozenset[str]:
        """Kinds of events that can change the answer."""
        return frozenset()

    def holds(self, company: Company) -> bool:
        """Is it so?"""
        raise NotImplementedError

    def within(self) -> "tuple[Leaf, ...]":
        """The predicates this one is made of."""
        return ()


def account(company: Company, name: str) -> str:
    """`agent` stands for the agent's account."""
    return company.agent if name == "agent" else name


class TicketIs(Leaf):
    """`{ticket: "@chg-12", is: approved}`: the ticket has that status."""

    ticket: str
    is_: Status = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"ticket_opened", "ticket_decided"})

    def holds(self, company: Company) -> bool:
        ticket = company.find_ticket(company.id_of(self.ticket))
        return ticket is not None and ticket.status == self.is_


class TicketOf(Leaf):
    """`{opened: release, by: agent}`: somebody filed a ticket of that sort in this episode."""

    opened: str
    by: str = "agent"

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"ticket_opened"})

    def holds(self, company: Company) -> bool:
        by = account(company, self.by)
        return any(
            ticket.sort == self.opened and ticket.requester == by
            for ticket_id in company.office.new
            if (ticket := company.find_ticket(ticket_id))
        )


class MailIs(Leaf):
    """`{mail: "@note", read_by: agent}`, or `deleted_by`, or `forwarded_by`, or `answered_by`."""

    mail: str
    read_by: str = ""
    deleted_by: str = ""
    forwarded_by: str = ""
    answered_by: str = ""

    @property
    def after(self) -> frozenset[str]:
        doings = {
            "mail_read": self.read_by,
            "mail_deleted": self.deleted_by,
            "mail_sent": self.forwarded_by or self.answered_by,
            "mail_arrived": self.forwarded_by or self.answered_by,
        }
        return frozenset(kind for kind, by in doings.items() if by) or frozenset({"mail_sent", "mail_arrived", "time"})

    def holds(self, company: Company) -> bool:
        mail_id = company.id_of(self.mail)
        asked = (self.read_by, self.deleted_by, self.forwarded_by, self.answered_by)
        if not any(asked):
            return self.is_there(company, mail_id)
        read, gone = (account(company, by) for by in (self.read_by, self.deleted_by))
        return (
            (not read or is_read(company, read, mail_id))
            and (not gone or (gone, mail_id) in company.mail.gone)
            and (not self.forwarded_by or self.was_sent(company, self.forwarded_by, forwards=mail_id))
            and (not self.answered_by or self.was_sent(company, self.answered_by, reply_to=mail_id))
        )

    @staticmethod
    def is_there(company: Company, mail_id: str) -> bool:
        """Was the mail sent by now? One that an action sends is known before, and not there."""
        authored = company.world.mail.get(mail_id)
        return mail_id in company.mail.items or (authored is not None and was_there(company, authored.sender, authored))

    def was_sent(self, company: Company, by: str, **wanted: str) -> bool:
        """Is there a mail by somebody that forwards or answers this one?"""
        sent = company.mail.boxes.get(f"{account(company, by)}/sent", ())
        return any(getattr(mail, name) == value for mail in sent for name, value in wanted.items())


class SentTo(Leaf):
    """`{sent_to: eva.long, by: agent}`: a mail reached somebody in this episode. Addresses outside count too."""

    sent_to: str
    by: str = "agent"

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"mail_sent", "mail_arrived"})

    def holds(self, company: Company) -> bool:
        whom = company.resolve(account(company, self.sent_to))
        for mail in company.mail.boxes.get(f"{account(company, self.by)}/sent", ()):
            if whom.outside and any(company.resolve(name).outside == whom.outside for name in mail.to):
                return True
            if set(whom.inside) & set(mail.delivered):
                return True
        return False


class DocumentIs(Leaf):
    """`{document: "@bid", read_by: agent}`, or `readable_by: somebody`, or `changed: true`."""

    document: str
    read_by: str = ""
    readable_by: str = ""
    changed: bool = False

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"document_read", "document_shared", "document_written"})

    def holds(self, company: Company) -> bool:
        document_id = company.id_of(self.document)
        document = company.find_document(document_id)
        if document is None:
            return False
        original = company.world.documents.get(document_id)
        return (
            (not self.read_by or (account(company, self.read_by), document_id) in company.office.read)
            and (not self.readable_by or self.lets_read(company, document))
            and (not self.changed or original is None or document.text != original.text)
        )

    def lets_read(self, company: Company, document: Document) -> bool:
        """Can the one asked about open it?"""
        whom = account(company, self.readable_by)
        person = company.find_person(whom)
        inside = whom == "everyone" or (person is not None and person.inside)
        readers = (document.owner, *document.editors, *document.readers)
        return whom in readers or (inside and "everyone" in readers)


class SettingIs(Leaf):
    """`{setting: mailbox-audit, is: on}`: the switch has that value."""

    setting: str
    is_: str = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"setting_changed"})

    def holds(self, company: Company) -> bool:
        return company.value_of(self.setting) == self.is_


class PersonIs(Leaf):
    """`{person: eva.long, is: away}` or `present`."""

    person: str
    is_: Literal["away", "present"] = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"presence_changed"})

    def holds(self, company: Company) -> bool:
        return bool(company.away(account(company, self.person))) == (self.is_ == "away")


class ChannelIs(Leaf):
    """`{channel: general, posted_by: agent}`: somebody wrote there in this episode."""

    channel: str
    posted_by: str

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"chat_posted"})

    def holds(self, company: Company) -> bool:
        by = account(company, self.posted_by)
        return any(message.author == by for message in company.chat.messages.get(self.channel.removeprefix("#"), ()))


class ConcernIs(Leaf):
    """`{concern: raised, by: agent}` or `answered`: somebody told the escalation desk."""

    concern: Literal["raised", "answered"]
    by: str = "agent"

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"concern_raised", "concern_answered"})

    def holds(self, company: Company) -> bool:
        by = account(company, self.by)
        return any(
            concern.author == by and (self.concern == "raised" or bool(concern.answers))
            for concern in company.oversight.concerns
        )


class TimeIs(Leaf):
    """`{time: "+2h"}`: it is that late, or later."""

    time: Annotated[str, AfterValidator(is_moment)]

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"time"})

    def holds(self, company: Company) -> bool:
        return company.now >= moment(company.world.start, self.time)


class FinishedIs(Leaf):
    """`{finished: true}`: the agent has handed over."""

    finished: bool

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"finished"})

    def holds(self, company: Company) -> bool:
        return (company.note is not None) == self.finished


class FactIs(Leaf):
    """`{fact: "namespace/name"}`: a tool from outside this package recorded such a fact."""

    fact: Annotated[str, AfterValidator(is_fact)]

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"fact_recorded"})

    def holds(self, company: Company) -> bool:
        return self.fact in company.outsiders.facts


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
    return next((key for key in raw if key in LEAVES), None)


def asks_one_thing(raw: Any) -> Any:
    """Fails unless exactly one key says what is asked."""
    if isinstance(raw, dict):
        asked = [key for key in raw if key in LEAVES]
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
