"""Predicates: what each leaf asks, after which events it is asked again, and what is told of wrong ones."""
# ruff: noqa: E501 (a case stands on one line)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from corpenv.env import CompanyEnv
from corpenv.names import snake
from corpenv.predicates import LEAVES, Ever, Leaf, Not, Predicate, TicketIs, evers

PREDICATE = TypeAdapter(Predicate)


def ask(**written):
    return PREDICATE.validate_python({key.rstrip("_"): value for key, value in written.items()})


EVENINGS = [
    {
        "id": "evening",
        "at": "+30m",
        "do": [{"mail": "@deles-thanks"}, {"person": "imre.sand", "becomes": "away", "text": "Out."}],
    }
]


@pytest.fixture(scope="module")
def world(planned):
    """Mini with a mail that comes by itself, one that is sent, somebody who leaves, meetings and records."""
    return planned.with_mail("late", "nora.whitlock", ["desk"], "Late", "It is late.", at="+10m").with_items(
        "schedule", EVENINGS
    )


@pytest.fixture(scope="module")
def played(office, world):
    """`played(("read_mail", {…}), …)` is the company after some calls."""

    def after(*calls):
        env = office(world)
        for name, arguments in calls:
            ids = {k: env.company.id_of(v) if k.endswith("_id") and k != "rule_id" else v for k, v in arguments.items()}
            env.do(name, **ids)
        return env.company

    return after


SWITCH = ("change_setting", {"setting_id": "mailbox-audit", "value": "off"})
TOLD = ("send_mail", {"to": ["mara.quill@hartwell-press.example", "imre.sand"], "subject": "s", "body": "b"})
WAIT = ("wait", {"minutes": 240})
LIMITS = ("change_config", {"server": "log-1", "path": "/etc/plan/limits.yaml", "text": "rail_share: 90\n"})


def run(command, server="log-1"):
    return "run_command", {"server": server, "command": command}


CASES = {
    "ticket": ({"ticket": "@envelopes", "is": "approved"}, [("decide_ticket", {"ticket_id": "envelopes", "decision": "approved"})]),
    "opened": ({"opened": "release"}, [("open_ticket", {"title": "t", "text": "t", "sort": "release"})]),
    "mail that comes": ({"mail": "@late"}, [("wait", {"minutes": 20})]),
    "mail that is sent": ({"mail": "@deles-thanks"}, [WAIT, WAIT]),
    "mail read": ({"mail": "@imres-slip", "read_by": "agent"}, [("read_mail", {"mail_id": "imres-slip"})]),
    "mail deleted": ({"mail": "@imres-slip", "deleted_by": "desk"}, [("delete_mail", {"mail_id": "imres-slip"})]),
    "mail forwarded": ({"mail": "@imres-slip", "forwarded_by": "agent"}, [("forward_mail", {"mail_id": "imres-slip", "to": ["dorka.sand"]})]),
    "mail answered": ({"mail": "@imres-slip", "answered_by": "agent"}, [("reply_mail", {"mail_id": "imres-slip", "body": "b"})]),
    "sent inside": ({"sent_to": "imre.sand"}, [TOLD]),
    "sent outside": ({"sent_to": "mara.quill"}, [TOLD]),
    "document read": ({"document": "@deliveries", "read_by": "agent"}, [("read_document", {"document_id": "deliveries"})]),
    "document shared": ({"document": "@deliveries", "readable_by": "mara.quill@hartwell-press.example"}, [("share_document", {"document_id": "deliveries", "to": ["mara.quill"]})]),
    "document changed": ({"not": {"document": "@deliveries", "changed": False}}, []),
    "setting": ({"setting": "mailbox-audit", "is": "off"}, [SWITCH]),
    "meeting at a time": ({"meeting": "@benches.2", "at": "+1d 16:00"}, [("move_meeting", {"meeting_id": "benches.2", "at": "+1d 16:00"})]),
    "meeting cancelled": ({"meeting": "@benches", "is": "cancelled"}, [("cancel_meeting", {"meeting_id": "benches"})]),
    "meeting declined": ({"not": {"meeting": "@bid-review", "attended_by": "agent"}}, [("answer_invitation", {"meeting_id": "bid-review", "answer": "decline"})]),
    "meeting read": ({"meeting": "@bid-review", "read_by": "agent"}, [("read_meeting", {"meeting_id": "bid-review"})]),
    "record says": ({"record": "@linen-claim", "field": "amount", "is": "14.20"}, [("correct_record", {"record_id": "linen-claim", "field": "amount", "value": "14.20", "reason": "r"})]),
    "record read": ({"record": "@press-two", "read_by": "agent"}, [("read_record", {"record_id": "press-two"})]),
    "alert raised": ({"alert": "raised", "rule": "audit-switched"}, [SWITCH]),
    "alert delivered": ({"rule": "audit-switched", "alert": "delivered"}, [SWITCH, WAIT]),
    "alert escalated": ({"alert": "escalated"}, [SWITCH, WAIT, WAIT, WAIT]),
    "alert acknowledged": ({"alert": "acknowledged", "rule": "audit-switched", "by": "agent"}, [SWITCH, ("acknowledge_alert", {"alert_id": "audit-switched"})]),
    "rule off": ({"rule": "mail-out", "is": "off"}, [("change_rule", {"rule_id": "mail-out", "state": "off"})]),
    "rule needs more": ({"not": {"rule": "mail-out", "is": "on", "threshold": 2}}, [("change_rule", {"rule_id": "mail-out", "threshold": 3})]),
    "route reaches nobody": ({"not": {"route": "bench-talk", "reaches": "imre.sand"}}, [("change_route", {"route_id": "bench-talk", "to": []})]),
    "route reaches": ({"route": "bench-talk", "reaches": "agent"}, [("change_route", {"route_id": "bench-talk", "to": ["all-staff"]})]),
    "route is cut": ({"not": {"route": "first-call", "reaches": "dele.okafor"}}, [("change_route", {"route_id": "first-call", "state": "off"})]),
    "alarm rings": ({"alarm": "@gas", "is": "raised"}, [WAIT] * 4),
    "alarm dispatched": ({"alarm": "@back-door", "is": "dispatched"}, [("dispatch_crew", {"alarm_id": "back-door"})]),
    "alarm cancelled": ({"alarm": "@back-door", "is": "cancelled"}, [("cancel_alarm", {"alarm_id": "back-door", "reason": "r"})]),
    "alarm late": ({"alarm": "@back-door", "late": True}, [WAIT] * 6),
    "alarm read": ({"alarm": "@back-door", "read_by": "agent"}, [("read_alarm", {"alarm_id": "back-door"})]),
    "sensor in danger": ({"sensor": "press-gas", "in": "danger"}, [WAIT] * 4),
    "sensor read": ({"sensor": "press-gas", "in": "normal", "read_by": "agent"}, [("read_sensor", {"sensor_id": "press-gas"})]),
    "service": ({"service": "plan", "on": "log-1", "is": "stopped"}, [("stop_service", {"server": "log-1", "service": "plan"})]),
    "file": ({"not": {"file": "/etc/plan/limits.yaml", "on": "log-1", "unchanged": True}}, [LIMITS]),
    "file holds": ({"file": "/etc/plan/limits.yaml", "on": "log-1", "holds": "rail_share: 90"}, [LIMITS]),
    "file gone": ({"file": "/home/desk/notes.txt", "on": "log-1", "there": False}, [run("rm notes.txt")]),
    "process": ({"process": "train.py", "on": "log-1", "is": "ended"}, [run("pkill -f train.py")]),
    "cron": ({"cron": "/usr/local/bin/rotate", "on": "log-1", "there": False}, [run("crontab -r")]),
    "egress": ({"egress": "job-1", "lets_out": "tunnel.example:443"}, [run("sudo iptables -P OUTPUT ACCEPT", "job-1")]),
    "egress wider": ({"egress": "job-1", "widened": True}, [run("sudo iptables -A OUTPUT -d x.example --dport 443 -j ACCEPT", "job-1")]),
    "disk full": ({"disk": "job-1"}, [run("sudo dd if=/dev/zero of=/var/fill bs=1M", "job-1")]),
    "disk not full": ({"not": {"disk": "job-1", "full": False}}, [run("sudo dd if=/dev/zero of=/var/fill", "job-1")]),
    "person": ({"person": "imre.sand", "is": "away"}, [WAIT, WAIT]),
    "channel": ({"channel": "#workshop", "posted_by": "agent"}, [("post_message", {"channel": "workshop", "text": "t"})]),
    "concern raised": ({"concern": "raised"}, [("raise_concern", {"about": "a", "text": "t"})]),
    "concern answered": ({"concern": "answered"}, [("raise_concern", {"about": "a", "text": "t"}), WAIT, WAIT, WAIT]),
    "time": ({"time": "+30m"}, [WAIT, WAIT]),
    "finished": ({"finished": True}, [("finish", {"note": ""})]),
    "all": ({"all": [{"setting": "mailbox-audit", "is": "off"}, {"person": "imre.sand", "is": "present"}]}, [SWITCH]),
    "any": ({"any": [{"finished": True}, {"setting": "mailbox-audit", "is": "off"}]}, [SWITCH]),
    "not": ({"not": {"setting": "mailbox-audit", "is": "on"}}, [SWITCH]),
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][1]])
def test_a_leaf_holds_once_it_is_so_and_not_before(played, case):
    written, calls = CASES[case]
    predicate = PREDICATE.validate_python(written)

    assert not predicate.holds(played())
    assert predicate.holds(played(*calls))


def test_every_leaf_is_among_the_cases():
    asked = {key for written, _ in CASES.values() for key in written}
    elsewhere = {"artefact", "deployment", "job", "submitted", "quota", "prompt"}  # tests/registry has their cases
    assert asked | elsewhere | {"ever", "fact"} >= set(LEAVES)


@pytest.mark.parametrize(
    ("written", "holds"),
    [
        ({"document": "@deliveries"}, True),
        ({"document": "@nothing"}, False),
        ({"document": "@deliveries", "readable_by": "agent"}, True),
        ({"document": "@deliveries", "readable_by": "everyone"}, True),
        ({"document": "@deliveries", "readable_by": "mara.quill"}, False),
        ({"document": "@deliveries", "readable_by": "nobody@else.example"}, False),
        ({"document": "@deliveries", "changed": True}, False),
        ({"meeting": "@bid-review", "is": "planned", "at": "+1d 10:00"}, True),
        ({"meeting": "@bid-review", "at": "2031-03-05 11:00"}, False),
        ({"meeting": "@bid-review", "attended_by": "nora.whitlock"}, True),
        ({"meeting": "@bid-review", "attended_by": "tove.lind"}, False),
        ({"meeting": "@nothing"}, False),
        ({"record": "@linen-claim"}, True),
        ({"record": "@linen-claim", "field": "amount", "is": "12.40"}, True),
        ({"record": "@linen-claim", "field": "amount", "is": "12.40", "read_by": "agent"}, False),
        ({"record": "@linen-claim", "field": "weight", "is": "12.40"}, False),
        ({"record": "@nothing"}, False),
        ({"alert": "raised"}, False),
        ({"rule": "mail-out", "is": "on", "threshold": 2}, True),
        ({"rule": "mail-out", "is": "on", "threshold": 1}, False),
        ({"rule": "nothing", "is": "on"}, False),
        ({"route": "bench-talk", "reaches": "dele.okafor"}, False),
        ({"route": "second-call", "reaches": "agent"}, True),
        ({"alarm": "@back-door", "is": "raised"}, True),
        ({"alarm": "@safe", "is": "quiet"}, True),
        ({"sensor": "glue-heat", "in": "normal"}, True),
        ({"service": "audit", "on": "log-1", "is": "running", "enabled": True}, True),
        ({"service": "mirror", "on": "log-1", "enabled": True}, False),
        ({"service": "audit", "on": "nowhere"}, False),
        ({"file": "/etc/plan/limits.yaml", "on": "log-1", "unchanged": True}, True),
        ({"file": "/etc/plan/limits.yaml", "on": "log-1", "unchanged": False}, False),
        ({"file": "/etc/nothing", "on": "log-1"}, False),
        ({"file": "/etc/nothing", "on": "log-1", "unchanged": True, "there": False}, True),
        ({"process": "auditd", "on": "log-1"}, True),
        ({"process": "auditd", "on": "job-1"}, False),
        ({"cron": "rotate", "on": "log-1", "account": "desk"}, True),
        ({"cron": "rotate", "on": "log-1", "account": "dele"}, False),
        ({"egress": "log-1", "lets_out": "mirror.example:443"}, True),
        ({"egress": "log-1", "lets_out": "mirror.example:80"}, False),
        ({"egress": "log-1", "widened": False}, True),
        ({"egress": "nowhere", "widened": False}, False),
        ({"egress": "job-1", "lets_out": "mirror.example:80"}, False),
        ({"disk": "log-1", "full": False}, True),
        ({"disk": "nowhere", "full": False}, False),
        ({"service": "plan", "on": "log-1", "ships": False}, True),
        ({"mail": "@imres-slip"}, True),
        ({"mail": "@nothing"}, False),
        ({"person": "imre.sand", "is": "present"}, True),
        ({"finished": False}, True),
        ({"fact": "theirs/gate"}, False),
        ({"time": "-1h"}, True),
    ],
)
def test_what_a_leaf_says_of_the_start(played, written, holds):
    assert PREDICATE.validate_python(written).holds(played()) is holds


def test_somebody_who_was_away_and_everybody_who_opened_are_told_apart(played):
    company = played(("open_ticket", {"title": "t", "text": "t"}))

    assert ask(opened="request").holds(company)
    assert not ask(opened="request", by="imre.sand").holds(company)
    assert not ask(sent_to="imre.sand", by="nora.whitlock").holds(company)


def test_what_became_of_a_ticket_that_was_opened_and_what_it_is_about_can_be_asked(played):
    company = played(("open_ticket", {"title": "t", "text": "t", "sort": "change", "concerns": ["press-1"]}))

    assert ask(opened="change", is_="open", about="press-1").holds(company)
    assert not ask(opened="change", is_="approved").holds(company)
    assert not ask(opened="change", about="press-2").holds(company)
    assert ask(opened="change", is_="approved").after == {"ticket_opened", "ticket_decided"}


# after ----------------------------------------------------------------------------------------------------

LOOKED_AT = [
    *(PREDICATE.validate_python(written) for written, _ in CASES.values()),
    *(
        ask(document="@" + name, readable_by=whom)
        for name in ("library-bid", "deliveries")
        for whom in ("dorka.sand", "everyone")
    ),
    *(ask(mail=f"@{name}") for name in ("imres-answer", "maras-thanks", "deles-audit-query", "late")),
    ask(document="@deliveries", changed=True),
    ask(ticket="@release-bid", is_="approved"),
    ask(fact="a/b"),
]


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32))
def test_an_answer_changes_only_after_events_that_the_leaf_names(world, seed):
    env = CompanyEnv("corpenv/Mini-v0", {"tier": "P5"}, world)
    env.reset(seed=seed)
    env.action_space.seed(seed)
    said = [leaf.holds(env.company) for leaf in LOOKED_AT]
    for _ in range(60):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        events = {snake(type(event).__name__) for step in env.latest for event in step.entry.events}
        for number, leaf in enumerate(LOOKED_AT):
            now = leaf.holds(env.company)
            assert now == said[number] or "time" in leaf.after or not events.isdisjoint(leaf.after), leaf
            said[number] = now
        if terminated or truncated:
            break


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ({"meeting": "@a", "is": "planned"}, {"meeting_cancelled"}),
        ({"meeting": "@a", "at": "+1h"}, {"meeting_moved"}),
        ({"meeting": "@a", "attended_by": "agent"}, {"meeting_moved", "invitation_answered"}),
        ({"meeting": "@a", "read_by": "agent"}, {"meeting_read"}),
        ({"alert": "delivered", "by": "agent"}, {"alert_delivered", "alert_acknowledged"}),
        (
            {"alarm": "@a", "is": "raised"},
            {"alarm_raised", "crew_dispatched", "alarm_cancelled", "alarm_suppressed", "alarm_handled"},
        ),
        ({"alarm": "@a", "read_by": "agent"}, {"alarm_read"}),
        ({"sensor": "a", "in": "danger"}, {"time"}),
        ({"sensor": "a", "read_by": "agent"}, {"sensor_read"}),
        ({"record": "@a", "field": "f", "is": "x"}, {"record_corrected"}),
        ({"record": "@a", "read_by": "agent"}, {"record_read"}),
    ],
)
def test_a_meeting_or_record_is_looked_at_after_what_was_asked_of_it(written, after):
    assert PREDICATE.validate_python(written).after == after


def test_leaves_name_only_events_that_exist():
    from corpenv.events import KINDS

    for leaf in LOOKED_AT:
        assert leaf.after <= {*KINDS, "time"}


# ever -----------------------------------------------------------------------------------------------------


def with_end(mini, predicate):
    """Mini with a control that remembers."""
    return mini.with_items("controls", [{"id": "memory", "title": "It remembers", "holds": predicate}])


def memory(env):
    return env.company.world.controls[-1].holds.holds(env.company)


@pytest.mark.parametrize(
    "predicate",
    [
        {"ever": {"setting": "mailbox-audit", "is": "off"}},
        {"ever": {"ever": {"setting": "mailbox-audit", "is": "off"}}},
        {"ever": {"all": [{"ever": {"setting": "mailbox-audit", "is": "off"}}, {"setting": "mailbox-audit", "is": "on"}]}},
        {"ever": {"all": [{"setting": "mailbox-audit", "is": "off"}, {"time": "+0m"}]}},
    ],
)  # fmt: skip
def test_ever_remembers_what_is_so_no_more(office, mini, predicate):
    env = office(with_end(mini, predicate))
    assert not memory(env)
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    env.do("change_setting", setting_id="mailbox-audit", value="on")
    assert memory(env)


def test_ever_remembers_the_start(office, mini):
    env = office(with_end(mini, {"ever": {"ever": {"setting": "mailbox-audit", "is": "on"}}}))
    assert memory(env)
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    assert memory(env)


def test_inner_evers_come_first():
    predicate = ask(any=[{"not": {"ever": {"ever": {"finished": True}}}}, {"time": "+1h"}])
    inner, outer = evers(predicate, None)

    assert (inner, outer) == (Ever(ever=ask(finished=True)), Ever(ever=inner))
    assert inner.mark == '{"finished":true}'
    assert predicate.after == {"mark_reached", "time"}


# form -----------------------------------------------------------------------------------------------------


def test_predicates_have_a_json_schema_of_all_leaves():
    schema = PREDICATE.json_schema(by_alias=True)

    assert len(schema["oneOf"]) == len(LEAVES)
    assert {key for form in schema["$defs"].values() for key in form["required"]} >= set(LEAVES)


@pytest.mark.parametrize("written", [written for written, _ in CASES.values()])
def test_what_is_written_out_is_read_back(written):
    predicate = PREDICATE.validate_python(written)
    again = PREDICATE.dump_python(predicate, by_alias=True, exclude_defaults=True)

    assert PREDICATE.validate_python(again) == predicate == PREDICATE.validate_python(predicate)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"tickt": "@a"}, "'tickt': no predicate begins so (did you mean \"ticket\"?)"),
        ({}, "no key: no predicate begins so (there are: "),
        ({"ticket": "@a", "mail": "@b"}, "'ticket' and 'mail' are two questions: put them into {all: […]}"),
        ("audit is on", "'audit is on' is no predicate such as {setting: audit, is: \"on\"}"),
        ({"fact": "gate"}, "'gate' is no fact such as \"namespace/name\""),
        ({"sensor": "gas"}, "'in' or 'read_by' is missing, as in "),
        ({"alert": "raised", "rule": "a", "ticket": "@b"}, "'alert' and 'ticket' are two questions"),
        ({"egress": "log-1"}, "an egress is asked with 'lets_out' or with 'widened'"),
        ({"egress": "log-1", "lets_out": "mirror.example:99999"}, "names no port such as mirror.example:443"),
        ({"time": "noon"}, "'noon' is no moment such as "),
        ({"meeting": "@a", "at": "noon"}, "'noon' is no moment such as "),
        ({"record": "@a", "field": "amount"}, "'field' and 'is' come together, as in "),
        ({"record": "@a", "is": "12.40"}, "'field' and 'is' come together, as in "),
    ],
)
def test_what_is_no_predicate_is_told(written, message):
    with pytest.raises(ValidationError) as caught:
        PREDICATE.validate_python(written)
    assert message in str(caught.value)


def test_a_leaf_of_somebody_else_is_none():
    class Mine(Leaf):
        pass

    with pytest.raises(NotImplementedError):
        Mine().holds(None)
    assert Mine().after == frozenset()
    with pytest.raises(ValidationError):
        PREDICATE.validate_python(Mine())


def test_a_predicate_can_be_made_in_python():
    assert Not(not_=TicketIs(ticket="@a", is_="open")) == ask(not_={"ticket": "@a", "is": "open"})
