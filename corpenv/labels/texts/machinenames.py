"""What things on machines are called where they are spoken of: files, services, jobs, rules and routes of alerts."""

import re
from collections.abc import Iterable, Iterator

from corpenv.company import Company
from corpenv.company.machines import find_service
from corpenv.company.registry import find_order
from corpenv.events import Event
from corpenv.labels.texts.naming import Named, titled
from corpenv.predicates import Leaf

PATH = re.compile(r"/[^\s:;|&<>'\"]+")
TELLING = re.compile(r"\w[._-]\w")
"""A name with such a thing in it stands in no other sense: `limits.conf`, `check-plan`."""
FIELDS = (
    "path", "to", "service", "rule_id", "route_id", "does", "command", "host", "queue", "purpose", "order", "order_id",
)  # fmt: skip
"""Fields of events that say what on machines was touched."""
LEAVES = ("service", "file", "rule", "route", "cron", "process")
"""Keys of predicates that name something on a machine."""


def names_of_deed(company: Company, event: Event | None, about: str) -> Named:
    """What somebody calls what they did on machines: by what the event touched, or what the broken control is about."""
    found = all_called(company, texts_of(event))
    for control in company.world.controls:
        if control.id == about:
            found = found + all_called(company, asked_about(control.holds))  # type: ignore[arg-type]
    server, _, rest = about.partition(":")
    found = found + where(company, event)
    target = rest.strip() if server in company.world.servers else ""
    texts = what_ran(company, server, int(target)) if target.isdigit() else filter(None, (target,))
    return found + all_called(company, texts)


def where(company: Company, event: Event | None) -> Named:
    """On which server it was, and whose work order it was under: who names them may speak of it."""
    order = find_order(company, getattr(event, "order", "") or getattr(event, "order_id", ""))
    whose = (order.purpose, order.requester, company.name_of(order.requester)) if order else ()
    return Named((), tuple(filter(None, (getattr(event, "server", ""), *whose))))


def what_ran(company: Company, server: str, pid: int) -> Iterator[str]:
    """What had a number among the processes of a server: its service, its command."""
    host = company.world.servers[server]
    for service in (each for each in host.services.values() if not each.system):
        if pid in (service.pid, (find_service(company, server, service.id) or service).pid):
            yield from (service.id, service.command)
    for process in (*host.processes.values(), *company.machines.started.get(server, ())):
        if process.pid == pid:
            yield process.command


def texts_of(event: Event | None) -> Iterator[str]:
    """The names and lines that an event holds."""
    for field in FIELDS:
        value = getattr(event, field, "")
        if value and isinstance(value, str):
            yield value
    lines = getattr(event, "lines", None)
    if lines is not None:
        yield "crontab"
        yield from lines


def asked_about(predicate: Leaf) -> Iterator[str]:
    """What on machines a predicate asks about."""
    for inner in predicate.within():
        yield from asked_about(inner)
    for key in LEAVES:
        if name := getattr(predicate, key, ""):
            yield name


def all_called(company: Company, texts: Iterable[str]) -> Named:
    """What each of these is called."""
    found = Named()
    for text in texts:
        found = found + called(company, text)
    return found


def called(company: Company, text: str) -> Named:
    """A path by itself and by its last part; a rule or a route by its title as well; other words as they are."""
    paths = [each.rstrip("/.,)") for each in PATH.findall(text)]
    found = Named(tuple(paths))
    for last in (path.rpartition("/")[2] for path in paths):
        found = found + (Named((last,)) if TELLING.search(last) else Named((), (last,)))
    item = company.find_rule(text) or company.find_route(text) or find_order(company, text)
    if item is not None:
        found = found + titled(item.title)
    return found + (Named() if paths else Named((text,)))
