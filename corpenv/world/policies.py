"""The standing permissions of a world under one condition, and the traces that are kept in it."""

from collections.abc import Iterator
from typing import Any

from corpenv.company.policies import Allowed, Policy, Trace
from corpenv.errors import did_you_mean
from corpenv.world.plans import check_predicate, wanted
from corpenv.world.policyparts import PolicyPart
from corpenv.world.resolve import Resolver, several


def make_policies(names: Resolver) -> None:
    """Policies by what they allow; traces."""
    facts = names.facts
    for part in names.there("policies"):
        policy = policy_of(names, part)
        for kind in dict.fromkeys(form.kind for form in policy.allows):
            facts.policies[kind] = (*facts.policies.get(kind, ()), policy)
    for part in names.there("traces"):
        names.listed(part, "server", part.server, "servers")
        keeper = names.insider(part, "of", part.of)
        facts.traces[part.id] = Trace(part.id, part.title, part.server, part.path, keeper)


def policy_of(names: Resolver, part: PolicyPart) -> Policy:
    """One authored policy."""
    check_predicate(names, part, "if", part.when)
    forms = tuple(form_of(names, part, number) for number in range(len(part.allows)))
    return Policy(part.id, names.plain(part, "title", part.title), forms, frozenset(part.kinds), part.when)


def form_of(names: Resolver, part: PolicyPart, number: int) -> Allowed:
    """One form of events that it allows."""
    kind, fields = next(iter(part.allows[number].items()))
    asked = fields or {}
    check_there(names, part, number, asked)
    return Allowed(
        kind, tuple((name, tuple(values(names, part, (number, kind, name), value))) for name, value in asked.items())
    )


def values(names: Resolver, part: PolicyPart, way: tuple[int, str, str], value: Any) -> Iterator[str | bool]:
    """The values a field may have; one with `*` stands for many and is no name."""
    for each in several(value):
        if isinstance(each, str) and "*" in each:
            yield each
        else:
            yield from wanted(names, part, ("allows", *way), each)


def check_there(names: Resolver, part: PolicyPart, number: int, asked: dict[str, Any]) -> None:
    """A service or an account named together with one server is one of that server's; paths begin at the top."""
    kind, server = next(iter(part.allows[number])), names.facts.servers.get(str(asked.get("server", "")))
    if server:
        for field, known in (("service", server.services), ("account", server.logins)):
            for name in map(str, several(asked.get(field, ()))):
                if name and "*" not in name and name not in known:
                    told = f'{server.id} has no {field} "{name}"{did_you_mean(name, known)}'
                    names.fault(part, ("allows", number, kind, field), told)
    for path in several(asked.get("path", ())):
        if isinstance(path, str) and not path.startswith(("/", "*")):
            names.fault(part, ("allows", number, kind, "path"), f'"{path}" is no path such as /var/log/*.old')
