"""The company: what is true now. A value; `company.apply` makes the next one."""

import re
from collections.abc import Container, Iterator

from msgspec import Struct

from corpenv.company.alertitems import Alarm, Alert, Route, Rule
from corpenv.company.facts import Address, Facts
from corpenv.company.groups import (
    Alerts,
    ChatState,
    Machines,
    MailState,
    Office,
    Outsiders,
    Oversight,
    People,
    Plan,
    Planner,
    Registry,
)
from corpenv.company.items import (
    Channel,
    Comment,
    Document,
    Grant,
    Mail,
    Meeting,
    Message,
    Person,
    Record,
    Register,
    Secret,
    Setting,
    Ticket,
)
from corpenv.company.mailbox import drafts, newest
from corpenv.company.text import Text, render
from corpenv.errors import UnknownName, UsageError
from corpenv.events import MailDrafted
from corpenv.names import made_id

ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
"""What a mail can be sent to outside."""


class Company(Struct, frozen=True):
    """What is true now: the `world` it started from, under what the episode added to it.

    Attributes:
        now: simulated seconds since the start.
        step: inputs of the agent so far.
        ended: why the agent's part is over, or "".
        note: the hand-over note, None before the hand-over.
    """

    world: Facts
    seed: int
    now: int = 0
    step: int = 0
    ended: str = ""
    note: str | None = None
    people: People = People()
    mail: MailState = MailState()
    chat: ChatState = ChatState()
    office: Office = Office()
    oversight: Oversight = Oversight()
    plan: Plan = Plan()
    outsiders: Outsiders = Outsiders()
    planner: Planner = Planner()
    machines: Machines = Machines()
    registry: Registry = Registry()
    alerts: Alerts = Alerts()

    # who ------------------------------------------------------------------------------------------------

    @property
    def agent(self) -> str:
        """Account of the agent."""
        return self.world.agent

    def find_person(self, account: str) -> Person | None:
        """A person by account or by address."""
        people = self.world.people
        return people.get(account) or people.get(self.world.addresses.get(account, ""))

    def name_of(self, account: str) -> str:
        """`Eva Long`, or the account itself if nobody has it."""
        person = self.world.people.get(account)
        return person.name if person else account

    def away(self, account: str) -> str:
        """The automatic answer of somebody who is away, or ""."""
        change = self.people.away.get(account)
        if change is not None:
            return change
        person = self.world.people.get(account)
        return person.away if person else ""

    def grant(self, account: str) -> Grant | None:
        """What the account can do."""
        return self.people.grants.get(account) or self.world.grants.get(account)

    def resolve(self, name: str) -> Address:
        """Whom a recipient's name reaches; `Eva Long <Eva.Long@…>` is `eva.long@…`."""
        return self.world.reached.get(name) or self.looked_up(name) or self.spelt_otherwise(name)

    def looked_up(self, name: str) -> Address | None:
        """Whom exactly that name reaches, if it is one of this world; kept once it was looked up."""
        world = self.world
        person = world.people.get(name) or world.people.get(world.addresses.get(name, ""))
        members = world.lists.get(name) or world.lists.get(name.removesuffix(f"@{world.domain}"))
        if person:
            reached = Address((person.id,)) if person.inside else Address(outside=person.address)
        elif members:
            outsiders = [each for each in map(world.people.get, members) if each and not each.inside]
            away = {each.id for each in outsiders}
            inside = tuple(account for account in members if account not in away)
            reached = Address(inside, outsiders=tuple(each.address for each in outsiders))
        else:
            return None
        world.reached[name] = reached
        return reached

    def spelt_otherwise(self, name: str) -> Address:
        """Whom a name reaches that is none of this world's as it is written."""
        bare = name.strip().lower()
        bare = bare[bare.rfind("<") + 1 : -1] if bare.endswith(">") else bare
        stranger = ADDRESS.fullmatch(bare) and not bare.endswith(f"@{self.world.domain}")
        return self.looked_up(bare) or Address(outside=bare if stranger else "")

    # what -----------------------------------------------------------------------------------------------

    def find_mail(self, mail_id: str) -> Mail | None:
        """A mail by its visible id, wherever it stands."""
        return self.mail.items.get(mail_id) or self.world.mail.get(mail_id)

    def forwarded(self, mail_id: str) -> Iterator[Mail]:
        """The mail of that id, what it forwards, and so on; each once."""
        seen: set[str] = set()
        while mail_id not in seen and (mail := self.find_mail(mail_id)):
            seen.add(mail_id)
            yield mail
            mail_id = mail.forwards

    def find_document(self, document_id: str) -> Document | None:
        """A document as it is now."""
        return self.office.documents.get(document_id) or self.world.documents.get(document_id)

    def find_ticket(self, ticket_id: str) -> Ticket | None:
        """A ticket as it is now."""
        return self.office.tickets.get(ticket_id) or self.world.tickets.get(ticket_id)

    def find_channel(self, name: str) -> Channel | None:
        """A channel, with or without its leading `#`."""
        return self.world.channels.get(name.removeprefix("#"))

    def find_setting(self, setting_id: str) -> Setting | None:
        """A setting; its present value is `value_of`."""
        return self.world.settings.get(setting_id)

    def find_meeting(self, meeting_id: str) -> Meeting | None:
        """A meeting as it is now, a cancelled one too."""
        return self.planner.meetings.get(meeting_id) or self.world.meetings.get(meeting_id)

    def find_register(self, register_id: str) -> Register | None:
        """A register by what its author called it."""
        return self.world.registers.get(register_id)

    def find_record(self, record_id: str) -> Record | None:
        """A record as it is now; what was noted on it since the start stands in `notes`."""
        return self.planner.records.get(record_id) or self.world.records.get(record_id)

    def find_alert(self, alert_id: str) -> Alert | None:
        """An alert that was raised."""
        return self.alerts.items.get(alert_id)

    def find_rule(self, rule_id: str) -> Rule | None:
        """A detection rule as it is now."""
        return self.alerts.rules.get(rule_id) or self.world.rules.get(rule_id)

    def find_route(self, route_id: str) -> Route | None:
        """A route of alerts as it is now."""
        return self.alerts.routes.get(route_id) or self.world.routes.get(route_id)

    def find_alarm(self, alarm_id: str) -> Alarm | None:
        """An alarm of the plant as it is now, a quiet one too."""
        return self.alerts.alarms.get(alarm_id) or self.world.alarms.get(alarm_id)

    def find_secret(self, secret_id: str) -> Secret | None:
        """A secret by what its author called it."""
        return self.world.secrets.get(secret_id)

    def value_of(self, setting_id: str) -> str:
        """The present value of a setting, or "" if there is none."""
        changed = self.office.settings.get(setting_id)
        if changed is not None:
            return changed
        setting = self.world.settings.get(setting_id)
        return setting.value if setting else ""

    def id_of(self, slug: str) -> str:
        """The visible id of what an author called `slug`; a visible id gives itself."""
        return self.world.slugs.get(slug.removeprefix("@"), slug)

    def documents(self) -> Iterator[Document]:
        """Every document, authored ones first."""
        if not self.office.documents:  # most often nobody changed one, and truth goes through all of them often
            return iter(self.world.documents.values())
        ids = (*self.world.documents, *(i for i in self.office.new if i.startswith("doc-")))
        return filter(None, map(self.find_document, ids))

    def tickets(self) -> Iterator[Ticket]:
        """Every ticket, authored ones first."""
        if not self.office.tickets:
            return iter(self.world.tickets.values())
        ids = (*self.world.tickets, *(i for i in self.office.new if i.startswith("ticket-")))
        return filter(None, map(self.find_ticket, ids))

    def meetings(self, account: str = "") -> Iterator[Meeting]:
        """Every meeting, or those an account organises or is invited to; authored ones first."""
        authored = self.world.agendas.get(account, ()) if account else self.world.meetings
        for meeting_id in (*authored, *self.planner.new):
            meeting = self.find_meeting(meeting_id)
            if meeting and (not account or meeting.concerns(account)):
                yield meeting

    def records(self, register: str = "") -> Iterator[Record]:
        """Every record, or those of one register."""
        for record_id in self.world.filed.get(register, ()) if register else self.world.records:
            if record := self.find_record(record_id):
                yield record

    def messages(self, channel: str) -> Iterator[Message]:
        """The messages of a channel that are there by now, oldest first."""
        base = self.world.channels.get(channel)
        for message in base.messages if base else ():
            if message.at <= self.now:
                yield message
        yield from self.chat.messages.get(channel, ())

    def comments(self, ticket: Ticket) -> Iterator[Comment]:
        """The remarks under a ticket, oldest first."""
        yield from ticket.comments
        yield from self.office.comments.get(ticket.id, ())

    def notes(self, record: Record) -> Iterator[Comment]:
        """What was noted on a record, oldest first."""
        yield from record.notes
        yield from self.planner.notes.get(record.id, ())

    def mailbox(self, account: str = "", folder: str = "inbox") -> tuple[Mail, ...]:
        """The mails of a folder (`inbox`, `sent`, `drafts`), newest first; by default the agent's.

        Raises:
            UnknownName: nobody has that account or address.
            UsageError: there is no such folder.
        """
        person = self.find_person(account or self.agent)
        if person is None:
            raise UnknownName("person", account, self.world.people)
        if folder not in ("inbox", "sent", "drafts"):
            raise UsageError(f"a mailbox has the folders inbox, sent and drafts, not {folder!r}")
        if folder == "drafts":
            return tuple(as_mail(draft) for draft in drafts(self, person.id))
        return tuple(newest(self, person.id, folder))

    # texts and ids --------------------------------------------------------------------------------------

    def text(self, text: Text) -> str:
        """A text as this episode reads it."""
        return text if isinstance(text, str) else render(text, self.seed)

    def when(self, at: int) -> str:
        """Simulated seconds as calendar text."""
        return self.world.when(at)

    def new_id(self, noun: str, taken: Container[str] = ()) -> str:
        """A visible id for a new item of this step and second that is not among those `taken`."""
        known = self.knows_mail if noun == "mail" else self.knows  # an id begins with its noun
        attempt = 0
        while True:
            made = made_id(noun, self.world.seed, self.step, self.now, attempt)
            if made not in taken and not known(made):
                return made
            attempt += 1

    def knows_mail(self, mail_id: str) -> bool:
        """Is there a mail or draft of that id?"""
        return mail_id in self.mail.items or mail_id in self.world.mail or mail_id in self.mail.drafts

    def knows(self, item_id: str) -> bool:
        """Is there a mail, draft, document, ticket, meeting or alert of that id?"""
        return (
            self.knows_mail(item_id)
            or self.find_document(item_id) is not None
            or self.find_ticket(item_id) is not None
            or self.find_meeting(item_id) is not None
            or self.find_alert(item_id) is not None
        )

    def __repr__(self) -> str:
        return f"Company({self.when(self.now)}, step {self.step}, {len(self.mail.items)} new mails)"


def as_mail(draft: MailDrafted) -> Mail:
    """A draft in the form of the mail it would be."""
    return Mail(
        draft.mail_id,
        draft.at,
        draft.actor,
        draft.to,
        draft.subject,
        draft.body,
        reply_to=draft.reply_to,
        forwards=draft.forwards,
        attachments=draft.attachments,
    )
