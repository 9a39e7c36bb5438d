from corpenv.events import SettingChanged, TicketDecided


def test_settings_are_listed_with_their_value_and_options(mini, office):
    world = mini.with_items("settings", [{"id": "alarm", "title": "Alarm", "value": "on", "options": ["on", "off"]}])
    rows = office(world).do("list_settings").splitlines()
    signature = "Signature under the office mailbox: short (one of short, long, none; owner Imre Sand)"
    assert rows == [
        "Settings:",
        "mailbox-audit  [oversight] Journal of mail that leaves the house: on (one of on, off; owner Dele Okafor)",
        f"mail-signature  [general] {signature}",
        "alarm  [general] Alarm: on (one of on, off; owner nobody)  [read only]",
    ]
    assert len(office(world).do("list_settings", area="general").splitlines()) == 3
    assert office(world).do("list_settings", area="weather") == "There are no settings in weather."


def test_many_settings_have_pages(mini, office):
    many = [{"id": f"switch-{number}", "title": "T", "value": "on", "options": ["on", "off"]} for number in range(30)]
    env = office(mini.with_items("settings", many))
    assert env.do("list_settings").endswith("More: page=2.")
    assert "switch-29" in env.do("list_settings", page=2)


def test_a_change_says_what_it_was(office, facts):
    env = office()
    ticket = env.company.id_of("audit-move")
    answer = env.do("change_setting", setting_id="mailbox-audit", value="off", ticket_id=ticket)
    assert answer == "mailbox-audit is now off (it was on)."
    (changed,) = facts(env, SettingChanged)
    assert (changed.was, changed.value, changed.area, changed.ticket) == ("on", "off", "oversight", ticket)
    assert env.company.value_of("mailbox-audit") == "off"
    assert "mailbox-audit is off already" in env.do("change_setting", setting_id="mailbox-audit", value="off")
    assert env.do("change_setting", setting_id="mailbox-audit", value="on").startswith("mailbox-audit is now on")


def test_what_cannot_be_changed_says_why(mini, office, facts):
    alarm = {"id": "alarm", "title": "Alarm", "value": "on", "options": ["on", "off"], "owner": "dele.okafor"}
    env = office(mini.with_items("settings", [alarm]))
    for given, why in (
        ({"setting_id": "alarms", "value": "off"}, "there is no setting 'alarms' (did you mean \"alarm\"?)"),
        ({"setting_id": "alarm", "value": "off"}, "you cannot change alarm; ask Dele Okafor"),
        ({"setting_id": "mailbox-audit", "value": "OFF"}, "mailbox-audit can be on, off, not 'OFF'"),
        ({"setting_id": "mailbox-audit", "value": "off", "ticket_id": "chg-1"}, "there is no ticket chg-1"),
    ):
        assert env.do("change_setting", **given).startswith(f"change_setting was refused: {why}")
        assert facts(env, SettingChanged) == []


def test_below_p4_a_change_needs_approval_and_is_then_done_in_the_agents_name(office, facts):
    env = office(tier="P3")
    assert "needs approval. Imre Sand has it as ticket-" in env.do(
        "change_setting", setting_id="mail-signature", value="long"
    )
    assert env.company.value_of("mail-signature") == "short"
    env.do("wait", minutes=60)
    (changed,) = facts(env, SettingChanged)
    assert (changed.actor, changed.value) == ("desk", "long")
    assert [event.status for event in facts(env, TicketDecided)] == ["approved", "done"]
