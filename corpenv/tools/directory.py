"""Directory: who works here, who leads whom, how to reach them."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from corpenv.company import Company
from corpenv.company.items import Person
from corpenv.errors import Refusal, did_you_mean
from corpenv.record import Answer
from corpenv.tools.base import Arguments, Line, Name, Page, Tool, hint, listing, page_of


class FindPerson(Arguments, frozen=True):
    query: Annotated[Line, Meta(description="Part of a name, account, role or team; empty lists everybody.")] = ""
    page: Page = 1


class ShowPerson(Arguments, frozen=True):
    person: Annotated[Name, Meta(description="Account or mail address, for example eva.long.")]


class ShowOrgChart(Arguments, frozen=True):
    team: Annotated[Line, Meta(description="One team only; empty shows the whole company.")] = ""


def find_person(company: Company, actor: str, args: FindPerson) -> Answer:
    """Find people in the company's directory by name, account, role or team."""
    wanted = args.query.lower()
    found = (
        person
        for person in company.world.people.values()
        if wanted in f"{person.name} {person.id} {person.role} {person.team} {person.address}".lower()
    )
    people, more = page_of(found, args.page)
    rows = [f"{person.id}  {person.name}, {person.role or 'no role given'}" for person in people]
    return Answer(listing("People", rows, more, args.page, f"Nobody in the directory matches {args.query!r}."))


def show_person(company: Company, actor: str, args: ShowPerson) -> Answer:
    """Show one person: role, team, manager, address, and whether they are away."""
    person = company.find_person(args.person)
    if person is None:
        near = hint(args.person, company.world.people, "find_person finds people")
        raise Refusal(f"nobody is called {args.person!r}{near}")
    lines = [f"{person.name} ({person.id})", f"Address: {person.address}"]
    lines += [f"{title}: {value}" for title, value in details(company, person) if value]
    return Answer("\n".join(lines))


def details(company: Company, person: Person) -> Iterator[tuple[str, str]]:
    """What else the directory says of somebody."""
    yield "Role", person.role
    yield "Team", person.team
    yield "Manager", f"{company.name_of(person.manager)} ({person.manager})" if person.manager else ""
    yield "About", person.about
    yield "Away", company.away(person.id)


def show_org_chart(company: Company, actor: str, args: ShowOrgChart) -> Answer:
    """Show who reports to whom."""
    staff = [person for person in company.world.people.values() if person.inside and person.sort != "machine"]
    if args.team:
        staff = [person for person in staff if person.team.lower() == args.team.lower()]
        if not staff:
            teams = sorted({person.team for person in company.world.people.values() if person.team})
            raise Refusal(f"there is no team {args.team!r}{did_you_mean(args.team, teams)}")
    names = {person.id for person in staff}
    reports: dict[str, list[Person]] = {}
    for person in staff:
        reports.setdefault(person.manager if person.manager in names else "", []).append(person)
    return Answer("\n".join(chart(reports, "", 0, 100)))


def chart(reports: dict[str, list[Person]], manager: str, depth: int, most: int) -> list[str]:
    """The people below a manager, indented, at most `most` rows."""
    rows: list[str] = []
    for person in reports.get(manager, ()):
        rows.append(f"{'  ' * depth}{person.name} ({person.id}), {person.role or 'no role given'}")
        rows += chart(reports, person.id, depth + 1, most)
    if depth == 0 and len(rows) > most:
        rows = [*rows[:most], f"… and {len(rows) - most} more; name a team to see it whole."]
    return rows


TOOLS = (
    Tool("find_person", "directory", FindPerson, find_person),
    Tool("show_person", "directory", ShowPerson, show_person),
    Tool("show_org_chart", "directory", ShowOrgChart, show_org_chart),
)
