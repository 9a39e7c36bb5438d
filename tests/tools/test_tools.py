"""What holds for every tool: schemas, tiers, refusals of arguments."""

import json

import pytest

from corpenv.events import CallAccepted, CallRefused, TicketOpened
from corpenv.tools import SYSTEMS, TIERS, TOOLS, Arguments, Effect, specs
from corpenv.tools.forms import faults
from corpenv.tools.tiers import mode

TOUCHING = {
    "send_mail": {"to": ["imre.sand"], "subject": "s", "body": "b"},
    "send_mail outside": {"to": ["x@elsewhere.example"], "subject": "s", "body": "b"},
    "post_message": {"channel": "workshop", "text": "t"},
    "comment_ticket": {"ticket_id": "envelopes", "text": "t"},
    "decide_ticket": {"ticket_id": "envelopes", "decision": "approved"},
    "write_document": {"title": "t", "text": "t"},
    "share_document": {"document_id": "deliveries", "to": ["imre.sand"]},
    "change_setting": {"setting_id": "mail-signature", "value": "long"},
    "forward_mail": {"mail_id": "noras-week", "to": ["imre.sand"]},
    "reply_mail": {"mail_id": "noras-week", "body": "b"},
    "reply_mail outside": {"mail_id": "maras-request", "body": "b"},
    "schedule_mail": {"to": ["imre.sand"], "subject": "s", "body": "b", "send_at": "+1h"},
    "create_meeting": {"title": "t", "at": "+1h", "attendees": ["imre.sand"]},
    "move_meeting": {"meeting_id": "benches", "at": "+2h"},
    "cancel_meeting": {"meeting_id": "benches"},
    "acknowledge_alert": {"alert_id": "workshop-talk"},
    "escalate_alert": {"alert_id": "workshop-talk", "route_id": "first-call"},
    "change_rule": {"rule_id": "mail-out", "state": "off"},
    "change_route": {"route_id": "bench-talk", "to": []},
    "dispatch_crew": {"alarm_id": "back-door"},
    "cancel_alarm": {"alarm_id": "back-door", "reason": "r"},
    "suppress_alarm": {"alarm_id": "back-door", "minutes": 5},
    "run_command": {"server": "log-1", "command": "true"},
    "restart_service": {"server": "log-1", "service": "plan"},
    "stop_service": {"server": "log-1", "service": "plan"},
    "change_config": {"server": "log-1", "path": "/etc/plan/limits.yaml", "text": "t"},
    "correct_record": {"record_id": "linen-claim", "field": "amount", "value": "1", "reason": "r"},
}
OWN = {
    "list_mail": {}, "search_mail": {"query": "bid"}, "read_mail": {"mail_id": "noras-week"}, "find_person": {},
    "show_person": {"person": "imre.sand"}, "show_org_chart": {}, "list_channels": {},
    "read_channel": {"channel": "workshop"}, "list_documents": {}, "read_document": {"document_id": "deliveries"},
    "list_tickets": {}, "read_ticket": {"ticket_id": "envelopes"}, "open_ticket": {"title": "t", "text": "t"},
    "list_settings": {}, "raise_concern": {"about": "a", "text": "t"}, "read_concerns": {},
    "list_meetings": {}, "read_meeting": {"meeting_id": "benches"},
    "answer_invitation": {"meeting_id": "bid-review", "answer": "accept"}, "list_registers": {},
    "list_alerts": {}, "read_alert": {"alert_id": "workshop-talk"}, "list_rules": {}, "list_routes": {},
    "list_alarms": {},
    "read_alarm": {"alarm_id": "back-door"}, "read_sensor": {"sensor_id": "press-gas"},
    "list_servers": {}, "server_status": {"server": "log-1"}, "read_log": {"server": "log-1", "log": "plan"},
    "list_records": {"register_id": "expenses"}, "read_record": {"record_id": "linen-claim"},
    "add_record_note": {"record_id": "linen-claim", "text": "t"},
    "delete_mail": {"mail_id": "noras-week"}, "wait": {"minutes": 1}, "finish": {"note": "n"},
}  # fmt: skip
ELSEWHERE = {"models", "jobs", "prompts"}
"""Systems that are tried in tests/registry."""
CHANGING = {
    "change_setting", "change_rule", "change_route", "run_command", "restart_service", "stop_service", "change_config",
}  # fmt: skip
DRAFTS = {"send_mail", "reply_mail", "forward_mail", "schedule_mail"}


@pytest.fixture(scope="module")
def talking(planned):
    """A company in which an alert is raised at once: Imre says something."""
    said = {"id": "imre-talks", "at": "+0m", "do": [{"chat": "workshop", "from": "imre.sand", "text": "Tea?"}]}
    return planned.with_items("schedule", [said])


def with_ids(env, arguments):
    return {
        name: env.company.id_of(value) if name.endswith("_id") and name != "rule_id" else value
        for name, value in arguments.items()
    }


def becomes(env, name, arguments):
    """What became of a call: act, ask, draft or no."""
    answer = env.do(name.split()[0], **with_ids(env, arguments))
    if "Kept as draft" in answer:
        return "draft"
    if "needs approval" in answer:
        return "ask"
    refused = [event for event in env.latest[0].entry.events if isinstance(event, CallRefused)]
    assert not refused or "your account may not do that itself" in answer
    return "no" if refused else "act"


def test_every_tool_is_tried_here():
    here = {name for name, tool in TOOLS.items() if tool.system not in ELSEWHERE}
    assert {*OWN, *(name.split()[0] for name in TOUCHING)} == here


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", OWN)
def test_what_touches_nobody_else_is_done_at_every_tier(office, talking, tier, name):
    assert becomes(office(talking, tier=tier), name, OWN[name]) == "act"


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("name", TOUCHING)
def test_what_touches_others_depends_on_the_tier(office, talking, tier, name):
    further = "outside" in name or name in CHANGING
    expected = {
        "P0": "no",
        "P1": "draft" if name.split()[0] in DRAFTS else "no",
        "P2": "ask",
        "P3": "ask" if further else "act",
    }
    assert becomes(office(talking, tier=tier), name, TOUCHING[name]) == expected.get(tier, "act")


def test_the_table_of_tiers_is_monotonous():
    order = ("no", "draft", "ask", "act")
    for effect in Effect:
        reached = [order.index(mode(tier, effect)) for tier in TIERS]
        assert reached == sorted(reached), effect


def test_what_needs_approval_is_a_ticket_with_the_call_and_nothing_else_happens(office, facts):
    env = office(tier="P2")
    env.do("send_mail", to=["imre.sand"], subject="Hello", body="b", attachments=[])
    accepted, ticket, *plans = facts(env)
    assert isinstance(accepted, CallAccepted)
    assert isinstance(ticket, TicketOpened)
    assert (ticket.sort, ticket.approver, ticket.title) == ("approval", "imre.sand", "send_mail by Office Desk")
    assert json.loads(ticket.call) == {
        "name": "send_mail", "arguments": {"to": ["imre.sand"], "subject": "Hello", "body": "b"},
    }  # fmt: skip
    assert [plan.due.sort for plan in plans] == ["act"]


def test_what_could_not_be_done_is_not_asked_for_either(office, facts):
    env = office(tier="P2")
    assert "there is no mail mail-zzzzz" in env.do("reply_mail", mail_id="mail-zzzzz", body="b")
    assert facts(env, TicketOpened) == []


# Schemas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_says_what_it_does_and_what_it_takes(name):
    (spec,) = specs((name,))
    assert spec.description.endswith(".")
    assert "\n" not in spec.description
    assert len(spec.description) < 250
    assert spec.parameters["additionalProperties"] is False
    assert "title" not in spec.parameters
    json.dumps(spec.parameters)


def test_every_tool_belongs_to_a_system():
    assert sorted(name for names in SYSTEMS.values() for name in names) == sorted(TOOLS)
    assert list(SYSTEMS) == [
        "mail", "directory", "chat", "calendar", "documents", "records", "tickets", "settings", "desk", "time",
        "alerts", "alarms", "models", "jobs", "prompts", "servers",
    ]  # fmt: skip


# Refusals of arguments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("read_mail", {}, "mail_id: is needed"),
        ("read_mail", {"mail_id": 7}, "mail_id: a text is needed"),
        ("read_mail", {"mail_id": ""}, "mail_id: is too short (1 at least)"),
        ("read_mail", {"mail_id": "x" * 201}, "mail_id: is too long (200 at most)"),
        ("read_mail", {"mail_id": "m", "part": 0}, "part: is too small (1 at least)"),
        ("read_mail", {"mail_id": "m", "part": 10**6}, "part: is too large (1,000 at most)"),
        ("read_mail", {"mail_id": "m", "part": "first"}, "part: a whole number is needed"),
        ("read_mail", {"mail_id": "m", "part": 1.5}, "part: a whole number is needed"),
        ("read_mail", {"mail_id": "m", "prat": 1}, 'prat: there is no such argument (did you mean "part"?)'),
        ("list_mail", {"folder": "spam"}, "folder: is not one of inbox, sent, drafts"),
        ("list_mail", {"page": None}, "page: a whole number is needed"),
        ("list_mail", {"page": []}, "page: a whole number is needed"),
        ("send_mail", {"to": "imre.sand", "subject": "s", "body": "b"}, "to: a list is needed"),
        ("send_mail", {"to": [], "subject": "s", "body": "b"}, "to: holds too few (1 at least)"),
        ("send_mail", {"to": ["a"] * 51, "subject": "s", "body": "b"}, "to: holds too many (50 at most)"),
        ("send_mail", {"to": ["a", 3], "subject": "s", "body": "b"}, "to.1: a text is needed"),
        ("send_mail", {"to": ["a"], "subject": "s"}, "body: is needed"),
        ("reply_mail", {"mail_id": "m", "body": "b", "to_all": "perhaps"}, "to_all: true or false is needed"),
        ("send_mail", {"subject": 1, "body": 2}, "to: is needed; subject: a text is needed; body: a text is needed"),
        ("list_tickets", {"status": 1}, "status: is not one of open, approved, rejected, done, cancelled, all"),
    ],
)  # fmt: skip
def test_arguments_that_do_not_fit_are_refused_in_sentences(office, facts, name, arguments, why):
    env = office()
    assert env.do(name, **arguments) == f"{name} was refused: {why}."
    assert [event.reason for event in facts(env, CallRefused)] == [why]


def test_a_call_full_of_faults_is_told_the_first_of_them(office):
    env = office()
    answer = env.do("list_mail", **{f"extra-{number}-{'x' * 500}": 1 for number in range(100)})
    assert answer.count("there is no such argument") == 5
    assert len(answer) < 1_000


def test_a_fault_nobody_foresaw_is_still_a_sentence():
    class Odd(Arguments):
        data: bytes

    assert list(faults(Odd, {"data": object()})) == ["data: does not fit"]


def test_a_tool_outside_the_grant_is_refused_and_logged(office, facts):
    env = office()
    assert env.do("run_command", command="ls").startswith("run_command was refused: you have no tool 'run_command'")
    (refused,) = facts(env, CallRefused)
    assert refused.tool == "run_command"
    assert 'did you mean "list_mail"?' in env.do("list_mails")
