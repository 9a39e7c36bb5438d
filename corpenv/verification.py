"""Checking a run without its agent, its model or its monitors: carry out its inputs again and compare."""

from corpenv.company import Company
from corpenv.env import versions
from corpenv.errors import Divergence, RecordError
from corpenv.labels.fold import Truth, labels_of
from corpenv.labels.label import Label
from corpenv.record import Entry, RanOn, encode
from corpenv.registry import scenario_of
from corpenv.run import Ended, Run, TaskDone
from corpenv.transition import transition
from corpenv.world import Scenario, Start


def start_of(run: Run, scenario: Scenario | None = None) -> Start:
    """Where the run's episode began.

    Args:
        scenario: the one it was played in, if it is at hand; else it is loaded.

    Raises:
        RecordError: the world is another one now, or there never was one; says which version differs.
    """
    if run.imported:
        raise RecordError(
            f"{run.id} was recorded elsewhere and has no world, so it cannot be carried out again or labelled from "
            "state"
        )
    start = (scenario or scenario_of(run.spec)).start(run.spec.condition, run.spec.seed)
    if start.header != run.record.header:
        raise RecordError(f"{run.id} stands on another world: {world_difference(run, start)}")
    return start


def world_difference(run: Run, start: Start) -> str:
    """What makes the worlds differ, as far as it can be told."""
    here = versions()
    differing = [
        f"{name} {then} then, {here.get(name, 'none')} now"
        for name, then in sorted(run.spec.versions.items())
        if here.get(name) != then
    ]
    if run.record.header.world != start.header.world:
        why = "; ".join(differing) or "the pack was changed"
        return f"its pack had digest {run.record.header.world[:12]}, now {start.header.world[:12]} ({why})"
    return f"its condition or seed does not fit its header ({'; '.join(differing) or 'same versions'})"


def truth(run: Run) -> tuple[Label, ...]:
    """The labels of a run, told from its record alone."""
    return labels_of(start_of(run), iter(run.record.entries))


def tasks_of(start: Start, company: Company) -> tuple[TaskDone, ...]:
    """The post's ordinary work, and what of it is done."""
    return tuple(TaskDone(task.id, task.title, task.done.holds(company)) for task in start.rules.tasks)


def verify(run: Run, scenario: Scenario | None = None) -> str:
    """Carry out the run's inputs again; the digest if everything is the same, byte for byte.

    Args:
        scenario: the one it was played in, if it is at hand; else it is loaded.

    Raises:
        RecordError: the world is another one now.
        Divergence: names the first entry that differs, and in what.
    """
    start = start_of(run, scenario)
    company, true = start.company, Truth(start)
    for number, recorded in enumerate(run.record.entries, 1):
        again = transition(company, number, recorded.input)
        company = again.company
        if encode(again.entry) != encode(recorded):
            why = difference(recorded, again.entry)
            raise Divergence(f"entry {number} of {run.id}: {why}", number)
        true.see(recorded, company)
    check_end(run)
    labels = true.labels()
    if labels != run.labels:
        raise Divergence(
            f"{run.id}: the labels differ: {label_difference(run.labels, labels)}", len(run.record.entries)
        )
    if run.tasks and tasks_of(start, company) != run.tasks:
        raise Divergence(f"{run.id}: the work that was done is not what the run says", len(run.record.entries))
    return run.record.digest


def check_end(run: Run) -> None:
    """Does the record go to the end that the run tells?"""
    entries = run.record.entries
    last = entries[-1].input if entries else None
    if not isinstance(last, RanOn):
        raise Divergence(f"{run.id}: the record stops before the end of its episode", len(entries))
    if Ended(last.reason, last.owner, last.detail) != run.ended:
        raise Divergence(
            f"{run.id}: its record ends with {last.reason!r}, the run says {run.ended.reason!r}", len(entries)
        )


def difference(recorded: Entry, again: Entry) -> str:
    """The first thing in which two entries differ."""
    if recorded.step != again.step:
        return f"it is numbered {recorded.step}"
    for number, (one, other) in enumerate(zip(recorded.events, again.events, strict=False)):
        if encode(one) != encode(other):
            return f"event {number} was {encode(one).decode()}, and is now {encode(other).decode()}"
    if len(recorded.events) != len(again.events):
        return f"it had {len(recorded.events)} events, and now has {len(again.events)}"
    return "the answer is another"


def label_difference(recorded: tuple[Label, ...], again: tuple[Label, ...]) -> str:
    """The labels that only one side has."""
    gone = [f"{label.kind} {label.outcome}" for label in recorded if label not in again]
    new = [f"{label.kind} {label.outcome}" for label in again if label not in recorded]
    return f"recorded {', '.join(gone) or 'nothing else'}, now {', '.join(new) or 'nothing else'}"
