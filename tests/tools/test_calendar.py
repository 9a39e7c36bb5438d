from collections import Counter

import pytest

from corpenv.company import apply
from corpenv.env import CompanyEnv
from corpenv.events import (
    CallAccepted,
    InvitationAnswered,
    MeetingCancelled,
    MeetingMade,
    MeetingMoved,
    MeetingRead,
)
from corpenv.tools import TOOLS
from corpenv.tools.calendar import ListMeetings

CHANGES = (MeetingMade, MeetingMoved, MeetingCancelled, InvitationAnswered, MeetingRead)


@pytest.fixture
def env(office, planned) -> CompanyEnv:
    return office(planned)


def made(env, **more):
    """Id of a meeting that the agent called."""
    env.do("create_meeting", **{"title": "Glue", "at": "2031-03-06 14:00", **more})
    return next(event.meeting_id for event in env.latest[0].entry.events if isinstance(event, MeetingMade))


def seen_by(env, account, **given):
    """What somebody's own list shows."""
    return TOOLS["list_meetings"].decide(env.company, account, ListMeetings(**given)).text


# reading ----------------------------------------------------------------------------------------------------


def test_ones_calendar_goes_from_today_on_in_order(env):
    slug = env.company.id_of
    assert env.do("list_meetings").splitlines() == [
        "Calendar of Office Desk:",
        f"{slug('benches')}  Tue 2031-03-04 09:00 to 09:15  Benches",
        f"{slug('benches.2')}  Wed 2031-03-05 09:00 to 09:15  Benches",
        f"{slug('bid-review')}  Wed 2031-03-05 10:00 to 11:00  The library bid, Front room",
        f"{slug('benches.3')}  Thu 2031-03-06 09:00 to 09:15  Benches",
    ]


def test_a_day_is_listed_alone_and_a_past_one_too(env):
    assert env.do("list_meetings", day="2031-03-06").splitlines()[0] == "Calendar of Office Desk, 2031-03-06:"
    assert len(env.do("list_meetings", day="Thu 2031-03-06").splitlines()) == 2
    assert len(env.do("list_meetings", day="+2d").splitlines()) == 2
    assert "Stock count" in env.do("list_meetings", day="2031-03-03")
    assert env.do("list_meetings", day="2031-03-09") == "Calendar of Office Desk, 2031-03-09: no meetings."


@pytest.mark.parametrize("day", ["tomorrow", "2031-02-30", "6 March", "+1h", "0000-01-01"])
def test_what_is_no_day_is_refused(env, day):
    wanted = f'list_meetings was refused: day: {day!r} is no day such as "2031-03-06".'
    assert env.do("list_meetings", day=day) == wanted


def test_a_colleagues_private_meeting_is_only_busy(env):
    rows = env.do("list_meetings", person="imre.sand", day="2031-03-05").splitlines()
    assert rows[-1] == "Wed 2031-03-05 10:30 to 11:00  busy"
    assert "The library bid" in rows[-2]
    assert "private matter" in seen_by(env, "imre.sand", day="2031-03-05")
    assert "private matter" in seen_by(env, "nora.whitlock", person="imre.sand", day="2031-03-05")


def test_who_keeps_a_calendar_sees_what_is_private_in_it(env, facts):
    fitting = env.company.id_of("fitting")
    assert env.do("list_meetings", person="tove.lind").splitlines()[-1].startswith(f"{fitting}  ")
    assert env.do("read_meeting", meeting_id=fitting).startswith(f"Fitting ({fitting}) [private]")
    assert [event.meeting_id for event in facts(env, MeetingRead)] == [fitting]


@pytest.mark.parametrize("person", ["imre.sant", "mara.quill", "nobody"])
def test_only_colleagues_have_calendars(env, person):
    answer = env.do("list_meetings", person=person)
    assert answer.startswith(f"list_meetings was refused: person: nobody in the company is called {person!r}")


def test_a_meeting_is_read_with_who_comes(env, facts):
    review = env.company.id_of("bid-review")
    price = env.company.text(env.company.find_meeting(review).text).split()[3]
    env.do("answer_invitation", meeting_id=review, answer="decline")
    assert env.do("read_meeting", meeting_id=review).splitlines() == [
        f"The library bid ({review})",
        "Wed 2031-03-05 10:00 to 11:00, Front room",
        "Organiser: Nora Whitlock (nora.whitlock)",
        "Declined: Office Desk",
        "Invited: Dele Okafor, Imre Sand",
        "",
        f"We ask for {price} pounds. Bring the samples.",
    ]
    assert price in ("18,640", "21,375", "19,920", "22,105")


def test_a_private_meeting_of_others_is_as_if_it_were_not_there(env, facts):
    talk = env.company.id_of("talk")
    for name, more in (
        ("read_meeting", {}), ("move_meeting", {"at": "+1d 12:00"}), ("cancel_meeting", {}),
        ("answer_invitation", {"answer": "accept"}),
    ):  # fmt: skip
        for meeting in (talk, "meet-zzzzz"):
            answer = env.do(name, meeting_id=meeting, **more)
            told = f"there is no meeting {meeting} that you can open; list_meetings shows the ids"
            assert answer == f"{name} was refused: {told}."
            assert facts(env, *CHANGES) == []


# changing ---------------------------------------------------------------------------------------------------


def test_a_meeting_stands_in_the_calendars_of_its_people_at_once(env, facts):
    answer = env.do(
        "create_meeting", title="Glue", at="2031-03-06 14:00", minutes=30, attendees=["bench", "desk", "dele.okafor"]
    )
    (event,) = facts(env, MeetingMade)
    invited = "Invited: Imre Sand, Tove Lind, Dele Okafor."
    assert answer == f"Made {event.meeting_id}, Thu 2031-03-06 14:00 to 14:30. {invited}"
    assert event.attendees == ("imre.sand", "tove.lind", "dele.okafor")
    assert event.ends - event.begins == 1800
    for account in ("desk", *event.attendees):
        assert f"{event.meeting_id}  Thu 2031-03-06 14:00 to 14:30  Glue" in seen_by(env, account)
    assert event.meeting_id not in seen_by(env, "nora.whitlock")
    assert event.meeting_id.startswith("meet-")
    assert env.company.knows(event.meeting_id)


def test_a_meeting_begins_with_a_whole_minute(env, facts):
    env.do("list_meetings")
    assert env.company.now % 60
    env.do("create_meeting", title="t", at="+1h")
    assert [event.begins % 60 for event in facts(env, MeetingMade)] == [0]


@pytest.mark.parametrize(
    ("at", "why"),
    [
        ("soon", "at: 'soon' is no moment such as "),
        ("2031-13-01 10:00", "at: '2031-13-01 10:00' is no moment"),
        ("14:00", "at: '14:00' is no moment"),
        ("2031-03-04 08:00", "at: Tue 2031-03-04 08:00 is over; say a moment after Tue 2031-03-04 08:3"),
        ("-1h", "at: Tue 2031-03-04 07:"),
        ("9999-12-31 23:59", "at: '9999-12-31 23:59' is too far ahead; say a moment before "),
        ("+99999w", "at: '+99999w' is too far ahead"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused(env, facts, at, why):
    review = env.company.id_of("benches.2")
    for name, more in (("create_meeting", {"title": "t"}), ("move_meeting", {"meeting_id": review})):
        assert env.do(name, at=at, **more).startswith(f"{name} was refused: {why}")
        assert facts(env, *CHANGES) == []


@pytest.mark.parametrize("name", ["mara.quill", "x@elsewhere.example", "imre.sant", "everyone"])
def test_only_colleagues_are_invited(env, facts, name):
    answer = env.do("create_meeting", title="t", at="+1d 09:00", attendees=["imre.sand", name])
    assert answer.startswith(f"create_meeting was refused: attendees: {name!r} is no colleague")
    assert facts(env, MeetingMade) == []


def test_a_double_booking_is_said_and_not_refused(env):
    answer = env.do("create_meeting", title="t", at="+1d 10:45", attendees=["imre.sand", "tove.lind"])
    assert answer.endswith("Invited: Imre Sand, Tove Lind. Something else at that time: Office Desk, Imre Sand.")
    env.do("answer_invitation", meeting_id=env.company.id_of("bid-review"), answer="decline")
    assert "Something else" not in env.do("create_meeting", title="t", at="+1d 11:45", attendees=["imre.sand"])
    assert env.do("create_meeting", title="t", at="+1d 10:00", minutes=30).endswith("10:30.")


def test_a_move_asks_those_invited_again(env, facts):
    benches = env.company.id_of("benches.2")
    answer = env.do("move_meeting", meeting_id=benches, at="2031-03-05 10:45", place="Yard")
    told = "Wed 2031-03-05 10:45 to 11:00, Yard. Something else at that time: Office Desk, Imre Sand."
    assert answer == f"{benches} is now {told}"
    (moved,) = facts(env, MeetingMoved)
    assert (moved.ends - moved.begins, moved.place) == (900, "Yard")
    assert "10:45 to 11:00  Benches, Yard" in seen_by(env, "tove.lind")
    assert f"{benches} is so already" in env.do("move_meeting", meeting_id=benches, place="Yard", minutes=15)
    assert "is so already" in env.do("move_meeting", meeting_id=benches)


def test_one_moves_what_one_organises_or_keeps_and_nothing_else(env, facts):
    review, fitting = env.company.id_of("bid-review"), env.company.id_of("fitting")
    answer = env.do("move_meeting", meeting_id=review, at="+1d 15:00")
    assert answer == f"move_meeting was refused: {review} is Nora Whitlock's to change; ask them."
    assert "Nora Whitlock's to change" in env.do("cancel_meeting", meeting_id=review)
    assert facts(env, *CHANGES) == []
    assert env.do("move_meeting", meeting_id=fitting, minutes=120).endswith("Thu 2031-03-06 12:00 to 14:00.")
    (moved,) = facts(env, MeetingMoved)
    assert moved.actor == "desk"


def test_what_is_cancelled_or_over_is_not_changed_any_more(env, facts):
    benches, stock = env.company.id_of("benches.3"), env.company.id_of("stock")
    assert env.do("cancel_meeting", meeting_id=benches) == f"{benches} is cancelled: Benches."
    assert f"{benches}  Thu 2031-03-06 09:00 to 09:15  Benches [cancelled]" in env.do("list_meetings")
    for name, more in (("cancel_meeting", {}), ("move_meeting", {"at": "+3d 09:00"})):
        assert f"{benches} is cancelled; create_meeting makes another" in env.do(name, meeting_id=benches, **more)
    answer = env.do("answer_invitation", meeting_id=stock, answer="accept")
    assert answer == f"answer_invitation was refused: {stock} is over, it ended Mon 2031-03-03 16:00."
    assert facts(env, *CHANGES) == []


def test_nobody_is_busy_with_what_is_cancelled_or_declined(env):
    env.do("cancel_meeting", meeting_id=env.company.id_of("fitting"))
    assert "Fitting" not in seen_by(env, "imre.sand", person="tove.lind")
    assert "Something else" not in env.do("create_meeting", title="t", at="2031-03-06 12:00", attendees=["tove.lind"])
    env.do("answer_invitation", meeting_id=env.company.id_of("bid-review"), answer="decline")
    assert "The library bid, Front room [declined]" in env.do("list_meetings")
    assert "The library bid" not in seen_by(env, "imre.sand", person="desk")


def test_an_invitation_is_answered_by_who_is_invited_and_can_be_answered_otherwise(env, facts):
    review, benches = env.company.id_of("bid-review"), env.company.id_of("benches")
    assert env.do("answer_invitation", meeting_id=review, answer="accept") == f"You accepted {review}: The library bid."
    assert f"you have accepted {review} already" in env.do("answer_invitation", meeting_id=review, answer="accept")
    env.do("answer_invitation", meeting_id=review, answer="decline")
    meeting = env.company.find_meeting(review)
    assert (meeting.accepted, meeting.declined) == ((), ("desk",))
    answer = env.do("answer_invitation", meeting_id=benches, answer="accept")
    assert f"you are not invited to {benches}; it is Office Desk's" in answer
    assert facts(env, InvitationAnswered) == []


def test_a_meeting_that_moves_in_time_forgets_the_answers_and_one_that_moves_in_space_does_not(env):
    review = env.company.find_meeting(env.company.id_of("bid-review"))
    env.do("answer_invitation", meeting_id=review.id, answer="decline")
    there = MeetingMoved(
        at=0, actor="nora.whitlock", meeting_id=review.id, begins=review.begins, ends=review.ends, place="Yard"
    )
    later = MeetingMoved(
        at=0, actor="nora.whitlock", meeting_id=review.id, begins=review.begins + 60, ends=review.ends, place="Yard"
    )
    assert apply(there, env.company).find_meeting(review.id).declined == ("desk",)
    assert apply(later, env.company).find_meeting(review.id).declined == ()


def test_many_meetings_have_pages_and_many_people_are_counted(env, planned, office):
    crowd = [{"id": f"p{number}", "name": f"P {number}"} for number in range(30)]
    world = planned.with_items("people", crowd).with_items(
        "calendar",
        [
            {"id": "all", "title": "All", "at": "+1h", "organiser": "desk", "attendees": ["all-staff"]},
            {"id": "daily", "title": "D", "at": "+4d 09:00", "organiser": "desk", "every": "1d", "times": 30},
        ],
    )
    env = office(world)
    assert env.do("list_meetings").endswith("More: page=2.")
    assert len(env.do("list_meetings", page=2).splitlines()) == 1 + 15
    assert " and 14 more" in env.do("read_meeting", meeting_id=env.company.id_of("all"))


def test_below_p3_a_meeting_needs_approval_and_is_then_made_in_the_agents_name(office, planned, facts):
    env = office(planned, tier="P2")
    answer = env.do("create_meeting", title="Glue", at="2031-03-06 14:00", attendees=["imre.sand"])
    assert answer.startswith("This needs approval. Imre Sand has it")
    env.do("wait", minutes=60)
    (event,) = facts(env, MeetingMade)
    assert (event.actor, event.title) == ("desk", "Glue")


# drawn calls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tier", ["P3", "P4"])
def test_most_drawn_calls_are_accepted_and_every_tool_at_least_once(office, planned, tier):
    env = office(planned, tier=tier)
    drawn, accepted = Counter(), Counter()
    for seed in range(8):
        env.reset(seed=seed)
        env.action_space.seed(seed)
        for _ in range(200):
            action = env.action_space.sample()
            _, _, terminated, truncated, _ = env.step(action)
            drawn[action["name"]] += 1
            accepted[action["name"]] += any(isinstance(event, CallAccepted) for event in env.latest[0].entry.events)
            if terminated or truncated:
                env.reset()
    assert accepted.total() / drawn.total() >= 0.6
    assert all(accepted[spec.name] for spec in env.start.tools)
