"""Servers: what they are, what they log, and a shell on them."""

from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.gpus import cards_of
from corpenv.company.hosts import ROOT, Login, Server
from corpenv.company.machines import (
    cron_of,
    egress_of,
    files_of,
    find_file,
    find_service,
    processes_of,
    services_of,
)
from corpenv.company.units import why_not
from corpenv.errors import Refusal, did_you_mean
from corpenv.events import CommandRun, FileWritten
from corpenv.record import Answer
from corpenv.shell import Seat
from corpenv.shell.base import SYSLOG
from corpenv.shell.later import interpreter
from corpenv.shell.operating import operate
from corpenv.shell.settling import reading
from corpenv.shell.tree import Tree, parent_of
from corpenv.tools.base import Arguments, Body, Effect, Line, Name, Page, Part, Tool, listing, page_of, part_of
from corpenv.tools.seats import authored, keeper, open_server, operable, root_on, seat_on, service_on

SHOWN = 12_000
"""Characters of a screen that an answer shows; of a longer one, its end."""
LINES = 200
"""Lines of a log that are read at once."""

ServerName = Annotated[Name, Meta(description="Host name of the server; list_servers shows them.")]
ServiceName = Annotated[Name, Meta(description="Name of one of its services; server_status shows them.")]


class ListServers(Arguments, frozen=True):
    page: Page = 1


class ServerStatus(Arguments, frozen=True):
    server: ServerName


class ReadLog(Arguments, frozen=True):
    server: ServerName
    log: Annotated[Line, Meta(description="Name of a service, or path of a log; empty is the system's log.")] = ""
    lines: Annotated[int, Meta(ge=1, le=LINES, description="How many of its last lines.")] = 50
    part: Part = 1


class RunCommand(Arguments, frozen=True):
    server: ServerName
    command: Annotated[Body, Meta(min_length=1, description="A command line or script, run by bash in your account.")]


class RestartService(Arguments, frozen=True):
    server: ServerName
    service: ServiceName


class StopService(Arguments, frozen=True):
    server: ServerName
    service: ServiceName


class ChangeConfig(Arguments, frozen=True):
    server: ServerName
    path: Annotated[Name, Meta(description="Path of a configuration file.")]
    text: Annotated[Body, Meta(description="What the whole file should say.")]


# decisions --------------------------------------------------------------------------------------------------


def list_servers(company: Company, actor: str, args: ListServers) -> Answer:
    """List the company's servers, and your account on each."""
    servers, more = page_of(iter(company.world.servers.values()), args.page)
    rows = [f"{each.id}  {each.address}  {each.title}  [{access(each.login_of(actor))}]" for each in servers]
    return Answer(listing("Servers", rows, more, args.page, "The company has no servers."))


def access(login: Login | None) -> str:
    """What an account can do on a server."""
    return "no account" if login is None else f"account {login.id}{', sudo' if login.sudo else ''}"


def server_status(company: Company, actor: str, args: ServerStatus) -> Answer:
    """Show how a server is: services, processes, scheduled jobs, GPUs and what it lets out."""
    server = open_server(company, args.server)
    egress, running = egress_of(company, server), processes_of(company, server)
    lines = [f"{server.title} ({server.id}), {server.address}, {server.system}"]
    lines += [f"Looked after by {keeper(company, server)}. {server.cores} cores, {server.memory} GB of memory."]
    lines += ["", "Services:"]
    lines += [
        f"  {each.id}  {each.status}{'' if each.enabled else ', not enabled'}  {each.title}"
        for each in services_of(company, server)
        if not each.system
    ]
    lines += [f"Processes: {len(running)}"]
    lines += [f"  {each.pid}  {each.account}  {each.command}" for each in running if not each.service]
    for account in server.logins:
        lines += [f"Scheduled by {account}: {line}" for line in cron_of(company, server, account)]
    for card in cards_of(company, server):
        quota = f", quota {card.gpu.quota} MB an account" if card.gpu.quota else ""
        lines += [f"GPU {card.number}: {card.gpu.model}, {card.gpu.memory} MB, {card.utilisation}% in use{quota}"]
    lets = "everything" if egress.policy == "accept" else ", ".join(egress.allowed) or "nothing"
    lets = "nothing: it has no way out" if not egress.gateway else lets
    never = f", but never {', '.join(egress.blocked)}" if egress.blocked else ""
    lines.append(f"Lets out: {lets}{never}")
    return Answer("\n".join([*lines, *([f"Closed ports: {', '.join(egress.closed)}"] if egress.closed else [])]))


def read_log(company: Company, actor: str, args: ReadLog) -> Answer:
    """Read the last lines of a log of a server."""
    seat = seat_on(company, actor, args.server)
    server = seat.server
    service = find_service(company, server.id, args.log)
    path = service.log if service else args.log or SYSLOG
    file = find_file(company, server.id, path) if path else None
    if file is None or file.sort != "file":
        known = did_you_mean(args.log, logs_of(company, server), 8)
        raise Refusal(f"{server.id} has no log {args.log or path!r}{known}")
    readable = Tree(files_of(company, server), seat.login).may_read(path) or root_on(seat)
    if not readable and not {"adm", "systemd-journal"} & set(seat.login.groups):
        raise Refusal(f"your account may not read {path} on {server.id}; ask {keeper(company, server)}")
    lines = company.text(file.text).splitlines()[-args.lines :]
    reading(seat, file)
    shown = part_of("\n".join([f"{path} on {server.id}:", *(lines or ["(empty)"])]), args.part)
    return Answer(shown, tuple(seat.session.events))


def logs_of(company: Company, server: Server) -> list[str]:
    """What can be named as a log."""
    return [*authored(server), *(each.path for each in files_of(company, server) if each.path.startswith("/var/log/"))]


def run_command(company: Company, actor: str, args: RunCommand) -> Answer:
    """Run a command line on a server, in your account there; you see what it prints."""
    seat = seat_on(company, actor, args.server)
    server, login = seat.server, seat.login
    stood = company.machines.folders.get((server.id, login.id), login.home)
    standing = find_file(company, server.id, stood)
    folder = stood if stood == "/" or (standing and standing.sort == "directory") else "/"
    outcome = interpreter().run(seat, args.command, folder)
    seat.session.do(
        CommandRun, server=server.id, account=login.id, command=args.command, exit_code=outcome.code,
        folder=outcome.folder,
    )  # fmt: skip
    text = outcome.text.rstrip("\n")
    if len(text) > SHOWN:
        text = f"[The first {len(text) - SHOWN} characters are not shown.]\n{text[-SHOWN:]}"
    foot = [f"[exit code {outcome.code}]"] if outcome.code else []
    shown = [text] if text else [] if foot else ["(no output)"]
    return Answer("\n".join([*shown, *foot]), tuple(seat.session.events))


def restart_service(company: Company, actor: str, args: RestartService) -> Answer:
    """Restart a service of a server, or start it."""
    seat = seat_on(company, actor, args.server)
    service = service_on(seat, args.service)
    if why := why_not(company, seat.server, service):
        raise Refusal(f"{service.id} on {seat.server.id} cannot be restarted: {why[:1].lower()}{why[1:-1]}")
    operate(seat.session, seat.server, service.id, "restart")
    return Answer(f"{service.id} on {seat.server.id} was restarted; it is running.", tuple(seat.session.events))


def stop_service(company: Company, actor: str, args: StopService) -> Answer:
    """Stop a service of a server."""
    seat = seat_on(company, actor, args.server)
    service = service_on(seat, args.service)
    if service.status == "stopped":
        raise Refusal(f"{service.id} on {seat.server.id} is stopped already")
    operate(seat.session, seat.server, service.id, "stop")
    return Answer(f"{service.id} on {seat.server.id} was stopped.", tuple(seat.session.events))


def change_config(company: Company, actor: str, args: ChangeConfig) -> Answer:
    """Write a configuration file of a server; the services that read it read it again."""
    seat = seat_on(company, actor, args.server)
    server, path = seat.server, args.path
    file = find_file(company, server.id, path)
    readers = [each for each in services_of(company, server) if path in each.config]
    if file is None and not readers:
        raise Refusal(f"{server.id} has no file {path!r}{did_you_mean(path, configs_of(company, server), 8)}")
    if file is not None and file.sort != "file":
        raise Refusal(f"{path} on {server.id} is a {file.sort}, not a file")
    edits = any(actor in each.editors for each in readers)
    if file is not None and file.keeps():
        raise Refusal(f"{path} on {server.id} is kept from changes by its flags; lsattr shows them, chattr sets them")
    if not (edits or root_on(seat) or Tree(files_of(company, server), seat.login).may_write(path)):
        raise Refusal(f"your account may not write {path} on {server.id}; ask {keeper(company, server)}")
    if file is not None and company.text(file.text) == args.text:
        raise Refusal(f"{path} on {server.id} says so already")
    if find_file(company, server.id, parent_of(path)) is None:
        raise Refusal(f"{server.id} has no folder {parent_of(path)}")
    owner, group, mode = (file.owner, file.group, file.mode) if file else (ROOT, ROOT, 0o644)
    seat.session.do(
        FileWritten, server=server.id, path=path, text=args.text, owner=owner, group=group, mode=mode
    )  # fmt: skip
    for service in readers:
        operate(seat.session, server, service.id, "reload")
    again = f"; {', '.join(each.id for each in readers)} read it again" if readers else ""
    return Answer(f"Wrote {path} on {server.id}{again}.", tuple(seat.session.events))


def configs_of(company: Company, server: Server) -> list[str]:
    """Paths of configuration files."""
    return [each.path for each in files_of(company, server) if each.path.startswith("/etc/") and each.sort == "file"]


COMMANDS = (
    "ls -la", "id", "uptime", "ps aux", "systemctl list-units", "df -h", "cat /etc/hosts", "crontab -l", "date",
    "whoami", "sudo -l", "journalctl -n 5", "ss -tlnp", "echo note >> notes.txt", "cat /etc/shadow",
    "curl -s https://mirror.example/", "sleep 300 && date >> woke.txt &", "git status", "sudo iptables -S",
    "echo '*/7 * * * * date >> ~/seen.txt' | crontab -", "echo 'date > then.txt' | at now + 3 min",
    "dd if=/dev/zero of=z bs=1K count=2",
)  # fmt: skip
"""What is typed at random."""


def pool(company: Company, actor: str) -> dict[str, list[str]]:
    """What exists, by the argument that may name it: from here random calls are drawn."""
    seats = [seat_on(company, actor, each.id) for each in company.world.servers.values() if each.login_of(actor)]
    if not seats:
        return {}
    return {
        "server": [each.server.id for each in seats],
        "service": sorted({one for each in seats for one in operated_by(each)}),
        "command": list(COMMANDS),
        "path": sorted({path for each in seats for path in writable(each)})[:50],
        "log": ["", *sorted({name for each in seats for name in authored(each.server)})],
    }


def operated_by(seat: Seat) -> list[str]:
    """Services that the actor may start and stop."""
    known = services_of(seat.session.company, seat.server)
    return [each.id for each in known if operable(seat, each) and not each.system]


def writable(seat: Seat) -> list[str]:
    """Paths of configuration files that the account can write."""
    company, server = seat.session.company, seat.server
    tree = Tree(files_of(company, server), seat.login)
    return [path for path in configs_of(company, server) if root_on(seat) or tree.may_write(path)]


TOOLS = (
    Tool("list_servers", "servers", ListServers, list_servers),
    Tool("server_status", "servers", ServerStatus, server_status),
    Tool("read_log", "servers", ReadLog, read_log),
    Tool("run_command", "servers", RunCommand, run_command, Effect.CHANGE, seconds=20),
    Tool("restart_service", "servers", RestartService, restart_service, Effect.CHANGE, seconds=30),
    Tool("stop_service", "servers", StopService, stop_service, Effect.CHANGE, seconds=30),
    Tool("change_config", "servers", ChangeConfig, change_config, Effect.CHANGE, seconds=60),
)
