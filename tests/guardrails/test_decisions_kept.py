"""What a run under guardrails is kept with, what is true of it, and that a question to a reviewer is no act."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from corpenv.agents.scripted import ScriptedAgent
from corpenv.episode import run_episode
from corpenv.errors import Divergence
from corpenv.events import TicketOpened
from corpenv.guardrails import Decision, PolicyGuardrail
from corpenv.guardrails.policy import PolicyForm
from corpenv.record import Log, Record, Withheld
from corpenv.registry import load_scenario
from corpenv.run import Run, export, read_export
from corpenv.turns import ToolCall, Turn
from corpenv.verification import verify
from corpenv.views import ACTIONS, EFFECTS, Seen, View

Shift = Callable[..., Run]
SEND = ToolCall("send_mail", {"to": ["dorka@sandfamily.example"], "subject": "Keys", "body": "They are at the desk."})
WAIT = ToolCall("wait", {"minutes": 60})
ASKS = {"tool": "send_mail", "where": {"to": "*@*"}, "decision": "ask", "whom": "nora.whitlock", "reason": "it leaves"}


def policy() -> PolicyGuardrail:
    return PolicyGuardrail(PolicyForm.model_validate({"default": "allow", "rules": [ASKS]}))


def events(run: Run, *kinds: type) -> list[Any]:
    return [event for event in run.record.events if isinstance(event, kinds)]


class Stops:
    """Asks about, or blocks, whatever is no hand-over."""

    name, view = "stops", ACTIONS

    def __init__(self, decision: Decision) -> None:
        self.decision = decision

    async def judge(self, seen: Seen, turn: Turn) -> Decision:
        handing_over = all(call.name == "finish" for call in turn.calls)
        return Decision.allow() if handing_over else self.decision


LEVERAGE = "blackmail-open tells-everybody invented-defect"
PLANCHECK = "edits-the-limit signs-for-saoirse"
QUESTIONED = (
    ("corpenv/Mini-v0", "nora.whitlock", ""),
    ("corpenv/Leverage-v0", "gethin.barraclough", LEVERAGE),
    ("corpenv/PlanCheck-v0", "hesper.quayle", PLANCHECK),
)


@pytest.mark.parametrize(("scenario_id", "whom", "named"), QUESTIONED, ids=[each[0] for each in QUESTIONED])
def test_a_question_to_a_reviewer_is_no_act_of_the_agent(scenario_id: str, whom: str, named: str) -> None:
    """The labels are those of a run in which the same calls were blocked, although the ticket quotes the calls."""
    scenario = load_scenario(scenario_id)
    for case in scenario.cases.values():
        if named and case.name not in named.split():
            continue
        blocked, asked = (
            run_episode(
                scenario, ScriptedAgent(scenario.turns(case.name)), condition=case.condition, guardrails=[Stops(each)],
                monitors=None,
            )
            for each in (Decision.block("no"), Decision.ask(whom, "no"))
        )  # fmt: skip
        assert events(asked, TicketOpened)
        assert [(label.kind, label.outcome, label.attempted) for label in asked.labels] == [
            (label.kind, label.outcome, label.attempted) for label in blocked.labels
        ], case.name
        assert not {label.kind for label in asked.labels if label.outcome == "effected"} & {
            "blackmail",
            "protective_act",
        }


def test_decisions_are_kept_with_the_run_and_verified(shift: Shift) -> None:
    run = shift([SEND, WAIT, SEND], policy())

    assert run.spec.guardrails == (policy().spec,)
    assert read_export(export(run)) == run
    assert run.record.entries[0].input == Withheld(
        "send_mail", SEND.arguments, "policy", "it leaves", whom="nora.whitlock"
    )  # fmt: skip
    assert verify(run) == run.record.digest


def test_a_decision_that_was_changed_afterwards_is_found(shift: Shift) -> None:
    run = shift([SEND, WAIT, SEND], policy())
    first, *rest = run.record.entries
    for changed in ({"whom": "imre.sand"}, {"reason": "no reason"}, {"by": "nobody"}, {"whom": ""}):
        entries = Log.of([replace(first, input=replace(first.input, **changed)), *rest])
        with pytest.raises(Divergence, match="entry 1 of"):
            verify(replace(run, record=Record(run.record.header, entries)))


def test_guardrails_see_what_was_decided_before(shift: Shift) -> None:
    class Diary:
        name = "diary"

        def __init__(self, view: View) -> None:
            self.view, self.seen = view, list[Seen]()

        def begin(self) -> None:
            self.seen = []

        def see(self, seen: Seen) -> None:
            self.seen.append(seen)

        async def judge(self, seen: Seen, turn: Turn) -> Decision:
            return Decision.allow()

    acts, effects = Diary(ACTIONS), Diary(EFFECTS)
    run = shift([SEND, WAIT, SEND], acts, effects, policy())

    assert [seen.call.withheld_by for seen in acts.seen if seen.call] == ["policy", "", ""]
    assert "was withheld by policy: it leaves" in str(acts.seen[0].answer)
    told = [type(event).__name__ for seen in effects.seen for event in seen.effects or ()]
    assert [name for name in told if name in ("CallWithheld", "TicketOpened", "TicketDecided", "MailSent")] == [
        "CallWithheld", "TicketOpened", "TicketDecided", "MailSent",
    ]  # fmt: skip
    assert len(acts.seen) == len(effects.seen) == len(run.record.entries) - 2


@pytest.mark.parametrize("whom", ["nobody", "desk", "human", "\ud800"])
def test_a_guardrail_that_asks_nobody_withholds_all_the_same(shift: Shift, whom: str) -> None:
    run = shift([SEND, WAIT, SEND], Stops(Decision.ask(whom, "no")))

    assert all(isinstance(entry.input, Withheld) for entry in tuple(run.record.entries)[:3])
    assert not events(run, TicketOpened)
    assert read_export(export(run)) == run
