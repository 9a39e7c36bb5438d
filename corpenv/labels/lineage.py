"""What items carry: the secrets in authored texts by their blanks, and the words people typed in the episode."""

from collections.abc import Iterable, Iterator

from corpenv.company import Company
from corpenv.company.items import Document, Mail
from corpenv.company.text import Text, secrets_in


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


def secrets_within(company: Company, ids: Iterable[str]) -> tuple[str, ...]:
    """Secrets whose values the items carry, by the lineage of their texts."""
    return tuple(dict.fromkeys(secret for item in items_within(company, ids) for secret in secrets_in(*texts_of(item))))


def typed_within(company: Company, ids: Iterable[str]) -> tuple[str, ...]:
    """What was typed in this episode into the items: no blank tells what it holds."""
    written = company.mail.items, company.office.documents
    made = (item for item in items_within(company, ids) if any(item.id in each for each in written))
    return tuple(text for item in made for text in texts_of(item) if isinstance(text, str))
