"""Meetings as the calendar's tools see them: whose they are, when they are, and how they are told."""

from collections.abc import Collection, Iterator
from itertools import islice

from corpenv.company import Company
from corpenv.company.calendar import moment_from
from corpenv.company.items import Meeting
from corpenv.errors import Refusal

DAY = 86_400
FARTHEST = 400 * DAY
"""How far ahead a meeting can lie, in simulated seconds."""
SHOWN = 20
"""Names of people in an answer."""

# who may what -----------------------------------------------------------------------------------------------


def keeps(company: Company, account: str, whose: str) -> bool:
    """Does the account keep that person's calendar, by itself or for them?"""
    person = company.find_person(whose)
    return account == whose or (person is not None and account in person.calendar_by)


def may_read(company: Company, meeting: Meeting, account: str) -> bool:
    """Does the account see more of the meeting than that its people are busy?"""
    if not meeting.private or meeting.concerns(account):
        return True
    return any(keeps(company, account, whose) for whose in (meeting.organiser, *meeting.attendees))


def readable(company: Company, actor: str, meeting_id: str) -> Meeting:
    """A meeting the actor can open, or Refusal."""
    meeting = company.find_meeting(meeting_id)
    if meeting is None or not may_read(company, meeting, actor):
        raise Refusal(f"there is no meeting {meeting_id} that you can open; list_meetings shows the ids")
    return meeting


def coming(company: Company, actor: str, meeting_id: str) -> Meeting:
    """A meeting that can still be changed, or Refusal."""
    meeting = readable(company, actor, meeting_id)
    if meeting.cancelled:
        raise Refusal(f"{meeting.id} is cancelled; create_meeting makes another")
    if meeting.ends <= company.now:
        raise Refusal(f"{meeting.id} is over, it ended {company.when(meeting.ends)}")
    return meeting


def kept(company: Company, actor: str, meeting_id: str) -> Meeting:
    """A meeting that can still be changed, by the actor, or Refusal."""
    meeting = coming(company, actor, meeting_id)
    if not keeps(company, actor, meeting.organiser):
        raise Refusal(f"{meeting.id} is {company.name_of(meeting.organiser)}'s to change; ask them")
    return meeting


# times and words --------------------------------------------------------------------------------------------


def beginning(company: Company, text: str, name: str = "at") -> int:
    """The whole minute somebody names, in simulated seconds, or Refusal."""
    try:
        at = moment_from(company.world.start, company.now, text)
    except ValueError as error:
        raise Refusal(f"{name}: {error}") from None
    if at < company.now:
        raise Refusal(f"{name}: {company.when(at)} is over; say a moment after {company.when(company.now)}")
    if at > company.now + FARTHEST:
        raise Refusal(f"{name}: {text!r} is too far ahead; say a moment before {company.when(company.now + FARTHEST)}")
    return at // 60 * 60


def first_second(company: Company, day: str) -> int:
    """When a day begins, today by default, or Refusal."""
    try:
        return moment_from(company.world.start, company.now, f"{day or '+0d'} 00:00")
    except ValueError:
        raise Refusal(f'day: {day!r} is no day such as "2031-03-06"') from None


def span(company: Company, begins: int, ends: int) -> str:
    """`Thu 2031-03-06 14:00 to 15:00`."""
    first, last = company.when(begins), company.when(ends)
    return f"{first} to {last[15:] if first[:14] == last[:14] else last}"


def marks(meeting: Meeting, account: str) -> str:
    """What is to be said of a meeting beside its title, for one of its people."""
    said = {
        "private": meeting.private,
        "cancelled": meeting.cancelled,
        "accepted": account in meeting.accepted,
        "declined": account in meeting.declined,
    }
    return "".join(f" [{mark}]" for mark, so in said.items() if so)


def names(company: Company, accounts: Collection[str]) -> str:
    """People by name, not too many."""
    more = f" and {len(accounts) - SHOWN} more" if len(accounts) > SHOWN else ""
    return ", ".join(company.name_of(account) for account in islice(accounts, SHOWN)) + more


def busy(company: Company, people: Collection[str], begins: int, ends: int, meeting_id: str = "") -> str:
    """Who of the people has something else at that time, as a sentence, or ""."""
    agendas, taken = company.world.agendas, set[str]()
    known = dict.fromkeys(other_id for account in people for other_id in agendas.get(account, ()))
    for other in map(company.find_meeting, (*known, *company.planner.new)):
        if other and other.begins < ends and begins < other.ends and not other.cancelled and other.id != meeting_id:
            taken.update({other.organiser, *other.attendees}.difference(other.declined))
    booked = [account for account in people if account in taken]
    return f" Something else at that time: {names(company, booked)}." if booked else ""


def stands(company: Company, meeting: Meeting, whose: str, actor: str) -> bool:
    """Does the meeting stand in somebody's calendar, as the actor sees it? Nobody is busy with what is not held."""
    if whose == actor:
        return True
    return whose not in meeting.declined and (not meeting.cancelled or may_read(company, meeting, actor))


def row(company: Company, meeting: Meeting, whose: str, actor: str) -> str:
    """A meeting in a list."""
    when = span(company, meeting.begins, meeting.ends)
    if not may_read(company, meeting, actor):
        return f"{when}  busy"
    place = f", {meeting.place}" if meeting.place else ""
    return f"{meeting.id}  {when}  {meeting.title}{place}{marks(meeting, whose)}"


def lines_of(company: Company, meeting: Meeting) -> Iterator[str]:
    """A meeting as it is read."""
    yield f"{meeting.title} ({meeting.id}){marks(meeting, '')}"
    yield f"{span(company, meeting.begins, meeting.ends)}{f', {meeting.place}' if meeting.place else ''}"
    yield f"Organiser: {company.name_of(meeting.organiser)} ({meeting.organiser})"
    open_ = [each for each in meeting.attendees if each not in meeting.accepted and each not in meeting.declined]
    for said, people in (("Accepted", meeting.accepted), ("Declined", meeting.declined), ("Invited", open_)):
        if people:
            yield f"{said}: {names(company, people)}"
    if meeting.text:
        yield f"\n{company.text(meeting.text)}"
