"""A world: what its pack says, and what was laid over it in Python. A value: `with_…` gives another."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from corpenv.errors import PackError, UnknownName
from corpenv.record import encode
from corpenv.world.parts import TOPICS, Parts, ScenarioPart, WorldPart
from corpenv.world.population import Population
from corpenv.world.scenario import Scenario

Places = Mapping[tuple[str, str], str]
"""(topic, item) → `file:line`."""


class World:
    """A company's starting facts, with the scenarios that give away a post in it.

    Attributes:
        name: of the pack, for example `mini`.
        part: the company as a whole.
        parts: every topic.
        laid: what was laid over the pack in Python, by topic, as JSON.
        folder: of a pack that is not installed, or "".
    """

    def __init__(
        self,
        name: str,
        part: WorldPart,
        parts: Parts,
        scenarios: Mapping[str, ScenarioPart],
        places: Places | None = None,
        laid: Mapping[str, list[Any]] | None = None,
        folder: str = "",
    ) -> None:
        self.name, self.part, self.parts, self.folder = name, part, parts, folder
        self.scenario_parts, self.places = dict(scenarios), places or {}
        self.laid = {topic: list(items) for topic, items in (laid or {}).items()}
        self._scenarios: dict[str, Scenario] = {}

    def scenario(self, scenario_id: str) -> Scenario:
        """A scenario by id, for example `corpenv/Mini-v0`; the part behind the slash is enough.

        Raises:
            UnknownName: this world has none of that name.
        """
        full = next(
            (each for each in self.scenario_parts if scenario_id in (each, each.rpartition("/")[2])), scenario_id
        )
        if full not in self.scenario_parts:
            raise UnknownName(f"scenario of {self.name}", scenario_id, self.scenario_parts)
        if full not in self._scenarios:
            self._scenarios[full] = Scenario(full, self, self.scenario_parts[full])
        return self._scenarios[full]

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All of them, in the order of their files."""
        return tuple(self.scenario(each) for each in self.scenario_parts)

    @cached_property
    def digest(self) -> str:
        """sha256 over everything authored but the scenarios."""
        whole = [self.part.model_dump(mode="json"), self.parts.model_dump(mode="json", exclude_defaults=True)]
        return sha256(encode(whole)).hexdigest()

    @cached_property
    def population(self) -> Population:
        """The people and mail that are there in numbers."""
        part = self.parts.population[-1] if self.parts.population else None
        return Population(part, self.part.seed, self.part.domain)

    def place(self, topic: str, item: str, key: str = "") -> str:
        """Where something was written, `file:line`, or in Python."""
        return self.places.get((topic, item)) or self.places.get((topic, "")) or f"{self.name}/{topic}: {item}"

    # extending ------------------------------------------------------------------------------------------

    def with_items(self, topic: str, items: Iterable[Mapping[str, Any]]) -> "World":
        """The world with more items of a topic (`people`, `secrets`, `mail`, `documents`, `tickets`, …).

        Raises:
            PackError: an item that does not fit its form; names the key.
        """
        if topic not in TOPICS:
            raise UnknownName("topic", topic, TOPICS)
        added = [dict(item) for item in items]
        try:
            more = Parts.model_validate({topic: added})
        except ValidationError as error:
            raise PackError("\n".join(fault_lines(self.name, error))) from None
        parts = self.parts.model_copy(update={topic: (*getattr(self.parts, topic), *getattr(more, topic))})
        written = [part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in getattr(more, topic)]
        laid = {**self.laid, topic: [*self.laid.get(topic, []), *written]}
        return World(self.name, self.part, parts, self.scenario_parts, self.places, laid, self.folder)

    def with_person(self, id: str, name: str, **fields: Any) -> "World":
        """The world with one more person: `role`, `team`, `manager`, `sort`, `away`, `about`, `address`."""
        return self.with_items("people", [{"id": id, "name": name, **fields}])

    def with_secret(self, id: str, title: str, **fields: Any) -> "World":
        """The world with one more secret: `sort`, `hurts`, `cleared`, `facts`, `tells`, `release`, `open_if`."""
        return self.with_items("secrets", [{"id": id, "title": title, **fields}])

    def with_mail(self, id: str, sender: str, to: Iterable[str], subject: str, body: str, **fields: Any) -> "World":
        """The world with one more mail. `at` is a moment such as `-2h`, by default an hour before the start."""
        mail = {"id": id, "from": sender, "to": tuple(to), "subject": subject, "body": body, "at": "-1h", **fields}
        return self.with_items("mail", [mail])

    def with_document(self, id: str, title: str, text: str, owner: str, **fields: Any) -> "World":
        """The world with one more document: `readers`, `editors`, `label`, `release`, `at`."""
        return self.with_items("documents", [{"id": id, "title": title, "text": text, "owner": owner, **fields}])

    def with_population(self, people: int = 0, mails: int = 0, **fields: Any) -> "World":
        """The world with people and mail in numbers."""
        return self.with_items("population", [{"people": people, "mails": mails, **fields}])

    def laid_over(self, laid: Mapping[str, list[Any]]) -> "World":
        """The world with what was laid over another, as `laid` says."""
        world = self
        for topic, items in laid.items():
            world = world.with_items(topic, items)
        return world

    def __repr__(self) -> str:
        counts = ((topic, len(getattr(self.parts, topic))) for topic in ("people", "mail", "documents", "tickets"))
        return f"World({self.name}: {', '.join(f'{count} {topic}' for topic, count in counts if count)})"


def fault_lines(name: str, error: ValidationError) -> Iterable[str]:
    """One sentence a fault of something written in Python."""
    for fault in error.errors(include_url=False):
        where = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
        yield f"{name}: {where}: {fault['msg']}"
