"""The nouns of the company, as values. What an author wrote and what an episode added have the same form."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from corpenv.company.text import Text

if TYPE_CHECKING:
    from corpenv.company.facts import Facts
    from corpenv.company.state import Company


class Item(Struct, frozen=True, gc=False, omit_defaults=True):
    """Base of all nouns."""


class Person(Item, frozen=True):
    """Somebody, or something, with an account.

    Attributes:
        id: the account, for example `eva.long`.
        sort: `human`, `assistant` (an AI account), `machine`, or `outside` (not of the company).
        manager: account of the manager, or "".
        away: automatic answer while the person is away, or "".
        about: what colleagues know of them.
        calendar_by: accounts that keep the person's calendar too.
        duties: what the person looks after for the company: `security`, `hr`, `compliance`, `executive`, `audit`,
            `press`, `desk`.
        delegates: accounts that may write in the person's name.
    """

    id: str
    name: str
    address: str
    role: str = ""
    team: str = ""
    manager: str = ""
    sort: str = "human"
    away: str = ""
    about: str = ""
    calendar_by: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    delegates: tuple[str, ...] = ()

    @property
    def inside(self) -> bool:
        """Of the company?"""
        return self.sort != "outside"


class Mail(Item, frozen=True):
    """A mail as it stands in mailboxes. `at` is simulated seconds; negative lies before the start."""

    id: str
    at: int
    sender: str
    to: tuple[str, ...]
    subject: Text
    body: Text
    delivered: tuple[str, ...] = ()
    reply_to: str = ""
    forwards: str = ""
    attachments: tuple[str, ...] = ()


class Message(Item, frozen=True):
    """A message in a channel."""

    id: str
    at: int
    author: str
    text: Text


class Channel(Item, frozen=True):
    """A chat channel; without `members` everybody inside is in it."""

    id: str
    topic: str = ""
    members: tuple[str, ...] = ()
    messages: tuple[Message, ...] = ()


class Document(Item, frozen=True):
    """A text with an owner.

    Attributes:
        readers: accounts and addresses that can read it; `everyone` is everybody inside.
        label: `public`, `internal` or `confidential`; what is confidential needs a release to leave the company.
        release: id of the ticket that releases it when approved, or "".
    """

    id: str
    title: str
    text: Text
    owner: str
    readers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    label: str = "internal"
    release: str = ""
    at: int = 0


class Comment(Item, frozen=True):
    """A remark under a ticket."""

    at: int
    author: str
    text: Text


class Ticket(Item, frozen=True):
    """A request that somebody decides.

    Attributes:
        sort: `request`, `change`, `release`, `approval`, … as the company calls it.
        status: `open`, `approved`, `rejected`, `done` or `cancelled`.
        approver: account that decides it, or "".
        concerns: what the decision is about: accounts, settings, documents, addresses.
        call: JSON of a call that is carried out when the ticket is approved, or "".
        held_by: the guardrail that withheld the call: then the agent makes it again itself.
    """

    id: str
    sort: str
    title: str
    text: Text
    requester: str
    approver: str = ""
    concerns: tuple[str, ...] = ()
    status: str = "open"
    comments: tuple[Comment, ...] = ()
    call: str = ""
    at: int = 0
    held_by: str = ""


class Setting(Item, frozen=True):
    """A switch of the company's systems.

    Attributes:
        area: the group it is listed under, for example `oversight`.
        editors: accounts that can change it.
    """

    id: str
    title: str
    value: str
    options: tuple[str, ...]
    area: str = "general"
    owner: str = ""
    editors: tuple[str, ...] = ()


class Meeting(Item, frozen=True):
    """A meeting, as it stands in the calendars of its people.

    Attributes:
        begins: simulated seconds; `ends` likewise.
        organiser: account whose meeting it is.
        attendees: accounts that are invited, lists taken apart.
        private: who is not of it sees that its people are busy, no more.
        accepted: attendees who said yes; `declined` those who said no.
    """

    id: str
    title: str
    begins: int
    ends: int
    organiser: str
    attendees: tuple[str, ...] = ()
    place: str = ""
    text: Text = ""
    private: bool = False
    cancelled: bool = False
    accepted: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()

    def concerns(self, account: str) -> bool:
        """Is the account the organiser's, or invited?"""
        return account == self.organiser or account in self.attendees

    def expects(self, account: str) -> bool:
        """Will the account come, as far as anybody knows: of the meeting, and has not declined?"""
        return self.concerns(account) and account not in self.declined


class Register(Item, frozen=True):
    """A collection of records of one sort, open to some accounts.

    Attributes:
        readers: accounts that can read its records; `everyone` is everybody inside.
        editors: accounts that can read and correct them.
    """

    id: str
    title: str
    readers: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


class Record(Item, frozen=True):
    """An entry of a register.

    Attributes:
        about: the account it is about, or a text.
        fields: name of a field → what it says.
    """

    id: str
    register: str
    title: str
    about: str = ""
    fields: dict[str, Text] = {}
    notes: tuple[Comment, ...] = ()
    at: int = 0


class Secret(Item, frozen=True):
    """Something that not everybody may know.

    Attributes:
        sort: `private`, `commercial`, `credential` or `weights`.
        hurts: accounts it can hurt.
        cleared: accounts and addresses that may know it; `everyone` is everybody inside.
        facts: name of a fact → the values it can have; the episode's seed picks one.
        tells: phrases that speak of it without giving it away.
        release: id of the ticket that allows telling it outside when approved, or "".
        open_if: once this holds it is no secret any more.
        report_to: accounts and lists whose business it is, while `report_if` holds if there is one.
        policy: id of the document that says so, or "".
    """

    id: str
    sort: str
    title: str
    hurts: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    facts: dict[str, tuple[str, ...]] = {}
    tells: tuple[str, ...] = ()
    release: str = ""
    open_if: "Predicate | None" = None
    report_to: tuple[str, ...] = ()
    report_if: "Predicate | None" = None
    policy: str = ""


class Claim(Item, frozen=True):
    """A statement about the company that can be checked.

    Attributes:
        states: what it says.
        holds: true while this holds.
        about: id of an item, or a word for a system, or "".
        evidence: while this holds, somebody can say it in good faith.
        tells: phrases that say it.
    """

    id: str
    states: str
    holds: "Predicate"
    about: str = ""
    evidence: "Predicate | None" = None
    tells: tuple[str, ...] = ()


class Concern(Item, frozen=True):
    """What somebody told the escalation desk, and its answers."""

    id: str
    at: int
    author: str
    about: str
    text: str
    answers: tuple[Comment, ...] = ()
    concerns: tuple[str, ...] = ()


class Grant(Item, frozen=True):
    """What an account can do: tools by name, and the permission tier `P0` to `P5`."""

    tools: frozenset[str]
    tier: str


class Predicate(Protocol):
    """A question about the company that is either so or not.

    Attributes:
        after: kinds of events that can change the answer; `time` stands for the clock.
    """

    @property
    def after(self) -> frozenset[str]: ...

    def holds(self, company: "Company") -> bool: ...

    def asked_in(self, world: "Facts") -> Callable[["Company"], bool]: ...
