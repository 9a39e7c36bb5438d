"""The calendars and registers of a world under one condition."""

from corpenv.company.calendar import duration
from corpenv.company.items import Meeting, Record, Register
from corpenv.world.nouns import comments_of
from corpenv.world.parts import MeetingPart, RecordPart
from corpenv.world.resolve import EVERYONE, Resolver, slugs_of


def make_meetings(names: Resolver) -> None:
    """Every meeting; one that is held again, as often as it is."""
    for part in names.there("calendar"):
        first = meeting_of(names, part)
        apart = duration(part.every) if part.every else 0
        for number, slug in enumerate(slugs_of(part)):
            later = number * apart
            names.facts.meetings[names.facts.slugs[slug]] = Meeting(
                names.facts.slugs[slug],
                first.title,
                first.begins + later,
                first.ends + later,
                first.organiser,
                first.attendees,
                first.place,
                first.text,
                first.private,
            )


def meeting_of(names: Resolver, part: MeetingPart) -> Meeting:
    """An authored meeting, the first time it is held."""
    begins = names.at(part.at)
    if EVERYONE in part.attendees:
        told = f'"{EVERYONE}" is no account to invite: the list all-staff has everybody'
        names.fault(part, ("attendees", part.attendees.index(EVERYONE)), told)
    organiser = names.insider(part, "organiser", part.organiser)
    invited = names.accounts(part, "attendees", part.attendees)
    return Meeting(
        names.facts.slugs[part.id],
        names.plain(part, "title", part.title),
        begins,
        begins + duration(part.length),
        organiser,
        tuple(account for account in invited if account != organiser),
        names.plain(part, "place", part.place_),
        names.text(part, "text", part.text),
        part.private,
    )


def make_records(names: Resolver) -> None:
    """Registers, then the records in them."""
    for part in names.there("registers"):
        names.facts.registers[part.id] = Register(
            part.id,
            names.plain(part, "title", part.title),
            readers=names.accounts(part, "readers", part.readers),
            editors=names.accounts(part, "editors", part.editors),
        )
    for part in names.there("records"):
        record = record_of(names, part)
        names.facts.records[record.id] = record


def record_of(names: Resolver, part: RecordPart) -> Record:
    """One authored record."""
    about = names.facts.agent if part.about == "agent" else names.plain(part, "about", part.about)
    return Record(
        names.facts.slugs[part.id],
        names.register(part, "register", part.register_),
        names.plain(part, "title", part.title),
        about,
        {name: names.text(part, ("fields", name), written) for name, written in part.fields.items()},
        notes=comments_of(names, part, "notes"),
        at=names.at(part.at),
    )
