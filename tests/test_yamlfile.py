"""Files with places: scalars of YAML 1.2, a line for every part, and what is not read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpenv.errors import PackError
from corpenv.yamlfile import Place, parse, read


def refused(text):
    with pytest.raises(PackError) as caught:
        parse(text, "pack/file.yaml")
    return str(caught.value)


def test_every_part_has_its_line_and_what_has_none_that_of_what_is_around_it():
    document = parse("# a\n- id: one\n  to:\n    - ada\n    - bo\n- {id: two}\n", "pack/mail.yaml")

    assert document.value == [{"id": "one", "to": ["ada", "bo"]}, {"id": "two"}]
    assert document.place(0, "to", 1) == Place("pack/mail.yaml", 5)
    assert str(document.place(1, "id")) == "pack/mail.yaml:6"
    assert document.place(1, "sender", "name").line == 6
    assert document.place(7).line == 2


def test_on_and_off_are_words_and_dates_are_texts():
    assert parse("{a: on, b: no, c: 2031-03-03, d: true, e: 012, f: null, g: 1.5}", "f").value == {
        "a": "on", "b": "no", "c": "2031-03-03", "d": True, "e": 12, "f": None, "g": 1.5,
    }  # fmt: skip


def test_an_empty_file_has_no_value_and_its_place_is_the_first_line():
    assert parse("", "f").value is None
    assert parse("# nothing\n", "f").place("a") == Place("f", 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "pack/file.yaml:2: the key 'a' stands here twice"),
        ("- {b: {a: 1, a: 2}}\n", "pack/file.yaml:1: the key 'a' stands here twice"),
        ("a: &x 1\nb: *x\n", "pack/file.yaml:1: aliases (*name) are not read: write the text again"),
        ("a:\n\tb: 1\n", "pack/file.yaml:2: a tab cannot indent: use spaces"),
        ("a: [\n", "pack/file.yaml:2: did not find expected node content"),
        ("a: *nobody\n", "pack/file.yaml:1: found undefined alias"),
        ("a: !!python/name:os.system\n", "pack/file.yaml:1: could not determine a constructor for the tag"),
        ("a: 1\n--- \nb: 2\n", "pack/file.yaml:2: but found another document"),
        ("a: 1\nb: !!int x\n", "pack/file.yaml:2: 'x' is no int"),
        ("a: 1\n!!bool maybe: 2\n", "pack/file.yaml:2: 'maybe' is no bool"),
        ("a: \x00", "pack/file.yaml:1: "),
        ("a: 1\nb: \x01\n", "pack/file.yaml:2: the character U+0001 cannot stand in YAML"),
        ("a: 1\n? [b]\n: 2\n", "pack/file.yaml:2: a key is a text, not a list or a mapping"),
        ("a: 1\n? {b: c}\n: 2\n", "pack/file.yaml:2: a key is a text, not a list or a mapping"),
        ("a: 1\nb: " + "[" * 200_000, "pack/file.yaml:2: more than 50 lists or mappings stand in each other here"),
        ("a: 1\nb:\n" + "[\n" * 2_000, "pack/file.yaml:1003: more than 50 lists or mappings stand in each other here"),
        ("a: 1\n" + "- " * 200_000, "pack/file.yaml:2: more than 50 lists or mappings stand in each other here"),
        (
            "a: 1\nb: " + "[" * 60 + "]" * 60,
            "pack/file.yaml:2: more than 50 lists or mappings stand in each other here",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text, message):
    assert refused(text).startswith(message)


def test_open_brackets_in_prose_are_no_nesting():
    assert len(parse("a: |\n  " + ":[ " * 900, "f").value["a"]) > 900


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path):
    (tmp_path / "f.yaml").write_bytes(b"\xef\xbb\xbfid: a\n")
    assert read(tmp_path / "f.yaml", "f.yaml").value == {"id": "a"}


PIECES = st.sampled_from(
    ["- ", "? ", ": ", "\n", "  ", "\t", "a", "b: ", "{", "}", "[", "]", "&x ", "*x", "!t ", "'", '"', "|\n", "#",
     "---\n", "<<: ", "\u2028", "é", "%", "@", "0", "~"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@example("? {a: 1}\n")
def test_any_text_is_a_document_or_a_sentence_with_its_place(text):
    try:
        said = str(parse(text, "f.yaml").place())
    except PackError as error:
        said = str(error)
    assert said.startswith("f.yaml:")


def test_a_file_that_is_not_there_or_not_utf_8_is_told(tmp_path):
    with pytest.raises(PackError, match=r"^gone\.yaml:1: cannot be read: No such file or directory$"):
        read(tmp_path / "gone.yaml", "gone.yaml")
    (tmp_path / "old.yaml").write_bytes("a: 1\nb: Ö\n".encode("latin-1"))
    with pytest.raises(PackError, match=r"^old\.yaml:2: is not UTF-8 text$"):
        read(tmp_path / "old.yaml", "old.yaml")


def test_a_text_that_refers_to_itself_is_not_read():
    assert "aliases" in refused("a: &a\n  - *a\n")
