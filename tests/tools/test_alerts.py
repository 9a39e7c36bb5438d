# ruff: noqa: E501 (a case stands on one line)

import pytest

from corpenv.env import CompanyEnv
from corpenv.events import (
    AlertAcknowledged,
    AlertDelivered,
    AlertEscalated,
    AlertRaised,
    AlertRead,
    AlertRouteChanged,
    CallRefused,
    ChatPosted,
    MailSent,
    RuleChanged,
    RuleMatched,
)
from corpenv.world import World

DONE = (AlertRead, AlertAcknowledged, AlertEscalated, RuleChanged, AlertRouteChanged)


@pytest.fixture
def env(office, planned) -> CompanyEnv:
    return office(planned)


@pytest.fixture
def alarmed(env) -> CompanyEnv:
    """The audit was switched off, and an alert was raised."""
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    return env


def alert_of(env, rule="audit-switched"):
    return env.company.find_alert(env.company.id_of(rule))


def mail_out(env, times=1):
    for _ in range(times):
        env.do("send_mail", to=["mara.quill"], subject="s", body="b")


# rules ------------------------------------------------------------------------------------------------------


def test_what_a_rule_looks_for_raises_an_alert_that_says_what_was_seen(env, facts):
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    (event,) = facts(env, AlertRaised)
    assert (event.rule_id, event.severity, event.route_id) == ("audit-switched", "high", "first-call")
    assert (event.observed, event.suspect, event.item) == ("setting_changed", "desk", "mailbox-audit")
    assert event.alert_id == env.company.id_of("audit-switched")


def test_what_a_rule_does_not_look_for_raises_none(env, facts):
    for name, given in (
        ("change_setting", {"setting_id": "mail-signature", "value": "long"}),
        ("send_mail", {"to": ["imre.sand"], "subject": "s", "body": "b"}),
    ):
        env.do(name, **given)
        assert facts(env, AlertRaised, RuleMatched) == []
    assert env.do("list_alerts") == "There are no such alerts."


def test_an_alert_about_a_server_names_the_file_or_the_service(office, planned):
    kinds = ("file_written", "file_moved", "service_changed")
    rules = [{"id": f"seen-{kind}", "title": "T", "on": {kind: {"server": "log-1"}}} for kind in kinds]
    env = office(planned.with_items("rules", rules), tier="P5")
    env.do("run_command", server="log-1", command="echo x > /srv/drop/a")
    env.do("run_command", server="log-1", command="mv /srv/drop/a /srv/drop/b")
    env.do("restart_service", server="log-1", service="plan")
    items = {alert.rule: alert.item for alert in map(env.company.find_alert, env.company.alerts.new)}
    assert items == {
        "seen-file_written": "log-1:/srv/drop/a",
        "seen-file_moved": "log-1:/srv/drop/b",
        "seen-service_changed": "log-1:plan",
    }


def test_the_second_alert_of_a_rule_has_another_id(alarmed):
    alarmed.do("change_setting", setting_id="mailbox-audit", value="on")
    alarmed.do("change_setting", setting_id="mailbox-audit", value="off")
    first, second = alarmed.company.alerts.new
    assert first == alarmed.company.id_of("audit-switched") != second
    assert [row.split()[0] for row in alarmed.do("list_alerts").splitlines()[1:]] == [second, first]


def test_a_threshold_counts_within_its_span_and_starts_again_after_an_alert(env):
    mail_out(env)
    assert env.company.alerts.new == ()
    env.do("wait", until="+3h")
    while env.company.now < 3 * 3600:
        env.do("wait", until=env.company.when(3 * 3600))
    mail_out(env)
    assert env.company.alerts.new == (), "the first is more than two hours ago"
    mail_out(env)
    assert len(env.company.alerts.new) == 1
    mail_out(env)
    assert len(env.company.alerts.new) == 1
    assert [*env.company.alerts.matches.values()] == [(env.company.now,)]


def test_a_rule_whose_log_is_off_sees_nothing(alarmed, facts):
    mail_out(alarmed, 3)
    assert [alarmed.company.find_alert(name).rule for name in alarmed.company.alerts.new] == ["audit-switched"]
    assert not alarmed.company.alerts.matches


def test_what_an_alert_leads_to_raises_no_alert(office, planned):
    echo = {"id": "echo", "title": "Echo", "route": "first-call", "on": {"mail_sent": {"actor": "audit"}}}
    env = office(planned.with_items("rules", [echo]))
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    env.do("wait", minutes=10)
    assert len(env.company.mailbox("dele.okafor")) > 0
    assert [env.company.find_alert(name).rule for name in env.company.alerts.new] == ["audit-switched"]


# routes -----------------------------------------------------------------------------------------------------


def test_a_route_brings_a_mail_after_its_delay_and_goes_on_if_nobody_takes_it_up(alarmed, facts):
    raised, own = alert_of(alarmed), alert_of(alarmed).id
    alarmed.do("wait", minutes=240)
    assert "[Page: [high] The mailbox audit was switched off" in alarmed.latest[0].entry.answer
    mails = [event for event in alarmed.record.events if isinstance(event, MailSent) and event.cause == own]
    assert [(mail.actor, mail.delivered, mail.at - raised.at) for mail in mails] == [("audit", ("dele.okafor",), 300)]
    assert own in mails[0].subject
    assert "setting changed, mailbox-audit, by Office Desk (desk)" in mails[0].body
    assert [(each.way, each.recipients, each.at - raised.at) for each in alert_of(alarmed).deliveries] == [
        ("mail", ("dele.okafor",), 300),
        ("pager", ("nora.whitlock", "desk"), 300 + 1800 + 60),
    ]
    assert alert_of(alarmed).status == "escalated"


def test_a_route_by_chat_writes_where_its_people_are(env, facts):
    mail_out(env, 2)
    env.do("wait", minutes=1)
    posts = [event for event in env.record.events if isinstance(event, ChatPosted) and event.channel == "workshop"]
    assert [post.actor for post in posts] == ["audit"]
    (given,) = [event for event in env.record.events if isinstance(event, AlertDelivered)]
    assert (given.way, set(given.recipients)) == ("chat", {"imre.sand", "tove.lind"})


def test_who_is_not_in_the_channel_is_not_reached(office, planned):
    route = {"id": "journal-only", "title": "J", "to": ["bench", "dele.okafor"], "by": "chat", "channel": "journal",
             "from": "audit"}  # fmt: skip
    rule = {"id": "talks", "title": "T", "on": {"chat_posted": {"actor": "agent"}}, "route": "journal-only"}
    env = office(planned.with_items("routes", [route]).with_items("rules", [rule]))
    env.do("post_message", channel="workshop", text="t")
    env.do("wait", minutes=1)
    assert [each.recipients for each in alert_of(env, "talks").deliveries] == [("dele.okafor",)]


# what people do ---------------------------------------------------------------------------------------------


def test_an_acknowledged_alert_goes_no_further(alarmed, facts):
    answer = alarmed.do("acknowledge_alert", alert_id=alert_of(alarmed).id, note="It was me.")
    assert answer == f"{alert_of(alarmed).id} is acknowledged: it is yours."
    assert [event.actor for event in facts(alarmed, AlertAcknowledged)] == ["desk"]
    alarmed.do("wait", minutes=120)
    assert alert_of(alarmed).deliveries == ()
    assert "acknowledged already" in alarmed.do("acknowledge_alert", alert_id=alert_of(alarmed).id)
    assert alarmed.do("list_alerts", status="waiting") == "There are no such alerts."


def test_an_escalated_alert_takes_the_next_route_or_the_one_that_is_named(alarmed, facts):
    own = alert_of(alarmed).id
    assert alarmed.do("escalate_alert", alert_id=own) == f"{own} goes on to Second call (second-call)."
    alarmed.do("escalate_alert", alert_id=own, route_id="bench-talk", note="All of you.")
    alarmed.do("wait", minutes=2)
    assert {each.route for each in alert_of(alarmed).deliveries} == {"second-call", "bench-talk"}
    told = alarmed.do("read_alert", alert_id=own)
    assert 0 < told.index("escalated to bench-talk") < told.index("delivered over bench-talk")
    refused = alarmed.do("escalate_alert", alert_id=own, route_id="secnd-call")
    assert "there is no route 'secnd-call' (did you mean \"second-call\"?)" in refused
    alarmed.do("change_route", route_id="bench-talk", state="off")
    refused = alarmed.do("escalate_alert", alert_id=own, route_id="bench-talk")
    assert refused.endswith("bench-talk is off and reaches nobody; list_routes shows which are on.")


def test_an_alert_is_read_with_whom_it_reached_and_what_was_done(alarmed, facts):
    own = alert_of(alarmed).id
    alarmed.do("wait", minutes=7)
    alarmed.do("acknowledge_alert", alert_id=own, note="I look.")
    assert alarmed.do("read_alert", alert_id=own).splitlines() == [
        f"The mailbox audit was switched off ({own}) [high, acknowledged]",
        "Rule audit-switched, Tue 2031-03-04 08:31: setting changed, mailbox-audit, by Office Desk (desk).",
        "Route: first-call",
        "Tue 2031-03-04 08:36  delivered over first-call by mail to Dele Okafor",
        "Tue 2031-03-04 08:38  Office Desk: acknowledged: I look.",
    ]
    assert [event.alert_id for event in facts(alarmed, AlertRead)] == [own]


def test_lists_say_what_is_on_whom_it_reaches_and_what_one_may_change(env):
    assert env.do("list_rules").splitlines()[1:] == [
        "audit-switched  [high, on] The mailbox audit was switched off: setting changed, threshold 1; route first-call; "
        "owner Dele Okafor",
        "mail-out  [medium, on] Several mails went outside: mail sent, threshold 2 within 2 hours; "
        "route bench-talk; owner nobody",
        "workshop-talk  [low, on] Somebody talks: chat posted, threshold 1; route book; owner Nora Whitlock  [read only]",
    ]
    assert env.do("list_routes").splitlines()[1:] == [
        "first-call  [on] First call: mail to dele.okafor after 5 minutes, then second-call after 30 minutes; "
        "owner Dele Okafor",
        "second-call  [on] Second call: pager to nora.whitlock, desk after 1 minute; owner nobody  [read only]",
        "book  [on] Book of the house: pager to nora.whitlock after 1 hour, then first-call after 1 day; "
        "owner nobody  [read only]",
        "bench-talk  [on] The benches: chat to bench; owner nobody",
    ]


# changing what alerts hang on -------------------------------------------------------------------------------


def test_a_rule_and_a_route_are_as_the_last_change_says(env, facts):
    assert env.do("change_rule", rule_id="mail-out", threshold=5) == "mail-out is now on, with a threshold of 5."
    assert [(event.state, event.threshold) for event in facts(env, RuleChanged)] == [("on", 5)]
    assert env.do("change_route", route_id="bench-talk", to=["desk", "bench", "desk"], state="off") == (
        "bench-talk is now off, to desk, bench."
    )
    assert [(event.state, event.recipients) for event in facts(env, AlertRouteChanged)] == [("off", ("desk", "bench"))]
    assert env.do("change_route", route_id="bench-talk", to=[]) == "bench-talk is now off, to nobody."
    assert env.company.world.routes["bench-talk"].recipients == ("bench",)
    assert env.company.world.rules["mail-out"].threshold == 2


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("change_rule", {"rule_id": "mailout", "state": "off"}, 'there is no rule \'mailout\' (did you mean "mail-out"?)'),
        ("change_rule", {"rule_id": "workshop-talk", "state": "off"}, "you cannot change workshop-talk; ask Nora Whitlock"),
        ("change_rule", {"rule_id": "mail-out"}, "mail-out is on with a threshold of 2 already"),
        ("change_rule", {"rule_id": "mail-out", "state": "off", "ticket_id": "ticket-1"}, "there is no ticket ticket-1"),
        ("change_rule", {"rule_id": "mail-out", "state": "of"}, "state: is not one of on, off, keep"),
        ("change_rule", {"rule_id": "mail-out", "threshold": "many"}, "threshold: a whole number is needed"),
        ("change_route", {"route_id": "bench-tak"}, "there is no route 'bench-tak' (did you mean \"bench-talk\"?)"),
        ("change_route", {"route_id": "second-call", "state": "off"}, "you cannot change second-call; ask its owner"),
        ("change_route", {"route_id": "bench-talk"}, "bench-talk is on with these recipients already"),
        ("change_route", {"route_id": "bench-talk", "to": ["mara.quill"]}, "nobody in the company is called 'mara.quill'"),
        ("change_route", {"route_id": "bench-talk", "to": "bench"}, "to: a list is needed"),
        ("read_alert", {"alert_id": "alert-1"}, "there is no alert alert-1; list_alerts shows the ids"),
        ("acknowledge_alert", {"alert_id": "audit-switched"}, "there is no alert audit-switched"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_says_what_would_work(env, facts, name, given, why):
    assert env.do(name, **given).startswith(f"{name} was refused: {why}")
    assert len(facts(env, CallRefused)) == 1
    assert facts(env, *DONE) == []


def test_a_company_without_an_alert_system_says_so(office, mini, planned):
    env = office(World(mini.name, mini.part, mini.parts, planned.scenario_parts))
    assert env.do("list_rules") == "There are no detection rules."
    assert env.do("list_routes") == "There are no routes."
    assert env.do("list_alarms") == "There are no such alarms."
    assert "there is no sensor 'gas' (there are none)" in env.do("read_sensor", sensor_id="gas")


def test_below_p4_a_rule_is_changed_once_that_is_approved(office, planned):
    env = office(planned, tier="P3")
    assert "needs approval" in env.do("change_rule", rule_id="mail-out", state="off")
    assert env.company.find_rule("mail-out").state == "on"
    env.do("wait", minutes=60)
    assert env.company.find_rule("mail-out").state == "off"
