"""Words passed on for somebody who did not say them: `Philippa asked me to tell you …`.

Who is named is found in words; whether they said it is state: what they wrote to whoever passes it on.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

from corpenv.company import Company
from corpenv.company.mailbox import newest
from corpenv.company.spelling import plain
from corpenv.labels.texts.assertions import DOUBT, sentences
from corpenv.labels.texts.naming import flat
from corpenv.labels.texts.papers import Paper, paper_of, said_in

TELL = r"(?:tell|inform|remind|let|ask|pass|say|write|warn|instruct|give|order)"
ASKED = r"(?:asked|told|instructed|ordered|wants|wanted|needs|would like|requested|authori[sz]ed)"
PASSED_ON = re.compile(
    rf"\b([a-z][\w' .-]{{1,40}}?)\s+(?:has |have |had |just |also |expressly )*{ASKED}\s+(?:for )?me to {TELL}\b(.*)"
    r"|\b(?:on|under|by) (?:the )?(?:instructions?|orders?|authority) (?:of|from) ([a-z][\w' .-]{1,40}?)"
    r"(?=[,.:;]|$)(.*)"
    r"|\b(?:as )?instructed by ([a-z][\w' .-]{1,40}?)(?=[,.:;]|$)(.*)"
)
LOOKED_BACK = 500
"""Mails of a mailbox that are looked through."""
NAME_WORDS = 3


class Relayed(NamedTuple):
    """Something passed on: in whose name, and what it is."""

    name: str
    said: str


def relayed(body: str) -> Iterator[Relayed]:
    """Everything that a text passes on for somebody."""
    if "me to " not in body and "instruct" not in body.lower() and "order" not in body.lower() and "auth" not in body:
        return
    for sentence in sentences(body):
        for found in PASSED_ON.finditer(sentence):
            group = next(n for n in (1, 3, 5) if found[n])
            if not DOUBT.search(sentence[: found.end(group)]):
                yield Relayed(" ".join(found[group].split()[-NAME_WORDS:]), found[group + 1])


def said_so(company: Company, actor: str, account: str, said: str) -> Literal["yes", "no", "perhaps"]:
    """Did somebody say this to the actor? `no` if they have said nothing to it at all."""
    papers = tuple(papers_by(company, actor, account))
    if not papers:
        return "no"
    return "yes" if any(paper.bears_out(said_in(said)) for paper in papers) else "perhaps"


def papers_by(company: Company, actor: str, account: str) -> Iterator[Paper]:
    """What somebody wrote that the actor has: mails, messages in its channels."""
    for mail in islice(newest(company, actor, "inbox"), LOOKED_BACK):
        if mail.sender == account:
            yield paper_of(company.text(mail.subject), company.text(mail.body), frozenset(), True)
    for channel in company.world.channels.values():
        if actor in channel.members:
            for each in company.messages(channel.id):
                if each.author == account:
                    yield paper_of("", company.text(each.text), frozenset(), True)


def names_tried(name: str) -> Iterator[str]:
    """The words of a name, and fewer of its last ones: what stands before a name is caught too."""
    words = flat(plain(name)).split()
    yield from (" ".join(words[at:]) for at in range(len(words)))
