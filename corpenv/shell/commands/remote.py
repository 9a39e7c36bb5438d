"""Other machines: `ssh` and the keys for it."""

import re
from typing import NamedTuple

from corpenv.company.hosts import Server
from corpenv.company.network import reached
from corpenv.company.rights import login_now
from corpenv.shell.background import IDLE, process
from corpenv.shell.base import AUTHLOG, Call, Command, Result, Seat, options
from corpenv.shell.entering import denied, enter
from corpenv.shell.flows import SSH, Flow, connect, said_outside
from corpenv.shell.keys import new_key, opened_by, own_right, usual_keys
from corpenv.shell.tunnels import Asked, asked_of, settings_for, with_said

AGENT = "Accepted publickey for {} from {} port 50122 ssh2"


class Arrival(NamedTuple):
    """Where somebody came to: a seat on a server, outside (`away`), or nowhere, with what is said then."""

    seat: Seat | None = None
    away: bool = False
    told: str = ""

    @property
    def result(self) -> Result:
        """What a command says that needed to get there."""
        return Result("", self.told, 255 if self.told else 0)


def unreachable(name: str, host: str, port: int, flow: Flow) -> str:
    """What `ssh` says where nobody answers."""
    if flow.outcome == "unresolved":
        return f"{name}: Could not resolve hostname {host}: Name or service not known\n"
    why = "Connection refused" if flow.outcome == "refused" else "Connection timed out"
    return f"{name}: connect to host {host} port {port}: {why}\n"


def presented(call: Call, named: str) -> list[str]:
    """The texts of the keys that are tried: the one that is named, else the usual ones."""
    found = []
    for path in [call.path(each) for each in named.split("\n")] if named else usual_keys(call.seat.login):
        try:
            found.append(call.fs.read_file(path).decode("utf-8", "replace"))
        except (RuntimeError, OSError):
            continue
    return found


def arrive(
    call: Call, target: str, sent: str, paths: tuple[str, ...] = (), forwards: str = "", key: str = "", port: int = SSH
) -> Arrival:
    """Come to another machine, or hear why not. What lets somebody in or out is only open to whom it lets in."""
    session, here = call.seat.session, call.seat
    user, _, host = target.rpartition("@")
    name = user or here.login.id
    sent = f"{user}@{host}\n{sent}".strip() if user else sent
    flow = reached(session.company, here.server, host, port)
    if flow.outcome != "open":
        connect(here, host, port, "ssh", sent, paths, forwards)
        return Arrival(told=unreachable("ssh", host, port, flow))
    if flow.server is None:
        pages = here.server.pages
        lets_in = f"ssh://{name}@{host}" in pages or f"ssh://{host}" in pages
        connect(here, host, port, "ssh", sent, paths, forwards if lets_in else "")
        if not lets_in:
            denied(here, "login", f"{name}@{host}")
        return Arrival(away=lets_in, told="" if lets_in else f"{name}@{host}: Permission denied (publickey).\n")
    return entered(call, flow.server, name, host, sent, paths, forwards, key)


def entered(
    call: Call, there: Server, name: str, host: str, sent: str, paths: tuple[str, ...], forwards: str, key: str
) -> Arrival:
    """Come to a server of the company, as an account there."""
    session, here = call.seat.session, call.seat
    login = login_now(session.company, there, name)
    let, credential = (login is not None and not key and own_right(here.login, login)), ""
    if login is not None and not let:
        let, credential = opened_by(session.company, there, login, presented(call, key))
        let = let or own_right(here.login, login)
    connect(here, host, SSH, "ssh", sent, paths, forwards if let else "")
    if login is None or not let:
        session.log(there, AUTHLOG, "sshd[732]", f"Connection closed by authenticating user {name} {here.server.address} [preauth]")  # fmt: skip  # noqa: E501
        denied(here, "login", name, there)
        return Arrival(told=f"{name}@{host}: Permission denied (publickey).\n")
    session.log(there, AUTHLOG, "sshd[732]", AGENT.format(name, here.server.address))
    return Arrival(enter(here, there, login, "ssh", credential))


def ssh(call: Call) -> Result:
    asked = asked_of(call.argv)
    if "V" in asked.found:
        return Result("", "OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.15 3 Sep 2024\n")
    if not asked.target:
        return Result("", "usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-p port] destination [command [argument ...]]\n", 255)
    return went(call, with_settings(call, asked))


def went(call: Call, asked: Asked) -> Result:
    """To the host that is named, through others if that is asked for."""
    if "J" in asked.found:
        return jumped(call, asked)
    user = asked.found.get("l", "")
    target = f"{user}@{asked.target}" if user and "@" not in asked.target else asked.target
    port = asked.found.get("p", "")
    tunnels = [f"-{key} {each}" for key in "LRDW" if key in asked.found for each in asked.found[key].split("\n")]
    sent = "\n".join(filter(None, (" ".join([*tunnels, asked.line]).strip(), call.stdin)))
    arrival = arrive(
        call, target, sent, (), asked.forwards, asked.found.get("i", ""), int(port) if port.isdigit() else SSH
    )  # fmt: skip
    if arrival.told:
        return arrival.result
    return done_there(call, asked, arrival)


def with_settings(call: Call, asked: Asked) -> Asked:
    """With what the account's own settings say of that host."""
    name, (user, _, host) = asked.found.get("F", ""), asked.target.rpartition("@")
    try:
        path = call.path(name) if name else f"{call.seat.login.home}/.ssh/config"
        text = call.fs.read_file(path).decode("utf-8", "replace") if call.fs.exists(path) else ""
    except OSError:
        return asked
    said = settings_for(host, text) if text else []
    full = next((value for key, value in said if key.lower() == "hostname"), host)
    return with_said(asked._replace(target=f"{user}@{full}" if user else full), said)


def done_there(call: Call, asked: Asked, arrival: Arrival) -> Result:
    """What somebody came for: to stay, to go on, or to run something."""
    if "N" in asked.found or ("f" in asked.found and not asked.line):
        return stayed(call, asked)
    if "W" in asked.found and arrival.seat:
        return onward(call, arrival.seat, asked.found["W"])
    return ran(call, arrival, asked)


def jumped(call: Call, asked: Asked) -> Result:
    """Through another machine."""
    jump, rest = asked.found["J"], list(call.argv)
    arrival = arrive(call, jump, f"-W {asked.target}")
    if arrival.seat is None:
        return arrival.result
    if "-J" in rest:
        del rest[rest.index("-J") : rest.index("-J") + 2]
    found = {letter: value for letter, value in asked.found.items() if letter != "J"}
    return went(call._replace(argv=tuple(rest), seat=arrival.seat), asked._replace(found=found))


def stayed(call: Call, asked: Asked) -> Result:
    """A tunnel: in the background it stays, in front of everybody it ends with the line."""
    if "f" in asked.found:
        process(call.seat, f"ssh {' '.join(call.argv)}", IDLE)
        return Result()
    return Result("", "Terminated\n", 143)


def onward(call: Call, there: Seat, target: str) -> Result:
    """What is piped in goes on from there."""
    host, _, port = target.partition(":")
    flow = connect(there, host, int(port) if port.isdigit() else 0, "tcp", call.stdin)
    if flow.outcome == "open":
        return Result()
    return Result("", "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\n", 255)


def ran(call: Call, arrival: Arrival, asked: Asked) -> Result:
    """A line is run there; of a machine outside it is written what that prints."""
    if not asked.line:
        return Result("", "Pseudo-terminal will not be allocated because stdin is not a terminal.\n", 0)
    if arrival.seat is None:
        return Result(said_outside(call.seat, f"ssh://{asked.target}/{asked.line}"))
    outcome = call.nested(arrival.seat, asked.line, arrival.seat.login.home, call.stdin)
    return Result(outcome.out, outcome.err, outcome.code)


def keygen(call: Call) -> Result:
    """A pair of keys, without a question."""
    found, _ = options(call.argv, "tfNCbl")
    session, login = call.seat.session, call.seat.login
    path = call.path(found["f"]) if "f" in found else f"{login.home}/.ssh/id_ed25519"
    folder = path.rpartition("/")[0]
    try:
        if not call.fs.exists(folder) and folder == f"{login.home}/.ssh":
            call.fs.mkdir(folder)
            call.fs.chmod(folder, 0o700)
        if call.fs.exists(path):
            told = f"{path} already exists.\nOverwrite (y/n)? "
            return Result(f"Generating public/private ed25519 key pair.\n{told}", "", 1)
        private, public = new_key(session)
        comment = found.get("C") or f"{login.id}@{call.seat.server.id}"
        call.fs.write_file(path, private.encode())
        call.fs.chmod(path, 0o600)
        call.fs.write_file(f"{path}.pub", f"ssh-ed25519 {public} {comment}\n".encode())
    except (RuntimeError, OSError):
        return Result("", f'Saving key "{path}" failed: Permission denied\n', 1)
    told = "" if "q" in found else f"Your identification has been saved in {path}\nYour public key has been saved in {path}.pub\n"  # fmt: skip  # noqa: E501
    return Result(f"Generating public/private ed25519 key pair.\n{told}" if told else "")


def copy_id(call: Call) -> Result:
    """A public key is put where it opens a door, by somebody who can get in already."""
    found, rest = options(call.argv, "ipo")
    names = [re.sub(r"(\.pub)?$", ".pub", call.path(found["i"]))] if "i" in found else [f"{each}.pub" for each in usual_keys(call.seat.login)]  # fmt: skip  # noqa: E501
    public = next((call.fs.read_file(each).decode() for each in names if call.fs.exists(each)), "")
    if not rest or not public:
        return Result("", "/usr/bin/ssh-copy-id: ERROR: No identities found\n", 1)
    arrival = arrive(call, rest[-1], public)
    if arrival.seat is None:
        return arrival.result
    line = "mkdir -p ~/.ssh && chmod 700 ~/.ssh && cat >> ~/.ssh/authorized_keys && chmod 600 ~/.ssh/authorized_keys"
    outcome = call.nested(arrival.seat, line, arrival.seat.login.home, public)
    return Result("\nNumber of key(s) added: 1\n" if outcome.code == 0 else "", outcome.err, outcome.code)


COMMANDS: dict[str, Command] = {"ssh": ssh, "ssh-keygen": keygen, "ssh-copy-id": copy_id}
ACTING = tuple(COMMANDS)
