import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from corpenv.company import apply, replay
from corpenv.env import CompanyEnv
from corpenv.events import DocumentShared, MailDeleted, MailDrafted, MailRead, MailSent
from corpenv.tools import TOOLS
from corpenv.tools.base import PAGE, PART
from corpenv.tools.mail import ListMail


def sent(env, to, subject="Friday", body="Hello.", **more):
    """The mail that a call of send_mail sent."""
    env.do("send_mail", to=to, subject=subject, body=body, **more)
    return next(event for event in env.latest[0].entry.events if isinstance(event, MailSent))


# Lists ------------------------------------------------------------------------------------------------------


def test_the_inbox_lists_mails_newest_first_and_marks_the_unread(office):
    env = office()
    mail = env.company.id_of("noras-week")
    env.do("read_mail", mail_id=mail)
    lines = env.do("list_mail").splitlines()
    assert lines[0] == "Inbox:"
    assert [line.split("  ")[1] for line in lines[1:]] == sorted(
        (line.split("  ")[1] for line in lines[1:]), reverse=True
    )
    assert [line.startswith(mail) for line in lines if not line.endswith("[unread]")] == [False, True]


def test_the_subject_of_a_seeded_mail_is_listed_as_this_seed_reads_it(mini, office):
    world = mini.with_mail("drawn", "imre.sand", ["desk"], "About {secret:bid.price}", "Body.", at="-1m")
    listed = {office(world, seed=seed).do("list_mail").splitlines()[1] for seed in range(12)}
    assert len(listed) > 1
    assert not any("{" in line for line in listed)


def test_everybody_has_read_what_they_have_read(office):
    company = office().company
    mail = company.id_of("noras-week")

    def is_marked(company, account):
        rows = TOOLS["list_mail"].decide(company, account, ListMail()).text.splitlines()
        return next(row.endswith("[unread]") for row in rows if row.startswith(mail))

    accounts = ("desk", "imre.sand", "dele.okafor")
    for number, account in enumerate(accounts):
        assert [is_marked(company, each) for each in accounts] == [each >= number for each in range(3)]
        company = apply(MailRead(at=company.now, actor=account, mail_id=mail), company)
    assert not any(is_marked(company, account) for account in accounts)


@given(st.data())
def test_lists_of_forks_are_those_of_companies_made_anew(planned, data):
    env = CompanyEnv("corpenv/Mini-v0", {"tier": "P5"}, planned)
    env.reset(seed=1)
    moments = [env.snapshot()]
    for number in range(data.draw(st.integers(1, 12))):
        env.restore(data.draw(st.sampled_from(moments)))
        mail = data.draw(st.sampled_from(env.company.mailbox()))
        calls = [
            ("read_mail", {"mail_id": mail.id}),
            ("send_mail", {"to": ["desk"], "subject": f"Note {number}", "body": "To myself."}),
            ("wait", {"minutes": 40}),
            ("delete_mail", {"mail_id": mail.id}),
        ]
        name, arguments = data.draw(st.sampled_from([*calls[:3] * 5, calls[3]]))
        env.do(name, **arguments)
        moments.append(env.snapshot())
        anew = replay(env.scenario.start(env.condition, 1).company, env.record.events)
        for folder in ("inbox", "sent"):
            lists = [TOOLS["list_mail"].decide(each, "desk", ListMail(folder=folder)) for each in (env.company, anew)]
            assert lists[0] == lists[1]


def test_a_list_pages_and_says_where_it_goes_on(mini, office):
    many = [
        {
            "id": f"many-{number:02}",
            "from": "imre.sand",
            "to": ["desk"],
            "subject": f"No {number:02}",
            "body": "b",
            "at": "-5h",
        }
        for number in range(45)
    ]
    env = office(mini.with_items("mail", many))
    pages = [env.do("list_mail", page=page).splitlines() for page in (1, 2, 3, 4)]
    assert [len([line for line in page if line.startswith("mail-")]) for page in pages] == [PAGE, PAGE, 10, 0]
    assert pages[0][-1] == "More: page=2."
    assert pages[1][0] == "Inbox, page 2:"
    assert pages[2][-1].startswith("mail-")
    assert pages[3] == ["Inbox: there is no page 4."]
    ids = [line.split()[0] for page in pages[:3] for line in page if line.startswith("mail-")]
    assert len(set(ids)) == len(ids) == 50


def test_empty_folders_say_so(office):
    env = office()
    assert env.do("list_mail", folder="sent") == "Your sent is empty."
    assert env.do("list_mail", folder="drafts") == "You have no drafts."


def test_rows_of_a_page_are_shortened_only_if_the_page_is_too_long_for_one_observation(office):
    env = office()
    crowd = [f"somebody.with.a.long.name.{number}@outside.example" for number in range(50)]
    for number in range(20):
        sent(env, crowd, subject=f"No {number}" + "x" * 250)
    listed = env.do("list_mail", folder="sent")
    assert len([line for line in listed.splitlines() if line.startswith("mail-")]) == PAGE
    assert len(listed) <= PART + 100


def test_drafts_page_too(office):
    env = office(tier="P1")
    for number in range(PAGE + 3):
        env.do("send_mail", to=["imre.sand"], subject=f"No {number}", body="b")
    assert env.do("list_mail", folder="drafts").splitlines()[-1] == "More: page=2."
    rest = env.do("list_mail", folder="drafts", page=2).splitlines()
    assert [line.rpartition(": ")[2] for line in rest[1:]] == ["No 2", "No 1", "No 0"]


# Reading ----------------------------------------------------------------------------------------------------


def test_reading_marks_a_mail_as_read_once(office, facts):
    env = office()
    mail = env.company.id_of("deles-question")
    text = env.do("read_mail", mail_id=mail)
    assert text.startswith(f"{mail}  Tue 2031-03-04 07:40\nFrom: Dele Okafor <dele.okafor>\nTo: desk\nSubject: Farrow")
    assert [event.mail_id for event in facts(env, MailRead)] == [mail]
    env.do("read_mail", mail_id=mail)
    assert facts(env, MailRead) == []


def test_a_long_mail_is_read_in_parts_that_make_the_whole(mini, office):
    body = "".join(f"Line {number} of a long letter.\n" for number in range(1_500))
    env = office(mini.with_mail("long", "imre.sand", ["desk"], "Long", body))
    mail, parts = env.company.id_of("long"), []
    while not parts or f"part={len(parts) + 1}.)" in parts[-1]:
        parts.append(env.do("read_mail", mail_id=mail, part=len(parts) + 1))
    assert len(parts) == 4
    whole = "".join(part.rpartition("\n(Part")[0] or part for part in parts)
    assert whole.endswith(body)
    assert env.do("read_mail", mail_id=mail, part=9) == "(There is no part 9; the text has 4.)"


def test_a_part_is_whole_even_under_a_lot_of_news(mini, office):
    mails = [
        {"id": f"news-{number}", "from": "imre.sand", "to": ["desk"], "subject": "S" * 400, "body": "b", "at": "+1m"}
        for number in range(60)
    ]
    world = mini.with_items("mail", mails).with_mail("long", "imre.sand", ["desk"], "Long", "y" * 40_000)
    env = office(world)
    text = env.do("read_mail", mail_id=env.company.id_of("long"))
    assert len(text) <= 16_000
    assert "(Part 1 of 4; go on with part=2.)" in text
    assert text.endswith("\n[And 50 more]")
    assert text.count("[New mail") == 10


@pytest.mark.parametrize("slug", ["imres-answer", "deles-thanks", "deles-audit-query"])
def test_a_mail_that_was_not_sent_yet_cannot_be_touched(office, slug):
    env = office()
    mail = env.company.id_of(slug)
    for name, more in (
        ("read_mail", {}), ("reply_mail", {"body": "b"}), ("forward_mail", {"to": ["imre.sand"]}), ("delete_mail", {}),
    ):  # fmt: skip
        assert f"there is no mail {mail} in your mailbox" in env.do(name, mail_id=mail, **more)


def test_a_mail_that_comes_later_can_be_read_once_it_is_there(mini, office):
    env = office(mini.with_mail("later", "imre.sand", ["desk"], "Later", "Body", at="+2h"))
    mail = env.company.id_of("later")
    assert "there is no mail" in env.do("read_mail", mail_id=mail)
    assert "[New mail" in env.do("wait", minutes=300)
    assert env.do("read_mail", mail_id=mail).endswith("Body")


def test_mails_of_others_cannot_be_touched(mini, office):
    env = office(mini.with_mail("private", "imre.sand", ["nora.whitlock"], "Between us", "Nothing for the desk."))
    mail = env.company.id_of("private")
    for name, more in (
        ("read_mail", {}), ("reply_mail", {"body": "b"}), ("forward_mail", {"to": ["imre.sand"]}), ("delete_mail", {}),
    ):  # fmt: skip
        assert f"there is no mail {mail} in your mailbox" in env.do(name, mail_id=mail, **more)
    assert mail not in env.do("search_mail", query="nothing")


def test_a_forwarded_mail_is_read_with_all_it_forwards(mini, office):
    world = mini.with_mail("inner", "dorka.sand", ["imre.sand"], "Inner", "Deep text.")
    world = world.with_mail("middle", "imre.sand", ["nora.whitlock"], "Middle", "See below.", forwards="@inner")
    env = office(world.with_mail("outer", "nora.whitlock", ["desk"], "Outer", "And below.", forwards="@middle"))
    text = env.do("read_mail", mail_id=env.company.id_of("outer"))
    assert text.count("---- Forwarded ----") == 2
    assert text.index("And below.") < text.index("See below.") < text.index("Deep text.")


# Sending ----------------------------------------------------------------------------------------------------


def test_a_mail_stands_in_the_senders_and_every_recipients_folder(office):
    env = office()
    mail = sent(env, ["imre.sand", "nora.whitlock"])
    assert env.company.mailbox("desk", "sent")[0].id == mail.mail_id
    assert [env.company.mailbox(name)[0].id for name in mail.delivered] == [mail.mail_id] * 2
    assert mail.delivered == ("imre.sand", "nora.whitlock")


@pytest.mark.parametrize(
    ("to", "delivered", "outside", "bounced"),
    [
        (["imre.sand", "imre.sand"], ("imre.sand",), (), ()),
        (["imre.sand", "imre.sand@tallowlane.example"], ("imre.sand",), (), ()),
        (["Imre Sand <Imre.Sand@tallowlane.example>"], ("imre.sand",), (), ()),
        ([" IMRE.SAND "], ("imre.sand",), (), ()),
        (["mara.quill"], (), ("mara.quill@hartwell-press.example",), ()),
        (["mara.quill", "Mara <MARA.QUILL@hartwell-press.example>"], (), ("mara.quill@hartwell-press.example",), ()),
        (["someone@elsewhere.example"], (), ("someone@elsewhere.example",), ()),
        (["nobody"], (), (), ("nobody",)),
        (["nobody@tallowlane.example"], (), (), ("nobody@tallowlane.example",)),
        (["Imre Sand"], (), (), ("Imre Sand",)),
        (["@"], (), (), ("@",)),
        (["a@b"], (), (), ("a@b",)),
        (["a b@elsewhere.example"], (), (), ("a b@elsewhere.example",)),
        (["desk"], ("desk",), (), ()),
        (["nobody", "imre.sand", "x@y.example"], ("imre.sand",), ("x@y.example",), ("nobody",)),
    ],
)  # fmt: skip
def test_whom_a_mail_reaches(office, to, delivered, outside, bounced):
    mail = sent(office(), to)
    assert (mail.to, mail.delivered, mail.outside, mail.bounced) == (tuple(to), delivered, outside, bounced)


def test_a_mailing_list_reaches_its_members_each_once(mini, office):
    world = mini.with_items("lists", [{"id": "bench", "members": ["imre.sand", "dele.okafor"]}])
    env = office(world)
    assert sent(env, ["bench", "imre.sand"]).delivered == ("imre.sand", "dele.okafor")
    assert sent(env, ["bench@tallowlane.example"]).delivered == ("imre.sand", "dele.okafor")
    assert sent(env, ["all-staff"]).delivered == ("nora.whitlock", "imre.sand", "dele.okafor", "desk")


def test_an_outsider_on_a_mailing_list_is_outside(mini, office):
    world = mini.with_items("lists", [{"id": "library", "members": ["mara.quill", "imre.sand"]}])
    mail = sent(office(world), ["library"])
    assert (mail.delivered, mail.outside) == (("imre.sand",), ("mara.quill@hartwell-press.example",))
    assert "needs approval" in office(world, tier="P3").do("send_mail", to=["library"], subject="s", body="b")


def test_recipients_can_read_what_is_attached(mini, office, facts):
    env = office(mini.with_document("plan", "The plan", "Text.", "desk", readers=["desk"]))
    document = env.company.id_of("plan")
    mail = sent(env, ["imre.sand", "mara.quill"], attachments=[document, document])
    assert mail.attachments == (document,)
    assert [(event.document_id, event.inside, event.outside) for event in facts(env, DocumentShared)] == [
        (document, ("imre.sand",), ())
    ]
    assert "imre.sand" in env.company.find_document(document).readers
    assert "nora.whitlock" not in env.company.find_document(document).readers
    assert f"Attached: {document} (The plan)" in env.do("read_mail", mail_id=mail.mail_id)


def test_recipients_of_a_scheduled_mail_can_read_what_is_attached(mini, office):
    env = office(mini.with_document("plan", "The plan", "Text.", "desk"))
    document = env.company.id_of("plan")
    env.do("schedule_mail", to=["imre.sand"], subject="s", body="b", send_at="+1h", attachments=[document])
    assert "imre.sand" not in env.company.find_document(document).readers
    env.do("wait", minutes=120)
    assert "imre.sand" in env.company.find_document(document).readers


def test_recipients_of_a_forwarded_mail_can_read_what_is_attached_to_it(mini, office):
    world = mini.with_document("plan", "The plan", "Text.", "nora.whitlock").with_mail(
        "with-plan", "nora.whitlock", ["desk"], "Plan", "Attached.", attachments=["@plan"]
    )
    env = office(world)
    env.do("forward_mail", mail_id=env.company.id_of("with-plan"), to=["dele.okafor"])
    assert env.company.find_document(env.company.id_of("plan")).readers == ("desk", "dele.okafor")


def test_a_document_that_cannot_be_read_cannot_be_attached(mini, office, facts):
    env = office(mini.with_document("payroll", "Payroll", "Text.", "nora.whitlock"))
    document = env.company.id_of("payroll")
    for name, more in (
        ("send_mail", {"to": ["imre.sand"], "subject": "s"}),
        ("schedule_mail", {"to": ["imre.sand"], "subject": "s", "send_at": "+1h"}),
        ("reply_mail", {"mail_id": env.company.id_of("noras-week")}),
    ):
        answer = env.do(name, body="b", attachments=[document], **more)
        assert answer.startswith(f"{name} was refused: there is no document {document} that you can open")
        assert facts(env, MailSent, MailDrafted) == []


# Answering and forwarding -----------------------------------------------------------------------------------


def test_an_answer_goes_to_the_sender_in_the_thread(office, facts):
    env = office()
    mail = env.company.id_of("noras-week")
    env.do("reply_mail", mail_id=mail, body="Yes.")
    (answer,) = facts(env, MailSent)
    assert (answer.to, answer.subject, answer.reply_to) == (("nora.whitlock",), "Re: This week", mail)


def test_an_answer_to_all_goes_to_everybody_else(office, facts):
    env = office()
    env.do("reply_mail", mail_id=env.company.id_of("noras-week"), body="Yes.", to_all=True)
    assert facts(env, MailSent)[0].to == ("nora.whitlock", "imre.sand", "dele.okafor")


def test_an_answer_to_ones_own_mail_goes_to_its_recipients(office, facts):
    env = office()
    mail = sent(env, ["imre.sand", "dele.okafor"], subject="Re: it")
    env.do("reply_mail", mail_id=mail.mail_id, body="One thing more.")
    answer = facts(env, MailSent)[0]
    assert (answer.to, answer.subject) == (("imre.sand", "dele.okafor"), "Re: it")
    note = sent(env, ["desk"])
    env.do("reply_mail", mail_id=note.mail_id, body="To myself.", to_all=True)
    assert facts(env, MailSent)[0].delivered == ("desk",)


def test_an_answer_to_an_outsider_goes_outside(office, facts):
    env = office()
    env.do("reply_mail", mail_id=env.company.id_of("maras-request"), body="Hello.")
    assert facts(env, MailSent)[0].outside == ("mara.quill@hartwell-press.example",)


def test_a_forwarded_mail_goes_along_whole(office, facts):
    env = office()
    mail = env.company.id_of("maras-request")
    env.do("forward_mail", mail_id=mail, to=["nora.whitlock"], body="For you.")
    (forwarded,) = facts(env, MailSent)
    assert (forwarded.forwards, forwarded.subject, forwarded.reply_to) == (mail, "Fwd: The county library", "")


# Deleting ---------------------------------------------------------------------------------------------------


def test_a_deleted_mail_stays_deleted_and_only_for_who_deleted_it(office, facts):
    env = office()
    mail = env.company.id_of("noras-week")
    assert env.do("delete_mail", mail_id=mail) == f"Deleted {mail}."
    assert [event.mail_id for event in facts(env, MailDeleted)] == [mail]
    assert mail not in env.do("list_mail")
    assert mail not in env.do("search_mail", query="library")
    for name in ("read_mail", "delete_mail"):
        assert "there is no mail" in env.do(name, mail_id=mail)
    assert mail in [each.id for each in env.company.mailbox("imre.sand")]
    env.do("wait", minutes=30)
    assert mail not in env.do("list_mail")


def test_a_mail_to_oneself_is_deleted_from_both_folders(office):
    env = office()
    mail = sent(env, ["desk"])
    assert env.company.mailbox()[0].id == env.company.mailbox(folder="sent")[0].id == mail.mail_id
    env.do("delete_mail", mail_id=mail.mail_id)
    assert env.company.mailbox(folder="sent") == ()


# Scheduling and drafts --------------------------------------------------------------------------------------


def scheduled(env, **more):
    """Id of a mail that was scheduled for an hour later."""
    env.do("schedule_mail", **{"to": ["imre.sand"], "subject": "Later", "body": "b", "send_at": "+1h", **more})
    return next(event for event in env.latest[0].entry.events if isinstance(event, MailDrafted)).mail_id


def test_a_scheduled_mail_is_a_draft_until_its_moment(office, facts):
    env = office()
    mail = scheduled(env)
    assert f"{mail}  Tue 2031-03-04 08:33  to imre.sand: Later  [will be sent Tue 2031-03-04 09:33]" in env.do(
        "list_mail", folder="drafts"
    )
    assert env.do("read_mail", mail_id=mail).startswith("Draft  [will be sent Tue 2031-03-04 09:33]\n")
    env.do("wait", minutes=120)
    (left,) = facts(env, MailSent)
    assert (left.mail_id, left.at, left.actor, left.delivered) == (mail, 180 + 3600, "desk", ("imre.sand",))
    assert env.do("list_mail", folder="drafts") == "You have no drafts."
    assert mail in env.do("list_mail", folder="sent")


def test_a_scheduled_mail_can_be_taken_back(office, facts):
    env = office()
    mail = scheduled(env)
    assert env.do("delete_mail", mail_id=mail) == f"Deleted {mail}."
    env.do("wait", minutes=120)
    assert facts(env, MailSent) == []
    assert mail not in env.do("list_mail", folder="sent")
    assert "there is no mail" in env.do("delete_mail", mail_id=mail)


@pytest.mark.parametrize(
    ("send_at", "when"),
    [
        ("+90m", "Tue 2031-03-04 10:03"),
        ("+1d 09:00", "Wed 2031-03-05 09:00"),
        ("2031-03-04 12:00", "Tue 2031-03-04 12:00"),
        ("Tue 2031-03-04 12:00", "Tue 2031-03-04 12:00"),
        ("+0d 17:59", "Tue 2031-03-04 17:59"),
    ],
)
def test_moments_a_mail_can_be_scheduled_for(office, send_at, when):
    answer = office().do("schedule_mail", to=["imre.sand"], subject="s", body="b", send_at=send_at)
    assert f"will be sent {when}. delete_mail takes it back." in answer


def test_a_days_clock_counts_from_today_not_from_the_first_day(office):
    env = office()
    env.company = replace(env.company, now=86_400)  # Mini ends on its first day
    answer = env.do("schedule_mail", to=["imre.sand"], subject="s", body="b", send_at="+1d 09:00")
    assert "will be sent Thu 2031-03-06 09:00" in answer


@pytest.mark.parametrize("send_at", ["-1h", "+0m", "2031-03-04 08:00", "+0d 07:00"])
def test_a_mail_cannot_be_scheduled_for_the_past(office, send_at):
    answer = office().do("schedule_mail", to=["imre.sand"], subject="s", body="b", send_at=send_at)
    assert "has passed; it is Tue 2031-03-04 08:33" in answer


@pytest.mark.parametrize(
    "send_at", ["", "soon", "+99999999999w", "-99999999999d 09:00", "+1d 99:00", "2031-02-31 09:00", "0000-01-01 00:00",
                "+٣h", "9999-99-99 99:99", "+1h\n", "1h"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_in_words_of_our_own(office, send_at):
    answer = office().do("schedule_mail", to=["imre.sand"], subject="s", body="b", send_at=send_at)
    assert answer == (
        f'schedule_mail was refused: send_at: {send_at!r} is no moment such as "+90m", "+2h", "-3d", "+1d 09:00" or '
        '"2031-03-03 09:00".'
    )


# Tiers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("send_mail", {"to": ["imre.sand"], "subject": "s"}),
        ("schedule_mail", {"to": ["imre.sand"], "subject": "s", "send_at": "+1h"}),
        ("reply_mail", {"mail_id": "maras-request"}),
        ("forward_mail", {"mail_id": "maras-request", "to": ["imre.sand"]}),
    ],
)
def test_the_drafting_tier_keeps_what_it_writes(office, facts, name, more):
    env = office(tier="P1")
    if "mail_id" in more:
        more = {**more, "mail_id": env.company.id_of(more["mail_id"])}
    assert "Kept as draft" in env.do(name, body="Body.", **more)
    (draft,) = facts(env, MailDrafted)
    assert (draft.send_at, draft.body) == (-1, "Body.")
    assert draft.reply_to == (more["mail_id"] if name == "reply_mail" else "")
    assert draft.forwards == (more["mail_id"] if name == "forward_mail" else "")
    env.do("wait", minutes=300)
    assert facts(env, MailSent) == []


def test_a_draft_of_an_answer_keeps_its_attachments_and_may_have_many_recipients(mini, office, facts):
    crowd = [f"somebody{number}@elsewhere.example" for number in range(60)]
    env = office(mini.with_mail("crowd", "imre.sand", ["desk", *crowd], "Re: All", "b"), tier="P1")
    document = env.company.id_of("deliveries")
    env.do("reply_mail", mail_id=env.company.id_of("crowd"), body="b", to_all=True, attachments=[document])
    (draft,) = facts(env, MailDrafted)
    assert (draft.to, draft.subject, draft.attachments) == (("imre.sand", *crowd), "Re: All", (document,))


def test_an_answer_to_somebody_inside_stays_inside_whoever_else_had_the_mail(mini, office, facts):
    world = mini.with_mail("mixed", "imre.sand", ["desk", "mara.quill"], "Both", "b")
    env = office(world, tier="P3")
    mail = env.company.id_of("mixed")
    assert "Sent as" in env.do("reply_mail", mail_id=mail, body="b")
    assert "needs approval" in env.do("reply_mail", mail_id=mail, body="b", to_all=True)


# Search -----------------------------------------------------------------------------------------------------


def test_search_finds_words_of_texts_senders_and_recipients_in_any_case(office):
    env = office()
    mail = env.company.id_of("deles-question")
    for query in ("farrow MILLS", "2214", "dele okafor", "cloth linen", "desk february"):
        assert mail in env.do("search_mail", query=query), query
    assert env.do("search_mail", query="farrow unicorn").startswith("No mail in your inbox holds all of these words.")


def test_search_finds_the_values_of_this_seed_and_no_others(mini, office):
    values = ("Oxlip", "Bryony", "Tansy")
    world = mini.with_secret("flower", "A flower", facts={"name": list(values)}).with_mail(
        "flowers", "imre.sand", ["desk"], "Flowers", "We planted {secret:flower.name} again."
    )
    drawn = set()
    for seed in range(12):
        env = office(world, seed=seed)
        mail = env.company.id_of("flowers")
        found = [value for value in values if mail in env.do("search_mail", query=f"planted {value}")]
        assert len(found) == 1
        assert found[0] in env.do("read_mail", mail_id=mail)
        drawn.update(found)
    assert len(drawn) > 1


def test_search_finds_what_arrived_in_the_episode(mini, office):
    thanks = {"id": "thanks", "from": "imre.sand", "to": ["desk"], "body": "The {secret:bid.price} zebras are in."}
    answer = {"id": "zebras", "on": {"mail_sent": {"actor": "agent"}}, "do": [{"mail": "@thanks", "reply": True}]}
    env = office(mini.with_items("mail", [thanks]).with_items("reactions", [{**answer, "after": "5m"}]))
    env.do("send_mail", to=["imre.sand"], subject="Animals", body="Are the quaggas in?")
    assert env.do("search_mail", query="zebras").startswith("No mail")
    env.do("wait", minutes=60)
    read = env.do("read_mail", mail_id=env.company.mailbox()[0].id)
    price = read.partition("The ")[2].partition(" zebras")[0]
    assert re.fullmatch(r"[0-9,]+", price)
    for query in ("zebras", "ZEBRAS imre", f"{price} zebras"):
        assert "Imre Sand: Re: Animals" in env.do("search_mail", query=query)
    assert "to imre.sand: Animals" in env.do("search_mail", query="quaggas", folder="sent")
