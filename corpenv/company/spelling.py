"""The letters of a text, however it was written: what a value and what somebody typed are compared by."""

import re
import unicodedata

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e01ef]"
)
"""Nobody sees these."""
ALIKE = str.maketrans("аеорсухіјѕһԁ", "aeopcyxijshd")
"""Cyrillic letters that look Latin."""
LOWER = bytes(range(256)).lower()
DROPPED = bytes(number for number in range(128) if not chr(number).isalnum())
MARKS = re.compile(r"[\W_]+")
ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\S)")
SHORTEST = 4
"""Letters and digits a value needs to be found in a text: shorter ones stand everywhere."""


def plain(text: str) -> str:
    """Lower case, one form for every character, nothing invisible, digits of any script as 0 to 9, `&` as `and`."""
    if text.isascii():
        said = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold().translate(ALIKE)
        said = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)
    return said.replace("&", " and ") if "&" in said else said


def letters_of(said: str) -> str:
    """The letters and digits of a plain text."""
    return said.encode().translate(None, DROPPED).decode() if said.isascii() else MARKS.sub("", said)


def letters_in(text: str) -> str:
    """The letters and digits of a text as it was written: those of its plain form."""
    if "&" in text or not text.isascii():
        return letters_of(plain(text))
    return text.encode().translate(LOWER, DROPPED).decode()


def letters_told(value: str) -> str:
    """What of a value is looked for in texts: its letters and digits, without a leading article."""
    return letters_of(ARTICLE.sub("", plain(value)))
