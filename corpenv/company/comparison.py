"""Comparing two companies, noun by noun."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from corpenv.company.facts import Facts
from corpenv.company.items import Channel, Document, Mail, Person, Ticket
from corpenv.company.mailbox import was_there
from corpenv.company.state import Company, as_mail
from corpenv.turns import shorten

LINE = 160
"""Characters of a line."""

T = TypeVar("T")
Find = Callable[[Company, str], T | None]


class Change(NamedTuple):
    """One thing in which two companies differ.

    Attributes:
        sign: `+` only the second has it, `-` only the first, `~` both have it, and it is another.
        noun: `time`, `person`, `mail`, `draft`, `read`, `deleted`, `channel`, `message`, `document`, `ticket`,
            `comment`, `setting`, `concern`, `answer`, `due`, `fired`, `mark`, `fact`, `step`, `seed`, `end`, `note`.
        id: of the thing, or "".
        text: what is to be said of it.
    """

    sign: str
    noun: str
    id: str
    text: str

    def __str__(self) -> str:
        return shorten(" ".join([self.sign, self.noun, *self.id.split(), *self.text.split()]), LINE)


# help -----------------------------------------------------------------------------------------------------


def ids(
    before: Company,
    after: Company,
    added: Callable[[Company], Iterable[str]],
    base: Callable[[Facts], Iterable[str]] | None = None,
) -> list[str]:
    """Ids of what one of the episodes touched; where the worlds differ, of all they have. Sorted."""
    found = {*added(before), *added(after)}
    if base and before.world is not after.world:
        found.update(base(before.world), base(after.world))
    return sorted(found)


def compared(
    before: Company, after: Company, noun: str, names: Iterable[str], find: Find[T], tell: Callable[[Company, T], str],
    change: Callable[[T, T], str],
) -> Iterator[Change]:  # fmt: skip
    """Things by their ids, on both sides."""
    for name in names:
        first, second = find(before, name), find(after, name)
        if first is None and second is not None:
            yield Change("+", noun, name, tell(after, second))
        elif first is not None and second is None:
            yield Change("-", noun, name, tell(before, first))
        elif first is not None and second is not None and first != second:
            yield Change("~", noun, name, change(first, second))


def rows(noun: str, name: str, first: Iterable[tuple[T, str]], second: Iterable[tuple[T, str]]) -> Iterator[Change]:
    """Things in a row, each with what is to be said of it: what only one of the rows has."""
    one, other = list(first), list(second)
    known, wanted = [value for value, _ in one], [value for value, _ in other]
    yield from (Change("-", noun, name, text) for value, text in one if value not in wanted)
    yield from (Change("+", noun, name, text) for value, text in other if value not in known)


def flags(noun: str, first: Iterable[tuple[str, str]], second: Iterable[tuple[str, str]]) -> Iterator[Change]:
    """Pairs of an account and an id."""
    before, after = set(first), set(second)
    for account, item in sorted(before ^ after, key=lambda pair: (pair[1], pair[0])):
        yield Change("+" if (account, item) in after else "-", noun, item, f"by {account}")


def turned(before: object, after: object) -> str:
    return before if before == after else f"{before} → {after}"  # type: ignore[return-value]


# parts ----------------------------------------------------------------------------------------------------


def of_course(before: Company, after: Company) -> Iterator[Change]:
    """Time, steps, seed, and how far the episode is."""
    for noun, tell in COURSE.items():
        first, second = tell(before), tell(after)
        if first != second:
            yield Change("~", noun, "", turned(first, second))


COURSE: dict[str, Callable[[Company], object]] = {
    "time": lambda company: company.when(company.now),
    "step": lambda company: company.step,
    "seed": lambda company: company.seed,
    "end": lambda company: company.ended or "none",
    "note": lambda company: "none" if company.note is None else company.note or "an empty one",
}


def of_people(before: Company, after: Company) -> Iterator[Change]:
    """Who is there, who is away, who may do what."""

    def change(first: tuple[Any, ...], second: tuple[Any, ...]) -> str:
        return "; ".join(turned(one, other) for one, other in zip(first, second, strict=True) if one != other)

    def find(company: Company, name: str) -> tuple[Person, str, str] | None:
        person, grant = company.world.people.get(name), company.grant(name)
        may = f"{grant.tier}, {len(grant.tools)} tools" if grant else "no tools"
        away = f"away: {company.away(name)}" if company.away(name) else "present"
        return (person, away, may) if person else None

    names = ids(
        before,
        after,
        lambda company: (*company.people.away, *company.people.grants),
        lambda world: (*world.people, *world.grants),
    )
    yield from compared(before, after, "person", names, find, lambda company, found: found[0].name, change)


def of_mail(before: Company, after: Company) -> Iterator[Change]:
    """Mails that were sent, drafts, and what was read or deleted."""
    names = ids(before, after, lambda company: company.mail.items, lambda world: world.mail)
    names.sort(key=lambda name: (mail.at if (mail := sent(after, name) or sent(before, name)) else 0, name))
    yield from compared(
        before, after, "mail", names, sent, addressed, lambda one, other: mail_change(after, one, other)
    )
    drafts = ids(before, after, lambda company: company.mail.drafts)
    yield from compared(before, after, "draft", drafts, draft, addressed, lambda one, other: "changed")
    read = [{*company.mail.read, *(company.world.read if apart(before, after) else ())} for company in (before, after)]
    yield from flags("read", *read)
    yield from flags("deleted", before.mail.gone, after.mail.gone)


def apart(before: Company, after: Company) -> bool:
    """Do they stand on different worlds?"""
    return before.world is not after.world


def sent(company: Company, mail_id: str) -> Mail | None:
    """A mail that has left its sender."""
    mail = company.find_mail(mail_id)
    there = mail and (mail_id in company.mail.items or was_there(company, mail.sender, mail))
    return mail if there else None


def draft(company: Company, mail_id: str) -> Mail | None:
    found = company.mail.drafts.get(mail_id)
    return as_mail(found) if found else None


def addressed(company: Company, mail: Mail) -> str:
    return f"{mail.sender} → {shorten(', '.join(mail.to))}: {company.text(mail.subject)}"


def mail_change(company: Company, first: Mail, second: Mail) -> str:
    changed = [name for name in Mail.__struct_fields__ if getattr(first, name) != getattr(second, name)]
    return f"{addressed(company, second)} ({', '.join(changed)} changed)"


def of_chat(before: Company, after: Company) -> Iterator[Change]:
    """Channels, and the messages in them."""
    if apart(before, after):
        names = ids(before, after, lambda company: (), lambda world: world.channels)
        yield from compared(
            before, after, "channel", names, Company.find_channel,
            lambda company, channel: channel.topic, lambda first, second: channel_change(first, second),
        )  # fmt: skip
    for name in ids(before, after, lambda company: company.chat.messages):
        both = [
            [
                (message, f"{message.author}: {company.text(message.text)}")
                for message in company.chat.messages.get(name, ())
            ]
            for company in (before, after)
        ]
        yield from rows("message", f"#{name}", *both)
    yield from flags("read", *([(who, f"#{name}") for who, name in company.chat.read] for company in (before, after)))


def channel_change(first: Channel, second: Channel) -> str:
    return f"{len(first.messages)} → {len(second.messages)} messages, {len(second.members) or 'all'} members"


def of_office(before: Company, after: Company) -> Iterator[Change]:
    """Documents, tickets and settings."""
    names = ids(before, after, lambda company: company.office.documents, lambda world: world.documents)
    find = Company.find_document
    yield from compared(before, after, "document", names, find, lambda company, found: found.title, document_change)
    yield from flags("read", before.office.read, after.office.read)
    names = ids(before, after, lambda company: company.office.tickets, lambda world: world.tickets)
    yield from compared(
        before, after, "ticket", names, Company.find_ticket,
        lambda company, found: f"{found.sort}, {found.status}: {found.title}", ticket_change,
    )  # fmt: skip
    for name in ids(before, after, lambda company: company.office.comments):
        both = [
            [(comment, f"{comment.author}: {comment.text}") for comment in company.office.comments.get(name, ())]
            for company in (before, after)
        ]
        yield from rows("comment", name, *both)
    names = ids(before, after, lambda company: company.office.settings, lambda world: world.settings)
    yield from compared(before, after, "setting", names, value, lambda company, found: found, turned)


def document_change(first: Document, second: Document) -> str:
    said = [second.title] if first.title == second.title else [turned(first.title, second.title)]
    said += ["another text"] if first.text != second.text else []
    said += [f"readers +{name}" for name in second.readers if name not in first.readers]
    said += [f"readers -{name}" for name in first.readers if name not in second.readers]
    return "; ".join(said)


def ticket_change(first: Ticket, second: Ticket) -> str:
    return f"{turned(first.status, second.status)}: {turned(first.title, second.title)}"


def value(company: Company, setting_id: str) -> str | None:
    return company.value_of(setting_id) if company.find_setting(setting_id) else None


def of_oversight(before: Company, after: Company) -> Iterator[Change]:
    """The escalation desk."""
    both = [{concern.id: concern for concern in company.oversight.concerns} for company in (before, after)]
    for name in sorted({*both[0], *both[1]}):
        first, second = both[0].get(name), both[1].get(name)
        if first is None or second is None:
            concern = first or second
            assert concern is not None
            yield Change("+" if second else "-", "concern", name, f"{concern.author}: {concern.about}")
        answers = [
            [
                (answer, f"{answer.author}: {company.text(answer.text)}")
                for answer in (concern.answers if concern else ())
            ]
            for company, concern in ((before, first), (after, second))
        ]
        yield from rows("answer", name, *answers)


def of_plan(before: Company, after: Company) -> Iterator[Change]:
    """What the world will do, and what it keeps in mind."""
    both = [
        [(due, f"{company.when(due.at)} {due.sort} {due.ref}") for due in company.plan.due]
        for company in (before, after)
    ]
    yield from rows("due", "", *both)
    for noun, kept in KEPT.items():
        one, other = kept(before), kept(after)
        for name in sorted({*one, *other}):
            if name not in one or name not in other:
                yield Change("+" if name in other else "-", noun, name, "")
            elif one[name] != other[name]:
                yield Change("~", noun, name, "again")


KEPT: dict[str, Callable[[Company], Mapping[str, object]]] = {
    "fired": lambda company: company.plan.fired,
    "mark": lambda company: company.oversight.marks,
    "fact": lambda company: company.outsiders.facts,
}


PARTS = (of_course, of_people, of_mail, of_chat, of_office, of_oversight, of_plan)
