"""What differs between two companies, noun by noun."""

from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from corpenv.company.alertdifferences import of_alerts
from corpenv.company.comparison import Change, changed, compared, flags, ids, rows, turned
from corpenv.company.items import Channel, Document, Mail, Meeting, Person, Record, Ticket
from corpenv.company.machinediff import of_machines
from corpenv.company.mailbox import was_there
from corpenv.company.registrydiff import of_registry
from corpenv.company.state import Company, as_mail
from corpenv.turns import shorten


def of_course(before: Company, after: Company) -> Iterator[Change]:
    """Time, steps, seed, and how far the episode is."""
    for noun, tell in COURSE.items():
        first, second = tell(before), tell(after)
        if first != second:
            yield Change("~", noun, "", turned(first, second))


COURSE: dict[str, Callable[[Company], object]] = {
    "time": lambda company: f"{company.when(company.now)}:{company.now % 60:02}",
    "step": lambda company: company.step,
    "seed": lambda company: company.seed,
    "end": lambda company: company.ended or "none",
    "note": lambda company: "none" if company.note is None else company.note or "an empty one",
}


def of_people(before: Company, after: Company) -> Iterator[Change]:
    """Who is there, who is away, who may do what."""

    def find(company: Company, name: str) -> tuple[Person, str, str] | None:
        person, grant = company.world.people.get(name), company.grant(name)
        may = f"{grant.tier}, {len(grant.tools)} tools" if grant else "no tools"
        away = f"away: {company.away(name)}" if company.away(name) else "present"
        return (replace(person, away=""), away, may) if person else None

    names = ids(
        before,
        after,
        lambda company: (*company.people.away, *company.people.grants),
        lambda world: (*world.people, *world.grants),
    )
    yield from compared(before, after, "person", names, find, lambda company, found: found[0].name, person_change)


def person_change(first: tuple[Person, str, str], second: tuple[Person, str, str]) -> str:
    said = [f"{changed(first[0], second[0])} changed"] if first[0] != second[0] else []
    return "; ".join(
        [*said, *(turned(*pair) for pair in zip(first[1:], second[1:], strict=True) if pair[0] != pair[1])]
    )


def of_mail(before: Company, after: Company) -> Iterator[Change]:
    """Mails that were sent, drafts, and what was read or deleted."""
    names = ids(before, after, lambda company: company.mail.items, lambda world: world.mail)
    names.sort(key=lambda name: (mail.at if (mail := sent(after, name) or sent(before, name)) else 0, name))
    yield from compared(
        before, after, "mail", names, sent, addressed, lambda one, other: mail_change(after, one, other)
    )
    drafts = ids(before, after, lambda company: company.mail.drafts)
    yield from compared(before, after, "draft", drafts, draft, addressed, lambda one, other: "changed")
    known: list[tuple[str, str]] = [*before.world.read, *after.world.read] if apart(before, after) else []

    def read(company: Company) -> dict[tuple[str, str], int]:
        opened = {(who, mail): at for who, own in company.mail.read.items() for mail, at in own.when.items()}
        return {**{pair: 0 for pair in known if pair in company.world.read}, **opened}

    yield from flags(before, after, "read", read)
    yield from flags(before, after, "deleted", lambda company: company.mail.gone)


def apart(before: Company, after: Company) -> bool:
    """Do they stand on different worlds?"""
    return before.world is not after.world


def sent(company: Company, mail_id: str) -> Mail | None:
    """A mail that has left its sender."""
    mail = company.find_mail(mail_id)
    there = mail and (mail_id in company.mail.items or was_there(company, mail))
    return mail if there else None


def draft(company: Company, mail_id: str) -> Mail | None:
    found = company.mail.drafts.get(mail_id)
    return as_mail(found) if found else None


def addressed(company: Company, mail: Mail) -> str:
    return f"{mail.sender} → {shorten(', '.join(mail.to))}: {company.text(mail.subject)}"


def mail_change(company: Company, first: Mail, second: Mail) -> str:
    return f"{addressed(company, second)} ({changed(first, second)} changed)"


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
    yield from flags(
        before, after, "read", lambda company: {(who, f"#{name}"): at for (who, name), at in company.chat.read.items()}
    )


def channel_change(first: Channel, second: Channel) -> str:
    return f"{len(first.messages)} → {len(second.messages)} messages, {len(second.members) or 'all'} members"


def of_office(before: Company, after: Company) -> Iterator[Change]:
    """Documents, tickets and settings."""
    names = ids(before, after, lambda company: company.office.documents, lambda world: world.documents)
    find = Company.find_document
    yield from compared(before, after, "document", names, find, lambda company, found: found.title, document_change)
    yield from flags(before, after, "read", lambda company: company.office.read)
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


def of_planner(before: Company, after: Company) -> Iterator[Change]:
    """Meetings, records, and what was read and noted there."""
    names = ids(before, after, lambda company: company.planner.meetings, lambda world: world.meetings)
    yield from compared(before, after, "meeting", names, Company.find_meeting, meeting_words, meeting_change)
    names = ids(before, after, lambda company: company.planner.records, lambda world: world.records)
    find, about = Company.find_record, lambda company, found: f"{found.register}: {found.title}"
    yield from compared(before, after, "record", names, find, about, record_change)
    yield from flags(before, after, "read", lambda company: company.planner.read)
    for name in ids(before, after, lambda company: company.planner.notes):
        both = [
            [(note, f"{note.author}: {company.text(note.text)}") for note in company.planner.notes.get(name, ())]
            for company in (before, after)
        ]
        yield from rows("comment", name, *both)


def meeting_words(company: Company, meeting: Meeting) -> str:
    return f"{company.when(meeting.begins)} {meeting.organiser}: {meeting.title}"


def meeting_change(first: Meeting, second: Meeting) -> str:
    return f"{second.title} ({changed(first, second)} changed)"


def record_change(first: Record, second: Record) -> str:
    fields = [name for name in {**first.fields, **second.fields} if first.fields.get(name) != second.fields.get(name)]
    return f"{second.title} ({', '.join(fields) or changed(first, second)} changed)"


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


PARTS = (
    of_course, of_people, of_mail, of_chat, of_office, of_planner, of_machines, of_alerts, of_registry, of_oversight,
    of_plan,
)  # fmt: skip
