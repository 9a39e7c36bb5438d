"""Calendars: meetings, whose they are, and who comes."""

from itertools import islice
from typing import Annotated, Literal

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.calendar import MOMENTS
from corpenv.errors import Refusal
from corpenv.events import InvitationAnswered, MeetingCancelled, MeetingMade, MeetingMoved, MeetingRead
from corpenv.record import Answer
from corpenv.tools.base import (
    Arguments,
    Body,
    Effect,
    Line,
    Name,
    Page,
    Part,
    Tool,
    hint,
    listing,
    page_of,
    part_of,
)
from corpenv.tools.meetings import (
    DAY,
    beginning,
    busy,
    coming,
    first_second,
    kept,
    lines_of,
    names,
    readable,
    row,
    span,
    stands,
)

MeetingId = Annotated[Name, Meta(description="Id of the meeting, for example meet-k3f7q.")]
When = Annotated[Line, Meta(description=f"When it begins, {MOMENTS}.")]


class ListMeetings(Arguments, frozen=True):
    person: Annotated[Line, Meta(description="Account of a colleague; empty means your own calendar.")] = ""
    day: Annotated[Line, Meta(description='One day, such as "2031-03-06"; empty lists all from today on.')] = ""
    page: Page = 1


class ReadMeeting(Arguments, frozen=True):
    meeting_id: MeetingId
    part: Part = 1


class CreateMeeting(Arguments, frozen=True):
    title: Annotated[Line, Meta(min_length=1)]
    at: When
    attendees: Annotated[
        tuple[Name, ...], Meta(max_length=50, description="Accounts of colleagues, or mailing lists.")
    ] = ()
    minutes: Annotated[int, Meta(ge=5, le=7 * 24 * 60, description="How long it lasts.")] = 60
    place: Line = ""
    text: Body = ""
    private: Annotated[bool, Meta(description="Others see only that its people are busy.")] = False


class MoveMeeting(Arguments, frozen=True):
    meeting_id: MeetingId
    at: Annotated[Line, Meta(description=f"When it begins now, {MOMENTS}; empty leaves it.")] = ""
    minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60, description="How long it lasts now; 0 leaves it.")] = 0
    place: Annotated[Line, Meta(description="Where it is now; empty leaves it.")] = ""


class CancelMeeting(Arguments, frozen=True):
    meeting_id: MeetingId


class AnswerInvitation(Arguments, frozen=True):
    meeting_id: MeetingId
    answer: Literal["accept", "decline"]


# decisions --------------------------------------------------------------------------------------------------


def list_meetings(company: Company, actor: str, args: ListMeetings) -> Answer:
    """List the meetings in your calendar, or in a colleague's, from today on or of one day. Of private ones that
    are not yours you see the time only.
    """
    person = company.find_person(args.person or actor)
    if person is None or not person.inside:
        near = hint(args.person, sorted(company.world.people), "find_person finds people")
        raise Refusal(f"person: nobody in the company is called {args.person!r}{near}")
    first = first_second(company, args.day)
    found = sorted(
        (meeting.begins, meeting.id, meeting)
        for meeting in company.meetings(person.id)
        if meeting.ends > first
        and (not args.day or meeting.begins < first + DAY)
        and stands(company, meeting, person.id, actor)
    )
    meetings, more = page_of((meeting for _, _, meeting in found), args.page)
    rows = [row(company, meeting, person.id, actor) for meeting in meetings]
    title = f"Calendar of {person.name}{f', {args.day}' if args.day else ''}"
    return Answer(listing(title, rows, more, args.page, f"{title}: no meetings."))


def read_meeting(company: Company, actor: str, args: ReadMeeting) -> Answer:
    """Read a meeting: when and where it is, who comes, and what was written about it."""
    meeting = readable(company, actor, args.meeting_id)
    read = MeetingRead(at=company.now, actor=actor, meeting_id=meeting.id)
    return Answer(part_of("\n".join(lines_of(company, meeting)), args.part), (read,))


def create_meeting(company: Company, actor: str, args: CreateMeeting) -> Answer:
    """Call a meeting of yours and invite colleagues; it stands in their calendars at once."""
    begins = beginning(company, args.at)
    ends = begins + 60 * args.minutes
    attendees = invited(company, actor, args.attendees)
    made = MeetingMade(
        at=company.now,
        actor=actor,
        meeting_id=company.new_id("meet"),
        title=args.title,
        begins=begins,
        ends=ends,
        attendees=attendees,
        place=args.place,
        text=args.text,
        private=args.private,
    )
    whom = f" Invited: {names(company, attendees)}." if attendees else ""
    told = busy(company, (actor, *attendees), begins, ends)
    return Answer(f"Made {made.meeting_id}, {span(company, begins, ends)}.{whom}{told}", (made,))


def invited(company: Company, actor: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """The colleagues that the names stand for, each once and without the actor, or Refusal."""
    found: dict[str, None] = {}
    for name in given:
        inside = company.resolve(name).inside
        if not inside:
            near = hint(name, sorted(company.world.people), "find_person finds people")
            raise Refusal(f"attendees: {name!r} is no colleague{near}; write a mail to people outside")
        found |= dict.fromkeys(inside)
    return tuple(account for account in found if account != actor)


def move_meeting(company: Company, actor: str, args: MoveMeeting) -> Answer:
    """Give a meeting another time, length or place: one of yours, or of somebody whose calendar you keep. Those
    invited are asked again if the time changes.
    """
    meeting = kept(company, actor, args.meeting_id)
    begins = beginning(company, args.at) if args.at else meeting.begins
    ends = begins + (60 * args.minutes or meeting.ends - meeting.begins)
    place = args.place or meeting.place
    if (begins, ends, place) == (meeting.begins, meeting.ends, meeting.place):
        raise Refusal(f"{meeting.id} is so already; say another at, minutes or place")
    moved = MeetingMoved(at=company.now, actor=actor, meeting_id=meeting.id, begins=begins, ends=ends, place=place)
    told = busy(company, (meeting.organiser, *meeting.attendees), begins, ends, meeting.id)
    where = f", {place}" if place else ""
    return Answer(f"{meeting.id} is now {span(company, begins, ends)}{where}.{told}", (moved,))


def cancel_meeting(company: Company, actor: str, args: CancelMeeting) -> Answer:
    """Cancel a meeting: one of yours, or of somebody whose calendar you keep."""
    meeting = kept(company, actor, args.meeting_id)
    cancelled = MeetingCancelled(at=company.now, actor=actor, meeting_id=meeting.id)
    return Answer(f"{meeting.id} is cancelled: {meeting.title}.", (cancelled,))


def answer_invitation(company: Company, actor: str, args: AnswerInvitation) -> Answer:
    """Accept or decline a meeting you are invited to."""
    meeting = coming(company, actor, args.meeting_id)
    if actor not in meeting.attendees:
        raise Refusal(f"you are not invited to {meeting.id}; it is {company.name_of(meeting.organiser)}'s")
    said, before = {"accept": ("accepted", meeting.accepted), "decline": ("declined", meeting.declined)}[args.answer]
    if actor in before:
        raise Refusal(f"you have {said} {meeting.id} already")
    answered = InvitationAnswered(at=company.now, actor=actor, meeting_id=meeting.id, answer=said)
    return Answer(f"You {said} {meeting.id}: {meeting.title}.", (answered,))


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    people = list(islice((person for person in company.world.people.values() if person.inside), 200))
    whose = [actor, *(person.id for person in people if actor in person.calendar_by)]
    own = dict.fromkeys(meeting.id for account in whose for meeting in company.meetings(account))
    return {
        "meeting_id": list(islice(own, 50)),
        "attendees": [person.id for person in people[:50]],
        "at": ["+1h", "+1d 10:00", "+2d 14:30"],
        "day": [company.when(company.now + ahead)[4:14] for ahead in (0, DAY, 2 * DAY)],
    }


TOOLS = (
    Tool("list_meetings", "calendar", ListMeetings, list_meetings),
    Tool("read_meeting", "calendar", ReadMeeting, read_meeting),
    Tool("create_meeting", "calendar", CreateMeeting, create_meeting, Effect.INSIDE, seconds=120),
    Tool("move_meeting", "calendar", MoveMeeting, move_meeting, Effect.INSIDE, seconds=60),
    Tool("cancel_meeting", "calendar", CancelMeeting, cancel_meeting, Effect.INSIDE),
    Tool("answer_invitation", "calendar", AnswerInvitation, answer_invitation, Effect.OWN),
)
