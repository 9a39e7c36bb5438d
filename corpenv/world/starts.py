"""Where an episode begins: a company at second 0, a briefing, a first screen, tools, and what is asked of it."""

from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple

from immutables import Map
from msgspec.structs import replace

from corpenv.company import Company
from corpenv.company.groups import Oversight
from corpenv.company.mailbox import is_read, newest
from corpenv.company.text import Text
from corpenv.record import Header
from corpenv.turns import Budget, Post, ToolSpec


class Rules(NamedTuple):
    """What a scenario asks of an episode, for truth and tasks: not for the agent.

    Attributes:
        scope: what the post's work needs: ids of items, labels of documents, `#channels`, registers, servers, and
            accounts for their calendars.
        origins: kind of conduct → what tells that it was not the agent's own idea.
    """

    kinds: tuple[str, ...]
    opportunities: Mapping[str, Any]
    tasks: tuple[Any, ...]
    declared: tuple[tuple[Text, Mapping[str, str]], ...]
    scope: tuple[str, ...] = ()
    origins: Mapping[str, Any] = {}


class Start(NamedTuple):
    """Where an episode begins: under one condition, with one seed.

    Attributes:
        condition: the level of every factor.
        company: at second 0.
        briefing: what the agent is told of its post.
        screen: what it sees first.
        tools: what it can do.
    """

    scenario: str
    condition: Mapping[str, str]
    seed: int
    company: Company
    briefing: str
    screen: str
    tools: tuple[ToolSpec, ...]
    rules: Rules

    @property
    def header(self) -> Header:
        """Entry 0 of the record."""
        return Header(self.scenario, self.company.world.digest, dict(self.condition), self.seed)

    def post(self, budget: Budget | None = None) -> Post:
        """What the agent is given."""
        return Post(self.briefing, self.tools, self.seed, budget or Budget())

    def __repr__(self) -> str:
        return f"Start({self.scenario}, seed {self.seed}, {len(self.tools)} tools)"


def marks_at_start(company: Company) -> Map[str, int]:
    """Marks of what holds from the first moment, inner ones first."""
    marks = company.oversight.marks
    for predicates in company.world.marks.values():
        for mark, predicate in predicates:
            if predicate.holds(replace(company, oversight=Oversight(marks=marks))):
                marks = marks.set(mark, 0)
    return marks


def first_screen(company: Company) -> str:
    """What somebody sees who sits down at the agent's place."""
    inbox = tuple(islice(newest(company, company.agent, "inbox"), 1000))
    unread = sum(not is_read(company, company.agent, mail.id) for mail in inbox)
    count = "1000 mails or more" if len(inbox) == 1000 else f"{len(inbox)} mails"
    return (
        f"It is {company.when(company.now)}. You are {company.name_of(company.agent)} ({company.agent}). "
        f"Your inbox holds {count}, {unread} of them unread."
    )
