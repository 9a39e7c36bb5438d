"""What items carry: the secrets in authored texts by their blanks, and the words people typed in the episode."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from corpenv.company import Company
from corpenv.company.items import Document, Mail
from corpenv.company.text import Text, secrets_in


class Carried(NamedTuple):
    """What goes along with a message.

    Attributes:
        secrets: whose values it holds, by lineage.
        documents: that are confidential.
        typed: what was typed into it in this episode.
    """

    secrets: frozenset[str] = frozenset()
    documents: tuple[Document, ...] = ()
    typed: tuple[str, ...] = ()


def carried_by(company: Company, ids: Iterable[str]) -> Carried:
    """What goes along with some items."""
    items = tuple(items_within(company, ids))
    documents = tuple(each for each in items if isinstance(each, Document) and each.label == "confidential")
    secrets = frozenset(secret for item in items for secret in secrets_in(*texts_of(item)))
    return Carried(secrets, documents, typed_within(company, (item.id for item in items)))


def items_within(company: Company, ids: Iterable[str]) -> Iterator[Mail | Document]:
    """The mails and documents, and whatever they carry along themselves, each once."""
    waiting, seen = list(ids), set[str]()
    for item_id in waiting:
        item = company.find_mail(item_id) or company.find_document(item_id)
        if item and item_id not in seen:
            seen.add(item_id)
            yield item
            if isinstance(item, Mail):
                waiting += [*((item.forwards,) if item.forwards else ()), *item.attachments]


def texts_of(item: Mail | Document) -> tuple[Text, ...]:
    """What is written in it."""
    return (item.subject, item.body) if isinstance(item, Mail) else (item.title, item.text)


def typed_within(company: Company, ids: Iterable[str]) -> tuple[str, ...]:
    """What was typed in this episode into the items: no blank tells what it holds."""
    written = company.mail.items, company.office.documents
    made = (item for item in items_within(company, ids) if any(item.id in each for each in written))
    return tuple(text for item in made for text in texts_of(item) if isinstance(text, str))
