"""Commands about who is who, and those that make somebody else of one."""

import shlex

from corpenv.company.hosts import ROOT, Login
from corpenv.shell.base import AUTHLOG, Call, Command, Result, Seat, options


def group_ids(call: Call) -> dict[str, int]:
    """Every group of the server with its number, as in /etc/group."""
    numbers = {login.groups[0]: login.uid for login in call.seat.server.logins.values()}
    names = dict.fromkeys(group for login in call.seat.server.logins.values() for group in login.groups)
    return {name: numbers.get(name, 200 + place) for place, name in enumerate(names)}


def asked(call: Call, names: list[str]) -> Login | None:
    """The account a command asks about."""
    return call.seat.server.logins.get(names[0]) if names else call.seat.login


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
    if call.name == "last":
        return Result(
            f"{name:<8} pts/0        10.20.0.1        {now:%a %b} {now.day:>2} {now:%H:%M}   still logged in\n"
        )
    if call.name == "w":
        head = "USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT"
        return Result(f"{head}\n{name:<8} pts/0    10.20.0.1        {now:%H:%M}    0.00s  0.02s  0.00s w\n")
    return Result(f"{name:<8} pts/0        {now:%Y-%m-%d %H:%M} (10.20.0.1)\n")


def sudo(call: Call) -> Result:
    """The rest of the line as root, or as whoever `-u` names, where the account may."""
    seat, session = call.seat, call.seat.session
    argv, whom = list(call.argv), ROOT
    while argv and argv[0].startswith("-"):
        flag = argv.pop(0)
        if flag in ("-u", "--user") and argv:
            whom = argv.pop(0)
        elif flag == "-l":
            may = "(ALL : ALL) ALL" if seat.login.sudo else ""
            said = f"User {seat.login.id} may run the following commands on {seat.server.id}:\n    {may}\n"
            refused = f"Sorry, user {seat.login.id} may not run sudo on {seat.server.id}.\n"
            return Result(said) if may else Result("", refused, 1)
    line = shlex.join(argv)
    if not seat.login.sudo:
        told = f"{seat.login.id} : user NOT in sudoers ; PWD={call.cwd} ; USER={whom} ; COMMAND={line}"
        session.log(seat.server, AUTHLOG, "sudo", told)
        told = f"{seat.login.id} is not in the sudoers file.\n"
        return Result("", f"{told}This incident has been reported to the administrator.\n", 1)
    if whom not in seat.server.logins:
        return Result("", f"sudo: unknown user {whom}\n", 1)
    session.log(
        seat.server, AUTHLOG, "sudo", f"{seat.login.id} : PWD={call.cwd} ; USER={whom} ; COMMAND={line or 'bash'}"
    )
    if not argv:
        return Result("", "usage: sudo [-u user] command\n", 1)
    outcome = call.nested(
        Seat(session, seat.server, seat.server.logins[whom], seat.depth + 1), line, call.cwd, call.stdin
    )  # fmt: skip
    return Result(outcome.out, outcome.err, outcome.code)


def su(call: Call) -> Result:
    """Without a password at hand, only root becomes somebody else."""
    found, rest = options(call.argv, "c")
    names = [each for each in rest if each != "-"]
    whom = names[0] if names else ROOT
    if whom not in call.seat.server.logins:
        return call.fail(f"user {whom} does not exist or the user entry does not contain all the required fields")
    if not call.seat.is_root:
        call.seat.session.log(call.seat.server, AUTHLOG, "su", f"FAILED SU (to {whom}) {call.seat.login.id} on pts/0")
        return call.fail("Authentication failure")
    line = found.get("c", "")
    login = call.seat.server.logins[whom]
    outcome = call.nested(
        Seat(call.seat.session, call.seat.server, login, call.seat.depth + 1), line, call.cwd, call.stdin
    )
    return Result(outcome.out, outcome.err, outcome.code)


COMMANDS: dict[str, Command] = {
    "id": id_, "whoami": whoami, "logname": whoami, "groups": groups, "hostname": hostname, "who": who, "w": who,
    "users": who, "last": who, "sudo": sudo, "su": su,
}  # fmt: skip
ACTING = ("sudo", "su")
