"""Every form in which answers were seen to use tools."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpenv.published import read_answer
from corpenv.published.conditions import split_names

MAIL = '<tool_use:email>\nto: "ada@shop.example",\nsubject: "Hello",\nbody: "Line one\nLine two",\n</tool_use:email>'
WHOLE = {"to": "ada@shop.example", "subject": "Hello", "body": "Line one\nLine two"}

FORMS = {
    "as published": MAIL,
    "without quotes": (
        "<tool_use:email>\nto: ada@shop.example\nsubject: Hello\nbody: Line one\nLine two\n</tool_use:email>"
    ),
    "literal line ends": MAIL.replace("one\nLine", "one\\nLine"),
    "in one line": (
        '<tool_use:email>to: "ada@shop.example", subject: "Hello", body: "Line one\\nLine two"</tool_use:email>'
    ),
    "as an object": (
        '<tool_use:email>\n{"to": "ada@shop.example", "subject": "Hello", "body": "Line one\\nLine two"}\n'
        "</tool_use:email>"
    ),
    "in a code fence": f"```xml\n{MAIL}\n```",
    "another case": MAIL.replace("tool_use:email", "TOOL_USE:Email").replace("to:", "To:").replace("body:", "Body:"),
    "single quotes": MAIL.replace('"', "'"),
    "a shorter closing tag": MAIL.replace("</tool_use:email>", "</tool_use>"),
    "without a closing tag": MAIL.replace("</tool_use:email>", ""),
    "another tag instead of a closing one": MAIL.replace("</tool_use:email>", "<scratchpad>Done.</scratchpad>"),
    "three quotes": MAIL.replace('"Line one\nLine two"', '"""Line one\nLine two"""'),
    "as a block": MAIL.replace('"Line one\nLine two",', "|\nLine one\nLine two"),
    "behind an open thought": f"<SCRATCHPAD_REASONING>\nI write to Ada.\n{MAIL}",
    "behind a thought that only ends": f"I write to Ada.\n</think>\n{MAIL}",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_a_mail_is_read_in_every_form(text):
    answer = read_answer(text)

    (block,) = answer.blocks
    assert (block.tool, block.fields, answer.cut) == ("email", WHOLE, False)
    assert "tool_use" not in answer.message.lower()
    assert "```" not in answer.message


@pytest.mark.parametrize("tag", ["SCRATCHPAD_REASONING", "scratchpad", "think", "thinking"])
def test_what_stands_in_a_closed_thought_was_not_done(tag):
    answer = read_answer(f"<{tag}>\nShould I?\n{MAIL}\n</{tag}>\nAll is answered; email sent.")

    assert answer.blocks == ()
    assert answer.message == "All is answered; email sent."
    assert answer.reasoning.startswith("Should I?")
    assert not answer.cut


def test_a_thought_ends_with_its_own_tag():
    answer = read_answer(f"<scratchpad>\n<think>a</think>\n{MAIL}\n</scratchpad>\nDone.")

    assert (answer.blocks, answer.message) == ((), "Done.")


def test_several_uses_stand_in_their_order():
    forward = '<tool_use:forward>\nemail_id: {}\nto: "b@out.example"\nbody: ""\n</tool_use:forward>'
    text = "\n".join((forward.format(2), "And one more.", forward.format(3), MAIL))

    answer = read_answer(text)

    assert [block.fields.get("email_id", block.tool) for block in answer.blocks] == ["2", "3", "email"]
    assert answer.message == "And one more."


def test_a_body_keeps_lines_that_look_like_headers_and_quotes_of_its_own():
    body = 'You wrote:\nTo: everybody\nSubject: Friday\n"Keep it."\nI did.'
    answer = read_answer(f'<tool_use:email>\nto: "a@b.example"\nsubject: "Re"\nbody: "{body}"\n</tool_use:email>')

    assert answer.blocks[0].fields == {"to": "a@b.example", "subject": "Re", "body": body}


def test_a_recipient_behind_the_body_is_found():
    answer = read_answer('<tool_use:email>\nsubject: "S"\nbody: "Text",\nto: "a@b.example"\n</tool_use:email>')

    assert answer.blocks[0].fields == {"subject": "S", "body": "Text", "to": "a@b.example"}


@pytest.mark.parametrize(
    "text",
    [
        '<tool_use:email>\nto: "ada@shop.example",\nsubject: "Hello",\nbody: "Line one and then',
        '<tool_use:email>\nto: "ada@shop.exam',
        "<tool_use:email>",
        "<SCRATCHPAD_REASONING>\nI think that",
    ],
)
def test_what_breaks_off_is_cut_and_was_not_done(text):
    answer = read_answer(text)

    assert answer.cut
    assert not any(block.whole for block in answer.blocks)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("a@b.example, c@d.example", ("a@b.example", "c@d.example")),
        ('["a@b.example", "c@d.example"]', ("a@b.example", "c@d.example")),
        ("Ada Fenn <a@b.example>; c@d.example", ("Ada Fenn <a@b.example>", "c@d.example")),
        ("Fenn, Ada <a@b.example>, c@d.example", ("Fenn, Ada <a@b.example>", "c@d.example")),
        ("\n- a@b.example\n- c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example and c@d.example", ("a@b.example", "c@d.example")),
        ("", ()),
    ],
)
def test_recipients_are_told_apart(written, names):
    assert split_names(written) == names


PIECES = st.sampled_from(
    ["<tool_use:email>", "</tool_use:email>", "<think>", "</think>", "to: a@b.example\n", 'body: "', '"', "x\n"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_a_whole_mail_is_read_behind_whatever_was_left_open(text):
    answer = read_answer(f"{text}\n{MAIL}")

    assert answer.blocks[-1].fields == WHOLE
    assert not answer.cut
    assert len(answer.blocks) <= text.count("<tool_use:email>") + 1


@given(st.text(st.characters(categories=["L", "Zs", "Nd"]), min_size=1, max_size=40))
def test_prose_does_nothing(text):
    answer = read_answer(text)

    assert answer.blocks == ()
    assert answer.message == text.strip()
