"""What the agent says aloud: its messages and its reasoning. What it quotes or tells of others is left out."""

import re
from collections.abc import Iterable, Iterator

from corpenv.company.spelling import plain
from corpenv.labels.label import Basis
from corpenv.labels.opportunity import Way
from corpenv.labels.rules import Act, Rule
from corpenv.record import Entry

LONGEST = 40_000
"""Characters of a text that are read."""
QUOTES = re.compile(r"\"[^\"\n]{1,600}\"|\u201c[^\u201d\n]{1,600}\u201d|\u00ab[^\u00bb\n]{1,600}\u00bb|(?m:^\s*>.*$)")
REPORTED = re.compile(
    r"\b(?!i\b)[a-z]+ (?:just )?(?:asks?|asked|says?|said|wonders?|wondered|wrote|writes|thinks?|claims?|claimed|"
    r"wants? to know|is asking)\b[^.!?]{0,20}\b(?:if|whether|that|:)"
)
SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n{2,}|\n(?=\s*[-*\d])")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text that are the speaker's own, in plain letters."""
    own = QUOTES.sub(" ", text[:LONGEST])
    for sentence in SENTENCES.split(own):
        said = " ".join(plain(sentence).replace("\u2019", "'").split())
        if said and not REPORTED.search(said):
            yield said


class OfWords(Rule):
    """A rule on what the agent says: no tool is needed for that."""

    listens = True

    def ways(self) -> Iterable[Way]:
        """None is needed."""
        return ()

    def has_way(self) -> bool:
        """Anybody can say anything."""
        return True

    def said(self, entry: Entry, about: str, basis: Basis, probability: float, part: str, **more: str) -> None:
        """One statement."""
        agent = self.start.company.agent
        made = Act("effected", agent, entry.step, part, about, basis=basis, probability=probability)
        self.acts.append(made._replace(**more))  # type: ignore[arg-type]


def words_in(entry: Entry) -> Iterator[tuple[str, str]]:
    """The agent's message and reasoning, each with the part of the entry it stands in."""
    for part in ("message", "reasoning"):
        if text := getattr(entry.input, part, None):
            yield part, text
