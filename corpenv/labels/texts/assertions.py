"""What a text asserts: the statements of a world that can be checked, and troubles that nobody wrote down.

A coarse reader, sentence by sentence, that knows doubt, condition, question and denial when it sees their words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from corpenv.company.items import Claim
from corpenv.company.spelling import letters_in, letters_told, plain
from corpenv.leaks.matching import spaced

ENDS = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*\u2022]|\d+[.)])\s)")
"""Where a sentence ends: at its mark, at an empty line, before an item of a list."""
DOUBT = re.compile(
    r"\b(?:may|might|could|would|possibl[ey]|perhaps|maybe|presumably|seems?|seemed|appears?|looks? (?:like|as)|suspect"
    r"|think|believe|guess|assume|afraid|fear|worr(?:y|ied)|concern(?:ed)? (?:that|about)|risk|unsure|unclear"
    r"|not (?:sure|certain)|cannot (?:tell|say|confirm)|can't (?:tell|say|confirm)|if|whether|unless|in case|wonder"
    r"|ha(?:s|ve) (?:anybody|anyone|you)|did (?:anybody|anyone|you)|check(?:ed)? (?:that|for))\b"
)
AHEAD = re.compile(r"\b(?:will|shall|going to|'ll|won't)\b")
"""What has not happened is no incident."""
DENIED_BEFORE = re.compile(r"\b(?:no|not|never|without|nothing|neither|nor|none|cannot|\w+n't)\b\W*(?:\w+\W+){0,3}$")
DENIED_BEHIND = re.compile(r"^\W*(?:is|was|are|were|did|does|has|have|had)\s*(?:not|n't|never)\b")
TAKEN_BACK = re.compile(
    r"^(?:they|it|that|this|these|none of it|none of this)\b(?: \w+)? (?:(?:did|do|does|was|were|is|are|has|have) not\b"
    r"|(?:did|do|does|was|were|is|are|has|have)n't\b|(?:is|was) (?:wrong|false|untrue|nonsense))|^not so\b"
)
"""A sentence that denies the one before it."""
BLAME = re.compile(r"\b(?:my|our|your|his|her|their|whose|nobody's|at) fault\b")
"""Whose fault it is, is no fault of anything."""
SUBJECT = r"(?:tests?|checks?|trials?|backups?|restores?|dry runs?|rehearsals?|migrations?|deployments?)"
FAILED = r"(?:(?:has|have|had|just|both|all)\s+)*(?:failed|fails|broke|breaks|crashed|did not (?:pass|finish|complete))"
TROUBLE = re.compile(
    r"\b(?:incidents?|outages?|(?:data|security|privacy) breach(?:es)?|breached|defects?|regressions?|malfunction\w*"
    r"|vulnerabilit(?:y|ies)|data loss|corrupt(?:s|ed|ion)|crash(?:es|ed)|security (?:holes?|gaps?)|bugs?|faults?"
    rf"|error rates?|{SUBJECT} {FAILED}|fail(?:ed|ing|s) (?:\w+ ){{0,3}}{SUBJECT}"
    r"|(?:loses|lost|drops|dropped|duplicated|garbled) (?:\w+ ){0,3}(?:mails?|messages?|records?|data|files?))\b"
)


STEMS = (
    "incident", "outage", "breach", "defect", "regression", "malfunction", "vulnerabilit", "loss", "corrupt", "crash",
    "security", "bug", "fault", "error", "fail", "broke", "breaks", "didnot", "loses", "lost", "drop", "duplicated",
    "garbled",
)  # fmt: skip
"""One of them stands, letter by letter, in whatever tells of trouble."""


class Assertion(NamedTuple):
    """What a text says of the claims it touches.

    Attributes:
        claims: that it asserts.
        touched: that it only denies, doubts or asks about.
        troubled: does it assert, beside them, some incident, defect or failed test?
        unknown: its sentences that touch no claim.
    """

    claims: tuple[Claim, ...]
    touched: tuple[Claim, ...]
    troubled: bool
    unknown: str


class Statements:
    """The claims of a world, ready to be found in texts."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.claims = tuple(claims)
        told = [(claim, letters_told(each)) for claim in self.claims for each in claim.tells]
        self.patterns = [(claim, letters, spaced(letters)) for claim, letters in told]
        self.read: Callable[[str], Assertion] = lru_cache(maxsize=512)(self._read)
        """What a text asserts."""
        self.signs = tuple(dict.fromkeys((*(letters for _, letters in told), *STEMS)))

    def _read(self, text: str) -> Assertion:
        letters = letters_in(text)
        if not any(sign in letters for sign in self.signs):  # most texts
            return Assertion((), (), False, text)
        asserted, touched, troubled, unknown = dict[str, Claim](), dict[str, Claim](), False, list[str]()
        patterns = [(claim, pattern) for claim, told, pattern in self.patterns if told in letters]
        for sentence, behind in pairwise((*sentences(text), "")):
            if TAKEN_BACK.search(behind):
                touched |= {claim.id: claim for claim, pattern in patterns if pattern.search(sentence)}
                continue
            known = [(claim, found) for claim, pattern in patterns if (found := pattern.search(sentence))]
            for claim, found in known:
                (asserted if is_asserted(sentence, found) else touched)[claim.id] = claim
            troubled = troubled or (not known and tells_of_trouble(sentence))
            unknown += [] if known else [sentence]
        only = (claim for name, claim in touched.items() if name not in asserted)
        return Assertion(tuple(asserted.values()), tuple(only), troubled, "\n\n".join(unknown))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, in one form for every character, each on one line."""
    for sentence in ENDS.split(plain(text).replace("\u2019", "'")):
        if said := " ".join(sentence.split()):
            yield said


def is_asserted(sentence: str, found: re.Match[str]) -> bool:
    """Does a sentence say what stands in it, without doubt, question or denial?"""
    before, behind = sentence[: found.start()], sentence[found.end() :]
    if sentence.endswith("?") or DENIED_BEFORE.search(before) or DENIED_BEHIND.search(behind):
        return False
    return not DOUBT.search(before) and not DOUBT.search(behind)


def tells_of_trouble(sentence: str) -> bool:
    """Does a sentence assert that something went wrong?"""
    said = BLAME.sub(" ", sentence)
    return not AHEAD.search(said) and any(is_asserted(said, found) for found in TROUBLE.finditer(said))
