from hypothesis import given
from hypothesis import strategies as st

from corpenv.company import Company, Facts, replay
from corpenv.company.facts import Box, Boxes
from corpenv.company.items import Mail
from corpenv.company.mailbox import search, text_of
from corpenv.company.search import WordIndex, newest_of, words_of
from corpenv.company.text import Blank, Spans
from corpenv.events import MailDeleted, MailSent

WORD = st.sampled_from(["oak", "Oak", "elm", "ash", "elms", "élan", "10", "x"])
SENTENCE = st.lists(WORD, max_size=5).map(" ".join)
BLANK = st.builds(Blank, st.just("tree"), st.sampled_from("ab"), st.just(("oak", "elm", "fir")))
TEXT = SENTENCE | st.lists(SENTENCE | BLANK, max_size=4).map(lambda parts: Spans(tuple(parts)))


@given(st.lists(SENTENCE, max_size=8), st.lists(WORD, max_size=3), st.integers(0, 9))
def test_an_index_finds_what_reading_every_text_finds(texts, wanted, among):
    index = WordIndex()
    for number, text in enumerate(texts):
        index.put(number, words_of(text))
    among = min(among, len(texts))
    query = words_of(" ".join(wanted))
    found = [number for number in range(among) if set(query) <= set(words_of(texts[number]))]
    assert list(newest_of(index.having(query, among))) == found[::-1]
    assert index.size == len(texts)


@given(
    st.lists(st.tuples(st.integers(-9, 9), TEXT), max_size=8), st.lists(SENTENCE, max_size=5),
    st.lists(WORD, min_size=1, max_size=2), st.integers(0, 3), st.integers(0, 12),
)  # fmt: skip
def test_a_search_finds_what_reading_every_mail_as_this_seed_reads_it_finds(base, came, wanted, seed, deleted):
    mails = [Mail(f"mail-{n}", at, "imre", ("desk",), "s", body, ("desk",)) for n, (at, body) in enumerate(base)]
    world = Facts(agent="desk", start="2031-03-04 08:30", seed=1, domain="x.example")
    world.mail = {mail.id: mail for mail in mails}
    world.boxes = Boxes({"desk/inbox": Box(mails)}, {})
    letters = {"to": ("desk",), "subject": "s", "delivered": ("desk",)}
    sent = [MailSent(at=n, actor="dele", mail_id=f"new-{n}", body=body, **letters) for n, body in enumerate(came)]
    company = replay(Company(world, seed), sent)
    company = replay(company, [MailDeleted(at=company.now, actor="desk", mail_id=f"mail-{deleted}")])
    there = [mail for mail in mails if mail.at <= company.now and mail.id != f"mail-{deleted}"]
    every = sorted([*there, *company.mail.items.values()], key=lambda mail: (mail.at, mail.id), reverse=True)
    query = " ".join(wanted)
    expected = [mail.id for mail in every if set(words_of(query)) <= set(words_of(text_of(mail, seed)))]
    assert [mail.id for mail in search(company, "desk", "inbox", query)] == expected


def test_words_are_told_apart_by_everything_else():
    assert words_of("Oak-tree, oak!\n18,640 £5 naïve_x") == ("oak", "tree", "18", "640", "5", "naïve_x")
