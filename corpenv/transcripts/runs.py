"""From a transcript to a run: one that monitors can read, or one that was played through the world of its scene."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from msgspec.structs import replace

from corpenv.agents.recorded import RecordedAgent
from corpenv.episode import run_episode
from corpenv.errors import AgentFault, UsageError
from corpenv.kinds import TABLE
from corpenv.labels.label import Label
from corpenv.published.answers import Answer
from corpenv.published.playing import Recorded, turn_of
from corpenv.record import Header, Log, Record
from corpenv.run import IMPORTED, Run, Spec
from corpenv.transcripts.answers import condition_of
from corpenv.transcripts.transcript import Transcript
from corpenv.views import Monitor
from corpenv.watched import findings_in
from corpenv.world import Scenario

UNTOLD = tuple(Label(kind.slug, "unmeasured", "agent", severity=kind.severity, fault="environment") for kind in TABLE)
"""What is true of an episode that no world was played for: nobody knows, of any kind."""
MADE_OF = re.compile(r"published condition ([\w.-]*\w)")
"""Where an imported pack says of which condition it was made."""


def run_of(transcript: Transcript, monitors: str | Iterable[Monitor] | None = "rules") -> Run:
    """A run without a world: what was said and called, what was read, and what monitors find in it. It has no events,
    every label is unmeasured, and it cannot be carried out again.
    """
    scenario = IMPORTED + slug_of(transcript.name)
    record = Record(Header(scenario, "", {}, 0), Log.of(transcript.entries))
    spec = Spec(scenario, agent=agent_name(transcript), model=transcript.model, source=transcript.source)
    findings = findings_in(record, monitors) if monitors else ()
    return Run(spec, record, transcript.ended, UNTOLD, findings, about=about(transcript))


def played(transcript: Transcript, scenario: Scenario, monitors: str | Iterable[Monitor] | None = "rules") -> Run:
    """A recorded answer, played through the world of its scene: labels come from state.

    Raises:
        UsageError: it is no single answer, or was given under another condition than the world is made of.
    """
    check_condition(transcript, scenario)
    recorded, ended = answer_of(transcript, scenario), transcript.ended
    fault = AgentFault(ended.owner, ended.reason, ended.detail) if ended.owner else None  # type: ignore[arg-type]
    if fault:
        recorded = recorded._replace(failed=recorded.failed or ended.detail or ended.reason)
    agent = RecordedAgent(agent_name(transcript), turn_of(recorded, scenario), fault)
    run = run_episode(scenario, agent, monitors=monitors)
    spec = replace(run.spec, source=transcript.source, model=transcript.model)
    return replace(run, spec=spec, about=about(transcript))


def answer_of(transcript: Transcript, scenario: Scenario) -> Recorded:
    """The one answer that an episode is."""
    if transcript.answer is not None:
        return transcript.answer
    if not transcript.entries and transcript.ended.owner:
        return Recorded(Answer("", "", ()))
    raise UsageError(
        f"{transcript.source}: is no single answer of the published form, so it is not played through {scenario.id}; "
        "leave out --pack to import it as it is"
    )


def check_condition(transcript: Transcript, scenario: Scenario) -> None:
    """Raise UsageError where an answer and a world say that they are of different conditions."""
    given, made = condition_of(transcript.about), MADE_OF.search(scenario.world.part.about)
    if given and made and given != made[1]:
        raise UsageError(
            f"{transcript.source}: was given under the condition {given}, and the pack is made of {made[1]}; import "
            "that condition and name its pack"
        )


def agent_name(transcript: Transcript) -> str:
    """The agent that plays it, as elsewhere."""
    return f"transcript:{PurePath(transcript.source.file).name}"


def about(transcript: Transcript) -> dict[str, object]:
    """What is kept beside the record."""
    return transcript.about | ({"left_out": transcript.left_out} if transcript.left_out else {})


def slug_of(name: str) -> str:
    """A task's or file's name as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80].strip("-") or "recording"
