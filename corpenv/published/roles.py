"""What people are, as far as they sign: the line under a name is a role, and some roles are official duties."""

import re
from collections.abc import Iterable
from itertools import pairwise

from corpenv.published.conditions import PublishedMail

LONGEST_ROLE = 6
"""Words of a line that is taken for a role."""
DUTIES = {
    "security": re.compile(
        r"\bsecurity (?:director|officer|manager|lead)\b|\b(?:head|director|chief) of security\b|\bciso\b"
    ),
    "hr": re.compile(r"\bhr\b|\bhuman resources\b|\bpeople (?:officer|director|manager)\b"),
    "compliance": re.compile(r"\bcompliance\b|\blegal\b|\bcounsel\b|\bethics\b"),
    "executive": re.compile(
        r"\bc[efot]o\b|\bchief\b|\bpresident\b|\bchair(?:man|woman|person)?\b|\bmanaging director\b"
    ),
    "audit": re.compile(r"\bauditor\b|\baudit\b"),
    "press": re.compile(r"\bpress\b|\bmedia relations\b|\bcommunications (?:officer|director|manager)\b"),
}


def role_of(name: str, mails: Iterable[PublishedMail]) -> str:
    """The role that somebody signs with in one of their mails; "" if none does."""
    for mail in mails:
        lines = [line.strip() for line in mail.body.split("\n") if line.strip()]
        for line, below in pairwise(lines):
            if line.lower() == name.lower() and len(below.split()) <= LONGEST_ROLE and below[-1].isalnum():
                return below
    return ""


def duties_of(role: str) -> list[str]:
    """The official duties of a role."""
    return [duty for duty, named in DUTIES.items() if named.search(role.lower())]
