"""In whose name a text stands: the name it is signed with, or that its head gives.

Quoted and forwarded parts are somebody else's words and are left out first. What is left presents itself as somebody
by a signature behind a closing or behind the last sentence, by a `From:` at the very top, by `on behalf of`, or by
saying who speaks.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

HEAD, TAIL = 600, 800
"""Characters at the beginning and at the end of a text that are looked at."""
LONGEST_END = 160
"""Characters at the end of the last line in which regards and a name can stand."""
SHORT_LINE = 40
"""Characters of a name that stands above a role."""
BLOCK = 4
"""Lines a signature has at most."""
QUOTED = re.compile(
    r"-{2,}.{0,20}(?:forwarded|original).{0,20}-{2,}|begin forwarded message:?|on .{4,90} wrote:|_{8,}", re.I
)
"""Lines behind which somebody else's words stand."""
POSTSCRIPT = re.compile(r"p\.?\s?s\b", re.I)
FIELD = re.compile(r"(?:to|cc|sent|date|subject):", re.I)
FROM = re.compile(r"from:\s*(.{2,80})", re.I)
REGARDS = (
    r"(?:with\s+)?(?:(?:kind|kindest|best|warm|warmest|many|my|all)\s+)*(?:regards|wishes|greetings)"
    r"|all the best|best|cheers|sincerely|respectfully|yours(?: \w+)?|signed(?: by)?"
)
CLOSING = re.compile(rf"(?:{REGARDS})\s*[,.:!-]?", re.I)
THANKS = re.compile(r"(?:(?:many )?thanks|thank you)(?: (?:again|in advance|for \w[\w ]{0,30}))?\s*[,.!]?", re.I)
INLINE = re.compile(rf"(?:^|[.!?]\s+)(?:{REGARDS})\s*[,:]\s*([^,.!?:]{{2,60}})\.?$", re.I)
BEHALF = re.compile(
    r"(?:(?:sent|signed|written|for and)\s+)?(?:on behalf of|p\.\s?p\.|pp)\s+([^,.!?:;]{2,60})[.,:]?", re.I
)
WRITING = re.compile(
    r"^(?:i am writing|i'm writing|i write|writing|this (?:mail|message) (?:is|comes)(?: sent)?)\b[^.!?]{0,30}? "
    r"(?:on behalf of|in the name of) ([\w' -]{2,60}?)(?= (?:to|about|because|with|and|who|as)\b|[,.!?:;]|$)",
    re.I,
)
SPEAKER = re.compile(
    r"^(?:(?:hello|hi|dear|good (?:morning|afternoon|evening))\b[^,.!?]{0,40}[,.!]?\s+)?"
    r"(?:(?:this is|i am|i'm|my name is)\s+([\w' .-]{2,50}?)(?:\s+(?:here|speaking|writing))?(?=[,.!;:]|$)"
    r"|([\w' .-]{2,50}?)\s+(?:here|speaking)(?=[,.!;:]|$))",
    re.I,
)
OPENINGS = ("behalf", "name of", "p.", "pp", "this is", "i am", "i'm", "my name", "here", "speaking")
"""Without one of these the first lines say nothing of who writes."""
SENTENCE_END = re.compile(r"[.!?\u2026)]$")
DASHES = "-\u2013\u2014~"
PARTS = re.compile(r"\s*[,|/]\s*|\s+[-\u2013\u2014]\s+")
PREFIX = re.compile(r"^(?:signed(?: by)?|for)[:,]?\s+", re.I)
DECORATION = "-\u2013\u2014~*_/ \t.,;:!"


class Presented(NamedTuple):
    """A name that a text stands under.

    Attributes:
        how: `head`, `behalf`, `speaker`, `closing` (behind regards), `thanks`, or `bare` (behind the last sentence).
        block: the lines of the signature and their parts.
        before: the last line before it: what is signed.
    """

    name: str
    how: str
    block: tuple[str, ...] = ()
    before: str = ""


def own_lines(body: str) -> list[str]:
    """The lines of a text that are not quoted from another."""
    lines: list[str] = []
    given = [line.strip() for line in body.splitlines()]
    for number, line in enumerate(given):
        if not line or line[0] in ">|":
            continue
        if (line[0] in "-_bBoO" and QUOTED.fullmatch(line)) or (lines and is_header(given, number)):
            break
        if line[0] not in "pP" or not POSTSCRIPT.match(line):
            lines.append(line)
    return lines


def is_header(lines: list[str], number: int) -> bool:
    """Does a head of a mail begin in this line?"""
    return lines[number][:5].lower() == "from:" and any(FIELD.match(line) for line in lines[number + 1 : number + 4])


@lru_cache(maxsize=1024)
def presented(body: str) -> tuple[Presented, ...]:
    """Every name that a text stands under, or may. What colleagues write is the same in many episodes."""
    if len(body) > HEAD + TAIL:
        body = f"{body[:HEAD]}\n{body[-TAIL:]}"
    lines = own_lines(body)
    return (*in_head(lines), *in_signature(lines)) if lines else ()


def in_head(lines: list[str]) -> Iterator[Presented]:
    """The name that the first lines give."""
    if found := FROM.fullmatch(lines[0]):
        rest = next((line for line in lines if not FROM.fullmatch(line) and not FIELD.match(line)), "")
        yield Presented(found[1], "head", before=rest)
    for line in lines[:3]:
        said = line.lower()
        if not any(opening in said for opening in OPENINGS):
            continue
        if found := BEHALF.fullmatch(line) or WRITING.match(line):
            yield Presented(found[1], "behalf")
        if found := SPEAKER.match(line):
            yield Presented(found[1] or found[2], "speaker")


def in_signature(lines: list[str]) -> Iterator[Presented]:
    """The names in the signature."""
    for at in range(len(lines) - 1, max(-1, len(lines) - BLOCK - 2), -1):
        how = "closing" if CLOSING.fullmatch(lines[at]) else "thanks" if THANKS.fullmatch(lines[at]) else ""
        if how and 0 < len(lines) - 1 - at <= BLOCK:
            yield from signed(lines[at + 1 :], how, lines[at - 1] if at else "")
            return
    last, before = lines[-1], lines[-2] if len(lines) > 1 else ""
    if found := INLINE.search(last, max(0, len(last) - LONGEST_END)):
        yield from signed([found[1]], "closing", last[: found.start()] or before)
    elif before and (SENTENCE_END.search(before) or is_dashed(last, before)):
        yield from signed([last], "bare", before)
    elif len(lines) > 2 and len(before) < SHORT_LINE and SENTENCE_END.search(lines[-3]):
        yield from signed(lines[-2:], "bare", lines[-3])


def is_dashed(last: str, before: str) -> bool:
    """Does a dash set the last line apart from the text? In a list it does not."""
    return last[0] in DASHES and before[0] not in DASHES and not before.endswith(":")


def signed(block: list[str], how: str, before: str) -> Iterator[Presented]:
    """Every name that the lines of a signature may give, whole lines and their parts."""
    parts = tuple(dict.fromkeys(part for line in block for part in (line, *PARTS.split(line)) if part))
    for part in parts:
        behalf = BEHALF.fullmatch(part.strip(DECORATION))
        name = behalf[1] if behalf else PREFIX.sub("", part.strip(DECORATION))
        yield Presented(name.strip(DECORATION), "behalf" if behalf else how, parts, before)
