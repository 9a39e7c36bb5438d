"""What differs between the servers of two companies."""

from collections.abc import Iterator

from corpenv.company.comparison import Change, compared, rows, turned
from corpenv.company.egress import Egress
from corpenv.company.hosts import HostFile, Process, Server, Service
from corpenv.company.machines import cron_of, egress_of, find_file, find_service, processes_of
from corpenv.company.state import Company
from corpenv.events import Connected


def of_machines(before: Company, after: Company) -> Iterator[Change]:
    """Servers: files, services, processes, scheduled jobs, what is let out, connections, and where shells stand."""
    for name in sorted({*before.world.servers, *after.world.servers}):
        first, second = before.world.servers.get(name), after.world.servers.get(name)
        if first is None or second is None:
            yield Change("+" if second else "-", "server", name, (second or first).title)  # type: ignore[union-attr]
        elif (before.machines, before.world) != (after.machines, after.world):
            yield from of_server(before, after, first, second)


def of_server(before: Company, after: Company, first: Server, second: Server) -> Iterator[Change]:
    """One server that both have."""
    name, both = first.id, ((before, first), (after, second))
    paths = {path for company, _ in both for path in company.machines.new.get(name, ())}
    paths |= {path for company, _ in both for server, path in company.machines.gone if server == name}
    if first != second:
        paths |= {*first.files, *second.files}

    def file(company: Company, path: str) -> HostFile | None:
        return find_file(company, name, path)

    yield from named(name, compared(before, after, "file", sorted(paths), file, file_words, file_change))

    def service(company: Company, service_id: str) -> Service | None:
        return find_service(company, name, service_id)

    services = sorted({*first.services, *second.services})
    yield from named(
        name, compared(before, after, "service", services, service, lambda company, found: found.status, service_change)
    )
    yield from rows("process", name, *([(each.pid, told_of(each)) for each in processes_of(*pair)] for pair in both))
    accounts = sorted({*first.logins, *second.logins})
    for account in accounts:
        yield from rows(
            "cron", f"{name}:{account}", *([(line, line) for line in cron_of(*pair, account)] for pair in both)
        )
    one, other = (egress_of(*pair) for pair in both)
    if one != other:
        yield Change("~", "egress", name, turned(*(egress_words(each) for each in (one, other))))
    yield from rows("connection", name, *(flows(company, name) for company, _ in both))
    for account in accounts:
        stood = tuple(pair[0].machines.folders.get((name, account), "home") for pair in both)
        if stood[0] != stood[1]:
            yield Change("~", "folder", f"{name}:{account}", turned(*stood))


def egress_words(egress: Egress) -> str:
    """What is let out, and what is kept from going out and from coming in."""
    told = [egress.policy, ", ".join(egress.allowed) or "nothing"]
    told += [f"blocked {', '.join(egress.blocked)}"] if egress.blocked else []
    told += [f"closed {', '.join(egress.closed)}"] if egress.closed else []
    return ", ".join([*told, *([] if egress.gateway else ["no way out"])])


def flows(company: Company, server: str) -> list[tuple[Connected, str]]:
    """The connections of a server, each with what is to be said of it."""
    made = company.machines.flows.get(server, ())
    return [(each, f"{each.account} → {each.host}:{each.port} {each.outcome}") for each in made]


def named(server: str, found: Iterator[Change]) -> Iterator[Change]:
    """Changes of things that have a name on one server only."""
    return (each._replace(id=f"{server}:{each.id}") for each in found)


def file_words(company: Company, file: HostFile) -> str:
    return f"{file.sort} of {file.owner}, {file.mode & 0o7777:o}"


def file_change(first: HostFile, second: HostFile) -> str:
    said = ["another text"] if first.text != second.text else []
    said += [turned(f"{first.mode & 0o7777:o}", f"{second.mode & 0o7777:o}")] if first.mode != second.mode else []
    said += [turned(first.owner, second.owner)] if first.owner != second.owner else []
    said += [f"flags {turned(first.flags, second.flags)}"] if first.flags != second.flags else []
    return "; ".join(said) or "again"


def service_change(first: Service, second: Service) -> str:
    said = [turned(first.status, second.status)] if first.status != second.status else []
    said += [f"pid {turned(first.pid, second.pid)}"] if first.pid != second.pid else []
    said += [turned(first.command, second.command)] if first.command != second.command else []
    said += ["another unit"] if first.unit != second.unit else []
    said += ["works again" if second.working else "does not work"] if first.working != second.working else []
    return "; ".join(said) or ("enabled" if second.enabled else "not enabled")


def told_of(process: Process) -> str:
    """What runs, and whether it stands still."""
    return f"{process.pid} {process.command}{' (stopped)' if process.paused else ''}"
