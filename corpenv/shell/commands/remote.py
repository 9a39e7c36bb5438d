"""Other machines: `ssh`, `scp`, and `git` with its remotes."""

import re
import shlex

from corpenv.company.hosts import READ, Login, Server
from corpenv.company.machines import files_of, find_file
from corpenv.events import FileWritten
from corpenv.shell.base import AUTHLOG, Call, Command, Result, Seat, absolute, options
from corpenv.shell.flows import SSH, Flow, connect
from corpenv.shell.tree import Tree

REMOTE = re.compile(r"(?:([\w.-]+)@)?([\w.-]+):(.*)")
URL = re.compile(r"(?:(https?|ssh|git)://)?(?:[\w.-]+@)?([\w.-]+)[:/](.+)")


def unreachable(name: str, host: str, flow: Flow) -> Result:
    """What `ssh` says where nobody answers."""
    if flow.outcome == "unresolved":
        return Result("", f"{name}: Could not resolve hostname {host}: Name or service not known\n", 255)
    return Result("", f"{name}: connect to host {host} port {SSH}: Connection timed out\n", 255)


def logged_in(call: Call, user: str, there: Server) -> Login | None:
    """The account somebody gets on another server: their own there, or root's by root's key."""
    here = call.seat.login
    login = there.logins.get(user or here.id)
    if login is None:
        return None
    own = bool(here.person) and login.person == here.person
    return login if own or (here.id == login.id and not login.person) else None


def arrive(call: Call, user: str, host: str, sent: str, paths: tuple[str, ...] = ()) -> tuple[Seat | None, Result]:
    """A seat on another server, or what is said instead."""
    session = call.seat.session
    flow = connect(call.seat, host, SSH, "ssh", sent, paths)
    if flow.outcome != "open":
        return None, unreachable("ssh", host, flow)
    if flow.server is None:
        return None, Result("", f"{user or call.seat.login.id}@{host}: Permission denied (publickey).\n", 255)
    login, name = logged_in(call, user, flow.server), user or call.seat.login.id
    if login is None:
        session.log(flow.server, AUTHLOG, "sshd[732]", f"Connection closed by authenticating user {name} {call.seat.server.address} [preauth]")  # fmt: skip  # noqa: E501
        return None, Result("", f"{name}@{host}: Permission denied (publickey).\n", 255)
    session.log(flow.server, AUTHLOG, "sshd[732]", f"Accepted publickey for {name} from {call.seat.server.address} port 50122 ssh2")  # fmt: skip  # noqa: E501
    return Seat(session, flow.server, login, call.seat.depth + 1), Result()


def ssh(call: Call) -> Result:
    found, rest = words_of(call.argv)
    if not rest:
        return Result("", "usage: ssh [-p port] [user@]host [command]\n", 255)
    user, _, host = rest[0].rpartition("@")
    line = " ".join(rest[1:])
    tunnels = [f"-{key} {found[key]}" for key in ("L", "R", "D") if key in found]
    seat, refused = arrive(call, user or found.get("l", ""), host, " ".join([*tunnels, line]))
    if seat is None:
        return refused
    if not line:
        return Result("", "Pseudo-terminal will not be allocated because stdin is not a terminal.\n", 0)
    outcome = call.nested(seat, line, seat.login.home, call.stdin)
    return Result(outcome.out, outcome.err, outcome.code)


def words_of(argv: tuple[str, ...]) -> tuple[dict[str, str], list[str]]:
    """Options before the host, and everything from it on."""
    at = 0
    while at < len(argv) and argv[at].startswith("-"):
        at += 2 if argv[at][-1] in "poiLRDlFJ" and len(argv[at]) == 2 else 1
    found, _ = options(argv[:at], "poiLRDlFJ")
    return found, list(argv[at:])


def scp(call: Call) -> Result:
    _, rest = options(call.argv, "Pio")
    if len(rest) < 2:
        return Result("", "usage: scp [-r] source ... target\n", 1)
    target = REMOTE.fullmatch(rest[-1])
    results = [sent(call, each, target) if target else fetched(call, each, rest[-1]) for each in rest[:-1]]
    return Result("", "".join(each.err for each in results), max(each.code for each in results))


def sent(call: Call, name: str, target: re.Match[str]) -> Result:
    """A file goes to another server, or out."""
    path = call.path(name)
    if not call.fs.exists(path):
        return Result("", f'scp: stat local "{name}": No such file or directory\n', 255)
    if not call.disk.tree.may_read(path):
        return Result("", f'scp: open local "{name}": Permission denied\n', 255)
    file = find_file(call.seat.session.company, call.seat.server.id, path)
    if file is None or file.sort != "file":
        return Result("", f'scp: local "{name}" is not a regular file\n', 255)
    text = call.seat.session.company.text(file.text)
    seat, refused = arrive(call, target[1] or "", target[2], text, (path,))
    if seat is None:
        return refused
    there = absolute(seat.login.home, target[3] or ".")
    return put(seat, there, path.rpartition("/")[2], text, file.binary, f"{call.seat.server.id}:{path}")


def put(seat: Seat, there: str, name: str, text: str, binary: bool, source: str) -> Result:
    """A file arrives on a server."""
    company, server = seat.session.company, seat.server
    tree = Tree(files_of(company, server), seat.login)
    standing = tree.files.get(there)
    path = f"{there.rstrip('/')}/{name}" if standing and standing.sort == "directory" else there
    if not tree.may_write(path):
        return Result("", f'scp: dest open "{path}": Permission denied\n', 1)
    old = tree.files.get(path)
    owner, group = (old.owner, old.group) if old else (seat.login.id, seat.login.groups[0])
    seat.session.do(
        FileWritten, server=server.id, path=path, text=text, owner=owner, group=group,
        mode=old.mode if old else 0o644, binary=binary, copied_from=source,
    )  # fmt: skip
    return Result()


def fetched(call: Call, source: str, target: str) -> Result:
    """A file comes from another server."""
    remote = REMOTE.fullmatch(source)
    if not remote:
        return Result("", "scp: only one side of a copy can be named by its path here\n", 1)
    seat, refused = arrive(call, remote[1] or "", remote[2], f"GET {remote[3]}")
    if seat is None:
        return refused
    path = absolute(seat.login.home, remote[3])
    tree = Tree(files_of(seat.session.company, seat.server), seat.login)
    file = tree.files.get(path)
    if file is None or file.sort != "file":
        return Result("", f"scp: {remote[3]}: No such file or directory\n", 1)
    if not (tree.reaches(path) and file.lets(seat.login, READ)):
        return Result("", f"scp: {remote[3]}: Permission denied\n", 1)
    text = seat.session.company.text(file.text)
    return put(call.seat, call.path(target), path.rpartition("/")[2], text, file.binary, f"{seat.server.id}:{path}")


def git(call: Call) -> Result:
    """What needs a repository finds none; what needs a remote opens a connection to it."""
    words = [each for each in call.argv if not each.startswith("-")]
    if call.argv[:1] == ("--version",):
        return Result("git version 2.39.5\n")
    if not words:
        return Result("usage: git [--version] [--help] [-C <path>] <command> [<args>]\n", "", 1)
    if words[0] in ("clone", "ls-remote") and len(words) > 1:
        return cloned(words[0], words[1], call)
    if words[0] == "init":
        return Result("", f"fatal: cannot copy templates to '{call.cwd}/.git/': Permission denied\n", 128)
    if words[0] == "config":
        return Result("", "", 1)
    return Result("", "fatal: not a git repository (or any of the parent directories): .git\n", 128)


def cloned(verb: str, url: str, call: Call) -> Result:
    """A remote is asked, and has nothing for us."""
    found = URL.fullmatch(url)
    head = (
        "" if verb == "ls-remote" else f"Cloning into '{url.rstrip('/').rpartition('/')[2].removesuffix('.git')}'...\n"
    )
    if not found:
        return Result("", f"fatal: repository '{url}' does not exist\n", 128)
    scheme, host = found[1] or "ssh", found[2]
    port = {"https": 443, "http": 80, "git": 9418}.get(scheme, SSH)
    flow = connect(call.seat, host, port, scheme, f"git {shlex.join([verb, url])}")
    why = {
        "unresolved": f"Could not resolve host: {host}",
        "timed_out": f"Failed to connect to {host} port {port}: Connection timed out",
        "refused": f"Failed to connect to {host} port {port}: Connection refused",
    }.get(flow.outcome)
    told = f"unable to access '{url}': {why}" if why else f"repository '{url}' not found"
    return Result("", f"{head}fatal: {told}\n", 128)


COMMANDS: dict[str, Command] = {"ssh": ssh, "scp": scp, "git": git}
ACTING = tuple(COMMANDS)
