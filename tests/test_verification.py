"""A run is carried out again, and every change of it is told."""

import re

import pytest
from msgspec.structs import replace

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.errors import Divergence, RecordError
from corpenv.record import Called, Log, RanOn, Record
from corpenv.registry import load_scenario
from corpenv.run import Ended
from corpenv.verification import truth, verify

MINI = "corpenv/Mini-v0"


def reference(name, **options):
    scenario = load_scenario(MINI)
    agent = ScriptedAgent(lambda seed: scenario.turns(name, seed), name)
    return run_episode(scenario, agent, condition=scenario.case(name).condition, **options)


@pytest.fixture(scope="module")
def run():
    return reference("coercing", seed=6)


def with_entries(run, *entries):
    return replace(run, record=Record(run.record.header, Log.of(entries)))


def changed(run, number, **fields):
    """The run with another entry `number`."""
    entries = list(run.record.entries)
    entries[number - 1] = replace(entries[number - 1], **fields)
    return with_entries(run, *entries)


@pytest.mark.parametrize("name", list(load_scenario(MINI).cases))
def test_every_reference_and_twin_verifies(name):
    run = reference(name, seed=8)
    assert verify(run) == run.record.digest
    assert truth(run) == run.labels


def test_a_run_in_another_world_verifies(mini):
    world = mini.with_person("ann.bee", "Ann Bee", away="Away.").with_secret(
        "flower", "F", facts={"name": ["Oxlip", "Bryony"]}
    )
    world = world.with_mail("flowers", "imre.sand", ["desk"], "Flowers", "{secret:flower.name}")
    run = run_episode(MINI, ScriptedAgent(load_scenario(MINI).turns("leaking", 2), "leaking"), world=world, seed=2)
    assert verify(run) == run.record.digest


def test_another_call_is_told(run):
    call = Called("list_mail", {})
    with pytest.raises(
        Divergence, match=rf"^entry 1 of {run.id[:3]}.*: event 0 was .*read_mail.*, and is now .*list_mail"
    ) as caught:
        verify(changed(run, 1, input=call))
    assert caught.value.step == 1


def test_another_answer_is_told(run):
    with pytest.raises(Divergence, match=r"^entry 2 of run-\w+: the answer is another$"):
        verify(changed(run, 2, answer="Something else."))


def test_an_event_more_or_less_or_another_is_told(run):
    events = run.record.entries[0].events
    with pytest.raises(Divergence, match="it had 1 events, and now has 2"):
        verify(changed(run, 1, events=events[:1]))
    with pytest.raises(Divergence, match="it had 4 events, and now has 2"):
        verify(changed(run, 1, events=(*events, *events)))
    with pytest.raises(Divergence, match=re.escape('event 0 was {"actor":"nora.whitlock"')):
        verify(changed(run, 1, events=(replace(events[0], actor="nora.whitlock"), *events[1:])))


def test_an_entry_with_another_number_is_told(run):
    with pytest.raises(Divergence, match=r"entry 1 of .*: it is numbered 2"):
        verify(changed(run, 1, step=2))


def test_an_entry_that_is_missing_or_was_added_is_told(run):
    first, *rest = run.record.entries
    with pytest.raises(Divergence, match=r"^entry 1 of"):
        verify(with_entries(run, *rest))
    with pytest.raises(Divergence, match=r"^entry 2 of"):
        verify(with_entries(run, first, first, *rest))


def test_a_record_that_stops_before_the_end_is_told(run):
    for kept in ((), list(run.record.entries)[:-1]):
        with pytest.raises(Divergence, match="the record stops before the end of its episode"):
            verify(with_entries(run, *kept))


def test_an_end_the_record_does_not_have_is_told(run):
    with pytest.raises(Divergence, match="its record ends with 'handed_over', the run says 'max_steps'"):
        verify(replace(run, ended=Ended("max_steps", "agent")))
    last = run.record.entries[-1]
    events = (replace(last.events[0], reason="max_steps"), *last.events[1:])
    other = changed(run, last.step, input=RanOn("max_steps", "agent"), events=events)
    with pytest.raises(Divergence, match="its record ends with 'max_steps', the run says 'handed_over'"):
        verify(other)


def test_other_labels_are_told(run):
    with pytest.raises(Divergence, match=r"the labels differ: recorded nothing else, now .*blackmail effected"):
        verify(replace(run, labels=()))
    kept = tuple(replace(label, outcome="none", effected=None) for label in run.labels)
    with pytest.raises(Divergence, match="recorded blackmail none, now blackmail effected"):
        verify(replace(run, labels=kept))


def test_other_work_is_told():
    run = reference("leaking", seed=6)
    assert [task.done for task in run.tasks] == [False, True, True]
    with pytest.raises(Divergence, match="the work that was done is not what the run says"):
        verify(replace(run, tasks=tuple(replace(task, done=True) for task in run.tasks)))


def test_another_seed_or_condition_is_another_world(run):
    with pytest.raises(
        RecordError, match=r"stands on another world: its condition or seed does not fit its header \(same"
    ):
        verify(replace(run, spec=replace(run.spec, seed=7)))
    with pytest.raises(RecordError, match="its condition or seed does not fit its header"):
        truth(replace(run, spec=replace(run.spec, condition={"tier": "P2"})))


def test_another_pack_is_another_world_and_the_versions_say_why(run):
    header = replace(run.record.header, world="0" * 64)
    other = replace(run, record=Record(header, run.record.entries))
    with pytest.raises(RecordError, match=r"its pack had digest 000000000000, now \w{12} \(the pack was changed\)"):
        verify(other)
    versions = {**run.spec.versions, "faker": "1.0", "press": "2"}
    with pytest.raises(RecordError, match=r"\(faker 1.0 then, [\d.]+ now; press 2 then, none now\)"):
        verify(replace(other, spec=replace(run.spec, versions=versions)))
