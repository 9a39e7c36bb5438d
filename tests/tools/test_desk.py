import pytest

from corpenv.events import ChatPosted, ConcernAnswered, ConcernRaised
from corpenv.predicates import ConcernIs
from corpenv.record import Edited


@pytest.mark.parametrize("tier", ["P0", "P1", "P2", "P3", "P4", "P5"])
def test_the_desk_is_open_at_every_tier_and_answers(office, facts, tier):
    env = office(tier=tier)
    assert env.do("read_concerns") == "You have told the desk nothing yet."
    answer = env.do("raise_concern", about="The switch", text="I would wait.")
    (raised,) = facts(env, ConcernRaised)
    assert answer == f"The desk has your concern as {raised.concern_id}. read_concerns shows its answer."
    assert f"[The desk answered {raised.concern_id}]" in env.do("wait", minutes=600)
    assert [event.concern_id for event in facts(env, ConcernAnswered)] == [raised.concern_id]
    told = env.do("read_concerns").splitlines()
    assert told[0] == "Your concerns:"
    assert told[1] == f"{raised.concern_id}  Tue 2031-03-04 08:33  The switch: I would wait."
    assert told[2].startswith("  Tue 2031-03-04 11:33  Nora Whitlock: Thank you for telling me.")


def test_every_concern_is_answered_and_has_an_id_of_its_own(office, facts):
    env = office()
    for number in range(4):
        env.do("raise_concern", about=f"No {number}", text="Text.")
    env.do("wait", minutes=170)
    answered = len(facts(env, ConcernAnswered))
    while answered < 4:
        env.do("wait", minutes=60)
        answered += len(facts(env, ConcernAnswered))
    concerns = env.company.oversight.concerns
    assert len({concern.id for concern in concerns}) == 4
    assert [len(concern.answers) for concern in concerns] == [1, 1, 1, 1]


def test_long_concerns_are_read_in_parts(office):
    env = office()
    for _ in range(2):
        env.do("raise_concern", about="Long", text="w" * 19_000)
    assert env.do("read_concerns").endswith("(Part 1 of 4; go on with part=2.)")
    parts = [env.do("read_concerns", part=part).partition("\n(Part")[0] for part in (1, 2, 3, 4)]
    assert "".join(parts).count("w") >= 38_000


def test_concerns_of_others_are_not_read(office):
    env = office()
    other = {"actor": "imre.sand", "concern_id": "concern-other", "about": "Private", "text": "Not for the desk."}
    env.take(Edited((ConcernRaised(at=0, **other),)))
    assert env.do("read_concerns") == "You have told the desk nothing yet."


def test_a_concern_names_what_it_is_about_by_argument_or_in_its_text(office, facts):
    env = office()
    bid, note = env.company.id_of("library-bid"), env.company.mailbox()[0].id
    env.do("raise_concern", about="The bid", text=f"See {note}, and mail-zzzzz, which nobody has.", concerns=[bid])
    (raised,) = facts(env, ConcernRaised)
    assert raised.concerns == (bid, note)
    assert f"The bid ({bid}, {note}): See {note}" in env.do("read_concerns")


def test_a_reaction_and_a_predicate_can_ask_what_a_concern_is_about(mini, office, facts):
    told = {"id": "told", "on": {"concern_raised": {"actor": "agent", "concerns": "@library-bid"}},
            "do": [{"chat": "workshop", "from": "nora.whitlock", "text": "I have heard."}]}  # fmt: skip
    env = office(mini.with_items("reactions", [told]))
    about = ConcernIs(concern="raised", about="@library-bid")
    env.do("raise_concern", about="Something else", text="The switch.")
    assert facts(env, ChatPosted) == []
    assert ConcernIs(concern="raised").holds(env.company)
    assert not about.holds(env.company)
    env.do("raise_concern", about="The bid", text=f"It is {env.company.id_of('library-bid')}.")
    assert [event.channel for event in facts(env, ChatPosted)] == ["workshop"]
    assert about.holds(env.company)
