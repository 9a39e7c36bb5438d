"""The servers of a world under one condition: what an author wrote, and what every such machine has."""

from collections.abc import Iterator

from corpenv.company.hosts import ROOT, Egress, Gpu, HostFile, Login, Process, Server, Service
from corpenv.errors import did_you_mean
from corpenv.predicates import CronIs, EgressIs, FileIs, Leaf, ProcessIs, ServiceIs
from corpenv.shell import warm
from corpenv.world.forms import Part
from corpenv.world.resolve import Keys, Resolver
from corpenv.world.serverparts import FilePart, ServerPart, ServicePart

FIRST_UID, FIRST_PID = 1000, 611
FOLDERS = (
    ("/etc", 0o755), ("/etc/systemd", 0o755), ("/etc/systemd/system", 0o755), ("/home", 0o755), ("/opt", 0o755),
    ("/root", 0o700), ("/srv", 0o755), ("/tmp", 0o1777), ("/usr/local", 0o755), ("/usr/local/bin", 0o755),
    ("/var", 0o755), ("/var/log", 0o755), ("/var/tmp", 0o1777),
)  # fmt: skip
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


def server_of(names: Resolver, part: ServerPart, parts: list[ServerPart]) -> Server:
    """One authored server."""
    logins = logins_of(names, part)
    services = {each.id: service_of(names, part, number, each, logins) for number, each in enumerate(part.services)}
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
        files_of(names, part, parts, logins),
        services,
        processes_of(names, part, logins),
        cron_of(names, part, logins),
        Egress(part.egress.policy, part.egress.allowed),
        tuple(Gpu(each.model, each.memory, each.used, each.utilisation, each.quota) for each in part.gpus),
        {url: names.text(part, ("pages", url), text) for url, text in part.pages.items()},
    )


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
        logins[each.id] = Login(each.id, uid, person, groups, each.sudo or each.id == ROOT, home)
    return logins


def known_login(
    names: Resolver, part: ServerPart, keys: tuple[str | int, ...], name: str, logins: dict[str, Login]
) -> str:
    """An account that the server has."""
    if name not in logins:
        names.fault(part, keys, f'{part.id} has no account "{name}"{did_you_mean(name, logins)}')
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
        pid_of(number) if running else 0,
        each.log or "",
        each.ports,
        {path: names.text(part, (*way, "answers", path), text) for path, text in each.answers.items()},
        each.config,
        names.people(part, (*way, "editors"), each.editors),
        names.at(part.booted),
    )


def pid_of(number: int) -> int:
    """The pid of a server's service, by its place among them: apart as boots leave them."""
    return FIRST_PID + number * 37 + number * number % 11


def processes_of(names: Resolver, part: ServerPart, logins: dict[str, Login]) -> dict[int, Process]:
    """What runs besides services."""
    first = pid_of(len(part.services)) + 400
    made = {}
    for number, each in enumerate(part.processes):
        owner = known_login(names, part, ("processes", number, "account"), each.account, logins)
        pid = first + number * 53
        made[pid] = Process(
            pid, owner, names.plain(part, ("processes", number, "command"), each.command), "", each.cpu, each.memory,
            each.gpu, names.at(each.since),
        )  # fmt: skip
    return made


def cron_of(names: Resolver, part: ServerPart, logins: dict[str, Login]) -> dict[str, tuple[str, ...]]:
    """Account → the lines of its table."""
    made: dict[str, tuple[str, ...]] = {}
    for number, each in enumerate(part.cron):
        owner = known_login(names, part, ("cron", number, "account"), each.account, logins)
        made[owner] = (*made.get(owner, ()), each.line)
    return made


# files ------------------------------------------------------------------------------------------------------


def files_of(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login]
) -> dict[str, HostFile]:
    """What every such machine has, under what the author wrote; every folder above a file is there."""
    booted = names.at(part.booted)
    made = {file.path: file for file in ordinary_files(names, part, parts, logins, booted)}
    for number, each in enumerate(part.files):
        file = file_of(names, part, number, each, logins)
        made[file.path] = file
    for path in tuple(made):
        for folder in folders_above(path):
            made.setdefault(folder, HostFile(folder, mode=0o755, sort="directory", at=booted))
    for path, file in made.items():
        if file.sort != "directory" and any(other.startswith(f"{path}/") for other in made):
            names.fault(part, "files", f"{path} is a file, and something stands below it")
    return dict(sorted(made.items()))


def file_of(names: Resolver, part: ServerPart, number: int, each: FilePart, logins: dict[str, Login]) -> HostFile:
    """One authored file."""
    way = ("files", number)
    owner = known_login(names, part, (*way, "owner"), each.owner, logins)
    groups = {group for login in logins.values() for group in login.groups}
    group = each.group or logins.get(owner, logins[ROOT]).groups[0]
    if group not in groups:
        names.fault(
            part, (*way, "group"), f'nobody on {part.id} is of the group "{group}"{did_you_mean(group, sorted(groups))}'
        )
    sort = "directory" if each.directory else "link" if each.link else "file"
    usual = {"directory": 0o755, "link": 0o777, "file": 0o644}[sort]
    mode = int(each.mode, 8) if each.mode else usual
    text = each.link or names.text(part, (*way, "text"), each.text)
    return HostFile(each.path, text, owner, group, mode, sort, at=names.at(each.at))


def folders_above(path: str) -> Iterator[str]:
    """Every folder a path stands in, but the root."""
    parts = path.split("/")[1:-1]
    for depth in range(1, len(parts) + 1):
        yield "/" + "/".join(parts[:depth])


def ordinary_files(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login], booted: int
) -> Iterator[HostFile]:
    """Folders, accounts, names of the neighbours and units of services, as on any such machine."""
    for path, mode in FOLDERS:
        yield HostFile(path, mode=mode, sort="directory", at=booted)
    for login in logins.values():
        if login.home.startswith("/home/"):
            yield HostFile(login.home, "", login.id, login.groups[0], 0o750, "directory", at=booted)
    for path, text, mode in ordinary_texts(names, part, parts, logins):
        yield HostFile(path, text, mode=mode, at=booted)
    for path in ("/var/log/auth.log", "/var/log/syslog"):
        yield HostFile(path, "", ROOT, ROOT, 0o640, at=booted)
    for service in part.services:
        yield HostFile(f"/etc/systemd/system/{service.id}.service", unit_text(service), at=booted)
        if service.log:
            yield HostFile(service.log, "", service.account, service.account, 0o644, at=booted)


def ordinary_texts(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login]
) -> Iterator[tuple[str, str, int]]:
    """Path, content and mode of the files that say what a machine is."""
    domain = names.facts.domain
    yield "/etc/hostname", f"{part.id}\n", 0o644
    hosts = [f"{each.address}\t{each.id}.{domain} {each.id}" for each in parts]
    yield "/etc/hosts", "\n".join(["127.0.0.1\tlocalhost", *hosts, ""]), 0o644
    name = part.system.split()[0]
    yield "/etc/os-release", f'PRETTY_NAME="{part.system}"\nNAME="{name}"\nID={name.lower()}\n', 0o644
    rows = [f"{each.id}:x:{each.uid}:{each.uid}::{each.home}:{shell_of(each)}" for each in logins.values()]
    yield "/etc/passwd", "\n".join([*rows, ""]), 0o644
    yield "/etc/shadow", "".join(f"{each.id}:!:21000:0:99999:7:::\n" for each in logins.values()), 0o640
    members: dict[str, list[str]] = {}
    for each in logins.values():
        for group in each.groups:
            members.setdefault(group, [])
            if group != each.id:
                members[group].append(each.id)
    numbers = {each.groups[0]: each.uid for each in logins.values()}
    rows = [
        f"{group}:x:{numbers.get(group, 200 + n)}:{','.join(who)}" for n, (group, who) in enumerate(members.items())
    ]
    yield "/etc/group", "\n".join([*rows, ""]), 0o644
    yield "/etc/shells", "/bin/sh\n/bin/bash\n", 0o644


def shell_of(login: Login) -> str:
    """What an account gets that logs in."""
    return "/bin/bash" if login.home.startswith(("/root", "/home/")) else "/usr/sbin/nologin"


def unit_text(service: ServicePart) -> str:
    """What systemd is told of a service."""
    return (
        f"[Unit]\nDescription={service.title}\nAfter=network.target\n\n[Service]\nUser={service.account}\n"
        f"ExecStart={service.command}\nRestart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n"
    )


# predicates -------------------------------------------------------------------------------------------------


def check_machine(names: Resolver, part: Part, keys: Keys, leaf: Leaf) -> None:
    """A predicate about a server names one, and what is on it."""
    if isinstance(leaf, ServiceIs | FileIs | ProcessIs | CronIs | EgressIs):
        name = leaf.egress if isinstance(leaf, EgressIs) else leaf.on
        server = names.facts.servers.get(name)
        if server is None:
            names.fault(part, keys, f'no server "{name}"{did_you_mean(name, names.facts.servers)}')
        elif isinstance(leaf, ServiceIs) and leaf.service not in server.services:
            told = did_you_mean(leaf.service, server.services)
            names.fault(part, keys, f'{server.id} has no service "{leaf.service}"{told}')
        elif isinstance(leaf, CronIs) and leaf.account and leaf.account not in server.logins:
            told = did_you_mean(leaf.account, server.logins)
            names.fault(part, keys, f'{server.id} has no account "{leaf.account}"{told}')
