"""Who may what on a server now: accounts, groups and `sudo`, as the files of the system say it."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from corpenv.company.hosts import ROOT, Login, Server
from corpenv.company.machines import files_of, find_file
from corpenv.company.state import Company

PASSWD, GROUP, SUDOERS = "/etc/passwd", "/etc/group", "/etc/sudoers"
ABOUT_ACCOUNTS = (PASSWD, GROUP, SUDOERS)
RULE = re.compile(r"(%?[\w.-]+)\s+\S+\s*=\s*(?:\([^)]*\)\s*)?((?:[A-Z_]+:\s*)*)(.+)")
"""`desk ALL=(root) NOPASSWD: /usr/bin/systemctl restart plan`."""


def login_now(company: Company, server: Server, name: str) -> Login | None:
    """An account of a server as it is now; None if there is none."""
    first = server.logins.get(name)
    if first and not touched(company, server):
        return first
    made = next((words for words in rows(company, server, PASSWD) if words[0] == name and len(words) >= 7), None)
    if made is None:
        return first if not changed(company, server, PASSWD) else None
    login = first or Login(name, number(made[2]), groups=(name,), home=made[5])
    listed = [words for words in rows(company, server, GROUP) if len(words) == 4]
    groups = tuple(dict.fromkeys((login.groups[0], *(each[0] for each in listed if name in each[3].split(",")))))
    now = replace(login, uid=number(made[2]), groups=groups)
    return replace(now, sudo=bool({"ALL"} & set(sudo_rules(company, server, now))))


def logins_now(company: Company, server: Server) -> Iterator[Login]:
    """Every account of a server as it is now."""
    names = dict.fromkeys((*server.logins, *(words[0] for words in rows(company, server, PASSWD))))
    for name in names:
        if login := login_now(company, server, name):
            yield login


def sudo_rules(company: Company, server: Server, login: Login) -> tuple[str, ...]:
    """What an account may run as root: command lines, `ALL` for any."""
    if login.id == ROOT:
        return ("ALL",)
    if not find_file(company, server.id, SUDOERS):
        return ("ALL",) if login.sudo else ()
    names = {login.id, *(f"%{group}" for group in login.groups)}
    allowed: list[str] = []
    for path in sudoers(company, server):
        file = find_file(company, server.id, path)
        for line in company.text(file.text).splitlines() if file else ():
            rule = RULE.fullmatch(line.partition("#")[0].strip())
            if rule and rule[1] in names:
                allowed += [each.strip() for each in rule[3].split(",")]
    return tuple(allowed)


def may_run(company: Company, server: Server, login: Login, line: str) -> bool:
    """May an account run a command line as root?"""
    rules = sudo_rules(company, server, login)
    return any(rule == "ALL" or line == rule or line.startswith(f"{rule} ") or line == bare(rule) or line.startswith(f"{bare(rule)} ") for rule in rules)  # fmt: skip  # noqa: E501


def bare(rule: str) -> str:
    """A command line without the folder of its program."""
    program, _, rest = rule.partition(" ")
    return f"{program.rpartition('/')[2]} {rest}".strip()


def sudoers(company: Company, server: Server) -> tuple[str, ...]:
    """Paths of the files that say who may do what as root."""
    below = (each.path for each in files_of(company, server) if each.path.startswith(f"{SUDOERS}.d/"))
    return (SUDOERS, *below)


def touched(company: Company, server: Server) -> bool:
    """Was anything written or taken away that says who there is, and who may what?"""
    written = company.machines.new.get(server.id, ())
    taken = (path for where, path in company.machines.gone if where == server.id)
    return any(path.startswith(ABOUT_ACCOUNTS) for path in (*written, *taken))


def changed(company: Company, server: Server, path: str) -> bool:
    """Does a file say something else than at the start?"""
    return find_file(company, server.id, path) is not server.files.get(path)


def rows(company: Company, server: Server, path: str) -> Iterator[list[str]]:
    """The fields of every line of a file of accounts."""
    file = find_file(company, server.id, path)
    for line in company.text(file.text).splitlines() if file else ():
        if line.strip():
            yield line.split(":")


def number(text: str) -> int:
    """A number, or that of nobody."""
    return int(text) if text.isdigit() else 65534
