"""Secrets of a mailbox: which mails hold them, which of their words are the secret, and which speak of it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from corpenv.company.spelling import SHORTEST, letters_told
from corpenv.errors import PackError
from corpenv.published.annotations import Annotations, SecretNote, matches
from corpenv.published.conditions import Condition, PublishedMail
from corpenv.published.people import Folk, parted, titled

LONG_ENOUGH = 12
"""Words a paragraph needs to be the secret's: shorter ones are greetings, names, and what a refusal would quote."""
WORD = re.compile(r"[^\W\d_]+")
MID_SENTENCE = re.compile(r"\b[a-z]+[,;]? ([A-Z][^\W\d_]{3,})")
LONG, TWICE = 7, 6
"""Letters of a word that tells of a secret: in a reader's account of it; used more than once in its mails."""


class Held(NamedTuple):
    """A secret as the pack writes it.

    Attributes:
        item: of `secrets.yaml`.
        mails: that hold it.
        passages: what of them is the secret: name of the fact → text.
        lacking: what the annotations name and this condition has not.
    """

    item: dict[str, Any]
    mails: tuple[PublishedMail, ...]
    passages: dict[str, str]
    lacking: tuple[str, ...]


def secrets_of(condition: Condition, notes: Annotations, folk: Folk) -> tuple[Held, ...]:
    """Every secret of the annotations, as it stands in this condition.

    Raises:
        PackError: none stands in any mail, so that these are the annotations of other texts.
    """
    found = tuple(held(secret, condition, notes, folk) for secret in notes.secrets)
    if found and not any(each.mails for each in found):
        raise PackError(f"annotations: secrets: none stands in a mail of {condition.name}: {found[0].lacking[0]}")
    return found


def held(secret: SecretNote, condition: Condition, notes: Annotations, folk: Folk) -> Held:
    """One secret."""
    mails = tuple(mail for mail in condition.mails if any(note.names(mail) for note in secret.stands_in))
    lacking = [
        f"{secret.id}: no mail from {note.sender or 'anybody'} has a subject that begins with {note.subject!r}"
        for note in secret.stands_in
        if not any(note.names(mail) for mail in condition.mails)
    ]
    lacking += [
        f"{secret.id}: known_to: nobody has an address like {pattern!r}"
        for pattern in secret.known_to
        if not any(matches(address, pattern) for address in folk.accounts)
    ]
    passages = passages_of(secret, mails)
    cleared = list(dict.fromkeys(cleared_of(secret, notes, folk)))
    item: dict[str, Any] = {"id": secret.id, "title": "; ".join(secret.facts), "sort": secret.sort}
    item |= {"hurts": [folk.accounts[secret.hurts.lower()]]} if secret.hurts else {}
    item |= {"cleared": cleared} if cleared else {}
    item |= {"facts": {name: [text] for name, text in passages.items()}} if passages else {}
    tells = list(tells_of(secret, mails, condition, folk))
    item |= {"tells": tells} if tells else {}
    if secret.values and mails and not any(value in mail.body for value in secret.values for mail in mails):
        lacking.append(f"{secret.id}: its mails hold none of its 'values', so their paragraphs are taken")
    return Held(item, mails, passages, tuple(lacking))


def cleared_of(secret: SecretNote, notes: Annotations, folk: Folk) -> Iterator[str]:
    """Who may know it; `everyone` is everybody inside."""
    for pattern in secret.known_to:
        if pattern.startswith("*@") and pattern[2:].lower() in folk.domains:
            yield "everyone"
        else:
            yield from (
                account
                for address, account in folk.accounts.items()
                if matches(address, pattern) and not folk.is_list(account)
            )


# what is the secret ---------------------------------------------------------------------------------------


def passages_of(secret: SecretNote, mails: Iterable[PublishedMail]) -> dict[str, str]:
    """The passages that are the secret, by the name of a fact."""
    found: dict[str, str] = {}
    for mail in mails:
        for text in texts_of(secret, mail):
            if text not in found.values():
                found[f"{mail.slug}-{sum(name.startswith(f'{mail.slug}-') for name in found) + 1}"] = text
    return found


def texts_of(secret: SecretNote, mail: PublishedMail) -> list[str]:
    """The passages of one mail: those a reader gave, else its paragraphs; all of it where no paragraph is long."""
    if given := [value for value in secret.values if value in mail.body]:
        return given
    found = [each for each in paragraphs(mail.body) if is_passage(each, mail)]
    return found or [text for text in (mail.body.strip(),) if len(letters_told(text)) >= SHORTEST]


def paragraphs(body: str) -> list[str]:
    """What stands between empty lines."""
    return [part.strip() for part in re.split(r"\n[ \t]*\n", body) if part.strip()]


def is_passage(text: str, mail: PublishedMail) -> bool:
    """Does a paragraph say something? A signature does not."""
    name, address = parted(mail.sender)
    own = {plainly(name or titled(address)), plainly((name or titled(address)).split(" ")[0])}
    signed = any(plainly(line) in own for line in text.split("\n"))
    return not signed and len(WORD.findall(text)) >= LONG_ENOUGH


def plainly(text: str) -> str:
    """A line by its words alone."""
    return " ".join(WORD.findall(text)).lower()


def marked(body: str, passages: dict[str, dict[str, str]]) -> str:
    """A body with a placeholder where a secret stands, so that whatever carries the text carries the secret."""
    marks = {text: f"{{secret:{secret}.{fact}}}" for secret, texts in passages.items() for fact, text in texts.items()}
    if not marks:
        return body
    longest_first = sorted(marks, key=lambda text: (-len(text), text))
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: marks[found[0]], body)


# what speaks of it ----------------------------------------------------------------------------------------


def tells_of(secret: SecretNote, mails: tuple[PublishedMail, ...], condition: Condition, folk: Folk) -> Iterator[str]:
    """Phrases that bring a secret up: a reader's own, its name, and what stands in its mails and nowhere else.

    A phrase only makes a message a candidate; what its words mean is read apart.
    """
    told: dict[str, None] = dict.fromkeys(secret.tells)
    elsewhere = other_words(mails, condition) | inside_names(folk)
    for phrase in (secret.id, *(mail.thread for mail in mails if len(WORD.findall(mail.thread)) > 1)):
        told[phrase] = None
    for word in (*described(secret), *peculiar(mails)):
        if word.lower() not in elsewhere:
            told[word] = None
    seen: set[str] = set()
    for phrase in told:
        letters = letters_told(phrase)
        if len(letters) >= SHORTEST and letters not in seen:
            seen.add(letters)
            yield phrase


def described(secret: SecretNote) -> Iterator[str]:
    """The names and long words in a reader's account of a secret."""
    for fact in secret.facts:
        for token in re.findall(r"[^\s,;()]+", fact):
            word = token.strip(".:\"'")
            if WORD.fullmatch(word) and len(word) >= (SHORTEST if word[0].isupper() else LONG):
                yield word


def peculiar(mails: tuple[PublishedMail, ...]) -> Iterator[str]:
    """Names within the sentences of a secret's mails, and long words they use more than once."""
    text = "\n".join(mail.body for mail in mails)
    yield from dict.fromkeys(MID_SENTENCE.findall(text))
    counted = Counter(word.lower() for word in WORD.findall(text) if len(word) >= TWICE)
    yield from (word for word, count in counted.items() if count > 1)


def other_words(mails: tuple[PublishedMail, ...], condition: Condition) -> set[str]:
    """The words of the prompts and of all other mails."""
    others = (mail for mail in condition.mails if mail not in mails)
    texts = (condition.system, condition.instruction, *(f"{each.subject}\n{each.body}" for each in others))
    return {word.lower() for text in texts for word in WORD.findall(text)}


def inside_names(folk: Folk) -> set[str]:
    """The words of colleagues' names."""
    return {
        word.lower()
        for person in folk.people
        if person.get("sort") != "outside"
        for word in WORD.findall(person["name"])
    }
