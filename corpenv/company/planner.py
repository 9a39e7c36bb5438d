"""How facts change calendars and registers: `PLANNER`, kind of event → its change."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from corpenv.company.items import Comment, Meeting
from corpenv.company.state import Company
from corpenv.events import (
    Event,
    InvitationAnswered,
    MeetingCancelled,
    MeetingMade,
    MeetingMoved,
    MeetingRead,
    RecordCorrected,
    RecordNoted,
    RecordRead,
)
from corpenv.record import Log


def planner(company: Company, event: Event, **groups: Any) -> Company:
    """The company with some of its calendars and registers changed."""
    return replace(company, now=event.at, planner=replace(company.planner, **groups))


def with_meeting(company: Company, event: Event, meeting_id: str, **fields: Any) -> Company:
    """The company with a meeting that has other fields."""
    meeting = company.find_meeting(meeting_id)
    if meeting is None:
        return replace(company, now=event.at)
    meetings = company.planner.meetings.set(meeting_id, replace(meeting, **fields))
    return planner(company, event, meetings=meetings)


def meeting_made(event: MeetingMade, company: Company) -> Company:
    meeting = Meeting(
        event.meeting_id,
        event.title,
        event.begins,
        event.ends,
        event.actor,
        event.attendees,
        event.place,
        event.text,
        event.private,
    )
    state = company.planner
    return planner(company, event, meetings=state.meetings.set(meeting.id, meeting), new=(*state.new, meeting.id))


def meeting_moved(event: MeetingMoved, company: Company) -> Company:
    """A meeting at another time is one nobody has said yes or no to."""
    meeting = company.find_meeting(event.meeting_id)
    stays = meeting is not None and (meeting.begins, meeting.ends) == (event.begins, event.ends)
    answers = {} if stays else {"accepted": (), "declined": ()}
    return with_meeting(
        company, event, event.meeting_id, begins=event.begins, ends=event.ends, place=event.place, **answers
    )


def meeting_cancelled(event: MeetingCancelled, company: Company) -> Company:
    return with_meeting(company, event, event.meeting_id, cancelled=True)


def invitation_answered(event: InvitationAnswered, company: Company) -> Company:
    meeting = company.find_meeting(event.meeting_id)
    if meeting is None:
        return replace(company, now=event.at)
    accepted = tuple(account for account in meeting.accepted if account != event.actor)
    declined = tuple(account for account in meeting.declined if account != event.actor)
    if event.answer == "accepted":
        accepted = (*accepted, event.actor)
    else:
        declined = (*declined, event.actor)
    return with_meeting(company, event, meeting.id, accepted=accepted, declined=declined)


def meeting_read(event: MeetingRead, company: Company) -> Company:
    return planner(company, event, read=company.planner.read.set((event.actor, event.meeting_id), event.at))


def record_read(event: RecordRead, company: Company) -> Company:
    return planner(company, event, read=company.planner.read.set((event.actor, event.record_id), event.at))


def record_corrected(event: RecordCorrected, company: Company) -> Company:
    record = company.find_record(event.record_id)
    if record is None:
        return replace(company, now=event.at)
    changed = replace(record, fields={**record.fields, event.field: event.value})
    return planner(company, event, records=company.planner.records.set(record.id, changed))


def record_noted(event: RecordNoted, company: Company) -> Company:
    log: Log[Comment] = company.planner.notes.get(event.record_id) or Log.of()
    note = Comment(event.at, event.actor, event.text)
    return planner(company, event, notes=company.planner.notes.set(event.record_id, log.add(note)))


PLANNER: dict[type[Event], Callable[[Any, Company], Company]] = {
    MeetingMade: meeting_made,
    MeetingMoved: meeting_moved,
    MeetingCancelled: meeting_cancelled,
    InvitationAnswered: invitation_answered,
    MeetingRead: meeting_read,
    RecordRead: record_read,
    RecordCorrected: record_corrected,
    RecordNoted: record_noted,
}
