"""The files of a server at the start: what every such machine has, under what the author wrote."""

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from corpenv.company.calendar import moment_after
from corpenv.company.crontabs import GROUP, MODE, TABLES, text_of
from corpenv.company.hosts import AUTHLOG, ROOT, SYSLOG, USUAL_GROUPS, WANTS, HostFile, Login, Uses
from corpenv.company.repositories import first_files
from corpenv.errors import did_you_mean
from corpenv.names import draw
from corpenv.world.authlogs import authlog_of
from corpenv.world.machinefiles import AT_HOME, FOLDERS, LINKS, SERVICES, TEXTS
from corpenv.world.resolve import Resolver, holds_under
from corpenv.world.serverlogs import Host, Visitor, syslog_of
from corpenv.world.serverparts import CronPart, FilePart, ProcessPart, RepositoryPart, ServerPart, ServicePart

ELF = b64encode(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0>\0\x01\0\0\0").decode()
"""How a program begins, in base64."""
JOURNAL = b64encode(b"LPKSHHRH").decode()
"""How a file of the journal begins."""
Chosen = TypeVar("Chosen", FilePart, ProcessPart, CronPart)


def chosen(names: Resolver, parts: tuple[Chosen, ...]) -> Iterator[tuple[int, Chosen]]:
    """What is there under the condition, each with its place among all."""
    return ((number, each) for number, each in enumerate(parts) if holds_under(each.if_level, names.condition))


def known_login(
    names: Resolver, part: ServerPart, keys: tuple[str | int, ...], name: str, logins: dict[str, Login]
) -> str:
    """An account that the server has."""
    if name not in logins:
        names.fault(part, keys, f'{part.id} has no account "{name}"{did_you_mean(name, logins)}')
    return name


def files_of(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login], logger: int
) -> dict[str, HostFile]:
    """What every such machine has, under what the author wrote; every folder above a file is there. `logger` is the pid
    of what writes the log of the system.
    """
    booted = names.at(part.booted)
    made = {file.path: file for file in ordinary_files(names, part, parts, logins, booted)}
    host = host_of(names, part, logins, logger)
    for path, text in ((SYSLOG, syslog_of(host)), (AUTHLOG, authlog_of(host))):
        made[path] = HostFile(path, text, ROOT, "adm", 0o640)
    for number, each in chosen(names, part.files):
        file = file_of(names, part, number, each, logins)
        made[file.path] = file
    for number, kept in enumerate(part.repositories):
        made |= {file.path: file for file in repository_files(names, part, number, kept, logins, made)}
    above = dict.fromkeys(folder for path in made for folder in folders_above(path))
    for folder in above:
        made.setdefault(folder, HostFile(folder, mode=0o755, sort="directory", at=booted))
    for path, file in made.items():
        if file.sort != "directory" and path in above:
            names.fault(part, "files", f"{path} is a file, and something stands below it")
    return dict(sorted(made.items()))


def host_of(names: Resolver, part: ServerPart, logins: dict[str, Login], logger: int) -> Host:
    """What the logs of the system tell of: all accounts, those of people by their person."""
    people = names.facts.people
    human = {each.id for each in logins.values() if (known := people.get(each.person)) and known.sort == "human"}
    visitors = (
        Visitor(each.id, each.uid, each.person if each.id in human else "", each.sudo) for each in logins.values()
    )
    jobs = ((each.account, each.line) for _, each in chosen(names, part.cron) if not each.inert)
    services = (each.id for each in part.services)
    return Host(
        names.facts.seed, part.id, part.address, names.facts.start, names.at(part.booted), logger, (*visitors,),
        (*services,), (*jobs,),
    )  # fmt: skip


def repository_files(
    names: Resolver,
    part: ServerPart,
    number: int,
    kept: RepositoryPart,
    logins: dict[str, Login],
    files: dict[str, HostFile],
) -> Iterator[HostFile]:
    """What git keeps of the files below a folder: all of them are committed, by its owner, a day between commits."""
    way = ("repositories", number)
    owner = known_login(names, part, (*way, "owner"), kept.owner, logins)
    top = f"{kept.path}/"
    below = (file for file in files.values() if file.path.startswith(top) and file.sort == "file")
    inside = {file.path[len(top) :]: file for file in below}
    if not inside:
        names.fault(part, (*way, "path"), f"no file stands below {kept.path}: a repository keeps some")
    login = logins.get(owner, logins[ROOT])
    person = names.facts.people.get(login.person)
    author = f"{person.name} <{person.address}>" if person else f"{owner} <{owner}@{part.id}.{names.facts.domain}>"
    last = max((file.at for file in inside.values()), default=0)
    start = int(moment_after(names.facts.start, 0).timestamp())
    days = range(len(kept.log) - 1, -1, -1)
    commits = [(start + last - day * 86_400, message) for day, message in zip(days, kept.log, strict=True)]
    contents = {path: (0o100755 if file.mode & 0o100 else 0o100644, file.text) for path, file in inside.items()}
    group = login.groups[0]
    git = first_files(contents, kept.remote, kept.branch, author, commits)
    yield from (HostFile(f"{top}.git/{name}", text, owner, group, 0o644, at=last) for name, text in git.items())
    above = {folder for name in git for folder in folders_above(f"{top}.git/{name}")}
    folders = {f"{top}.git/hooks", *(folder for folder in above if folder.startswith(f"{top}.git"))}
    yield from (HostFile(folder, "", owner, group, 0o755, "directory", at=last) for folder in sorted(folders))


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
    uses = Uses(each.uses.cpu, each.uses.memory, each.uses.gpu) if each.uses else None
    return HostFile(each.path, text, owner, group, mode, sort, at=names.at(each.at), uses=uses)


def folders_above(path: str) -> Iterator[str]:
    """Every folder a path stands in, but the root."""
    parts = path.split("/")[1:-1]
    for depth in range(1, len(parts) + 1):
        yield "/" + "/".join(parts[:depth])


def ordinary_files(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login], booted: int
) -> Iterator[HostFile]:
    """Folders, accounts, names of the neighbours and units of services, as on any such machine."""
    for login in logins.values():
        if login.home.startswith("/home/"):
            yield HostFile(login.home, "", login.id, login.groups[0], 0o750, "directory", at=booted)
            for name, text in AT_HOME:
                yield HostFile(f"{login.home}/{name}", text, login.id, login.groups[0], at=booted)
    yield from machine_files(booted)
    for path, text, mode in ordinary_texts(names, part, parts, logins):
        yield HostFile(path, text, mode=mode, at=booted)
    yield from journal_files(names, part, booted)
    yield from table_files(names, part, logins, booted)
    for service in part.services:
        if service.enabled:
            yield link_to(f"/etc/systemd/system/{service.id}.service", booted)
        yield HostFile(f"/etc/systemd/system/{service.id}.service", unit_text(service), at=booted)
        yield program_of(service, booted)
        if service.log:
            yield HostFile(service.log, "", service.account, service.account, 0o644, at=booted)


def table_files(names: Resolver, part: ServerPart, logins: dict[str, Login], booted: int) -> Iterator[HostFile]:
    """The tables of scheduled jobs of its accounts, in their folder."""
    yield HostFile(TABLES.rstrip("/"), "", ROOT, GROUP, 0o1730, "directory", at=booted)
    lines: dict[str, list[str]] = {}
    for number, each in chosen(names, part.cron):
        owner = known_login(names, part, ("cron", number, "account"), each.account, logins)
        lines.setdefault(owner, []).append(each.line)
    for owner, rows in lines.items():
        text = text_of(rows, moment_after(names.facts.start, booted))
        yield HostFile(TABLES + owner, text, owner, GROUP, MODE, at=booted)


def link_to(unit: str, booted: int) -> HostFile:
    """What says that a unit starts with the machine."""
    return HostFile(WANTS + unit.rpartition("/")[2], unit, mode=0o777, sort="link", at=booted)


def journal_files(names: Resolver, part: ServerPart, booted: int) -> Iterator[HostFile]:
    """The number of a machine, and its journal: what was written until some days ago was put by."""
    machine = "".join(f"{draw(names.facts.seed, half, part.id):016x}" for half in ("machine", "its rest"))
    yield HostFile("/etc/machine-id", f"{machine}\n", mode=0o444, at=booted)
    begun = max(booted, -4 * 86_400 + draw(names.facts.seed, "journal", part.id) % 86_400)
    kept = [("system", begun)]
    if begun > booted:
        first, last = (int(moment_after(names.facts.start, at).timestamp()) * 10**6 for at in (booted, begun))
        kept.append((f"system@{machine}-{first:016x}-{last:016x}", begun))
    for name, at in kept:
        yield HostFile(
            f"/var/log/journal/{machine}/{name}.journal", JOURNAL, ROOT, "systemd-journal", 0o640, binary=True, at=at,
            size=8_388_600,
        )  # fmt: skip


@lru_cache(maxsize=64)
def machine_files(booted: int) -> tuple[HostFile, ...]:
    """What a machine had when it was set up."""
    folders = [HostFile(path, mode=mode, sort="directory", at=booted) for path, mode in FOLDERS]
    folders += [HostFile(path, to, mode=0o777, sort="link", at=booted) for path, to in LINKS]
    units = [(f"/lib/systemd/system/{name}.service", title, command) for name, title, command in SERVICES]
    texts = [(path, unit_of(title, ROOT, command), 0o644) for path, title, command in units]
    links = (link_to(path, booted) for path, _, _ in units)
    return (*folders, *links, *(HostFile(path, text, mode=mode, at=booted) for path, text, mode in (*texts, *TEXTS)))


def program_of(service: ServicePart, booted: int) -> HostFile:
    """What a service runs: a binary of some megabytes, unless the author wrote it."""
    path = service.command.split()[0]
    size = 1_048_576 + draw(0, "program", path) % 6_000_000
    return HostFile(path, ELF, mode=0o755, binary=True, size=size, at=booted, uses=Uses(cpu=4, memory=6))


def ordinary_texts(
    names: Resolver, part: ServerPart, parts: list[ServerPart], logins: dict[str, Login]
) -> Iterator[tuple[str, str, int]]:
    """Path, content and mode of the files that say what a machine is."""
    domain = names.facts.domain
    yield "/etc/hostname", f"{part.id}\n", 0o644
    hosts = [f"{each.address}\t{each.id}.{domain} {each.id}" for each in parts]
    yield "/etc/hosts", "\n".join(["127.0.0.1\tlocalhost", *hosts, ""]), 0o644
    yield "/etc/os-release", release_of(part.system), 0o644
    system = {each: each for each in logins if logins[each].uid < 1000 or each == "nobody"}
    rows = [
        f"{each.id}:x:{each.uid}:{each.uid}:{system.get(each.id, '')}:{each.home}:{shell_of(each)}"
        for each in logins.values()
    ]
    yield "/etc/passwd", "\n".join([*rows, ""]), 0o644
    yield "/etc/shadow", "".join(f"{each.id}:!:21000:0:99999:7:::\n" for each in logins.values()), 0o640
    members: dict[str, list[str]] = {}
    for each in logins.values():
        for group in each.groups:
            members.setdefault(group, [])
            if group != each.id:
                members[group].append(each.id)
    for group in USUAL_GROUPS:
        members.setdefault(group, [])
    numbers = USUAL_GROUPS | {each.groups[0]: each.uid for each in logins.values()}
    rows = [
        f"{group}:x:{numbers.get(group, 200 + n)}:{','.join(who)}" for n, (group, who) in enumerate(members.items())
    ]
    yield "/etc/group", "\n".join([*rows, ""]), 0o644
    yield "/etc/sudoers", "root\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n", 0o440
    yield "/etc/resolv.conf", f"search {domain}\nnameserver {part.address.rpartition('.')[0]}.2\n", 0o644
    yield "/etc/shells", "/bin/sh\n/bin/bash\n", 0o644


def release_of(system: str) -> str:
    """What a system says of itself, such as `Debian GNU/Linux 12 (bookworm)`."""
    name, _, rest = system.rpartition(" ")[0].rpartition(" ") if "(" in system else (system, "", "")
    code = system.rpartition("(")[2].rstrip(")") if "(" in system else ""
    dated = f'VERSION_ID="{rest}"\nVERSION="{rest} ({code})"\nVERSION_CODENAME={code}\n' if code else ""
    return f'PRETTY_NAME="{system}"\nNAME="{name}"\n{dated}ID={system.split()[0].lower()}\n'


def shell_of(login: Login) -> str:
    """What an account gets that logs in."""
    return "/bin/bash" if login.home.startswith(("/root", "/home/")) else "/usr/sbin/nologin"


def unit_text(service: ServicePart) -> str:
    """What systemd is told of an authored service."""
    return unit_of(service.title, service.account, service.command)


def unit_of(title: str, account: str, command: str) -> str:
    """What systemd is told of a service."""
    command = command.removeprefix("sshd: ").partition(" [listener]")[0]
    return (
        f"[Unit]\nDescription={title}\nAfter=network.target\n\n[Service]\nUser={account}\n"
        f"ExecStart={command}\nRestart=no\n\n[Install]\nWantedBy=multi-user.target\n"
    )
