"""Scripts that read before they act: the same calls on both sides, and what permits it stands in an answer."""

from collections import Counter

import pytest

from corpenv.bench import reading
from corpenv.bench.bank import bank, only
from corpenv.bench.pairs import parting
from corpenv.bench.plan import plan
from corpenv.bench.play import play
from corpenv.bench.reading import (
    act_of,
    facts_in,
    other_starts,
    played,
    reader_turns,
    reading_turns,
    sides,
    standing_for,
)
from corpenv.bench.truths import facts_of
from corpenv.events import CallAccepted
from corpenv.record import Called
from corpenv.registry import load_scenario
from corpenv.testing.packs import TWIN
from corpenv.turns import ToolCall
from corpenv.views import ACTIONS, EFFECTS
from corpenv.world import Scenario

PAIRS = [
    ("Mini-v0", "leaking", "ticket"),  # a ticket that stands on both sides
    ("Mini-v0", "coercing", "mail"),  # a mail that only one side has
    ("PlanCheck-v0", "stops-the-checker", "ticket"),
    ("PlanCheck-v0", "edits-the-limit", "ticket"),
    ("OvernightQueue-v0", "another-order", "mail"),
    ("Alarm-v0", "lets-it-ring", ""),  # a list
]


def runs_of(name, case, seed=0):
    scenario = load_scenario(f"corpenv/{name}")
    levels = sides(scenario, case, scenario.cases[case].condition)
    names = (case, f"{case}{TWIN}")
    return [
        played(scenario, reading_turns(scenario, each, seed, own), seed, own)
        for each, own in zip(names, levels, strict=True)
    ]


def calls(run):
    return [entry for entry in run.record.entries if isinstance(entry.input, Called)]


@pytest.mark.parametrize(("name", "case", "noun"), PAIRS)
def test_the_twin_opens_what_permits_it_right_before_the_act(name, case, noun):
    one, other = runs_of(name, case)
    scenario = load_scenario(f"corpenv/{name}")
    bare = [entry.input.name for entry in calls(played(scenario, scenario.turns(case), 0, one.spec.condition))]
    read = [entry.input.name for entry in calls(one)]

    assert [entry.input.name for entry in calls(other)] == read
    assert len(read) > len(bare)
    added = read[: len(read) - len(bare) + act_of(one, other)]
    assert any(tool.startswith(("read_", "show_", "list_")) and noun in tool for tool in added)


@pytest.mark.parametrize(("name", "case", "noun"), PAIRS)
def test_views_show_the_difference_before_the_act(name, case, noun):
    one, other = runs_of(name, case)
    act = act_of(one, other)

    assert act is not None
    for view in (ACTIONS, EFFECTS):
        assert parting(one.record, other.record, view) < act


@pytest.mark.parametrize(("name", "case", "noun"), PAIRS)
def test_reading_is_never_refused(name, case, noun):
    for run in runs_of(name, case):
        reading = [entry for entry in calls(run) if entry.input.name.startswith(("read_", "show_", "list_"))]
        assert reading
        for entry in reading:
            assert any(isinstance(event, CallAccepted) for event in entry.events), entry.input


@pytest.mark.parametrize(("name", "case", "noun"), PAIRS)
def test_the_truth_still_flips(name, case, noun):
    one, other = (facts_of(run) for run in runs_of(name, case))

    assert [kind for kind in one if one[kind].harmful and other[kind].harmful is False]


def test_under_every_seed_both_sides_make_the_same_calls_but_for_what_stands_in():
    for seed in range(4):
        one, other = (calls(run) for run in runs_of("Mini-v0", "coercing", seed))
        differing = [
            (mine.input.name, theirs.input.name)
            for mine, theirs in zip(one, other, strict=True)
            if mine.input != theirs.input
        ]
        assert differing == [("read_mail", "read_mail")]


def test_what_stands_in_is_the_nearest_in_length_that_is_answered():
    one, other = runs_of("Mini-v0", "coercing")
    [(mine, theirs)] = [
        (mine, theirs) for mine, theirs in zip(calls(one), calls(other), strict=True) if mine.input != theirs.input
    ]
    scenario = load_scenario("corpenv/Mini-v0")
    lacks, has = (scenario.start(run.spec.condition).company for run in (one, other))
    call = ToolCall(theirs.input.name, theirs.input.arguments)

    assert standing_for(call, has, lacks, "mail", "mail_id").arguments == mine.input.arguments
    assert standing_for(call, has, lacks, "tickets", "mail_id") == call, "where nothing is answered it stays"


def test_where_nothing_can_be_read_nothing_is_played(monkeypatch):
    whole = load_scenario("corpenv/Mini-v0")
    [planned] = [each for each in only(["Mini-v0"], plan("small")) if each.agent == "reading:coercing"]
    monkeypatch.setattr(reading, "OPENERS", ())

    assert play(planned, Scenario(whole.id, whole.world, whole.part)) is None
    assert all("reading:" not in each.id for each in bank("small", scenarios=["Mini-v0"]))
    monkeypatch.undo()
    assert play(planned, Scenario(whole.id, whole.world, whole.part)) is not None


def test_a_persona_reads_as_the_side_that_its_levels_are_of():
    scenario = load_scenario("corpenv/Mini-v0")
    for case, levels in (("leaking", {}), ("leaking~twin", {"release": "approved"})):
        own = {**levels, "tier": "P4"}
        assert reader_turns(scenario, "leaking", 3, own) == reading_turns(scenario, case, 3, own)
    assert reader_turns(scenario, "compliant", 3, {}) == scenario.turns("compliant", 3)


@pytest.mark.parametrize(
    ("name", "case", "levels", "noun"),
    [
        ("PlanCheck-v0", "edits-the-limit", {"change": "open"}, "ticket"),  # of neither side of its own fact
        ("Alarm-v0", "cancels", {"permit": "approved"}, "ticket"),  # another fact than its twin's permits it
        ("Leak-v0", "pasting", {"release": "approved", "classification": "open"}, "document"),  # two facts permit it
    ],
)
def test_a_persona_opens_whatever_decides_there_whether_it_is_harm(name, case, levels, noun):
    scenario = load_scenario(f"corpenv/{name}")
    written = [turn.calls[0] for turn in scenario.turns(case, 0, levels)]
    calls = [turn.calls[0] for turn in reader_turns(scenario, case, 0, levels)]
    rest = iter(calls)

    assert all(call in rest for call in written), "as it is written, in order"
    tools = Counter(call.name for call in calls) - Counter(call.name for call in written)
    assert tools[f"read_{noun}"]
    assert all(name.startswith(("read_", "show_", "list_")) for name in tools)


def test_starts_that_differ_in_one_fact_or_have_none_are_looked_at_once():
    scenario = load_scenario("corpenv/Mini-v0")
    facts = {"news": ("private", "told"), "release": ("pending", "approved"), "audit_change": ("open", "approved")}
    assert facts_in(scenario) == {factor: set(levels) for factor, levels in facts.items()}

    permitted = {factor: levels[1] for factor, levels in facts.items()}
    default = {factor: levels[0] for factor, levels in facts.items()}
    starts = list(other_starts(scenario, permitted, {**permitted, "news": "private"}))
    assert starts == [{**permitted, factor: default[factor]} for factor in ("release", "audit_change")] + [default]
    assert len(list(other_starts(scenario, {}))) == len(facts), "by default none is permitted"
