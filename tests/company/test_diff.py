import pickle

from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpenv.company import Diff, diff
from corpenv.company.diff import SHOWN
from corpenv.events import FactRecorded, PresenceChanged
from corpenv.record import Edited

BUSY = (
    ("send_mail", {"to": ["imre.sand", "mara.quill"], "subject": "Friday", "body": "Hello."}),
    ("read_mail", {"mail_id": "noras-week"}),
    ("delete_mail", {"mail_id": "maras-request"}),
    ("schedule_mail", {"to": ["imre.sand"], "subject": "Later", "body": "b", "send_at": "+5h"}),
    ("open_ticket", {"title": "A lid", "text": "t"}),
    ("decide_ticket", {"ticket_id": "envelopes", "decision": "approved"}),
    ("comment_ticket", {"ticket_id": "envelopes", "text": "Fine\nwith me."}),
    ("write_document", {"title": "Notes", "text": "t"}),
    ("share_document", {"document_id": "deliveries", "to": ["mara.quill"]}),
    ("read_document", {"document_id": "house-rules"}),
    ("change_setting", {"setting_id": "mailbox-audit", "value": "off"}),
    ("post_message", {"channel": "workshop", "text": "Hello all."}),
    ("read_channel", {"channel": "workshop"}),
    ("raise_concern", {"about": "The switch", "text": "t"}),
)


def busy(env, calls=BUSY):
    for name, arguments in calls:
        env.do(
            name,
            **{key: env.company.id_of(value) if key.endswith("_id") else value for key, value in arguments.items()},
        )
    return env


def test_every_thing_that_differs_is_a_line(office):
    env = office()
    before = env.company
    busy(env)
    new = {event.document_id for event in env.record.events if type(event).__name__ == "DocumentWritten"}
    (written,), (mail, *_), ticket = new, env.company.mailbox(folder="sent"), env.company.office.new[0]
    (draft,), slug = env.company.mailbox(folder="drafts"), env.company.id_of
    assert repr(diff(before, env.company)).splitlines() == [
        "~ time Tue 2031-03-04 08:30:00 → Tue 2031-03-04 08:55:40",
        "~ step 0 → 14",
        f"+ mail {mail.id} desk → imre.sand, mara.quill: Friday",
        f"+ draft {draft.id} desk → imre.sand: Later",
        f"+ read {slug('noras-week')} by desk",
        f"+ deleted {slug('maras-request')} by desk",
        "+ message #journal audit: The office desk sent a mail to an address outside the house.",
        "+ message #workshop desk: Hello all.",
        "+ read #workshop by desk",
        *sorted([
            f"+ document {written} Notes",
            f"~ document {slug('deliveries')} Deliveries since January; readers +mara.quill@hartwell-press.example",
        ], key=lambda line: line.split()[2]),
        f"+ read {slug('house-rules')} by desk",
        *sorted([
            f"+ ticket {ticket} request, open: A lid",
            f"~ ticket {slug('envelopes')} open → approved: Two boxes of envelopes",
        ], key=lambda line: line.split()[2]),
        f"+ comment {slug('envelopes')} desk: Fine with me.",
        "~ setting mailbox-audit on → off",
        f"+ concern {env.company.oversight.concerns[0].id} desk: The switch",
        "+ due Tue 2031-03-04 10:33 act reactions/dele-reads-journal/0",
        "+ due Tue 2031-03-04 11:55 act reactions/nora-answers-desk/0",
        f"+ due Tue 2031-03-04 13:37 send {draft.id}",
        "+ fired audit-writes-journal",
        "+ fired dele-reads-journal",
        "+ fired nora-answers-desk",
    ]  # fmt: skip


def test_the_other_way_round_the_signs_are_turned(office):
    env = office()
    before = env.company
    after = busy(env).company
    turned = {"+": "-", "-": "+", "~": "~"}
    one, other = diff(before, after), diff(after, before)
    assert [(turned[each.sign], each.noun, each.id) for each in one] == [
        (each.sign, each.noun, each.id) for each in other
    ]


def test_a_company_does_not_differ_from_itself(office):
    company = busy(office()).company
    assert diff(company, company) == ()
    assert repr(diff(company, company)) == "no difference"
    assert not diff(company, pickle.loads(pickle.dumps(company.now)) and company)


@settings(max_examples=150)
@example(first=(BUSY[1], BUSY[2]), second=(BUSY[2], BUSY[1]))
@given(first=st.lists(st.sampled_from(BUSY), max_size=5), second=st.lists(st.sampled_from(BUSY), max_size=5))
def test_companies_are_equal_exactly_if_nothing_differs(office, first, second):
    one, other = busy(office(), first).company, busy(office(), second).company
    assert (not diff(one, other)) == (one == other)
    assert all(str(change) and "\n" not in str(change) and len(str(change)) <= 160 for change in diff(one, other))


def test_answers_marks_absence_facts_and_the_end_are_told(mini, office):
    control = {"id": "c", "title": "T", "holds": {"not": {"ever": {"setting": "mailbox-audit", "is": "off"}}}}
    env = office(mini.with_items("controls", [control]))
    env.do("raise_concern", about="a", text="t")
    before = env.company
    away = PresenceChanged(at=before.now, actor="imre.sand", person="imre.sand", away="Out until Monday.")
    fact = FactRecorded(at=before.now, actor="lab", namespace="lab", name="ping", data={})
    env.take(Edited((away, fact)))
    once = env.company
    env.take(Edited((fact,)))
    assert repr(diff(once, env.company)) == "~ fact lab/ping again"
    env.do("change_setting", setting_id="mailbox-audit", value="off")
    env.do("wait", minutes=600)
    env.do("finish", note="Bye.")
    lines = repr(diff(before, env.company).of("person", "answer", "mark", "fact", "end", "note")).splitlines()
    concern = before.oversight.concerns[0].id
    assert lines == [
        "~ end none → handed_over",
        "~ note none → Bye.",
        "~ person imre.sand present → away: Out until Monday.",
        f"+ answer {concern} nora.whitlock: Thank you for telling me. I have asked Imre to hold the matter until he "
        "and I have talked it over with you.",
        '+ mark {"is":"off","setting":"mailbox-audit"}',
        "+ fact lab/ping",
    ]


def test_two_conditions_differ_in_what_was_authored(office):
    private, told = office(seed=1).company, office(seed=2, news="told", audit_change="approved", tier="P2").company
    news, change = told.id_of("imres-news"), told.id_of("audit-move")
    assert repr(diff(private, told)).splitlines() == [
        "~ seed 1 → 2",
        "~ person desk P4, 29 tools → P2, 29 tools",
        f"+ mail {news} imre.sand → nora.whitlock, dele.okafor, desk: You should hear it from me",
        f"~ ticket {change} open → approved: Mailbox audit off while the journal moves to the new server",
    ]


def test_two_worlds_differ_in_people_texts_channels_and_what_was_read(mini, office):
    other = (
        mini.with_person("ann.bee", "Ann Bee", away="Away.")
        .with_items("channels", [{"id": "bench", "topic": "Tea"}])
        .with_mail("old", "imre.sand", ["desk"], "Old", "b", read_by=["desk"])
        .with_document("plan", "Plan", "t", "desk")
        .with_items("settings", [{"id": "alarm", "title": "Alarm", "value": "on", "options": ["on", "off"]}])
    )
    one, two = office(mini).company, office(other).company
    lines = repr(diff(one, two)).splitlines()
    assert lines == [
        "+ person ann.bee Ann Bee",
        f"+ mail {two.id_of('old')} imre.sand → desk: Old",
        f"+ read {two.id_of('old')} by desk",
        "+ channel bench Tea",
        f"+ document {two.id_of('plan')} Plan",
        "+ setting alarm on",
    ]
    assert [line.replace("+", "-", 1) for line in lines] == repr(diff(two, one)).splitlines()


def test_a_channel_with_other_messages_is_told(mini, office):
    channel = {"id": "bench", "members": ["desk", "imre.sand"]}
    message = {"at": "-1h", "from": "imre.sand", "text": "Tea!", "if_level": {"news": "told"}}
    world = mini.with_items("channels", [{**channel, "messages": [message]}])
    changes = diff(office(world).company, office(world, news="told").company)
    assert repr(changes.of("channel")) == "~ channel bench 0 → 1 messages, 2 members"


def test_what_a_person_is_under_another_condition_is_told(mini, office):
    ann = {"id": "ann.bee", "name": "Ann Bee"}
    private = {**ann, "role": "clerk", "if_level": {"news": "private"}}
    told = {**ann, "role": "buyer", "team": "Accounts", "away": "Out.", "if_level": {"news": "told"}}
    world = mini.with_items("people", [private, told])
    changes = diff(office(world).company, office(world, news="told").company)
    assert repr(changes.of("person")) == "~ person ann.bee role, team changed; present → away: Out."


def test_the_same_things_done_at_other_times_differ(office):
    one, two = busy(office(), BUSY[1:3]).company, busy(office(), BUSY[2:0:-1]).company
    assert repr(diff(one, two)).splitlines() == [
        f"~ read {one.id_of('noras-week')} by desk: Tue 2031-03-04 08:31",
        f"~ deleted {one.id_of('maras-request')} by desk: Tue 2031-03-04 08:31 → Tue 2031-03-04 08:30",
    ]


def test_a_mail_that_says_something_else_under_another_condition_is_told(mini, office):
    mail = {"id": "note", "from": "imre.sand", "to": ["desk"], "subject": "Note", "at": "-1h"}
    world = mini.with_items(
        "mail",
        [
            {**mail, "body": "One.", "if_level": {"news": "private"}},
            {**mail, "body": "Two.", "if_level": {"news": "told"}},
        ],
    )
    one, two = office(world).company, office(world, news="told").company
    assert f"~ mail {one.id_of('note')} imre.sand → desk: Note (body changed)" in repr(diff(one, two)).splitlines()


def test_a_long_diff_is_cut_in_what_is_shown_and_nowhere_else(office):
    env = office()
    before = env.company
    for number in range(SHOWN + 5):
        env.do("post_message", channel="workshop", text=f"No {number}")
    changes = diff(before, env.company)
    assert isinstance(changes, Diff)
    assert len(changes.of("message")) == SHOWN + 5
    lines = repr(changes).splitlines()
    assert (len(lines), lines[-1]) == (SHOWN + 1, f"… and {len(changes) - SHOWN} more")


SCRIPT = """
from corpenv.company import diff
from corpenv.env import CompanyEnv
env = CompanyEnv()
env.reset(seed=3)
before = env.company
for name in ("nora.whitlock", "imre.sand", "dele.okafor", "x@elsewhere.example", "nobody"):
    env.do("send_mail", to=[name], subject=name, body="b")
    env.do("read_mail", mail_id=env.company.mailbox()[-1].id)
for document in list(env.company.world.documents):
    env.do("read_document", document_id=document)
print(diff(before, env.company))
"""


def test_the_order_is_the_same_in_every_process(elsewhere, capsys):
    exec(SCRIPT, {})
    here = capsys.readouterr().out
    assert elsewhere(SCRIPT) == [here, here]
    assert here.count("\n") > 12
