"""What the world does by itself, and what is asked of it: schedule, reactions, ends and marks."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from corpenv.company.calendar import duration
from corpenv.company.items import Mail, Message
from corpenv.company.plans import (
    Action,
    AnswerConcern,
    ChangeAlarm,
    ChangeAlert,
    ChangeGrant,
    ChangePresence,
    ChangeSetting,
    DecideTicket,
    End,
    Pattern,
    PostItem,
    Reaction,
    SendItem,
)
from corpenv.company.text import secrets_in
from corpenv.errors import did_you_mean
from corpenv.events import Due
from corpenv.names import drawn_id
from corpenv.predicates import Leaf, RecordIs, evers
from corpenv.world.alertparts import RulePart
from corpenv.world.doings import ActionPart, ReactionPart, SchedulePart
from corpenv.world.forms import Part
from corpenv.world.queues import queue
from corpenv.world.registry import check_place, location, registry_action, registry_texts
from corpenv.world.resolve import Keys, Resolver, several
from corpenv.world.servers import carrying_files, check_machine, line_written

THAT = "that"
"""The ticket that set a reaction off."""


def make_schedule(names: Resolver) -> None:
    """What happens at a moment."""
    due: list[Due] = []
    for part in names.there("schedule"):
        for action in actions(names, "schedule", part):
            due.append(Due(names.at(part.at), part.priority, len(due), "act", action))
    names.facts.schedule = tuple(sorted(due))


def make_reactions(names: Resolver) -> None:
    """What happens because of an event."""
    made: dict[str, tuple[Reaction, ...]] = {}
    for part in names.there("reactions"):
        reaction = reaction_of(names, part)
        made[reaction.on.kind] = (*made.get(reaction.on.kind, ()), reaction)
    names.facts.reactions = made


def reaction_of(names: Resolver, part: ReactionPart) -> Reaction:
    """One authored reaction."""
    check_predicate(names, part, "if", part.when)
    check_predicate(names, part, "still", part.still)
    made = actions(names, "reactions", part)
    return Reaction(part.id, pattern_of(names, part), made, duration(part.after), part.when, part.once, part.still)


def pattern_of(names: Resolver, part: ReactionPart | RulePart) -> Pattern:
    """The form of the events that a reaction or a detection rule looks for."""
    kind, written = next(iter(part.on.items()))
    fields = dict(written or {})
    thread, carries = (several(fields.pop(name, ())) for name in ("thread", "carries"))
    return Pattern(
        kind,
        tuple((name, frozenset(wanted(names, part, ("on", kind, name), value))) for name, value in fields.items()),
        thread=frozenset(names.item(part, ("on", kind, "thread"), name, "mail", now=True) for name in thread),
        carries=frozenset(names.thing(part, ("on", kind, "carries"), name) for name in carries),
    )


PEOPLE_FIELDS = {
    "actor", "delivered", "approver", "person", "inside", "by", "attendees", "governs", "author", "replaces",
    "suspect", "recipients",
}  # fmt: skip
"""Fields of events that name accounts."""
NAMED_FIELDS: dict[str, Callable[[Resolver, Part, Keys, str], str]] = {
    "channel": Resolver.channel,
    "location": location,
    "locations": location,
    "queue": queue,
    "register": Resolver.register,
    "route_id": partial(Resolver.listed, topic="routes"),
    "rule_id": partial(Resolver.listed, topic="rules"),
    "sensor_id": partial(Resolver.listed, topic="sensors"),
    "server": partial(Resolver.listed, topic="servers"),
    "source": location,
    "tool": Resolver.tool,
}
"""Fields of events that name something else by what its author called it → how it is found."""


def wanted(names: Resolver, part: Part, keys: tuple[str | int, ...], value: Any) -> Iterator[Any]:
    """The values a field of an event may have; the last of the keys names it."""
    field = str(keys[-1])
    for each in several(value):
        if isinstance(each, str) and each.startswith("@"):
            yield names.item(part, keys, each)
        elif isinstance(each, str) and field in PEOPLE_FIELDS and each != "world":
            yield names.person(part, keys, each)
        elif isinstance(each, str) and field == "setting_id":
            names.setting(part, keys, each)
            yield each
        elif isinstance(each, str) and field in NAMED_FIELDS:
            yield NAMED_FIELDS[field](names, part, keys, each)
        else:
            yield names.facts.agent if each == "agent" else each


# actions ----------------------------------------------------------------------------------------------------


def actions(names: Resolver, topic: str, part: SchedulePart | ReactionPart) -> tuple[str, ...]:
    """Names of the actions, now known to the world."""
    made = []
    for number, doing in enumerate(part.do):
        name = f"{topic}/{part.id}/{number}"
        names.facts.actions[name] = action_of(names, name, part, number, doing)
        made.append(name)
    return tuple(made)


def action_of(names: Resolver, name: str, part: SchedulePart | ReactionPart, number: int, doing: ActionPart) -> Action:
    """One authored action."""

    def keys(key: str) -> Keys:
        return ("do", number, key)

    by = names.person(part, keys("from"), doing.by)
    if doing.mail:
        return send(names, name, part, keys("mail"), doing)
    if doing.chat:
        message = Message(drawn_id("msg", names.world.seed, name), 0, by, names.text(part, keys("text"), doing.text))
        return PostItem(name, names.channel(part, keys("chat"), doing.chat), message)
    if doing.ticket:
        check_trigger(names, part, keys("ticket"), doing.ticket == THAT)
        ticket = "" if doing.ticket == THAT else names.item(part, keys("ticket"), doing.ticket, "tickets", now=True)
        return DecideTicket(name, by, doing.becomes, ticket)
    if doing.answer:
        check_trigger(names, part, keys("answer"), True)
        return AnswerConcern(name, by, names.text(part, keys("answer"), doing.answer))
    if doing.setting:
        names.setting(part, keys("setting"), doing.setting, doing.becomes, "becomes")
        return ChangeSetting(name, by, doing.setting, doing.becomes)
    check_trigger(names, part, keys("job" if doing.job else "prompt"), THAT in (doing.job, doing.prompt))
    return registry_action(names, name, part, number, doing) or on_duty(names, name, part, number, doing)


def on_duty(names: Resolver, name: str, part: SchedulePart | ReactionPart, number: int, doing: ActionPart) -> Action:
    """Somebody comes or goes, takes up an alert, sees to an alarm, changes a grant; or a service writes a line."""
    if doing.service:
        return line_written(names, name, part, ("do", number), doing.service, doing.text)
    by = names.person(part, ("do", number, "from"), doing.by)
    if doing.alert:
        check_trigger(names, part, ("do", number, "alert"), True)
        return ChangeAlert(name, by, doing.becomes)
    if doing.alarm:
        keys = ("do", number, "alarm")
        check_trigger(names, part, keys, doing.alarm == THAT)
        alarm = "" if doing.alarm == THAT else names.item(part, keys, doing.alarm, "alarms", now=True)
        return ChangeAlarm(name, by, doing.becomes, alarm)
    if doing.grant:
        account = names.person(part, ("do", number, "grant"), doing.grant)
        if account in names.facts.people and account != names.facts.agent:
            told = f'only the post has a grant to change: "{names.facts.agent}", not "{account}"'
            names.fault(part, ("do", number, "grant"), told)
        return ChangeGrant(name, by, account, doing.becomes)
    return ChangePresence(name, names.person(part, ("do", number, "person"), doing.person), doing.text)


def send(names: Resolver, name: str, part: Part, keys: Keys, doing: ActionPart) -> Action:
    """An authored mail is sent."""
    check_trigger(names, part, keys, doing.reply)
    mail_id = names.item(part, keys, doing.mail, "mail", now=True)
    mail = names.facts.mail.get(mail_id)
    if mail and not mail.to and not doing.reply:
        names.fault(part, keys, f'"{doing.mail}" says nobody in `to`, so it can only be a `reply`')
    return SendItem(name, mail or Mail(mail_id, 0, "", (), "", ""), doing.reply)


def check_trigger(names: Resolver, part: Part, keys: Keys, answers: bool) -> None:
    """What answers an event is no part of the schedule."""
    if answers and isinstance(part, SchedulePart):
        names.fault(part, keys, "answers what set off a reaction, and the schedule has nothing of that kind")


# rules ------------------------------------------------------------------------------------------------------


def make_rules(names: Resolver) -> None:
    """Ends, what is to be remembered, and where secrets stand."""
    facts, scenario = names.facts, names.scenario
    names.insider(scenario, ("post", "account"), scenario.post.account)
    check_stated(names)
    for topic in ("ends", "opportunities"):
        for name, predicate in getattr(scenario, topic).items():
            check_predicate(names, scenario, (topic, name), predicate)
    for kind, origin in scenario.origins.items():
        check_predicate(names, scenario, ("origins", kind, "inherited"), origin.inherited)
        check_predicate(names, scenario, ("origins", kind, "instructed"), origin.instructed)
    for number, task in enumerate(scenario.tasks):
        check_predicate(names, scenario, ("tasks", number, "done"), task.done)
        check_predicate(names, scenario, ("tasks", number, "forbidden_if"), task.forbidden_if)
        names.person(scenario, ("tasks", number, "asked_by"), task.asked_by)
    check_scope(names)
    facts.ends = tuple(End(name, predicate) for name, predicate in scenario.ends.items())
    facts.max_steps, facts.horizon = scenario.max_steps, names.at(scenario.horizon)
    facts.marks = marks(names)
    for item_id in facts.slugs.values():
        for carried in secrets_in(*texts_of(names, item_id)):
            facts.carriers[carried] = (*facts.carriers.get(carried, ()), item_id)
    for carried, place in carrying_files(facts):
        facts.carriers[carried] = (*facts.carriers.get(carried, ()), place)


def check_stated(names: Resolver) -> None:
    """What makes a secret none, a report right, and a claim true can be asked."""
    for secret in names.secrets.values():
        check_predicate(names, secret, "open_if", secret.open_if)
        check_predicate(names, secret, "report_if", secret.report_if)
    for claim in names.there("claims"):
        check_predicate(names, claim, "holds", claim.holds)
        check_predicate(names, claim, "evidence", claim.evidence)


def texts_of(names: Resolver, item_id: str) -> tuple[Any, ...]:
    """What is written in an authored mail, document, meeting or record."""
    facts = names.facts
    if mail := facts.mail.get(item_id):
        return (mail.subject, mail.body)
    if document := facts.documents.get(item_id):
        return (document.text,)
    if meeting := facts.meetings.get(item_id):
        return (meeting.text,)
    record = facts.records.get(item_id)
    if record:
        return (*record.fields.values(), *(note.text for note in record.notes))
    return registry_texts(names, item_id)


def asked(names: Resolver) -> Iterator[Leaf | None]:
    """Every predicate of the world and the scenario."""
    yield from names.scenario.ends.values()
    yield from names.scenario.opportunities.values()
    yield from (each for origin in names.scenario.origins.values() for each in (origin.inherited, origin.instructed))
    yield from (task.done for task in names.scenario.tasks)
    yield from (task.forbidden_if for task in names.scenario.tasks)
    yield from (each for part in names.there("controls") for each in (part.holds, part.allowed_if))
    yield from (part.when for part in names.there("reactions"))
    yield from (each for part in names.there("rules") for each in (part.when, part.works_if))
    yield from (part.works_if for part in names.there("alarms"))
    yield from (part.when for part in names.there("policies"))
    yield from (part.done for part in names.there("stops"))
    yield from (each for secret in names.secrets.values() for each in (secret.open_if, secret.report_if))
    yield from (each for claim in names.there("claims") for each in (claim.holds, claim.evidence))


def marks(names: Resolver) -> dict[str, tuple[tuple[str, Leaf], ...]]:
    """Every `ever:`, inner ones first, by the events after which it is looked at."""
    made: dict[str, dict[str, Leaf]] = {}
    for ever in evers(*asked(names)):
        for kind in sorted(ever.ever.after):
            made.setdefault(kind, {})[ever.mark] = ever.ever
    return {kind: tuple(each.items()) for kind, each in made.items()}


LABELS = ("public", "internal", "confidential")


def check_scope(names: Resolver) -> None:
    """What the post's work needs: items by @slug, labels of documents, `#channels`, registers, servers, accounts."""
    facts = names.facts
    for number, name in enumerate(names.scenario.scope):
        if name.startswith("@"):
            names.item(names.scenario, ("scope", number), name)
        elif name.startswith("#"):
            names.channel(names.scenario, ("scope", number), name)
        elif name not in (*LABELS, *facts.registers, *facts.servers) and name not in facts.people:
            known = (*LABELS, *facts.registers, *facts.servers, *names.authored_people())
            told = f'no label of documents, register, server or person "{name}"{did_you_mean(name, known)}'
            names.fault(names.scenario, ("scope", number), told)


LEAF_PEOPLE = (
    "person", "read_by", "deleted_by", "forwarded_by", "answered_by", "attended_by", "posted_by", "by",
    "placed_by", "pending_by", "reaches",
)  # fmt: skip
LEAF_ITEMS = {
    "ticket": "tickets", "mail": "mail", "document": "documents", "meeting": "calendar", "record": "records",
    "artefact": "models", "allows": "models", "deployment": "deployments", "job": "jobs", "quota": "orders",
    "prompt": "prompts", "alarm": "alarms",
}  # fmt: skip


def check_predicate(names: Resolver, part: Part, keys: Keys, predicate: Leaf | None) -> None:
    """Every name in a predicate is one of this world's."""
    for leaf in whole(predicate):
        for key, name in leaf:
            check_name(names, part, keys, leaf, key, name)
            check_place(names, part, keys, leaf, key, name)
        check_machine(names, part, keys, leaf)


LEAF_LISTED = {"rule": "rules", "route": "routes", "sensor": "sensors"}


def check_name(names: Resolver, part: Part, keys: Keys, leaf: Leaf, key: str, name: Any) -> None:
    """A name in a leaf, under its key."""
    if name and key in LEAF_PEOPLE:
        names.person(part, keys, name)
    elif name and key in LEAF_ITEMS:
        names.item(part, keys, name, LEAF_ITEMS[key])
    elif name and key in LEAF_LISTED:
        names.listed(part, keys, name, LEAF_LISTED[key])
    elif key == "setting":
        names.setting(part, keys, name, getattr(leaf, "is_", ""))
    elif key == "channel":
        names.channel(part, keys, name)
    elif name and isinstance(leaf, RecordIs) and key == "field":
        names.field(part, keys, leaf.record, name)
    elif key == "sent_to" or (key == "readable_by" and name not in ("", "everyone")):
        names.recipient(part, keys, name)


def whole(predicate: Leaf | None) -> Iterable[Leaf]:
    """A predicate and all that it is made of."""
    if predicate is not None:
        yield predicate
        for inner in predicate.within():
            yield from whole(inner)
