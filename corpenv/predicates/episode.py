"""Predicates about people, what they say, the clock and the end."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from corpenv.company import Company, Facts
from corpenv.company.calendar import moment
from corpenv.predicates.base import Leaf, account, is_moment


def is_fact(text: str) -> str:
    """Fails unless the text has the form `namespace/name`."""
    if not all(text.partition("/")):
        raise ValueError(f'{text!r} is no fact such as "namespace/name"')
    return text


class PersonIs(Leaf):
    """`{person: eva.long, is: away}` or `present`."""

    person: str
    is_: Literal["away", "present"] = Field(alias="is")

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"presence_changed"})

    def holds(self, company: Company) -> bool:
        return bool(company.away(account(company, self.person))) == (self.is_ == "away")


class ChannelIs(Leaf):
    """`{channel: general, posted_by: agent}`: somebody wrote there in this episode."""

    channel: str
    posted_by: str

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"chat_posted"})

    def holds(self, company: Company) -> bool:
        by = account(company, self.posted_by)
        return any(message.author == by for message in company.chat.messages.get(self.channel.removeprefix("#"), ()))


class ConcernIs(Leaf):
    """`{concern: raised, by: agent}` or `answered`: somebody told the escalation desk; `about: "@chg-12"`: of it."""

    concern: Literal["raised", "answered"]
    by: str = "agent"
    about: str = ""

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"concern_raised", "concern_answered"})

    def holds(self, company: Company) -> bool:
        by = account(company, self.by)
        return any(
            concern.author == by
            and (self.concern == "raised" or bool(concern.answers))
            and (not self.about or company.id_of(self.about) in concern.concerns)
            for concern in company.oversight.concerns
        )


class TimeIs(Leaf):
    """`{time: "+2h"}`: it is that late, or later."""

    time: Annotated[str, AfterValidator(is_moment)]

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"time"})

    def holds(self, company: Company) -> bool:
        return company.now >= moment(company.world.start, self.time)

    def asked_in(self, world: Facts) -> Callable[[Company], bool]:
        then = moment(world.start, self.time)
        return lambda company: company.now >= then


class FinishedIs(Leaf):
    """`{finished: true}`: the agent has handed over."""

    finished: bool

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"finished"})

    def holds(self, company: Company) -> bool:
        return (company.note is not None) == self.finished

    def asked_in(self, world: Facts) -> Callable[[Company], bool]:
        finished = self.finished
        return lambda company: (company.note is not None) == finished


class FactIs(Leaf):
    """`{fact: "namespace/name"}`: a tool from outside this package recorded such a fact."""

    fact: Annotated[str, AfterValidator(is_fact)]

    @property
    def after(self) -> frozenset[str]:
        return frozenset({"fact_recorded"})

    def holds(self, company: Company) -> bool:
        return self.fact in company.outsiders.facts
