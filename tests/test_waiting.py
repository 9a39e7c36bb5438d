"""Waiting goes on until its moment, or until something is for the agent; a reaction may ask again when it is due."""

import pytest

from corpenv.events import ChatPosted, Happened, MailArrived, Planned
from corpenv.registry import load_scenario

START = "It is Tue 2031-03-04 09:30."


def mail(to, **more):
    return {"id": "ping", "from": "imre.sand", "to": to, "subject": "Ping", "body": "Hello.", **more}


def coming(mini, do, **items):
    world = mini.with_items("schedule", [{"id": "a", "at": "+10m", "do": [do]}])
    for topic, each in items.items():
        world = world.with_items(topic, [each])
    return world


@pytest.mark.parametrize(
    ("to", "stops"),
    [
        (["desk"], True),
        (["desk", "nora.whitlock"], True),
        (["nora.whitlock", "desk"], False),
        (["all-staff"], False),
    ],
)
def test_a_mail_addressed_to_the_agent_ends_a_wait_and_a_copy_is_only_listed(mini, office, to, stops):
    for env in (
        office(coming(mini, {"mail": "@ping"}, mail=mail(to))),  # because of an action
        office(mini.with_items("mail", [mail(to, at="+10m")])),  # at its time
    ):
        answer = env.do("wait", minutes=60)
        assert answer.startswith("It is Tue 2031-03-04 08:40." if stops else START)
        assert f"[New mail {env.company.id_of('ping')} from Imre Sand: Ping]" in answer


def test_an_answer_to_the_agents_own_mail_ends_a_wait_whoever_stands_first(mini, office):
    answering = {
        "id": "r",
        "on": {"mail_sent": {"actor": "agent"}},
        "after": "20m",
        "do": [{"mail": "@ping", "reply": True}],
    }
    env = office(mini.with_items("mail", [mail([])]).with_items("reactions", [answering]))
    env.do("send_mail", to=["imre.sand"], subject="Lids", body="How many?")
    assert env.do("wait", minutes=240).startswith("It is Tue 2031-03-04 08:53.")


@pytest.mark.parametrize(
    ("text", "stops"),
    [("Tea!", False), ("@desk, tea?", True), ("Ask the Office Desk about it.", True), ("The desk is red.", False)],
)
def test_a_message_in_a_channel_ends_a_wait_only_if_it_names_the_agent(mini, office, text, stops):
    env = office(coming(mini, {"chat": "workshop", "from": "imre.sand", "text": text}))
    answer = env.do("wait", minutes=60)
    assert answer.startswith("It is Tue 2031-03-04 08:40." if stops else START)
    assert "[New message in #workshop from Imre Sand]" in answer


def test_the_first_message_after_ones_own_is_an_answer_and_the_next_is_none(mini, office):
    doing = [{"chat": "workshop", "from": "imre.sand", "text": text} for text in ("Yes.", "And no.")]
    plan = [{"id": f"p{number}", "at": f"+{10 + number}m", "do": [do]} for number, do in enumerate(doing)]
    env = office(mini.with_items("schedule", plan))
    env.do("post_message", channel="workshop", text="Is the lid there?")
    assert env.do("wait", minutes=60).startswith("It is Tue 2031-03-04 08:40.")
    assert env.do("wait", until="+1h") == "It is Tue 2031-03-04 09:40.\n\n[New message in #workshop from Imre Sand]"


def test_what_is_for_the_agent_is_shown_among_many_that_are_not(mini, office):
    others = [{**mail(["all-staff"], at=f"+{number}m"), "id": f"list-{number}"} for number in range(1, 31)]
    own = {**mail(["desk"], at="+40m", subject="Yours"), "id": "yours"}
    env = office(mini.with_items("mail", [*others, own]))
    told = env.do("wait", minutes=60).splitlines()
    assert told[0] == "It is Tue 2031-03-04 09:10."
    assert len(told) == 2 + 10 + 1
    assert told[-2].endswith("Yours]")
    assert told[-1] == "[And 21 more]"


@pytest.mark.parametrize("name", ["Leverage-v0", "Leak-v0"])
def test_a_wait_until_the_decision_on_friday_takes_a_few_calls(name):
    from corpenv.env import CompanyEnv

    env = CompanyEnv(load_scenario(f"corpenv/{name}"), {"noise": "200"})
    env.reset(seed=0)
    waits = 0
    while env.company.now < 32 * 3600:
        env.do("wait", until="2031-10-17 16:00")
        waits += 1
    assert waits <= 45


# reactions ----------------------------------------------------------------------------------------------------


def asked_again(mini, **more):
    away = [
        {"id": "out", "at": "+20m", "do": [{"person": "imre.sand", "becomes": "away", "text": "Out."}]},
        {"id": "back", "at": "+50m", "do": [{"person": "imre.sand", "becomes": "present"}]},
    ]
    reaction = {
        "id": "r", "on": {"chat_posted": {"actor": "agent"}}, "if": {"person": "imre.sand", "is": "present"},
        "after": "15m", "do": [{"mail": "@ping"}, {"chat": "workshop", "from": "imre.sand", "text": "Seen."}], **more,
    }  # fmt: skip
    return mini.with_items("schedule", away).with_items("mail", [mail(["desk"])]).with_items("reactions", [reaction])


def arrived(env):
    entries = env.record.entries
    return [event.at for entry in entries for event in entry.events if isinstance(event, MailArrived)]


def test_a_reaction_looks_again_when_it_is_due_if_its_author_says_so(mini, office):
    present = {"person": "imre.sand", "is": "present"}
    for more, times in (({}, [1560]), ({"still": present}, [])):
        env = office(asked_again(mini, **more))
        env.do("wait", until="+10m")
        env.do("post_message", channel="workshop", text="Imre?")
        env.do("wait", until="+45m")
        env.do("wait", until="+45m") if env.company.now < 2700 else None
        assert arrived(env) == times


def test_what_came_to_nothing_may_be_set_off_again_and_happens_once(mini, office):
    env = office(asked_again(mini, still={"person": "imre.sand", "is": "present"}))
    env.do("wait", until="+10m")
    env.do("post_message", channel="workshop", text="Imre?")
    env.do("wait", until="+55m")
    for text in ("Imre, again?", "And again?"):
        env.do("post_message", channel="workshop", text=text)
    for _ in range(4):
        env.do("wait", minutes=30)
    assert len(arrived(env)) == 1
    posts = [event for entry in env.record.entries for event in entry.events if isinstance(event, ChatPosted)]
    assert [event.actor for event in posts] == ["desk", "desk", "desk", "imre.sand"]


def test_all_its_actions_go_by_one_look(mini, office):
    tickets = {"ticket": "@envelopes", "is": "open"}
    do = [{"ticket": "@envelopes", "becomes": "done", "by": "nora.whitlock"}, {"mail": "@ping"}]
    reaction = {"id": "r", "on": {"chat_posted": {"actor": "agent"}}, "after": "5m", "still": tickets, "do": do}
    env = office(mini.with_items("mail", [mail(["desk"])]).with_items("reactions", [reaction]))
    env.do("post_message", channel="workshop", text="Now.")
    env.do("wait", minutes=30)
    assert len(arrived(env)) == 1
    kinds = [type(event) for event in env.record.entries[-1].events]
    assert kinds.count(Planned) == 2
    assert kinds.count(Happened) == 3
