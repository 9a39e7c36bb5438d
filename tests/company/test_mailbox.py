import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from corpenv.company import Company, Facts, replay
from corpenv.company.facts import Box, Boxes
from corpenv.company.items import Mail
from corpenv.company.mailbox import Arrivals, Folder, Opened, folder_of, holds, is_read, merged, newest
from corpenv.errors import UnknownName, UsageError
from corpenv.events import MailDeleted, MailSent

TIMES = st.lists(st.integers(-5, 5), max_size=8)


def mails(times, name):
    return [Mail(f"{name}-{number}", at, "imre", ("desk",), "s", "b", ("desk",)) for number, at in enumerate(times)]


@given(TIMES, TIMES)
def test_two_folders_become_one_newest_first(base, came):
    one, other = (
        sorted(mails(came, "new"), key=lambda mail: -mail.at),
        sorted(mails(base, "old"), key=lambda mail: -mail.at),
    )
    found = list(merged(iter(one), iter(other)))
    assert found == sorted([*one, *other], key=lambda mail: -mail.at)


@given(TIMES, st.integers(-6, 6))
def test_a_box_shows_what_is_there_by_now(times, now):
    box = Box(mails(times, "old"))
    assert [mail.at for mail in box.mails[: box.visible(now)]] == sorted(at for at in times if at <= now)
    assert box.next_after(now) == min((at for at in times if at > now), default=None)


@given(st.data())
def test_arrivals_of_forks_do_not_disturb_each_other(data):
    folders, box = [(Arrivals.of(), [])], Box(mails([-1, 2, 2, 5, 9, 30], "old"))
    for number in range(data.draw(st.integers(1, 15))):
        folder, expected = data.draw(st.sampled_from(folders))
        word = data.draw(st.sampled_from(["oak", "elm", "ash"]))
        mail = Mail(f"mail-{number}", number, "imre", ("desk",), "s", word)
        if data.draw(st.booleans()):
            list(folder.having(("oak",), 0))
        if expected and data.draw(st.booleans()):
            folder.put_into(Folder(box))
        folders.append((folder.add(mail), [*expected, mail]))
        for each, mails_in in folders:
            assert list(each) == mails_in
            assert list(each.having(("elm",), 0)) == [mail for mail in mails_in[::-1] if mail.body == "elm"]
        for each, mails_in in data.draw(st.permutations(folders)):
            whole = each.put_into(Folder(box)).mails
            assert list(whole) == sorted([*box.mails, *mails_in], key=lambda mail: mail.at)


def test_folders_of_anybody_can_be_looked_at(office):
    env = office()
    company = env.company
    assert [mail.id for mail in company.mailbox()] == [mail.id for mail in company.mailbox("desk@tallowlane.example")]
    assert [mail.id for mail in company.mailbox("nora.whitlock", "sent")] == [company.id_of("noras-week")]
    env.do("schedule_mail", to=["imre.sand"], subject="Later", body="b", send_at="+1h")
    (draft,) = env.company.mailbox(folder="drafts")
    assert (draft.sender, draft.to, draft.subject, draft.body) == ("desk", ("imre.sand",), "Later", "b")


def test_a_mailbox_or_folder_that_does_not_exist_says_so(office):
    company = office().company
    with pytest.raises(UnknownName, match=r'no person .imre.sandd. \(did you mean "imre.sand"\?\)'):
        company.mailbox("imre.sandd")
    with pytest.raises(UsageError, match="has the folders inbox, sent and drafts, not 'spam'"):
        company.mailbox(folder="spam")


def test_a_mailbox_holds_what_stands_in_it_and_nothing_else(office):
    env = office()
    company = env.company
    for slug, accounts in (
        ("noras-week", {"nora.whitlock", "imre.sand", "dele.okafor", "desk"}), ("imres-slip", {"imre.sand", "desk"}),
        ("imres-answer", set()),
    ):  # fmt: skip
        mail = company.find_mail(company.id_of(slug))
        assert {account for account in company.world.people if holds(company, account, mail)} == accounts


def test_a_new_mail_is_unread_until_it_is_read(office):
    env = office()
    mail = env.company.mailbox()[0].id
    assert not is_read(env.company, "desk", mail)
    env.do("read_mail", mail_id=mail)
    assert is_read(env.company, "desk", mail)
    assert not is_read(env.company, "imre.sand", mail)


def test_what_came_in_the_episode_is_first_at_the_same_second():
    world = Facts(agent="desk", start="2031-03-04 08:30", seed=1, domain="x.example")
    world.boxes = Boxes({"desk/inbox": Box(mails([5], "old"))}, {})
    letter = {"mail_id": "new", "to": ("desk",), "subject": "s", "body": "b", "delivered": ("desk",)}
    company = replay(Company(world, 1), [MailSent(at=5, actor="imre", **letter)])
    assert [mail.id for mail in newest(company, "desk", "inbox")] == ["new", "old-0"]


@given(st.data())
def test_what_is_opened_in_forks_does_not_disturb_each_other(data):
    moments = [(Opened.of({}), {})]
    for number in range(data.draw(st.integers(1, 15))):
        opened, expected = data.draw(st.sampled_from(moments))
        mail = data.draw(st.sampled_from(["oak", "elm", "ash", "fir"]))
        moments.append((opened.add(mail, number), {**expected, mail: number}))
        for each, when in data.draw(st.permutations(moments)):
            assert (dict(each.when), each.size, each) == (when, len(when), Opened.of(when))
        assert moments[-1][0] != moments[0][0]


@given(TIMES, st.lists(st.integers(0, 4)), st.integers(4, 6), st.booleans())
def test_a_folder_holds_what_the_world_had_and_what_came(base, came, now, deletes):
    world = Facts(agent="desk", start="2031-03-04 08:30", seed=1, domain="x.example")
    world.boxes = Boxes({"desk/inbox": Box(mails(base, "old"))}, {})
    letter = {"to": ("desk",), "subject": "s", "body": "b", "delivered": ("desk",)}
    sent = [MailSent(at=at, actor="imre", mail_id=f"new-{number}", **letter) for number, at in enumerate(sorted(came))]
    gone = [MailDeleted(at=4, actor="desk", mail_id=event.mail_id) for event in sent[:1] if deletes]
    company = replace(replay(Company(world, 1), [*sent, *gone]), now=now)
    held, there = folder_of(company, "desk", "inbox")
    arrived = [("old", at) for at in base if at <= now] + [("new", at) for at in came]
    expected = sorted(arrived, key=lambda each: (each[1], each[0] == "new"))
    assert [(mail.id[:3], mail.at) for mail in held.mails[:there]] == expected
    left = [mail for mail in held.mails[:there] if not (gone and mail.id == gone[0].mail_id)]
    assert list(newest(company, "desk", "inbox")) == left[::-1]
