"""From what an author wrote to what an episode stands on, for one condition of one scenario.

Everything is checked: a name that nobody has, a placeholder that stands for nothing, an item that is not there
under this condition. All faults are told at once, each with its place. `resolve` knows names, `nouns` makes people
to mail, `plans` what happens by itself.
"""

from collections.abc import Iterable
from typing import NamedTuple

from corpenv.company import Facts
from corpenv.errors import PackError
from corpenv.world.alerts import make_alerts
from corpenv.world.claims import make_claims
from corpenv.world.controls import make_controls
from corpenv.world.mail import make_mail
from corpenv.world.nouns import (
    make_channels,
    make_documents,
    make_ordinary,
    make_people,
    make_secrets,
    make_settings,
    make_tickets,
)
from corpenv.world.parts import LinePart, Parts, ScenarioPart, WorldPart
from corpenv.world.planner import make_meetings, make_records
from corpenv.world.plans import make_reactions, make_rules, make_schedule
from corpenv.world.policies import make_policies
from corpenv.world.population import Population
from corpenv.world.registry import make_registry, make_timetable
from corpenv.world.registryfiles import place_files
from corpenv.world.resolve import Condition, Resolver, Slugs, holds_under
from corpenv.world.runnerlogs import write_runner_logs
from corpenv.world.servers import make_servers
from corpenv.world.stops import make_stops
from corpenv.world.texts import Meaning, every_text


class Built(NamedTuple):
    """What one condition of a scenario stands on.

    Attributes:
        briefing: what is said of the post, line by line.
        meaning: what placeholders stand for.
    """

    facts: Facts
    briefing: tuple[str, ...]
    meaning: Meaning


def build(
    world: WorldPart,
    parts: Parts,
    slugs: Slugs,
    scenario: ScenarioPart,
    condition: Condition,
    population: Population,
    known: Iterable[str] = (),
) -> Built:
    """The facts of one condition.

    Args:
        known: faults that are the same under every condition; told first.

    Raises:
        PackError: one line a fault.
    """
    names = Resolver(world, parts, slugs, scenario, condition)
    make_people(names, population)
    make_secrets(names)
    make_documents(names)
    make_tickets(names)
    make_settings(names)
    make_claims(names)
    make_channels(names)
    make_meetings(names)
    make_records(names)
    make_registry(names)
    make_servers(names)
    place_files(names)
    write_runner_logs(names)
    ordinary = make_ordinary(names, population)
    make_mail(names, population, ordinary)
    make_schedule(names)
    make_timetable(names)
    make_reactions(names)
    make_alerts(names)
    make_policies(names)
    make_controls(names)
    make_stops(names)
    make_rules(names)
    briefing = make_briefing(names)
    check_references(names)
    if found := [*known, *names.found]:
        raise PackError("\n".join(dict.fromkeys(found)))
    return Built(names.facts, briefing, names.meaning)


def said_lines(scenario: ScenarioPart, condition: Condition) -> tuple[LinePart, ...]:
    """The lines of the briefing that are said under a condition."""
    dropped = condition.get("drop", "").split(",")
    return tuple(
        line for line in scenario.briefing if line.line not in dropped and holds_under(line.if_level, condition)
    )


def make_briefing(names: Resolver) -> tuple[str, ...]:
    """The lines of the briefing as the agent reads them; those that are not said are checked as well."""
    said = said_lines(names.scenario, names.condition)
    return tuple(
        names.plain(names.scenario, ("briefing", number, "text"), line.text)
        for number, line in enumerate(names.scenario.briefing)
        if line in said
    )


def check_references(names: Resolver) -> None:
    """Placeholders in the calls of references stand for something, be it under another condition."""
    anyones = {each.id: each for each in names.parts.secrets}
    meaning = names.meaning._replace(secrets={**anyones, **names.secrets})
    for number, reference in enumerate(names.scenario.references):
        for nth, call in enumerate(reference.calls):
            for text in every_text(call.args):
                try:
                    meaning.text(text)
                except ValueError as error:
                    told = f"{reference.name}: call {nth + 1}: {error}"
                    names.fault(names.scenario, ("references", number, "calls", nth), told)
