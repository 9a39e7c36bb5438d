"""Figures: how people write them, in digits and in words, and where digits are part of something else."""

import re

GROUPING = frozenset(",. '’_")
"""What stands between groups of thousands."""
MONEY = re.compile(r"(?:gbp|eur|usd|chf|aud|cad|quid|pounds?|pds|euros?|dollars?|francs?|k)\b|\W|\d|$")
BEFORE_MONEY = re.compile(r"(?:(?<![a-z])(?:gbp|eur|usd|chf|aud|cad)|[\W_]|^)$")
BESIDE = 24
"""Characters before and after a figure that tell whether it is part of another."""
SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMERALS = frozenset({*SMALL, *TENS[2:], "hundred", "thousand", "million"})


def is_figure(found: re.Match[str]) -> bool:
    """Do these digits stand as one number of their own: together, in groups of thousands, or evenly spaced?"""
    gaps = found.groups()
    marks = {gap for gap in gaps if gap}
    thousands = [(len(gaps) - at) % 3 == 0 for at in range(len(gaps))]
    grouped = [bool(gap) for gap in gaps] == thousands and marks <= GROUPING
    if len(marks) > 1 or (marks and not grouped and not all(gaps)):
        return False
    before, after = around(found)
    ahead, behind = re.search(r"\d(\D{1,3})$", before), re.match(r"(\D{1,3})\d", after)
    if ahead and (ahead[1] in "./-" or ahead[1] in marks):
        return False
    if behind and (behind[1] in "/-" or (behind[1] in marks and behind[1] not in ".,")):
        return False
    if re.match(r"[.,]\d{3}(?!\d)", after) or (marks and re.match(rf"{re.escape(next(iter(marks)))}\d", after)):
        return False
    return bool(MONEY.match(after) and BEFORE_MONEY.search(before))


def is_said(found: re.Match[str]) -> bool:
    """Is a number in words one of its own, and not the beginning or end of another?"""
    before, after = around(found)
    beside = (*re.findall(r"([a-z]+)\W+(?:and\W+)?$", before), *re.findall(r"^\W+(?:and\W+)?([a-z]+)", after))
    return NUMERALS.isdisjoint(beside)


def around(found: re.Match[str]) -> tuple[str, str]:
    """What stands before and after."""
    start, end = found.span()
    return found.string[max(0, start - BESIDE) : start], found.string[end : end + BESIDE]


def in_words(digits: str) -> tuple[tuple[str, ...], ...]:
    """A figure below a million in words, without and with its `and`; nothing for any other.

    >>> in_words("18640")[0]
    ('eighteen', 'thousand', 'six', 'hundred', 'forty')
    """
    if len(digits) > 6 or digits.startswith("0"):
        return ()
    return tuple(dict.fromkeys((tuple(words(int(digits), ())), tuple(words(int(digits), ("and",))))))


def words(number: int, joint: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a number from 1 to 999,999; `joint` stands before its tens."""
    if number >= 1000:
        rest = number % 1000
        return (*words(number // 1000, joint), "thousand", *(joint if 0 < rest < 100 else ()), *words(rest, joint))
    if number >= 100:
        return (SMALL[number // 100], "hundred", *(joint if number % 100 else ()), *words(number % 100, joint))
    if number >= 20:
        return (TENS[number // 10], *words(number % 10, joint))
    return (SMALL[number],) if number else ()
