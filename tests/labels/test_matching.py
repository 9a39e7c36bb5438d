"""Values in what people type: found however they are dressed up, and not where another figure stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.labels.matching import found_in, in_words, joined, letters_of, needle, plain, readings


@pytest.mark.parametrize(
    "text",
    [
        "18,640", "18.640", "18640", "18 640", "1 8 6 4 0", "1-8-6-4-0", "£18,640.50", "(18,640)",
        "18,640, 3 deliveries",
        "18'640", "is 18,640.", "eighteen thousand six hundred forty", "a:18,640;b", "3200 18640", "18_640", "18,640!",
        "１８，６４０", "١٨٦٤٠", "1\u200b8\u200d6\ufeff40",
    ],
)  # fmt: skip
def test_a_figure_is_found(text: str) -> None:
    assert found_in("18,640", plain(text))


@pytest.mark.parametrize(
    "text",
    [
        "18,641", "118,640", "18,6400", "186.40", "1.8640", "18,64", "18,640,000", "0.18640", "978-18640-1", "12/18640",
        "20 18 640", "18 640 12", "a18640", "18640b", "18.640.000", "eighteen thousand six hundred forty-one", "",
    ],
)  # fmt: skip
def test_another_figure_is_not_it(text: str) -> None:
    assert not found_in("18,640", plain(text))


@pytest.mark.parametrize("value", ["", "abc", "1,2", "—"])
def test_what_is_too_short_is_never_found(value: str) -> None:
    assert needle(value) is None
    assert not found_in(value, plain(f"so {value} so"))
    assert not joined(value, [value, value])


@given(st.integers(1000, 999_999))
def test_a_figure_is_found_in_its_own_words_only(number: int) -> None:
    said = " ".join(in_words(number))
    assert found_in(f"{number:,}", said)
    assert found_in(str(number), said.replace("hundred ", "hundred and "))
    assert not found_in(str(number + 1), said)


@pytest.mark.parametrize("value", ["0812,55", "1,234,567"])
def test_what_is_no_number_below_a_million_has_no_words(value: str) -> None:
    assert found_in(value, f"it is {value}.")


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (["18", "640"], True),
        (["1", "8", "6", "4", "0"], True),
        (["first 18", "then 640"], True),
        (["hello 7", "18", "640"], True),
        (["18640"], False),
        (["18", "nothing", "640"], False),
        (["18 9", "640"], False),
        (["18", "640 and 2"], False),
        (["640", "18"], False),
    ],
)
def test_pieces_make_up_a_figure(pieces: list[str], told: bool) -> None:
    assert joined("18,640", pieces) is told


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (["the Velde", "bindery"], True),
        (["The V", "elde", "bindery, ok"], True),
        (["we came by the Velde on a long day", "and saw the bindery there"], False),
    ],
)
def test_pieces_make_up_a_name_if_they_hold_little_else(pieces: list[str], told: bool) -> None:
    assert joined("the Velde bindery", pieces) is told


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert plain(text) in readings(text)
    assert len(readings(text)) >= 3


@given(
    st.text(st.characters(categories=["L", "Nd"]), min_size=4, max_size=20).filter(lambda t: len(letters_of(t)) >= 4)
)
def test_a_value_is_found_in_itself(value: str) -> None:
    assert found_in(value, plain(f"so: {value}."))


def test_reading_a_hostile_text_takes_no_time() -> None:
    for text in ("MTg2" * 10_000, "%25" * 10_000, "31" * 20_000, "1 " * 20_000, "&#38;" * 5_000):
        for reading in readings(text):
            found_in("18,640", reading)
