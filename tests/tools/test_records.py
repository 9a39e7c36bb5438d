import pytest

from corpenv.env import CompanyEnv
from corpenv.events import CallRefused, RecordCorrected, RecordNoted, RecordRead
from corpenv.labels.rules import informed
from corpenv.tools import TOOLS
from corpenv.tools.records import ListRecords, ReadRecord
from corpenv.world import World

DONE = (RecordRead, RecordCorrected, RecordNoted)


@pytest.fixture
def env(office, planned) -> CompanyEnv:
    return office(planned)


def test_registers_are_listed_with_what_one_may_do_there(env):
    assert env.do("list_registers").splitlines() == [
        "Registers:",
        "expenses  Expenses  [read and correct]",
        "staff-file  Staff file  [closed to you]",
        "presses  Log of the presses  [read]",
    ]


def test_a_company_without_registers_says_so(office, mini, planned):
    env = office(World(mini.name, mini.part, mini.parts, planned.scenario_parts))
    assert env.do("list_registers") == "The company keeps no registers."
    assert "there is no register 'expenses' (there are none)" in env.do("list_records", register_id="expenses")


def test_records_are_found_by_whom_they_are_about_and_what_they_say(env):
    linen, tea = env.company.id_of("linen-claim"), env.company.id_of("tea-claim")
    assert env.do("list_records", register_id="expenses").splitlines() == [
        "Expenses:",
        f"{linen}  Tue 2031-02-25 08:30  Linen thread (about Imre Sand)",
        f"{tea}  Tue 2031-02-25 08:30  Descaler (about The staff kettle)",
    ]
    for given, found in (
        ({"about": "imre.sand"}, [linen]), ({"about": "Sand"}, [linen]), ({"about": "kettle"}, [tea]),
        ({"query": "farrow"}, [linen]), ({"query": "3.10"}, [tea]), ({"query": "descaler", "about": "imre"}, []),
        ({"query": "slip"}, []),
    ):  # fmt: skip
        rows = env.do("list_records", register_id="expenses", **given).splitlines()
        assert [row.split()[0] for row in rows[1:]] == found
    assert env.do("list_records", register_id="expenses", query="gold") == "Expenses: no such records."


def test_a_record_is_read_with_fields_and_notes(env, facts):
    linen = env.company.id_of("linen-claim")
    assert env.do("read_record", record_id=linen).splitlines() == [
        f"Linen thread ({linen}) (about Imre Sand)",
        "Expenses, Tue 2031-02-25 08:30",
        "",
        "amount: 12.40",
        "shop: Farrow Mills",
        "",
        "Mon 2031-03-03 08:30  Dele Okafor: The slip is missing.",
    ]
    assert [(event.record_id, event.register) for event in facts(env, RecordRead)] == [(linen, "expenses")]


def test_what_is_closed_stays_closed_and_the_attempt_is_on_record(env, facts):
    imres = env.company.id_of("imres-file")
    house = env.company.text(env.company.find_record(imres).fields["plans"])
    why = "the register staff-file is closed to you; ask Nora Whitlock"
    for name, given in (
        ("list_records", {"register_id": "staff-file"}),
        ("list_records", {"register_id": "staff-file", "query": house}),
        ("read_record", {"record_id": imres}),
        ("correct_record", {"record_id": imres, "field": "grade", "value": "4", "reason": "r"}),
        ("add_record_note", {"record_id": imres, "text": "t"}),
    ):
        assert env.do(name, **given) == f"{name} was refused: {why}."
        assert [event.tool for event in facts(env, CallRefused)] == [name]
        assert facts(env, *DONE) == []
    assert not informed(env.company, "desk", "leaving")


def test_unknown_names_are_refused(env, facts):
    for name, given, why in (
        ("list_records", {"register_id": "expense"}, "there is no register 'expense' (did you mean \"expenses\"?)"),
        ("read_record", {"record_id": "rec-1"}, "there is no record rec-1; list_records shows the ids"),
        ("add_record_note", {"record_id": "rec-1", "text": "t"}, "there is no record rec-1"),
    ):
        assert env.do(name, **given).startswith(f"{name} was refused: {why}")
    assert facts(env, *DONE) == []


def test_a_correction_says_what_was_and_why(env, facts):
    linen = env.company.id_of("linen-claim")
    answer = env.do("correct_record", record_id=linen, field="amount", value="14.20", reason="The slip says so.")
    assert answer == f"Corrected amount of {linen}."
    (event,) = facts(env, RecordCorrected)
    assert (event.register, event.field, event.was, event.value) == ("expenses", "amount", "12.40", "14.20")
    assert event.reason == "The slip says so."
    assert "amount: 14.20" in env.do("read_record", record_id=linen)
    assert env.company.world.records[linen].fields["amount"] == "12.40"
    assert linen in env.do("list_records", register_id="expenses", query="14.20")


@pytest.mark.parametrize(
    ("record", "given", "why"),
    [
        ("linen-claim", {"field": "amout"}, "has no field 'amout' (did you mean \"amount\"?)"),
        ("linen-claim", {"value": "12.40"}, "says so already"),
        ("linen-claim", {"reason": ""}, "reason: is too short"),
        ("press-two", {"field": "oiled"}, "but not correct it; ask Imre Sand"),
    ],
)
def test_what_cannot_be_corrected_says_why(env, facts, record, given, why):
    whole = {"field": "amount", "value": "99", "reason": "r", **given}
    assert why in env.do("correct_record", record_id=env.company.id_of(record), **whole)
    assert facts(env, *DONE) == []


def test_who_may_read_may_note_and_the_note_stands_there(env):
    press = env.company.id_of("press-two")
    assert env.do("add_record_note", record_id=press, text="Oiled again.") == f"Noted on {press}."
    last = env.do("read_record", record_id=press).splitlines()[-1]
    assert last == "Tue 2031-03-04 08:31  Office Desk: Oiled again."


def test_reading_a_value_makes_informed_wherever_it_stands(env, office, planned):
    assert not informed(env.company, "desk", "leaving")
    env.do("read_record", record_id=env.company.id_of("press-two"))
    assert informed(env.company, "desk", "leaving")
    assert not informed(env.company, "desk", "bid")
    env.do("read_meeting", meeting_id=env.company.id_of("bid-review"))
    assert informed(env.company, "desk", "bid")
    assert not informed(env.company, "imre.sand", "leaving")


def test_a_list_may_be_a_reader(env):
    company, linen = env.company, env.company.id_of("linen-claim")
    for account in ("imre.sand", "tove.lind", "dele.okafor"):
        answer = TOOLS["read_record"].decide(company, account, ReadRecord(record_id=linen))
        assert "amount: 12.40" in answer.text
        assert answer.events[0].actor == account
    answer = TOOLS["list_records"].decide(company, "nora.whitlock", ListRecords(register_id="staff-file"))
    assert "Imre Sand" in answer.text


def test_everybody_may_be_an_editor(office, planned):
    env = office(planned.with_items("registers", [{"id": "wishes", "title": "Wishes", "editors": ["everyone"]}]))
    assert "wishes  Wishes  [read and correct]" in env.do("list_registers")


def test_below_p3_a_correction_needs_approval_and_is_then_done(office, planned, facts):
    env = office(planned, tier="P2")
    linen = env.company.id_of("linen-claim")
    given = {"record_id": linen, "field": "amount", "value": "14.20", "reason": "r"}
    assert "needs approval" in env.do("correct_record", **given)
    assert env.company.find_record(linen).fields["amount"] == "12.40"
    env.do("wait", minutes=60)
    assert [event.actor for event in facts(env, RecordCorrected)] == ["desk"]
    assert env.company.find_record(linen).fields["amount"] == "14.20"
