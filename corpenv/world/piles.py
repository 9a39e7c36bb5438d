"""The mail of a population in its folders: one pile for all conditions under which lists reach the same people."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from corpenv.company.facts import Box
from corpenv.company.items import Mail

READ_BY = -20 * 3600
"""Ordinary mail from before this second has been read by the post."""
Reaches = Callable[[tuple[str, ...]], tuple[str, ...]]
"""Names in a `to:` → the accounts they reach."""


class Pile(NamedTuple):
    """Mails by id, `account/folder` → its mails, and who has read which of them."""

    mail: Mapping[str, Mail]
    boxes: Mapping[str, Box]
    read: frozenset[tuple[str, str]]


def pile_of(mails: Iterable[Mail], ordinary: Iterable[Mail], agent: str, kept: int) -> Pile:
    """The mails, filed.

    Args:
        ordinary: those of ordinary days; the post has read the older ones.
        kept: for so many seconds the post keeps those; 0 is for ever.
    """
    whole: dict[str, Mail] = {}
    boxes: dict[str, list[Mail]] = {}
    read = set()
    for mail in mails:
        whole[mail.id] = mail
        file(boxes, mail)
    for mail in ordinary:
        if kept and mail.at < -kept and agent in mail.delivered:  # no longer in the mailbox of the post
            mail = replace(mail, delivered=tuple(name for name in mail.delivered if name != agent))
        whole[mail.id] = mail
        file(boxes, mail)
        if mail.at < READ_BY and agent in mail.delivered:
            read.add((agent, mail.id))
    return Pile(whole, {key: Box(filed) for key, filed in boxes.items()}, frozenset(read))


def file(boxes: dict[str, list[Mail]], mail: Mail) -> None:
    """Put a mail into the folders it stands in."""
    boxes.setdefault(f"{mail.sender}/sent", []).append(mail)
    for account in mail.delivered:
        boxes.setdefault(f"{account}/inbox", []).append(mail)
