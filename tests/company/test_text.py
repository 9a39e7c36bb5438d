from hypothesis import given
from hypothesis import strategies as st

from corpenv.company.text import Blank, Spans, constant, drawn_value, in_reply, render, secrets_in

NAMES = st.text("abc", min_size=1, max_size=4)
VALUES = st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=4, unique=True).map(tuple)
BLANKS = st.builds(Blank, NAMES, NAMES, VALUES)
SPANS = st.lists(st.text(max_size=8) | BLANKS, max_size=5).map(lambda parts: Spans(tuple(parts)))


@given(SPANS, st.integers(0, 2**63 - 1))
def test_a_text_is_rendered_the_same_for_the_same_seed_with_values_in_the_place_of_blanks(text, seed):
    rest = render(text, seed)
    assert rest == render(text, seed)
    for part in text.parts:
        piece = part if isinstance(part, str) else drawn_value(seed, part.secret, part.fact, part.values)
        assert rest.startswith(piece)
        assert isinstance(part, str) or piece in part.values
        rest = rest[len(piece) :]
    assert rest == ""


@given(VALUES, st.integers(0, 2**63 - 1))
def test_a_value_depends_on_the_names_and_not_on_what_else_is_drawn(values, seed):
    alone = drawn_value(seed, "affair", "place", values)
    drawn_value(seed, "other", "place", values)
    assert drawn_value(seed, "affair", "place", values) == alone


def test_seeds_draw_every_value_about_as_often():
    values = ("a", "b", "c", "d")
    drawn = [drawn_value(seed, "affair", "place", values) for seed in range(2_000)]
    assert all(400 < drawn.count(value) < 600 for value in values)


@given(SPANS)
def test_what_is_the_same_under_every_seed_holds_no_blank(text):
    assert constant(text) == " ".join(part for part in text.parts if isinstance(part, str))
    assert constant("plain") == "plain"


def test_a_text_carries_the_secrets_behind_its_blanks_each_once_in_order():
    blank = Blank("b", "x", ("1",))
    assert secrets_in("plain", Spans((blank, "and", Blank("a", "x", ("1",)), blank))) == ("b", "a")


def test_an_answer_is_marked_as_one_once():
    assert in_reply("Friday") == "Re: Friday"
    assert in_reply(in_reply("Friday")) == "Re: Friday"
