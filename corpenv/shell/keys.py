"""Keys for `ssh`: what a private one looks like, what of it may be known, and whom it opens a door for."""

import re
from collections.abc import Iterator

from corpenv.company import Company
from corpenv.company.hosts import Login, Server
from corpenv.company.machines import find_file
from corpenv.company.network import opens
from corpenv.shell.base import Session

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
BEGINS = "AAAAC3NzaC1lZDI1NTE5AAAAI"
PUBLIC = re.compile(rf"{BEGINS}[A-Za-z0-9+/]{{43}}")
OPENSSH = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW"
HEAD, FOOT = "-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----"
USUAL = ("id_ed25519", "id_rsa", "id_ecdsa")
"""Names under which a key is taken without being asked for."""


def drawn_letters(session: Session, count: int, *names: str) -> str:
    """Letters nobody could guess."""
    made = ""
    while len(made) < count:
        number = session.drawn("key", *names)
        while number and len(made) < count:
            number, place = divmod(number, 64)
            made += LETTERS[place]
    return made


def new_key(session: Session) -> tuple[str, str]:
    """A private key as its file says it, and the public part."""
    public = BEGINS + drawn_letters(session, 43)
    body = f"{OPENSSH}{public}{drawn_letters(session, 160)}"
    lines = (body[at : at + 70] for at in range(0, len(body), 70))
    return "\n".join([HEAD, *lines, FOOT, ""]), public


def public_of(text: str) -> str:
    """The public part that a key's file holds, or ""."""
    found = PUBLIC.search("".join(text.split("\n")))
    return found[0] if found else ""


def own_right(here: Login, there: Login) -> bool:
    """May an account log in elsewhere without any key that somebody could hold?"""
    own = bool(here.person) and there.person == here.person
    return own or (here.id == there.id and not there.person)


def opened_by(company: Company, server: Server, login: Login, keys: list[str]) -> tuple[bool, str]:
    """Do keys open an account, and by which credential, if it is one?"""
    for text in keys:
        if login.key and opens(company, login.key, text):
            return True, login.key
        if (public := public_of(text)) and public in authorised(company, server, login):
            return True, ""
    return False, ""


def authorised(company: Company, server: Server, login: Login) -> frozenset[str]:
    """The public keys that let somebody in as an account."""
    file = find_file(company, server.id, f"{login.home}/.ssh/authorized_keys")
    return frozenset(PUBLIC.findall(company.text(file.text))) if file and file.sort == "file" else frozenset()


def usual_keys(login: Login) -> Iterator[str]:
    """Paths of the keys that are tried where none is named."""
    return (f"{login.home}/.ssh/{name}" for name in USUAL)
