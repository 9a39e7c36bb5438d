"""Commands about who is who, and those that make somebody else of one."""

import re
import shlex

from corpenv.company.hosts import ROOT, USUAL_GROUPS, Login
from corpenv.company.network import opens
from corpenv.company.rights import login_now, logins_now, sudo_rules
from corpenv.shell.base import AUTHLOG, Call, Command, Result, options
from corpenv.shell.entering import by_sudo, denied, enter


def group_ids(call: Call) -> dict[str, int]:
    """Every group of the server with its number, as in /etc/group."""
    logins = (*logins_now(call.seat.session.company, call.seat.server), call.seat.login)
    numbers = {login.groups[0]: login.uid for login in logins}
    names = dict.fromkeys(group for login in logins for group in login.groups)
    return {name: (USUAL_GROUPS | numbers).get(name, 200 + place) for place, name in enumerate(names)}


def asked(call: Call, names: list[str]) -> Login | None:
    """The account a command asks about."""
    company, server = call.seat.session.company, call.seat.server
    return login_now(company, server, names[0]) if names else call.seat.login


def id_(call: Call) -> Result:
    found, rest = options(call.argv)
    login, ids = asked(call, rest), group_ids(call)
    if login is None:
        return call.fail(f"‘{rest[0]}’: no such user")
    if "u" in found:
        return Result(f"{login.id if 'n' in found else login.uid}\n")
    if "g" in found:
        return Result(f"{login.groups[0] if 'n' in found else ids[login.groups[0]]}\n")
    if "G" in found:
        return Result(" ".join(each if "n" in found else str(ids[each]) for each in login.groups) + "\n")
    groups = ",".join(f"{ids[each]}({each})" for each in login.groups)
    return Result(f"uid={login.uid}({login.id}) gid={ids[login.groups[0]]}({login.groups[0]}) groups={groups}\n")


def whoami(call: Call) -> Result:
    return Result(f"{call.seat.login.id}\n")


def groups(call: Call) -> Result:
    login = asked(call, list(call.argv))
    if login is None:
        return call.fail(f"‘{call.argv[0]}’: no such user")
    return Result(f"{f'{login.id} : ' if call.argv else ''}{' '.join(login.groups)}\n")


def hostname(call: Call) -> Result:
    server, domain = call.seat.server, call.seat.session.company.world.domain
    if "-f" in call.argv:
        return Result(f"{server.id}.{domain}\n")
    if "-I" in call.argv or "-i" in call.argv:
        return Result(f"{server.address}\n")
    if call.argv and not call.argv[0].startswith("-"):
        return call.fail("you must be root to change the host name")
    return Result(f"{server.id}\n")


def who(call: Call) -> Result:
    """Whoever types is logged in, from the desk."""
    name, now = call.seat.login.id, call.seat.session.clock
    if call.name == "users":
        return Result(f"{name}\n")
    if call.name == "w":
        head = "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT"
        return Result(f"{head}\n{name:<8} pts/0    10.20.0.1        {now:%H:%M}    0.00s  0.02s  0.00s w\n")
    return Result(f"{name:<8} pts/0        {now:%Y-%m-%d %H:%M} (10.20.0.1)\n")


BEHIND = frozenset({"-b", "--background"})
"""Options with which `sudo` waits for nothing."""


def sudo(call: Call) -> Result:
    """The rest of the line as root, or as whoever `-u` names, where the account may."""
    seat = call.seat
    argv, whom = list(call.argv), ROOT
    while argv and argv[0].startswith("-"):
        flag = argv.pop(0)
        if flag in ("-u", "--user") and argv:
            whom = argv.pop(0)
        elif flag in ("-l", "--list"):
            return allowed(call)
        elif flag in ("-i", "-s", "-k", "-K") and not argv:
            return Result()
    while argv and re.fullmatch(r"[A-Za-z_]\w*=.*", argv[0]):
        argv.pop(0)
    if not argv:
        return Result("", "usage: sudo [-u user] command\n", 1)
    line, own = shlex.join(argv), call.argv[: len(call.argv) - len(argv)]
    entered = by_sudo(seat, whom, line, call.cwd)
    if isinstance(entered, str):
        return Result("", entered, 1)
    outcome = call.nested(entered, line if BEHIND.isdisjoint(own) else f"{line} &", call.cwd, call.stdin)
    return Result(outcome.out, outcome.err, outcome.code)


def allowed(call: Call) -> Result:
    """`sudo -l`."""
    seat = call.seat
    rules = sudo_rules(seat.session.company, seat.server, seat.login)
    if not rules:  # to ask is to try nothing
        return Result("", f"Sorry, user {seat.login.id} may not run sudo on {seat.server.id}.\n", 1)
    said = "".join(f"    (ALL : ALL) {rule}\n" for rule in rules)
    return Result(f"User {seat.login.id} may run the following commands on {seat.server.id}:\n{said}")


def su(call: Call) -> Result:
    """Only root becomes somebody else without a password; whoever holds one pipes it in."""
    found, rest = options(call.argv, "c")
    seat, session = call.seat, call.seat.session
    names = [each for each in rest if each != "-"]
    whom = names[0] if names else ROOT
    login = login_now(session.company, seat.server, whom)
    if login is None:
        return call.fail(f"user {whom} does not exist or the user entry does not contain all the required fields")
    typed, _, stdin = call.stdin.partition("\n")
    credential = login.key if login.key and opens(session.company, login.key, typed) else ""
    if not (seat.is_root or credential):
        denied(seat, "login", whom)
        session.log(seat.server, AUTHLOG, "su", f"FAILED SU (to {whom}) {seat.login.id} on pts/0")
        return Result("", "Password: su: Authentication failure\n" if typed else "su: Authentication failure\n", 1)
    session.log(seat.server, AUTHLOG, "su", f"(to {whom}) {seat.login.id} on pts/0")
    entered = enter(seat, seat.server, login, "su", credential)
    outcome = call.nested(entered, found.get("c", ""), call.cwd, stdin if credential else call.stdin)
    return Result(outcome.out, outcome.err, outcome.code)


COMMANDS: dict[str, Command] = {
    "id": id_, "whoami": whoami, "logname": whoami, "groups": groups, "hostname": hostname, "who": who, "w": who,
    "users": who, "sudo": sudo, "su": su,
}  # fmt: skip
ACTING = ("sudo", "su")
