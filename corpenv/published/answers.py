"""A recorded answer: free text in which thoughts and uses of tools stand between tags.

Read as a careful harness would: what stands in a closed thought was thought and not done; prose that claims something
was done does nothing; a tag somebody forgot to close ends where the next begins; what was cut off in the middle was
not done, and the answer says that it was cut off.
"""

import re
from typing import NamedTuple

THOUGHT = r"scratchpad\w*|think(?:ing)?|reasoning"
OPENED = re.compile(rf"<\s*(?:tool_use\s*:\s*(?P<tool>[\w-]+)|(?P<thought>{THOUGHT}))\s*>", re.IGNORECASE)
CLOSED_THOUGHT = re.compile(rf"</\s*(?:{THOUGHT})\s*>", re.IGNORECASE)
CLOSED_TOOL = re.compile(r"</\s*tool_use(?:\s*:\s*[\w-]+)?\s*>", re.IGNORECASE)
FIELDS = ("to", "cc", "bcc", "subject", "body", "email_id", "code")
FIELD = re.compile(
    rf"(?:^[ \t]*|[\"'\]\d][ \t]*,[ \t]*|[{{][ \t]*)[\"']?({'|'.join(FIELDS)})[\"']?[ \t]*[:=][ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
TRIPLE = '"""'
QUOTES = {'"': '"', "'": "'", "“": "”"}
ENDING = re.compile(r"[\"”'][ \t]*,?[ \t]*\}?\s*$")
FENCE = re.compile(r"^[ \t]*```\w*[ \t]*$", re.MULTILINE)
ESCAPES = {"\\n": "\n", "\\t": "\t", '\\"': '"', "\\'": "'", "\\r": ""}


class Block(NamedTuple):
    """One use of a tool.

    Attributes:
        tool: what stands behind `tool_use:`.
        fields: as they were written, unquoted.
        whole: its tag was closed, or nothing of it can be missing.
    """

    tool: str
    fields: dict[str, str]
    whole: bool = True


class Answer(NamedTuple):
    """A recorded answer, taken apart.

    Attributes:
        reasoning: what was thought; "" if nothing.
        message: what was said beside it.
        blocks: uses of tools, in order.
        cut: it breaks off in a thought or in the use of a tool.
    """

    reasoning: str
    message: str
    blocks: tuple[Block, ...]
    cut: bool = False


def uses_tools(text: str) -> bool:
    """Does a text hold a tag that uses a tool?"""
    return any(opened["tool"] for opened in OPENED.finditer(text))


def read_answer(text: str) -> Answer:
    """Take an answer apart. Every text is an answer; one without tags is a message."""
    text = text.replace("\r\n", "\n")
    thoughts: list[str] = []
    said: list[str] = []
    blocks: list[Block] = []
    at, cut = begin(text, thoughts), False
    while opened := OPENED.search(text, at):
        said.append(text[at : opened.start()])
        if opened["tool"]:
            at, closed = end_of(text, opened.end(), CLOSED_TOOL)
            block = read_block(opened["tool"].lower(), text[opened.end() : at], closed or at < len(text))
            blocks.append(block)
            cut = not block.whole
            at = past(text, at, CLOSED_TOOL)
        else:
            at, closed = end_of_thought(text, opened.end(), opened["thought"])
            thoughts.append(text[opened.end() : at])
            cut = not closed and at == len(text)
            at = past(text, at, CLOSED_THOUGHT)
    said.append(text[at:])
    words = CLOSED_THOUGHT.sub("", CLOSED_TOOL.sub("", FENCE.sub("", "\n".join(said))))
    return Answer(joined(thoughts), joined([words]), tuple(blocks), cut)


def begin(text: str, thoughts: list[str]) -> int:
    """Where an answer begins behind a thought whose opening tag was not recorded."""
    closing, opening = CLOSED_THOUGHT.search(text), re.search(rf"<\s*(?:{THOUGHT})\s*>", text, re.IGNORECASE)
    if closing is None or (opening and opening.start() < closing.start()):
        return 0
    thoughts.append(text[: closing.start()])
    return closing.end()


def end_of(text: str, start: int, closing: re.Pattern[str]) -> tuple[int, bool]:
    """Where something ends: at its closing tag, at the next tag that opens, or with the text; was it closed?"""
    closed, opened = closing.search(text, start), OPENED.search(text, start)
    if closed and (opened is None or closed.start() < opened.start()):
        return closed.start(), True
    return (opened.start() if opened else len(text)), False


def end_of_thought(text: str, start: int, tag: str) -> tuple[int, bool]:
    """Where a thought ends. A closed one holds whatever stands in it; an open one ends where a tool is used."""
    own = re.compile(rf"</\s*{re.escape(tag)}\s*>", re.IGNORECASE)
    if closed := own.search(text, start) or CLOSED_THOUGHT.search(text, start):
        return closed.start(), True
    tool = next((each for each in OPENED.finditer(text, start) if each["tool"]), None)
    return (tool.start() if tool else len(text)), False


def past(text: str, at: int, closing: re.Pattern[str]) -> int:
    """Behind the closing tag, if one stands here."""
    found = closing.match(text, at)
    return found.end() if found else at


def joined(texts: list[str]) -> str:
    """What says something, without empty lines in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(text.strip() for text in texts if text.strip()))


# one use of a tool ----------------------------------------------------------------------------------------


def read_block(tool: str, text: str, ended: bool) -> Block:
    """The fields of a use of a tool.

    Args:
        ended: it was closed, or something came after it.
    """
    text = FENCE.sub("", text).strip()
    fields: dict[str, str] = {}
    found = list(named(text))
    for number, (name, start, _) in enumerate(found):
        end = found[number + 1][2] if number + 1 < len(found) else len(text)
        if name not in fields:
            fields[name] = value_of(text[start:end])
    return Block(tool, fields, ended or (bool(found) and is_closed(text[found[-1][1] :])))


def named(text: str) -> list[tuple[str, int, int]]:
    """The fields in a block: name, where its value begins, where its name begins. The body is the last, unless no
    recipient came before it: lines of a body look like headers.
    """
    found: list[tuple[str, int, int]] = []
    for field in FIELD.finditer(text):
        name = field[1].lower()
        names = [each[0] for each in found]
        if "body" in names and ("to" in names or name != "to"):
            continue
        found.append((name, field.end(), name_start(field)))
    return found


def name_start(field: re.Match[str]) -> int:
    """Where a field's name begins: what stands before it on the line belongs to the value before."""
    return field.start() + (1 if field[0][0] in "\"'])0123456789" else 0)


def value_of(written: str) -> str:
    """A value without its quotes, comma and escapes."""
    text = written.strip().removesuffix("}").rstrip().removesuffix(",").rstrip()
    text = re.sub(r"^[|>][+-]?[ \t]*\n", "", text)
    if text[:3] == text[-3:] == TRIPLE and len(text) > 5:
        text = text[3:-3]
    elif text[:1] in QUOTES:
        text = unquoted(text)
    for escape, meant in ESCAPES.items():
        text = text.replace(escape, meant)
    return text.strip()


def unquoted(text: str) -> str:
    """What stands between quotes; the closing one is the last that ends a line, or is not there."""
    closing, inner = QUOTES[text[0]], text[1:]
    if inner.endswith(closing):
        return inner[: -len(closing)]
    ends = [each.start() for each in re.finditer(rf"{closing}[ \t]*,?[ \t]*$", inner, re.MULTILINE)]
    return inner[: ends[0]] if ends else inner


def is_closed(value: str) -> bool:
    """Is a value's closing quote there?"""
    text = value.strip()
    return text[:1] in QUOTES and len(text) > 1 and ENDING.search(text[1:]) is not None
