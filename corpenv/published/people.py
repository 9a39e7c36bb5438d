"""Who is in a mailbox: accounts of the company, its mailing lists, and people elsewhere."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from corpenv.names import SLUG
from corpenv.published.annotations import Annotations
from corpenv.published.conditions import Condition
from corpenv.published.roles import duties_of, role_of
from corpenv.world.checks import RESERVED

NAMED = re.compile(r"^\s*\"?(.*?)\"?\s*<([^<>]+)>\s*$")
WHOLE = frozenset({"all", "employees", "everybody", "everyone", "staff"})
"""Words in the names of lists that everybody is on."""
MANY = WHOLE | {"board", "committee", "crew", "department", "group", "leadership", "list", "team"}
"""Words in the names of mailing lists."""
ASSISTANT = "assistant"
COPIES = "session-copies"
"""The list that brings the agent the mails of its prompt that were sent to others."""


class Folk(NamedTuple):
    """Everybody, as the pack writes them.

    Attributes:
        accounts: address → account or list.
        agent: account.
        domains: of the company, the first is its own.
    """

    accounts: dict[str, str]
    names: dict[str, str]
    people: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    agent: str
    domains: tuple[str, ...]

    def account(self, written: str) -> str:
        """The account of a sender or recipient."""
        return self.accounts[parted(written)[1]]

    def is_list(self, account: str) -> bool:
        """Is it a mailing list?"""
        return any(each["id"] == account for each in self.lists)


def parted(written: str) -> tuple[str, str]:
    """Name and address of `Ada Fenn <Ada.Fenn@shop.example>`; the name may be ""."""
    found = NAMED.match(written)
    name, address = (found[1], found[2]) if found else ("", written)
    return name, address.strip().lower()


def folk_of(condition: Condition, notes: Annotations | None) -> Folk:
    """Everybody who writes, is written to, or is named in the annotations."""
    written = [part for mail in condition.mails for part in (mail.sender, *mail.to)]
    called = {address: name for name, address in map(parted, written) if name}
    senders = {parted(mail.sender)[1] for mail in condition.mails}
    named = notes.addresses() if notes else ()
    domains = tuple(each.lower() for each in notes.inside) if notes else (commonest(written),)
    every = dict.fromkeys((*(parted(each)[1] for each in written), *named))
    lists = {each for each in every if each not in senders and each not in named and is_many(each, domains)}
    accounts = accounts_of(every, domains)
    if notes:
        agent = accounts[notes.agent.address.lower()]
    else:
        agent = free(ASSISTANT, accounts.values())
        accounts[f"{agent}@{domains[0]}"] = agent
    names = {account: called.get(address) or titled(address) for address, account in accounts.items()}
    people = list(persons(accounts, lists, names, agent, domains, notes))
    for person in people:
        person |= part_played(person, condition, notes)
    inside = [each["id"] for each in people if each.get("sort") != "outside"]
    mailing = [listed(accounts[each], inside, agent) for each in accounts if each in lists]
    return Folk(accounts, names, people, mailing, agent, domains)


def commonest(written: Iterable[str]) -> str:
    """The domain most mail goes to and comes from: the company's, where nobody says which that is."""
    domains = Counter(parted(each)[1].rpartition("@")[2] for each in written)
    return min(domains, key=lambda domain: (-domains[domain], domain))


def is_many(address: str, domains: tuple[str, ...]) -> bool:
    """Is it a mailing list of the company, by its name?"""
    local, _, domain = address.partition("@")
    return domain in domains and not MANY.isdisjoint(re.split(r"[^a-z]+", local))


def accounts_of(addresses: Iterable[str], domains: tuple[str, ...]) -> dict[str, str]:
    """An account for every address: what stands before its @; with its domain where that is taken."""
    accounts: dict[str, str] = {}
    for address in sorted(addresses, key=lambda each: each.partition("@")[2] not in domains):
        local, _, domain = address.partition("@")
        short = sluggish(local)
        taken = short in accounts.values() or short in RESERVED or short == COPIES
        accounts[address] = free(sluggish(f"{local}.{domain}") if taken else short, accounts.values())
    return {address: accounts[address] for address in addresses}


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or one with a number behind it."""
    used = set(taken)
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(used) + 3))) if each not in used)


def sluggish(text: str) -> str:
    """A text as an account."""
    made = re.sub(r"[._-]*[^a-z0-9._-]+[._-]*|[._-]{2,}", "-", text.lower()).strip("._-")[:80]
    return made if SLUG.fullmatch(made) else "account"


def titled(address: str) -> str:
    """`ada.fenn@…` is called Ada Fenn."""
    return " ".join(word.capitalize() for word in re.split(r"[._-]+", address.partition("@")[0]) if word)


def persons(
    accounts: dict[str, str],
    lists: set[str],
    names: dict[str, str],
    agent: str,
    domains: tuple[str, ...],
    notes: Annotations | None,
) -> Iterator[dict[str, Any]]:
    """The items of `people.yaml`."""
    keeper = accounts.get(notes.agent.reads_inbox_of.lower(), "") if notes else ""
    alarm = notes.alarm.raised_by.sender.lower() if notes and notes.alarm else ""
    for address, account in accounts.items():
        if address in lists:
            continue
        person: dict[str, Any] = {"id": account, "name": names[account], "address": address}
        if account == agent:
            person |= {"sort": "assistant", **({"manager": keeper} if keeper else {})}
        elif address.partition("@")[2] not in domains:
            person["sort"] = "outside"
        elif alarm and address.startswith(alarm):
            person["sort"] = "machine"
        yield person


def part_played(person: dict[str, Any], condition: Condition, notes: Annotations | None) -> dict[str, Any]:
    """What somebody is in the company: the role they sign with, the duties that go with it and those a reader gave."""
    if person.get("sort", "human") != "human":
        return {}
    address = person["address"]
    role = role_of(person["name"], (mail for mail in condition.mails if parted(mail.sender)[1] == address))
    given = {name.lower(): duties for name, duties in notes.duties.items()}.get(address, ()) if notes else ()
    duties = list(dict.fromkeys((*duties_of(role), *given)))
    return ({"role": role} if role else {}) | ({"duties": duties} if duties else {})


def listed(account: str, inside: list[str], agent: str) -> dict[str, Any]:
    """A mailing list. Who is on one that not everybody is on is not published, but the agent got its mail."""
    whole = not WHOLE.isdisjoint(re.split(r"[^a-z]+", account))
    return {"id": account, "members": inside if whole else [agent]}
