"""The servers of a world under one condition: what an author wrote, and what every such machine has."""

from collections.abc import Iterator

from corpenv.company import Company, Facts
from corpenv.company.calendar import duration
from corpenv.company.egress import Egress
from corpenv.company.hosts import AUTHLOG, LOGGER, ROOT, SYSLOG, Gpu, Login, Process, Server, Service
from corpenv.company.plans import WriteLine
from corpenv.company.text import secrets_in
from corpenv.errors import did_you_mean
from corpenv.names import draw
from corpenv.predicates import CronIs, DiskIs, EgressIs, FileIs, Leaf, ProcessIs, ServiceIs
from corpenv.shell import warm
from corpenv.shell.inside import machine_files
from corpenv.shell.schedules import comes_next
from corpenv.world.forms import Part
from corpenv.world.machinefiles import SERVICES
from corpenv.world.resolve import Keys, Resolver
from corpenv.world.serverfiles import chosen, files_of, known_login
from corpenv.world.serverparts import ServerPart, ServicePart

FIRST_UID, FIRST_PID = 1000, 611
SYSTEM_ACCOUNTS = (("daemon", 1), ("www-data", 33), ("nobody", 65534))


def make_servers(names: Resolver) -> None:
    """Every server, and the addresses by which they know each other."""
    parts: list[ServerPart] = names.there("servers")
    seen: dict[str, str] = {}
    if parts:
        warm()
    for part in parts:
        if seen.setdefault(part.address, part.id) != part.id:
            names.fault(part, "address", f"{seen[part.address]} has the address {part.address} too")
        names.facts.servers[part.id] = server_of(names, part, parts)
    for part in parts:
        check_shipping(names, part)


def check_shipping(names: Resolver, part: ServerPart) -> None:
    """What is shipped arrives at a service that listens."""
    servers = names.facts.servers
    for number, each in enumerate(part.services):
        host, _, port = each.ships_to.partition(":")
        way = ("services", number, "ships_to")
        if host and host not in servers:
            names.fault(part, way, f'no server "{host}"{did_you_mean(host, servers)}')
        elif host and not any(int(port) in service.ports for service in servers[host].services.values()):
            names.fault(part, way, f"no service of {host} listens on port {port}")


def server_of(names: Resolver, part: ServerPart, parts: list[ServerPart]) -> Server:
    """One authored server."""
    logins = logins_of(names, part)
    services = {each.id: service_of(names, part, number, each, logins) for number, each in enumerate(part.services)}
    services = {each.id: each for each in system_services(names, part)} | services
    return Server(
        part.id,
        names.plain(part, "title", part.title),
        part.address,
        names.insider(part, "owner", part.owner),
        part.system,
        part.disk,
        part.memory,
        part.cores,
        names.at(part.booted),
        logins,
        files_of(names, part, parts, logins, services[LOGGER].pid),
        services,
        processes_of(names, part, logins),
        Egress(part.egress.policy, part.egress.allowed),
        tuple(Gpu(each.model, each.memory, each.used, each.utilisation, each.quota) for each in part.gpus),
        {url: names.text(part, ("pages", url), text) for url, text in part.pages.items()},
        inert=tuple((each.account, each.line) for each in part.cron if each.inert),
        accounting=part.accounting or "",
        flow_log=flow_log_of(names, part, parts),
        machine=machine_files(),
    )


def flow_log_of(names: Resolver, part: ServerPart, parts: list[ServerPart]) -> str:
    """The log in which the gateway notes what leaves, on a server that there is."""
    name, known = (part.egress.log or "").partition(":")[0], [each.id for each in parts]
    if name and name not in known:
        names.fault(part, ("egress", "log"), f'no server "{name}"{did_you_mean(name, known)}')
        return ""
    return part.egress.log or ""


def logins_of(names: Resolver, part: ServerPart) -> dict[str, Login]:
    """Root, what every system has, and the authored accounts."""
    logins = {ROOT: Login(ROOT, 0, groups=(ROOT,), sudo=True, home="/root")}
    logins |= {name: Login(name, uid, groups=(name,), home="/nonexistent") for name, uid in SYSTEM_ACCOUNTS}
    taken: dict[str, str] = {}
    for number, each in enumerate(part.accounts):
        person = names.insider(part, ("accounts", number, "person"), each.person)
        if person and taken.setdefault(person, each.id) != each.id:
            names.fault(part, ("accounts", number, "person"), f"{person} has the account {taken[person]} there too")
        old = logins.get(each.id)
        home = old.home if old else f"/home/{each.id}"
        uid = old.uid if old else FIRST_UID + number
        groups = tuple(dict.fromkeys((each.id, *each.groups, *(("sudo",) if each.sudo else ()))))
        key = credential(names, part, ("accounts", number, "key"), each.key)
        logins[each.id] = Login(each.id, uid, person, groups, each.sudo or each.id == ROOT, home, key)
    return logins


def credential(names: Resolver, part: ServerPart, keys: tuple[str | int, ...], name: str) -> str:
    """A secret whose value opens something."""
    names.listed(part, keys, name, "secrets")
    if name in names.secrets and names.secrets[name].sort != "credential":
        names.fault(part, keys, f'the secret "{name}" is {names.secrets[name].sort}, no credential')
    return name


def service_of(names: Resolver, part: ServerPart, number: int, each: ServicePart, logins: dict[str, Login]) -> Service:
    """One authored service."""
    way = ("services", number)
    running = each.status == "running"
    return Service(
        each.id,
        names.plain(part, (*way, "title"), each.title),
        each.command,
        known_login(names, part, (*way, "account"), each.account, logins),
        each.status,
        each.enabled,
        first_pid(names, part) + place_of(number) if running else 0,
        each.log or "",
        each.ports,
        {path: names.text(part, (*way, "answers", path), text) for path, text in each.answers.items()},
        each.config,
        names.people(part, (*way, "editors"), each.editors),
        names.at(part.booted),
        credential(names, part, (*way, "needs"), each.needs),
        duration(each.writes.every) if each.writes else 0,
        names.text(part, (*way, "writes", "line"), each.writes.line) if each.writes else "",
        each.ships,
        each.ships_to,
    )


def system_services(names: Resolver, part: ServerPart) -> Iterator[Service]:
    """What every machine runs."""
    pid, since = FIRST_PID - 140, names.at(part.booted)
    for name, title, command in SERVICES:
        pid += 3 + draw(names.facts.seed, "pid", part.id, name) % 37
        opens = (SYSLOG, AUTHLOG, *filter(None, [part.accounting])) if name == LOGGER else ()
        yield Service(name, title, command, pid=pid, since=since, system=True, opens=opens)


def first_pid(names: Resolver, part: ServerPart) -> int:
    """The pid of a server's first service: no two boots are alike, but that of the first server."""
    first: list[ServerPart] = names.there("servers")
    return FIRST_PID + (draw(names.facts.seed, "boot", part.id) % 173 if part.id != first[0].id else 0)


def place_of(number: int) -> int:
    """How far the pid of a service is from that of the first, by its place among them."""
    return number * 37 + number * number % 11


def processes_of(names: Resolver, part: ServerPart, logins: dict[str, Login]) -> dict[int, Process]:
    """What runs besides services."""
    first = first_pid(names, part) + place_of(len(part.services)) + 400
    made = {}
    for number, each in chosen(names, part.processes):
        owner = known_login(names, part, ("processes", number, "account"), each.account, logins)
        pid = first + number * 53
        made[pid] = Process(
            pid, owner, names.plain(part, ("processes", number, "command"), each.command), "", each.cpu, each.memory,
            each.gpu, names.at(each.since),
        )  # fmt: skip
    return made


def server_times(names: Resolver) -> Iterator[tuple[int, str, str]]:
    """When services write for the first time, and scheduled jobs are due."""
    company = Company(names.facts, 0)
    for server in names.facts.servers.values():
        yield from ((each.every, "write", f"{server.id}:{each.id}") for each in server.services.values() if each.every)
        if (at := comes_next(company, server, -1)) is not None:
            yield at, "cron", server.id


def carrying_files(facts: Facts) -> Iterator[tuple[str, str]]:
    """Every secret whose values stand in a file, with the file as `server:path`."""
    for server in facts.servers.values():
        for file in server.files.values():
            yield from ((carried, f"{server.id}:{file.path}") for carried in secrets_in(file.text))


# actions and predicates -------------------------------------------------------------------------------------


def line_written(
    names: Resolver, name: str, part: Part, keys: tuple[str | int, ...], service: str, text: str
) -> WriteLine:
    """A service that there is, and keeps a log, writes a line; it is named as `server:service`."""
    server_id, _, service_id = service.partition(":")
    server = names.facts.servers.get(server_id)
    if server is None:
        names.fault(part, (*keys, "service"), f'no server "{server_id}"{did_you_mean(server_id, names.facts.servers)}')
    elif service_id not in server.services:
        told = did_you_mean(service_id, server.services)
        names.fault(part, (*keys, "service"), f'{server.id} has no service "{service_id}"{told}')
    elif not server.services[service_id].log:
        names.fault(part, (*keys, "service"), f"{service_id} on {server.id} keeps no log")
    return WriteLine(name, server_id, service_id, names.text(part, (*keys, "text"), text))


def check_machine(names: Resolver, part: Part, keys: Keys, leaf: Leaf) -> None:
    """A predicate about a server names one, and what is on it."""
    if isinstance(leaf, ServiceIs | FileIs | ProcessIs | CronIs | EgressIs | DiskIs):
        name = leaf.egress if isinstance(leaf, EgressIs) else leaf.disk if isinstance(leaf, DiskIs) else leaf.on
        server = names.facts.servers.get(name)
        if server is None:
            names.fault(part, keys, f'no server "{name}"{did_you_mean(name, names.facts.servers)}')
        elif isinstance(leaf, ServiceIs) and leaf.service not in server.services:
            told = did_you_mean(leaf.service, server.services)
            names.fault(part, keys, f'{server.id} has no service "{leaf.service}"{told}')
        elif isinstance(leaf, CronIs) and leaf.account and leaf.account not in server.logins:
            told = did_you_mean(leaf.account, server.logins)
            names.fault(part, keys, f'{server.id} has no account "{leaf.account}"{told}')
