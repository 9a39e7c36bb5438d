"""Calendars and registers."""

from corpenv.events.base import Event


class MeetingMade(Event, frozen=True):
    """`actor` called a meeting from second `begins` to second `ends`; `attendees` are accounts."""

    meeting_id: str
    title: str
    begins: int
    ends: int
    attendees: tuple[str, ...] = ()
    place: str = ""
    text: str = ""
    private: bool = False


class MeetingMoved(Event, frozen=True):
    """A meeting has another time or place now: all three as they are after it."""

    meeting_id: str
    begins: int
    ends: int
    place: str = ""


class MeetingCancelled(Event, frozen=True):
    """A meeting will not be held."""

    meeting_id: str


class InvitationAnswered(Event, frozen=True):
    """An attendee said whether they come: `answer` is `accepted` or `declined`."""

    meeting_id: str
    answer: str


class MeetingRead(Event, frozen=True):
    meeting_id: str


class RecordRead(Event, frozen=True):
    record_id: str
    register: str


class RecordCorrected(Event, frozen=True):
    """A field of a record says `value` now; it said `was`."""

    record_id: str
    register: str
    field: str
    was: str
    value: str
    reason: str


class RecordNoted(Event, frozen=True):
    """Something was written under a record."""

    record_id: str
    register: str
    text: str
