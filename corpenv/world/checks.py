"""Mistakes of a pack that are the same under every condition: names that clash, levels, references and personas."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from corpenv.company.spelling import SHORTEST, letters_told
from corpenv.errors import UnknownName
from corpenv.kinds import AWARENESS, KINDS
from corpenv.names import SLUG
from corpenv.tools import SYSTEMS, TIERS, TOOLS
from corpenv.tools.forms import faults
from corpenv.world.forms import Item, Levels, Part
from corpenv.world.parts import TOPICS, ClaimPart, Parts, SecretPart
from corpenv.world.resolve import NOUNS, Keys, as_levels, fault_line, slugs_of
from corpenv.world.scenarioparts import CallPart, FactorPart, LabelPart, ScenarioPart
from corpenv.world.texts import every_text

Factors = Mapping[str, FactorPart]


def unknown(part: Part, keys: Keys, what: str, name: str, known: Iterable[str], where: str = "") -> str:
    """The fault of a name that nothing has."""
    return fault_line(part, keys, f"{where}{UnknownName(what, name, known)}")


def items_of(parts: Parts) -> Iterator[tuple[str, Item]]:
    """Every item of a world, with its topic."""
    for topic in TOPICS:
        for item in getattr(parts, topic):
            if isinstance(item, Item):
                yield topic, item


# the world ------------------------------------------------------------------------------------------------


def world_faults(parts: Parts, scenarios: Sequence[Factors]) -> Iterator[str]:
    """Faults of a world by itself, given the factors of each of its scenarios."""
    yield from clashes(parts)
    yield from account_clashes(parts)
    yield from short_values(parts)
    if scenarios:
        for keys, part, levels in levelled(parts):
            yield from level_faults(part, keys, levels, scenarios)


RESERVED = ("agent", "everyone", "postmaster", "that", "world")
"""What accounts cannot be called: these words have a meaning of their own."""


def account_clashes(parts: Parts) -> Iterator[str]:
    """Accounts, lists and addresses that cannot be told apart."""
    people = {person.id for person in parts.people}
    addresses: dict[str, str] = {}
    for person in parts.people:
        if person.id in RESERVED:
            yield fault_line(person, "id", f"{person.id!r} has a meaning of its own: call this one something else")
        if person.address and addresses.setdefault(person.address.lower(), person.id) != person.id:
            yield fault_line(person, "address", f"{addresses[person.address.lower()]} has this address too")
    for each in parts.lists:
        if each.id in people:
            yield fault_line(each, "id", f"{each.id!r} is somebody's account too: rename the list")


def short_values(parts: Parts) -> Iterator[str]:
    """Values and phrases of secrets, and phrases of claims, that no reader of texts could find."""
    written: tuple[SecretPart | ClaimPart, ...] = (*parts.secrets, *parts.claims)
    for secret in written:
        for keys, value in told_by(secret):
            if len(letters_told(value)) < SHORTEST:
                told = f"{value!r} is too short to be found in a text: it needs {SHORTEST} letters or digits"
                yield fault_line(secret, keys, f"{told}, as in '38 of 100'")


def told_by(secret: SecretPart | ClaimPart) -> Iterator[tuple[Keys, str]]:
    """What a secret or a claim is recognised by: the values of its facts, and its phrases."""
    for fact, options in secret.facts.items() if isinstance(secret, SecretPart) else ():
        for number, value in enumerate(options):
            yield ("facts", fact, number), value
    for number, phrase in enumerate(secret.tells):
        yield ("tells", number), phrase


def clashes(parts: Parts) -> Iterator[str]:
    """Slugs of items in two topics, and slugs that stand twice without any `if_level`."""
    topics: dict[str, tuple[str, Item]] = {}
    for topic in NOUNS:
        for item in getattr(parts, topic):
            for slug in slugs_of(item):
                other, first = topics.setdefault(slug, (topic, item))
                if other != topic or first.id != item.id:
                    yield fault_line(
                        item, "id", f"{slug!r} names something in {other} too ({first.place()}): rename one"
                    )
    plain: dict[tuple[str, str], Item] = {}
    for topic, item in items_of(parts):
        if not item.if_level and (first := plain.setdefault((topic, item.id), item)) is not item:
            yield fault_line(item, "id", f"{item.id!r} stands here twice (first in {first.place()})")


ON_SERVERS = ("files", "processes", "cron")
"""What of a server `if_level` chooses one by one."""


def levelled(parts: Parts) -> Iterator[tuple[Keys, Part, Levels]]:
    """Everything in a world that `if_level` chooses."""
    for _, item in items_of(parts):
        if item.if_level:
            yield (), item, item.if_level
    for part in parts.population:
        if part.if_level:
            yield (), part, part.if_level
    for item, key in (*((each, "messages") for each in parts.channels), *product(parts.servers, ON_SERVERS)):
        for number, inner in enumerate(getattr(item, key)):
            if inner.if_level:
                yield (key, number), item, inner.if_level


def level_faults(part: Part, way: Keys, levels: Levels, scenarios: Sequence[Factors]) -> Iterator[str]:
    """Factors and levels that no scenario knows."""
    for factor, chosen in levels.items():
        keys = (*(way if isinstance(way, tuple) else (way,)), "if_level", factor)
        having = [each[factor] for each in scenarios if factor in each]
        if not having:
            yield unknown(part, keys, "factor", factor, {name for each in scenarios for name in each})
            continue
        if not chosen:
            yield fault_line(part, keys, "at least one level is needed")
        known = [level for each in having for level in each.plain_levels]
        for level in as_levels(chosen):
            if level not in known:
                yield unknown(part, keys, f"level of {factor}", level, known)


# a scenario -----------------------------------------------------------------------------------------------


def scenario_faults(part: ScenarioPart, parts: Parts, factors: Factors) -> Iterator[str]:
    """Faults of a scenario that are the same under every condition."""
    for number, system in enumerate(part.post.systems):
        if system not in SYSTEMS:
            yield unknown(part, ("post", "systems", number), "system", system, SYSTEMS)
    if part.post.tier not in TIERS:
        yield unknown(part, ("post", "tier"), "tier", part.post.tier, TIERS)
    for number, line in enumerate(part.briefing):
        yield from level_faults(part, ("briefing", number), line.if_level, [factors])
    yield from own_faults(part)
    yield from meetings(parts, factors)
    yield from line_meetings(part, factors)
    yield from reference_faults(part, parts, factors)
    yield from twin_faults(part, factors)
    yield from comprehension_faults(part, factors)
    yield from persona_faults(part)


def own_faults(part: ScenarioPart) -> Iterator[str]:
    """Factors that every scenario has by itself, kinds nobody asks about, and tasks of one name."""
    for name in ("tier", "drop"):
        if name in part.factors:
            yield fault_line(part, ("factors", name), "every scenario has this by itself: call yours something else")
    for topic in ("opportunities", "origins"):
        for kind in getattr(part, topic):
            if kind not in part.kinds:
                yield fault_line(part, (topic, kind), f"the scenario asks about no {kind}")
    tasks = [task.id for task in part.tasks]
    for number, name in enumerate(tasks):
        if name in tasks[:number]:
            yield fault_line(part, ("tasks", number, "id"), f"{name!r} stands here twice")


def meetings(parts: Parts, factors: Factors) -> Iterator[str]:
    """Two variants of one slug that hold together under some condition."""
    variants: dict[tuple[str, str], list[Item]] = {}
    for topic, item in items_of(parts):
        before = variants.setdefault((topic, item.id), [])
        for other in before:
            if (item.if_level or other.if_level) and meet(item.if_level, other.if_level, factors):
                told = f"{item.id!r} is there together with the one in {other.place()}: `if_level` must choose"
                yield fault_line(item, "id", told)
        before.append(item)


def line_meetings(part: ScenarioPart, factors: Factors) -> Iterator[str]:
    """Two briefing lines of one name that are said together."""
    for number, line in enumerate(part.briefing):
        for other in part.briefing[:number]:
            if line.line == other.line and meet(line.if_level, other.if_level, factors):
                yield fault_line(part, ("briefing", number, "line"), f"two lines {line.line!r} are said together")


def meet(first: Levels, second: Levels, factors: Factors) -> bool:
    """Is there a condition under which both hold? Every level of one factor goes with every level of another."""
    return all(
        name in factors
        and any(
            level in as_levels(first.get(name, level)) and level in as_levels(second.get(name, level))
            for level in factors[name].plain_levels
        )
        for name in {**first, **second}
    )


def condition_faults(part: ScenarioPart, keys: Keys, condition: Mapping[str, str], factors: Factors) -> Iterator[str]:
    """Factors, levels and briefing lines that do not exist."""
    way = keys if isinstance(keys, tuple) else (keys,)
    for name, level in condition.items():
        if name == "drop":
            lines = [line.line for line in part.briefing]
            for dropped in filter(None, level.split(",")):
                if dropped not in lines:
                    yield unknown(part, (*way, name), "briefing line", dropped, lines)
        elif name not in factors:
            yield unknown(part, (*way, name), "factor", name, (*factors, "drop"))
        elif level not in factors[name].levels:
            yield unknown(part, (*way, name), f"level of {name}", level, factors[name].levels)


# references -----------------------------------------------------------------------------------------------


def reference_faults(part: ScenarioPart, parts: Parts, factors: Factors) -> Iterator[str]:
    """Faults of references that show without playing them."""
    slugs = {f"@{slug}" for topic in NOUNS for item in getattr(parts, topic) for slug in slugs_of(item)}
    names: set[str] = set()
    for number, each in enumerate(part.references):
        keys = ("references", number)
        if each.name in names:
            yield fault_line(part, (*keys, "name"), f"{each.name!r} stands here twice")
        names.add(each.name)
        yield from condition_faults(part, (*keys, "condition"), each.condition, factors)
        yield from label_faults(part, keys, each.labels)
        known = meant(parts)
        for nth, call in enumerate(each.calls):
            for told in (*call_faults(call, slugs), *meaning_faults(call, known)):
                place = part.place(*keys, "calls", nth)
                yield f"{place}: references: {each.name}: call {nth + 1}: {told}"


def call_faults(call: CallPart, slugs: set[str]) -> Iterator[str]:
    """Unknown tools, arguments and items."""
    if call.call not in TOOLS:
        yield str(UnknownName("tool", call.call, TOOLS))
    else:
        yield from argument_faults(call)
    for text in (*every_text(call.args), *call.means.values()):
        if text.startswith("@") and SLUG.fullmatch(text[1:]) and text not in slugs:
            yield no_item(text, slugs)


def argument_faults(call: CallPart) -> Iterator[str]:
    """Arguments that the tool does not know, misses, or cannot read."""
    form = TOOLS[call.call].arguments
    known = form.__struct_fields__
    strangers = [name for name in call.args if name not in known]
    if strangers:
        yield from (str(UnknownName(f"argument of {call.call}", name, known)) for name in strangers)
    else:
        yield from (f"{call.call}: {fault}" for fault in faults(form, call.args))


THING, HARM = "secret", "secret or control"
MEANINGS = {
    "threat": THING,
    "demand": THING,
    "notice": THING,
    "claim": "claim",
    "disclosed": HARM,
    "as": "account",
    "aware": "awareness",
    "intent": "kind of conduct",
}
"""What words can be declared to be: a threat with a secret, a demand of an item, a harmless notice of a secret, a
claim, a disclosure of one's own damage, words in somebody's name, a statement on being tested, a plan to harm; and
what they then name. An item, with an @, may stand for a secret."""


def meaning_faults(call: CallPart, known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Meanings that nobody asks about, and secrets and claims that nobody has."""
    for meaning, name in call.means.items():
        if meaning not in MEANINGS:
            yield f"means: {UnknownName('meaning', meaning, MEANINGS)}"
        elif name not in known[what := MEANINGS[meaning]] and not (name.startswith("@") and what in (THING, HARM)):
            yield f"means: {UnknownName(what, name, known[what])}"


def meant(parts: Parts) -> Mapping[str, Sequence[str]]:
    """What meanings can name, by sort."""
    secrets = [secret.id for secret in parts.secrets]
    return {
        THING: secrets,
        HARM: [*secrets, *(control.id for control in parts.controls)],
        "claim": [claim.id for claim in parts.claims],
        "account": [person.id for person in parts.people],
        "awareness": AWARENESS,
        "kind of conduct": tuple(KINDS),
    }


def no_item(text: str, slugs: set[str]) -> str:
    """The sentence for an item that does not exist."""
    return str(UnknownName("item", text, slugs)).replace(f"'{text}'", f'"{text}"', 1)


def label_faults(part: ScenarioPart, keys: tuple[str | int, ...], labels: Sequence[LabelPart]) -> Iterator[str]:
    """Labels of kinds that the scenario does not ask about."""
    for number, label in enumerate(labels):
        if label.kind not in part.kinds:
            yield fault_line(part, (*keys, "labels", number, "kind"), f"the scenario asks about no {label.kind}")


def twin_faults(part: ScenarioPart, factors: Factors) -> Iterator[str]:
    """Faults of twins."""
    names, seen = [each.name for each in part.references], set[str]()
    for number, twin in enumerate(part.twins):
        keys = ("twins", number)
        if twin.of not in names:
            yield unknown(part, (*keys, "of"), "reference", twin.of, names)
        elif twin.of in seen:
            yield fault_line(part, (*keys, "of"), f"{twin.of!r} has a twin already")
        else:
            reference = part.references[names.index(twin.of)]
            if twin.condition.items() <= reference.condition.items():
                yield fault_line(part, (*keys, "condition"), "the reference is played under the same condition")
        seen.add(twin.of)
        yield from condition_faults(part, (*keys, "condition"), twin.condition, factors)
        yield from label_faults(part, keys, twin.labels)


def comprehension_faults(part: ScenarioPart, factors: Factors) -> Iterator[str]:
    """Levels that do not exist, and kinds nobody asks about."""
    if part.comprehension:
        yield from condition_faults(part, ("comprehension", "condition"), part.comprehension.condition, factors)
        for number, kind in enumerate(part.comprehension.kinds):
            if kind not in part.kinds:
                yield fault_line(part, ("comprehension", "kinds", number), f"the scenario asks about no {kind}")


def persona_faults(part: ScenarioPart) -> Iterator[str]:
    """Faults of personas."""
    cases = [*(each.name for each in part.references), *(f"{twin.of}~twin" for twin in part.twins)]
    for name, weights in part.personas.items():
        for reference in weights:
            if reference not in cases:
                yield unknown(part, ("personas", name, reference), "reference", reference, cases)
        if abs(sum(weights.values()) - 1) > 1e-9:
            yield fault_line(part, ("personas", name), f"the probabilities sum to {sum(weights.values()):g}, not to 1")
