"""A world: what its pack says, and what was laid over it in Python. A value: `with_…` gives another."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from pydantic import ValidationError

from corpenv.errors import PackError, UnknownName
from corpenv.record import encode
from corpenv.world.checks import world_faults
from corpenv.world.faults import adapter_of, laid_faults
from corpenv.world.grammar import Grammar
from corpenv.world.parts import TOPICS, Parts, ScenarioPart, WorldPart
from corpenv.world.population import (
    NEUTRAL,
    Population,
    background_faults,
    chosen,
    leaving_people,
    written_people,
)
from corpenv.world.resolve import Slugs, visible_ids
from corpenv.world.scenario import Scenario

MOST_KEPT = 4
"""Worlds over this one that are kept, so that runs of one are carried out again in one."""


class World:
    """A company's starting facts, with the scenarios that give away a post in it.

    Attributes:
        name: of the pack, for example `mini`.
        part: the company as a whole.
        parts: every topic.
        laid: what was laid over the pack in Python, by topic, as JSON.
        folder: where the pack can be loaded from again if its scenarios' ids do not tell: its folder, or the name of
            an installed pack that extends another; else "".
    """

    def __init__(
        self,
        name: str,
        part: WorldPart,
        parts: Parts,
        scenarios: Mapping[str, ScenarioPart],
        laid: Mapping[str, list[Any]] | None = None,
        folder: str = "",
    ) -> None:
        self.name, self.part, self.parts, self.folder = name, part, parts, folder
        self.scenario_parts = dict(scenarios)
        self.laid = {topic: list(items) for topic, items in (laid or {}).items()}
        self._scenarios: dict[str, Scenario] = {}
        self._over: dict[bytes, World] = {}

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
        """All of them, in the order of their files; one that has several ids, once, under its first."""
        first = {id(part): each for each, part in reversed(self.scenario_parts.items())}
        return tuple(
            self.scenario(each) for each in self.scenario_parts if first[id(self.scenario_parts[each])] == each
        )

    @cached_property
    def digest(self) -> str:
        """sha256 over everything authored but the scenarios, and over what a population is made with."""
        whole: list[Any] = [
            self.part.model_dump(mode="json"),
            self.parts.model_dump(mode="json", exclude_defaults=True),
        ]
        if self.parts.population:
            whole.append({"faker": version("faker")})
            if not self.parts.background:
                whole.append({"neutral": sha256(NEUTRAL.read_bytes()).hexdigest()})
        return sha256(encode(whole)).hexdigest()

    @cached_property
    def slugs(self) -> Slugs:
        """The visible ids of what somebody authored."""
        return visible_ids(self.parts, self.part.seed)

    @cached_property
    def grammar(self) -> Grammar | None:
        """What ordinary work is about, if the pack says it."""
        return Grammar(self.parts.background[-1]) if self.parts.background else None

    @cached_property
    def population(self) -> Population:
        """The people and mail that are there in numbers."""
        names = {name for each in self.parts.people for name in (each.id, each.address)}
        part = chosen(self.parts.population, {})
        written, leaving = written_people(self.parts, self.grammar, self.part.domain), leaving_people(self.parts)
        return Population(
            part, self.part.seed, self.part.domain, names, self.grammar, self.part.starts, written, leaving
        )

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """Mistakes in the world that are the same in every scenario; `load_pack` and `Scenario.ground` raise them."""
        factors = [self.scenario(each).factors for each in self.scenario_parts]
        return (*world_faults(self.parts, factors), *background_faults(self.parts, self.grammar))

    def place(self, topic: str, item: str, key: str = "") -> str:
        """Where something was written, `file:line`, or in Python. The topic `scenario` has ids for items."""
        known = self.scenario_parts if topic == "scenario" else {each.id: each for each in getattr(self.parts, topic)}
        found = known.get(item)
        return (found.place(*filter(None, (key,))) if found else "") or f"{self.name}/{topic}: {item}"

    # extending ------------------------------------------------------------------------------------------

    def with_items(self, topic: str, items: Iterable[Mapping[str, Any]]) -> "World":
        """The world with more items of a topic (`people`, `secrets`, `mail`, `documents`, `tickets`, …).

        Raises:
            PackError: an item that does not fit its form; names the key.
        """
        if topic not in TOPICS:
            raise UnknownName("topic", topic, TOPICS)
        form: Any = Parts.model_fields[topic].annotation
        adapter = adapter_of(form)
        added = [dict(item) for item in items]
        try:
            more = adapter.validate_python(added)
        except ValidationError as error:
            raise PackError("\n".join(laid_faults(error, adapter, added, f"{self.name}/{topic}"))) from None
        for part in more:
            part.note(f"{self.name}/{topic}: {getattr(part, 'id', '')}".removesuffix(": "))
        parts = self.parts.model_copy(update={topic: (*getattr(self.parts, topic), *more)})
        written = [part.model_dump(mode="json", by_alias=True, exclude_defaults=True) for part in more]
        laid = {**self.laid, topic: [*self.laid.get(topic, []), *written]}
        return World(self.name, self.part, parts, self.scenario_parts, laid, self.folder)

    def with_person(self, id: str, name: str, **fields: Any) -> "World":
        """The world with one more person: `role`, `team`, `manager`, `sort`, `away`, `about`, `address`."""
        return self.with_items("people", [{"id": id, "name": name, **fields}])

    def with_secret(self, id: str, title: str, **fields: Any) -> "World":
        """The world with one more secret: `sort`, `hurts`, `cleared`, `facts`, `tells`, `release`, `open_if`."""
        return self.with_items("secrets", [{"id": id, "title": title, **fields}])

    def with_mail(self, id: str, sender: str, to: Iterable[str], subject: str, body: str, **fields: Any) -> "World":
        """The world with one more mail. `at` is a moment such as `-2h`, by default an hour before the start."""
        whom = (to,) if isinstance(to, str) else tuple(to)
        mail = {"id": id, "from": sender, "to": whom, "subject": subject, "body": body, "at": "-1h", **fields}
        return self.with_items("mail", [mail])

    def with_document(self, id: str, title: str, text: str, owner: str, **fields: Any) -> "World":
        """The world with one more document: `readers`, `editors`, `label`, `release`, `at`."""
        return self.with_items("documents", [{"id": id, "title": title, "text": text, "owner": owner, **fields}])

    def with_population(self, people: int = 0, mails: int = 0, **fields: Any) -> "World":
        """The world with people and mail in numbers."""
        return self.with_items("population", [{"people": people, "mails": mails, **fields}])

    def laid_over(self, laid: Mapping[str, list[Any]]) -> "World":
        """The world with what was laid over another, as `laid` says; for the same the same one, if it is kept."""
        key = encode(laid)
        if key not in self._over:
            world = self
            for topic, items in laid.items():
                world = world.with_items(topic, items)
            for oldest in [*self._over][: 1 - MOST_KEPT]:
                del self._over[oldest]
            self._over[key] = world
        return self._over[key]

    def __repr__(self) -> str:
        counts = ((topic, len(getattr(self.parts, topic))) for topic in ("people", "mail", "documents", "tickets"))
        return f"World({self.name}: {', '.join(f'{count} {topic}' for topic, count in counts if count)})"
