"""What names in a pack stand for under one condition: people, items, settings and texts. Faults are gathered."""

from collections.abc import Iterable, Mapping, Set
from typing import Any, NamedTuple, Protocol

from corpenv.company import Facts
from corpenv.company.calendar import moment
from corpenv.company.text import Text
from corpenv.errors import did_you_mean
from corpenv.names import drawn_id
from corpenv.tools import TOOLS
from corpenv.world.forms import Levels, Part
from corpenv.world.parts import Parts, ScenarioPart, WorldPart
from corpenv.world.texts import Meaning

NOUNS = {
    "mail": "mail", "documents": "doc", "tickets": "ticket", "calendar": "meet", "records": "rec",
    "models": "model", "deployments": "dep", "orders": "wo", "jobs": "job", "prompts": "prompt",
    "alarms": "alarm", "rules": "alert",
}  # fmt: skip
"""Topics whose items have a visible id, and how it begins. That of a rule is the id of its first alert."""
EVERYONE = "everyone"

Condition = Mapping[str, str]
Keys = str | int | tuple[str | int, ...]


class Named(Protocol):
    """Something an author gave a name."""

    @property
    def id(self) -> str: ...
    @property
    def if_level(self) -> Levels: ...


def holds_under(if_level: Mapping[str, str | tuple[str, ...]], condition: Condition) -> bool:
    """Is something with these levels there under this condition? A factor the scenario lacks keeps it away."""
    return not if_level or all(condition.get(factor) in as_levels(levels) for factor, levels in if_level.items())


def as_levels(levels: str | tuple[str, ...]) -> tuple[str, ...]:
    """One level, or many, as many."""
    return (levels,) if isinstance(levels, str) else levels


class Slugs(NamedTuple):
    """What an author called an item → the id that people in the company see, the same under every condition.

    Attributes:
        topics: the ids of each topic.
    """

    ids: dict[str, str]
    topics: Mapping[str, Set[str]]


def visible_ids(parts: Parts, seed: int) -> Slugs:
    """The ids of everything in a world that has one."""
    ids: dict[str, str] = {}
    topics: dict[str, frozenset[str]] = {}
    taken: set[str] = set()
    for topic, noun in NOUNS.items():
        slugs = [slug for item in getattr(parts, topic) for slug in slugs_of(item)]
        for slug in slugs:
            if slug not in ids:
                ids[slug] = free_id(noun, seed, slug, taken)
        topics[topic] = frozenset(ids[slug] for slug in slugs)
    return Slugs(ids, topics)


def slugs_of(item: Named) -> tuple[str, ...]:
    """What an author's item can be called: a meeting that is held again, by its number too."""
    return (item.id, *(f"{item.id}.{number}" for number in range(2, getattr(item, "times", 1) + 1)))


def free_id(noun: str, seed: int, name: str, taken: set[str]) -> str:
    """The first id drawn from the name that is not taken, which it then is."""
    attempt = 0
    while (made := drawn_id(noun, seed, name, str(attempt))) in taken:
        attempt += 1
    taken.add(made)
    return made


def several(value: Any) -> tuple[Any, ...]:
    """One value, or many, as many."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


class Resolver:
    """Knows what there is under one condition, and gathers the faults it meets.

    Attributes:
        facts: what is made so far.
        found: the faults, one line each.
    """

    def __init__(
        self, world: WorldPart, parts: Parts, slugs: Slugs, scenario: ScenarioPart, condition: Condition
    ) -> None:
        self.world, self.parts, self.topics = world, parts, slugs.topics
        self.scenario, self.condition = scenario, condition
        self.found: list[str] = []
        self._there: dict[str, list[Any]] = {}
        self.facts = Facts(agent=scenario.post.account, start=world.starts, seed=world.seed, domain=world.domain)
        self.facts.slugs = slugs.ids
        self.secrets = {secret.id: secret for secret in self.there("secrets")}
        self.meaning = Meaning(world.starts, self.facts.people, self.secrets, self.facts.slugs)
        self._standing: dict[str, dict[str, None]] = {}

    def there(self, topic: str) -> list[Any]:
        """The items of a topic that are there under the condition, each slug once."""
        if topic not in self._there:
            items: Iterable[Named] = getattr(self.parts, topic)
            there = {item.id: item for item in items if holds_under(item.if_level, self.condition)}
            self._there[topic] = list(there.values())
        return self._there[topic]

    def fault(self, part: Part, keys: Keys, text: str) -> None:
        """Note a fault, once."""
        line = fault_line(part, keys, text)
        if line not in self.found:
            self.found.append(line)

    # texts and times ------------------------------------------------------------------------------------

    def text(self, part: Part, keys: Keys, written: str) -> Text:
        """A text with its placeholders."""
        try:
            return self.meaning.text(written)
        except ValueError as error:
            self.fault(part, keys, str(error))
            return written

    def plain(self, part: Part, keys: Keys, written: str) -> str:
        """A text that no seed may change."""
        text = self.text(part, keys, written)
        if not isinstance(text, str):
            self.fault(part, keys, "a drawn value cannot stand here")
            return written
        return text

    def at(self, when: str) -> int:
        """Seconds from the start."""
        return moment(self.world.starts, when)

    # names ----------------------------------------------------------------------------------------------

    def person(self, part: Part, keys: Keys, name: str) -> str:
        """An account that exists; `agent` is the post's."""
        if name == "agent":
            return self.facts.agent
        account = name if name in self.facts.people else self.facts.addresses.get(name, "")
        if name and not account:
            self.fault(part, keys, f'no person "{name}"{did_you_mean(name, self.authored_people())}')
        return account or name

    def insider(self, part: Part, keys: Keys, name: str) -> str:
        """An account of the company."""
        account = self.person(part, keys, name)
        found = self.facts.people.get(account)
        if found and not found.inside:
            self.fault(part, keys, f'"{name}" is outside the company')
        return account

    def people(self, part: Part, keys: Keys, names: Iterable[str]) -> tuple[str, ...]:
        """Accounts that exist; `everyone` is everybody inside."""
        way = several(keys)
        return tuple(
            name if name == EVERYONE else self.person(part, (*way, number), name) for number, name in enumerate(names)
        )

    def accounts(self, part: Part, keys: Keys, names: Iterable[str]) -> tuple[str, ...]:
        """Accounts that exist, each once, mailing lists taken apart; `everyone` is everybody inside."""
        found: dict[str, None] = {}
        for number, name in enumerate(names):
            listed = self.facts.lists.get(name)
            found |= dict.fromkeys(listed or self.people(part, (*several(keys), number), (name,)))
        return tuple(found)

    def authored_people(self) -> tuple[str, ...]:
        """Accounts to suggest: those somebody wrote, not those made in numbers."""
        return tuple(each.id for each in self.there("people"))

    def item(self, part: Part, keys: Keys, name: str, topic: str = "", now: bool = False) -> str:
        """The visible id of `@slug`, of a topic if one is named; "" stays "".

        Args:
            now: it must be there under this condition.
        """
        if not name:
            return ""
        made = self.facts.slugs.get(name.removeprefix("@"), "")
        known = self.topics[topic] if topic else self.facts.slugs.values()
        if made and made in known and (not now or made in self.standing(topic)):
            return made
        among = self.standing(topic) if now else known
        slugs = [f"@{slug}" for slug, each in self.facts.slugs.items() if each in among]
        elsewhere = " under this condition" if now and made in known else ""
        self.fault(part, keys, f'no {WORDS[topic]} "{name}"{elsewhere}{did_you_mean(name, slugs)}')
        return made

    def standing(self, topic: str) -> Set[str]:
        """Visible ids of the items of a topic that are there under the condition."""
        if topic not in self._standing:
            there = self.there(topic)
            self._standing[topic] = {self.facts.slugs[slug]: None for item in there for slug in slugs_of(item)}
        return self._standing[topic].keys()

    def thing(self, part: Part, keys: Keys, name: str) -> str:
        """What a list of concerns may name: an item, a setting, an account or an address."""
        if name.startswith("@") and "@" not in name[1:]:
            return self.item(part, keys, name)
        settings = [each.id for each in self.parts.settings]
        known = (*self.authored_people(), *settings)
        if name != "agent" and name not in known and name not in self.facts.people and "@" not in name:
            self.fault(part, keys, f'nothing is called "{name}"{did_you_mean(name, known)}')
        return self.facts.agent if name == "agent" else name

    def setting(self, part: Part, keys: Keys, name: str, value: str = "", key: str = "is") -> None:
        """A setting that exists, and can have that value."""
        setting = self.facts.settings.get(name)
        if setting is None:
            self.fault(part, keys, f'no setting "{name}"{did_you_mean(name, self.facts.settings)}')
        elif value and value not in setting.options:
            told = did_you_mean(value, setting.options)
            self.fault(part, keys, f'{key}: setting "{name}" cannot be "{value}"{told}')

    def register(self, part: Part, keys: Keys, name: str) -> str:
        """A register that exists."""
        if name not in self.facts.registers:
            self.fault(part, keys, f'no register "{name}"{did_you_mean(name, self.facts.registers)}')
        return name

    def field(self, part: Part, keys: Keys, record: str, name: str) -> None:
        """A field that the record has, if it is there under this condition."""
        found = self.facts.records.get(self.facts.slugs.get(record.removeprefix("@"), ""))
        if found and name not in found.fields:
            self.fault(part, keys, f'record "{record}" has no field "{name}"{did_you_mean(name, found.fields)}')

    def channel(self, part: Part, keys: Keys, name: str) -> str:
        """A channel that exists, without its leading `#`."""
        bare = name.removeprefix("#")
        if bare not in self.facts.channels:
            self.fault(part, keys, f'no channel "{bare}"{did_you_mean(bare, self.facts.channels)}')
        return bare

    def listed(self, part: Part, keys: Keys, name: str, topic: str) -> str:
        """The name of an item that has no visible id, of a topic; it must be there under this condition."""
        known = [each.id for each in self.there(topic)]
        if name and name not in known:
            self.fault(part, keys, f'no {WORDS[topic]} "{name}"{did_you_mean(name, known)}')
        return name

    def tool(self, part: Part, keys: Keys, name: str) -> str:
        """A tool that exists."""
        if name not in TOOLS:
            self.fault(part, keys, f'no tool "{name}"{did_you_mean(name, TOOLS)}')
        return name

    def recipient(self, part: Part, keys: Keys, name: str) -> None:
        """An account, a mailing list or an address."""
        if name != "agent" and name not in self.facts.lists and name not in self.facts.people and "@" not in name:
            known = (*self.authored_people(), *self.facts.lists)
            self.fault(part, keys, f'no person "{name}"{did_you_mean(name, known)}')


WORDS = {
    "": "item", "mail": "mail", "documents": "document", "tickets": "ticket", "calendar": "meeting",
    "records": "record", "rules": "rule", "routes": "route", "sensors": "sensor", "alarms": "alarm",
    "servers": "server", "controls": "control", "secrets": "secret",
    "models": "artefact", "deployments": "deployment", "orders": "work order", "jobs": "job", "prompts": "prompt",
}  # fmt: skip


def fault_line(part: Part, keys: Keys, text: str) -> str:
    """`file:line: key: what is wrong`."""
    way = several(keys)
    name = ".".join(str(key) for key in way if not isinstance(key, int))
    return f"{part.place(*way)}: {name}: {text}"
