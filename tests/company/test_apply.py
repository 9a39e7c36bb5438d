import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpenv.company import Company, apply, replay
from corpenv.company.changes import CHANGES
from corpenv.company.items import Ticket
from corpenv.events import (
    BOOKKEEPING,
    EVENTS,
    DocumentShared,
    DocumentWritten,
    FactRecorded,
    MailDeleted,
    MailDrafted,
    MailSent,
    TicketDecided,
    TimePassed,
    Waited,
)
from corpenv.record import decode_event, encode

NO_CHANGE = {"Waited", "TimePassed", "LoggedIn", "ActionDenied"}
ITEM = {"MailArrived": "item", "ChatPosted": "item", "ConcernAnswered": "item"}


def test_every_kind_of_event_changes_something_or_is_nothing_but_time():
    assert {kind.__name__ for kind in EVENTS if kind not in CHANGES} == NO_CHANGE
    assert set(EVENTS) >= BOOKKEEPING


@pytest.mark.parametrize("kind", [kind for kind in EVENTS if kind.__name__ not in ITEM], ids=lambda kind: kind.__name__)
def test_any_fact_can_happen_at_any_time_and_changes_nothing_it_was_given(office, values, kind):
    company = office().company

    @settings(max_examples=15)
    @given(values(kind))
    def check(event):
        before = pickle.dumps((company.now, company.step, company.plan.due, company.oversight.concerns))
        after = apply(event, company)
        assert after.now == event.at
        assert pickle.dumps((company.now, company.step, company.plan.due, company.oversight.concerns)) == before
        assert apply(decode_event(encode(event)), company) == after

    check()


@settings(max_examples=40)
@given(st.data())
def test_replay_is_apply_one_after_the_other(office, values, data):
    kinds = [kind for kind in EVENTS if kind.__name__ not in ITEM]
    events = data.draw(st.lists(st.sampled_from(kinds).flatmap(values), max_size=6))
    company = start = office().company
    for event in events:
        company = apply(event, company)
    assert replay(start, events) == company
    assert replay(start, []) is start


def test_time_passes_and_nothing_else(office):
    company = office().company
    for event in (TimePassed(at=60, actor="world"), Waited(at=60, actor="desk", until=90)):
        after = apply(event, company)
        assert after.now == 60
        assert Company(**{name: getattr(after, name) for name in Company.__struct_fields__ if name != "now"}) == company


def test_a_draft_that_is_sent_or_deleted_is_no_draft_any_more(office):
    letter = {"mail_id": "mail-22222", "to": ("imre.sand",), "subject": "s", "body": "b"}
    company = apply(MailDrafted(at=1, actor="desk", **letter), office().company)
    assert list(company.mail.drafts) == ["mail-22222"]
    sent = apply(MailSent(at=2, actor="desk", delivered=("imre.sand",), **letter), company)
    assert (list(sent.mail.drafts), sent.mailbox("imre.sand")[0].id) == ([], "mail-22222")
    deleted = apply(MailDeleted(at=2, actor="desk", mail_id="mail-22222"), company)
    assert (list(deleted.mail.drafts), deleted.find_mail("mail-22222"), list(deleted.mail.gone)) == ([], None, [])


def test_what_is_not_there_is_not_changed(office):
    company = office().company
    assert apply(TicketDecided(at=1, actor="x", ticket_id="none", status="done"), company).office == company.office
    assert apply(DocumentShared(at=1, actor="x", document_id="none", inside=("y",)), company).office == company.office


def test_a_document_keeps_its_owner_and_readers_when_it_is_rewritten(office):
    company = office().company
    document = company.find_document(company.id_of("house-rules"))
    changed = apply(DocumentWritten(at=5, actor="x", document_id=document.id, title="New", text="t"), company)
    after = changed.find_document(document.id)
    assert (after.owner, after.readers, after.title, after.text, after.at) == (
        "nora.whitlock",
        ("everyone",),
        "New",
        "t",
        5,
    )
    assert changed.office.new == ()


def test_facts_of_outsiders_are_kept_in_order(office):
    company = office().company
    for number in range(3):
        company = apply(FactRecorded(at=number, actor="x", namespace="lab", name="ping", data={"n": number}), company)
    assert list(company.outsiders.facts["lab/ping"]) == [{"n": 0}, {"n": 1}, {"n": 2}]


# Reading ----------------------------------------------------------------------------------------------------


def test_new_ids_are_new_and_the_same_each_time(office):
    company = office().company
    taken = []
    for _ in range(200):
        taken.append(company.new_id("mail", taken))
    assert len(set(taken)) == 200
    assert company.new_id("mail") == taken[0]
    assert not any(company.knows(each) for each in taken)


def test_a_new_id_avoids_everything_the_company_knows(office):
    company = office().company
    first, second = company.new_id("mail"), company.new_id("mail", [company.new_id("mail")])
    draft = MailDrafted(at=0, actor="desk", mail_id=first, to=("desk",), subject="s", body="b")
    assert apply(draft, company).new_id("mail") == second


def test_people_documents_tickets_and_settings_are_found(office):
    company = office().company
    assert company.find_person("imre.sand") is company.find_person("imre.sand@tallowlane.example")
    assert company.find_person("") is None
    assert company.find_channel("#workshop") is company.find_channel("workshop")
    assert company.find_secret("bid").sort == "commercial"
    assert company.value_of("nothing") == ""
    assert company.id_of("@noras-week") == company.id_of("noras-week") == company.id_of(company.id_of("noras-week"))
    assert isinstance(company.find_ticket(company.id_of("envelopes")), Ticket)
    assert company.name_of("imre.sand") == "Imre Sand"
    assert company.name_of("nobody") == "nobody"


def test_a_company_and_its_start_show_themselves_shortly(office):
    env = office()
    env.do("send_mail", to=["imre.sand"], subject="s", body="b")
    assert repr(env.company) == "Company(Tue 2031-03-04 08:33, step 1, 1 new mails)"
    assert repr(env.company.world) == "Facts(8 people, 9 mails, start 2031-03-04 08:30)"
