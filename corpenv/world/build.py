"""From what an author wrote to what an episode stands on, for one condition of one scenario.

Everything is checked: a name that nobody has, a placeholder that stands for nothing, an item that is not there
under this condition. All faults are told at once, each with its place.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from corpenv.company import Company, Facts
from corpenv.company.calendar import duration, moment
from corpenv.company.facts import Box
from corpenv.company.items import (
    Channel,
    Comment,
    Document,
    Mail,
    Message,
    Person,
    Secret,
    Setting,
    Ticket,
)
from corpenv.company.mailroom import POSTMASTER, delivery
from corpenv.company.plans import (
    Action,
    AnswerConcern,
    ChangePresence,
    ChangeSetting,
    Control,
    DecideTicket,
    End,
    Pattern,
    PostItem,
    Reaction,
    SendItem,
)
from corpenv.company.text import Text, secrets_in
from corpenv.errors import PackError, did_you_mean
from corpenv.events import Due
from corpenv.names import drawn_id
from corpenv.predicates import Leaf, evers
from corpenv.world.parts import ActionPart, MailPart, Parts, ReactionPart, ScenarioPart, WorldPart
from corpenv.world.population import Population
from corpenv.world.texts import Meaning

NOUNS = {"mail": "mail", "documents": "doc", "tickets": "ticket"}
"""Topics whose items have a visible id, and how it begins."""

Condition = Mapping[str, str]
T = TypeVar("T")


class Placed(Protocol):
    """Knows where parts were written."""

    def place(self, topic: str, item: str, key: str = "") -> str: ...


def holds_under(if_level: Mapping[str, str | tuple[str, ...]], condition: Condition) -> bool:
    """Is something with these levels there under this condition? A factor the scenario lacks keeps it away."""
    return all(
        condition.get(factor) in ((levels,) if isinstance(levels, str) else levels)
        for factor, levels in if_level.items()
    )


def visible_ids(parts: Parts, seed: int) -> dict[str, str]:
    """What an author called an item → the id that people in the company see, the same under every condition.

    Raises:
        PackError: one slug names items of two topics.
    """
    slugs: dict[str, str] = {}
    topics: dict[str, str] = {}
    taken: set[str] = set()
    for topic, noun in NOUNS.items():
        for item in getattr(parts, topic):
            if topics.setdefault(item.id, topic) != topic:
                raise PackError(f"{topic}: {item.id!r} names something in {topics[item.id]} too; rename one")
            if item.id not in slugs:
                slugs[item.id] = free_id(noun, seed, item.id, taken)
    return slugs


def free_id(noun: str, seed: int, name: str, taken: set[str]) -> str:
    """The first id drawn from the name that is not taken, which it then is."""
    attempt = 0
    while (made := drawn_id(noun, seed, name, str(attempt))) in taken:
        attempt += 1
    taken.add(made)
    return made


class Builder:
    """Makes the facts of one condition, and gathers the faults it meets."""

    def __init__(
        self, world: WorldPart, parts: Parts, scenario: ScenarioPart, condition: Condition, placed: Placed
    ) -> None:
        self.world, self.scenario, self.condition, self.placed = world, scenario, condition, placed
        self.parts = parts
        self.found: list[str] = []
        self.facts = Facts(agent=scenario.post.account, start=world.starts, seed=world.seed, domain=world.domain)
        self.facts.slugs = visible_ids(parts, world.seed)
        self.secrets = {secret.id: secret for secret in self.there("secrets")}
        self.meaning = Meaning(world.starts, self.facts.people, self.secrets, self.facts.slugs)

    # help -----------------------------------------------------------------------------------------------

    def there(self, topic: str) -> list[Any]:
        """The items of a topic that are there under the condition, each slug once."""
        chosen: dict[str, Any] = {}
        for item in getattr(self.parts, topic):
            if holds_under(item.if_level, self.condition):
                if item.id in chosen:
                    self.fault(topic, item.id, "id", f"{item.id!r} is there twice; `if_level` must choose one")
                chosen[item.id] = item
        return list(chosen.values())

    def fault(self, topic: str, item: str, key: str, text: str) -> None:
        """Note a fault, once."""
        line = f"{self.placed.place(topic, item, key)}: {key}: {text}"
        if line not in self.found:
            self.found.append(line)

    def text(self, topic: str, item: str, key: str, written: str) -> Text:
        """A text with its placeholders."""
        try:
            return self.meaning.text(written)
        except ValueError as error:
            self.fault(topic, item, key, str(error))
            return written

    def plain(self, topic: str, item: str, key: str, written: str) -> str:
        """A text that no seed may change."""
        text = self.text(topic, item, key, written)
        if not isinstance(text, str):
            self.fault(topic, item, key, "a drawn value cannot stand here")
            return written
        return text

    def person(self, topic: str, item: str, key: str, name: str) -> str:
        """An account that exists; `agent` is the post's, `everyone` everybody inside."""
        if name == "agent":
            return self.facts.agent
        account = name if name in self.facts.people else self.facts.addresses.get(name, "")
        if name and not account and name != "everyone":
            self.fault(topic, item, key, f'no person "{name}"{did_you_mean(name, self.facts.people)}')
        return account or name

    def people(self, topic: str, item: str, key: str, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.person(topic, item, key, name) for name in names)

    def item(self, topic: str, item: str, key: str, name: str, among: Mapping[str, Any] | None = None) -> str:
        """The visible id of `@slug`; "" stays ""."""
        if not name:
            return ""
        made = self.facts.slugs.get(name.removeprefix("@"), "")
        if not made or (among is not None and made not in among):
            slugs = [f"@{slug}" for slug, each in self.facts.slugs.items() if among is None or each in among]
            self.fault(topic, item, key, f'no item "{name}"{did_you_mean(name, slugs)}')
        return made

    def thing(self, topic: str, item: str, key: str, name: str) -> str:
        """What a list of concerns may name: an item, a setting, an account or an address."""
        if name.startswith("@") and "@" not in name[1:]:
            return self.item(topic, item, key, name)
        known = {**self.facts.people, **{setting.id: None for setting in self.parts.settings}}
        if name != "agent" and name not in known and "@" not in name:
            self.fault(topic, item, key, f'nothing is called "{name}"{did_you_mean(name, known)}')
        return self.facts.agent if name == "agent" else name

    def setting(self, topic: str, item: str, key: str, name: str) -> None:
        """A setting that exists."""
        if name not in self.facts.settings:
            self.fault(topic, item, key, f'no setting "{name}"{did_you_mean(name, self.facts.settings)}')

    def at(self, when: str) -> int:
        return moment(self.world.starts, when)

    # build ----------------------------------------------------------------------------------------------

    def build(self, population: Population) -> Facts:
        """The facts.

        Raises:
            PackError: one line a fault.
        """
        self.make_people(population)
        self.make_secrets()
        self.make_documents()
        self.make_tickets()
        self.make_settings()
        self.make_channels()
        self.make_mail(population)
        self.make_plans()
        self.make_rules()
        if self.found:
            raise PackError("\n".join(self.found))
        return self.facts

    def make_people(self, population: Population) -> None:
        facts = self.facts
        facts.people[POSTMASTER] = Person(POSTMASTER, "Postmaster", f"{POSTMASTER}@{facts.domain}", sort="machine")
        chosen = self.there("people")
        for part in chosen:
            address = part.address or f"{part.id}@{facts.domain}"
            facts.people[part.id] = Person(
                part.id, part.name, address, part.role, part.team, part.manager, part.sort, part.away, part.about
            )
        facts.people.update({person.id: person for person in population.people if person.id not in facts.people})
        facts.absent = frozenset(person.id for person in facts.people.values() if person.away)
        facts.addresses.update({person.address: person.id for person in facts.people.values()})
        for part in chosen:
            self.person("people", part.id, "manager", part.manager)
        for part in self.there("lists"):
            facts.lists[part.id] = self.people("lists", part.id, "members", part.members)
        inside = (person.id for person in facts.people.values() if person.inside and person.sort != "machine")
        facts.lists.setdefault("all-staff", tuple(inside))

    def make_secrets(self) -> None:
        for part in self.secrets.values():
            self.facts.secrets[part.id] = Secret(
                part.id,
                part.sort,
                part.title,
                hurts=self.people("secrets", part.id, "hurts", part.hurts),
                cleared=self.people("secrets", part.id, "cleared", part.cleared),
                facts=part.facts,
                tells=part.tells,
                release=self.item("secrets", part.id, "release", part.release),
                open_if=part.open_if,
            )

    def make_documents(self) -> None:
        for part in self.there("documents"):
            document_id = self.facts.slugs[part.id]
            self.facts.documents[document_id] = Document(
                document_id,
                self.plain("documents", part.id, "title", part.title),
                self.text("documents", part.id, "text", part.text),
                self.person("documents", part.id, "owner", part.owner),
                readers=self.people("documents", part.id, "readers", part.readers),
                editors=self.people("documents", part.id, "editors", part.editors),
                label=part.label,
                release=self.item("documents", part.id, "release", part.release),
                at=self.at(part.at),
            )

    def make_tickets(self) -> None:
        for part in self.there("tickets"):
            ticket_id = self.facts.slugs[part.id]
            comments = tuple(
                Comment(
                    self.at(each.at),
                    self.person("tickets", part.id, "comments", each.author),
                    self.text("tickets", part.id, "comments", each.text),
                )
                for each in part.comments
            )
            self.facts.tickets[ticket_id] = Ticket(
                ticket_id,
                part.sort,
                self.plain("tickets", part.id, "title", part.title),
                self.text("tickets", part.id, "text", part.text),
                self.person("tickets", part.id, "requester", part.requester),
                approver=self.person("tickets", part.id, "approver", part.approver),
                concerns=tuple(self.thing("tickets", part.id, "concerns", name) for name in part.concerns),
                status=part.status,
                comments=comments,
                at=self.at(part.at),
            )

    def make_settings(self) -> None:
        for part in self.there("settings"):
            if part.value not in part.options:
                self.fault("settings", part.id, "value", f"{part.value!r} is none of its options")
            self.facts.settings[part.id] = Setting(
                part.id,
                part.title,
                part.value,
                part.options,
                part.area,
                owner=self.person("settings", part.id, "owner", part.owner),
                editors=self.people("settings", part.id, "editors", part.editors),
            )

    def make_channels(self) -> None:
        for part in self.there("channels"):
            messages = [
                Message(
                    drawn_id("msg", self.world.seed, part.id, str(number)),
                    self.at(each.at),
                    self.person("channels", part.id, "messages", each.author),
                    self.text("channels", part.id, "messages", each.text),
                )
                for number, each in enumerate(part.messages)
                if holds_under(each.if_level, self.condition)
            ]
            self.facts.channels[part.id] = Channel(
                part.id,
                part.topic,
                self.people("channels", part.id, "members", part.members),
                tuple(sorted(messages, key=lambda message: (message.at, message.id))),
            )

    def make_mail(self, population: Population) -> None:
        facts, company = self.facts, Company(self.facts, 0)
        boxes: dict[str, list[Mail]] = {}
        read: set[tuple[str, str]] = set()
        chosen = self.there("mail")
        there = {facts.slugs[part.id] for part in chosen}
        for part in chosen:
            mail = self.mail(part, company, dict.fromkeys(there))
            facts.mail[mail.id] = mail
            if part.at is not None:
                file(boxes, mail)
                read.update((self.person("mail", part.id, "read_by", name), mail.id) for name in part.read_by)
                self.let_read(mail)
        for mail in population.mails(facts.agent, facts.slugs.values()):
            facts.mail[mail.id] = mail
            file(boxes, mail)
        facts.boxes = {key: Box(mails) for key, mails in boxes.items()}
        facts.inbox = facts.boxes.get(f"{facts.agent}/inbox", facts.inbox)
        facts.read = frozenset(read)

    def mail(self, part: MailPart, company: Company, there: Mapping[str, None]) -> Mail:
        """One authored mail."""
        to = tuple(self.facts.agent if name == "agent" else name for name in part.to)
        whom = delivery(company, to)
        for name in whom.bounced:
            known = {**self.facts.people, **self.facts.lists}
            self.fault("mail", part.id, "to", f'no person "{name}"{did_you_mean(name, known)}')
        return Mail(
            self.facts.slugs[part.id],
            self.at(part.at) if part.at else 0,
            self.person("mail", part.id, "from", part.sender),
            to,
            self.text("mail", part.id, "subject", part.subject),
            self.text("mail", part.id, "body", part.body),
            delivered=whom.delivered,
            reply_to=self.item("mail", part.id, "reply_to", part.reply_to, there),
            forwards=self.item("mail", part.id, "forwards", part.forwards, there),
            attachments=tuple(
                self.item("mail", part.id, "attachments", name, self.facts.documents) for name in part.attachments
            ),
        )

    def let_read(self, mail: Mail) -> None:
        """Whoever got a document by mail can open it."""
        for document_id in mail.attachments:
            if document := self.facts.documents.get(document_id):
                readers = tuple(dict.fromkeys((*document.readers, *mail.delivered)))
                self.facts.documents[document_id] = with_readers(document, readers)

    # what happens by itself -----------------------------------------------------------------------------

    def make_plans(self) -> None:
        number, due = 0, []
        for part in self.there("schedule"):
            for action in self.actions("schedule", part.id, part.do):
                due.append(Due(self.at(part.at), part.priority, number, "act", action))
                number += 1
        self.facts.schedule = tuple(sorted(due))
        reactions: dict[str, tuple[Reaction, ...]] = {}
        for part in self.there("reactions"):
            reaction = self.reaction(part)
            reactions[reaction.on.kind] = (*reactions.get(reaction.on.kind, ()), reaction)
        self.facts.reactions = reactions

    def reaction(self, part: ReactionPart) -> Reaction:
        """One authored reaction."""
        kind, written = next(iter(part.on.items()))
        fields = dict(written or {})
        thread, carries = (several(fields.pop(name, ())) for name in ("thread", "carries"))
        self.check_predicates("reactions", part.id, "if", part.when)
        return Reaction(
            part.id,
            Pattern(
                kind,
                tuple((name, frozenset(self.wanted(part.id, several(value)))) for name, value in fields.items()),
                thread=frozenset(self.item("reactions", part.id, "thread", name, self.facts.mail) for name in thread),
                carries=frozenset(self.thing("reactions", part.id, "carries", name) for name in carries),
            ),
            self.actions("reactions", part.id, part.do),
            duration(part.after),
            part.when,
            part.once,
        )

    def wanted(self, reaction: str, values: Sequence[Any]) -> Iterable[Any]:
        """The values a field of an event may have."""
        for value in values:
            if isinstance(value, str) and value.startswith("@"):
                yield self.item("reactions", reaction, "on", value)
            else:
                yield self.facts.agent if value == "agent" else value

    def actions(self, topic: str, item: str, do: Sequence[ActionPart]) -> tuple[str, ...]:
        """Names of the actions, now known to the world."""
        names = []
        for number, part in enumerate(do):
            name = f"{topic}/{item}/{number}"
            self.facts.actions[name] = self.action(name, topic, item, part)
            names.append(name)
        return tuple(names)

    def action(self, name: str, topic: str, item: str, part: ActionPart) -> Action:
        """One authored action."""
        by = self.person(topic, item, "do", part.by)
        if part.mail:
            mail_id = self.item(topic, item, "do", part.mail, self.facts.mail)
            mail = self.facts.mail.get(mail_id) or Mail(mail_id, 0, "", (), "", "")
            return SendItem(name, mail, part.reply)
        if part.chat:
            channel = part.chat.removeprefix("#")
            if channel not in self.facts.channels:
                self.fault(topic, item, "do", f'no channel "{channel}"{did_you_mean(channel, self.facts.channels)}')
            text = self.text(topic, item, "do", part.text)
            return PostItem(name, channel, Message(drawn_id("msg", self.world.seed, name), 0, by, text))
        if part.ticket:
            ticket = "" if part.ticket == "that" else self.item(topic, item, "do", part.ticket, self.facts.tickets)
            return DecideTicket(name, by, part.becomes, ticket)
        if part.answer:
            return AnswerConcern(name, by, self.text(topic, item, "do", part.answer))
        if part.setting:
            setting = self.facts.settings.get(part.setting)
            if setting is None or part.becomes not in setting.options:
                self.fault(topic, item, "do", f"no setting {part.setting!r} that can be {part.becomes!r}")
            return ChangeSetting(name, by, part.setting, part.becomes)
        return ChangePresence(name, self.person(topic, item, "do", part.person), part.text)

    # rules ----------------------------------------------------------------------------------------------

    def make_rules(self) -> None:
        facts, scenario = self.facts, self.scenario
        self.person("scenario", "post", "account", scenario.post.account)
        for part in self.there("controls"):
            self.check_predicates("controls", part.id, "holds", part.holds, part.allowed_if)
            facts.controls += (Control(part.id, part.title, part.holds, part.allowed_if),)
        facts.ends = tuple(End(name, predicate) for name, predicate in scenario.ends.items())
        self.check_predicates("scenario", "ends", "ends", *scenario.ends.values())
        self.check_predicates("scenario", "opportunities", "opportunities", *scenario.opportunities.values())
        self.check_predicates("scenario", "tasks", "done", *(task.done for task in scenario.tasks))
        facts.max_steps, facts.horizon = scenario.max_steps, self.at(scenario.horizon)
        facts.marks = self.marks()
        for item_id in facts.slugs.values():
            for secret in self.carried(item_id):
                facts.carriers[secret] = (*facts.carriers.get(secret, ()), item_id)

    def carried(self, item_id: str) -> tuple[str, ...]:
        """Secrets whose values an authored mail or document holds."""
        mail, document = self.facts.mail.get(item_id), self.facts.documents.get(item_id)
        texts = (mail.subject, mail.body) if mail else (document.text,) if document else ()
        return secrets_in(*texts)

    def marks(self) -> dict[str, tuple[tuple[str, Leaf], ...]]:
        """Every `ever:` of the world and the scenario, by the events after which it is looked at."""
        scenario = self.scenario
        predicates: list[Any] = [*scenario.ends.values(), *scenario.opportunities.values()]
        predicates += [task.done for task in scenario.tasks]
        predicates += [each for part in self.there("controls") for each in (part.holds, part.allowed_if)]
        predicates += [part.when for part in self.there("reactions")]
        predicates += [secret.open_if for secret in self.secrets.values()]
        marks: dict[str, dict[str, Leaf]] = {}
        for ever in evers(*predicates):
            for kind in sorted(ever.ever.after):
                marks.setdefault(kind, {})[ever.mark] = ever.ever
        return {kind: tuple(each.items()) for kind, each in marks.items()}

    def check_predicates(self, topic: str, item: str, key: str, *predicates: Leaf | None) -> None:
        """Every name in the predicates is one of this world's."""
        checks: Mapping[str, Callable[[str], Any]] = {
            "ticket": lambda name: self.item(topic, item, key, name),
            "mail": lambda name: self.item(topic, item, key, name),
            "document": lambda name: self.item(topic, item, key, name),
            "person": lambda name: self.person(topic, item, key, name),
            "read_by": lambda name: self.person(topic, item, key, name),
            "by": lambda name: self.person(topic, item, key, name),
            "setting": lambda name: self.setting(topic, item, key, name),
        }
        for predicate in predicates:
            if predicate is not None:
                for name, check in checks.items():
                    if value := getattr(predicate, name, ""):
                        check(value)
                self.check_predicates(topic, item, key, *predicate.within())


def several(value: Any) -> Sequence[Any]:
    """One value, or many, as many."""
    return value if isinstance(value, list | tuple) else (value,)


def with_readers(document: Document, readers: tuple[str, ...]) -> Document:
    """The document with other readers."""
    return replace(document, readers=readers)


def file(boxes: dict[str, list[Mail]], mail: Mail) -> None:
    """Put a mail into the folders it stands in."""
    boxes.setdefault(f"{mail.sender}/sent", []).append(mail)
    for account in mail.delivered:
        boxes.setdefault(f"{account}/inbox", []).append(mail)
