"""Commands that make accounts, and change groups and passwords: edits of the files of the system."""

from errno import EPERM

from corpenv.company.hosts import ROOT
from corpenv.company.machines import find_file
from corpenv.company.rights import GROUP, PASSWD, login_now, rows
from corpenv.events import FileWritten
from corpenv.shell.base import Call, Command, Result, options
from corpenv.shell.entering import denied
from corpenv.shell.machine import everything
from corpenv.shell.paths import error

SHADOW = "/etc/shadow"
FIRST = 1000


def rewrite(call: Call, path: str, lines: list[list[str]]) -> None:
    """A file of the system says this now; owner and mode stay."""
    session, server = call.seat.session, call.seat.server
    old = find_file(session.company, server.id, path)
    text = "".join(":".join(words) + "\n" for words in lines)
    if old and old.keeps():
        raise error(EPERM, path)
    if old and session.company.text(old.text) != text:
        session.do(
            FileWritten, server=server.id, path=path, text=text, owner=old.owner, group=old.group, mode=old.mode
        )  # fmt: skip


def lines_of(call: Call, path: str) -> list[list[str]]:
    """What a file of the system says, line by line."""
    return list(rows(call.seat.session.company, call.seat.server, path))


def not_root(call: Call, path: str, account: str) -> Result:
    """What is said to whoever is not root."""
    denied(call.seat, "root", account)
    return Result("", f"{call.name}: Permission denied.\n{call.name}: cannot lock {path}; try again later.\n", 1)


def joins(call: Call, account: str, groups: list[str], only: bool = False) -> str:
    """An account is of these groups too, or of no others; or the group that there is not."""
    lines = lines_of(call, GROUP)
    known = {words[0] for words in lines}
    if missing := [each for each in groups if each not in known]:
        return missing[0]
    for words in lines:
        members = [each for each in words[3].split(",") if each]
        if words[0] in groups and account not in members:
            members.append(account)
        elif only and words[0] not in groups and account in members:
            members.remove(account)
        words[3] = ",".join(members)
    rewrite(call, GROUP, lines)
    return ""


def usermod(call: Call) -> Result:
    found, rest = options(call.argv, "GgsdlcupL")
    account = rest[-1] if rest else ""
    if not call.seat.is_root:
        return not_root(call, PASSWD, account)
    if login_now(call.seat.session.company, call.seat.server, account) is None:
        return call.fail(f"user '{account}' does not exist", 6)
    if "G" in found:
        missing = joins(call, account, found["G"].split(","), "a" not in found)
        if missing:
            return call.fail(f"group '{missing}' does not exist", 6)
    if "s" in found:
        rewrite(call, PASSWD, [[*words[:6], found["s"]] if words[0] == account else words for words in lines_of(call, PASSWD)])  # fmt: skip  # noqa: E501
    return Result()


def gpasswd(call: Call) -> Result:
    found, rest = options(call.argv, "ad")
    account, group = found.get("a") or found.get("d") or "", rest[-1] if rest else ""
    if call.name == "adduser":
        account, group = rest[0], rest[1]
    if not call.seat.is_root:
        return not_root(call, GROUP, account)
    lines = lines_of(call, GROUP)
    if group not in {words[0] for words in lines}:
        return call.fail(f"group '{group}' does not exist in /etc/group", 3)
    if "d" in found:
        for words in lines:
            if words[0] == group:
                words[3] = ",".join(each for each in words[3].split(",") if each and each != account)
        rewrite(call, GROUP, lines)
        return Result(f"Removing user {account} from group {group}\n")
    joins(call, account, [group])
    return Result(f"Adding user {account} to group {group}\n")


def useradd(call: Call) -> Result:
    """An account more, with a home if that is asked."""
    found, rest = options(call.argv, "GgsducLp", ("gecos", "ingroup"))
    if call.name == "adduser" and len(rest) == 2:
        return gpasswd(call)
    name = rest[-1] if rest else ""
    if not name:
        return Result("", f"Usage: {call.name} [options] LOGIN\n", 2)
    if not call.seat.is_root:
        return not_root(call, PASSWD, name)
    accounts = lines_of(call, PASSWD)
    if name in {words[0] for words in accounts}:
        return call.fail(f"user '{name}' already exists", 9)
    uid = max([FIRST - 1, *(int(words[2]) for words in accounts if words[2].isdigit() and int(words[2]) < 60_000)]) + 1
    home, shell = found.get("d") or f"/home/{name}", found.get("s") or "/bin/sh"
    number = found.get("u", str(uid))
    rewrite(call, PASSWD, [*accounts, [name, "x", number, number, "", home, shell]])
    rewrite(call, GROUP, [*lines_of(call, GROUP), [name, "x", number, ""]])
    rewrite(call, SHADOW, [*lines_of(call, SHADOW), [name, "!", "21000", "0", "99999", "7", "", "", ""]])
    if "G" in found:
        joins(call, name, found["G"].split(","))
    if {"m", "create-home"} & set(found) or call.name == "adduser":
        session, server = call.seat.session, call.seat.server
        session.do(FileWritten, server=server.id, path=home, owner=name, group=name, mode=0o700, sort="directory")
    return Result()


def userdel(call: Call) -> Result:
    _, rest = options(call.argv)
    name = rest[-1] if rest else ""
    if not call.seat.is_root:
        return not_root(call, PASSWD, name)
    if name not in {words[0] for words in lines_of(call, PASSWD)}:
        return call.fail(f"user '{name}' does not exist", 6)
    running = [each.pid for each in everything(call.seat) if each.account == name]
    if running and "-f" not in call.argv:
        return call.fail(f"user {name} is currently used by process {running[0]}", 8)
    for path in (PASSWD, GROUP, SHADOW):
        rewrite(call, path, [words for words in lines_of(call, path) if words[0] != name])
    return Result()


def groupadd(call: Call) -> Result:
    _, rest = options(call.argv, "g")
    name, lines = rest[-1] if rest else "", lines_of(call, GROUP)
    if not call.seat.is_root:
        return not_root(call, GROUP, name)
    if name in {words[0] for words in lines}:
        return call.fail(f"group '{name}' already exists", 9)
    number = max([FIRST - 1, *(int(words[2]) for words in lines if words[2].isdigit() and int(words[2]) < 60_000)]) + 1
    rewrite(call, GROUP, [*lines, [name, "x", str(number), ""]])
    return Result()


def passwd(call: Call) -> Result:
    """Root sets or locks anybody's; the others would have to know their own."""
    found, rest = options(call.argv)
    name = rest[-1] if rest else call.seat.login.id
    if "S" in found or "status" in found:
        return Result(f"{name} L 2027-07-01 0 99999 7 -1\n")
    if not call.seat.is_root:
        denied(call.seat, "root", name)
        if name != call.seat.login.id:
            return call.fail(f"You may not view or modify password information for {name}.")
        told = "Current password: passwd: Authentication token manipulation error\npasswd: password unchanged\n"
        return Result("", f"Changing password for {name}.\n{told}", 10)
    lines = lines_of(call, SHADOW)
    if name not in {words[0] for words in lines}:
        return call.fail(f"user '{name}' does not exist")
    set_password(call, name, "!" if {"l", "lock"} & set(found) else marked(call.stdin.partition("\n")[0]))
    return Result("", "passwd: password updated successfully\n")


def chpasswd(call: Call) -> Result:
    """`name:password` on every line."""
    if not call.seat.is_root:
        return not_root(call, SHADOW, ROOT)
    for line in call.stdin.splitlines():
        name, _, typed = line.partition(":")
        set_password(call, name, marked(typed))
    return Result()


def marked(typed: str) -> str:
    """What stands for a password where everybody could read it."""
    return f"$y$j9T${sum(ord(each) * place for place, each in enumerate(typed, 1)):012x}"


def set_password(call: Call, name: str, value: str) -> None:
    """An account has another password."""
    lines = lines_of(call, SHADOW)
    rewrite(call, SHADOW, [[name, value, *words[2:]] if words[0] == name else words for words in lines])


def visudo(call: Call) -> Result:
    """Without a terminal no editor opens."""
    if "-c" in call.argv:
        return Result("/etc/sudoers: parsed OK\n")
    if not call.seat.is_root:
        denied(call.seat, "root", "/etc/sudoers")
        return Result("", "visudo: /etc/sudoers: Permission denied\n", 1)
    return Result("", "visudo: no editor found (editor path = /usr/bin/editor)\n", 1)


COMMANDS: dict[str, Command] = {
    "usermod": usermod, "gpasswd": gpasswd, "useradd": useradd, "adduser": useradd, "userdel": userdel,
    "deluser": userdel, "groupadd": groupadd, "passwd": passwd, "chpasswd": chpasswd, "visudo": visudo,
}  # fmt: skip
ACTING = tuple(COMMANDS)
